//! Everything that was said, whole: where an error is longer than one line, it is read here.

use super::Next;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap;
use crate::app::state::State;

/// The open list of messages, newest first.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// First message shown.
    pub scroll: usize,
}

impl Messages {
    pub(super) fn key(&mut self, state: &mut State, key: Key) -> Next {
        if let Some(by) = keymap::movement(key) {
            let last = state.notices.past.len().saturating_sub(1);
            self.scroll = self.scroll.saturating_add_signed(by).min(last);
            return Next::Stay;
        }
        if matches!(key.code, KeyCode::Esc | KeyCode::Enter)
            || matches!(key.typed(), Some('q' | '!'))
            || key == Key::ctrl('c')
        {
            // They were on screen whole: read.
            state.notices.errors.clear();
            return Next::Close;
        }
        Next::Stay
    }
}
