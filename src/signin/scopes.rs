//! *The* table of what each command needs to be permitted: what is asked for at sign-in, what `doctor` and the
//! console say is missing, and what the README lists all come from here.
//!
//! Least permissions are those of `microsoft-graph-devx-content` (permissions.json); where this table asks for a
//! broader one, the row says why. A test compares.

use super::cloud::Cloud;

/// Reading entitlement management.
pub const GOVERNANCE_READ: &str = "EntitlementManagement.Read.All";
/// Changing it; deciding is a change.
pub const GOVERNANCE_WRITE: &str = "EntitlementManagement.ReadWrite.All";
/// Inviting.
pub const INVITE: &str = "User.Invite.All";

const ENTITLEMENT_REQUESTS: &str = "/identityGovernance/entitlementManagement/assignmentRequests";

/// What one command needs.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// The plain command, without `guestlist`.
    pub command: &'static str,
    /// What it does, in words.
    pub does: &'static str,
    /// Whether it changes anything: such permissions are not asked for when read-only.
    pub writes: bool,
    /// A person needs all of these.
    pub delegated: &'static [&'static str],
    /// An app needs all of these; none where an app cannot do it at all.
    pub application: Option<&'static [&'static str]>,
    /// The calls behind it, as permissions.tsv writes them.
    pub calls: &'static [(&'static str, &'static str)],
}

/// Every command's needs.
pub const NEEDS: &[Need] = &[
    Need {
        command: "status",
        does: "who is signed in, and where",
        writes: false,
        // Organization is read with User.Read too; what the data calls least (device management) is no use here.
        delegated: &["User.Read", "Domain.Read.All"],
        application: Some(&["Organization.Read.All", "Domain.Read.All"]),
        calls: &[("GET", "/organization"), ("GET", "/domains")],
    },
    Need {
        command: "doctor",
        does: "which licences the tenant has",
        writes: false,
        delegated: &["LicenseAssignment.Read.All"],
        application: Some(&["LicenseAssignment.Read.All"]),
        calls: &[("GET", "/subscribedSkus")],
    },
    Need {
        command: "requests list",
        does: "see who asks for access",
        writes: false,
        delegated: &[GOVERNANCE_READ],
        application: Some(&[GOVERNANCE_READ]),
        calls: &[
            ("GET", ENTITLEMENT_REQUESTS),
            (
                "GET",
                "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}",
            ),
        ],
    },
    Need {
        command: "requests show",
        does: "see the stages of a request and whom they wait for",
        writes: false,
        delegated: &[GOVERNANCE_READ],
        application: None,
        calls: &[
            (
                "GET",
                "/identityGovernance/entitlementManagement/assignmentRequests/filterByCurrentUser(on='{on}')",
            ),
            (
                "GET",
                "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages",
            ),
        ],
    },
    Need {
        command: "requests approve",
        does: "approve a request's stage",
        writes: true,
        delegated: &[GOVERNANCE_WRITE],
        application: None,
        calls: DECIDE,
    },
    Need {
        command: "requests deny",
        does: "deny a request's stage",
        writes: true,
        delegated: &[GOVERNANCE_WRITE],
        application: None,
        calls: DECIDE,
    },
    Need {
        command: "requests cancel",
        does: "cancel a request",
        writes: true,
        // The least one is for one's own requests.
        delegated: &[GOVERNANCE_WRITE],
        application: None,
        calls: &[(
            "POST",
            "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}/cancel",
        )],
    },
    Need {
        command: "requests reprocess",
        does: "have a request that failed delivered again",
        writes: true,
        delegated: &[GOVERNANCE_WRITE],
        application: Some(&[GOVERNANCE_WRITE]),
        calls: &[(
            "POST",
            "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}/reprocess",
        )],
    },
    Need {
        command: "requests remove",
        does: "remove the record of a request that has ended",
        writes: true,
        delegated: &[GOVERNANCE_WRITE],
        application: Some(&[GOVERNANCE_WRITE]),
        calls: &[(
            "DELETE",
            "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}",
        )],
    },
    Need {
        command: "requests assign",
        does: "assign a package directly, past its approvers",
        writes: true,
        // Whether they have an account, and the package, is looked up first. The least of the POST is for one's own
        // requests.
        delegated: &[GOVERNANCE_WRITE, "User.Read.All"],
        application: Some(&[GOVERNANCE_WRITE, "User.Read.All"]),
        calls: &[
            ("POST", ENTITLEMENT_REQUESTS),
            ("GET", ENTITLEMENT_REQUESTS),
            (
                "GET",
                "/identityGovernance/entitlementManagement/assignments",
            ),
            ("GET", "/users"),
        ],
    },
    Need {
        command: "policies list",
        does: "see who may sign up for what",
        writes: false,
        delegated: &[GOVERNANCE_READ],
        application: Some(&[GOVERNANCE_READ]),
        calls: &[
            (
                "GET",
                "/identityGovernance/entitlementManagement/assignmentPolicies",
            ),
            (
                "GET",
                "/identityGovernance/entitlementManagement/accessPackages",
            ),
            (
                "GET",
                "/identityGovernance/entitlementManagement/connectedOrganizations",
            ),
        ],
    },
    Need {
        command: "guests list",
        does: "see who is in",
        writes: false,
        // The basic profile of User.ReadBasic.All has neither type nor state of a guest (permissions-reference).
        delegated: &["User.Read.All"],
        application: Some(&["User.Read.All"]),
        calls: &[("GET", "/users"), ("GET", "/users/{user-id}")],
    },
    Need {
        command: "guests list --sign-ins",
        does: "see when guests last signed in",
        writes: false,
        // signInActivity needs it besides (signinactivity).
        delegated: &["User.Read.All", "AuditLog.Read.All"],
        application: Some(&["User.Read.All", "AuditLog.Read.All"]),
        calls: &[("GET", "/users")],
    },
    Need {
        command: "guests show",
        does: "see a guest's groups, apps and sponsors",
        writes: false,
        // The least for appRoleAssignments would let one change them.
        delegated: &["User.Read.All", "Directory.Read.All"],
        application: Some(&["User.Read.All", "Directory.Read.All"]),
        calls: &[
            ("GET", "/users/{user-id}/memberOf"),
            ("GET", "/users/{user-id}/appRoleAssignments"),
            ("GET", "/users/{user-id}/sponsors"),
        ],
    },
    Need {
        command: "guests revoke --block",
        does: "keep a guest from signing in",
        writes: true,
        // Less than User.ReadWrite.All, and enough for accountEnabled (user-update).
        delegated: &[
            "User.Read.All",
            "User.EnableDisableAccount.All",
            "User.RevokeSessions.All",
        ],
        application: Some(&[
            "User.Read.All",
            "User.EnableDisableAccount.All",
            "User.RevokeSessions.All",
        ]),
        calls: &[
            ("PATCH", "/users/{user-id}"),
            ("POST", "/users/{user-id}/revokeSignInSessions"),
        ],
    },
    Need {
        command: "guests revoke --delete",
        does: "delete a guest",
        writes: true,
        delegated: &["User.Read.All", "User.DeleteRestore.All"],
        application: Some(&["User.Read.All", "User.DeleteRestore.All"]),
        calls: &[("DELETE", "/users/{user-id}")],
    },
    Need {
        command: "guests restore",
        does: "bring a deleted guest back",
        writes: true,
        delegated: &["User.DeleteRestore.All"],
        application: Some(&["User.DeleteRestore.All"]),
        calls: &[(
            "POST",
            "/directory/deletedItems/{directoryObject-id}/restore",
        )],
    },
    Need {
        command: "invite",
        does: "invite somebody",
        writes: true,
        // Whoever is in already is looked up first.
        delegated: &[INVITE, "User.Read.All"],
        application: Some(&[INVITE, "User.Read.All"]),
        calls: &[("POST", "/invitations"), ("GET", "/users")],
    },
];

const DECIDE: &[(&str, &str)] = &[
    (
        "GET",
        "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages",
    ),
    (
        "PATCH",
        "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages/{approvalStage-id}",
    ),
];

/// Permissions that hold others: the broader one, and what need not be asked for besides.
const HOLDS: &[(&str, &[&str])] = &[
    (GOVERNANCE_WRITE, &[GOVERNANCE_READ]),
    (
        "Directory.Read.All",
        &["Domain.Read.All", "LicenseAssignment.Read.All"],
    ),
];

/// Permissions that hold others, but are more than is ever asked for: a token may carry them all the same.
const BROADER: &[(&str, &[&str])] = &[
    (
        "User.ReadWrite.All",
        &[
            "User.Read.All",
            "User.EnableDisableAccount.All",
            "User.RevokeSessions.All",
            "User.DeleteRestore.All",
            INVITE,
        ],
    ),
    ("Directory.Read.All", &["User.Read.All"]),
    (
        "Directory.ReadWrite.All",
        &[
            "Directory.Read.All",
            "Domain.Read.All",
            "LicenseAssignment.Read.All",
            "User.Read.All",
            "User.EnableDisableAccount.All",
            "User.RevokeSessions.All",
            INVITE,
        ],
    ),
];

/// The row of a command.
pub fn need(command: &str) -> Option<&'static Need> {
    NEEDS.iter().find(|need| need.command == command)
}

/// The delegated permissions to ask for, fewest that serve every command that is enabled.
pub fn asked_for(read_only: bool) -> Vec<&'static str> {
    serving(|need| !(read_only && need.writes))
}

/// The delegated permissions for some commands.
pub fn serving(enabled: impl Fn(&Need) -> bool) -> Vec<&'static str> {
    let wanted = NEEDS.iter().filter(|need| enabled(need));
    let mut all: Vec<&'static str> = wanted.flat_map(|need| need.delegated).copied().collect();
    all.sort_unstable();
    all.dedup();
    let held = |one: &str| {
        let mut broader = HOLDS.iter().filter(|(_, less)| less.contains(&one));
        broader.any(|(more, _)| all.contains(more))
    };
    all.iter().copied().filter(|one| !held(one)).collect()
}

/// Which permissions of a command a token lacks; `carried` are the token's scopes, or its roles.
pub fn missing(need: &Need, carried: &[String], app_only: bool) -> Option<Vec<&'static str>> {
    let wanted = if app_only {
        need.application?
    } else {
        need.delegated
    };
    let has = |one: &str| {
        let carries = |name: &str| carried.iter().any(|c| c.eq_ignore_ascii_case(name));
        let all = HOLDS.iter().chain(BROADER);
        let mut broader = all.filter(|(_, less)| less.contains(&one));
        carries(one) || broader.any(|(more, _)| carries(more))
    };
    Some(wanted.iter().copied().filter(|one| !has(one)).collect())
}

/// Permissions as Entra is asked for them: `https://graph.microsoft.com/User.Read`.
pub(super) fn qualified(cloud: &Cloud, scopes: &[String]) -> Vec<String> {
    let resource = cloud.resource();
    scopes
        .iter()
        .map(|scope| format!("{resource}/{scope}"))
        .collect()
}

/// Everything an app was granted: apps cannot ask for less (`scopes-oidc`, `.default`).
pub(super) fn all_granted(cloud: &Cloud) -> String {
    format!("{}/.default", cloud.resource())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_only_asks_for_nothing_that_writes() {
        let reading = asked_for(true);
        assert!(reading.contains(&GOVERNANCE_READ));
        for scope in &reading {
            assert!(
                !scope.contains("Write") && !scope.contains("Invite"),
                "{scope}"
            );
        }
        let all = asked_for(false);
        assert!(all.contains(&GOVERNANCE_WRITE) && !all.contains(&GOVERNANCE_READ));
        assert!(all.contains(&INVITE) && !all.contains(&"User.ReadWrite.All"));
        assert_eq!(
            serving(|need| need.command == "invite"),
            ["User.Invite.All", "User.Read.All"]
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let approve = need("requests approve").unwrap();
        let carried = [GOVERNANCE_READ.to_owned()];
        assert_eq!(
            missing(approve, &carried, false),
            Some(vec![GOVERNANCE_WRITE])
        );
        assert_eq!(missing(approve, &carried, true), None, "no app can");
        let list = need("requests list").unwrap();
        assert_eq!(
            missing(list, &[GOVERNANCE_WRITE.to_owned()], false),
            Some(vec![])
        );
        let block = need("guests revoke --block").unwrap();
        let broad = ["User.ReadWrite.All".to_owned()];
        assert_eq!(missing(block, &broad, false), Some(vec![]));
    }
}
