//! The filter language, one for all panes.
//!
//! Words match anywhere in a row; `column:value` matches one column; `age>3d` and `left<2d` compare a time
//! with now, `pending>0` a number; `!` in front negates; quotes keep spaces together; `|` between two terms
//! means either. Terms without `|` must all match. Case does not matter.

use std::borrow::Cow;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use memchr::memmem;

/// A filter as typed and as understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    source: String,
    /// All of these must match; within one, any.
    all: Vec<Vec<Term>>,
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
    /// Holds this in that column, in lower case.
    Column(&'static str, String),
    /// That column is more, or less, than this.
    Compare {
        column: &'static str,
        more: bool,
        than: Amount,
        now: Timestamp,
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
    /// What is wrong, in words.
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
    /// What `<` and `>` compare of a column; `None` where there is nothing to compare.
    fn measure(&self, name: &'static str) -> Option<Measure>;
}

impl Filter {
    /// Reads `source`, knowing the pane's `columns` and what time it is for comparing.
    ///
    /// # Errors
    /// An unknown column, something that cannot be compared, an open quote, or a `|` or `!` with nothing
    /// behind it.
    pub fn parse(
        source: &str,
        columns: &'static [&'static str],
        now: Timestamp,
    ) -> Result<Self, FilterError> {
        let mut all: Vec<Vec<Term>> = Vec::new();
        let mut scan = Scan {
            chars: source.chars().collect(),
            at: 0,
            columns,
            now,
        };
        let mut join_at: Option<usize> = None;
        loop {
            scan.spaces();
            let Some(c) = scan.peek() else { break };
            if c == '|' {
                if all.is_empty() || join_at.is_some() {
                    return Err(FilterError {
                        at: scan.at,
                        what: "| stands between two terms".into(),
                    });
                }
                join_at = Some(scan.at);
                scan.at += 1;
                continue;
            }
            let term = scan.term()?;
            match (join_at.take(), all.last_mut()) {
                (Some(_), Some(last)) => last.push(term),
                _ => all.push(vec![term]),
            }
        }
        if let Some(at) = join_at {
            return Err(FilterError {
                at,
                what: "| stands between two terms".into(),
            });
        }
        Ok(Self {
            source: source.trim().to_owned(),
            all,
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

    /// Whether what this filter lets through is certainly let through by `wider` too, so that a keystroke
    /// more needs to look only at the rows still there.
    pub fn narrows(&self, wider: &Self) -> bool {
        let plain = |filter: &Self| filter.all.iter().flatten().all(|term| !term.negated);
        let single = |filter: &Self| filter.all.iter().all(|any| any.len() == 1);
        wider.all.len() <= self.all.len()
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
            .all(|any| any.iter().any(|term| term.matches(row)))
    }
}

impl Term {
    fn matches(&self, row: &impl Haystack) -> bool {
        let found = match &self.test {
            Test::Word(word) => contains(row.all(), word),
            Test::Column(column, word) => {
                row.column(column).is_some_and(|cell| contains(&cell, word))
            }
            Test::Compare {
                column,
                more,
                than,
                now,
            } => row
                .measure(column)
                .is_some_and(|measure| compare(measure, *more, *than, *now)),
        };
        found != self.negated
    }
}

impl Test {
    fn narrows(&self, wider: &Self) -> bool {
        match (self, wider) {
            (Self::Word(narrow), Self::Word(wide)) => narrow.contains(wide.as_str()),
            (Self::Column(a, narrow), Self::Column(b, wide)) => {
                a == b && narrow.contains(wide.as_str())
            }
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

/// `3d`, `12h`, `30m`, `2w`, or a plain number.
fn amount(word: &str) -> Option<Amount> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: i64 = digits
        .parse()
        .ok()
        .filter(|number| (0..=1_000_000).contains(number))?;
    let seconds = match &word[digits.len()..] {
        "" => return Some(Amount::Number(number)),
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        "y" => 365 * 86_400,
        _ => return None,
    };
    Some(Amount::Time(SignedDuration::from_secs(number * seconds)))
}

fn contains(hay: &str, needle: &str) -> bool {
    memmem::find(hay.as_bytes(), needle.as_bytes()).is_some()
}

struct Scan {
    chars: Vec<char>,
    at: usize,
    columns: &'static [&'static str],
    now: Timestamp,
}

impl Scan {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn term(&mut self) -> Result<Term, FilterError> {
        let start = self.at;
        let negated = self.peek() == Some('!');
        if negated {
            self.at += 1;
        }
        let word_at = self.at;
        let mut column: Option<(&'static str, char)> = None;
        let mut value = String::new();
        let mut value_at = self.at;
        let mut quoted = false;
        while let Some(c) = self.peek() {
            match c {
                '"' => {
                    quoted = true;
                    self.quoted(&mut value)?;
                    continue;
                }
                ':' | '<' | '>' if column.is_none() && !quoted && !value.is_empty() => {
                    column = Some((self.known(&value, word_at)?, c));
                    value.clear();
                    value_at = self.at + 1;
                }
                c if c.is_whitespace() || c == '|' => break,
                c => value.push(c),
            }
            self.at += 1;
        }
        let value = value.to_lowercase();
        let test = match column {
            None if value.is_empty() && !quoted => {
                return Err(FilterError {
                    at: start,
                    what: "! needs a word behind it".into(),
                });
            }
            None => Test::Word(value),
            Some((column, ':')) => Test::Column(column, value),
            Some((column, sign)) => {
                let than = amount(&value).ok_or_else(|| FilterError {
                    at: value_at,
                    what: format!("{sign} compares with a time such as 3d or 12h, or a number"),
                })?;
                Test::Compare {
                    column,
                    more: sign == '>',
                    than,
                    now: self.now,
                }
            }
        };
        Ok(Term { negated, test })
    }

    fn quoted(&mut self, value: &mut String) -> Result<(), FilterError> {
        let open = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => {
                    return Err(FilterError {
                        at: open,
                        what: "this quote is not closed".into(),
                    });
                }
                Some('"') => break,
                Some(c) => value.push(c),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }

    fn known(&self, word: &str, at: usize) -> Result<&'static str, FilterError> {
        let lower = word.to_lowercase();
        self.columns
            .iter()
            .copied()
            .find(|column| *column == lower)
            .ok_or_else(|| FilterError {
                at,
                what: format!(
                    "there is no column {word}: here are {}",
                    self.columns.join(", ")
                ),
            })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: &[&str] = &["name", "domain", "age", "left", "pending"];
    const NOW: Timestamp = Timestamp::constant(1_000_000, 0);

    fn parse(source: &str) -> Result<Filter, FilterError> {
        Filter::parse(source, COLUMNS, NOW)
    }

    struct Row(&'static str, &'static str);

    impl Haystack for Row {
        fn all(&self) -> &str {
            self.0
        }
        fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
            (name == "domain").then_some(Cow::Borrowed(self.1))
        }
        fn measure(&self, name: &'static str) -> Option<Measure> {
            let day = SignedDuration::from_hours(24);
            match name {
                "age" => Some(Measure::Since(NOW - 4 * day)),
                "left" => Some(Measure::Until(NOW + day)),
                "pending" => Some(Measure::Count(2)),
                _ => None,
            }
        }
    }

    fn lets(filter: &str) -> bool {
        parse(filter).unwrap().matches(&Row(
            "ada lovelace fabrikam.com supplier hub",
            "fabrikam.com",
        ))
    }

    #[test]
    fn terms_join_and_negate() {
        for yes in [
            "",
            "ada",
            "ADA fabri",
            "domain:fabrikam",
            "!contoso",
            "!domain:contoso",
            "\"supplier hub\"",
            "x | ada",
            "ada | x hub",
            "age>3d",
            "left<2d age<5d",
            "pending>1",
            "!age>5d",
        ] {
            assert!(lets(yes), "{yes}");
        }
        for no in [
            "grace",
            "ada grace",
            "domain:ada",
            "!ada",
            "name:ada",
            "\"hub supplier\"",
            "x | y ada",
            "age>5d",
            "left>2d",
            "age>3",
            "name>3d",
            "pending>2",
        ] {
            assert!(!lets(no), "{no}");
        }
    }

    #[test]
    fn mistakes_are_pointed_at() {
        let at = |filter| parse(filter).unwrap_err().at;
        assert_eq!(at("ada colour:red"), 4);
        assert_eq!(at("ada \"supplier"), 4);
        assert_eq!(at("ada |"), 4);
        assert_eq!(at("| ada"), 0);
        assert_eq!(at("ada !"), 4);
        assert_eq!(at("ada age>soon"), 8);
        assert_eq!(at("colour>3d"), 0);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(source in any::<String>()) {
            let _ = parse(&source);
        }

        #[test]
        fn what_narrows_lets_through_no_more(wide in "[ab:! |\"]{0,6}", more in "[ab:! |\"]{0,4}", hay in "[ab ]{0,8}") {
            let narrow = format!("{wide}{more}");
            if let (Ok(wide), Ok(narrow)) = (parse(&wide), parse(&narrow))
                && narrow.narrows(&wide)
            {
                let row = Row(Box::leak(hay.into_boxed_str()), "a");
                prop_assert!(!narrow.matches(&row) || wide.matches(&row));
            }
        }
    }
}
