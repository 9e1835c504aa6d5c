//! What is appended to the journal, as it comes.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use super::newer;
use crate::cli::failure::{Failure, sentence};
use crate::journal::{Bookmark, Journal, Record};

/// How long between two looks: soon enough for who watches, and nothing to a machine.
const LENGTH: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 500_000_000,
};

/// Hands what is appended behind `from` to `show`, for as long as `pause` says so. What is odd about the file goes
/// to `tell`.
///
/// # Errors
/// The journal cannot be read, or nothing can be shown.
pub(super) fn follow(
    journal: &Journal,
    from: Bookmark,
    mut pause: impl FnMut() -> bool,
    mut show: impl FnMut(&[Record]) -> io::Result<()>,
    tell: &dyn Fn(&str),
) -> Result<(), Failure> {
    let mut at = from;
    while pause() {
        let reading = journal.read_from(at)?;
        at = reading.next;
        if reading.restarted {
            tell("The journal was replaced or cut off; it is read from its beginning now.");
        }
        for damage in reading.damage {
            tell(&sentence(&damage.to_string()));
        }
        if let Some(words) = newer(&reading.records) {
            tell(&words);
        }
        show(&reading.records)?;
    }
    Ok(())
}

/// The time between two looks, which ends early when whoever reads our output has gone, or a signal asks to end.
pub(super) struct Interval {
    ended: UnixStream,
}

impl Interval {
    /// Takes the signals over. The first one lets what is being printed be finished; the second acts as always.
    pub(super) fn new() -> io::Result<Self> {
        let (raise, ended) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM] {
            let asked = Arc::new(AtomicBool::new(false));
            flag::register_conditional_default(signal, Arc::clone(&asked))?;
            flag::register(signal, asked)?;
            low_level::pipe::register(signal, raise.try_clone()?)?;
        }
        Ok(Self { ended })
    }

    /// Waits. Whether to go on.
    pub(super) fn pass(&self) -> bool {
        let stdout = rustix::stdio::stdout();
        let mut ready = [
            // Nothing is asked of it: that nobody reads any more is said unasked.
            PollFd::new(&stdout, PollFlags::empty()),
            PollFd::new(&self.ended, PollFlags::IN),
        ];
        matches!(poll(&mut ready, Some(&LENGTH)), Ok(0) | Err(Errno::INTR))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;

    use jiff::Timestamp;

    use super::*;
    use crate::journal::JournalEntry;

    fn append(journal: &mut Journal, act: &str) {
        let entry = JournalEntry {
            act: act.into(),
            ..JournalEntry::default()
        };
        journal
            .append_intent(&entry, Timestamp::UNIX_EPOCH)
            .unwrap();
    }

    #[test]
    fn what_anybody_appends_is_shown_once_and_what_is_odd_is_said() {
        let keep = tempfile::tempdir().unwrap();
        let dir = keep.path().join("state");
        let (mut writer, _) = Journal::open(&dir).unwrap();
        append(&mut writer, "before");
        let (reader, _) = Journal::open(&dir).unwrap();
        let from = reader.read_all().unwrap().next;
        let path = reader.path().to_owned();
        let add = |bytes: &[u8]| {
            let mut all = fs::read(&path).unwrap();
            all.extend_from_slice(bytes);
            fs::write(&path, all).unwrap();
        };
        let mut round = 0;
        let pause = || {
            round += 1;
            match round {
                1 | 4 => {}
                2 => append(&mut writer, "approve"),
                3 => {
                    append(&mut writer, "deny");
                    append(&mut writer, "invite");
                }
                // Half a line is left for the next time; a whole one that is none is said.
                5 => add(b"not a rec"),
                6 => add(b"ord\n"),
                7 => {
                    let zeros = "0".repeat(64);
                    add(format!(
                        "{{\"v\":9,\"seq\":6,\"prev\":\"{zeros}\",\"time\":\"2030-01-01T00:00:00Z\",\"kind\":\"note\",\"act\":\"promote\"}}\n"
                    )
                    .as_bytes());
                }
                8 => {
                    fs::rename(&path, dir.join("old.jsonl")).unwrap();
                    append(&mut writer, "anew");
                }
                _ => return false,
            }
            true
        };
        let (mut shown, said) = (Vec::new(), RefCell::new(Vec::new()));
        let show = |records: &[Record]| {
            shown.extend(records.iter().map(|record| record.act.clone()));
            Ok(())
        };
        let tell = |words: &str| said.borrow_mut().push(words.to_owned());
        follow(&reader, from, pause, show, &tell).unwrap();
        assert_eq!(shown, ["approve", "deny", "invite", "promote", "anew"]);
        let said = said.into_inner();
        assert_eq!(said.len(), 3, "{said:?}");
        assert_eq!(said[0], "Line 5 of the journal cannot be read.");
        assert!(said[1].starts_with("Records of a newer guestlist"));
        assert!(said[2].starts_with("The journal was replaced"));
    }

    #[test]
    fn a_reader_that_has_gone_is_an_end_without_words() {
        let keep = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(&keep.path().join("state")).unwrap();
        append(&mut journal, "approve");
        let gone = |_: &[Record]| Err(io::ErrorKind::BrokenPipe.into());
        let ended = follow(&journal, Bookmark::default(), || true, gone, &|_| {});
        let failure = ended.unwrap_err();
        assert!(failure.silent() && failure.exit_code() == 0);
    }
}
