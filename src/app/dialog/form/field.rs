//! What one can fill in: a line, a choice, a toggle, people, a number, a date.

use jiff::Span;
use jiff::civil::Date;

use crate::app::dialog::keys::{DialogKey, rest, row};
use crate::app::key::Key;
use crate::app::prompt::InputLine;
use crate::app::state::State;
use crate::domain::id::UserId;
use crate::domain::text::Text;

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

/// Somebody one can pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pickable {
    /// Their account.
    pub id: UserId,
    /// Their name.
    pub name: Text,
    /// Their mail address.
    pub mail: Text,
}

/// Some of the people there are, looked up by name or address.
#[derive(Clone, Debug)]
pub struct PeopleField {
    /// What is looked up.
    pub line: InputLine,
    /// Those there are.
    all: Vec<Pickable>,
    /// Places of those that are picked, in the order in which they were.
    picked: Vec<usize>,
    /// How many can be picked.
    most: usize,
    /// Which of those that are found Enter takes.
    at: usize,
}

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

/// A day from today on: `2026-12-31`, or a time from today: `30d`.
#[derive(Clone, Debug, Default)]
pub struct DateField {
    /// What is written.
    pub line: InputLine,
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
            Self::Choice(choice) if choice.find.is_some() => vec![left, right, back, line],
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
                // Letters are nothing of a number; the keys that edit a line are.
                if key.typed().is_none_or(|c| c.is_ascii_digit()) {
                    number.line.key(key);
                }
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
            choice.find.as_mut().map(String::clear);
        }
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        match self {
            Self::Line(line) | Self::Date(DateField { line }) => line.paste(pasted),
            Self::People(people) => {
                people.line.paste(pasted);
                people.at = 0;
            }
            Self::Number(number) => {
                let digits: String = pasted.chars().filter(char::is_ascii_digit).collect();
                number.line.paste(&digits);
            }
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

/// The day it is where the console is looked at.
pub fn today(state: &State) -> Date {
    state.now.to_zoned(state.zone.clone()).date()
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

    /// What stands beside it where there may be many: the letters typed, or its place.
    pub fn beside(&self) -> Option<String> {
        let find = self.find.as_ref().filter(|_| !self.words.is_empty())?;
        Some(if find.is_empty() {
            format!("{} of {}", self.at + 1, self.words.len())
        } else {
            find.clone()
        })
    }

    fn does(&mut self, means: FieldKey, key: Key) {
        match (means, &mut self.find) {
            (FieldKey::Before, _) => self.step(-1),
            (FieldKey::After, _) => self.step(1),
            (FieldKey::TakeBack, Some(find)) => drop(find.pop()),
            (FieldKey::Type, Some(_)) => self.find(key),
            (FieldKey::TakeBack | FieldKey::Type, None) | (FieldKey::Flip, _) => {}
        }
    }

    fn step(&mut self, by: isize) {
        let count = self.words.len();
        if count > 0 {
            self.at = (self.at + count).saturating_add_signed(by) % count;
        }
        self.find.as_mut().map(String::clear);
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

impl PeopleField {
    /// Of `all`, at most `most`.
    pub fn of(all: Vec<Pickable>, most: usize) -> Self {
        Self {
            line: InputLine::default(),
            all,
            picked: Vec::new(),
            most,
            at: 0,
        }
    }

    /// Those that are picked, in the order in which they were.
    pub fn picked(&self) -> impl Iterator<Item = &Pickable> {
        self.picked.iter().filter_map(|at| self.all.get(*at))
    }

    /// Whom Enter takes: of those who hold all words that are typed, and are not picked.
    pub fn found(&self) -> Option<&Pickable> {
        self.all.get(*self.matches().get(self.at)?)
    }

    /// How many hold what is typed, and are not picked.
    pub fn matching(&self) -> usize {
        self.matches().len()
    }

    fn matches(&self) -> Vec<usize> {
        let typed = self.line.value().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        let holds = |one: &Pickable| {
            let all = format!("{} {}", one.name, one.mail).to_lowercase();
            words.iter().all(|word| all.contains(word))
        };
        let open = |at: &usize| !self.picked.contains(at) && holds(&self.all[*at]);
        (0..self.all.len()).filter(open).collect()
    }

    fn does(&mut self, means: FieldKey, key: Key) {
        let last = self.matching().saturating_sub(1);
        match means {
            FieldKey::Before => self.at = self.at.saturating_sub(1),
            FieldKey::After => self.at = (self.at + 1).min(last),
            FieldKey::TakeBack => drop(self.picked.pop()),
            FieldKey::Type => {
                self.line.key(key);
                self.at = 0;
            }
            FieldKey::Flip => {}
        }
    }

    fn take(&mut self) -> Result<bool, String> {
        if self.line.value().trim().is_empty() {
            return Ok(false);
        }
        if self.picked.len() >= self.most {
            return Err(format!("No more than {} can be picked", self.most));
        }
        let Some(found) = self.matches().get(self.at).copied() else {
            return self.check().map(|()| false);
        };
        self.picked.push(found);
        self.line = InputLine::default();
        self.at = 0;
        Ok(true)
    }

    /// What is typed and not taken would be lost unsaid.
    fn check(&self) -> Result<(), String> {
        match (self.line.value().trim(), self.found()) {
            ("", _) => Ok(()),
            (typed, None) => Err(format!("Nobody here is called “{typed}”")),
            (_, Some(one)) => Err(format!("Enter takes {}; or empty the line", one.name)),
        }
    }
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
}

impl DateField {
    /// The day; `None` where nothing is written.
    ///
    /// # Errors
    /// A sentence that says how to write one, or that it is over.
    pub fn value(&self, today: Date) -> Result<Option<Date>, String> {
        let written = self.line.value().trim();
        if written.is_empty() {
            return Ok(None);
        }
        let from_today = || {
            let span: Span = written.parse().ok()?;
            // `6m` is six minutes, which is no day; months are `6mo`.
            let clock = i64::from(span.get_hours())
                | span.get_minutes()
                | span.get_seconds()
                | span.get_milliseconds()
                | span.get_microseconds()
                | span.get_nanoseconds();
            (clock == 0).then(|| today.checked_add(span).ok())?
        };
        let day: Option<Date> = written.parse().ok();
        match day.or_else(from_today) {
            Some(day) if day < today => Err(format!("{day} is over: today is {today}")),
            Some(day) => Ok(Some(day)),
            None => Err(
                "Write a day like 2026-12-31, or a time from today like 30d, 8w, 6mo or 1y".into(),
            ),
        }
    }
}
