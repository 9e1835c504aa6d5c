//! Where tokens come from: what the client of Graph asks before each call.

use std::future::Future;
use std::pin::Pin;

use azure_core::credentials::{
    AccessToken, Secret as AzureSecret, TokenCredential, TokenRequestOptions,
};
use azure_core::time::{Duration, OffsetDateTime};

use super::challenge::Challenge;
use super::claims::Claims;
use super::keeper::SignIn;
use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};

/// A token that is on its way.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Secret, Problem>> + Send + 'a>>;

/// A way back to a token that is under way.
pub type Restored<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

/// Something that can be asked for a bearer token before each call. It keeps and renews the token itself.
pub trait Credential: Send + Sync {
    /// A token for Graph, good now.
    fn token(&self) -> TokenFuture<'_>;

    /// Graph did not take a token (401), and may have said what the next one must prove.
    fn refused(&self, token: Option<&Secret>, challenge: Option<Challenge>) {
        let _ = (token, challenge);
    }

    /// After `problem`, a refusal or no token at all: waits until there is a token again.
    ///
    /// # Errors
    /// There will be none: `problem`, or what is known better.
    fn restored(&self, problem: Problem) -> Restored<'_> {
        Box::pin(std::future::ready(Err(problem)))
    }

    /// The sign-in behind it, where one can be begun anew.
    fn sign_in(&self) -> Option<&SignIn> {
        None
    }
}

/// One token, given from outside, that is never renewed.
pub struct StaticToken(Secret);

impl StaticToken {
    /// The environment variable it is read from.
    pub const VARIABLE: &str = "GUESTLIST_TOKEN";

    /// Wraps a token.
    ///
    /// # Errors
    /// [`ProblemKind::SignIn`] for one that is empty or cannot stand in a header.
    pub fn new(token: &str) -> Result<Self, Problem> {
        let token = token.trim();
        if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Problem::new(
                ProblemKind::SignIn,
                "The token is empty or has characters that no token has",
                format!("Put the whole token into {}", Self::VARIABLE),
            ));
        }
        Ok(Self(Secret::new(token)))
    }

    /// Takes the token from the environment.
    ///
    /// # Errors
    /// [`ProblemKind::SignIn`] where there is none.
    pub fn from_env() -> Result<Self, Problem> {
        match std::env::var(Self::VARIABLE) {
            Ok(token) => Self::new(&token),
            Err(_) => Err(Problem::new(
                ProblemKind::SignIn,
                "There is no token to sign in with",
                format!("Set {} to a token for Microsoft Graph", Self::VARIABLE),
            )),
        }
    }
}

impl Credential for StaticToken {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

impl std::fmt::Debug for StaticToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StaticToken")
    }
}

#[async_trait::async_trait]
impl TokenCredential for StaticToken {
    /// The same each time. Where the token does not say when it ends, Graph will.
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let says = Claims::of(&self.0).and_then(|claims| claims.ends);
        let ends = says
            .and_then(|ends| OffsetDateTime::from_unix_timestamp(ends.as_second()).ok())
            .unwrap_or_else(|| OffsetDateTime::now_utc() + Duration::hours(1));
        Ok(AccessToken::new(
            AzureSecret::new(self.0.reveal().to_owned()),
            ends,
        ))
    }
}
