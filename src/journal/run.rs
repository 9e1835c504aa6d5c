//! Which runs of guestlist live: each holds a lock on a file of its own for as long as it runs, which ends with
//! the process however that ends. So nobody settles what another run is still at.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags, flock, open};
use rustix::io::Errno;
use uuid::Uuid;

use super::error::JournalError;
use crate::private;

/// The folder in the state folder.
const FOLDER: &str = "runs";

/// A fresh name is only refused to us by somebody who clears away at that very moment.
const ATTEMPTS: usize = 16;

/// Says that this run lives, for as long as it is held.
#[derive(Debug)]
pub struct RunLock {
    id: String,
    path: PathBuf,
    /// Held, not used.
    _file: File,
}

impl RunLock {
    /// Takes one under a fresh id in the state folder `dir`, and clears away those of runs that are dead.
    ///
    /// # Errors
    /// Folder or file cannot be used or locked, or others can reach them.
    pub fn take(dir: &Path) -> Result<Self, JournalError> {
        let folder = dir.join(FOLDER);
        clear(&folder);
        for _ in 0..ATTEMPTS {
            let id = Uuid::new_v4().to_string();
            let path = folder.join(&id);
            let file = private::to_lock(&path)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                // Not yet locked it looked dead to whoever clears away, and may be gone.
                Ok(()) if path.exists() => {
                    return Ok(Self {
                        id,
                        path,
                        _file: file,
                    });
                }
                Ok(()) | Err(Errno::WOULDBLOCK | Errno::INTR) => {}
                Err(error) => {
                    let _ = fs::remove_file(&path);
                    return Err(JournalError::io("lock", &path)(error.into()));
                }
            }
        }
        Err(JournalError::Busy(folder))
    }

    /// The id of this run, as records carry it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the run that wrote `run` into its records still lives, on this machine or another with the same
    /// state folder. Where that cannot be found out, it does: what a living run is at is left alone. An id that is
    /// none, as version 1 has it, is nobody's.
    pub fn lives(dir: &Path, run: &str) -> bool {
        // The id comes from a file that anybody may have edited, and becomes a path.
        let Ok(id) = Uuid::parse_str(run) else {
            return false;
        };
        match free(&dir.join(FOLDER).join(id.to_string())) {
            Ok(_) | Err(Errno::NOENT) => false,
            Err(_) => true,
        }
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// A file that nobody holds the lock on, held so that nobody can take it meanwhile. By a shared lock: those who look
/// at the same time do not see each other. `WOULDBLOCK` where somebody holds it.
fn free(path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = open(path, flags, Mode::empty())?;
    flock(&file, FlockOperation::NonBlockingLockShared)?;
    Ok(file)
}

/// Removes the files of dead runs, and nothing else that may lie there. What cannot be removed does no harm.
fn clear(folder: &Path) {
    for found in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = found.file_name().to_str().map(Uuid::parse_str);
        if let (Some(Ok(_)), Ok(_held)) = (ours, free(&found.path())) {
            let _ = fs::remove_file(found.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::journal::tests::folder;

    fn names(dir: &Path) -> Vec<String> {
        let found = fs::read_dir(dir.join(FOLDER)).unwrap();
        found
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    /// A file as a run leaves it that was killed.
    fn dead(dir: &Path) -> String {
        let id = Uuid::new_v4().to_string();
        private::create(&dir.join(FOLDER).join(&id), b"").unwrap();
        id
    }

    #[test]
    fn a_run_lives_until_it_is_dropped() {
        let (_keep, dir) = folder();
        private::dir(&dir).unwrap();
        let one = RunLock::take(&dir).unwrap();
        let two = RunLock::take(&dir).unwrap();
        assert_ne!(one.id(), two.id());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&dir.join(FOLDER)), mode(&one.path)), (0o700, 0o600));
        for _ in 0..2 {
            assert!(RunLock::lives(&dir, one.id()) && RunLock::lives(&dir, two.id()));
        }
        let id = one.id().to_owned();
        drop(one);
        assert!(!RunLock::lives(&dir, &id) && RunLock::lives(&dir, two.id()));
        assert_eq!(names(&dir), [two.id()]);
    }

    #[test]
    fn the_dead_are_cleared_away_and_the_living_left_alone() {
        let (_keep, dir) = folder();
        private::dir(&dir).unwrap();
        let living = RunLock::take(&dir).unwrap();
        let killed = dead(&dir);
        private::create(&dir.join(FOLDER).join("notes.txt"), b"mine").unwrap();
        assert!(!RunLock::lives(&dir, &killed));
        // Who looks does not keep others from looking, or from being seen.
        let looked = free(&dir.join(FOLDER).join(&killed)).unwrap();
        assert!(!RunLock::lives(&dir, &killed));
        drop(looked);
        assert_eq!(names(&dir).len(), 3, "looking clears nothing away");
        let next = RunLock::take(&dir).unwrap();
        let mut left = names(&dir);
        left.sort_by_key(String::len);
        assert_eq!((left.len(), left[0].as_str()), (3, "notes.txt"));
        assert!(left.iter().any(|name| name == living.id()));
        assert!(left.iter().any(|name| name == next.id()));
        assert!(!RunLock::lives(&dir, &killed));
    }

    #[test]
    fn what_is_no_run_lives_not_and_what_cannot_be_looked_at_does() {
        let (_keep, dir) = folder();
        private::dir(&dir).unwrap();
        for none in ["", "..", "../journal.jsonl", "run-1"] {
            assert!(!RunLock::lives(&dir, none), "{none}");
        }
        let id = Uuid::new_v4().to_string();
        assert!(!RunLock::lives(&dir, &id), "there is not even a folder");
        private::dir(&dir.join(FOLDER)).unwrap();
        // A link in its place is nothing to follow.
        std::os::unix::fs::symlink(&dir, dir.join(FOLDER).join(&id)).unwrap();
        assert!(RunLock::lives(&dir, &id));
    }

    #[test]
    fn a_folder_that_others_can_reach_is_refused() {
        let (_keep, dir) = folder();
        private::dir(&dir.join(FOLDER)).unwrap();
        fs::set_permissions(dir.join(FOLDER), fs::Permissions::from_mode(0o755)).unwrap();
        let error = RunLock::take(&dir).unwrap_err().to_string();
        assert!(
            error.contains("mode 755") && error.contains("chmod 700"),
            "{error}"
        );
    }

    #[test]
    fn many_runs_start_at_once_and_all_live() {
        let (_keep, dir) = folder();
        private::dir(&dir).unwrap();
        let locks: Vec<RunLock> = std::thread::scope(|threads| {
            let started: Vec<_> = (0..16)
                .map(|_| threads.spawn(|| RunLock::take(&dir).unwrap()))
                .collect();
            started.into_iter().map(|run| run.join().unwrap()).collect()
        });
        for lock in &locks {
            assert!(RunLock::lives(&dir, lock.id()));
        }
        assert!(names(&dir).len() >= locks.len());
    }
}
