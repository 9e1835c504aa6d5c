//! Where tokens come from.

use std::future::Future;
use std::pin::Pin;

use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};

/// A token that is on its way.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Secret, Problem>> + Send + 'a>>;

/// Something that can be asked for a bearer token before each call. It keeps and renews the token itself.
pub trait Credential: Send + Sync {
    /// A token for Graph, good now.
    fn token(&self) -> TokenFuture<'_>;
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
