//! The journal: the append-only record of every act, one JSON object a line.
//!
//! An act is sent only after its *intent* is on the disk; its *outcome* follows. Each line carries the SHA-256 of
//! the line before it, so that a line changed, added or taken out later shows ([`Journal::verify`]); lines taken
//! off the very end do not show. Several processes may append at the same time.
//!
//! There is no clock in here: the time comes with each act.

mod error;
mod file;
mod record;

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub use error::{Damage, DamageKind, JournalError, Warning};
pub use file::private_dir;
use file::{GENESIS, Tip, hash, hex};
pub use record::{Act, Kind, Outcome, Record, Settlement, unsettled};

/// Name of the file in the state folder.
pub const FILE_NAME: &str = "journal.jsonl";

/// The folder the journal lives in: the one that was set (`GUESTLIST_STATE_DIR`), or the user's folder for state.
/// `None` when there is no home directory.
pub fn state_dir(set: Option<PathBuf>) -> Option<PathBuf> {
    set.filter(|dir| !dir.as_os_str().is_empty()).or_else(|| {
        let dirs = directories::ProjectDirs::from("", "", "guestlist")?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Some(state.to_owned())
    })
}

/// The journal of one state folder, open for appending and reading.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    tip: Tip,
    warnings: Vec<Warning>,
}

/// How far a reader has come; see [`Journal::read_from`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Which file, so that a replaced one is noticed.
    inode: u64,
    offset: u64,
    lines: u64,
}

/// What a reader found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// Lines that could not be read. Hashes are not checked here, but in [`Journal::verify`].
    pub damage: Vec<Damage>,
    /// Where to read on.
    pub next: Place,
    /// It is another file than the one read before, so it was read from its beginning.
    pub restarted: bool,
}

/// What [`Journal::verify`] found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many lines there are.
    pub lines: u64,
    /// Every line that does not fit, in order; none when the chain is whole.
    pub damage: Vec<Damage>,
}

impl Journal {
    /// Opens the journal in `dir`, creating folder and file where they are missing (modes 0700 and 0600). Reads
    /// only the end of the file, and puts a torn end in order; the warnings say so.
    ///
    /// # Errors
    /// Folder or file cannot be used, or others can reach them.
    pub fn open(dir: &Path) -> Result<(Self, Vec<Warning>), JournalError> {
        private_dir(dir)?;
        let path = dir.join(FILE_NAME);
        let mut warnings = Vec::new();
        let mut file = file::open_locked(&path)?;
        let tip = file::find_tip(&mut file, &path, None, &mut warnings)?;
        let journal = Self {
            path,
            tip,
            warnings: Vec::new(),
        };
        Ok((journal, warnings))
    }

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

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the warnings that came up since it was opened: another process may have torn a line.
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// Appends an intent. When this returns it is on the disk, and the act may be sent.
    ///
    /// # Errors
    /// It could not be written; the act must not be sent.
    pub fn append_intent(&mut self, act: &Act, now: Timestamp) -> Result<Record, JournalError> {
        let mut record = Record::intent(act, now);
        self.append(std::slice::from_mut(&mut record))?;
        Ok(record)
    }

    /// Appends the intents of a batch with one write to the disk: all of them, or none and an error.
    ///
    /// # Errors
    /// They could not be written; the acts must not be sent.
    pub fn append_intents(
        &mut self,
        acts: &[Act],
        now: Timestamp,
    ) -> Result<Vec<Record>, JournalError> {
        let intent = |act| Record::intent(act, now);
        let mut records: Vec<Record> = acts.iter().map(intent).collect();
        self.append(&mut records)?;
        Ok(records)
    }

    /// Appends how the act of `intent` ended: a record that [`Self::append_intent`] returned, or one that was
    /// read back and is [`unsettled`].
    ///
    /// # Errors
    /// It could not be written. The act has happened all the same; it stays unsettled, to be read back.
    pub fn append_outcome(
        &mut self,
        intent: &Record,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<Record, JournalError> {
        let mut record = Record::outcome(intent, settlement, now);
        self.append(std::slice::from_mut(&mut record))?;
        Ok(record)
    }

    /// Appends the outcomes of a batch with one write to the disk.
    ///
    /// # Errors
    /// They could not be written, as in [`Self::append_outcome`].
    pub fn append_outcomes(
        &mut self,
        settled: &[(Record, Settlement)],
        now: Timestamp,
    ) -> Result<Vec<Record>, JournalError> {
        let mut records: Vec<Record> = settled
            .iter()
            .map(|(intent, settlement)| Record::outcome(intent, settlement, now))
            .collect();
        self.append(&mut records)?;
        Ok(records)
    }

    /// Gives the records their places at the end of the chain and writes them.
    fn append(&mut self, records: &mut [Record]) -> Result<(), JournalError> {
        if records.is_empty() {
            return Ok(());
        }
        // Opened anew each time: the file may have been moved away, and the lock ends by itself.
        let mut file = file::open_locked(&self.path)?;
        let mut tip = file::find_tip(&mut file, &self.path, Some(self.tip), &mut self.warnings)?;
        let before = tip.end;
        let mut bytes = Vec::new();
        for record in records {
            tip.seq += 1;
            record.seq = tip.seq;
            record.prev = hex(&tip.hash);
            let line = serde_json::to_vec(record)
                .map_err(|error| JournalError::io("write", &self.path)(error.into()))?;
            tip.hash = hash(&line);
            tip.end += line.len() as u64 + 1;
            bytes.extend_from_slice(&line);
            bytes.push(b'\n');
        }
        let written = file.write_all(&bytes).and_then(|()| file.sync_data());
        if let Err(error) = written {
            // Half a record is worse than none. If this fails too, the next append sets the rest aside.
            let _ = file.set_len(before);
            return Err(JournalError::io("write", &self.path)(error));
        }
        self.tip = tip;
        Ok(())
    }

    /// Reads every record.
    ///
    /// # Errors
    /// The file cannot be read; lines that cannot be are in [`Reading::damage`].
    pub fn read_all(&self) -> Result<Reading, JournalError> {
        self.read_from(Place::default())
    }

    /// Reads the records from `place` on: [`Reading::next`] of the reading before gives what was appended since,
    /// by anyone. Takes no lock; a line that is being written is left for the next time.
    ///
    /// # Errors
    /// As [`Self::read_all`].
    pub fn read_from(&self, place: Place) -> Result<Reading, JournalError> {
        let mut reading = Reading {
            next: place,
            ..Reading::default()
        };
        let (inode, size) =
            std::fs::metadata(&self.path).map_or((0, 0), |found| (found.ino(), found.len()));
        if place.offset > 0 && (size < place.offset || inode != place.inode) {
            reading.next = Place::default();
            reading.restarted = true;
        }
        if size == reading.next.offset {
            return Ok(reading);
        }
        reading.next.inode = inode;
        let mut damage = Vec::new();
        let mut records = Vec::new();
        reading.next = self.lines(reading.next, |number, line| {
            match serde_json::from_slice::<Record>(line) {
                Ok(record) => records.push(record),
                Err(_) => damage.push(Damage {
                    line: number,
                    what: DamageKind::Unreadable,
                }),
            }
        })?;
        reading.records = records;
        reading.damage = damage;
        Ok(reading)
    }

    /// Checks the whole chain: that every line can be read, carries the hash of the one before, and the number
    /// that follows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn verify(&self) -> Result<Verified, JournalError> {
        let (mut before, mut seq) = (GENESIS, 0);
        let mut damage = Vec::new();
        let end = self.lines(Place::default(), |number, line| {
            let what = match serde_json::from_slice::<Record>(line) {
                Err(_) => {
                    seq += 1;
                    Some(DamageKind::Unreadable)
                }
                Ok(record) => {
                    let follows = record.seq == seq + 1;
                    seq = record.seq;
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
            damage,
        })
    }

    /// Hands every whole line from `place` on to `each`, with its number; returns where it ended.
    fn lines(
        &self,
        mut place: Place,
        mut each: impl FnMut(u64, &[u8]),
    ) -> Result<Place, JournalError> {
        let reading = |error| JournalError::io("read", &self.path)(error);
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(place),
            Err(error) => return Err(reading(error)),
        };
        file.seek(SeekFrom::Start(place.offset)).map_err(reading)?;
        let mut reader = BufReader::with_capacity(64 * 1024, file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let count = reader.read_until(b'\n', &mut line).map_err(reading)?;
            if line.pop_if(|last| *last == b'\n').is_none() {
                return Ok(place);
            }
            place.offset += count as u64;
            place.lines += 1;
            each(place.lines, &line);
        }
    }
}

#[cfg(test)]
mod tests;
