//! [`Problem`]: the one error type of everything that talks to Graph.

use std::fmt;
use std::time::Duration;

/// What sort of failure it is: decides the exit code and what the console offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No token, or one that Graph does not take.
    SignIn,
    /// Signed in, but not allowed to.
    NotPermitted,
    /// It is not there.
    NotFound,
    /// Somebody else was faster, or the state does not allow it.
    Conflict,
    /// Graph asks to slow down.
    Throttled,
    /// No answer: name not found, refused, dropped, timed out.
    Unreachable,
    /// An answer, but not Graph's.
    NotGraph,
    /// Graph answered that it failed itself (5xx).
    Service,
    /// Graph refused the request as wrong (other 4xx).
    Refused,
    /// The user, or the end of the program, stopped it.
    Cancelled,
    /// Something on this machine: the journal, a file.
    Local,
}

/// What went wrong and what to do about it, in plain words and without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What sort of failure.
    pub kind: ProblemKind,
    /// One sentence: what happened. No full stop at its end.
    pub what: String,
    /// One sentence: what to do. Empty where there is nothing to do.
    pub remedy: String,
    /// Graph's id for the exchange, for a support case.
    pub request_id: Option<String>,
    /// How long Graph asked to wait (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Problem {
    /// A problem with a remedy.
    pub fn new(kind: ProblemKind, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            remedy: remedy.into(),
            request_id: None,
            retry_after: None,
        }
    }

    /// Whether a write that ended so may nevertheless have happened. Such a write is read back before
    /// anything else is done with it.
    pub fn leaves_unknown(&self) -> bool {
        matches!(
            self.kind,
            ProblemKind::Unreachable
                | ProblemKind::NotGraph
                | ProblemKind::Service
                | ProblemKind::Cancelled
        )
    }

    /// The exit code of a plain command that ended so.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            ProblemKind::SignIn => 3,
            ProblemKind::NotPermitted => 4,
            ProblemKind::Unreachable
            | ProblemKind::NotGraph
            | ProblemKind::Throttled
            | ProblemKind::Service => 5,
            _ => 1,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.what.trim_end_matches('.'))?;
        if !self.remedy.is_empty() {
            write!(f, " {}.", self.remedy.trim_end_matches('.'))?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request-id {id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
