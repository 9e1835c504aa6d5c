//! Everything that was said, whole: where an error is longer than one line, it is read here.

use super::Next;
use super::keys::{DialogKey, Keyed, Press, moved, moves, row};
use crate::app::state::State;

/// The open list of messages, newest first.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// First message shown.
    pub scroll: usize,
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum MessagesKey {
    Close,
    Move,
}

impl Keyed for Messages {
    type Means = MessagesKey;

    fn table(&self, _: &State) -> Vec<DialogKey<MessagesKey>> {
        vec![
            row(&["Esc", "Enter", "q", "!", "Ctrl-c"], MessagesKey::Close)
                .footer("close: they are read"),
            moves(MessagesKey::Move).footer("scroll"),
        ]
    }

    fn does(&mut self, means: MessagesKey, Press { key, state, .. }: Press<'_>) -> Next {
        match means {
            MessagesKey::Close => {
                // They were on screen whole: read.
                state.said.notices.errors.clear();
                Next::Close
            }
            MessagesKey::Move => {
                let last = state.said.notices.past.len().saturating_sub(1);
                self.scroll = moved(self.scroll, key, last);
                Next::Stay
            }
        }
    }
}
