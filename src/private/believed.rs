//! Files that are believed: settings and rules, which decide where a token goes and who is let in. They may be read by
//! others; whoever else can write them could speak for their user.

use std::fmt;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, fchmod};
use rustix::io::Errno;

/// Why a file is not believed, or not written to. Displays as what follows "cannot be used: …", without its end.
#[derive(Debug)]
pub enum Unbelieved {
    /// A link, which may lead anywhere at any time.
    Link,
    /// A folder, a pipe, or the like.
    NoFile,
    /// Neither this user's nor the system's.
    Foreign,
    /// Others may write it, or put something else into its folder.
    Writable {
        /// The file or its folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// More bytes than it could sensibly have.
    TooLarge(u64),
    /// The system refused.
    Io(io::Error),
}

impl fmt::Display for Unbelieved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link => f.write_str(
                "it is a link, and links are not followed: name the file it leads to, or put a copy in its place",
            ),
            Self::NoFile => f.write_str("it is no file"),
            Self::Foreign => {
                f.write_str("it belongs to somebody else: make a copy of your own, if you trust it")
            }
            Self::Writable { path, mode } => {
                let path = path.display();
                write!(f, "others may write {path} (mode {mode:o}): run chmod go-w '{path}'")
            }
            Self::TooLarge(most) => write!(f, "it is larger than {} KiB", most / 1024),
            Self::Io(error) => match error.kind() {
                ErrorKind::NotFound => f.write_str("there is no such file"),
                ErrorKind::PermissionDenied => f.write_str("permission denied"),
                _ => write!(f, "{error}"),
            },
        }
    }
}

impl From<io::Error> for Unbelieved {
    fn from(error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::LOOP) => Self::Link,
            // A pipe that nobody reads.
            Some(Errno::NXIO) => Self::NoFile,
            _ => Self::Io(error),
        }
    }
}

/// Reads a file of at most so many bytes that nobody but its user and the system may write. What is looked at is what
/// was opened, and no pipe is waited for.
///
/// # Errors
/// Why it is not believed.
pub fn believed(path: &Path, most: u64) -> Result<Vec<u8>, Unbelieved> {
    let file = opened(path)?;
    let found = file.metadata()?;
    own(&found)?;
    let writable = |path: &Path, mode: u32| Unbelieved::Writable {
        path: path.to_owned(),
        mode: mode & 0o7777,
    };
    if found.mode() & 0o022 != 0 {
        return Err(writable(path, found.mode()));
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // In a folder with the sticky bit one can only put things beside it.
    let mode = std::fs::metadata(folder)?.mode();
    if mode & 0o022 != 0 && mode & 0o1000 == 0 {
        return Err(writable(folder, mode));
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Unbelieved::TooLarge(most));
    }
    Ok(bytes)
}

/// Opens a file for appending, for its user's eyes alone, also one that was there and was not.
///
/// # Errors
/// It is somebody else's or a link, or cannot be written.
pub fn appended(path: &Path) -> Result<File, Unbelieved> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    let found = file.metadata()?;
    // A terminal or /dev/null keeps nothing that somebody could read later.
    if found.is_file() {
        own(&found)?;
        if found.permissions().mode() & 0o077 != 0 {
            fchmod(&file, Mode::RUSR | Mode::WUSR).map_err(io::Error::from)?;
        }
    }
    Ok(file)
}

/// Opens a file for reading without following a link or waiting for a pipe.
pub(super) fn opened(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

/// This user's, or root's, who may write all that there is.
fn own(found: &Metadata) -> Result<(), Unbelieved> {
    let mine = rustix::process::geteuid().as_raw();
    match found.uid() {
        _ if !found.is_file() => Err(Unbelieved::NoFile),
        0 => Ok(()),
        owner if owner == mine => Ok(()),
        _ => Err(Unbelieved::Foreign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_others_may_write_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rules.toml");
        let why = |path: &Path| believed(path, 10).unwrap_err().to_string();
        assert_eq!(why(&path), "there is no such file");
        fs::write(&path, "x = 1").unwrap();
        for (bits, fine) in [
            (0o600, true),
            (0o644, true),
            (0o400, true),
            (0o664, false),
            (0o602, false),
            (0o666, false),
        ] {
            mode(&path, bits);
            assert_eq!(believed(&path, 10).is_ok(), fine, "{bits:o}");
        }
        assert!(why(&path).contains(&format!("run chmod go-w '{}'", path.display())));
        mode(&path, 0o600);
        for (bits, fine) in [
            (0o755, true),
            (0o775, false),
            (0o1777, true),
            (0o777, false),
        ] {
            mode(dir.path(), bits);
            assert_eq!(believed(&path, 10).is_ok(), fine, "folder {bits:o}");
        }
        mode(dir.path(), 0o700);
        fs::write(&path, "x = 1234567").unwrap();
        assert!(why(&path).contains("larger than"));
        let link = dir.path().join("link.toml");
        symlink(&path, &link).unwrap();
        assert!(why(&link).starts_with("it is a link"), "{}", why(&link));
        symlink(dir.path().join("nowhere"), dir.path().join("dangling")).unwrap();
        assert!(why(&dir.path().join("dangling")).starts_with("it is a link"));
        assert_eq!(why(dir.path()), "it is no file");
        assert_eq!(why(Path::new("/dev/null")), "it is no file");
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &path,
            rustix::fs::FileType::Fifo,
            Mode::RUSR | Mode::WUSR,
            0,
        )
        .unwrap();
        assert!(matches!(believed(&path, 10), Err(Unbelieved::NoFile)));
        assert!(matches!(appended(&path), Err(Unbelieved::NoFile)));
    }

    #[test]
    fn what_is_appended_to_is_its_users_alone_from_then_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let bits = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        appended(&path).unwrap();
        assert_eq!(bits(), 0o600);
        mode(&path, 0o644);
        appended(&path).unwrap();
        assert_eq!(bits(), 0o600);
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(matches!(appended(&link), Err(Unbelieved::Link)));
        appended(Path::new("/dev/null")).unwrap();
    }
}
