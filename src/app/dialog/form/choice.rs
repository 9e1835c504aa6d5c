//! One of several.

use super::field::FieldKey;
use crate::app::key::Key;

/// One of several: stepped through, and where there may be many of them, found by letters.
#[derive(Clone, Debug, Default)]
pub struct ChoiceField {
    /// What there is to choose from.
    pub words: Vec<String>,
    /// The one that is chosen.
    at: usize,
    /// Letters typed to find one, where they do.
    find: Option<String>,
}

impl ChoiceField {
    /// One of a few.
    pub fn of(words: impl IntoIterator<Item = String>) -> Self {
        Self {
            words: words.into_iter().collect(),
            at: 0,
            find: None,
        }
    }

    /// One of many, that at `at` first: found by letters.
    pub fn of_many(words: impl IntoIterator<Item = String>, at: usize) -> Self {
        Self {
            at,
            find: Some(String::new()),
            ..Self::of(words)
        }
    }

    /// The place of the one that is chosen; `None` where there is none to choose.
    pub fn chosen(&self) -> Option<usize> {
        (self.at < self.words.len()).then_some(self.at)
    }

    /// Whether letters find one.
    pub(super) fn by_letters(&self) -> bool {
        self.find.is_some()
    }

    /// What stands beside it where there may be many: the letters typed, or its place.
    pub fn beside(&self) -> Option<String> {
        let find = self.find.as_ref().filter(|_| !self.words.is_empty())?;
        Some(if find.is_empty() {
            format!("{} of {}", self.at + 1, self.words.len())
        } else {
            find.clone()
        })
    }

    pub(super) fn does(&mut self, means: FieldKey, key: Key) {
        match (means, &mut self.find) {
            (FieldKey::Before, _) => self.step(-1),
            (FieldKey::After, _) => self.step(1),
            (FieldKey::TakeBack, Some(find)) => drop(find.pop()),
            (FieldKey::Type, Some(_)) => self.find(key),
            (FieldKey::TakeBack | FieldKey::Type, None) | (FieldKey::Flip, _) => {}
        }
    }

    /// The keyboard goes elsewhere: what was typed to find one is over.
    pub(super) fn leave(&mut self) {
        self.find.as_mut().map(String::clear);
    }

    fn step(&mut self, by: isize) {
        let count = self.words.len();
        if count > 0 {
            self.at = (self.at + count).saturating_add_signed(by) % count;
        }
        self.leave();
    }

    /// Goes to the next one that holds what was typed; a letter that none holds is not taken.
    fn find(&mut self, key: Key) {
        let (Some(c), Some(find)) = (key.typed(), &self.find) else {
            return;
        };
        let typed: String = find.chars().chain(c.to_lowercase()).collect();
        let count = self.words.len();
        let found = (0..count)
            .map(|step| (self.at + step) % count)
            .find(|at| self.words[*at].to_lowercase().contains(&typed));
        if let Some(at) = found {
            (self.at, self.find) = (at, Some(typed));
        }
    }
}
