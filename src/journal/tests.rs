//! The chain, its torn ends, its neighbours, and who may read it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Instant;

use proptest::prelude::*;
use serde_json::{Map, json};
use tempfile::TempDir;

use super::open::open as open_intents;
use super::*;
use crate::private;

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + second).unwrap()
}

pub(super) fn entry(name: &str) -> JournalEntry {
    JournalEntry {
        tenant: "tenant-1".to_owned(),
        actor: "actor-1".to_owned(),
        actor_name: "adele@contoso.com".to_owned(),
        act: "approve".to_owned(),
        target: format!("request-{name}"),
        target_name: format!("Ada “{name}” Lovelace\n"),
        reason: Some("Q3 audit".to_owned()),
        client_request_id: format!("crid-{name}"),
        form: Map::from_iter([("request".to_owned(), json!(format!("request-{name}")))]),
        before: Some(json!({ "stage": 1 })),
        run: "run-1".to_owned(),
        plan: None,
    }
}

/// What was recorded, as it was said.
fn as_entry(record: &Record) -> JournalEntry {
    let record = record.clone();
    JournalEntry {
        tenant: record.tenant,
        actor: record.actor,
        actor_name: record.actor_name,
        act: record.act,
        form: record.form,
        before: record.before,
        target: record.target,
        target_name: record.target_name,
        reason: record.reason,
        client_request_id: record.client_request_id,
        run: record.run,
        plan: record.plan,
    }
}

pub(super) fn ended(outcome: OutcomeWord) -> Settlement {
    Settlement {
        outcome,
        detail: "as said".to_owned(),
        request_id: Some("rid".to_owned()),
        run: "run-1".to_owned(),
        follows: None,
    }
}

/// A state folder as the program would make it, inside one that goes away.
pub(super) fn folder() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state/guestlist");
    (dir, state)
}

pub(super) fn open(dir: &Path) -> Journal {
    let (journal, warnings) = Journal::open(dir).unwrap();
    assert_eq!(warnings, []);
    journal
}

#[test]
fn intents_and_outcomes_form_a_chain() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    let one = journal.append_intent(&entry("1"), at(0)).unwrap();
    let done = journal
        .append_outcome(&one, &ended(OutcomeWord::Done), at(1))
        .unwrap();
    assert_eq!((one.seq, done.seq, done.intent), (1, 2, Some(1)));
    assert_eq!(one.prev, "0".repeat(64));
    let reading = journal.read_all().unwrap();
    assert_eq!(reading.records, [one.clone(), done.clone()]);
    // What was to be done stands with both; in what form, and how it was before, with the intent.
    let mut said = entry("1");
    assert_eq!(as_entry(&reading.records[0]), said);
    (said.form, said.before) = (Map::new(), None);
    assert_eq!(as_entry(&reading.records[1]), said);
    assert!(reading.damage.is_empty());
    let text = fs::read_to_string(journal.path()).unwrap();
    let whole = Verified {
        lines: 2,
        newer: 0,
        damage: vec![],
        head: ChainHead {
            seq: 2,
            hash: hex(&hash(text.lines().last().unwrap().as_bytes())),
        },
    };
    assert_eq!(journal.verify().unwrap(), whole);
    assert_eq!(Journal::inspect(&dir).unwrap(), whole);

    // Opened again, the chain goes on, and a reader gets only what is new.
    let mut again = open(&dir);
    let three = again.append_intent(&entry("2"), at(2)).unwrap();
    assert_eq!((three.seq, &three.prev), (3, &whole.head.hash));
    assert_eq!(journal.read_from(reading.next).unwrap().records, [three]);
    assert_eq!(journal.append_intent(&entry("3"), at(3)).unwrap().seq, 4);
    assert!(journal.verify().unwrap().damage.is_empty());
}

#[test]
fn a_line_is_plain_json_without_what_does_not_apply() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    let intent = journal.append_intent(&entry("1"), at(0)).unwrap();
    let settled = ended(OutcomeWord::NotSent);
    journal.append_outcome(&intent, &settled, at(1)).unwrap();
    let text = fs::read_to_string(journal.path()).unwrap();
    let (first, second) = text.split_once('\n').unwrap();
    assert!(first.contains(r#""time":"2025-06-15T15:06:40Z","kind":"intent""#));
    assert!(!first.contains("outcome"));
    assert!(
        second.contains(r#""intent":1,"outcome":"not-sent","detail":"as said","request_id":"rid""#)
    );
}

#[test]
fn a_batch_is_one_write_and_each_has_its_place() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    let entries: Vec<JournalEntry> = (0..20).map(|n| entry(&n.to_string())).collect();
    let intents = journal.append_intents(&entries, at(0)).unwrap();
    let seqs: Vec<u64> = intents.iter().map(|record| record.seq).collect();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
    let settled: Vec<_> = intents
        .into_iter()
        .map(|intent| (intent, ended(OutcomeWord::Done)))
        .collect();
    journal.append_outcomes(&settled, at(1)).unwrap();
    journal.append_outcomes(&[], at(1)).unwrap();
    let verified = journal.verify().unwrap();
    assert_eq!((verified.lines, verified.damage.len()), (40, 0));
    assert!(open_intents(&journal.read_all().unwrap().records).is_empty());
}

#[test]
fn an_act_is_unsettled_until_its_end_is_known() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    let entries: Vec<JournalEntry> = ["no end", "unknown", "read back", "lost again", "failed"]
        .map(entry)
        .to_vec();
    let intents = journal.append_intents(&entries, at(0)).unwrap();
    let mut end = |number: usize, outcome| {
        let intent = &intents[number];
        journal
            .append_outcome(intent, &ended(outcome), at(1))
            .unwrap();
    };
    end(1, OutcomeWord::Unknown);
    end(2, OutcomeWord::Unknown);
    end(2, OutcomeWord::Done);
    end(3, OutcomeWord::Conflict);
    end(3, OutcomeWord::Unknown);
    end(4, OutcomeWord::Failed);
    let records = journal.read_all().unwrap().records;
    let open: Vec<_> = open_intents(&records)
        .into_iter()
        .map(|open| (open.record.client_request_id.as_str(), open.begun_only))
        .collect();
    assert_eq!(
        open,
        [
            ("crid-no end", true),
            ("crid-unknown", false),
            ("crid-lost again", false)
        ]
    );
}

#[test]
fn a_last_line_torn_anywhere_is_set_aside_and_the_chain_goes_on() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    let first = journal.append_intent(&entry("1"), at(0)).unwrap();
    let start = fs::metadata(journal.path()).unwrap().len();
    let last = journal.append_intent(&entry("ä漢"), at(1)).unwrap();
    let whole = fs::read(journal.path()).unwrap();
    let start = usize::try_from(start).unwrap();
    for cut in start..=whole.len() {
        let (_keep, dir) = folder();
        private::dir(&dir).unwrap();
        let path = dir.join(FILE_NAME);
        fs::write(&path, &whole[..cut]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let (mut journal, warnings) = Journal::open(&dir).unwrap();
        let mut kept = vec![first.clone()];
        match &warnings[..] {
            [] => {
                assert!(cut == start || cut == whole.len());
                if cut == whole.len() {
                    kept.push(last.clone());
                }
            }
            [Warning::Completed] => {
                assert_eq!(cut, whole.len() - 1);
                kept.push(last.clone());
            }
            [Warning::SetAside { path, bytes }] => {
                assert_eq!(*bytes, (cut - start) as u64);
                assert_eq!(fs::read(path).unwrap(), &whole[start..cut]);
                let mode = fs::metadata(path).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600);
            }
            other => panic!("{other:?}"),
        }
        kept.push(journal.append_intent(&entry("next"), at(2)).unwrap());
        assert_eq!(journal.read_all().unwrap().records, kept);
        assert!(journal.verify().unwrap().damage.is_empty());
    }
}

#[test]
fn a_neighbour_that_died_writing_is_noticed_at_the_next_append() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    for name in ["torn", "torn again"] {
        journal.append_intent(&entry(name), at(0)).unwrap();
        let mut neighbour = fs::OpenOptions::new()
            .append(true)
            .open(journal.path())
            .unwrap();
        neighbour.write_all(b"{\"seq\":9").unwrap();
        // A reader leaves the unfinished line alone.
        assert!(journal.read_all().unwrap().damage.is_empty());
    }
    journal.append_intent(&entry("after"), at(1)).unwrap();
    let warnings = journal.take_warnings();
    assert_eq!(warnings.len(), 2);
    assert!(warnings[0].to_string().contains("8 bytes are kept in"));
    assert_ne!(warnings[0], warnings[1]);
    assert!(journal.verify().unwrap().damage.is_empty());
    assert_eq!(journal.read_all().unwrap().records.len(), 3);
}

#[test]
fn what_was_changed_is_found_by_its_line_and_the_rest_is_read() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    for name in ["1", "2", "3", "4"] {
        journal.append_intent(&entry(name), at(0)).unwrap();
    }
    let text = fs::read_to_string(journal.path()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let damage = |lines: &[&str]| {
        fs::write(journal.path(), lines.join("\n") + "\n").unwrap();
        let found = journal.verify().unwrap().damage;
        let found: Vec<_> = found.iter().map(|found| (found.line, found.what)).collect();
        (found, journal.read_all().unwrap().records.len())
    };
    let edited = lines[1].replace("approve", "deny");
    let renumbered = lines[3].replace("\"seq\":4", "\"seq\":7");
    assert_eq!(
        damage(&[lines[0], &edited, lines[2], lines[3]]),
        (vec![(3, DamageKind::Hash)], 4)
    );
    assert_eq!(
        damage(&[lines[0], "not json", lines[2], lines[3]]),
        (vec![(2, DamageKind::Unreadable), (3, DamageKind::Hash)], 3)
    );
    assert_eq!(
        damage(&[lines[0], lines[2], lines[3]]),
        (vec![(2, DamageKind::Hash)], 3)
    );
    assert_eq!(
        damage(&[lines[0], lines[1], lines[2], &renumbered]),
        (vec![(4, DamageKind::Sequence)], 4)
    );
    // An unreadable line at the end, line feed and all: the next record still gets a place behind it.
    fs::write(journal.path(), format!("{}\n\0\0\n", lines[0])).unwrap();
    let mut journal = open(&dir);
    assert_eq!(journal.append_intent(&entry("5"), at(1)).unwrap().seq, 3);
    assert_eq!(journal.verify().unwrap().damage.len(), 1);
}

#[test]
fn words_and_fields_of_a_newer_version_are_no_damage() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    let line = format!(
        r#"{{"seq":1,"prev":"{}","time":"2030-01-01T00:00:00Z","kind":"note","outcome":"postponed","colour":1}}"#,
        "0".repeat(64)
    );
    fs::write(journal.path(), line + "\n").unwrap();
    let reading = journal.read_all().unwrap();
    assert_eq!(reading.records[0].kind, RecordKind::Unrecognised);
    assert_eq!(reading.records[0].outcome, Some(OutcomeWord::Unrecognised));
    assert_eq!(journal.append_intent(&entry("1"), at(0)).unwrap().seq, 2);
    assert!(journal.verify().unwrap().damage.is_empty());
}

#[test]
fn many_writers_share_one_chain() {
    let (_keep, dir) = folder();
    open(&dir);
    std::thread::scope(|threads| {
        for writer in 0..4 {
            let dir = &dir;
            threads.spawn(move || {
                let (mut journal, _) = Journal::open(dir).unwrap();
                for number in 0..25 {
                    let name = format!("{writer}-{number}");
                    let intent = journal.append_intent(&entry(&name), at(number)).unwrap();
                    let done = ended(OutcomeWord::Done);
                    journal.append_outcome(&intent, &done, at(number)).unwrap();
                }
            });
        }
    });
    let journal = open(&dir);
    let verified = journal.verify().unwrap();
    assert_eq!((verified.lines, verified.damage), (200, vec![]));
    assert!(open_intents(&journal.read_all().unwrap().records).is_empty());
}

#[test]
fn what_others_can_reach_is_refused_with_the_repair() {
    let (_keep, dir) = folder();
    let journal = open(&dir);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&dir), mode(journal.path())), (0o700, 0o600));

    fs::set_permissions(journal.path(), fs::Permissions::from_mode(0o640)).unwrap();
    let error = Journal::open(&dir).unwrap_err().to_string();
    let repair = format!("`chmod 600 '{}'`", journal.path().display());
    assert!(
        error.contains("mode 640") && error.contains(&repair),
        "{error}"
    );
    fs::set_permissions(journal.path(), fs::Permissions::from_mode(0o600)).unwrap();

    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    let error = Journal::open(&dir).unwrap_err().to_string();
    assert!(
        error.contains(&format!("`chmod 700 '{}'`", dir.display())),
        "{error}"
    );
}

#[test]
fn a_place_that_cannot_be_used_is_said_in_a_sentence() {
    let (keep, dir) = folder();
    fs::write(keep.path().join("state"), "a file").unwrap();
    let error = Journal::open(&dir).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot create a folder for the journal at"),
        "{error}"
    );
    assert!(error.ends_with("set GUESTLIST_STATE_DIR to a folder you can write to"));

    let (_keep, dir) = folder();
    private::dir(&dir.join(FILE_NAME)).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(Journal::open(&dir).is_err());
}

#[test]
fn a_journal_moved_away_begins_anew() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    journal.append_intent(&entry("1"), at(0)).unwrap();
    journal.append_intent(&entry("2"), at(0)).unwrap();
    let reading = journal.read_all().unwrap();
    fs::rename(journal.path(), dir.join("old.jsonl")).unwrap();
    assert!(journal.read_all().unwrap().records.is_empty());
    assert_eq!(journal.append_intent(&entry("3"), at(1)).unwrap().seq, 1);
    let again = journal.read_from(reading.next).unwrap();
    assert!(again.restarted);
    assert_eq!(again.records.len(), 1);
}

#[test]
fn a_long_journal_is_read_quickly() {
    let (_keep, dir) = folder();
    let mut journal = open(&dir);
    let entries: Vec<JournalEntry> = (0..4_000).map(|n| entry(&n.to_string())).collect();
    for _ in 0..5 {
        journal.append_intents(&entries, at(0)).unwrap();
    }
    let start = Instant::now();
    let mut journal = open(&dir);
    let opened = start.elapsed();
    let start = Instant::now();
    let count = journal.read_all().unwrap().records.len();
    let read = start.elapsed();
    println!("20,000 records: opened in {opened:?}, read in {read:?}");
    assert_eq!(count, 20_000);
    assert_eq!(
        journal.append_intent(&entry("x"), at(1)).unwrap().seq,
        20_001
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever two writers append, whatever a reader has read before, and wherever the end is cut off:
    /// the chain is whole and every record before the cut is there.
    #[test]
    fn the_chain_stays_whole(steps in prop::collection::vec((any::<bool>(), ".{0,30}", 0usize..40), 1..12)) {
        let (_keep, dir) = folder();
        let mut writers = [open(&dir), open(&dir)];
        let mut expected: Vec<Record> = Vec::new();
        let mut place = Bookmark::default();
        let mut seen = Vec::new();
        for (second, name, cut) in steps {
            let writer = &mut writers[usize::from(second)];
            let entry = JournalEntry { target_name: name, ..entry("x") };
            expected.push(writer.append_intent(&entry, at(0)).unwrap());
            let reading = writer.read_from(place).unwrap();
            place = reading.next;
            seen.extend(reading.records);
            if cut > 30 {
                // A neighbour died in the middle of its line.
                let mut file = fs::OpenOptions::new().append(true).open(writer.path()).unwrap();
                file.write_all(&b"{\"seq\":1,\"prev\""[..cut - 30]).unwrap();
            }
        }
        prop_assert_eq!(&seen, &expected);
        let (journal, _) = Journal::open(&dir).unwrap();
        prop_assert_eq!(journal.read_all().unwrap().records, expected);
        prop_assert_eq!(journal.verify().unwrap().damage, vec![]);
    }
}
