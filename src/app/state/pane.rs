//! The panes, and what is looked at in them.

use crate::domain::id::{PolicyId, RequestId, UserId};

/// One of the four lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The queue.
    Requests,
    /// Who may ask for what.
    Policies,
    /// Who is in.
    Guests,
    /// Who did what.
    Journal,
}

impl Pane {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Requests, Self::Policies, Self::Guests, Self::Journal];

    /// The name on screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Requests => "Requests",
            Self::Policies => "Policies",
            Self::Guests => "Guests",
            Self::Journal => "Journal",
        }
    }

    /// The number that leads to it, from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0) + 1
    }

    /// The pane so many places on, around the end.
    pub fn next(self, by: usize) -> Self {
        Self::ALL[(self.number() - 1 + by) % Self::ALL.len()]
    }
}

/// A row of any pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A request.
    Request(RequestId),
    /// A policy.
    Policy(PolicyId),
    /// A guest.
    Guest(UserId),
    /// An act of the journal.
    Act(u64),
}
