//! What an earlier session had staged and not sent: restore it, discard it, or leave it for later.

use super::Next;
use crate::app::basket::keeping;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::state::{Grade, State};

/// The open question.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offer;

impl Offer {
    #[allow(clippy::unused_self)] // all dialogs are called alike
    pub(super) fn key(self, state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Next {
        match key.typed() {
            Some('y') => {
                effects.extend(keeping::restore(state));
                Next::Close
            }
            Some('d') => {
                keeping::discard(state);
                state.say(
                    Grade::Note,
                    "What an earlier session had staged is discarded",
                );
                Next::Close
            }
            Some('n' | 'q') => Next::Close,
            _ if matches!(key.code, KeyCode::Esc | KeyCode::Enter) || key == Key::ctrl('c') => {
                Next::Close
            }
            _ => Next::Stay,
        }
    }
}
