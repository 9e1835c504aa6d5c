//! The filter language, one for all panes, for the plain commands and for rules.
//!
//! Words match anywhere in a row; `column:value` matches what one column holds somewhere, `column=value` what it
//! is: `domain:adatum.com` lets `adatum.com.example.org` through, `domain=adatum.com` does not. `age>3d` and `left<2d` compare a time
//! with now, `pending>0` a number; `!` in front negates; quotes keep spaces together; `|` between two terms
//! means either. Terms without `|` must all match. Case does not matter.
//!
//! ```
//! # use guestlist::inventory::filter::Filter;
//! # use guestlist::inventory::rows::RequestRow;
//! # let now = jiff::Timestamp::UNIX_EPOCH;
//! let filter = Filter::of::<RequestRow>("domain:fabrikam age>3d", now).unwrap();
//! let wrong = Filter::of::<RequestRow>("domain:fabrikam colour:red", now).unwrap_err();
//! assert_eq!(wrong.at, 16);
//! # assert!(!filter.is_empty());
//! ```

mod read;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use memchr::memmem;

use super::table::{Row, hay};

/// A filter as typed and as understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    source: String,
    /// All of these must match; within one, any.
    all: Vec<Vec<Term>>,
    /// What time it is, for those that compare with it.
    now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// Holds this somewhere, in lower case.
    Word(String),
    /// Says this in that column, in lower case.
    Column(&'static str, String),
    /// Says this and nothing else in that column, or in one of the parts between its commas.
    Is(&'static str, String),
    /// That column is more, or less, than this.
    Compare {
        column: &'static str,
        more: bool,
        than: Amount,
    },
}

/// What a column is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Amount {
    Time(SignedDuration),
    Number(i64),
}

/// What a column has to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A moment in the past: compared by how long ago it was.
    Since(Timestamp),
    /// A moment to come: compared by how long it is until then.
    Until(Timestamp),
    /// A number.
    Count(i64),
}

/// Why a filter cannot be understood, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The character it is about, counted from 0.
    pub at: usize,
    /// What is wrong, in words, without a full stop.
    pub what: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.what, self.at + 1)
    }
}

/// What a filter looks at.
pub trait Haystack {
    /// Everything a word may match, in lower case.
    fn all(&self) -> &str;
    /// One column in lower case; `None` where the row has no such column.
    fn column(&self, name: &'static str) -> Option<Cow<'_, str>>;
    /// Whether a column says `word`, for columns where that is more than to hold its letters: `by:me`,
    /// `stage:2`. `None` where it is not.
    fn says(&self, _column: &'static str, _word: &str) -> Option<bool> {
        None
    }
    /// What `<` and `>` compare of a column; `None` where there is nothing to compare.
    fn measure(&self, name: &'static str) -> Option<Measure>;
}

/// A row alone, outside of a table.
pub struct Alone<'a, R> {
    row: &'a R,
    hay: Box<str>,
}

impl<'a, R: Row> Alone<'a, R> {
    /// Prepares a row for being held against filters, as many as one likes.
    pub fn new(row: &'a R) -> Self {
        let hay = hay(row);
        Self { row, hay }
    }
}

impl<R: Row> Haystack for Alone<'_, R> {
    fn all(&self) -> &str {
        &self.hay
    }
    fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
        self.row.column(name)
    }
    fn says(&self, column: &'static str, word: &str) -> Option<bool> {
        self.row.says(column, word)
    }
    fn measure(&self, name: &'static str) -> Option<Measure> {
        self.row.measure(name)
    }
}

impl Filter {
    /// Reads `source` as a filter of the pane whose rows are `R`; `now` is what ages are compared with.
    ///
    /// # Errors
    /// As [`Filter::parse`].
    pub fn of<R: Row>(source: &str, now: Timestamp) -> Result<Self, FilterError> {
        Self::parse(source, R::COLUMNS, now)
    }

    /// The ways in which what is typed can go on in the pane whose rows are `R`: the whole text of each.
    pub fn completions<R: Row>(typed: &str) -> Vec<String> {
        read::completions(typed, R::COLUMNS, &R::values)
    }

    /// Reads `source`, knowing the `columns` there are and what time it is for comparing.
    ///
    /// # Errors
    /// An unknown column, something that cannot be compared, an open quote, or a `|` or `!` with nothing
    /// behind it; with the character it is about.
    pub fn parse(
        source: &str,
        columns: &'static [&'static str],
        now: Timestamp,
    ) -> Result<Self, FilterError> {
        Ok(Self {
            all: read::terms(source, columns)?,
            source: source.trim().to_owned(),
            now,
        })
    }

    /// As it was typed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Says what time it is now; whether that can let other rows through.
    pub fn tell(&mut self, now: Timestamp) -> bool {
        self.now = now;
        self.compares()
    }

    fn compares(&self) -> bool {
        let mut terms = self.all.iter().flatten();
        terms.any(|term| matches!(term.test, Test::Compare { .. }))
    }

    /// Whether what this filter lets through is certainly let through by `wider` too, so that a keystroke
    /// more needs to look only at the rows still there.
    pub fn narrows(&self, wider: &Self) -> bool {
        let plain = |filter: &Self| filter.all.iter().flatten().all(|term| !term.negated);
        let single = |filter: &Self| filter.all.iter().all(|any| any.len() == 1);
        wider.all.len() <= self.all.len()
            && (self.now == wider.now || !wider.compares())
            && plain(self)
            && plain(wider)
            && single(self)
            && single(wider)
            && wider
                .all
                .iter()
                .zip(&self.all)
                .all(|(wide, narrow)| narrow[0].test.narrows(&wide[0].test))
    }

    /// Whether `row` is let through.
    pub fn matches(&self, row: &impl Haystack) -> bool {
        self.all
            .iter()
            .all(|any| any.iter().any(|term| term.matches(row, self.now)))
    }

    /// Whether a row that stands in no table is let through.
    pub fn lets<R: Row>(&self, row: &R) -> bool {
        self.matches(&Alone::new(row))
    }
}

impl Term {
    fn matches(&self, row: &impl Haystack, now: Timestamp) -> bool {
        let found = match &self.test {
            Test::Word(word) => contains(row.all(), word),
            Test::Column(column, word) => row
                .says(column, word)
                .unwrap_or_else(|| row.column(column).is_some_and(|cell| contains(&cell, word))),
            Test::Is(column, word) => row
                .column(column)
                .is_some_and(|cell| cell.split(',').any(|part| part.trim() == word.trim())),
            Test::Compare { column, more, than } => row
                .measure(column)
                .is_some_and(|measure| compare(measure, *more, *than, now)),
        };
        found != self.negated
    }
}

impl Test {
    fn narrows(&self, wider: &Self) -> bool {
        match (self, wider) {
            (Self::Word(narrow), Self::Word(wide)) => narrow.contains(wide.as_str()),
            // Not by its letters: a column may take a word for more than those.
            (narrow, wide) => narrow == wide,
        }
    }
}

fn compare(measure: Measure, more: bool, than: Amount, now: Timestamp) -> bool {
    let order = match (measure, than) {
        (Measure::Since(then), Amount::Time(time)) => now.duration_since(then).cmp(&time),
        (Measure::Until(then), Amount::Time(time)) => then.duration_since(now).cmp(&time),
        (Measure::Count(count), Amount::Number(number)) => count.cmp(&number),
        _ => return false,
    };
    if more { order.is_gt() } else { order.is_lt() }
}

fn contains(hay: &str, needle: &str) -> bool {
    memmem::find(hay.as_bytes(), needle.as_bytes()).is_some()
}
