//! What a plain command costs: calls as the emulator's record counts them, a batch for one.

use std::path::PathBuf;

use guestlist::emulator::Config;
use serde_json::Value;
use tempfile::TempDir;

use super::{Desk, text};

/// A tenant that keeps a record.
struct Recorded {
    desk: Desk,
    record: PathBuf,
    _folder: TempDir,
}

impl Recorded {
    fn new(requests: usize, past: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let record = folder.path().join("record.jsonl");
        let desk = Desk::with(Config {
            requests,
            past,
            record: Some(record.clone()),
            ..Config::default()
        });
        Self {
            desk,
            record,
            _folder: folder,
        }
    }

    /// Every exchange so far: what came in a batch came with it.
    fn calls(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.record).unwrap();
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let outer = lines.filter(|line| line.get("item").is_none());
        outer
            .map(|line| format!("{} {} {}", line["method"], line["path"], line["query"]))
            .collect()
    }

    /// The calls that something takes.
    fn during<T>(&self, act: impl FnOnce(&Desk) -> T) -> (T, Vec<String>) {
        let before = self.calls().len();
        let done = act(&self.desk);
        (done, self.calls().split_off(before))
    }
}

#[test]
fn one_of_a_thousand_is_approved_in_eight_calls() {
    let tenant = Recorded::new(1_000, 5_000);
    let id = tenant.desk.request("package:Supplier by:me");
    let (ran, calls) = tenant.during(|desk| desk.run(&format!("requests approve {id}")));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(calls.len() <= 8, "{} calls: {calls:#?}", calls.len());
}

#[test]
fn one_of_a_thousand_is_shown_in_ten_calls_and_what_was_not_compared_is_said() {
    let tenant = Recorded::new(1_000, 5_000);
    let id = tenant.desk.request("by:me");
    let listed = tenant.desk.json("requests list");
    let listed = listed.iter().find(|row| text(row, "id") == id).unwrap();
    let (ran, calls) = tenant.during(|desk| desk.run(&format!("requests show {id} --json")));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(calls.len() <= 10, "{} calls: {calls:#?}", calls.len());
    assert!(ran.err.contains("not compared"), "{ran:?}");
    let shown = &ran.rows()[0];
    for (name, value) in listed.as_object().unwrap() {
        if name != "@guestlist.signals" {
            assert_eq!(shown.get(name), Some(value), "{name}");
        }
    }
    // What was noticed here is noticed there; there the others that wait say more.
    let words = |row: &Value| -> Vec<String> {
        let signals = row["@guestlist.signals"].as_array().unwrap();
        signals.iter().map(|signal| text(signal, "word")).collect()
    };
    let all = words(listed);
    assert!(
        words(shown).iter().all(|word| all.contains(word)),
        "{ran:?}"
    );
}

#[test]
fn in_a_short_queue_one_is_shown_with_all_that_the_others_say_of_it() {
    let tenant = Recorded::new(24, 0);
    let listed = tenant.desk.json("requests list");
    let (same, mut told) = (|row: &Value| row["@guestlist.signals"].to_string(), 0_usize);
    for row in listed.iter().take(8) {
        let id = text(row, "id");
        let (ran, calls) = tenant.during(|desk| desk.run(&format!("requests show {id} --json")));
        assert!(calls.len() <= 10, "{} calls: {calls:#?}", calls.len());
        assert!(!ran.err.contains("not compared"), "{ran:?}");
        let shown = &ran.rows()[0];
        told += usize::from(same(shown) == same(row));
    }
    assert_eq!(told, 8, "the same is noticed in both");
}

#[test]
fn where_a_policy_wants_a_reason_nothing_is_sent_without_one() {
    let tenant = Recorded::new(24, 0);
    let id = tenant.desk.request("signal:reason-needed by:me");
    let (named, calls) = tenant.during(|desk| desk.run(&format!("requests approve {id}")));
    let patched = |calls: &[String]| calls.iter().any(|call| call.contains("PATCH"));
    assert_eq!(named.code, 2, "{named:?}");
    assert!(!patched(&calls), "{calls:#?}");
    let said = "1 of these cannot be decided without a reason, so nothing was sent. Give one with --reason.";
    assert!(named.err.contains(said), "{named:?}");
    // By a filter it is refused with the same words.
    let row = tenant.desk.json(&format!("requests show {id}"));
    let mail = row[0]["requestor"]["email"].as_str().unwrap().to_owned();
    let filter = format!("mail={mail} signal:reason-needed");
    let chosen = tenant
        .desk
        .run_args(&["requests", "approve", "--filter", &filter, "--yes"]);
    assert_eq!(chosen.code, 2, "{chosen:?}");
    assert!(
        chosen.err.contains(
            "cannot be decided without a reason, so nothing was sent. Give one with --reason."
        ),
        "{chosen:?}"
    );
    let (given, calls) = tenant
        .during(|desk| desk.run_args(&["requests", "approve", &id, "--reason", "known partner"]));
    assert_eq!(given.code, 0, "{given:?}");
    assert!(patched(&calls), "{calls:#?}");
}
