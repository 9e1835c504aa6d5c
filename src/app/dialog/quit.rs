//! Leaving while something is staged or being sent.

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, row};
use crate::app::effect::Effect;
use crate::app::state::State;

/// The open question.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quit;

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum QuitKey {
    Stay,
    Keep,
    Discard,
}

impl Keyed for Quit {
    type Means = QuitKey;

    fn table(&self, state: &State) -> Vec<DialogKey<QuitKey>> {
        let staged = state.basket.waiting().next().is_some();
        let keep = row(&["y"], QuitKey::Keep).footer("quit");
        let discard = row(&["d"], QuitKey::Discard);
        vec![
            row(keys::LEAVE, QuitKey::Stay).footer("stay").safe("Stay"),
            // What cannot be kept is not left behind by a key that keeps.
            keep.other(if staged { "keep and quit" } else { "quit" })
                .off_if(
                    staged && !state.keeping.keeps(),
                    "what is staged cannot be kept here; d discards it and quits",
                ),
            if staged {
                discard.both("discard and quit")
            } else {
                discard
            },
        ]
    }

    fn does(&mut self, means: QuitKey, Press { state, effects, .. }: Press<'_>) -> Next {
        match means {
            QuitKey::Stay => return Next::Close,
            QuitKey::Keep => {}
            QuitKey::Discard => state.basket.clear(),
        }
        leave(state, effects);
        Next::Close
    }
}

/// Ends the console. What is staged by then is kept as it stands.
fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    effects.extend(state.sends.stop().into_iter().map(Effect::Cancel));
    state.over = true;
}
