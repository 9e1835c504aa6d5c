//! A whole number.

use crate::app::key::Key;
use crate::app::prompt::InputLine;

/// A whole number between two others, they included.
#[derive(Clone, Debug)]
pub struct NumberField {
    /// Its digits.
    pub line: InputLine,
    /// The least it can be.
    pub least: u32,
    /// The most it can be.
    pub most: u32,
}

impl NumberField {
    /// A number from `least` to `most`, and `value` first.
    pub fn of(value: u32, least: u32, most: u32) -> Self {
        Self {
            line: InputLine::with(&value.to_string()),
            least,
            most,
        }
    }

    /// The number; `None` where nothing is written.
    ///
    /// # Errors
    /// A sentence that says between which it must be.
    pub fn value(&self) -> Result<Option<u32>, String> {
        let written = self.line.value().trim();
        if written.is_empty() {
            return Ok(None);
        }
        let number = written.parse().ok();
        let number = number.filter(|number| (self.least..=self.most).contains(number));
        let why = || format!("Write a number from {} to {}", self.least, self.most);
        number.map(Some).ok_or_else(why)
    }

    /// Takes a key: letters are nothing of a number, the keys that edit a line are.
    pub(super) fn key(&mut self, key: Key) {
        if key.typed().is_none_or(|c| c.is_ascii_digit()) {
            self.line.key(key);
        }
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        let digits: String = pasted.chars().filter(char::is_ascii_digit).collect();
        self.line.paste(&digits);
    }
}
