//! A dialog's keys as data: one table a dialog, or a step of one. What a key does, the footer and the buttons all read it.

use super::Next;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap;
use crate::app::state::{Grade, State};

/// The ways out of a question: all of them do nothing.
pub(super) const LEAVE: &[&str] = &["Esc", "Enter", "n", "q", "Ctrl-c"];
/// The ways out of something one has read.
pub(super) const CLOSE: &[&str] = &["Esc", "Enter", "q", "Ctrl-c"];
/// The ways out where letters are typed.
pub(in crate::app) const BACK: &[&str] = &["Esc", "Ctrl-c"];
/// The keys that move a list: those of [`crate::app::keymap::movement`].
const MOVES: &[&str] = &["j", "k", "Down", "Up", "PgDn", "PgUp"];
/// What a number is typed with.
pub(super) const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// What a row of a table answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// These, in the keymap's notation, the one to show first. A named key is meant whatever is held with it.
    Keys(&'static [&'static str]),
    /// The letter of a choice.
    Letter(char),
    /// Whatever no row above takes: for a line of text.
    Rest,
}

impl Pressed {
    fn takes(self, key: Key) -> bool {
        let is = |written: &&str| match written.parse::<Key>() {
            Ok(named) if !matches!(named.code, KeyCode::Char(_)) => named.code == key.code,
            Ok(named) => named == key,
            Err(_) => false,
        };
        match self {
            Self::Keys(written) => written.iter().any(is),
            Self::Letter(c) => key.typed() == Some(c),
            Self::Rest => true,
        }
    }
}

/// The button of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// It has none.
    None,
    /// What is taken if one only presses on, and does no harm: in brackets, first.
    Safe(&'static str),
    /// Any other.
    Other(&'static str),
}

/// A row of a dialog's table: keys that mean one thing there.
#[derive(Clone, Copy, Debug)]
pub struct DialogKey<M> {
    /// The keys.
    pub pressed: Pressed,
    /// What they mean.
    pub means: M,
    /// How the footer writes them where not by the first: `j k`.
    written: Option<&'static str>,
    /// Their word in the footer, where they stand there.
    footer: Option<&'static str>,
    button: Button,
    /// Why they do nothing now.
    off: Option<&'static str>,
}

/// A row for these keys, shown nowhere yet.
pub(in crate::app) const fn row<M: Copy>(keys: &'static [&'static str], means: M) -> DialogKey<M> {
    pressed(Pressed::Keys(keys), means)
}

/// A row for what a line of text takes; stands last.
pub(in crate::app) const fn rest<M: Copy>(means: M) -> DialogKey<M> {
    pressed(Pressed::Rest, means)
}

/// A row for the letter of a choice.
pub(super) const fn letter<M: Copy>(letter: char, means: M) -> DialogKey<M> {
    pressed(Pressed::Letter(letter), means)
}

/// The row that moves a list.
pub(super) const fn moves<M: Copy>(means: M) -> DialogKey<M> {
    row(MOVES, means).written("j k")
}

const fn pressed<M: Copy>(pressed: Pressed, means: M) -> DialogKey<M> {
    DialogKey {
        pressed,
        means,
        written: None,
        footer: None,
        button: Button::None,
        off: None,
    }
}

impl<M: Copy> DialogKey<M> {
    pub(in crate::app) const fn footer(mut self, word: &'static str) -> Self {
        self.footer = Some(word);
        self
    }

    pub(in crate::app) const fn written(mut self, keys: &'static str) -> Self {
        self.written = Some(keys);
        self
    }

    pub(in crate::app) const fn button(mut self, button: Button) -> Self {
        self.button = button;
        self
    }

    pub(super) const fn safe(self, word: &'static str) -> Self {
        self.button(Button::Safe(word))
    }

    pub(super) const fn other(self, word: &'static str) -> Self {
        self.button(Button::Other(word))
    }

    /// The same word in the footer and on the button.
    pub(super) const fn both(self, word: &'static str) -> Self {
        self.footer(word).other(word)
    }

    pub(super) const fn off_if(mut self, off: bool, why: &'static str) -> Self {
        if off {
            self.off = Some(why);
        }
        self
    }

    /// The same keys in the table of whatever it is a part of.
    pub(super) fn part_of<P>(self, means: impl FnOnce(M) -> P) -> DialogKey<P> {
        DialogKey {
            pressed: self.pressed,
            means: means(self.means),
            written: self.written,
            footer: self.footer,
            button: self.button,
            off: self.off,
        }
    }

    pub(in crate::app) fn shown(&self) -> ShownKey {
        let keys = match self.pressed {
            Pressed::Keys(keys) => keys,
            Pressed::Letter(_) | Pressed::Rest => &[],
        };
        let first = keys.first().copied().unwrap_or_default();
        // A button is pressed with Enter where Enter means the same.
        let enter = keys.iter().find(|key| **key == "Enter");
        ShownKey {
            pressed: self.pressed,
            footer: self
                .footer
                .map(|word| (self.written.unwrap_or(first), word)),
            key: enter.copied().unwrap_or(first),
            button: self.button,
            off: self.off,
        }
    }
}

/// A row of a table as footer and buttons read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownKey {
    /// What it answers to.
    pub pressed: Pressed,
    /// Keys and word in the footer, where it stands there.
    pub footer: Option<(&'static str, &'static str)>,
    /// The key on the button.
    pub key: &'static str,
    /// The button.
    pub button: Button,
    /// Why it does nothing now.
    pub off: Option<&'static str>,
}

/// A key that was pressed on a dialog, and what it may change besides.
pub(in crate::app) struct Press<'a> {
    pub key: Key,
    pub state: &'a mut State,
    pub effects: &'a mut Vec<Effect>,
}

/// A dialog: its table, and what each row does.
pub(in crate::app) trait Keyed {
    /// What its keys can mean.
    type Means: Copy;

    /// The table that holds now.
    fn table(&self, state: &State) -> Vec<DialogKey<Self::Means>>;

    /// Does what a row means.
    fn does(&mut self, means: Self::Means, press: Press<'_>) -> Next;

    /// Takes pasted words, where it has a line for them.
    fn paste(&mut self, _pasted: &str) {}
}

/// What a key means by a table.
pub(in crate::app) fn find<M: Copy>(table: &[DialogKey<M>], key: Key) -> Option<DialogKey<M>> {
    table.iter().find(|row| row.pressed.takes(key)).copied()
}

/// Where a list stands after a key of [`moves`]; its last place is `last`.
pub(super) fn moved(at: usize, key: Key, last: usize) -> usize {
    let by = keymap::movement(key).unwrap_or(0);
    at.saturating_add_signed(by).min(last)
}

/// Takes a key of [`DIGITS`] while there is room; says whether it did.
pub(super) fn type_digit(number: &mut String, key: Key) -> bool {
    let digit = key.typed().filter(|_| number.len() < 6);
    number.extend(digit);
    digit.is_some()
}

/// Any dialog, whatever its keys mean.
pub(super) trait AnyKeys {
    fn press(&mut self, press: Press<'_>) -> Next;
    fn shown(&self, state: &State) -> Vec<ShownKey>;
    fn pasted(&mut self, pasted: &str);
}

impl<D: Keyed> AnyKeys for D {
    fn press(&mut self, press: Press<'_>) -> Next {
        match find(&self.table(press.state), press.key) {
            None => Next::Stay,
            Some(DialogKey { off: Some(why), .. }) => {
                let words = format!("{} does nothing now: {why}", press.key);
                press.state.say(Grade::Note, words);
                Next::Stay
            }
            Some(row) => self.does(row.means, press),
        }
    }

    fn shown(&self, state: &State) -> Vec<ShownKey> {
        self.table(state).iter().map(DialogKey::shown).collect()
    }

    fn pasted(&mut self, pasted: &str) {
        self.paste(pasted);
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
