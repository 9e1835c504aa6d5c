//! What one can fill in: a line, a choice, a toggle, people, a number, a date; one file for each that is more than that.

use super::choice::ChoiceField;
use super::date::{DateField, today};
use super::number::NumberField;
use super::people::PeopleField;
use crate::app::dialog::keys::{DialogKey, rest, row};
use crate::app::key::Key;
use crate::app::prompt::InputLine;
use crate::app::state::State;

/// What one can fill in, and what is.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// A line of text.
    Line(InputLine),
    /// One of several.
    Choice(ChoiceField),
    /// On or off.
    Toggle(ToggleField),
    /// Some of those there are.
    People(PeopleField),
    /// A whole number.
    Number(NumberField),
    /// A day from today on.
    Date(DateField),
}

/// On or off, and what either means.
#[derive(Clone, Copy, Debug)]
pub struct ToggleField {
    /// Which it is.
    pub on: bool,
    /// What it means when on.
    pub yes: &'static str,
    /// What it means when off.
    pub no: &'static str,
}

/// What a key means in a field.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum FieldKey {
    /// To the one before, of what can be chosen or was found.
    Before,
    /// To the next one.
    After,
    /// On becomes off.
    Flip,
    /// The last letter, or the last one picked, goes.
    TakeBack,
    /// Is for the line.
    Type,
}

impl FieldKind {
    /// A line that holds `value` already.
    pub fn with(value: &str) -> Self {
        Self::Line(InputLine::with(value))
    }

    /// The line one types into, where it has one.
    pub fn line(&self) -> Option<&InputLine> {
        match self {
            Self::Line(line) => Some(line),
            Self::People(people) => Some(&people.line),
            Self::Number(number) => Some(&number.line),
            Self::Date(date) => Some(&date.line),
            Self::Choice(_) | Self::Toggle(_) => None,
        }
    }

    /// Writes something else in its line, where it has one.
    pub(super) fn write(&mut self, value: &str) {
        if let Self::Line(line) = self {
            *line = InputLine::with(value);
        }
    }

    /// What is written in it, without blanks around it; nothing where it has no line.
    pub fn text(&self) -> &str {
        self.line().map_or("", |line| line.value().trim())
    }

    /// The keys that are for it while it has the keyboard.
    pub(super) fn table(&self) -> Vec<DialogKey<FieldKey>> {
        let left = row(&["Left"], FieldKey::Before);
        let right = row(&["Right"], FieldKey::After);
        let back = row(&["Backspace"], FieldKey::TakeBack);
        let line = rest(FieldKey::Type);
        match self {
            Self::Line(_) | Self::Number(_) | Self::Date(_) => vec![line],
            Self::Choice(choice) if choice.by_letters() => vec![left, right, back, line],
            Self::Choice(_) => vec![left, row(&["Right", "Space"], FieldKey::After)],
            Self::Toggle(_) => vec![row(&["Left", "Right", "Space"], FieldKey::Flip)],
            Self::People(people) if people.line.value().is_empty() => vec![back, line],
            Self::People(_) => vec![left, right, line],
        }
    }

    /// Does what a key means by [`FieldKind::table`]; says whether a line was typed into.
    pub(super) fn does(&mut self, means: FieldKey, key: Key) -> bool {
        match (self, means) {
            (Self::Choice(choice), means) => {
                choice.does(means, key);
                false
            }
            (Self::Toggle(toggle), _) => {
                toggle.on = !toggle.on;
                false
            }
            (Self::People(people), means) => {
                people.does(means, key);
                true
            }
            (Self::Number(number), _) => {
                number.key(key);
                true
            }
            (Self::Line(line) | Self::Date(DateField { line }), _) => {
                line.key(key);
                true
            }
        }
    }

    /// Enter: takes who is found. Says whether there was anything to take.
    ///
    /// # Errors
    /// A sentence that says why they cannot be taken.
    pub(super) fn take(&mut self) -> Result<bool, String> {
        match self {
            Self::People(people) => people.take(),
            Self::Line(_) | Self::Choice(_) | Self::Toggle(_) | Self::Number(_) | Self::Date(_) => {
                Ok(false)
            }
        }
    }

    /// The keyboard goes elsewhere.
    pub(super) fn leave(&mut self) {
        if let Self::Choice(choice) = self {
            choice.leave();
        }
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        match self {
            Self::Line(line) | Self::Date(DateField { line }) => line.paste(pasted),
            Self::People(people) => people.paste(pasted),
            Self::Number(number) => number.paste(pasted),
            Self::Choice(_) | Self::Toggle(_) => {}
        }
    }

    /// Whether what stands in it is of its kind.
    ///
    /// # Errors
    /// A sentence that says what it should be.
    pub(super) fn check(&self, state: &State) -> Result<(), String> {
        match self {
            Self::People(people) => people.check(),
            Self::Number(number) => number.value().map(drop),
            Self::Date(date) => date.value(today(state)).map(drop),
            Self::Line(_) | Self::Choice(_) | Self::Toggle(_) => Ok(()),
        }
    }
}
