//! What is asked for at sign-in, in the form in which Entra is asked; what each command needs is
//! [`crate::domain::permission`]'s.

use super::cloud::Cloud;

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
