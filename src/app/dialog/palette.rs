//! The palette: every command by name.

use super::Next;
use crate::app::available::available;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap::{COMMANDS, Entry};
use crate::app::prompt::Line;
use crate::app::state::{Grade, State};

/// The open palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub line: Line,
    /// The row Enter takes.
    pub cursor: usize,
}

impl Palette {
    /// The commands that what is typed leaves: names that begin with it first, then those that hold all its
    /// words in name or title.
    pub fn matches(&self) -> Vec<&'static Entry> {
        let typed = self.line.value().trim().to_lowercase();
        let holds = |entry: &&Entry| {
            typed
                .split_whitespace()
                .all(|word| entry.name.contains(word) || entry.title.to_lowercase().contains(word))
        };
        let mut found: Vec<&'static Entry> = COMMANDS.iter().filter(holds).collect();
        found.sort_by_key(|entry| !entry.name.starts_with(&typed));
        found
    }

    pub(super) fn key(&mut self, state: &mut State, key: Key) -> Next {
        match key.code {
            KeyCode::Esc => return Next::Close,
            KeyCode::Char('c') if key.ctrl => return Next::Close,
            KeyCode::Backspace if self.line.value().is_empty() => return Next::Close,
            KeyCode::Down | KeyCode::Tab => self.cursor += 1,
            KeyCode::Up | KeyCode::BackTab => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Enter => {
                let Some(entry) = self.matches().get(self.cursor).copied() else {
                    return Next::Stay;
                };
                if let Err(why) = available(state, entry.command) {
                    state.say(Grade::Note, format!("{}: {why}", entry.name));
                    return Next::Close;
                }
                return Next::Run(entry.command);
            }
            _ => {
                self.line.key(key);
                self.cursor = 0;
            }
        }
        self.cursor = self.cursor.min(self.matches().len().saturating_sub(1));
        Next::Stay
    }
}
