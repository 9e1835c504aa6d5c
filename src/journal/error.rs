//! What can be wrong with the journal, in sentences that say what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::private::Refused;

/// The journal cannot be used. No act may be sent without it.
#[derive(Debug)]
pub enum JournalError {
    /// Others may read or write the folder or the file.
    TooOpen {
        /// The folder or file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The bits it should have.
        wanted: u32,
    },
    /// What stands where the file should be is none.
    NotAFile(PathBuf),
    /// Another process has held it for too long.
    Busy(PathBuf),
    /// The system refused.
    Io {
        /// What was tried, as in "cannot … the journal".
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl JournalError {
    /// Turns what the system said into an error about `path`.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }
}

impl From<Refused> for JournalError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooOpen { path, mode, wanted } => Self::TooOpen { path, mode, wanted },
            Refused::NotOurs(path) => Self::NotAFile(path),
            Refused::Io {
                doing,
                path,
                source,
            } => Self::Io {
                doing,
                path,
                source,
            },
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooOpen { path, mode, wanted } => write!(
                f,
                "the journal at {0} can be reached by others (mode {mode:o}); run `chmod {wanted:o} '{0}'` and start again",
                path.display()
            ),
            Self::NotAFile(path) => write!(
                f,
                "{} should be the journal, and is no file; move it away, or set GUESTLIST_STATE_DIR to another folder",
                path.display()
            ),
            Self::Busy(path) => write!(
                f,
                "another guestlist holds the journal at {} and does not let go; it may be suspended (`jobs`, `fg`)",
                path.display()
            ),
            Self::Io {
                doing,
                path,
                source,
            } => write!(
                f,
                "cannot {doing} the journal at {} ({source}); make room or set GUESTLIST_STATE_DIR to a folder you can write to",
                path.display()
            ),
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Something the reader of the journal has to know, though work goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The last line was torn (power cut, full disk) and set aside.
    SetAside {
        /// Where the torn piece is kept.
        path: PathBuf,
        /// How long it is.
        bytes: u64,
    },
    /// The last record was whole but for its line feed, which was added.
    Completed,
    /// A line is not what it was when it was written.
    Damaged(Damage),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SetAside { path, bytes } => write!(
                f,
                "the last line of the journal was torn, as by a power cut; its {bytes} bytes are kept in {}",
                path.display()
            ),
            Self::Completed => f.write_str(
                "the last line of the journal lacked its end, as after a power cut; the record was whole and is kept",
            ),
            Self::Damaged(damage) => damage.fmt(f),
        }
    }
}

/// A line that does not fit the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// Number of the line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: DamageKind,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DamageKind {
    /// It is no record.
    Unreadable,
    /// It does not carry the hash of the line before: that line, or this one, was changed.
    Hash,
    /// Its number does not follow: lines were taken out or put in.
    Sequence,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            DamageKind::Unreadable => "cannot be read",
            DamageKind::Hash => "does not match the line before it: one of the two was changed",
            DamageKind::Sequence => "has a number that does not follow: lines are missing or added",
        };
        write!(f, "line {} of the journal {what}", self.line)
    }
}
