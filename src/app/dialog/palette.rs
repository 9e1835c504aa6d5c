//! The palette: every command by name.

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, rest, row};
use crate::app::available::available;
use crate::app::effect::Effect;
use crate::app::keymap::{Command, KeymapRow, commands, row_of};
use crate::app::prompt::InputLine;
use crate::app::state::{Grade, State};
use crate::app::view;
use crate::inventory::view::View;

/// The open palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub line: InputLine,
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
pub struct PaletteRow {
    /// What is typed to mean it: a command's name, or that with an argument.
    pub name: String,
    /// What it does, in words.
    pub title: String,
    /// What taking it does.
    pub does: Does,
}

impl PaletteRow {
    fn command(row: &KeymapRow) -> Self {
        Self {
            name: row.name.into(),
            title: row.title.into(),
            does: Does::Run(row.command),
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
    pub fn matches(&self, state: &State) -> Vec<PaletteRow> {
        let typed = self.line.value().trim_start().to_lowercase();
        let view = row_of(Command::View).map_or("", |row| row.name);
        if let Some(name) = typed
            .strip_prefix(view)
            .filter(|rest| rest.starts_with(char::is_whitespace))
        {
            return views(state, view, name.trim());
        }
        let typed = typed.trim_end();
        let holds = |row: &&KeymapRow| {
            typed
                .split_whitespace()
                .all(|word| row.name.contains(word) || row.title.to_lowercase().contains(word))
        };
        let mut found: Vec<&'static KeymapRow> = commands().iter().filter(holds).collect();
        found.sort_by_key(|row| !row.name.starts_with(typed));
        found.into_iter().map(PaletteRow::command).collect()
    }

    fn run(&self, state: &mut State, effects: &mut Vec<Effect>) -> Next {
        let Some(offer) = self.matches(state).into_iter().nth(self.cursor) else {
            return Next::Stay;
        };
        if let Err(why) = available(state, offer.means()) {
            state.say(Grade::Note, format!("{}: {why}", offer.name));
            return Next::Close;
        }
        match offer.does {
            Does::Run(command) => Next::Run(command),
            Does::View(at) => {
                effects.extend(view::show(state, at));
                Next::Close
            }
        }
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
        self.line = InputLine::with(&offer.name);
        self.cursor = 0;
        true
    }
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum PaletteKey {
    Run,
    Complete,
    Down,
    Up,
    Cancel,
    Type,
}

impl Keyed for Palette {
    type Means = PaletteKey;

    fn table(&self, state: &State) -> Vec<DialogKey<PaletteKey>> {
        let nothing = self.matches(state).is_empty();
        let mut table = vec![
            row(&["Enter"], PaletteKey::Run)
                .footer("runs it")
                .off_if(nothing, "no command has these words"),
            row(&["Tab"], PaletteKey::Complete).footer("completes"),
            row(&["Down"], PaletteKey::Down)
                .written("Up Down")
                .footer("move"),
            row(&["Up", "S-Tab"], PaletteKey::Up),
            row(keys::BACK, PaletteKey::Cancel).footer("cancel"),
        ];
        if self.line.value().is_empty() {
            table.push(row(&["Backspace"], PaletteKey::Cancel));
        }
        table.push(rest(PaletteKey::Type));
        table
    }

    fn does(
        &mut self,
        means: PaletteKey,
        Press {
            key,
            state,
            effects,
        }: Press<'_>,
    ) -> Next {
        match means {
            PaletteKey::Cancel => return Next::Close,
            PaletteKey::Run => return self.run(state, effects),
            PaletteKey::Complete if self.complete(state) => {}
            PaletteKey::Down | PaletteKey::Complete => self.cursor += 1,
            PaletteKey::Up => self.cursor = self.cursor.saturating_sub(1),
            PaletteKey::Type => {
                self.line.key(key);
                self.cursor = 0;
            }
        }
        self.cursor = (self.cursor).min(self.matches(state).len().saturating_sub(1));
        Next::Stay
    }

    fn paste(&mut self, pasted: &str) {
        self.line.paste(pasted);
    }
}

/// The views whose names begin with what is typed, then those that hold it.
fn views(state: &State, command: &str, typed: &str) -> Vec<PaletteRow> {
    let mut found: Vec<(usize, &View)> = state
        .setup
        .views
        .iter()
        .enumerate()
        .filter(|(_, view)| view.name.to_lowercase().contains(typed))
        .collect();
    found.sort_by_key(|(_, view)| !view.name.to_lowercase().starts_with(typed));
    let offer = |(at, view): (usize, &View)| PaletteRow {
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
        state.setup.views.push(View {
            name: "Fabrikam".into(),
            filter: "domain:fabrikam".into(),
            ..View::plain(crate::inventory::view::Base::Pending)
        });
        let names = |typed: &str| {
            let palette = Palette {
                line: InputLine::with(typed),
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
            line: InputLine::with("view sch"),
            cursor: 0,
        };
        assert!(palette.complete(&state));
        assert_eq!(palette.line.value(), "view scheduled");
        assert!(!palette.complete(&state), "nothing more to write");
    }
}
