//! Forgetting the sign-in: asked first.

use super::Next;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};

/// The open question.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOut;

impl SignOut {
    pub(super) fn key(key: Key, effects: &mut Vec<Effect>) -> Next {
        match key.typed() {
            Some('y') => {
                effects.push(Effect::SignOut);
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
