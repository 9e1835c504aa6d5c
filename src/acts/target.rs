//! What an act is about. Acts are tied to rows by id, never by position.

use crate::domain::id::{RequestId, UserId};

/// What an act is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A request in the queue.
    Request(RequestId),
    /// A guest.
    Guest(UserId),
    /// Somebody to be invited, by address in lower case.
    Address(String),
    /// A package for a person, by [`crate::domain::assignment::Assignment::key`].
    Assignment(String),
}

impl Target {
    /// The id, or the address.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Request(id) => id.as_str(),
            Self::Guest(id) => id.as_str(),
            Self::Address(mail) => mail,
            Self::Assignment(key) => key,
        }
    }
}
