//! What a token lets its bearer do, as far as the demo needs it: reading and changing entitlement management, and
//! inviting. The names are the sign-in's own table's.

use super::Caller;
use crate::emulator::fault::Fault;
use crate::signin::scopes::{GOVERNANCE_READ, GOVERNANCE_WRITE, INVITE};

/// Refuses what the token's scopes do not cover, in Graph's words.
pub(in crate::emulator) fn check(caller: &Caller, method: &str, target: &str) -> Result<(), Fault> {
    let Some(carries) = &caller.carries else {
        return Ok(());
    };
    let path = target.split('?').next().unwrap_or_default();
    let path = path.strip_prefix("/v1.0").unwrap_or(path);
    let any = |names: &[&str]| {
        let has = |name: &&str| carries.iter().any(|one| one.eq_ignore_ascii_case(name));
        names.iter().any(has)
    };
    let refused = || {
        Err(Fault::forbidden(
            "Insufficient privileges to complete the operation.",
        ))
    };
    let personal = path.contains("accessPackageAssignmentApprovals")
        || path.contains("filterByCurrentUser")
        || path.ends_with("/cancel")
        || path == "/me"
        || path.starts_with("/me/");
    if caller.app_only && personal {
        return refused();
    }
    let allowed = if path.starts_with("/identityGovernance/") {
        if method == "GET" {
            any(&[GOVERNANCE_READ, GOVERNANCE_WRITE])
        } else {
            any(&[GOVERNANCE_WRITE])
        }
    } else if path.starts_with("/invitations") {
        any(&[INVITE, "User.ReadWrite.All", "Directory.ReadWrite.All"])
    } else {
        true
    };
    if allowed { Ok(()) } else { refused() }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn scopes_open_what_they_name() {
        let caller = |carries: &[&str], app_only| Caller {
            user: Uuid::nil(),
            carries: Some(carries.iter().map(|&scope| scope.to_owned()).collect()),
            app_only,
        };
        let requests = "/v1.0/identityGovernance/entitlementManagement/assignmentRequests?$top=1";
        let stage = "/v1.0/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/x/stages/y";
        let reader = caller(&["entitlementmanagement.read.all"], false);
        assert!(check(&reader, "GET", requests).is_ok());
        assert_eq!(check(&reader, "PATCH", stage).unwrap_err().status, 403);
        assert!(check(&reader, "POST", "/v1.0/invitations").is_err());
        assert!(check(&reader, "GET", "/v1.0/users").is_ok());
        assert!(check(&caller(&["User.Read"], false), "GET", requests).is_err());
        let app = caller(&[GOVERNANCE_WRITE], true);
        assert!(check(&app, "GET", requests).is_ok());
        assert!(
            check(&app, "PATCH", stage).is_err(),
            "approvals are for people"
        );
        assert!(check(&app, "GET", "/v1.0/me").is_err());
        let demo = Caller {
            carries: None,
            ..app
        };
        assert!(check(&demo, "PATCH", stage).is_ok());
    }
}
