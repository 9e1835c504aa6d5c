//! The filter language, one for all panes.
//!
//! Words match anywhere in a row; `column:value` matches one column; `!` in front negates; quotes keep
//! spaces together; `|` between two terms means either. Terms without `|` must all match. Case does not
//! matter.

use std::borrow::Cow;
use std::fmt;

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
    column: Option<&'static str>,
    /// In lower case.
    value: String,
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
}

impl Filter {
    /// Reads `source`, knowing the pane's `columns`.
    ///
    /// # Errors
    /// An unknown column, an open quote, or a `|` or `!` with nothing behind it.
    pub fn parse(source: &str, columns: &'static [&'static str]) -> Result<Self, FilterError> {
        let mut all: Vec<Vec<Term>> = Vec::new();
        let mut scan = Scan {
            chars: source.chars().collect(),
            at: 0,
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
            let term = scan.term(columns)?;
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
            && wider.all.iter().zip(&self.all).all(|(wide, narrow)| {
                wide[0].column == narrow[0].column && narrow[0].value.contains(&wide[0].value)
            })
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
        let found = match self.column {
            None => contains(row.all(), &self.value),
            Some(column) => row
                .column(column)
                .is_some_and(|cell| contains(&cell, &self.value)),
        };
        found != self.negated
    }
}

fn contains(hay: &str, needle: &str) -> bool {
    memmem::find(hay.as_bytes(), needle.as_bytes()).is_some()
}

struct Scan {
    chars: Vec<char>,
    at: usize,
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

    fn term(&mut self, columns: &'static [&'static str]) -> Result<Term, FilterError> {
        let start = self.at;
        let negated = self.peek() == Some('!');
        if negated {
            self.at += 1;
        }
        let word_at = self.at;
        let mut column = None;
        let mut value = String::new();
        let mut quoted = false;
        while let Some(c) = self.peek() {
            match c {
                '"' => {
                    quoted = true;
                    self.quoted(&mut value)?;
                    continue;
                }
                ':' if column.is_none() && !quoted && !value.is_empty() => {
                    column = Some(Self::known(&value, columns, word_at)?);
                    value.clear();
                }
                c if c.is_whitespace() || c == '|' => break,
                c => value.push(c),
            }
            self.at += 1;
        }
        if value.is_empty() && !quoted && column.is_none() {
            return Err(FilterError {
                at: start,
                what: "! needs a word behind it".into(),
            });
        }
        Ok(Term {
            negated,
            column,
            value: value.to_lowercase(),
        })
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

    fn known(
        word: &str,
        columns: &'static [&'static str],
        at: usize,
    ) -> Result<&'static str, FilterError> {
        let lower = word.to_lowercase();
        columns
            .iter()
            .copied()
            .find(|column| *column == lower)
            .ok_or_else(|| FilterError {
                at,
                what: format!("there is no column {word}: here are {}", columns.join(", ")),
            })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: &[&str] = &["name", "domain"];

    struct Row(&'static str, &'static str);

    impl Haystack for Row {
        fn all(&self) -> &str {
            self.0
        }
        fn column(&self, name: &'static str) -> Option<Cow<'_, str>> {
            (name == "domain").then_some(Cow::Borrowed(self.1))
        }
    }

    fn lets(filter: &str) -> bool {
        Filter::parse(filter, COLUMNS).unwrap().matches(&Row(
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
        ] {
            assert!(!lets(no), "{no}");
        }
    }

    #[test]
    fn mistakes_are_pointed_at() {
        let at = |filter| Filter::parse(filter, COLUMNS).unwrap_err().at;
        assert_eq!(at("ada colour:red"), 4);
        assert_eq!(at("ada \"supplier"), 4);
        assert_eq!(at("ada |"), 4);
        assert_eq!(at("| ada"), 0);
        assert_eq!(at("ada !"), 4);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(source in any::<String>()) {
            let _ = Filter::parse(&source, COLUMNS);
        }

        #[test]
        fn what_narrows_lets_through_no_more(wide in "[ab:! |\"]{0,6}", more in "[ab:! |\"]{0,4}", hay in "[ab ]{0,8}") {
            let narrow = format!("{wide}{more}");
            if let (Ok(wide), Ok(narrow)) = (Filter::parse(&wide, COLUMNS), Filter::parse(&narrow, COLUMNS))
                && narrow.narrows(&wide)
            {
                let row = Row(Box::leak(hay.into_boxed_str()), "a");
                prop_assert!(!narrow.matches(&row) || wide.matches(&row));
            }
        }
    }
}
