//! `$filter`: a tree that says yes or no to one entity; `parse.rs` makes it.
//!
//! Only the grammar that Graph documents for the resources here (`concepts/filter-query-parameter.md`):
//! comparisons, `in`, `and`/`or`/`not`, `startsWith`/`endsWith`/`contains`, and `any` over a collection.

use jiff::Timestamp;

use super::{FilterValue, fold, same};

/// What a property may be asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) enum Op {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    In,
    StartsWith,
    EndsWith,
    Contains,
}

impl Op {
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "lt" => Self::Lt,
            "le" => Self::Le,
            _ => return None,
        })
    }

    pub(super) fn function(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "startswith" => Self::StartsWith,
            "endswith" => Self::EndsWith,
            "contains" => Self::Contains,
            _ => return None,
        })
    }

    /// Operators that the directory answers only with `ConsistencyLevel: eventual` and `$count=true`.
    pub(super) fn is_advanced(self) -> bool {
        matches!(self, Self::Ne | Self::EndsWith)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::emulator) enum Literal {
    Null,
    Bool(bool),
    Text(String),
    Time(Timestamp),
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::emulator) enum Expr {
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Test {
        path: String,
        op: Op,
        values: Vec<Literal>,
    },
    Any {
        path: String,
        inner: Box<Expr>,
    },
}

impl Expr {
    /// Does the entity behind `field` satisfy this?
    pub(super) fn holds<'a>(&self, field: &dyn Fn(&str) -> FilterValue<'a>) -> bool {
        match self {
            Self::And(left, right) => left.holds(field) && right.holds(field),
            Self::Or(left, right) => left.holds(field) || right.holds(field),
            Self::Not(inner) => !inner.holds(field),
            Self::Test { path, op, values } => {
                let value = field(path);
                values.iter().any(|literal| compare(&value, *op, literal))
            }
            Self::Any { path, inner } => match field(path) {
                FilterValue::List(items) => items
                    .iter()
                    .any(|item| inner.holds(&|name| item.member(name))),
                _ => false,
            },
        }
    }
}

fn compare(field: &FilterValue<'_>, op: Op, literal: &Literal) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = match (field, literal) {
        (FilterValue::Null, Literal::Null) => Some(Equal),
        (FilterValue::Bool(a), Literal::Bool(b)) => Some(a.cmp(b)),
        (FilterValue::Time(a), Literal::Time(b)) => Some(a.cmp(b)),
        (FilterValue::Text(a), Literal::Text(b)) if matches!(op, Op::Eq | Op::In) => {
            return same(a, b);
        }
        (FilterValue::Text(a), Literal::Text(b)) if op == Op::Ne => return !same(a, b),
        (FilterValue::Text(a), Literal::Text(b)) => {
            let (a, b) = (fold(a), fold(b));
            match op {
                Op::StartsWith => return a.starts_with(b.as_ref()),
                Op::EndsWith => return a.ends_with(b.as_ref()),
                Op::Contains => return a.contains(b.as_ref()),
                _ => Some(a.cmp(&b)),
            }
        }
        _ => None,
    };
    match op {
        Op::Eq | Op::In => order == Some(Equal),
        Op::Ne => order != Some(Equal),
        Op::Gt => order == Some(Greater),
        Op::Ge => matches!(order, Some(Greater | Equal)),
        Op::Lt => order == Some(Less),
        Op::Le => matches!(order, Some(Less | Equal)),
        Op::StartsWith | Op::EndsWith | Op::Contains => false,
    }
}
