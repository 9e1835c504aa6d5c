//! A short list of choices: how strongly to revoke, what to copy, by what to sort.

use super::Next;
use super::keys::{DialogKey, Keyed, Press, letter, moved, moves, row};
use crate::app::command;
use crate::app::state::State;

use crate::acts::ActKind;
use crate::domain::invitation::Secret;
use crate::worker::protocol::Whose;

/// Something to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyValue {
    /// What may be read on the screen.
    Open(String),
    /// What opens doors to whoever sees it: it goes to the clipboard and nowhere else.
    Secret(Secret),
}

impl CopyValue {
    /// As it may be shown; empty for a secret.
    pub fn shown(&self) -> &str {
        match self {
            Self::Open(value) => value,
            Self::Secret(_) => "",
        }
    }

    /// As it goes to the clipboard.
    pub fn into_secret(self) -> Secret {
        match self {
            Self::Open(value) => Secret::new(&value),
            Self::Secret(secret) => secret,
        }
    }
}

/// What choosing does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Do this act with the chosen guests: stage it, or ask about it.
    Act(ActKind),
    /// Copy this; the second is the name of what it is.
    Copy(CopyValue, &'static str),
    /// Show the view at this place.
    View(usize),
    /// Show the accounts of these.
    Whose(Whose),
    /// Sort by this column.
    Sort(&'static str),
    /// Go to the tenant of the profile with this name.
    Profile(String),
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The key that picks it at once.
    pub key: char,
    /// What it is.
    pub label: String,
    /// More about it; may be empty.
    pub hint: String,
    /// What picking it does.
    pub pick: Pick,
}

/// An open menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// What is asked.
    pub title: String,
    /// The choices.
    pub choices: Vec<Choice>,
    /// The one Enter takes.
    pub cursor: usize,
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum MenuKey {
    /// Takes the choice at this place.
    Take(usize),
    Move,
    Cancel,
}

impl Keyed for Menu {
    type Means = MenuKey;

    fn table(&self, _: &State) -> Vec<DialogKey<MenuKey>> {
        // A choice more than there are letters is taken with the cursor.
        let choices = self.choices.iter().enumerate();
        choices
            .filter(|(_, choice)| choice.key != '\0')
            .map(|(at, choice)| letter(choice.key, MenuKey::Take(at)))
            .chain([
                row(&["Enter"], MenuKey::Take(self.cursor)).footer("takes it"),
                moves(MenuKey::Move).written("Up Down").footer("move"),
                row(&["Esc", "q", "Ctrl-c"], MenuKey::Cancel).footer("cancel"),
            ])
            .collect()
    }

    fn does(
        &mut self,
        means: MenuKey,
        Press {
            key,
            state,
            effects,
        }: Press<'_>,
    ) -> Next {
        match means {
            MenuKey::Take(at) => {
                let Some(choice) = self.choices.get(at) else {
                    return Next::Stay;
                };
                effects.extend(command::pick(state, choice.pick.clone()));
                Next::Close
            }
            MenuKey::Move => {
                self.cursor = moved(self.cursor, key, self.choices.len().saturating_sub(1));
                Next::Stay
            }
            MenuKey::Cancel => Next::Close,
        }
    }
}
