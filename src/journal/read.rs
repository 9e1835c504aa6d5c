//! Reading the journal: what was appended since the last time, and whether the chain is whole. Takes no lock and
//! changes nothing.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use serde::Serialize;

use super::error::{Damage, DamageKind, JournalError};
use super::file::{GENESIS, Tip, hash, hex};
use super::record::Record;
use super::{FILE_NAME, Journal};

/// How far a reader has come; see [`Journal::read_from`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bookmark {
    /// Which file, so that a replaced one is noticed.
    inode: u64,
    offset: u64,
    lines: u64,
}

/// What a reader found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalReading {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// Lines that could not be read. Hashes are not checked here, but in [`Journal::verify`].
    pub damage: Vec<Damage>,
    /// Where to read on.
    pub next: Bookmark,
    /// It is another file than the one read before, so it was read from its beginning.
    pub restarted: bool,
}

/// The end of the chain. Kept elsewhere, it shows later whether lines were taken off the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainHead {
    /// Number of the last record; 0 where there is none.
    pub seq: u64,
    /// SHA-256 of the last line in hexadecimal, which the next one carries as `prev`; zeros where there is none.
    pub hash: String,
}

/// What [`Journal::verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many lines there are.
    pub lines: u64,
    /// How many of them a newer version wrote.
    pub newer: u64,
    /// Every line that does not fit, in order; none when the chain is whole.
    pub damage: Vec<Damage>,
    /// The end of the chain.
    pub head: ChainHead,
}

impl Journal {
    /// Checks the whole chain of the journal in `dir` without opening it: nothing is created, completed, locked or
    /// set aside. A journal that is not there has no lines.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn inspect(dir: &Path) -> Result<Verified, JournalError> {
        let journal = Self {
            path: dir.join(FILE_NAME),
            tip: Tip {
                inode: 0,
                end: 0,
                seq: 0,
                hash: GENESIS,
            },
            warnings: Vec::new(),
        };
        journal.verify()
    }

    /// Reads every record.
    ///
    /// # Errors
    /// The file cannot be read; lines that cannot be are in [`JournalReading::damage`].
    pub fn read_all(&self) -> Result<JournalReading, JournalError> {
        self.read_from(Bookmark::default())
    }

    /// Reads the records from `from` on: [`JournalReading::next`] of the reading before gives what was appended
    /// since, by anyone. Takes no lock; a line that is being written is left for the next time.
    ///
    /// # Errors
    /// As [`Self::read_all`].
    pub fn read_from(&self, from: Bookmark) -> Result<JournalReading, JournalError> {
        let mut reading = JournalReading {
            next: from,
            ..JournalReading::default()
        };
        let (inode, size) =
            std::fs::metadata(&self.path).map_or((0, 0), |found| (found.ino(), found.len()));
        if from.offset > 0 && (size < from.offset || inode != from.inode) {
            reading.next = Bookmark::default();
            reading.restarted = true;
        }
        if size == reading.next.offset {
            return Ok(reading);
        }
        reading.next.inode = inode;
        let (records, damage) = (&mut reading.records, &mut reading.damage);
        reading.next = self.lines(reading.next, |number, line| match Record::read(line) {
            Some(record) => records.push(record),
            None => damage.push(Damage {
                line: number,
                what: DamageKind::Unreadable,
            }),
        })?;
        Ok(reading)
    }

    /// Checks the whole chain: that every line can be read, carries the hash of the one before, and the number
    /// that follows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn verify(&self) -> Result<Verified, JournalError> {
        let (mut before, mut seq, mut newer) = (GENESIS, 0, 0);
        let mut damage = Vec::new();
        let end = self.lines(Bookmark::default(), |number, line| {
            let what = match Record::read(line) {
                None => {
                    seq += 1;
                    Some(DamageKind::Unreadable)
                }
                Some(record) => {
                    let follows = record.seq == seq + 1;
                    seq = record.seq;
                    newer += u64::from(record.newer());
                    if record.prev != hex(&before) {
                        Some(DamageKind::Hash)
                    } else if follows {
                        None
                    } else {
                        Some(DamageKind::Sequence)
                    }
                }
            };
            before = hash(line);
            damage.extend(what.map(|what| Damage { line: number, what }));
        })?;
        Ok(Verified {
            lines: end.lines,
            newer,
            damage,
            head: ChainHead {
                seq,
                hash: hex(&before),
            },
        })
    }

    /// Hands every whole line from `from` on to `each`, with its number; returns where it ended.
    fn lines(
        &self,
        from: Bookmark,
        mut each: impl FnMut(u64, &[u8]),
    ) -> Result<Bookmark, JournalError> {
        let mut at = from;
        let reading = |error| JournalError::io("read", &self.path)(error);
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(at),
            Err(error) => return Err(reading(error)),
        };
        file.seek(SeekFrom::Start(at.offset)).map_err(reading)?;
        let mut reader = BufReader::with_capacity(64 * 1024, file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let count = reader.read_until(b'\n', &mut line).map_err(reading)?;
            if line.pop_if(|last| *last == b'\n').is_none() {
                return Ok(at);
            }
            at.offset += count as u64;
            at.lines += 1;
            each(at.lines, &line);
        }
    }
}
