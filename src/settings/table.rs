//! Reading a table of TOML key by key: what is not asked for is a mistake, and every mistake has its line.

use std::cell::RefCell;

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::nearest;
use crate::domain::text::Text;

/// Something wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mistake {
    /// The line, from 1.
    pub(super) line: usize,
    /// The column in it, from 1, where the mistake is about a place and not the whole.
    pub(super) column: Option<usize>,
    /// What is wrong with it and what is valid, without a full stop.
    pub(super) words: String,
}

/// The file's text and what was found to be wrong with it.
pub(super) struct Source<'t> {
    text: &'t str,
    mistakes: RefCell<Vec<Mistake>>,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mistakes = RefCell::default();
        Self { text, mistakes }
    }

    /// The line a byte stands on.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    /// Notes a mistake. A file may hold anything, and its words are printed.
    pub(super) fn wrong(&self, line: usize, words: &str) {
        let words = Text::new(words).to_string();
        let column = None;
        self.mistakes.borrow_mut().push(Mistake {
            line,
            column,
            words,
        });
    }

    /// Notes a mistake at a byte of the text.
    pub(super) fn wrong_at(&self, at: usize, words: &str) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let row = before.rsplit('\n').next().unwrap_or_default();
        self.mistakes.borrow_mut().push(Mistake {
            line: self.line(at),
            column: Some(row.chars().count() + 1),
            words: Text::new(words).to_string(),
        });
    }

    /// All mistakes, from the top of the file down.
    pub(super) fn mistakes(self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort();
        mistakes
    }
}

/// A value with the line its key stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ValueAtLine<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// A value as it stands in the file.
pub(super) struct Raw<'t> {
    pub(super) value: &'t DeValue<'t>,
    /// The byte at which its key begins.
    pub(super) key_at: usize,
    /// The bytes it is written in.
    pub(super) span: Range<usize>,
}

/// A table that is being read.
pub(super) struct TomlTable<'t> {
    source: &'t Source<'t>,
    rows: &'t DeTable<'t>,
    /// The line it begins on.
    pub(super) line: usize,
    asked: RefCell<Vec<&'static str>>,
}

impl<'t> TomlTable<'t> {
    pub(super) fn new(source: &'t Source<'t>, rows: &'t DeTable<'t>, line: usize) -> Self {
        let asked = RefCell::default();
        Self {
            source,
            rows,
            line,
            asked,
        }
    }

    pub(super) fn source(&self) -> &'t Source<'t> {
        self.source
    }

    fn find(&self, key: &'static str) -> Option<ValueAtLine<&'t DeValue<'t>>> {
        self.asked.borrow_mut().push(key);
        self.all()
            .find(|(name, _)| *name == key)
            .map(|(_, found)| found)
    }

    /// A value of any type, with its place.
    pub(super) fn raw(&self, key: &'static str) -> Option<Raw<'t>> {
        self.asked.borrow_mut().push(key);
        let (name, value) = self.rows.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(Raw {
            key_at: name.span().start,
            span: value.span(),
            value: value.get_ref(),
        })
    }

    /// Every key with its value.
    fn all(&self) -> impl Iterator<Item = (&'t str, ValueAtLine<&'t DeValue<'t>>)> + use<'t> {
        let source = self.source;
        self.rows.iter().map(move |(key, value)| {
            let line = source.line(key.span().start);
            let value = value.get_ref();
            (key.get_ref().as_ref(), ValueAtLine { value, line })
        })
    }

    /// Takes a value of one type; another is a mistake.
    fn take<T>(
        &self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<ValueAtLine<T>> {
        let found = self.find(key)?;
        let line = found.line;
        if let Some(value) = read(found.value) {
            return Some(ValueAtLine { value, line });
        }
        let words = format!("\"{key}\" must be {wanted}, not {}", shown(found.value));
        self.source.wrong(line, &words);
        None
    }

    /// Words in quotes, and not none of them.
    pub(super) fn text(&self, key: &'static str) -> Option<ValueAtLine<String>> {
        let found = self.take(key, "words in quotes", |value| value.as_str())?;
        let (value, line) = (found.value.trim().to_owned(), found.line);
        if value.is_empty() {
            self.source.wrong(
                line,
                &format!("\"{key}\" is empty; give it a value, or take the line out"),
            );
            return None;
        }
        Some(ValueAtLine { value, line })
    }

    /// True or false.
    pub(super) fn flag(&self, key: &'static str) -> Option<ValueAtLine<bool>> {
        self.take(key, "true or false", DeValue::as_bool)
    }

    /// A whole number up to `most`.
    pub(super) fn number(&self, key: &'static str, most: u32) -> Option<ValueAtLine<u32>> {
        let wanted = format!("a whole number from 0 to {most}");
        self.take(key, &wanted, |value| {
            let number = value.as_integer()?;
            let number = u32::from_str_radix(number.as_str(), number.radix()).ok()?;
            (number <= most).then_some(number)
        })
    }

    /// One of some words.
    pub(super) fn word<T: Clone>(
        &self,
        key: &'static str,
        words: &[(&str, T)],
    ) -> Option<ValueAtLine<T>> {
        let found = self.text(key)?;
        let known = words.iter().find(|(word, _)| *word == found.value);
        if let Some((_, value)) = known {
            let (value, line) = (value.clone(), found.line);
            return Some(ValueAtLine { value, line });
        }
        let offer = offer(&found.value, words.iter().map(|(word, _)| *word));
        let words = format!("\"{key}\" cannot be \"{}\"; {offer}", found.value);
        self.source.wrong(found.line, &words);
        None
    }

    /// A list of words in quotes, whole.
    pub(super) fn words(&self, key: &'static str) -> Option<ValueAtLine<Vec<String>>> {
        self.take(key, "a list of words in quotes", |value| {
            let list = value.as_array()?.iter();
            list.map(|value| value.get_ref().as_str().map(str::to_owned))
                .collect()
        })
    }

    /// A list of words in quotes, none of them empty, each with its own line.
    pub(super) fn texts(&self, key: &'static str) -> Vec<ValueAtLine<String>> {
        let wanted = "a list of words in quotes";
        let Some(list) = self.take(key, wanted, |value| value.as_array()) else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in list.value {
            let line = self.source.line(item.span().start);
            match item.get_ref().as_str().map(str::trim) {
                Some("") => {
                    let words = format!("\"{key}\" holds empty words; take them out");
                    self.source.wrong(line, &words);
                }
                Some(words) => texts.push(ValueAtLine {
                    value: words.to_owned(),
                    line,
                }),
                None => {
                    let not = shown(item.get_ref());
                    let words = format!("\"{key}\" must be {wanted}, and holds {not}");
                    self.source.wrong(line, &words);
                }
            }
        }
        texts
    }

    /// A table within.
    pub(super) fn table(&self, key: &'static str) -> Option<Self> {
        let found = self.take(key, "a table", DeValue::as_table)?;
        Some(Self::new(self.source, found.value, found.line))
    }

    /// The tables within, each under its own name; what is no table is a mistake.
    pub(super) fn tables(&self) -> Vec<(&'t str, Self)> {
        let mut tables = Vec::new();
        for (name, found) in self.all() {
            match found.value.as_table() {
                Some(table) => tables.push((name, Self::new(self.source, table, found.line))),
                None => {
                    let words = format!("\"{name}\" must be a table, not {}", shown(found.value));
                    self.source.wrong(found.line, &words);
                }
            }
        }
        tables.sort_by_key(|(_, table)| table.line);
        tables
    }

    /// Keys that are not known beforehand, each with a list of words, or one word.
    pub(super) fn lists(&self) -> Vec<(&'t str, ValueAtLine<Vec<String>>)> {
        let mut lists = Vec::new();
        for (name, ValueAtLine { value, line }) in self.all() {
            let one = |value: &DeValue<'_>| value.as_str().map(str::to_owned);
            let words = match value.as_array() {
                Some(list) => list.iter().map(|value| one(value.get_ref())).collect(),
                None => one(value).map(|word| vec![word]),
            };
            match words {
                Some(value) => lists.push((name, ValueAtLine { value, line })),
                None => {
                    let words = format!(
                        "\"{name}\" must be a key in quotes, or a list of them, not {}",
                        shown(value)
                    );
                    self.source.wrong(line, &words);
                }
            }
        }
        lists.sort_by_key(|(_, found)| found.line);
        lists
    }

    /// Says of every key that was not asked for, with its place, that `no` such thing is known.
    pub(super) fn end_with(self, no: &str) {
        let known = self.asked.borrow();
        for (key, _) in self.rows {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let offer = offer(name, known.iter().copied());
                let words = format!("{no} \"{name}\"; {offer}");
                self.source.wrong_at(key.span().start, &words);
            }
        }
    }

    /// Says of every key that was not asked for that there is no such setting.
    pub(super) fn end(self) {
        let known = self.asked.borrow();
        for (name, found) in self.all() {
            if !known.contains(&name) {
                let offer = offer(name, known.iter().copied());
                let words = format!("there is no setting \"{name}\"; {offer}");
                self.source.wrong(found.line, &words);
            }
        }
    }
}

/// The valid word that was probably meant, or all of them.
pub(super) fn offer<'a>(word: &str, valid: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(word, valid.clone()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("it is one of {}", valid.collect::<Vec<_>>().join(", ")),
    }
}

/// A value as said in a mistake.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("\"{text}\""),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
    }
}
