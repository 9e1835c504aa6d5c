//! Reading a filter: characters in, terms out, and the character that is wrong.

use jiff::SignedDuration;

use super::{Amount, FilterError, Term, Test};
use crate::domain::mail;
use crate::domain::nearest::nearest;

/// Another word for the column [`STATE`].
const IS: &str = "is";
/// The column that says how a row stands, where it has one.
const STATE: &str = "state";

/// The ways in which the last word of what is typed can go on: columns with their colon, or what a column can say.
/// Each is the whole text as it would stand then.
pub(super) fn completions(
    typed: &str,
    columns: &'static [&'static str],
    values: &dyn Fn(&'static str) -> Vec<&'static str>,
) -> Vec<String> {
    let begin = typed
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace() || matches!(c, '|' | '!'))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let (before, word) = typed.split_at(begin);
    let Some((column, value)) = word.split_once([':', '=']) else {
        let lower = word.to_lowercase();
        let named = columns.iter().filter(|column| column.starts_with(&lower));
        return named.map(|column| format!("{before}{column}:")).collect();
    };
    let sign = &word[column.len()..=column.len()];
    let lower = column.to_lowercase();
    let meant = if lower == IS { STATE } else { &lower };
    let known = columns.iter().copied().find(|known| *known == meant);
    let said = known.map(values).unwrap_or_default().into_iter();
    let value = value.trim_start_matches('"').to_lowercase();
    said.filter(|word| word.starts_with(&value))
        .map(|word| {
            let quote = if word.contains(' ') { "\"" } else { "" };
            format!("{before}{column}{sign}{quote}{word}{quote}")
        })
        .collect()
}

/// The terms of `source`: all of the outer must match, of the inner any.
pub(super) fn terms(
    source: &str,
    columns: &'static [&'static str],
) -> Result<Vec<Vec<Term>>, FilterError> {
    let mut all: Vec<Vec<Term>> = Vec::new();
    let mut scan = Scan {
        chars: source.chars().collect(),
        at: 0,
        columns,
    };
    let mut join_at: Option<usize> = None;
    loop {
        scan.spaces();
        let Some(c) = scan.peek() else { break };
        if c == '|' {
            if all.is_empty() || join_at.is_some() {
                return Err(lonely(scan.at));
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
    join_at.map_or(Ok(all), |at| Err(lonely(at)))
}

fn lonely(at: usize) -> FilterError {
    FilterError {
        at,
        what: "| stands between two terms".into(),
    }
}

struct Scan {
    chars: Vec<char>,
    at: usize,
    columns: &'static [&'static str],
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
                ':' | '=' | '<' | '>' if column.is_none() && !quoted && !value.is_empty() => {
                    column = Some((self.known(&value, word_at)?, c));
                    value.clear();
                    value_at = self.at + 1;
                }
                c if c.is_whitespace() || c == '|' => break,
                c => value.push(c),
            }
            self.at += 1;
        }
        let value = match column {
            // Domains stand there in their one form.
            Some(("domain", _)) if !value.is_ascii() => mail::one_form(&value),
            _ => value.to_lowercase(),
        };
        let test = match column {
            None if value.is_empty() && !quoted => {
                return Err(FilterError {
                    at: start,
                    what: "! needs a word behind it".into(),
                });
            }
            None => Test::Word(value),
            Some((column, ':')) => Test::Column(column, value),
            Some((column, '=')) => Test::Is(column, value),
            Some((column, sign)) => {
                let than = amount(&value).ok_or_else(|| FilterError {
                    at: value_at,
                    what: format!("{sign} compares with a time such as 3d or 12h, or a number"),
                })?;
                Test::Compare {
                    column,
                    more: sign == '>',
                    than,
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
        let mut lower = word.to_lowercase();
        // `is:pending` is how one says it.
        if lower == IS {
            lower = STATE.into();
        }
        let mut columns = self.columns.iter().copied();
        columns
            .find(|column| *column == lower)
            .ok_or_else(|| FilterError {
                at,
                what: match nearest(&lower, self.columns.iter().copied()) {
                    Some(near) => format!("there is no column {word}; {near} is near"),
                    None => format!(
                        "there is no column {word}: here are {}",
                        self.columns.join(", ")
                    ),
                },
            })
    }
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
