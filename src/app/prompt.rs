//! The line one types a filter into, and the text inputs of dialogs.

use tui_input::{Input, InputRequest};

use super::dialog::keys::{BACK, DialogKey, ShownKey, rest, row};
use super::key::{Key, KeyCode};
use crate::domain::text::Text;
use crate::inventory::filter::{Filter, FilterError};

/// A line of text being typed.
#[derive(Clone, Debug, Default)]
pub struct InputLine {
    input: Input,
}

impl InputLine {
    /// Longest line taken, in characters: a paste of a whole file is a mistake.
    pub const LONGEST: usize = 1_000;

    /// A line that holds `value` already, with the cursor at its end.
    pub fn with(value: &str) -> Self {
        Self {
            input: Input::new(value.to_owned()),
        }
    }

    /// What was typed.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// The first column to show and the cursor's column within what is shown, for a field of `width`.
    pub fn view(&self, width: usize) -> (usize, usize) {
        let scroll = self.input.visual_scroll(width.saturating_sub(1).max(1));
        (scroll, self.input.visual_cursor().saturating_sub(scroll))
    }

    /// Takes a key; says whether it was one for a line of text.
    pub fn key(&mut self, key: Key) -> bool {
        let request = match (key.code, key.ctrl, key.alt) {
            (KeyCode::Char('a'), true, false) => InputRequest::GoToStart,
            (KeyCode::Char('e'), true, false) => InputRequest::GoToEnd,
            (KeyCode::Char('w'), true, false) => InputRequest::DeletePrevWord,
            (KeyCode::Char('u'), true, false) => InputRequest::DeleteLine,
            (KeyCode::Char('k'), true, false) => InputRequest::DeleteTillEnd,
            (KeyCode::Char('b'), false, true) => InputRequest::GoToPrevWord,
            (KeyCode::Char('f'), false, true) => InputRequest::GoToNextWord,
            (KeyCode::Char(c), false, false) => {
                if self.value().chars().count() >= Self::LONGEST {
                    return true;
                }
                InputRequest::InsertChar(c)
            }
            (KeyCode::Backspace, false, false) => InputRequest::DeletePrevChar,
            (KeyCode::Delete, false, false) => InputRequest::DeleteNextChar,
            (KeyCode::Left, false, false) => InputRequest::GoToPrevChar,
            (KeyCode::Right, false, false) => InputRequest::GoToNextChar,
            (KeyCode::Home, false, false) => InputRequest::GoToStart,
            (KeyCode::End, false, false) => InputRequest::GoToEnd,
            _ => return false,
        };
        self.input.handle(request);
        true
    }

    /// Takes pasted words: cleaned, and on one line.
    pub fn paste(&mut self, pasted: &str) {
        let room = Self::LONGEST.saturating_sub(self.value().chars().count());
        for c in Text::new(pasted).chars().take(room) {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }
}

/// The filter prompt under a pane.
#[derive(Clone, Debug, Default)]
pub struct FilterPrompt {
    /// What is typed so far; the list follows each key.
    pub line: InputLine,
    /// The filter that stood before, for Esc.
    pub before: Filter,
    /// Why what is typed is no filter yet; the one that stood before stands meanwhile.
    pub wrong: Option<FilterError>,
    /// How far back in the filters of this session, from 1; 0 for what is typed.
    pub back: usize,
    /// The ways to go on that Tab goes through, and the one that stands there.
    pub going_on: Option<(Vec<String>, usize)>,
}

/// How many filters of a session come back.
const REMEMBERED: usize = 50;

/// Remembers a filter that was kept, oldest first, none twice.
pub(super) fn remember(past: &mut Vec<String>, filter: &str) {
    let filter = filter.trim();
    if filter.is_empty() {
        return;
    }
    past.retain(|one| one != filter);
    past.push(filter.to_owned());
    let surplus = past.len().saturating_sub(REMEMBERED);
    past.drain(..surplus);
}

/// What a key means where a filter is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKey {
    /// The filter stands.
    Keep,
    /// The one before stands again.
    TakeBack,
    /// To the next row, or the later filter while one looks back.
    Down,
    /// To the row before; where nothing is typed, to the filter before.
    Up,
    /// Completes a column or what it can say; again for the next way to go on.
    Complete,
    /// Is for the line.
    Type,
}

/// The keys where a filter is typed.
pub(super) const FILTERING: &[DialogKey<PromptKey>] = &[
    row(&["Enter"], PromptKey::Keep).footer("keeps the filter"),
    row(BACK, PromptKey::TakeBack).footer("takes it back"),
    row(&["Down"], PromptKey::Down)
        .written("Up Down")
        .footer("move"),
    row(&["Up"], PromptKey::Up),
    row(&["Tab"], PromptKey::Complete).footer("complete"),
    rest(PromptKey::Type),
];

impl FilterPrompt {
    /// Whether Up and Down go through earlier filters, rather than through the rows.
    pub(super) fn looks_back(&self) -> bool {
        self.back > 0 || self.line.value().is_empty()
    }

    /// Brings the filter `by` further back, or nearer; nothing is typed at the near end.
    pub(super) fn look_back(&mut self, by: isize, past: &[String]) {
        self.back = self.back.saturating_add_signed(by).min(past.len());
        let words = match self.back {
            0 => "",
            back => &past[past.len() - back],
        };
        self.line = InputLine::with(words);
        self.going_on = None;
    }

    /// Goes on in the next of the ways there are; `ways` are those of what is typed.
    pub(super) fn complete(&mut self, ways: impl FnOnce(&str) -> Vec<String>) {
        let (ways, at) = match self.going_on.take() {
            Some((ways, at)) => (ways, at + 1),
            None => (ways(self.line.value()), 0),
        };
        if ways.is_empty() {
            return;
        }
        let at = at % ways.len();
        self.line = InputLine::with(&ways[at]);
        // One way alone is taken, and the next Tab goes on from there.
        self.going_on = (ways.len() > 1).then_some((ways, at));
    }

    /// Something is typed.
    pub(super) fn typed(&mut self, key: Key) {
        self.line.key(key);
        self.going_on = None;
        self.back = 0;
    }

    /// Its keys as they are shown.
    pub fn shown() -> Vec<ShownKey> {
        FILTERING.iter().map(DialogKey::shown).collect()
    }
}
