//! The file under the journal: who may reach it, the lock, its torn end, its last line.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use super::error::{JournalError, Warning};
use super::record::Record;
use crate::private::{self, Refused};

/// An append takes milliseconds; who holds the lock for ten seconds is suspended or dead in the water.
const LOCK_ATTEMPTS: u32 = 5000;
const LOCK_PAUSE: Duration = Duration::from_millis(2);
/// How much is read at once from the end, looking for the last line.
const BLOCK: u64 = 16 * 1024;

/// SHA-256 of a line, without its line feed.
pub(super) type Hash = [u8; 32];

/// What stands before the first line.
pub(super) const GENESIS: Hash = [0; 32];

/// The end of the chain, as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tip {
    /// Which file, so that a replaced one is noticed.
    pub(super) inode: u64,
    /// Bytes up to the end of the last line.
    pub(super) end: u64,
    /// Number of the last record.
    pub(super) seq: u64,
    /// Hash of the last line.
    pub(super) hash: Hash,
}

pub(super) fn hash(line: &[u8]) -> Hash {
    Sha256::digest(line).into()
}

pub(super) fn hex(hash: &Hash) -> String {
    use std::fmt::Write as _;
    hash.iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Into a String, so it cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Creates the folder with mode 0700 where it is missing, and refuses one that others can reach.
pub(super) fn folder(dir: &Path) -> Result<(), JournalError> {
    private::dir(dir).map_err(|refused| match refused {
        Refused::Io { path, source, .. } => JournalError::io("create a folder for", &path)(source),
        other => other.into(),
    })
}

/// Opens the file for appending, creating it with mode 0600, and takes the lock. The lock goes with the file.
pub(super) fn open_locked(path: &Path) -> Result<File, JournalError> {
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(JournalError::io("open", path))?;
    let found = file.metadata().map_err(JournalError::io("look at", path))?;
    if !found.is_file() {
        return Err(JournalError::NotAFile(path.to_owned()));
    }
    private::closed(path, &found, 0o600)?;
    if is_new {
        // A file is only safe from a power cut once its name is.
        let dir = path.parent().unwrap_or(Path::new("."));
        let synced = File::open(dir).and_then(|dir| dir.sync_all());
        synced.map_err(JournalError::io("save the name of", path))?;
    }
    for _ in 0..LOCK_ATTEMPTS {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(file),
            Err(Errno::WOULDBLOCK | Errno::INTR) => thread::sleep(LOCK_PAUSE),
            Err(error) => return Err(JournalError::io("lock", path)(error.into())),
        }
    }
    Err(JournalError::Busy(path.to_owned()))
}

/// Brings `known` up to the end of the file, and the end of the file in order: a last line without its line
/// feed is completed when it is a whole record that follows, set aside when not. Needs the lock: without it
/// a line that another process is writing looks torn.
pub(super) fn find_tip(
    file: &mut File,
    path: &Path,
    known: Option<Tip>,
    warnings: &mut Vec<Warning>,
) -> Result<Tip, JournalError> {
    let reading = JournalError::io("read", path);
    let (mut tip, torn) = match read_tip(file, known) {
        Ok(found) => found,
        Err(error) => return Err(reading(error)),
    };
    if torn.is_empty() {
        return Ok(tip);
    }
    let whole = Record::read(&torn);
    if let Some(record) = whole.filter(|record| record.prev == hex(&tip.hash)) {
        let completed = file.write_all(b"\n").and_then(|()| file.sync_data());
        completed.map_err(JournalError::io("complete", path))?;
        warnings.push(Warning::Completed);
        tip.end += torn.len() as u64 + 1;
        tip.seq = record.seq;
        tip.hash = hash(&torn);
        return Ok(tip);
    }
    let aside = set_aside(file, path, &torn).map_err(JournalError::io("repair", path))?;
    let cut = file.set_len(tip.end).and_then(|()| file.sync_data());
    cut.map_err(JournalError::io("repair", path))?;
    warnings.push(Warning::SetAside {
        path: aside,
        bytes: torn.len() as u64,
    });
    Ok(tip)
}

/// The end of the chain and what stands behind it without a line feed.
fn read_tip(file: &mut File, known: Option<Tip>) -> io::Result<(Tip, Vec<u8>)> {
    let found = file.metadata()?;
    let (inode, size) = (found.ino(), found.len());
    let known = known.filter(|tip| tip.inode == inode && tip.end <= size);
    if let Some(tip) = known.filter(|tip| tip.end == size) {
        return Ok((tip, Vec::new()));
    }
    let start = Tip {
        inode,
        end: 0,
        seq: 0,
        hash: GENESIS,
    };
    if known.is_none()
        && let Some(found) = read_last_line(file, start, size)?
    {
        return Ok(found);
    }
    read_forward(file, known.unwrap_or(start))
}

/// The end of the chain from the last line alone, so that a long journal opens as fast as a short one;
/// `None` when that line is unreadable and the others have to be counted.
fn read_last_line(file: &mut File, start: Tip, size: u64) -> io::Result<Option<(Tip, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut from = size;
    // Until the end of the line before the last is in there, or the beginning of the file.
    let begin = loop {
        let last = bytes.iter().rposition(|byte| *byte == b'\n');
        let before = last.and_then(|last| bytes[..last].iter().rposition(|byte| *byte == b'\n'));
        match before {
            Some(before) => break before + 1,
            None if from == 0 => break 0,
            None => {}
        }
        let step = from.min(BLOCK.max(bytes.len() as u64));
        from -= step;
        let mut block = vec![0; usize::try_from(step).map_err(io::Error::other)?];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut block)?;
        block.append(&mut bytes);
        bytes = block;
    };
    let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else {
        return Ok(Some((start, bytes)));
    };
    let line = &bytes[begin..end];
    let Some(record) = Record::read(line) else {
        return Ok(None);
    };
    let tip = Tip {
        inode: start.inode,
        end: from + end as u64 + 1,
        seq: record.seq,
        hash: hash(line),
    };
    Ok(Some((tip, bytes.split_off(end + 1))))
}

/// The end of the chain, reading on from `tip`. A line that cannot be read counts as one record.
fn read_forward(file: &mut File, mut tip: Tip) -> io::Result<(Tip, Vec<u8>)> {
    file.seek(SeekFrom::Start(tip.end))?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = reader.read_until(b'\n', &mut line)?;
        if line.pop_if(|last| *last == b'\n').is_none() {
            return Ok((tip, line));
        }
        tip.end += count as u64;
        tip.seq = Record::read(&line).map_or(tip.seq + 1, |record| record.seq);
        tip.hash = hash(&line);
    }
}

/// Writes the torn piece to a file of its own, named after the time the journal was last written.
fn set_aside(file: &File, path: &Path, torn: &[u8]) -> io::Result<PathBuf> {
    let written = file.metadata()?.mtime();
    let time = Timestamp::from_second(written).unwrap_or_default();
    let time = time.strftime("%Y%m%dT%H%M%SZ");
    for count in 1..1000 {
        let number = match count {
            1 => String::new(),
            count => format!("-{count}"),
        };
        let aside = path.with_file_name(format!("journal.torn-{time}{number}.jsonl"));
        let mut options = OpenOptions::new();
        match options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&aside)
        {
            Ok(mut file) => {
                file.write_all(torn)?;
                file.sync_all()?;
                return Ok(aside);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many torn pieces beside it"))
}
