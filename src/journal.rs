//! The journal: the append-only record of every act, one JSON object a line.
//!
//! An act is sent only after its *intent* is on the disk; its *outcome* follows. Each line carries the SHA-256 of
//! the line before it, so that a line changed, added or taken out later shows ([`Journal::verify`]); lines taken
//! off the very end do not show. Several processes may append at the same time.
//!
//! There is no clock in here: the time comes with each act.

mod error;
mod file;
mod open;
mod read;
mod record;
mod run;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub use error::{Damage, DamageKind, JournalError, Warning};
use file::{Tip, hash, hex};
pub use open::{OpenIntent, TakenIntent, open, taken};
pub use read::{Bookmark, ChainHead, JournalReading, Verified};
pub use record::{JournalEntry, OutcomeWord, PlanStep, Record, RecordKind, Settlement, VERSION};
pub use run::RunLock;

/// Name of the file in the state folder.
pub const FILE_NAME: &str = "journal.jsonl";

/// The journal of one state folder, open for appending and reading.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    tip: Tip,
    warnings: Vec<Warning>,
}

impl Journal {
    /// Opens the journal in `dir`, creating folder and file where they are missing (modes 0700 and 0600). Reads
    /// only the end of the file, and puts a torn end in order; the warnings say so.
    ///
    /// # Errors
    /// Folder or file cannot be used, or others can reach them.
    pub fn open(dir: &Path) -> Result<(Self, Vec<Warning>), JournalError> {
        file::folder(dir)?;
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
    pub fn append_intent(
        &mut self,
        entry: &JournalEntry,
        now: Timestamp,
    ) -> Result<Record, JournalError> {
        let mut record = Record::intent(entry, now);
        self.append(std::slice::from_mut(&mut record))?;
        Ok(record)
    }

    /// Appends the intents of a batch with one write to the disk: all of them, or none and an error.
    ///
    /// # Errors
    /// They could not be written; the acts must not be sent.
    pub fn append_intents(
        &mut self,
        entries: &[JournalEntry],
        now: Timestamp,
    ) -> Result<Vec<Record>, JournalError> {
        let intent = |entry| Record::intent(entry, now);
        let mut records: Vec<Record> = entries.iter().map(intent).collect();
        self.append(&mut records)?;
        Ok(records)
    }

    /// Appends how the act of `intent` ended: a record that [`Self::append_intent`] returned, or one that was
    /// read back and is [`open()`].
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
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod version_tests;
