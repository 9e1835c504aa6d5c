//! What is done with requests besides deciding them, from the command line.

use serde_json::Value;

use super::{Desk, text};

impl Desk {
    fn requests(&self) -> Vec<Value> {
        self.emulator.snapshot()["assignmentRequests"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The id of a request in a state, by a part of its requestor's address.
    fn standing(&self, state: &str, mail: &str) -> String {
        let requests = self.requests();
        let is_it =
            |one: &&Value| one["state"] == state && text(&one["requestor"], "email").contains(mail);
        let one = requests.iter().find(is_it);
        text(
            one.unwrap_or_else(|| panic!("no {state} request of {mail}")),
            "id",
        )
    }

    fn state(&self, id: &str) -> Option<String> {
        let requests = self.requests();
        let one = requests.iter().find(|one| one["id"] == id)?;
        Some(text(one, "state"))
    }
}

#[test]
fn a_request_is_cancelled_and_its_record_removed() {
    let desk = Desk::new();
    let id = desk.standing("pendingApproval", "@fabrikam.com");
    let shown = desk.run(&format!("requests show {id}"));
    assert!(shown.out.contains("Possible    cancel"), "{shown:?}");
    let other = desk.standing("delivered", "nadia");
    let ran = desk.run(&format!(
        "requests cancel {id} {other} --reason withdrawn --yes"
    ));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("cancelled ") && ran.out.contains(&id));
    assert!(
        ran.out.contains("failed") && ran.out.contains("it is delivered"),
        "{ran:?}"
    );
    assert_eq!(desk.state(&id).as_deref(), Some("canceled"));
    assert_eq!(desk.run(&format!("requests cancel {id}")).code, 0, "it is");

    let unasked = desk.run(&format!("requests remove {id}"));
    assert_eq!(unasked.code, 2, "{unasked:?}");
    assert!(unasked.err.contains("--yes"));
    let ran = desk.run(&format!("requests remove {id} --yes --json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(text(&ran.rows()[0], "@guestlist.outcome"), "removed");
    assert_eq!(desk.state(&id), None);

    let journal = desk.json("journal list");
    let intents = journal.iter().filter(|row| row["kind"] == "intent");
    let acts: Vec<String> = intents.map(|row| text(row, "act")).collect();
    assert_eq!(acts, ["cancel", "remove"], "{journal:?}");
}

#[test]
fn a_failed_delivery_is_tried_again_while_graph_allows_it() {
    let desk = Desk::new();
    let partly = desk.standing("partiallyDelivered", "ewa.nowak");
    let late = desk.standing("partiallyDelivered", "joaquim");
    let ran = desk.run(&format!("requests reprocess {partly} --yes"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with("retried"), "{ran:?}");
    assert_eq!(desk.state(&partly).as_deref(), Some("delivered"));
    let ran = desk.run(&format!("requests reprocess {late} --yes"));
    assert_eq!(ran.code, 1);
    assert!(
        ran.out
            .contains("14 days after the delivery failed, and those ended on"),
        "{ran:?}"
    );
}

#[test]
fn assigning_promises_nothing_of_approvers_and_asks_for_more_only_by_its_word() {
    let desk = Desk::new();
    let assign = |words: &[&str]| {
        let all = [&["requests", "assign"], words].concat();
        desk.run_args(&all)
    };
    let who = ["--package", "supplier hub", "--policy", "New suppliers"];
    let mail = ["--guest", "zoe@proseware.com"];
    let meant = ["--yes"];
    let wrong = ["--package", "suplier hub", "--policy", "New suppliers"];
    let ran = assign(&[&wrong[..], &mail[..], &meant[..]].concat());
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("Did you mean \"Supplier Hub\"?"),
        "{ran:?}"
    );
    assert!(desk.json("journal list").is_empty(), "nothing was begun");

    let ran = assign(&[&who[..], &mail[..], &meant[..], &["--json"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("may still be asked"), "{ran:?}");
    let row = &ran.rows()[0];
    assert_eq!(text(row, "@guestlist.outcome"), "assigned");
    assert!(row["assignment"]["accessPackageId"].is_string());
    let made = desk
        .requests()
        .into_iter()
        .find(|one| one["requestType"] == "adminAdd" && one["requestor"]["email"] == mail[1])
        .unwrap();
    assert!(made["stages"].as_array().unwrap().is_empty());
    let found = desk.json("guests list --filter zoe@proseware.com");
    assert_eq!(found.len(), 1, "and she is a guest now");
    let ran = assign(&[&who[..], &mail[..], &meant[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with("moot"), "{ran:?}");
    let ran = assign(&[&who[..], &mail[..], &meant[..], &["--bypass-approval"]].concat());
    assert!(ran.err.contains("may not know that yet"), "{ran:?}");
    let read_only = assign(&[&who[..], &mail[..], &meant[..], &["--read-only"]].concat());
    assert_eq!(read_only.code, 4);
}

#[test]
fn a_nudge_is_printed_for_whoever_can_decide() {
    let desk = Desk::new();
    let rows = desk.json("requests list --quick");
    let waits = |row: &&Value, mine: bool| {
        let stages = row["approval"]["stages"].as_array().unwrap();
        let mut stages = stages.iter();
        stages.any(|one| one["status"] == "InProgress" && one["assignedToMe"] == mine)
    };
    let others = rows.iter().find(|row| waits(row, false)).unwrap();
    let (id, name) = (
        text(others, "id"),
        text(&others["requestor"], "displayName"),
    );
    let ran = desk.run(&format!("requests nudge {id}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.starts_with("To ") && ran.out.contains(&name),
        "{ran:?}"
    );
    let ran = desk.run(&format!("requests nudge {id} --mailto"));
    assert!(ran.out.starts_with("mailto:?subject="), "{ran:?}");
    let mine = text(rows.iter().find(|row| waits(row, true)).unwrap(), "id");
    let ran = desk.run(&format!("requests nudge {mine}"));
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("it waits for you."), "{ran:?}");
    assert!(desk.json("journal list").is_empty());
}
