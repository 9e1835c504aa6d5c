//! A short list of choices: how strongly to revoke, what to copy, by what to sort.

use super::Next;
use crate::app::command;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap;
use crate::app::state::State;
use crate::domain::act::Strength;
use crate::domain::invitation::Secret;

/// What choosing does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Stage revoking with this strength.
    Revoke(Strength),
    /// Copy this; the second is the name of what it is.
    Copy(Secret, &'static str),
    /// Show the view at this place.
    View(usize),
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

impl Menu {
    pub(super) fn key(&mut self, state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Next {
        let picked = match key.typed() {
            Some(c) => self.choices.iter().position(|choice| choice.key == c),
            None if key.code == KeyCode::Enter => Some(self.cursor),
            None => None,
        };
        if let Some(choice) = picked.and_then(|at| self.choices.get(at)) {
            effects.extend(command::pick(state, choice.pick.clone()));
            return Next::Close;
        }
        if let Some(by) = keymap::movement(key) {
            self.cursor = self
                .cursor
                .saturating_add_signed(by)
                .min(self.choices.len().saturating_sub(1));
            return Next::Stay;
        }
        if key.code == KeyCode::Esc || key.typed() == Some('q') || key == Key::ctrl('c') {
            return Next::Close;
        }
        Next::Stay
    }
}
