//! Help: every key, searchable, with the reason where a command is off.

use super::Next;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap::{COMMANDS, Entry, Keymap};
use crate::app::prompt::Line;

/// The open help.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// What is searched for.
    pub line: Line,
    /// First row shown.
    pub scroll: usize,
}

impl Help {
    /// The commands to show.
    pub fn matches(&self, keymap: &Keymap) -> Vec<&'static Entry> {
        let typed = self.line.value().trim().to_lowercase();
        let holds = |entry: &&Entry| {
            typed.split_whitespace().all(|word| {
                entry.name.contains(word)
                    || entry.title.to_lowercase().contains(word)
                    || keymap
                        .keys(entry.command)
                        .iter()
                        .any(|key| key.to_lowercase() == word)
            })
        };
        COMMANDS.iter().filter(holds).collect()
    }

    pub(super) fn key(&mut self, keymap: &Keymap, key: Key) -> Next {
        match key.code {
            KeyCode::Esc | KeyCode::Enter => return Next::Close,
            KeyCode::Char('c') if key.ctrl => return Next::Close,
            KeyCode::Char('q' | '?') if self.line.value().is_empty() => return Next::Close,
            KeyCode::Down => self.scroll += 1,
            KeyCode::Up => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::PageDown => self.scroll += 10,
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(10),
            _ => {
                self.line.key(key);
                self.scroll = 0;
            }
        }
        self.scroll = self
            .scroll
            .min(self.matches(keymap).len().saturating_sub(1));
        Next::Stay
    }
}
