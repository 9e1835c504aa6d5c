//! How a sign-in stands, and signing out.

use jiff::Timestamp;

use super::claims::Claims;
use super::held::TokenHeld;
use super::keeper::{SignIn, lock};
use super::store::{KeptIn, KeptSignIn};
use super::way::Way;
use crate::domain::problem::Problem;
use crate::domain::text::Text;

/// How a sign-in stands, for `guestlist status`.
#[derive(Clone, Debug)]
pub struct SignInStatus {
    /// The way.
    pub way: Way,
    /// Who, as far as is known without asking.
    pub account: Option<Text>,
    /// When the access token in use ends; it is renewed before. `None` where there is none yet.
    pub ends: Option<Timestamp>,
    /// What the token in use carries.
    pub claims: Option<Claims>,
    /// Where the sign-in is kept.
    pub place: KeptIn,
    /// What is kept there.
    pub kept: Option<KeptSignIn>,
}

impl SignIn {
    /// How it stands; looks into the store, asks nobody.
    ///
    /// # Errors
    /// The store cannot be used, and how to repair it.
    pub fn status(&self) -> Result<SignInStatus, Problem> {
        let (interactive, way) = (&self.0.interactive, self.way());
        let kept = if way.is_interactive() {
            interactive.store().load(&interactive.key())?
        } else {
            None
        };
        let held = lock(&self.0.held);
        let claims = held.token.as_ref().and_then(|token| token.claims.clone());
        Ok(SignInStatus {
            way,
            account: claims
                .as_ref()
                .and_then(|claims| claims.account.clone())
                .or_else(|| kept.as_ref()?.account.clone()),
            ends: held.token.as_ref().map(|token| token.ends),
            claims,
            place: interactive.store().place(&interactive.key()),
            kept,
        })
    }

    /// Signs out: forgets the tokens here and in every place they may be kept, and says which places held one.
    /// Entra is not told; what was signed in with the Azure CLI stays signed in there.
    ///
    /// # Errors
    /// A place could not be cleared.
    pub fn forget(&self) -> Result<Vec<KeptIn>, Problem> {
        let interactive = &self.0.interactive;
        interactive.clear();
        {
            let mut held = lock(&self.0.held);
            *held = TokenHeld {
                turn: held.turn + 1,
                epoch: held.epoch + 1,
                begun: held.begun,
                // What a console shows, holds staged and writes into the journal stays one person's.
                who: held.who.take().filter(|_| self.attended()),
                ..TokenHeld::default()
            };
        }
        interactive.store().forget(&interactive.key())
    }
}
