//! Which permission an operation needs at least, so that a rule can take one away (`permissions` in the reference
//! pages of each operation; only what this emulator serves).

const EM: &str = "/v1.0/identitygovernance/entitlementmanagement";

/// The least permission for an exchange; `None` for what every signed-in person may do.
pub(super) fn needed(method: &str, target: &str) -> Option<&'static str> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = path.to_ascii_lowercase();
    let reads = method == "GET";
    let below = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if below(EM) {
        return Some(if reads {
            "EntitlementManagement.Read.All"
        } else {
            "EntitlementManagement.ReadWrite.All"
        });
    }
    if below("/v1.0/invitations") {
        return Some("User.Invite.All");
    }
    if below("/v1.0/users") {
        return Some(match method {
            "GET" if query.to_ascii_lowercase().contains("signinactivity") => "AuditLog.Read.All",
            "GET" => "User.Read.All",
            "POST" if path.ends_with("/revokesigninsessions") => "User.RevokeSessions.All",
            "DELETE" => "User.DeleteRestore.All",
            _ => "User.ReadWrite.All",
        });
    }
    if below("/v1.0/directory/deleteditems") {
        return Some(if reads {
            "User.Read.All"
        } else {
            "User.DeleteRestore.All"
        });
    }
    if below("/v1.0/domains") {
        return Some("Domain.Read.All");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn each_operation_needs_its_own() {
        for (method, target, scope) in [
            ("GET", "/v1.0/me", None),
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
            assert_eq!(needed(method, target), scope, "{method} {target}");
        }
    }
}
