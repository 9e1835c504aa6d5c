//! What a sign-in is made of.

use std::path::PathBuf;

use super::cloud::Cloud;
use super::pace::Pace;
use super::prompt::{SignInPrompt, silent};
use super::store::StoreKind;
use super::way::Way;
use crate::domain::invitation::Secret;
use crate::domain::permission::Permission;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// Microsoft Graph Command Line Tools: known in every tenant, so that nothing need be registered to begin with.
/// An own app shows its own name at consent and in logs, and can be kept to few people.
pub const DEFAULT_CLIENT: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/// The tenant of whoever signs in, where none was named.
pub const ANY_TENANT: &str = "organizations";

/// What a sign-in is made of.
#[derive(Clone)]
pub struct SignInConfig {
    /// The cloud.
    pub cloud: Cloud,
    /// The tenant's id or a domain of it; [`ANY_TENANT`] for the home of whoever signs in.
    pub tenant: String,
    /// The app.
    pub client: String,
    /// The way.
    pub way: Way,
    /// Delegated permissions to ask for; see [`crate::domain::permission::asked_for`].
    pub scopes: Vec<Permission>,
    /// Where the sign-in is kept.
    pub keep: StoreKind,
    /// The folder for [`StoreKind::File`]; the program's state folder.
    pub state_dir: Option<PathBuf>,
    /// The client secret, or the password of the certificate.
    pub secret: Option<Secret>,
    /// The client certificate, a PKCS#12 file.
    pub certificate: Option<PathBuf>,
    /// Which of the machine's identities (managed and workload identity), by client id.
    pub identity: Option<String>,
    /// The port a browser comes back to; 0 takes a free one.
    pub redirect_port: u16,
    /// Takes the steps of a sign-in.
    pub prompt: SignInPrompt,
    /// Whether work that needs a sign-in waits for somebody to sign in (the console), rather than fail (a plain
    /// command).
    pub patient: bool,
    /// The time.
    pub pace: Pace,
}

impl SignInConfig {
    /// The usual parts: the default app, kept in memory, failing rather than waiting.
    pub fn new(cloud: Cloud, tenant: &str, way: Way, scopes: Vec<Permission>) -> Self {
        Self {
            cloud,
            tenant: tenant.to_owned(),
            client: DEFAULT_CLIENT.to_owned(),
            way,
            scopes,
            keep: StoreKind::Memory,
            state_dir: None,
            secret: None,
            certificate: None,
            identity: None,
            redirect_port: 0,
            prompt: silent(),
            patient: false,
            pace: Pace::default(),
        }
    }

    /// Whether tenant and client can be what they should be: both become part of addresses.
    pub(super) fn check(&self) -> Result<(), Problem> {
        Self::check_tenant(&self.tenant)?;
        let own = matches!(self.way, Way::ClientSecret | Way::ClientCertificate);
        if own && self.client == DEFAULT_CLIENT {
            return Err(Problem::new(
                ProblemKind::Local,
                format!("Signing in by {} needs an app of your own", self.way),
                "Set the client id of an app registered in the tenant; the README says how to register one",
            ));
        }
        if own && self.tenant == ANY_TENANT {
            return Err(Problem::new(
                ProblemKind::Local,
                "An app signs in to a tenant of its own",
                "Name the tenant",
            ));
        }
        Self::check_client(&self.client)
    }

    /// Whether words can be a tenant's id or domain.
    ///
    /// # Errors
    /// They cannot, and what can.
    pub fn check_tenant(tenant: &str) -> Result<(), Problem> {
        if fit(tenant, true) && !tenant.starts_with('.') {
            return Ok(());
        }
        Err(Problem::new(
            ProblemKind::Local,
            format!("\"{}\" is no tenant", Text::new(tenant)),
            "Give the tenant's id, or a domain of it such as contoso.com",
        ))
    }

    /// Whether words can be an app's id.
    ///
    /// # Errors
    /// They cannot, and what can.
    pub fn check_client(client: &str) -> Result<(), Problem> {
        if fit(client, false) {
            return Ok(());
        }
        Err(Problem::new(
            ProblemKind::Local,
            format!("\"{}\" is no client id", Text::new(client)),
            "Give the application (client) id of the app's registration",
        ))
    }
}

/// Letters, digits and hyphens, and dots where they may be. What begins with a hyphen would be a flag to the commands
/// that it is handed to.
fn fit(name: &str, dot: bool) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || (dot && b == b'.');
    !name.is_empty() && !name.starts_with('-') && name.len() <= 253 && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_flag_is_neither_tenant_nor_app() {
        for flag in ["-h", "--help", "-", "--tenant"] {
            assert!(SignInConfig::check_tenant(flag).is_err(), "{flag}");
            assert!(SignInConfig::check_client(flag).is_err(), "{flag}");
        }
        for tenant in ["contoso.com", "a-b.example", ANY_TENANT, DEFAULT_CLIENT] {
            assert!(SignInConfig::check_tenant(tenant).is_ok(), "{tenant}");
        }
        assert!(SignInConfig::check_client(DEFAULT_CLIENT).is_ok());
    }
}
