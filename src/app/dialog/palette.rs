//! The palette: every command by name.

use super::Next;
use crate::app::available::available;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap::{COMMANDS, Command, Entry, entry_of};
use crate::app::prompt::Line;
use crate::app::state::{Grade, State};
use crate::app::view;
use crate::inventory::view::View;

/// The open palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub line: Line,
    /// The row Enter takes.
    pub cursor: usize,
}

/// What a row of the palette does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Runs a command.
    Run(Command),
    /// Shows the view at this place.
    View(usize),
}

/// A row of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is typed to mean it: a command's name, or that with an argument.
    pub name: String,
    /// What it does, in words.
    pub title: String,
    /// What taking it does.
    pub does: Does,
}

impl Offer {
    fn command(entry: &Entry) -> Self {
        Self {
            name: entry.name.into(),
            title: entry.title.into(),
            does: Does::Run(entry.command),
        }
    }

    /// The command behind it, which says whether it can be used now.
    pub fn means(&self) -> Command {
        match self.does {
            Does::Run(command) => command,
            Does::View(_) => Command::View,
        }
    }
}

impl Palette {
    /// What one can go on with from what is typed: commands whose names begin with it first, then those that hold all its
    /// words in name or title. Behind a command that takes a name, the names there are.
    pub fn matches(&self, state: &State) -> Vec<Offer> {
        let typed = self.line.value().trim_start().to_lowercase();
        let view = entry_of(Command::View).map_or("", |entry| entry.name);
        if let Some(name) = typed
            .strip_prefix(view)
            .filter(|rest| rest.starts_with(char::is_whitespace))
        {
            return views(state, view, name.trim());
        }
        let typed = typed.trim_end();
        let holds = |entry: &&Entry| {
            typed
                .split_whitespace()
                .all(|word| entry.name.contains(word) || entry.title.to_lowercase().contains(word))
        };
        let mut found: Vec<&'static Entry> = COMMANDS.iter().filter(holds).collect();
        found.sort_by_key(|entry| !entry.name.starts_with(typed));
        found.into_iter().map(Offer::command).collect()
    }

    pub(super) fn key(&mut self, state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Next {
        match key.code {
            KeyCode::Esc => return Next::Close,
            KeyCode::Char('c') if key.ctrl => return Next::Close,
            KeyCode::Backspace if self.line.value().is_empty() => return Next::Close,
            KeyCode::Tab if self.complete(state) => {}
            KeyCode::Down | KeyCode::Tab => self.cursor += 1,
            KeyCode::Up | KeyCode::BackTab => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Enter => {
                let offers = self.matches(state);
                let Some(offer) = offers.get(self.cursor) else {
                    return Next::Stay;
                };
                if let Err(why) = available(state, offer.means()) {
                    state.say(Grade::Note, format!("{}: {why}", offer.name));
                    return Next::Close;
                }
                return match offer.does {
                    Does::Run(command) => Next::Run(command),
                    Does::View(at) => {
                        effects.extend(view::show(state, at));
                        Next::Close
                    }
                };
            }
            _ => {
                self.line.key(key);
                self.cursor = 0;
            }
        }
        self.cursor = (self.cursor).min(self.matches(state).len().saturating_sub(1));
        Next::Stay
    }

    /// Writes out the row under the cursor where something of it is typed; says whether that changed anything.
    fn complete(&mut self, state: &State) -> bool {
        let typed = self.line.value().trim_start();
        let Some(offer) = self.matches(state).into_iter().nth(self.cursor) else {
            return false;
        };
        if typed.is_empty() || typed == offer.name || !offer.name.starts_with(typed) {
            return false;
        }
        self.line = Line::with(&offer.name);
        self.cursor = 0;
        true
    }
}

/// The views whose names begin with what is typed, then those that hold it.
fn views(state: &State, command: &str, typed: &str) -> Vec<Offer> {
    let mut found: Vec<(usize, &View)> = state
        .views
        .iter()
        .enumerate()
        .filter(|(_, view)| view.name.to_lowercase().contains(typed))
        .collect();
    found.sort_by_key(|(_, view)| !view.name.to_lowercase().starts_with(typed));
    let offer = |(at, view): (usize, &View)| Offer {
        name: format!("{command} {}", view.name),
        title: view.about(),
        does: Does::View(at),
    };
    found.into_iter().map(offer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_named_behind_the_command() {
        let mut state = crate::app::tests::state();
        state.views.push(View {
            name: "Fabrikam".into(),
            filter: "domain:fabrikam".into(),
            ..View::plain(crate::inventory::view::Base::Pending)
        });
        let names = |typed: &str| {
            let palette = Palette {
                line: Line::with(typed),
                cursor: 0,
            };
            let offers = palette.matches(&state).into_iter();
            offers.map(|offer| offer.name).collect::<Vec<_>>()
        };
        assert_eq!(names("vie")[0], "view");
        assert_eq!(names("view fa"), ["view failed", "view Fabrikam"]);
        assert_eq!(names("view brik"), ["view Fabrikam"]);
        assert_eq!(names("view ").len(), 7);
        assert!(names("view nonsense").is_empty());
        let mut palette = Palette {
            line: Line::with("view sch"),
            cursor: 0,
        };
        assert!(palette.complete(&state));
        assert_eq!(palette.line.value(), "view scheduled");
        assert!(!palette.complete(&state), "nothing more to write");
    }
}
