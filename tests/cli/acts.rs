//! What is written: decisions, invitations, revocations, and the journal of them.

use super::{Desk, Ran, text};

/// The word a row of results begins with.
fn word(ran: &Ran) -> &str {
    ran.out.split_whitespace().next().unwrap_or_default()
}

#[test]
fn a_request_is_approved_and_told_so_when_asked_again() {
    let desk = Desk::new();
    let id = desk.request("package:Supplier domain:northwindtraders.com");
    let ran = desk.run(&format!("requests approve {id}"));
    assert_eq!((ran.code, word(&ran)), (0, "approved"), "{ran:?}");
    assert!(ran.out.contains("Gareth Pugh"));
    assert!(
        desk.json("requests list")
            .iter()
            .all(|row| text(row, "id") != id)
    );
    let again = desk.run(&format!("requests approve {id}"));
    assert_eq!((again.code, word(&again)), (0, "already"), "{again:?}");
    assert!(
        again.out.contains("already approved by Adele Vance"),
        "{again:?}"
    );
    // Wanting the contrary of what was decided is not done.
    let contrary = desk.run(&format!("requests deny {id} --reason late"));
    assert_eq!((contrary.code, word(&contrary)), (1, "already"));
}

#[test]
fn a_denial_needs_its_reason_and_ends_the_request() {
    let desk = Desk::new();
    let id = desk.request("c0ntoso");
    let bare = desk.run(&format!("requests deny {id}"));
    assert_eq!(bare.code, 2);
    assert!(bare.err.contains("--reason"));
    let empty = desk.run_args(&["requests", "deny", &id, "--reason", " "]);
    assert_eq!(empty.code, 2);
    let ran = desk.run_args(&[
        "requests",
        "deny",
        &id,
        "--reason",
        "a forged domain",
        "--json",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let rows = ran.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(text(&rows[0], "@guestlist.outcome"), "denied");
    let shown = desk.json(&format!("requests show {id}"));
    assert_eq!(text(&shown[0], "state"), "denied");
}

#[test]
fn several_are_decided_at_once_and_what_is_not_ours_is_said() {
    let desk = Desk::new();
    let (a, b) = (desk.request("ingrid"), desk.request("chiamaka"));
    let rows = desk.json("requests list");
    let others = rows.iter().find(|row| {
        let stages = row["approval"]["stages"].as_array();
        stages.is_some_and(|stages| {
            stages
                .iter()
                .any(|stage| stage["status"] == "InProgress" && stage["assignedToMe"] == false)
        })
    });
    let others = text(others.unwrap(), "id");
    let ran = desk.run(&format!("requests approve {a} {b} {a} {others}"));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.out.lines().count(), 3, "{ran:?}");
    assert_eq!(ran.out.matches("approved ").count(), 2);
    assert!(ran.out.contains("not-yours"));
    assert!(ran.err.contains("2 of 3 done, 1 not."), "{ran:?}");
    let alone = desk.run(&format!("requests approve {others}"));
    assert_eq!(alone.code, 4);
}

#[test]
fn an_invitation_prints_its_link_and_nothing_else() {
    let desk = Desk::new();
    let args = [
        "invite",
        "zoe@proseware.com",
        "--name",
        "Zoë Lind",
        "--no-mail",
    ];
    let ran = desk.run_args(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.starts_with("https://") && ran.out.lines().count() == 1,
        "{ran:?}"
    );
    assert!(
        ran.err.contains("invited") && ran.err.contains("no mail was sent"),
        "{ran:?}"
    );
    let found = desk.json("guests list --filter zoe@proseware.com");
    assert_eq!(found[0]["externalUserState"], "PendingAcceptance");
    let again = desk.run_args(&args);
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    assert!(again.err.contains("was invited already"), "{again:?}");
    let rows = desk.run("invite yan@proseware.com --json").rows();
    assert_eq!(
        text(&rows[0], "invitedUserEmailAddress"),
        "yan@proseware.com"
    );
    assert!(text(&rows[0], "inviteRedeemUrl").starts_with("https://"));
    let link = ran.out.trim().to_string();
    let journal = desk.run("journal list --json");
    assert!(!journal.out.contains(&link) && journal.out.contains("zoe@proseware.com"));
}

/// What the tenant has of invitations: the address of each.
fn invited(desk: &Desk) -> Vec<String> {
    let snapshot = desk.emulator.snapshot();
    let invitations = snapshot["invitations"].as_array().unwrap().clone();
    let mail = |one: &serde_json::Value| text(one, "invitedUserEmailAddress");
    invitations.iter().map(mail).collect()
}

#[test]
fn what_is_pasted_is_taken_apart_and_shown_as_it_is_sent() {
    let desk = Desk::new();
    let ran = desk.run_args(&["invite", "\"Lind, Zoë\" <mailto:Zoe@proseware.com>;"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = "Read as Zoe@proseware.com, with the name Lind, Zoë.";
    assert!(ran.err.starts_with(told), "{ran:?}");
    assert_eq!(invited(&desk), ["Zoe@proseware.com"]);
    let found = desk.json("guests show <zoe@proseware.com>");
    assert_eq!(found[0]["displayName"], "Lind, Zoë");
    // Whichever way its domain is written, it is one and the same.
    assert_eq!(desk.run("invite ida@bücher.example").code, 0);
    assert_eq!(invited(&desk)[1..], ["ida@xn--bcher-kva.example"]);
    for same in ["ida@xn--bcher-kva.example", "mailto:ida@Bücher.example"] {
        let again = desk.run(&format!("invite {same}"));
        assert_eq!(again.code, 1, "{again:?}");
        assert_eq!(desk.json(&format!("guests show {same}")).len(), 1);
    }
    assert_eq!(
        desk.json("guests list --filter domain=bücher.example")
            .len(),
        1
    );
}

#[test]
fn nobody_of_ones_own_domains_is_made_a_guest() {
    let desk = Desk::new();
    for own in [
        "somebody@contoso.com",
        "Somebody <somebody@CONTOSO.COM>",
        "somebody@contoso.onmicrosoft.com",
    ] {
        let ran = desk.run_args(&["invite", own]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("is your own domain"), "{ran:?}");
    }
    assert!(invited(&desk).is_empty());
    assert!(desk.json("journal list").is_empty());
}

#[test]
fn addresses_graph_refuses_are_not_sent() {
    let desk = Desk::new();
    for bad in ["zoe", "zoe+x@proseware.com", "zoe@proseware"] {
        let ran = desk.run(&format!("invite {bad}"));
        assert_eq!((ran.code, ran.err.lines().count()), (2, 1), "{ran:?}");
    }
    let ran = desk.run("invite zoe@proseware.com --redirect javascript:x");
    assert_eq!(ran.code, 2);
    assert!(desk.json("journal list").is_empty());
}

#[test]
fn a_guest_is_blocked_deleted_and_restored() {
    let desk = Desk::new();
    let rows = desk.json("guests list --filter state:accepted");
    let (first, second) = (&rows[0], &rows[1]);
    let ran = desk.run_args(&[
        "guests",
        "revoke",
        &text(first, "mail"),
        "--block",
        "--reason",
        "left",
    ]);
    assert_eq!((ran.code, word(&ran)), (0, "blocked"), "{ran:?}");
    let id = text(second, "id");
    // Nobody can be asked here, and a delete does not go unasked.
    let unasked = desk.run(&format!("guests revoke {id} --delete --reason left"));
    assert_eq!(unasked.code, 2);
    assert!(unasked.err.contains("--yes"));
    let ran = desk.run(&format!("guests revoke {id} --delete --reason left --yes"));
    assert_eq!((ran.code, word(&ran)), (0, "deleted"), "{ran:?}");
    assert!(ran.out.contains(&text(second, "displayName")));
    assert_eq!(desk.json("guests list").len(), 1199);
    let ran = desk.run(&format!("guests restore {id}"));
    assert_eq!((ran.code, word(&ran)), (0, "restored"), "{ran:?}");
    let rows = desk.json("guests list");
    assert_eq!(rows.len(), 1200);
    let blocked = rows.iter().find(|row| row["id"] == first["id"]).unwrap();
    assert_eq!(blocked["accountEnabled"], false);
    let nobody = desk.run("guests revoke nobody@nowhere.example --block --reason left");
    assert_eq!(nobody.code, 1);
    assert!(nobody.err.contains("nothing was sent"));
}

#[test]
fn the_journal_has_an_intent_and_an_outcome_for_each_act() {
    let desk = Desk::new();
    assert_eq!(desk.run("journal list").err, "The journal is empty.\n");
    let id = desk.request("ingrid");
    assert_eq!(desk.run(&format!("requests approve {id}")).code, 0);
    let rows = desk.json("journal list");
    let kinds: Vec<String> = rows.iter().map(|row| text(row, "kind")).collect();
    // Taken, and what became of it.
    assert_eq!(kinds, ["intent", "outcome", "outcome"]);
    for row in &rows {
        assert_eq!(text(row, "act"), "approve");
        assert_eq!(text(row, "target"), id);
    }
    assert_eq!(rows[0]["client_request_id"], rows[1]["client_request_id"]);
    assert_eq!(desk.run("journal list --limit 1 --json").rows().len(), 1);
    assert_eq!(desk.run("journal list").out.lines().count(), 4);
}

#[test]
fn a_read_only_run_writes_nothing() {
    let desk = Desk::new();
    let id = desk.request("ingrid");
    for line in [
        format!("requests approve {id} --read-only"),
        "invite zoe@proseware.com --read-only".into(),
        format!("guests restore {id} --read-only"),
    ] {
        let ran = desk.run(&line);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{ran:?}");
        assert!(ran.err.contains("read-only"));
    }
    assert!(desk.json("journal list").is_empty());
    assert_eq!(desk.json("requests list --quick").len(), 24);
}

#[test]
fn what_a_filter_chooses_is_shown_and_wants_a_yes() {
    let desk = Desk::new();
    let asked = desk.run("requests deny --filter domain:fabrikam --reason late");
    assert_eq!(asked.code, 2, "{asked:?}");
    assert!(asked.err.contains("fabrikam.com"), "{asked:?}");
    assert!(asked.err.contains("Add --yes to do it."), "{asked:?}");
    assert_eq!(
        desk.json("requests list --quick").len(),
        24,
        "nothing was sent"
    );
    let wanted = desk
        .json("requests list --view mine --quick --filter domain:fabrikam")
        .len();
    assert!(wanted > 1);
    let done = desk.run("requests deny --filter domain:fabrikam --reason late --yes");
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(desk.json("requests list --quick").len(), 24 - wanted);
    let again = desk.run("requests deny --filter domain:fabrikam --reason late --yes");
    assert_eq!(again.code, 0);
    assert!(again.err.contains("nothing was sent"), "{again:?}");
    for line in [
        "requests approve --filter colour:red",
        "requests approve --filter ada someid",
        "requests deny --filter ada --yes",
    ] {
        assert_eq!(desk.run(line).code, 2, "{line}");
    }
}
