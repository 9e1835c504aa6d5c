//! The ways that `azure_identity` knows, made with our HTTP client and this profile's cloud.

use std::sync::Arc;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{Secret as AzureSecret, TokenCredential};
use azure_core::http::{ClientOptions, Transport as Carrier};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential,
    AzureDeveloperCliCredentialOptions, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use reqwest::Url;

use super::cloud::{Cloud, is_plain};
use super::command::{TokenCommand, telling};
use super::config::SignInConfig;
use super::credential::StaticToken;
use super::http::{Transport, client};
use super::refusal::{EntraRefusal, without_secrets};
use super::way::Way;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// The variable a client secret is read from where settings give none.
pub const SECRET_VARIABLE: &str = "AZURE_CLIENT_SECRET";

/// The variable a certificate's password is read from.
pub const PASSWORD_VARIABLE: &str = "AZURE_CLIENT_CERTIFICATE_PASSWORD";

/// What in the environment opens doors: no child process gets it.
pub const SECRET_VARIABLES: [&str; 3] = [StaticToken::VARIABLE, SECRET_VARIABLE, PASSWORD_VARIABLE];

/// Makes the credential of an unattended way.
pub(super) fn credential(config: &SignInConfig) -> Result<Arc<dyn TokenCredential>, Problem> {
    let tenant = &config.tenant;
    let made: azure_core::Result<Arc<dyn TokenCredential>> = match config.way {
        Way::AzureCli => {
            let options = AzureCliCredentialOptions {
                tenant_id: named(tenant),
                executor: Some(Arc::new(TokenCommand::new("az"))),
                ..AzureCliCredentialOptions::default()
            };
            AzureCliCredential::new(Some(options)).map(|made| made as _)
        }
        Way::AzureDeveloperCli => {
            let options = AzureDeveloperCliCredentialOptions {
                tenant_id: named(tenant),
                executor: Some(Arc::new(TokenCommand::new("azd"))),
            };
            AzureDeveloperCliCredential::new(Some(options)).map(|made| made as _)
        }
        Way::ClientSecret => {
            let options = ClientSecretCredentialOptions {
                client_options: options(&config.cloud, false)?,
            };
            let given = config
                .secret
                .as_ref()
                .map(|secret| secret.reveal().to_owned());
            let set = || {
                std::env::var(SECRET_VARIABLE)
                    .ok()
                    .filter(|secret| !secret.is_empty())
            };
            let secret = AzureSecret::new(given.or_else(set).ok_or_else(no_secret)?);
            ClientSecretCredential::new(tenant, config.client.clone(), secret, Some(options))
                .map(|made| made as _)
        }
        Way::ClientCertificate => certificate(config)?,
        Way::ManagedIdentity => {
            let options = ManagedIdentityCredentialOptions {
                user_assigned_id: config.identity.clone().map(UserAssignedId::ClientId),
                client_options: options(&config.cloud, true)?,
            };
            ManagedIdentityCredential::new(Some(options)).map(|made| made as _)
        }
        Way::WorkloadIdentity => {
            let options = WorkloadIdentityCredentialOptions {
                credential_options: ClientAssertionCredentialOptions {
                    client_options: options(&config.cloud, false)?,
                },
                client_id: config.identity.clone(),
                tenant_id: named(tenant),
                ..WorkloadIdentityCredentialOptions::default()
            };
            WorkloadIdentityCredential::new(Some(options)).map(|made| made as _)
        }
        Way::Token | Way::Browser | Way::DeviceCode => {
            return Err(Problem::new(
                ProblemKind::Local,
                "This way is made elsewhere",
                "",
            ));
        }
    };
    made.map_err(|error| problem(&error, config.way))
}

/// A tenant that was named: `organizations` names none.
fn named(tenant: &str) -> Option<String> {
    (!matches!(tenant, "" | "organizations" | "common")).then(|| tenant.to_owned())
}

fn no_secret() -> Problem {
    Problem::new(
        ProblemKind::SignIn,
        "There is no client secret",
        format!("Put it into {SECRET_VARIABLE}"),
    )
}

#[cfg(feature = "client-certificate")]
fn certificate(
    config: &SignInConfig,
) -> Result<azure_core::Result<Arc<dyn TokenCredential>>, Problem> {
    use crate::private;
    use azure_core::credentials::SecretBytes;
    use azure_identity::{ClientCertificateCredential, ClientCertificateCredentialOptions};

    let wrong = |what: String| {
        let remedy = "Give a PKCS#12 file (.pfx) with the certificate and its private key";
        Problem::new(ProblemKind::Local, what, remedy)
    };
    let path = config
        .certificate
        .as_ref()
        .ok_or_else(|| wrong("There is no client certificate".into()))?;
    let bytes = private::believed(path, 1024 * 1024)
        .map_err(|why| wrong(format!("{} cannot be used ({why})", path.display())))?;
    let options = ClientCertificateCredentialOptions {
        client_options: options(&config.cloud, false)?,
        password: config
            .secret
            .as_ref()
            .map(|secret| AzureSecret::new(secret.reveal().to_owned())),
    };
    let (tenant, client) = (config.tenant.clone(), config.client.clone());
    Ok(
        ClientCertificateCredential::new(tenant, client, SecretBytes::new(bytes), Some(options))
            .map(|made| made as _),
    )
}

#[cfg(not(feature = "client-certificate"))]
fn certificate(_: &SignInConfig) -> Result<azure_core::Result<Arc<dyn TokenCredential>>, Problem> {
    Err(Problem::new(
        ProblemKind::Local,
        "This guestlist was built without client certificates, which need OpenSSL",
        "Build it with --features client-certificate, or use a client secret or a managed identity",
    ))
}

fn options(cloud: &Cloud, direct: bool) -> Result<ClientOptions, Problem> {
    let login = Url::parse(cloud.login()).ok();
    let loopback = login.as_ref().is_some_and(is_plain);
    let mut custom = CustomConfiguration::default();
    // It wants https; `Transport` knows better for loopback.
    custom.authority_host = cloud.login().replacen("http://", "https://", 1);
    let transport = Transport::new(client(direct || loopback)?, cloud.login());
    Ok(ClientOptions {
        transport: Some(Carrier::new(Arc::new(transport))),
        cloud: Some(Arc::new(CloudConfiguration::Custom(custom))),
        ..ClientOptions::default()
    })
}

/// What an error of a credential says, in our words where Entra said it.
pub(super) fn problem(error: &azure_core::Error, way: Way) -> Problem {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        if let Some(problem) = cause.downcast_ref::<Problem>() {
            return problem.clone();
        }
        if let Some(problem) = cause
            .downcast_ref::<std::io::Error>()
            .and_then(|error| error.get_ref()?.downcast_ref::<Problem>())
        {
            return problem.clone();
        }
        if let Some(failed) = cause.downcast_ref::<super::http::Failed>() {
            return failed.problem("");
        }
        if let Some(error) = cause.downcast_ref::<azure_core::Error>()
            && let azure_core::error::ErrorKind::HttpResponse {
                raw_response: Some(raw),
                ..
            } = error.kind()
            && let Some(refusal) = EntraRefusal::read(raw.body())
        {
            return refusal.problem(Some(way));
        }
        next = cause.source();
    }
    // The commands' own words: "Please run 'az login'".
    let words = error.to_string();
    let words = words
        .split_once("authentication failed.")
        .map_or(&*words, |(_, rest)| rest);
    let words = without_secrets(&Text::new(&telling(words)));
    let words: String = words
        .trim()
        .trim_end_matches('.')
        .chars()
        .take(300)
        .collect();
    let remedy = match way {
        Way::AzureCli => "Run az login, or sign in another way",
        Way::AzureDeveloperCli => "Run azd auth login, or sign in another way",
        Way::ManagedIdentity => "This works on machines in Azure that have an identity",
        Way::WorkloadIdentity => {
            "This works in pods with a federated identity (AZURE_FEDERATED_TOKEN_FILE)"
        }
        _ => "Check tenant, client id and secret",
    };
    Problem::new(
        ProblemKind::SignIn,
        format!("The sign-in by {way} failed: {words}"),
        remedy,
    )
}
