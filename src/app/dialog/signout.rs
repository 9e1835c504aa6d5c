//! Forgetting the sign-in: asked first.

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, row};
use crate::app::effect::Effect;
use crate::app::state::State;

/// The open question.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOut;

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum SignOutKey {
    Stay,
    Forget,
}

impl Keyed for SignOut {
    type Means = SignOutKey;

    fn table(&self, _: &State) -> Vec<DialogKey<SignOutKey>> {
        vec![
            row(keys::LEAVE, SignOutKey::Stay)
                .footer("stay")
                .safe("Stay"),
            row(&["y"], SignOutKey::Forget).both("sign out"),
        ]
    }

    fn does(&mut self, means: SignOutKey, Press { effects, .. }: Press<'_>) -> Next {
        match means {
            SignOutKey::Stay => {}
            SignOutKey::Forget => effects.push(Effect::SignOut),
        }
        Next::Close
    }
}
