//! Files that are their owner's alone (0600, in a folder of mode 0700), written whole or not at all. Looser ones are
//! refused; so are files that are believed, such as settings, where others may write them.

mod believed;
mod memory;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

pub use believed::{Unbelieved, appended, believed};
pub use memory::keep_to_itself;

/// Why a private file was not used.
#[derive(Debug)]
pub enum Refused {
    /// Others can reach the file or its folder.
    TooOpen {
        /// Which.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The bits it should have.
        wanted: u32,
    },
    /// It is no file, or somebody else's.
    NotOurs(PathBuf),
    /// The system refused.
    Io {
        /// What was tried, as in "cannot … the file".
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Refused {
    fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }
}

/// Reads a file of at most so many bytes; more are left out. `None` where there is none.
///
/// # Errors
/// It is not private, or cannot be read.
pub fn load(path: &Path, most: u64) -> Result<Option<Vec<u8>>, Refused> {
    if !path.parent().is_some_and(Path::exists) {
        return Ok(None);
    }
    folder(path)?;
    let file = match believed::opened(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Refused::io("read", path)(error)),
    };
    let found = file.metadata().map_err(Refused::io("read", path))?;
    ours(path, &found)?;
    let mut bytes = Vec::new();
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(Refused::io("read", path))?;
    Ok(Some(bytes))
}

/// Writes a new file beside it and puts that in its place, so that there is never half a file. It is on the disk
/// when this returns.
///
/// # Errors
/// What stands there is not private, or it cannot be written; what stood there still does.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), Refused> {
    folder(path)?;
    match fs::symlink_metadata(path) {
        Ok(found) => ours(path, &found)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Refused::io("look at", path)(error)),
    }
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    // One of an earlier run that was cut short.
    let _ = fs::remove_file(&beside);
    let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        Refused::io("write", path)(error)
    })
}

/// Writes a file that was not there before.
///
/// # Errors
/// There is one of that name, its folder is not private, or it cannot be written.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), Refused> {
    folder(path)?;
    write_new(path, bytes).map_err(Refused::io("write", path))
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Opens a file to hold a lock on, creating it where it is missing.
///
/// # Errors
/// It is not private, or cannot be opened.
pub fn to_lock(path: &Path) -> Result<File, Refused> {
    folder(path)?;
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
        .open(path)
        .map_err(Refused::io("open", path))?;
    let found = file.metadata().map_err(Refused::io("look at", path))?;
    ours(path, &found)?;
    Ok(file)
}

/// Creates a folder with mode 0700 where it is missing.
///
/// # Errors
/// It cannot be created, or others can reach it.
pub fn dir(path: &Path) -> Result<(), Refused> {
    let mut builder = DirBuilder::new();
    let created = builder.recursive(true).mode(0o700).create(path);
    let found = created
        .and_then(|()| fs::metadata(path))
        .map_err(Refused::io("create", path))?;
    closed(path, &found, 0o700)
}

/// Refuses what others can reach; `wanted` are the bits it should have.
pub(crate) fn closed(path: &Path, found: &fs::Metadata, wanted: u32) -> Result<(), Refused> {
    let mode = found.permissions().mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(Refused::TooOpen {
            path: path.to_owned(),
            mode,
            wanted,
        }),
    }
}

fn folder(path: &Path) -> Result<(), Refused> {
    dir(path.parent().unwrap_or(Path::new(".")))
}

/// A file of this user's, that nobody else can reach.
fn ours(path: &Path, found: &fs::Metadata) -> Result<(), Refused> {
    let mine = found.uid() == rustix::process::geteuid().as_raw();
    if !found.is_file() || !mine {
        return Err(Refused::NotOurs(path.to_owned()));
    }
    closed(path, found, 0o600)
}
