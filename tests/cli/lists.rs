//! What is listed and shown.

use std::io::Read as _;
use std::process::Stdio;

use serde_json::json;

use super::{Desk, command, run, text};

#[test]
fn requests_are_one_array_with_graphs_names() {
    let desk = Desk::new();
    let rows = desk.json("requests list");
    assert_eq!(rows.len(), 24);
    for row in &rows {
        assert_eq!(row["state"], "pendingApproval");
        for name in [
            "id",
            "requestType",
            "createdDateTime",
            "justification",
            "requestor",
            "accessPackage",
            "answers",
        ] {
            assert!(
                !row[name].is_null() || name == "justification",
                "{name} in {row}"
            );
        }
    }
    let look_alikes: Vec<_> = rows
        .iter()
        .filter(|row| row["@guestlist.signals"].to_string().contains("lookalike"))
        .collect();
    assert!(!look_alikes.is_empty());
    assert!(
        rows.iter()
            .any(|row| row["@guestlist.signals"].to_string().contains("\"guest\""))
    );
}

#[test]
fn the_table_has_a_row_each_and_the_filter_is_the_consoles() {
    let desk = Desk::new();
    let all = desk.run("requests list");
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    assert_eq!(all.out.lines().count(), 25);
    let some = desk.run("requests list --filter domain:fabrikam");
    assert!(
        some.out
            .lines()
            .skip(1)
            .all(|line| line.contains("fabrikam.com")),
        "{some:?}"
    );
    let none = desk.run("requests list --filter nobody-is-called-so");
    assert_eq!((none.code, none.out.as_str()), (0, ""));
    assert_eq!(none.err, "Nobody who waits matches.\n");
    let wrong = desk.run("requests list --filter colour:red");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("(at character "), "{wrong:?}");
}

#[test]
fn what_outsiders_write_cannot_steer_the_terminal() {
    let desk = Desk::new();
    for line in [
        "requests list",
        "requests list --json",
        "guests list",
        "guests list --json",
    ] {
        let ran = desk.run(line);
        let stray = ran.out.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        });
        assert_eq!(stray, None, "{line}");
        assert!(!ran.out.contains("\\u001b"), "{line}");
    }
}

#[test]
fn one_request_is_shown_with_all_there_is() {
    let desk = Desk::new();
    let id = desk.request("c0ntoso");
    let shown = desk.run(&format!("requests show {id}"));
    assert_eq!(shown.code, 0);
    assert!(
        shown
            .out
            .contains("c0ntoso.com looks like contoso.com, your own domain"),
        "{}",
        shown.out
    );
    let rows = desk.json(&format!("requests show {id}"));
    assert_eq!((rows.len(), text(&rows[0], "id")), (1, id));
    let unknown = desk.run("requests show 00000000-0000-0000-0000-000000000000");
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("requests list"));
}

#[test]
fn guests_are_listed_by_what_they_are() {
    let desk = Desk::new();
    assert_eq!(desk.json("guests list").len(), 1200);
    let pending = desk.json("guests list --filter state:pending");
    assert!(!pending.is_empty());
    assert!(
        pending
            .iter()
            .all(|row| row["externalUserState"] == "PendingAcceptance")
    );
    assert!(pending.iter().all(|row| row["userType"] == "Guest"));
    assert!(
        pending
            .iter()
            .all(|row| row.get("signInActivity").is_none())
    );
    let stale = desk.json("guests list --filter state:stale");
    assert!(!stale.is_empty() && stale.len() < 1200);
    assert!(stale.iter().all(|row| row.get("signInActivity").is_some()));
    let table = desk.run("guests list --filter state:pending");
    assert_eq!(table.out.lines().count(), pending.len() + 1);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let desk = Desk::new();
    let url = desk.emulator.url();
    let mut child = command(&desk.home, &["guests", "list", "--graph-url", &url])
        .env("GUESTLIST_TOKEN", desk.emulator.token())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert!(
        ended.stderr.is_empty(),
        "{:?}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[test]
fn the_demo_needs_nothing() {
    let home = tempfile::tempdir().unwrap();
    let ran = run(&mut command(
        &home,
        &["--demo", "requests", "list", "--json"],
    ));
    assert_eq!((ran.code, ran.rows().len()), (0, 24));
    let other = run(&mut command(
        &home,
        &["requests", "list", "--demo", "--seed", "2"],
    ));
    assert_eq!(other.code, 0);
}

#[test]
fn policies_are_listed_with_their_doors_and_in_sentences() {
    let desk = Desk::new();
    let ran = desk.run("policies list");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1 + 8);
    assert!(ran.out.starts_with("ID "), "{}", ran.out);
    let closed = desk.run("policies list --filter door:closed");
    assert!(
        closed
            .out
            .lines()
            .skip(1)
            .all(|line| line.ends_with("closed"))
    );
    assert!(closed.out.lines().count() > 1);
    let rows = desk.json("policies list");
    assert_eq!(rows.len(), 8);
    for row in &rows {
        let sentences = row["@guestlist.sentences"].as_array().unwrap();
        assert!(!sentences.is_empty(), "{row}");
    }
}

#[test]
fn a_guest_is_shown_with_what_they_can_reach() {
    let desk = Desk::new();
    let guests = desk.json("guests list");
    let mail = guests[0]["mail"].as_str().unwrap();
    let ran = desk.run_args(&["guests", "show", mail]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for name in ["name", "mail", "id", "state", "sponsors", "groups", "apps"] {
        assert!(
            ran.out.lines().any(|line| line.starts_with(name)),
            "{}",
            ran.out
        );
    }
    let ran = desk.run_args(&["guests", "show", mail, "--json"]);
    let shown = ran.rows();
    assert_eq!(shown[0]["id"], guests[0]["id"]);
    assert!(shown[0]["sponsors"].is_array());
    let ran = desk.run("guests show nobody@fabrikam.com");
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn views_and_saved_ones_are_listed() {
    let desk = Desk::new();
    let count = |line: &str| desk.json(line).len();
    assert_eq!(count("requests list --view mine"), 16);
    let failed = desk.json("requests list --view failed");
    assert!(!failed.is_empty());
    for row in &failed {
        let state = row["state"].as_str().unwrap();
        assert!(
            ["deliveryFailed", "partiallyDelivered"].contains(&state),
            "{state}"
        );
    }
    assert!(count("requests list --view all --quick") > 24);
    assert!(count("requests list --view all --quick --filter state:denied") > 0);
    assert_eq!(count("requests list --view today --quick"), 0);
    let wrong = desk.run("requests list --view faild");
    assert_eq!(wrong.code, 2);
    assert_eq!(
        wrong.err,
        "There is no view \"faild\"; did you mean \"failed\"?\n"
    );
}

#[test]
fn csv_is_for_spreadsheets_and_holds_no_formula() {
    let desk = Desk::new();
    let requests = desk.run("requests list --csv --quick");
    assert_eq!(requests.code, 0, "{requests:?}");
    let mut lines = requests.out.lines();
    assert!(lines.next().unwrap().starts_with("id,state,created,"));
    assert_eq!(requests.out.lines().count(), 25);
    let some = desk.run("guests list --csv --filter domain:fabrikam");
    assert!(
        some.out
            .lines()
            .skip(1)
            .all(|line| line.contains("fabrikam.com"))
    );
    for cell in requests
        .out
        .lines()
        .chain(some.out.lines())
        .flat_map(|line| line.split(','))
    {
        let bare = cell.trim_start_matches('"');
        assert!(!bare.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert_eq!(desk.run("guests list --csv --json").code, 2);
}

#[test]
fn what_is_wrong_with_a_filter_is_pointed_at() {
    let desk = Desk::new();
    let wrong = desk.run("requests list --filter ada|colour:red");
    assert_eq!(wrong.code, 2);
    let lines: Vec<&str> = wrong.err.lines().collect();
    assert_eq!(lines[0], "  ada|colour:red");
    assert_eq!(lines[1], "      ^");
}

#[test]
fn what_has_ended_can_be_shown_too() {
    let desk = Desk::new();
    let denied = desk.json("requests list --view all --quick --filter state:denied");
    let id = denied[0]["id"].as_str().unwrap();
    let shown = desk.run(&format!("requests show {id}"));
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.out.contains("denied"), "{shown:?}");
    assert!(shown.out.contains("Stage 1"), "with who decided: {shown:?}");
    let nobody = desk.run("requests show 00000000-0000-4000-8000-00000000dead");
    assert_eq!(nobody.code, 1);
}

/// Rows without an id cannot be read; beside one that can be, and alone.
#[test]
fn rows_that_cannot_be_read_are_not_rows_that_are_not_there() {
    use crate::support::scripted::{Server, batch, ok};

    let answer = |target: &str| {
        if target.contains("/me") {
            json!({ "id": "m1", "displayName": "Adele" })
        } else if target.contains("/organization") {
            let domain = json!({ "name": "contoso.com", "isDefault": true });
            let tenant = json!({ "id": "t1", "displayName": "T", "verifiedDomains": [domain] });
            json!({ "value": [tenant] })
        } else {
            json!({ "value": [{ "displayName": "a" }, { "id": "", "state": "pendingApproval" }] })
        }
    };
    let graph = Server::start(move |seen| {
        if seen.target.ends_with("/$batch") {
            ok(&batch(seen, |item| (200, answer(&item.target))))
        } else {
            ok(&answer(&seen.target))
        }
    });
    let (home, url) = (tempfile::tempdir().unwrap(), graph.url());
    for line in [
        "guests list",
        "guests list --json",
        "guests list --csv",
        "policies list",
        "policies list --json",
        "requests list",
        "requests list --quick --json",
        "requests list --view all --csv",
        "requests list --view failed",
    ] {
        let at = ["--graph-url", url.as_str()];
        let all: Vec<&str> = line.split(' ').chain(at).collect();
        let ran = run(command(&home, &all).env("GUESTLIST_TOKEN", "token"));
        assert_eq!(ran.code, 1, "{line}: {ran:?}");
        let said = ran.err.contains("2 rows could not be read");
        assert!(said, "{line}: {ran:?}");
        for none in ["There are no", "There is no", "Nobody", "matches"] {
            assert!(!ran.err.contains(none), "{line}: {ran:?}");
            assert!(!ran.out.contains(none), "{line}: {ran:?}");
        }
    }
}
