//! `$filter`: from text to a tree.

use jiff::Timestamp;

use super::filter::{Expr, Literal, Op};
use crate::emulator::fault::Fault;

impl Expr {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let mut parser = Parser {
            tokens: tokens(text)?,
            at: 0,
            depth: 0,
            terms: 0,
        };
        let expr = parser.or(None)?;
        match parser.next() {
            None => Ok(expr),
            Some(token) => Err(syntax(&format!("unexpected '{}'", token.text()))),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum FilterToken {
    Word(String),
    Quoted(String),
    Open,
    Close,
    Comma,
}

impl FilterToken {
    fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Quoted(text) => text,
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
        }
    }
}

fn syntax(what: &str) -> Fault {
    Fault::bad(format!("Invalid filter clause: {what}."))
}

fn tokens(text: &str) -> Result<Vec<FilterToken>, Fault> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        match c {
            ' ' | '\t' => {
                chars.next();
            }
            '(' | ')' | ',' => {
                chars.next();
                out.push(match c {
                    '(' => FilterToken::Open,
                    ')' => FilterToken::Close,
                    _ => FilterToken::Comma,
                });
            }
            '\'' => {
                chars.next();
                out.push(FilterToken::Quoted(quoted(&mut chars)?));
            }
            _ => {
                let mut word = String::new();
                while let Some(&c) = chars.peek() {
                    if matches!(c, ' ' | '\t' | '(' | ')' | ',' | '\'') {
                        break;
                    }
                    word.push(c);
                    chars.next();
                }
                out.push(FilterToken::Word(word));
            }
        }
    }
    Ok(out)
}

/// The rest of a quoted string; a quote inside it is written twice.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, Fault> {
    let mut out = String::new();
    while let Some(c) = chars.next() {
        if c != '\'' {
            out.push(c);
        } else if chars.peek() == Some(&'\'') {
            chars.next();
            out.push('\'');
        } else {
            return Ok(out);
        }
    }
    Err(syntax("a string is not closed"))
}

struct Parser {
    tokens: Vec<FilterToken>,
    at: usize,
    depth: usize,
    terms: usize,
}

impl Parser {
    fn peek(&self) -> Option<&FilterToken> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<FilterToken> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn word(&mut self, what: &str) -> Result<String, Fault> {
        match self.next() {
            Some(FilterToken::Word(word)) => Ok(word),
            _ => Err(syntax(&format!("{what} is missing"))),
        }
    }

    fn expect(&mut self, token: &FilterToken) -> Result<(), Fault> {
        match self.next() {
            Some(found) if found == *token => Ok(()),
            _ => Err(syntax(&format!("'{}' is missing", token.text()))),
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(FilterToken::Word(found)) if found == word)
    }

    fn or(&mut self, variable: Option<&str>) -> Result<Expr, Fault> {
        let mut left = self.and(variable)?;
        while self.is_word("or") {
            self.at += 1;
            left = Expr::Or(Box::new(left), Box::new(self.and(variable)?));
        }
        Ok(left)
    }

    fn and(&mut self, variable: Option<&str>) -> Result<Expr, Fault> {
        let mut left = self.primary(variable)?;
        while self.is_word("and") {
            self.at += 1;
            left = Expr::And(Box::new(left), Box::new(self.primary(variable)?));
        }
        Ok(left)
    }

    /// A filter deeper or longer than anyone writes would only try the stack of whoever walks the tree.
    fn primary(&mut self, variable: Option<&str>) -> Result<Expr, Fault> {
        self.depth += 1;
        self.terms += 1;
        if self.depth > 40 || self.terms > 300 {
            return Err(syntax("it is too deep or too long"));
        }
        let expr = self.term(variable);
        self.depth -= 1;
        expr
    }

    fn term(&mut self, variable: Option<&str>) -> Result<Expr, Fault> {
        if self.peek() == Some(&FilterToken::Open) {
            self.at += 1;
            let inner = self.or(variable)?;
            self.expect(&FilterToken::Close)?;
            return Ok(inner);
        }
        let word = self.word("a property")?;
        if word == "not" {
            if self.peek() == Some(&FilterToken::Open) {
                self.at += 1;
                let inner = self.or(variable)?;
                self.expect(&FilterToken::Close)?;
                return Ok(Expr::Not(Box::new(inner)));
            }
            return Ok(Expr::Not(Box::new(self.primary(variable)?)));
        }
        if self.peek() == Some(&FilterToken::Open) {
            return self.call(&word, variable);
        }
        let operator = self.word("an operator")?;
        let path = inside(&word, variable)?;
        if operator == "in" {
            return Ok(Expr::Test {
                path,
                op: Op::In,
                values: self.list()?,
            });
        }
        let op = Op::parse(&operator).ok_or_else(|| {
            syntax(&format!(
                "'{operator}' is not an operator that is supported"
            ))
        })?;
        let value = self.literal()?;
        Ok(Expr::Test {
            path,
            op,
            values: vec![value],
        })
    }

    /// `startsWith(path,'x')` or `path/any(v:…)`.
    fn call(&mut self, word: &str, variable: Option<&str>) -> Result<Expr, Fault> {
        self.expect(&FilterToken::Open)?;
        if let Some(path) = word.strip_suffix("/any") {
            let path = inside(path, variable)?;
            let first = self.word("a lambda variable")?;
            let Some((name, rest)) = first.split_once(':') else {
                return Err(syntax("'any' needs a variable"));
            };
            let name = name.to_owned();
            if rest.is_empty() {
                // `any(x: x eq 'y')`, with a space after the colon.
            } else {
                self.at -= 1;
                self.tokens[self.at] = FilterToken::Word(rest.to_owned());
            }
            let inner = self.or(Some(&name))?;
            self.expect(&FilterToken::Close)?;
            return Ok(Expr::Any {
                path,
                inner: Box::new(inner),
            });
        }
        let Some(op) = Op::function(word) else {
            return Err(syntax(&format!("the function '{word}' is not supported")));
        };
        let path = inside(&self.word("a property")?, variable)?;
        self.expect(&FilterToken::Comma)?;
        let value = self.literal()?;
        self.expect(&FilterToken::Close)?;
        // Graph also takes `startsWith(x,'y') eq true`.
        if self.is_word("eq")
            && matches!(self.tokens.get(self.at + 1), Some(FilterToken::Word(w)) if w == "true")
        {
            self.at += 2;
        }
        Ok(Expr::Test {
            path,
            op,
            values: vec![value],
        })
    }

    fn list(&mut self) -> Result<Vec<Literal>, Fault> {
        self.expect(&FilterToken::Open)?;
        let mut values = vec![self.literal()?];
        while self.peek() == Some(&FilterToken::Comma) {
            self.at += 1;
            values.push(self.literal()?);
        }
        self.expect(&FilterToken::Close)?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Literal, Fault> {
        match self.next() {
            Some(FilterToken::Quoted(text)) => Ok(Literal::Text(text)),
            Some(FilterToken::Word(word)) => Ok(match word.as_str() {
                "null" => Literal::Null,
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                _ => {
                    if let Ok(time) = word.parse::<Timestamp>() {
                        Literal::Time(time)
                    } else if uuid::Uuid::parse_str(&word).is_ok() {
                        Literal::Text(word)
                    } else {
                        return Err(syntax(&format!(
                            "'{word}' is not a value (strings need quotes)"
                        )));
                    }
                }
            }),
            _ => Err(syntax("a value is missing")),
        }
    }
}

/// The path inside a lambda, without its variable: `o` is nothing more, `c/issuer` is `issuer`.
fn inside(word: &str, variable: Option<&str>) -> Result<String, Fault> {
    let Some(variable) = variable else {
        return Ok(word.to_owned());
    };
    match word.strip_prefix(variable) {
        Some("") => Ok(String::new()),
        Some(rest) if rest.starts_with('/') => Ok(rest[1..].to_owned()),
        _ => Err(syntax(&format!(
            "'{word}' is outside of the lambda variable"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::odata::FilterValue;

    fn check(filter: &str, name: &str, value: &str) -> bool {
        Expr::parse(filter).unwrap().holds(&|path| {
            if path == name {
                FilterValue::text(value)
            } else {
                FilterValue::Null
            }
        })
    }

    #[test]
    fn precedence_quotes_and_case() {
        assert!(check("a eq 'x' or a eq 'y' and b eq 'z'", "a", "X"));
        assert!(!check("(a eq 'x' or a eq 'y') and b eq 'z'", "a", "x"));
        assert!(check("a eq 'O''Brien'", "a", "o'brien"));
        assert!(check("a in ('x','y')", "a", "y"));
        assert!(check("not(a eq 'x')", "a", "y"));
        assert!(check("startswith(a,'Fab') eq true", "a", "fabrikam"));
        assert!(check("b eq null", "a", "y"));
    }

    #[test]
    fn lambdas_look_into_collections() {
        let expr = Expr::parse("proxyAddresses/any(p:p eq 'SMTP:x@y.z')").unwrap();
        let hit = |path: &str| match path {
            "proxyAddresses" => FilterValue::List(vec![
                FilterValue::text("smtp:a@b.c"),
                FilterValue::text("SMTP:x@y.z"),
            ]),
            _ => FilterValue::Null,
        };
        assert!(expr.holds(&hit));
        let spaced = Expr::parse("otherMails/any(o: o eq 'x')").unwrap();
        assert!(!spaced.holds(&hit));
    }

    #[test]
    fn nonsense_is_a_fault_not_a_panic() {
        for filter in [
            "",
            "a",
            "a eq",
            "a eq x",
            "a eq 'x",
            "a like 'x'",
            "(a eq 'x'",
            "a eq 'x')",
            "any(",
            "a/any(x)",
            "length(a) eq 3",
            "a eq 'x' and",
            "not",
            "in ('x')",
            "a in",
            "a/any(o:b eq 'x')",
        ] {
            assert!(Expr::parse(filter).is_err(), "{filter}");
        }
        assert!(Expr::parse(&"(".repeat(10_000)).is_err());
        assert!(Expr::parse(&"not ".repeat(100_000)).is_err());
    }
}
