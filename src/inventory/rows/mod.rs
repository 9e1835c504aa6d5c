//! The rows of the four panes: what Graph said, joined with what else is known about it. One file a pane.

mod guest;
mod journal;
mod policy;
mod request;

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

pub use self::guest::GuestRow;
pub use self::journal::JournalRow;
pub use self::policy::PolicyRow;
pub use self::request::{RequestRow, left, reasoned, standing};

/// Compares without regard to case, without building strings.
fn caseless(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a
            .bytes()
            .map(|b| b.to_ascii_lowercase())
            .cmp(b.bytes().map(|b| b.to_ascii_lowercase()));
    }
    a.chars()
        .flat_map(char::to_lowercase)
        .cmp(b.chars().flat_map(char::to_lowercase))
}

/// A missing time counts as later than any.
fn times(a: Option<Timestamp>, b: Option<Timestamp>) -> Ordering {
    a.unwrap_or(Timestamp::MAX)
        .cmp(&b.unwrap_or(Timestamp::MAX))
}

fn day(time: Option<Timestamp>) -> Cow<'static, str> {
    Cow::Owned(
        time.map(|time| time.strftime("%Y-%m-%d").to_string())
            .unwrap_or_default(),
    )
}
