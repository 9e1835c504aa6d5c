use super::*;

const WRITE: &str = "EntitlementManagement.ReadWrite.All";

fn candidate(command: &'static str, writes: bool, area: Area, lack: Lack) -> Candidate {
    Candidate {
        command,
        does: "",
        writes,
        area: Some(area),
        lack,
    }
}

fn nothing() -> Lack {
    Lack::Permissions(Vec::new())
}

fn refused() -> Finding {
    Finding::of(Problem::new(ProblemKind::NotPermitted, "no", ""))
}

fn open(any: bool) -> Finding {
    Finding::Open { any }
}

/// A tenant with every licence where these are found and these lack something.
fn capabilities(areas: &[(Area, Finding)], lacks: &[(&'static str, Lack)]) -> Capabilities {
    judged(areas, lacks, |_| ())
}

fn judged(
    areas: &[(Area, Finding)],
    lacks: &[(&'static str, Lack)],
    change: impl FnOnce(&mut Facts),
) -> Capabilities {
    let mut facts = Facts {
        session: Err(Problem::new(ProblemKind::NotFound, "", "")),
        app_only: false,
        carried: Some(Vec::new()),
        licences: Licences {
            products: Some(Vec::new()),
            governance: true,
            premium: true,
        },
        areas: areas.to_vec(),
    };
    change(&mut facts);
    let lack = |command| {
        let found = lacks.iter().find(|(known, _)| *known == command);
        found.map_or_else(nothing, |(_, lack)| lack.clone())
    };
    let all = [
        ("requests list", false, Area::Requests),
        ("requests approve", true, Area::Inbox),
        ("policies list", false, Area::Policies),
        ("guests list", false, Area::Guests),
        ("guests list --sign-ins", false, Area::SignIns),
        ("invite", true, Area::Guests),
    ];
    let candidates =
        all.map(|(command, writes, area)| candidate(command, writes, area, lack(command)));
    Capabilities::judge(facts, candidates.into())
}

fn all_open() -> Vec<(Area, Finding)> {
    [
        Area::Requests,
        Area::Inbox,
        Area::Policies,
        Area::Guests,
        Area::SignIns,
    ]
    .map(|area| (area, open(true)))
    .into()
}

#[test]
fn everything_open_is_an_approver_who_governs() {
    let all = capabilities(&all_open(), &[]);
    assert!(
        all.commands
            .iter()
            .all(|ability| ability.verdict == Verdict::On)
    );
    assert_eq!(all.mode(false).to_string(), "approver + governance admin");
    assert_eq!(
        all.mode(true).to_string(),
        "read-only · approver + governance admin"
    );
    assert_eq!(all.why_invite_only(), None);
}

#[test]
fn a_missing_permission_is_named_and_the_rest_works() {
    let all = capabilities(
        &all_open(),
        &[("requests approve", Lack::Permissions(vec![WRITE]))],
    );
    let why = all.why_not("requests approve").unwrap();
    assert!(why.contains(WRITE) && why.contains("is missing"), "{why}");
    assert_eq!(all.why_not("invite"), None);
    assert_eq!(all.mode(false).to_string(), "governance admin");
    // What can be read can be read: a broader permission than the table's may be behind it.
    let all = capabilities(
        &all_open(),
        &[("guests list", Lack::Permissions(vec!["User.Read.All"]))],
    );
    assert_eq!(all.why_not("guests list"), None);
}

#[test]
fn without_the_licence_it_is_invite_only_and_says_why() {
    let mut areas = all_open();
    for (area, finding) in &mut areas {
        if matches!(area, Area::Requests | Area::Inbox | Area::Policies) {
            *finding = refused();
        }
    }
    let without = judged(&areas, &[], |facts| facts.licences.governance = false);
    assert_eq!(without.mode(false).to_string(), "invite-only");
    assert!(without.why_invite_only().unwrap().contains("licence"));
    assert_eq!(without.why_not("invite"), None);
    // With the licence, or where licences cannot be read, it is the account that lacks something.
    let role = judged(&areas, &[], |_| ());
    assert!(role.why_not("requests approve").unwrap().contains("role"));
    let unread = judged(&areas, &[], |facts| facts.licences = Licences::default());
    assert!(unread.why_not("requests list").unwrap().contains("role"));
}

#[test]
fn an_app_sees_and_cannot_decide() {
    let mut areas = all_open();
    areas[1].1 = refused();
    let app = judged(&areas, &[("requests approve", Lack::NotForApps)], |facts| {
        facts.app_only = true;
    });
    assert_eq!(
        app.mode(false).to_string(),
        "app-only, cannot approve · governance admin"
    );
    assert!(
        app.why_not("requests approve")
            .unwrap()
            .contains("people only")
    );
}

#[test]
fn what_is_not_known_is_not_refused() {
    let mut areas = all_open();
    areas[0].1 = Finding::of(Problem::new(ProblemKind::Service, "busy", ""));
    let all = capabilities(&areas, &[("invite", Lack::Unreadable)]);
    let verdict = |command| {
        &all.commands
            .iter()
            .find(|ability| ability.command == command)
            .unwrap()
            .verdict
    };
    assert_eq!(
        (verdict("requests list"), verdict("invite")),
        (&Verdict::Unsure, &Verdict::Unsure)
    );
    assert_eq!(verdict("guests list"), &Verdict::On);
    assert_eq!(all.mode(false).to_string(), "approver");
}

#[test]
fn who_can_write_nothing_is_read_only() {
    let lack = || Lack::Permissions(vec![WRITE]);
    let all = capabilities(
        &all_open(),
        &[("requests approve", lack()), ("invite", lack())],
    );
    assert_eq!(all.mode(false).to_string(), "read-only · governance admin");
    let many = Missing::Permissions(vec!["A", "B"]).to_string();
    assert!(many.contains("permissions A and B are missing"), "{many}");
}
