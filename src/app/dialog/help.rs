//! Help: every key, searchable, with the reason where a command is off.

use super::Next;
use super::keys::{DialogKey, Keyed, Press, rest, row};
use crate::app::keymap::{Keymap, KeymapRow, commands};
use crate::app::prompt::InputLine;
use crate::app::state::State;

/// The open help.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// What is searched for.
    pub line: InputLine,
    /// First row shown.
    pub scroll: usize,
}

impl Help {
    /// The commands to show.
    pub fn matches(&self, keymap: &Keymap) -> Vec<&'static KeymapRow> {
        let typed = self.line.value().trim().to_lowercase();
        let holds = |row: &&KeymapRow| {
            typed.split_whitespace().all(|word| {
                row.name.contains(word)
                    || row.title.to_lowercase().contains(word)
                    || keymap
                        .keys(row.command)
                        .iter()
                        .any(|key| key.to_lowercase() == word)
            })
        };
        commands().iter().filter(holds).collect()
    }
}

/// What a key means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum HelpKey {
    Close,
    Down,
    Up,
    PageDown,
    PageUp,
    Search,
}

impl Keyed for Help {
    type Means = HelpKey;

    fn table(&self, _: &State) -> Vec<DialogKey<HelpKey>> {
        let mut table = vec![
            row(&["Esc", "Enter", "Ctrl-c"], HelpKey::Close).footer("close"),
            row(&["Down"], HelpKey::Down)
                .written("Up Down")
                .footer("scroll"),
            row(&["Up"], HelpKey::Up),
            row(&["PgDn"], HelpKey::PageDown),
            row(&["PgUp"], HelpKey::PageUp),
        ];
        if self.line.value().is_empty() {
            table.push(row(&["q", "?"], HelpKey::Close));
        }
        table.push(rest(HelpKey::Search).written("letters").footer("search"));
        table
    }

    fn does(&mut self, means: HelpKey, Press { key, state, .. }: Press<'_>) -> Next {
        match means {
            HelpKey::Close => return Next::Close,
            HelpKey::Down => self.scroll += 1,
            HelpKey::Up => self.scroll = self.scroll.saturating_sub(1),
            HelpKey::PageDown => self.scroll += 10,
            HelpKey::PageUp => self.scroll = self.scroll.saturating_sub(10),
            HelpKey::Search => {
                self.line.key(key);
                self.scroll = 0;
            }
        }
        let last = self.matches(&state.setup.keymap).len().saturating_sub(1);
        self.scroll = self.scroll.min(last);
        Next::Stay
    }

    fn paste(&mut self, pasted: &str) {
        self.line.paste(pasted);
    }
}
