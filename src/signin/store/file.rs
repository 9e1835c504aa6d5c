//! A sign-in in a private file. Looser ones are refused with the command that repairs them.

use std::io::ErrorKind;
use std::path::Path;

use crate::domain::problem::{Problem, ProblemKind};
use crate::private::{self, Refused};

/// Larger ones are none of ours.
const LARGEST: u64 = 256 * 1024;

pub(super) fn load(path: &Path) -> Result<Option<Vec<u8>>, Problem> {
    private::load(path, LARGEST).map_err(problem)
}

/// Writes it whole, so that there is never half a token.
pub(super) fn save(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    private::save(path, bytes).map_err(problem)
}

/// Whether something can be kept at `path`.
pub(super) fn check(path: &Path) -> Result<(), Problem> {
    load(path)?;
    let beside = path.with_extension("check");
    save(&beside, b"?")?;
    forget(&beside).map(drop)
}

/// Whether there was one. Also removes one that others could read: that is what was wanted.
pub(super) fn forget(path: &Path) -> Result<bool, Problem> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(false)
        }
        Err(source) => Err(problem(Refused::Io {
            doing: "remove",
            path: path.to_owned(),
            source,
        })),
    }
}

fn problem(refused: Refused) -> Problem {
    let (what, remedy) = match refused {
        Refused::TooOpen { path, mode, wanted } => (
            format!(
                "The sign-in kept at {} can be reached by others (mode {mode:o}), so it is not used",
                path.display()
            ),
            format!(
                "Run chmod {wanted:o} '{}', or guestlist logout",
                path.display()
            ),
        ),
        Refused::NotOurs(path) => (
            format!(
                "{} is not a file of yours; the sign-in in it is not used",
                path.display()
            ),
            "Move it away and sign in again".into(),
        ),
        Refused::Io {
            doing,
            path,
            source,
        } => (
            format!(
                "The kept sign-in: cannot {doing} {} ({source})",
                path.display()
            ),
            "Check the folder and its permissions, or keep the sign-in in memory".into(),
        ),
    };
    Problem::new(ProblemKind::Local, what, remedy)
}
