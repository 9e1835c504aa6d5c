//! OData as far as the console uses it and Graph documents it: what is not understood is refused, never ignored.
//!
//! Every resource is a [`EntityKind`] (a table of what it lets one select, filter, expand and order by) and its things are
//! [`Entity`]s. [`query`] reads and checks the options, [`filter`] decides, [`page`] lists and renders.

pub(super) mod filter;
pub(super) mod page;
mod parse;
pub(super) mod query;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

pub(super) use filter::Op;
pub(super) use page::{Listing, count, list, one, render};
pub(super) use query::Shape;

use super::world::TenantWorld;

/// What one resource supports.
pub(super) struct EntityKind {
    /// `user`, of `#microsoft.graph.user`.
    pub(super) name: &'static str,
    /// Everything that `$select` may name, in the order of the answer.
    pub(super) properties: &'static [&'static str],
    /// What comes without `$select`; empty means everything.
    pub(super) default: &'static [&'static str],
    /// Properties that exist but cannot be selected here: 501.
    pub(super) unselectable: &'static [&'static str],
    /// Paths and the operators each takes; `x/any` is the element of a collection, `x/any/y` a member of it.
    pub(super) filters: &'static [(&'static str, &'static [Op])],
    /// What `$expand` may name, and what it leads to.
    pub(super) relations: &'static [(&'static str, &'static EntityKind)],
    /// What `$orderby` may name (directory objects only).
    pub(super) order: &'static [&'static str],
    /// Directory objects page by `$top` and know advanced queries; entitlement management promises neither.
    pub(super) directory: bool,
}

/// One value, as a filter sees it: nothing is cloned to be compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FilterValue<'a> {
    Null,
    Bool(bool),
    Text(Cow<'a, str>),
    Time(Timestamp),
    List(Vec<FilterValue<'a>>),
    Members(Vec<(&'static str, FilterValue<'a>)>),
}

impl<'a> FilterValue<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub(super) fn time(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Null, Self::Time)
    }

    pub(super) fn of(value: &'a Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::String(text) => text
                .parse()
                .map_or_else(|_| Self::text(text.as_str()), Self::Time),
            _ => Self::Null,
        }
    }

    fn member(&self, name: &str) -> FilterValue<'a> {
        match self {
            _ if name.is_empty() => self.clone(),
            Self::Members(members) => members
                .iter()
                .find(|(member, _)| *member == name)
                .map_or(Self::Null, |(_, field)| field.clone()),
            _ => Self::Null,
        }
    }
}

/// Graph compares strings without regard to case.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_uppercase) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Are they the same to Graph? The quick way first: most addresses and names are plain, and most are different.
pub(super) fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() || b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        fold(a) == fold(b)
    }
}

/// Where a relation leads.
pub(super) enum Follow<'w> {
    One(Option<&'w dyn Entity>),
    Many(Vec<&'w dyn Entity>),
}

/// A thing of a [`EntityKind`].
pub(super) trait Entity {
    fn kind(&self) -> &'static EntityKind;
    /// The value of a property of the kind; `None` leaves it out of the answer.
    fn property(&self, name: &str) -> Option<Value>;
    /// The value at one of the kind's filter paths.
    fn field(&self, path: &str) -> FilterValue<'_>;
    /// Where one of the kind's relations leads.
    fn follow<'w>(&'w self, world: &'w TenantWorld, relation: &str) -> Follow<'w> {
        let _ = (world, relation);
        Follow::One(None)
    }
}
