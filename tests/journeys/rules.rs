//! Rules by keyboard: what `:suggest` stages, what it says, and what it leaves alone.

use guestlist::acts::{ActKind, Target};
use guestlist::domain::id::RequestId;
use guestlist::journal::{OutcomeWord as Written, RecordKind};

use super::find;
use crate::support::console::{Console, tenant};

fn with_rules(console: &mut Console, text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rules.toml");
    std::fs::write(&path, text).unwrap();
    console.rules = Some(path);
    dir
}

fn rule(name: &str, when: &str, verdict: &str, reason: &str) -> String {
    format!(
        "[[rule]]\nname = \"{name}\"\nwhen = '{when}'\nverdict = \"{verdict}\"\nreason = \"{reason}\"\n"
    )
}

/// The rows a filter shows that wait for oneself.
fn mine(console: &Console, domain: &str) -> Vec<RequestId> {
    let rows = console.state.data.requests.rows();
    rows.filter(|row| row.request.mine() && row.domain == domain)
        .map(|row| row.request.id.clone())
        .collect()
}

#[test]
fn what_the_rules_say_is_staged_for_review_and_sent_only_then() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let partners = mine(&console, "fabrikam.com");
    let forged = mine(&console, "c0ntoso.com");
    assert!(partners.len() > 2 && !forged.is_empty());
    // One that was denied by hand stays denied.
    console.state.data.requests.focus(&partners[0]);
    console.type_keys("d");
    let file = rule(
        "partner",
        "domain:fabrikam.com",
        "approve",
        "{domain} is a partner",
    ) + &rule(
        "forged",
        "domain:c0ntoso",
        "deny",
        "{name}: {domain} is not {package}",
    );
    let dir = with_rules(&mut console, &file);
    console.press(":suggest<Enter>");
    assert!(console.journal().is_empty(), "rules never send");
    let staged = |console: &Console, id: &RequestId| {
        let found = console.state.basket.get(&Target::Request(id.clone()));
        found.map(|one| (one.kind, one.rule.clone(), one.reason.clone()))
    };
    assert_eq!(
        staged(&console, &partners[0]),
        Some((ActKind::Deny, None, None)),
        "staged by hand"
    );
    for id in &partners[1..] {
        assert_eq!(
            staged(&console, id),
            Some((
                ActKind::Approve,
                Some("partner".into()),
                Some("fabrikam.com is a partner".into())
            ))
        );
    }
    let (verdict, by, reason) = staged(&console, &forged[0]).unwrap();
    let name = &console
        .state
        .data
        .requests
        .get(&forged[0])
        .unwrap()
        .request
        .requestor
        .name;
    assert_eq!((verdict, by), (ActKind::Deny, Some("forged".into())));
    assert!(
        reason
            .unwrap()
            .starts_with(&format!("{name}: c0ntoso.com is not "))
    );
    let said = console.said();
    assert!(
        said.contains("Suggested") && said.contains("1 of your own left alone"),
        "{said}"
    );

    // Edits count at once, and what is not suggested any more is not staged any more.
    let file = rule(
        "partner",
        "domain:fabrikam.com",
        "deny",
        "the contract has ended",
    );
    std::fs::write(dir.path().join("rules.toml"), file).unwrap();
    console.press(":suggest<Enter>");
    assert_eq!(staged(&console, &forged[0]), None);
    let (verdict, ..) = staged(&console, &partners[1]).unwrap();
    assert_eq!(verdict, ActKind::Deny);

    // Reviewed and sent as everything else, each with the rule's reason.
    console.press("srby hand<Enter>y");
    let snapshot = emulator.snapshot();
    let request = find(&snapshot, "assignmentRequests", "id", partners[1].as_str()).unwrap();
    assert_eq!(request["state"], "denied");
    let records = console.journal();
    let intent = records
        .iter()
        .find(|r| r.kind == RecordKind::Intent && r.target == partners[1].as_str())
        .unwrap();
    assert_eq!(intent.reason.as_deref(), Some("the contract has ended"));
    let outcome = records
        .iter()
        .find(|r| r.intent == Some(intent.seq))
        .unwrap();
    assert_eq!(outcome.outcome, Some(Written::Done));
}

#[test]
fn a_mistake_in_line_seven_is_named_and_the_other_rules_work() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let file = rule("partner", "domain:fabrikam.com", "approve", "known")
        + "[[rule]]\nwhen = 'domian:gmail.com'\nname = \"mail\"\nverdict = \"deny\"\nreason = \"no\"\n"
        + &rule("forged", "domain:c0ntoso.com", "deny", "forged");
    let _dir = with_rules(&mut console, &file);
    console.press(":suggest<Enter>");
    let errors: Vec<&str> = console
        .state
        .said
        .notices
        .errors
        .iter()
        .map(|notice| notice.text.as_str())
        .collect();
    let [wrong] = errors.as_slice() else {
        panic!("{errors:?}")
    };
    assert!(
        wrong.starts_with("rules.toml, line 7, column 9: there is no column domian"),
        "{wrong}"
    );
    assert!(wrong.contains("domain"), "{wrong}");
    let expected = mine(&console, "fabrikam.com").len() + mine(&console, "c0ntoso.com").len();
    assert_eq!(console.state.basket.len(), expected);
}

#[test]
fn rules_that_contradict_stage_nothing_there() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let file = rule("partner", "domain:fabrikam.com", "approve", "known")
        + &rule("slow", "domain:fabrikam.com age>2d", "deny", "too late");
    let _dir = with_rules(&mut console, &file);
    console.press(":suggest<Enter>");
    let now = console.state.now;
    let days = jiff::SignedDuration::from_hours(48);
    let mut contradicting = 0;
    for id in mine(&console, "fabrikam.com") {
        let row = console.state.data.requests.get(&id).unwrap();
        let old = now.duration_since(row.request.created.unwrap()) > days;
        contradicting += usize::from(old);
        let staged = console.state.basket.get(&Target::Request(id)).is_some();
        assert_eq!(staged, !old, "{}", row.request.requestor.name);
    }
    assert!(contradicting > 0);
    let said = console.said();
    assert!(said.contains("contradict each other on"), "{said}");
    assert!(
        said.contains("(\"partner\" approves, \"slow\" denies)"),
        "{said}"
    );
}

#[test]
fn what_the_filter_hides_is_not_suggested() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let file = rule("all", "by:me", "approve", "fine");
    let _dir = with_rules(&mut console, &file);
    console.press("/fabrikam.com<Enter>:suggest<Enter>");
    assert_eq!(
        console.state.basket.len(),
        mine(&console, "fabrikam.com").len()
    );
}

#[test]
fn a_file_that_is_not_there_is_said_with_what_to_do() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.rules = Some("/nowhere/rules.toml".into());
    console.press(":suggest<Enter>");
    let error = &console.state.said.notices.errors[0].text;
    assert!(
        error.contains("/nowhere/rules.toml cannot be read (there is no such file)"),
        "{error}"
    );
    assert!(error.contains("guestlist config example"), "{error}");
    console.press("<Esc>2:suggest<Enter>");
    assert!(console.said().contains("rules are about requests; press 1"));
}
