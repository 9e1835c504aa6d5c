//! What an earlier session had staged and not sent: restore it, discard it, or leave it for later.

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, row};
use crate::app::basket::keeping;
use crate::app::state::{Grade, State};

/// The open question.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeptOffer;

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum OfferKey {
    Later,
    Restore,
    Discard,
}

impl Keyed for KeptOffer {
    type Means = OfferKey;

    fn table(&self, _: &State) -> Vec<DialogKey<OfferKey>> {
        vec![
            row(keys::LEAVE, OfferKey::Later)
                .footer("later")
                .safe("Later"),
            row(&["y"], OfferKey::Restore).both("restore"),
            row(&["d"], OfferKey::Discard).both("discard"),
        ]
    }

    fn does(&mut self, means: OfferKey, Press { state, effects, .. }: Press<'_>) -> Next {
        match means {
            OfferKey::Later => {}
            OfferKey::Restore => effects.extend(keeping::restore(state)),
            OfferKey::Discard => {
                keeping::discard(state);
                state.say(
                    Grade::Note,
                    "What an earlier session had staged is discarded",
                );
            }
        }
        Next::Close
    }
}
