//! *The* table of what one must be permitted to do what: the emulator's own, so that what the product asks for is
//! tried against something it did not write. Every operation that is emulated has a row; one that has none is refused,
//! whoever asks.
//!
//! The permissions are those of each operation's page in the reference (`api-reference/v1.0/api/`), as far as they are
//! about users and governance: those for managing devices and agents are left out, and so are those for a basic
//! profile or for one's own things alone, which open only part of an operation.

use super::call::ApiCall;
use super::fault::Fault;
use super::login::Caller;
use super::route::dispatch;
use super::world::TenantWorld;

/// What lets one do an operation: one of these, first the one that such apps are given for it.
#[derive(Debug, Clone, Copy)]
pub struct Permitted {
    /// For a person.
    pub delegated: &'static [&'static str],
    /// For an app; none where no app may.
    pub application: &'static [&'static str],
}

/// A method, a path as the reference writes it (beta's with its version), and what lets one do it.
pub type Operation = (&'static str, &'static str, Permitted);

const fn both(names: &'static [&'static str]) -> Permitted {
    Permitted {
        delegated: names,
        application: names,
    }
}

const fn person(names: &'static [&'static str]) -> Permitted {
    Permitted {
        delegated: names,
        application: &[],
    }
}

macro_rules! em {
    ($path:literal) => {
        concat!("/identityGovernance/entitlementManagement/", $path)
    };
}

const ME: Permitted = person(&[
    "User.Read",
    "User.ReadWrite",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
const USER_READ: Permitted = both(&[
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
const USER_WRITE: Permitted = both(&["User.ReadWrite.All", "Directory.ReadWrite.All"]);
const USER_DELETE: Permitted = both(&["User.DeleteRestore.All", "User.ReadWrite.All"]);
const USER_PURGE: Permitted = both(&["User.DeleteRestore.All"]);
const SESSIONS: Permitted = both(&[
    "User.RevokeSessions.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
]);
const MY_GROUPS: Permitted = person(&[
    "User.Read",
    "GroupMember.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
const MEMBER_OF: Permitted = Permitted {
    delegated: &[
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "GroupMember.Read.All",
    ],
    application: &["Directory.Read.All", "Directory.ReadWrite.All"],
};
const TRANSITIVE: Permitted = both(&[
    "User.Read.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
const APP_ROLES: Permitted = both(&["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"]);
const MY_APP_ROLES: Permitted = person(APP_ROLES.delegated);
const SPONSORS: Permitted = both(&["User.Read.All", "User.ReadWrite.All"]);
const MY_SPONSORS: Permitted = person(&["User.Read", "User.Read.All", "User.ReadWrite.All"]);
const DELETED: Permitted = both(&["User.Read.All", "Directory.Read.All"]);
const INVITE: Permitted = both(&[
    "User.Invite.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
]);
const ORGANIZATION: Permitted = Permitted {
    delegated: &[
        "User.Read",
        "Organization.Read.All",
        "Organization.ReadWrite.All",
        "User.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    application: &[
        "Organization.Read.All",
        "Organization.ReadWrite.All",
        "User.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
};
const ONE_ORGANIZATION: Permitted = both(&["User.Read.All"]);
const DOMAINS: Permitted = both(&[
    "Domain.Read.All",
    "Domain.ReadWrite.All",
    "Directory.Read.All",
]);
const LICENCES: Permitted = both(&[
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
const CROSS_TENANT: Permitted = both(&["Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"]);
const DOMAIN_LIST: Permitted = both(&[
    "Policy.Read.B2BManagementPolicy",
    "Policy.ReadWrite.B2BManagementPolicy",
]);
const EM_READ: Permitted = both(&[
    "EntitlementManagement.Read.All",
    "EntitlementManagement.ReadWrite.All",
]);
const EM_WRITE: Permitted = both(&["EntitlementManagement.ReadWrite.All"]);
/// Stages are read and decided by people (`approvalstage-update`).
const STAGE_READ: Permitted = person(EM_READ.delegated);
const STAGE_WRITE: Permitted = person(EM_WRITE.delegated);
/// What is the caller's own.
const MINE: Permitted = person(&[
    "EntitlementManagement.Read.All",
    "EntitlementManagement.ReadWrite.All",
    "EntitlementMgmt-SubjectAccess.ReadWrite",
]);
const MY_WRITE: Permitted = person(&[
    "EntitlementManagement.ReadWrite.All",
    "EntitlementMgmt-SubjectAccess.ReadWrite",
]);

const GET: &str = "GET";
const POST: &str = "POST";
const PATCH: &str = "PATCH";
const DELETE: &str = "DELETE";

/// Every operation that is emulated. A part in braces is any one word, but for those that begin with `$`; of two rows
/// that fit a path the first one counts.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    (GET, "/me", ME),
    (GET, "/me/memberOf", MY_GROUPS),
    (GET, "/me/memberOf/$count", MY_GROUPS),
    (GET, "/me/memberOf/microsoft.graph.group", MY_GROUPS),
    (GET, "/me/transitiveMemberOf", MY_GROUPS),
    (GET, "/me/transitiveMemberOf/$count", MY_GROUPS),
    (GET, "/me/transitiveMemberOf/microsoft.graph.group", MY_GROUPS),
    (GET, "/me/appRoleAssignments", MY_APP_ROLES),
    (GET, "/me/sponsors", MY_SPONSORS),
    (GET, "/users", USER_READ),
    (GET, "/users/$count", USER_READ),
    (GET, "/users/{id}", USER_READ),
    (PATCH, "/users/{id}", USER_WRITE),
    (DELETE, "/users/{id}", USER_DELETE),
    (POST, "/users/{id}/revokeSignInSessions", SESSIONS),
    (GET, "/users/{id}/memberOf", MEMBER_OF),
    (GET, "/users/{id}/memberOf/$count", MEMBER_OF),
    (GET, "/users/{id}/memberOf/microsoft.graph.group", MEMBER_OF),
    (GET, "/users/{id}/transitiveMemberOf", TRANSITIVE),
    (GET, "/users/{id}/transitiveMemberOf/$count", TRANSITIVE),
    (GET, "/users/{id}/transitiveMemberOf/microsoft.graph.group", TRANSITIVE),
    (GET, "/users/{id}/appRoleAssignments", APP_ROLES),
    (GET, "/users/{id}/sponsors", SPONSORS),
    (POST, "/users/{id}/sponsors/$ref", USER_WRITE),
    (DELETE, "/users/{id}/sponsors/{id}/$ref", USER_WRITE),
    // Without `/$ref` it is the sponsor who is deleted (user-delete-sponsors).
    (DELETE, "/users/{id}/sponsors/{id}", USER_DELETE),
    (GET, "/directory/deletedItems/microsoft.graph.user", DELETED),
    (GET, "/directory/deletedItems/microsoft.graph.user/$count", DELETED),
    (GET, "/directory/deletedItems/{id}", DELETED),
    (DELETE, "/directory/deletedItems/{id}", USER_PURGE),
    (POST, "/directory/deletedItems/{id}/restore", USER_DELETE),
    (POST, "/invitations", INVITE),
    (GET, "/organization", ORGANIZATION),
    (GET, "/organization/{id}", ONE_ORGANIZATION),
    (GET, "/domains", DOMAINS),
    (GET, "/domains/{id}", DOMAINS),
    (GET, "/subscribedSkus", LICENCES),
    (GET, "/policies/crossTenantAccessPolicy/default", CROSS_TENANT),
    (GET, "/policies/crossTenantAccessPolicy/partners", CROSS_TENANT),
    (GET, "/policies/crossTenantAccessPolicy/partners/{id}", CROSS_TENANT),
    (GET, "/beta/policies/b2bManagementPolicies", DOMAIN_LIST),
    (GET, "/beta/policies/b2bManagementPolicies/{id}", DOMAIN_LIST),
    (GET, em!("settings"), EM_READ),
    (GET, em!("accessPackages"), EM_READ),
    (GET, em!("accessPackages/$count"), EM_READ),
    (GET, em!("accessPackages/{id}"), EM_READ),
    (GET, em!("accessPackages/{id}/catalog"), EM_READ),
    (GET, em!("accessPackages/{id}/assignmentPolicies"), EM_READ),
    (GET, em!("accessPackages/{id}/resourceRoleScopes"), EM_READ),
    (GET, em!("accessPackages/{id}/incompatibleAccessPackages"), EM_READ),
    (GET, em!("accessPackages/{id}/accessPackagesIncompatibleWith"), EM_READ),
    (GET, em!("accessPackages/{id}/incompatibleGroups"), EM_READ),
    (GET, em!("catalogs"), EM_READ),
    (GET, em!("catalogs/$count"), EM_READ),
    (GET, em!("catalogs/{id}"), EM_READ),
    (GET, em!("catalogs/{id}/accessPackages"), EM_READ),
    (GET, em!("assignmentPolicies"), EM_READ),
    (GET, em!("assignmentPolicies/$count"), EM_READ),
    (GET, em!("assignmentPolicies/{id}"), EM_READ),
    (GET, em!("assignmentPolicies/{id}/accessPackage"), EM_READ),
    (GET, em!("assignmentPolicies/{id}/catalog"), EM_READ),
    (GET, em!("assignmentPolicies/{id}/questions"), EM_READ),
    (GET, em!("connectedOrganizations"), EM_READ),
    (GET, em!("connectedOrganizations/$count"), EM_READ),
    (GET, em!("connectedOrganizations/{id}"), EM_READ),
    (GET, em!("connectedOrganizations/{id}/internalSponsors"), EM_READ),
    (GET, em!("connectedOrganizations/{id}/externalSponsors"), EM_READ),
    (GET, em!("assignmentRequests"), EM_READ),
    (GET, em!("assignmentRequests/$count"), EM_READ),
    (GET, em!("assignmentRequests/filterByCurrentUser(on='{on}')"), MINE),
    (GET, em!("assignmentRequests/{id}"), EM_READ),
    (GET, em!("assignmentRequests/{id}/accessPackage"), EM_READ),
    (GET, em!("assignmentRequests/{id}/assignment"), EM_READ),
    (GET, em!("assignmentRequests/{id}/requestor"), EM_READ),
    // Only an administrator's requests are emulated; one's own would need less.
    (POST, em!("assignmentRequests"), EM_WRITE),
    (POST, em!("assignmentRequests/{id}/cancel"), MY_WRITE),
    (POST, em!("assignmentRequests/{id}/reprocess"), EM_WRITE),
    (DELETE, em!("assignmentRequests/{id}"), EM_WRITE),
    (GET, em!("accessPackageAssignmentApprovals/filterByCurrentUser(on='{on}')"), STAGE_WRITE),
    (GET, em!("accessPackageAssignmentApprovals/{id}"), STAGE_READ),
    (GET, em!("accessPackageAssignmentApprovals/{id}/stages"), STAGE_READ),
    (GET, em!("accessPackageAssignmentApprovals/{id}/stages/{id}"), STAGE_READ),
    (PATCH, em!("accessPackageAssignmentApprovals/{id}/stages/{id}"), STAGE_WRITE),
    (GET, em!("assignments"), EM_READ),
    (GET, em!("assignments/$count"), EM_READ),
    (GET, em!("assignments/filterByCurrentUser(on='{on}')"), MINE),
    (GET, em!("assignments/{id}"), EM_READ),
    (GET, em!("assignments/{id}/target"), EM_READ),
    (GET, em!("assignments/{id}/accessPackage"), EM_READ),
    (GET, em!("assignments/{id}/assignmentPolicy"), EM_READ),
];

/// Properties of a user that less will change where nothing else is changed with them: all of these together
/// (`user-update`, "Permissions for specific scenarios").
pub const ALONE: &[(&str, &[&str])] = &[
    (
        "accountEnabled",
        &["User.EnableDisableAccount.All", "User.Read.All"],
    ),
    ("otherMails", &["User-Mail.ReadWrite.All"]),
];

/// Properties that need this besides, wherever they are asked for (`signinactivity`).
const BESIDES: &[(&str, &str)] = &[("signInActivity", "AuditLog.Read.All")];

/// What the demo's tokens carry: what the console asks for, a test compares, and what an app that was set up for it
/// carries though it does not ask, because its administrator consented to it.
pub const DEMO: &[&str] = &[
    "AuditLog.Read.All",
    "Directory.Read.All",
    "EntitlementManagement.ReadWrite.All",
    "Policy.Read.All",
    "Policy.Read.B2BManagementPolicy",
    "User.DeleteRestore.All",
    "User.EnableDisableAccount.All",
    "User.Invite.All",
    "User.Read",
    "User.Read.All",
    "User.RevokeSessions.All",
];

/// Refuses what the token does not cover, in Graph's words.
pub(super) fn check(caller: &Caller, call: &ApiCall<'_>, world: &TenantWorld) -> Result<(), Fault> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let Some(permitted) = row(call.method, call.beta, &segments) else {
        // A path that there is not is refused as such; whatever else there is must stand in the table.
        dispatch(call, &mut world.clone())?;
        return Err(Fault::forbidden(
            "The emulator's table of permissions has no row for this operation.",
        ));
    };
    let names = if caller.app_only {
        permitted.application
    } else {
        permitted.delegated
    };
    let asks = |property: &str| {
        let mut options = call.query.iter();
        options.any(|(_, value)| value.contains(property))
    };
    let missing = BESIDES
        .iter()
        .find(|(property, name)| asks(property) && !caller.carries(name));
    if let Some((_, name)) = missing {
        return Err(lacking(name));
    }
    if names.iter().any(|name| caller.carries(name)) || alone(caller, call) {
        return Ok(());
    }
    Err(lacking(permitted.delegated.first().unwrap_or(&"")))
}

/// 403, as each service says it.
pub(super) fn lacking(permission: &str) -> Fault {
    let (code, message) = match permission {
        "AuditLog.Read.All" => (
            "Authentication_MSGraphPermissionMissing",
            "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API.",
        ),
        governance if governance.starts_with("EntitlementManagement.") => (
            "UnAuthorized",
            "User is not authorized to perform the operation. Reason: Unauthorized",
        ),
        _ => return Fault::forbidden("Insufficient privileges to complete the operation."),
    };
    Fault::new(403, code, message)
}

/// A change of properties that less will do for.
fn alone(caller: &Caller, call: &ApiCall<'_>) -> bool {
    let ("PATCH", [users, _]) = (call.method, call.segments.as_slice()) else {
        return false;
    };
    let changed = call.body.as_ref().and_then(|body| body.as_object());
    let less = |property: &String| {
        ALONE
            .iter()
            .any(|(name, needs)| name == property && needs.iter().all(|need| caller.carries(need)))
    };
    users == "users"
        && changed.is_some_and(|changed| !changed.is_empty() && changed.keys().all(less))
}

/// The permission whose loss is felt by this exchange.
pub(super) fn needed(method: &str, target: &str) -> Option<&'static str> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let besides = BESIDES
        .iter()
        .find(|(property, _)| query.contains(property));
    let (version, path) = path.trim_matches('/').split_once('/')?;
    let segments: Vec<&str> = path.split('/').collect();
    let permitted = row(method, version == "beta", &segments)?;
    besides
        .map(|(_, name)| *name)
        .or(permitted.delegated.first().copied())
}

fn row(method: &str, beta: bool, segments: &[&str]) -> Option<&'static Permitted> {
    let fitting = OPERATIONS.iter().find(|(of, path, _)| {
        let (in_beta, path) = match path.strip_prefix("/beta/") {
            Some(path) => (true, path),
            None => (false, path.trim_start_matches('/')),
        };
        *of == method
            && in_beta == beta
            && path.split('/').count() == segments.len()
            && path
                .split('/')
                .zip(segments)
                .all(|(part, segment)| fits(part, segment))
    });
    fitting.map(|(_, _, permitted)| permitted)
}

/// `{id}` is any word, and `f(on='{on}')` any call of `f`.
fn fits(part: &str, segment: &str) -> bool {
    let Some((before, rest)) = part.split_once('{') else {
        return part == segment;
    };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    let inner = segment
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.starts_with('$'))
}

#[cfg(test)]
mod tests {
    use super::{fits, needed};

    #[test]
    fn each_operation_needs_its_own() {
        for (method, target, permission) in [
            ("GET", "/v1.0/me", Some("User.Read")),
            ("GET", "/v1.0/nothing", None),
            ("GET", "/beta/users", None),
            ("GET", "/v1.0/users?$top=1", Some("User.Read.All")),
            (
                "GET",
                "/v1.0/users?$select=id,signInActivity",
                Some("AuditLog.Read.All"),
            ),
            ("PATCH", "/v1.0/users/1", Some("User.ReadWrite.All")),
            ("POST", "/v1.0/invitations", Some("User.Invite.All")),
            (
                "PATCH",
                "/v1.0/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/1/stages/2",
                Some("EntitlementManagement.ReadWrite.All"),
            ),
        ] {
            assert_eq!(needed(method, target), permission, "{method} {target}");
        }
    }

    #[test]
    fn a_word_in_braces_is_an_id_and_no_function() {
        assert!(fits("{id}", "1") && fits("f(on='{on}')", "f(on='me')"));
        assert!(!fits("{id}", "$count") && !fits("{id}", "$ref") && !fits("{id}", ""));
        assert!(!fits("f(on='{on}')", "f(on='')") && !fits("f(on='{on}')", "f()"));
    }
}
