//! The journal by plain commands: chosen from, checked, followed. No tenant is needed.

use std::io::{BufRead, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use guestlist::journal::{FILE_NAME, Journal, JournalEntry, OutcomeWord, Settlement};
use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use super::{Ran, command, run, text};

/// A machine on which something was done.
struct Machine {
    home: TempDir,
}

impl Machine {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("state").join(FILE_NAME)
    }

    /// Does something to somebody: an intent and an outcome.
    fn did(&self, act: &str, target: &str, name: &str) {
        let (mut journal, _) = Journal::open(&self.home.path().join("state")).unwrap();
        let entry = JournalEntry {
            act: act.into(),
            target: target.into(),
            target_name: name.into(),
            actor_name: "adele@contoso.com".into(),
            client_request_id: format!("crid-{target}"),
            run: "run-1".into(),
            ..JournalEntry::default()
        };
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        let intent = journal.append_intent(&entry, now).unwrap();
        let done = Settlement {
            outcome: OutcomeWord::Done,
            detail: String::new(),
            request_id: None,
            follows: None,
            run: "run-1".into(),
        };
        journal.append_outcome(&intent, &done, now).unwrap();
    }

    fn run(&self, line: &str) -> Ran {
        let words: Vec<&str> = line.split_whitespace().collect();
        run(&mut command(&self.home, &words))
    }

    fn follow(&self, line: &str) -> (Child, BufReader<std::process::ChildStdout>) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut child = command(&self.home, &words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        (child, out)
    }

    /// Changes the file behind everybody's back.
    fn edit(&self, change: impl FnOnce(&str) -> String) {
        let before = std::fs::read_to_string(self.file()).unwrap();
        std::fs::write(self.file(), change(&before)).unwrap();
    }
}

fn line(out: &mut impl BufRead) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line
}

fn ended(mut child: Child) -> (Option<i32>, String) {
    let code = child.wait().unwrap().code();
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    (code, err)
}

#[test]
fn a_list_can_be_chosen_from() {
    let machine = Machine::new();
    machine.did("approve", "request-1", "Ada Lovelace");
    machine.did("invite", "grace@fabrikam.com", "Grace Hopper");
    let seqs = |line: &str| {
        let ran = machine.run(&format!("journal list --json {line}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}: {ran:?}");
        let rows = ran.rows();
        rows.iter()
            .map(|row| row["seq"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(seqs("--act invite"), [3, 4]);
    assert_eq!(seqs("--act Approve --limit 1"), [2]);
    assert_eq!(seqs("--target hopper"), [3, 4]);
    assert_eq!(seqs("--actor ADELE --target REQUEST"), [1, 2]);
    assert_eq!(seqs("--since 2025-06-01"), [1, 2, 3, 4]);
    assert_eq!(seqs("--since 2999-01-01"), [0; 0]);
    let none = machine.run("journal list --target nobody");
    assert_eq!((none.code, none.err.as_str()), (0, "No record matches.\n"));
    let table = machine.run("journal list --target ada");
    assert_eq!(table.out.lines().count(), 3, "{table:?}");

    for (wrong, says) in [
        ("--act aprove", "did you mean \"approve\"?"),
        ("--act dance", "approve, invite."),
        ("--since soon", "7d"),
    ] {
        let ran = machine.run(&format!("journal list {wrong}"));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        assert!(ran.err.contains(says), "{ran:?}");
    }
    let empty = Machine::new().run("journal list --act aprove");
    assert_eq!(
        (empty.code, empty.err.as_str()),
        (0, "The journal is empty.\n")
    );
}

#[test]
fn what_is_left_out_of_a_list_is_said() {
    let machine = Machine::new();
    for number in 0..51 {
        machine.did("deny", &format!("request-{number}"), "Mallory");
    }
    let all = machine.run("journal list --json");
    assert_eq!(all.rows().len(), 100);
    assert!(
        all.err.starts_with("The newest 100 of 102 records"),
        "{}",
        all.err
    );
    for line in ["--limit 200", "--since 2025-06-01"] {
        let ran = machine.run(&format!("journal list --json {line}"));
        assert_eq!((ran.rows().len(), ran.err.as_str()), (102, ""), "{line}");
    }
}

#[test]
fn a_newer_version_is_listed_marked_and_said() {
    let machine = Machine::new();
    machine.did("approve", "request-1", "Ada Lovelace");
    machine.edit(|text| {
        let zeros = "0".repeat(64);
        format!(
            "{text}{{\"v\":3,\"seq\":3,\"prev\":\"{zeros}\",\"time\":\"2030-01-01T00:00:00Z\",\"kind\":\"intent\",\"act\":\"promote\",\"target\":\"x\"}}\n"
        )
    });
    let ran = machine.run("journal list");
    assert!(
        ran.out.contains("intent v3") && ran.out.contains("promote"),
        "{ran:?}"
    );
    assert!(ran.err.contains("newer guestlist"), "{ran:?}");
    assert_eq!(
        machine
            .run("journal list --act promote --json")
            .rows()
            .len(),
        1
    );
    let verified = machine.run("journal verify");
    assert!(
        verified.out.contains("1 of them, by a newer guestlist"),
        "{verified:?}"
    );
}

#[test]
fn the_chain_is_checked_and_its_head_told() {
    let machine = Machine::new();
    let none = machine.run("journal verify");
    assert_eq!((none.code, none.err.as_str()), (0, ""), "{none:?}");
    assert!(none.out.contains(&"0".repeat(64)) && !machine.file().exists());

    machine.did("approve", "request-1", "Ada Lovelace");
    let head = |machine: &Machine| {
        let ran = machine.run("journal verify --json");
        assert_eq!(ran.code, 0, "{ran:?}");
        let row = ran.rows().remove(0);
        assert_eq!(
            (&row["whole"], &row["damage"]),
            (&true.into(), &Value::Array(vec![]))
        );
        text(&row["head"], "hash")
    };
    let kept = head(&machine);
    let plain = machine.run("journal verify");
    assert_eq!(plain.code, 0, "{plain:?}");
    assert_eq!(
        plain.out,
        format!("records  2\nhead     2 {kept}\nchain    whole\n")
    );
    machine.did("deny", "request-2", "Mallory");
    let third: Value = machine.run("journal list --json").rows().remove(2);
    assert_eq!(text(&third, "prev"), kept, "the next line carries it");
    assert_ne!(head(&machine), kept);

    // Changed, it is named by its first line that does not fit; nothing is mended by looking.
    machine.edit(|text| {
        text.replacen("Ada", "Eve", 1)
            .replace("\"seq\":4", "\"seq\":7")
    });
    let broken = machine.run("journal verify");
    assert_eq!(broken.code, 1, "{broken:?}");
    assert_eq!(
        broken.err,
        "Line 2 of the journal does not match the line before it: one of the two was changed, and 1 more.\n"
    );
    assert!(broken.out.contains("records  4") && broken.out.contains("chain    broken at line 2"));
    for list in [
        "journal list",
        "journal list --json",
        "journal list --target nobody",
    ] {
        let listed = machine.run(list);
        assert_eq!(listed.code, 1, "{listed:?}");
        assert!(listed.err.contains("chain is broken"), "{listed:?}");
    }
    assert_eq!(
        machine.run("journal list --json").rows().len(),
        4,
        "all the same"
    );
    let row = machine.run("journal verify --json").rows().remove(0);
    assert_eq!(row["damage"][0]["line"], 2);
    assert_eq!(row["damage"][0]["what"], "hash");
    assert_eq!(row["damage"][1]["what"], "sequence");
    assert_eq!(row["lines"], 4);
}

#[test]
fn what_is_appended_is_followed_until_a_signal() {
    let machine = Machine::new();
    machine.did("approve", "request-1", "Ada Lovelace");
    let (child, mut out) = machine.follow("journal list --follow --json --limit 1");
    let mut next = || {
        let printed = line(&mut out);
        assert!(!printed.contains('\u{202e}'), "{printed}");
        let row: Value = serde_json::from_str(&printed).unwrap();
        (
            text(&row, "act"),
            text(&row, "kind"),
            text(&row, "target_name"),
        )
    };
    let row = |act: &str, kind: &str, name: &str| (act.into(), kind.into(), name.into());
    assert_eq!(next(), row("approve", "outcome", "Ada Lovelace"));
    machine.did("deny", "request-2", "Mallory");
    machine.did("invite", "grace@fabrikam.com", "Grace\u{202e} Hopper");
    assert_eq!(next(), row("deny", "intent", "Mallory"));
    assert_eq!(next(), row("deny", "outcome", "Mallory"));
    // Printed as an escape, and read back as it was.
    let name = "Grace\u{202e} Hopper";
    assert_eq!(next(), row("invite", "intent", name));
    assert_eq!(next(), row("invite", "outcome", name));
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(ended(child), (Some(0), String::new()));
    assert_eq!(line(&mut out), "", "and nothing more");
}

#[test]
fn what_is_followed_may_still_come() {
    let machine = Machine::new();
    machine.did("approve", "request-1", "Ada Lovelace");
    let (child, mut out) = machine.follow("journal list --follow --act invite");
    assert!(line(&mut out).starts_with("SEQ"));
    machine.did("deny", "request-2", "Mallory");
    machine.did("invite", "grace@fabrikam.com", "Grace Hopper");
    for kind in ["intent", "outcome"] {
        let shown = line(&mut out);
        assert!(
            shown.contains(kind) && shown.contains("Grace Hopper"),
            "{shown}"
        );
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let (code, err) = ended(child);
    assert_eq!(code, Some(0));
    assert_eq!(err, "The journal has no act \"invite\", but approve.\n");
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let machine = Machine::new();
    machine.did("approve", "request-1", "Ada Lovelace");
    let (child, mut out) = machine.follow("journal list --follow");
    assert!(line(&mut out).starts_with("SEQ"));
    assert!(line(&mut out).contains("approve"));
    // Nothing is written any more: it is noticed all the same.
    drop(out);
    assert_eq!(ended(child), (Some(0), String::new()));
}
