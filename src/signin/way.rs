//! The ways to sign in, and the words for them in settings and flags.

use std::fmt;
use std::str::FromStr;

use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// A way to get at tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// A browser on this machine, or at the other end of an `ssh -L` (authorization code with PKCE).
    Browser,
    /// A code typed into a browser anywhere. Much phished, often forbidden: never chosen silently.
    DeviceCode,
    /// Whoever is signed in to the Azure CLI.
    AzureCli,
    /// Whoever is signed in to the Azure Developer CLI.
    AzureDeveloperCli,
    /// An app with a secret. It can decide nothing: approvals are for people (approvalstage-update).
    ClientSecret,
    /// An app with a certificate.
    ClientCertificate,
    /// The machine's own identity in Azure.
    ManagedIdentity,
    /// A pod's identity in Kubernetes.
    WorkloadIdentity,
    /// One token from outside, in `GUESTLIST_TOKEN`.
    Token,
}

impl Way {
    /// Every way with its word.
    pub const ALL: [(&str, Self); 9] = [
        ("browser", Self::Browser),
        ("device-code", Self::DeviceCode),
        ("azure-cli", Self::AzureCli),
        ("azure-developer-cli", Self::AzureDeveloperCli),
        ("client-secret", Self::ClientSecret),
        ("client-certificate", Self::ClientCertificate),
        ("managed-identity", Self::ManagedIdentity),
        ("workload-identity", Self::WorkloadIdentity),
        ("token", Self::Token),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, way)| *way == self);
        found.map_or("", |(word, _)| word)
    }

    /// Whether a person has to do something for it here.
    pub fn is_interactive(self) -> bool {
        matches!(self, Self::Browser | Self::DeviceCode)
    }

    /// Whether it signs in an app rather than a person. Such a token carries roles, no scopes, and cannot decide.
    pub fn is_app_only(self) -> bool {
        matches!(
            self,
            Self::ClientSecret
                | Self::ClientCertificate
                | Self::ManagedIdentity
                | Self::WorkloadIdentity
        )
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Way {
    type Err = Problem;

    fn from_str(word: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == word);
        found.map(|(_, way)| way).ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.iter().map(|(word, _)| *word).collect();
            Problem::new(
                ProblemKind::Local,
                format!("\"{}\" is no way to sign in", Text::new(word)),
                format!("Ways are {}", words.join(", ")),
            )
        })
    }
}
