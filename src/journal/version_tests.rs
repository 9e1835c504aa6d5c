//! Lines of older and newer versions: read, settled, said.

use std::fs;

use serde_json::{Map, json};

use super::open::open as open_intents;
use super::tests::{at, ended, entry, folder, open};
use super::*;

/// Three lines as version 1 wrote them: an act that was done, and one that was cut off.
fn version_1() -> String {
    let first = format!(
        r#"{{"seq":1,"prev":"{}","time":"2025-06-15T15:06:40Z","kind":"intent","tenant":"tenant-1","actor":"actor-1","actor_name":"adele@contoso.com","act":"approve","target":"request-1","target_name":"Ada Lovelace","reason":"Q3 audit","client_request_id":"crid-1"}}"#,
        "0".repeat(64)
    );
    let second = format!(
        r#"{{"seq":2,"prev":"{}","time":"2025-06-15T15:06:41Z","kind":"outcome","tenant":"tenant-1","actor":"actor-1","actor_name":"adele@contoso.com","act":"approve","target":"request-1","target_name":"Ada Lovelace","reason":"Q3 audit","client_request_id":"crid-1","intent":1,"outcome":"done","request_id":"rid"}}"#,
        hex(&hash(first.as_bytes()))
    );
    let third = format!(
        r#"{{"seq":3,"prev":"{}","time":"2025-06-15T15:06:42Z","kind":"intent","tenant":"tenant-1","actor":"actor-1","actor_name":"adele@contoso.com","act":"invite","target":"grace@fabrikam.com","target_name":"Grace","client_request_id":"crid-2"}}"#,
        hex(&hash(second.as_bytes()))
    );
    format!("{first}\n{second}\n{third}\n")
}

/// The journal that holds these lines.
fn holding(lines: &str) -> (tempfile::TempDir, Journal) {
    let (keep, dir) = folder();
    let path = open(&dir).path().to_owned();
    fs::write(path, lines).unwrap();
    (keep, open(&dir))
}

/// One line that follows nothing.
fn line(rest: &str) -> String {
    let zeros = "0".repeat(64);
    format!(r#"{{"seq":1,"prev":"{zeros}","time":"2030-01-01T00:00:00Z",{rest}}}"#) + "\n"
}

#[test]
fn version_1_is_read_as_it_is_and_settled() {
    let (_keep, mut journal) = holding(&version_1());
    let records = journal.read_all().unwrap().records;
    let first = &records[0];
    assert_eq!((first.v, first.run.as_str()), (1, ""));
    assert!(first.form.is_empty() && first.before.is_none() && first.plan.is_none());
    assert_eq!(records[1].outcome, Some(OutcomeWord::Done));
    assert!(!records.iter().any(Record::newer));
    let opened = open_intents(&records);
    assert_eq!(opened.len(), 1);
    assert_eq!((opened[0].record.seq, opened[0].begun_only), (3, true));

    // Settled by this version the file is of both, and whole.
    let done = journal
        .append_outcome(opened[0].record, &ended(OutcomeWord::Done), at(60))
        .unwrap();
    assert_eq!(
        (done.v, done.intent, done.run.as_str()),
        (2, Some(3), "run-1")
    );
    journal.append_intent(&entry("2"), at(61)).unwrap();
    let verified = journal.verify().unwrap();
    assert_eq!((verified.lines, verified.newer), (5, 0));
    assert_eq!(verified.damage, []);
    let records = journal.read_all().unwrap().records;
    let opened = open_intents(&records);
    assert_eq!(opened[0].record.seq, 5);
    assert_eq!(opened.len(), 1);
    // What stood there still stands, byte by byte.
    let text = fs::read_to_string(journal.path()).unwrap();
    assert!(text.starts_with(&version_1()));
}

#[test]
fn a_line_of_this_version_has_the_act_in_its_own_form() {
    let (_keep, mut journal) = holding("");
    let planned = JournalEntry {
        plan: Some(PlanStep {
            rest: Vec::new(),
            plan: "plan-1".into(),
            step: 1,
            of: 2,
        }),
        ..entry("1")
    };
    let intent = journal.append_intent(&planned, at(0)).unwrap();
    let done = journal
        .append_outcome(&intent, &ended(OutcomeWord::Done), at(1))
        .unwrap();
    let text = fs::read_to_string(journal.path()).unwrap();
    let (first, second) = text.split_once('\n').unwrap();
    assert!(first.starts_with(r#"{"v":2,"seq":1,"#), "{first}");
    for part in [
        r#""form":{"request":"request-1"},"before":{"stage":1}"#,
        r#""run":"run-1","plan":{"plan":"plan-1","step":1,"of":2}"#,
    ] {
        assert!(first.contains(part), "{first}");
    }
    assert!(!second.contains("form") && !second.contains("before"));
    assert_eq!(done.plan, planned.plan);
    assert_eq!(journal.read_all().unwrap().records, [intent, done]);
}

#[test]
fn a_newer_version_is_marked_and_read_as_far_as_it_is_known() {
    // Its words and further fields; and one of which what was a string is something else now.
    let odd = line(
        r#""v":3,"kind":"note","outcome":"postponed","colour":1,"act":"promote","target":["a"],"plan":7"#,
    );
    let (_keep, mut journal) = holding(&odd);
    let reading = journal.read_all().unwrap();
    assert_eq!(reading.damage, []);
    let record = &reading.records[0];
    assert!(record.newer());
    assert_eq!(
        (record.act.as_str(), record.target.as_str()),
        ("promote", "")
    );
    assert_eq!(record.plan, None);
    assert_eq!(record.outcome, Some(OutcomeWord::Unrecognised));
    assert_eq!(journal.append_intent(&entry("1"), at(0)).unwrap().seq, 2);
    let verified = journal.verify().unwrap();
    assert_eq!((verified.newer, verified.damage), (1, vec![]));

    // In a version that is known such a line is damaged, and so is one that says it is newer and has no place.
    for bad in [
        line(r#""kind":"intent","target":["a"]"#),
        line(r#""v":2,"kind":"intent","target":["a"]"#),
        r#"{"v":3,"seq":1}"#.to_owned() + "\n",
    ] {
        let (_keep, journal) = holding(&bad);
        assert_eq!(journal.read_all().unwrap().damage.len(), 1, "{bad}");
    }
}

#[test]
fn an_act_this_version_does_not_know_is_open_like_any_other() {
    let (_keep, mut journal) = holding("");
    let unknown = JournalEntry {
        act: "promote".into(),
        form: Map::from_iter([("to".to_owned(), json!("sponsor"))]),
        ..entry("1")
    };
    journal.append_intent(&unknown, at(0)).unwrap();
    let records = journal.read_all().unwrap().records;
    let opened = open_intents(&records);
    assert_eq!(opened[0].record.act, "promote");
    assert_eq!(opened[0].record.form, unknown.form);
}

#[test]
fn what_is_settled_stays_so() {
    use OutcomeWord::{Conflict, Done, Failed, NotSent, Superseded, Unknown, Unrecognised};
    let open_after = |words: &[OutcomeWord]| {
        let (_keep, mut journal) = holding("");
        let intent = journal.append_intent(&entry("1"), at(0)).unwrap();
        for word in words {
            journal
                .append_outcome(&intent, &ended(*word), at(1))
                .unwrap();
        }
        !open_intents(&journal.read_all().unwrap().records).is_empty()
    };
    for word in [Done, Failed, Conflict, NotSent, Superseded, Unrecognised] {
        assert!(word.settles() && !open_after(&[word]), "{word}");
        assert!(!open_after(&[Unknown, word]), "{word}");
    }
    assert!(open_after(&[Unknown]));
    // A late word of a run that was given up changes neither what happened nor what was sent again.
    assert!(!open_after(&[Done, Unknown]));
    assert!(!open_after(&[Unknown, Superseded, Unknown]));
    // Sent once more under the same intent, it is open anew.
    assert!(open_after(&[NotSent, Unknown]));
    assert!(open_after(&[Failed, Unknown]));
    let written = serde_json::to_string(&[Superseded, NotSent]).unwrap();
    assert_eq!(written, r#"["superseded","not-sent"]"#);
    assert_eq!(NotSent.to_string(), "not sent");
}
