//! Leaving while something is staged or being sent.

use super::Next;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::state::State;

/// The open question.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quit;

impl Quit {
    pub(super) fn key(state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Next {
        match key.typed() {
            // What cannot be kept is not left behind by a key that keeps.
            Some('y') if state.keeping.keeps() || state.basket.waiting().next().is_none() => {
                leave(state, effects);
                Next::Close
            }
            Some('d') => {
                state.basket.clear();
                leave(state, effects);
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

/// Ends the console. What is staged by then is kept as it stands.
fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    effects.extend(
        state
            .sending
            .as_ref()
            .map(|sending| Effect::Cancel(sending.job)),
    );
    state.over = true;
}
