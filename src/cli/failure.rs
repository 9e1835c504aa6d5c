//! How a plain command ends other than well.

use std::fmt;
use std::io;

use crate::domain::problem::{Problem, ProblemKind};
use crate::journal::JournalError;
use crate::settings::SettingsError;

/// Why a command stopped. Displays as one sentence or two: what happened, and what to do.
#[derive(Debug)]
pub(super) enum Failure {
    /// Flags and arguments do not make sense.
    Usage(String),
    /// The run may not do this.
    NotPermitted(String),
    /// It was not done, for a reason that is none of the others.
    NotDone(String),
    /// Settings are wrong, or nothing says where to sign in.
    Settings(SettingsError),
    /// Graph, or what is between.
    Problem(Problem),
    /// Rows failed, and were said already; the exit code is all that is left.
    Rows(u8),
    /// Whoever reads our output has seen enough.
    Pipe,
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// The exit code.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::NotPermitted(_) => 4,
            Self::NotDone(_) | Self::Output(_) => 1,
            Self::Settings(error) => error.exit_code(),
            Self::Problem(problem) => problem.exit_code(),
            Self::Rows(code) => *code,
            Self::Pipe => 0,
        }
    }

    /// Whether there is anything left to say.
    pub(super) fn silent(&self) -> bool {
        matches!(self, Self::Rows(_) | Self::Pipe)
    }

    /// Something wrong on this machine.
    pub(super) fn local(what: impl Into<String>, remedy: &str) -> Self {
        Self::Problem(Problem::new(ProblemKind::Local, what, remedy))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(words) | Self::NotPermitted(words) | Self::NotDone(words) => {
                f.write_str(words)
            }
            Self::Settings(error) => error.fmt(f),
            Self::Problem(problem) => problem.fmt(f),
            Self::Output(error) => write!(f, "The output cannot be written ({error})."),
            Self::Rows(_) | Self::Pipe => Ok(()),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::NotDone(sentence(&error.to_string()))
    }
}

/// With a capital letter and a full stop.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let stop = if words.ends_with(['.', '?', ')']) {
        ""
    } else {
        "."
    };
    format!("{}{}{stop}", first.collect::<String>(), letters.as_str())
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

/// Only the output is written with plain input/output errors here.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Pipe
        } else {
            Self::Output(error)
        }
    }
}
