//! What is asked for at sign-in, in the form in which Entra is asked; what each command needs is
//! [`crate::domain::permission`]'s.

use super::cloud::Cloud;
use crate::domain::permission::{self, NEEDS, Permission};

/// Reading entitlement management.
pub const GOVERNANCE_READ: &str = Permission::EntitlementManagementReadAll.as_str();
/// Changing it; deciding is a change.
pub const GOVERNANCE_WRITE: &str = Permission::EntitlementManagementReadWriteAll.as_str();
/// Inviting.
pub const INVITE: &str = Permission::UserInviteAll.as_str();

/// The delegated permissions to ask for, fewest that serve every command that is enabled.
pub fn asked_for(read_only: bool) -> Vec<&'static str> {
    let all = permission::asked_for(NEEDS.iter().copied(), read_only);
    all.into_iter().map(Permission::as_str).collect()
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
