//! A file in a folder, both their owner's alone. Looser ones are refused with the command that repairs them.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

use crate::domain::problem::{Problem, ProblemKind};
use crate::journal::private_dir;

/// Larger ones are none of ours.
const LARGEST: u64 = 256 * 1024;

pub(super) fn load(path: &Path) -> Result<Option<Vec<u8>>, Problem> {
    if !path.parent().is_some_and(Path::exists) {
        return Ok(None);
    }
    folder(path)?;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path, &error)),
    };
    let found = file
        .metadata()
        .map_err(|error| failed("read", path, &error))?;
    ours(path, &found)?;
    let mut bytes = Vec::new();
    file.take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| failed("read", path, &error))?;
    Ok(Some(bytes))
}

/// Writes a new file beside it and puts that in its place, so that there is never half a token.
pub(super) fn save(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    folder(path)?;
    match fs::symlink_metadata(path) {
        Ok(found) => ours(path, &found)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed("look at", path, &error)),
    }
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    // One of an earlier run that was cut short.
    let _ = fs::remove_file(&beside);
    write().map_err(|error| {
        let _ = fs::remove_file(&beside);
        failed("write", path, &error)
    })
}

/// Whether there was one. Also removes one that others could read: that is what was wanted.
pub(super) fn forget(path: &Path) -> Result<bool, Problem> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(false)
        }
        Err(error) => Err(failed("remove", path, &error)),
    }
}

fn folder(path: &Path) -> Result<(), Problem> {
    let dir = path.parent().unwrap_or(Path::new("."));
    match private_dir(dir) {
        Ok(()) => Ok(()),
        Err(crate::journal::JournalError::TooOpen { mode, .. }) => Err(too_open(dir, mode, 0o700)),
        Err(crate::journal::JournalError::Io { source, .. }) => Err(failed("create", dir, &source)),
        Err(_) => Err(failed("use", dir, &ErrorKind::Other.into())),
    }
}

/// A file of this user's, that nobody else can reach.
fn ours(path: &Path, found: &fs::Metadata) -> Result<(), Problem> {
    let mine = found.uid() == rustix::process::geteuid().as_raw();
    if !found.is_file() || !mine {
        return Err(Problem::new(
            ProblemKind::Local,
            format!(
                "{} is not a file of yours; the sign-in in it is not used",
                path.display()
            ),
            "Move it away and sign in again",
        ));
    }
    let mode = found.permissions().mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(too_open(path, mode, 0o600)),
    }
}

fn too_open(path: &Path, mode: u32, wanted: u32) -> Problem {
    Problem::new(
        ProblemKind::Local,
        format!(
            "The sign-in kept at {} can be reached by others (mode {mode:o}), so it is not used",
            path.display()
        ),
        format!(
            "Run chmod {wanted:o} '{}', or guestlist logout",
            path.display()
        ),
    )
}

fn failed(doing: &str, path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        ProblemKind::Local,
        format!(
            "The kept sign-in: cannot {doing} {} ({error})",
            path.display()
        ),
        "Check the folder and its permissions, or keep the sign-in in memory",
    )
}
