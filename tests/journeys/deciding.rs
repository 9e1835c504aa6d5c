//! Staging, reviewing and sending in bulk: baskets that outlive their console, sends that are stopped, two
//! administrators at once.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use guestlist::acts::{ActKind, Ended, Target};
use guestlist::app::dialog::Dialog;
use guestlist::app::state::State;
use guestlist::domain::id::RequestId;
use guestlist::emulator::faults::{FaultEffect as Effect, FaultRule as Rule, RetryAfter};
use guestlist::emulator::{Config, Emulator};
use guestlist::journal::RecordKind;

use super::{find, rows};
use crate::support::console::{Console, Tenant, tenant_with};

fn crowd(requests: usize) -> Tenant {
    tenant_with(Config {
        requests,
        guests: 30,
        ..Config::default()
    })
}

/// A console of the other gatekeeper.
fn miriam(emulator: &Emulator) -> Console {
    Console::open_as(emulator, &emulator.token_for("miriam@contoso.com").unwrap())
}

/// What waits for whoever is signed in, in the order of the list.
fn mine(state: &State) -> Vec<RequestId> {
    (0..state.data.requests.visible())
        .filter_map(|place| state.data.requests.at(place))
        .filter(|row| row.request.mine())
        .map(|row| row.request.id.clone())
        .collect()
}

/// What both may decide.
fn shared(first: &Console, second: &Console) -> Vec<RequestId> {
    let theirs: HashSet<RequestId> = mine(&second.state).into_iter().collect();
    let mut shared = mine(&first.state);
    shared.retain(|id| theirs.contains(id));
    shared
}

/// Presses keys on each of these rows.
fn on_each(console: &mut Console, ids: &[RequestId], keys: &str) {
    for id in ids {
        assert!(console.state.data.requests.focus(id));
        console.type_keys(keys);
    }
}

fn basket_files(console: &Console) -> Vec<PathBuf> {
    let files = std::fs::read_dir(console.folder()).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect()
}

#[test]
fn a_killed_console_offers_what_was_staged_and_says_what_was_decided_elsewhere() {
    let tenant = crowd(80);
    let mut console = Console::open(&tenant);
    let mut other = miriam(&tenant);
    let both = shared(&console, &other);
    let (common, mut staged) = (both[..3].to_vec(), both[..3].to_vec());
    let others = mine(&console.state);
    staged.extend(
        others
            .into_iter()
            .filter(|id| !common.contains(id))
            .take(12),
    );
    on_each(&mut console, &staged[..10], "a");
    on_each(&mut console, &staged[10..], "d");
    // A reason of its own, one for all, and a row left out.
    assert!(console.state.data.requests.focus(&staged[4]));
    console.press("wcall {name} first<Enter>sRseen<Enter>");
    let Some(Dialog::Review(review)) = &console.state.screen.dialog else {
        panic!("the review is open")
    };
    let (_, left_out) = review.row(&console.state).unwrap();
    console.press("<Space><Esc>");
    assert!(console.state.basket.get(&left_out).unwrap().left_out);

    let file = basket_files(&console).pop().expect("it is on the disk");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    for id in &staged {
        let row = console.state.data.requests.get(id).unwrap();
        let person = &row.request.requestor;
        assert!(text.contains(id.as_str()));
        assert!(!text.contains(person.name.as_str()), "no name rests there");
        assert!(!text.contains(person.mail.as_str()), "nor an address");
    }

    let mut console = {
        on_each(&mut other, &common, "a");
        other.press("srfine<Enter>y");
        tenant.advance(std::time::Duration::from_secs(60));
        console.killed_and_opened_again(&tenant)
    };
    assert!(
        console.state.screen.dialog.is_none(),
        "nothing opens by itself"
    );
    assert!(console.state.basket.is_empty());
    let offer = console.state.keeping.offer.as_ref().expect("it is offered");
    assert_eq!(offer.decisions.len(), 15);
    console.press("by");
    let said = console.said();
    assert!(
        said.contains("3 of 15 were decided elsewhere meanwhile: ")
            && said.contains("(already approved by Miriam Graham at ")
            && said.contains("12 are staged again"),
        "{said}"
    );
    for id in &common {
        assert!(
            !said.contains(id.as_str()),
            "people are named, not numbers: {said}"
        );
    }
    assert_eq!(console.state.basket.len(), 12);
    for kind in [ActKind::Approve, ActKind::Deny] {
        assert_eq!(console.state.basket.reason(kind), "seen");
    }
    for (target, decision) in console.state.basket.iter() {
        assert!(!decision.name.is_empty(), "{target:?} has its name again");
        let own = *target == Target::Request(staged[4].clone());
        assert_eq!(decision.reason.is_some(), own);
        assert_eq!(
            decision.left_out,
            *target == left_out && !common.contains(&request(target))
        );
    }

    // What was sent is forgotten, what was left out is kept until it is discarded.
    let sendable = console.state.basket.sendable().count();
    console.press("sy");
    assert_eq!(
        console.state.basket.len(),
        12 - sendable,
        "{}",
        console.said()
    );
    console.press("qd");
    assert!(console.state.over);
    assert!(
        basket_files(&console).is_empty(),
        "an empty basket leaves no file"
    );
}

fn request(target: &Target) -> RequestId {
    match target {
        Target::Request(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_second_console_of_the_same_person_leaves_the_firsts_basket_alone() {
    let tenant = crowd(24);
    let mut first = Console::open(&tenant);
    first.press("ja");
    let kept = basket_files(&first).pop().unwrap();
    let before = std::fs::read(&kept).unwrap();
    let mut second = Console::open_beside(&tenant, &first);
    assert!(
        second
            .said()
            .contains("Another console of yours has the basket in hand")
    );
    assert!(second.state.keeping.offer.is_none());
    second.press("jja");
    assert_eq!(std::fs::read(&kept).unwrap(), before);
    second.press("qy");
    assert!(
        !second.state.over,
        "it cannot keep them, so y does not leave"
    );
    second.press("d");
    assert!(second.state.over);
    assert_eq!(std::fs::read(&kept).unwrap(), before);
}

#[test]
fn a_send_is_stopped_while_graph_lets_it_wait_and_goes_on_later() {
    let tenant = crowd(200);
    let mut console = Console::open(&tenant);
    // From the third batch of verdicts on Graph asks for a pause each time.
    tenant.inject(Rule {
        method: Some("PATCH".into()),
        path: "*/stages/*".into(),
        items: Some(true),
        nth: 41,
        count: None,
        seconds: None,
        effect: Effect::Throttle {
            retry_after: Some(RetryAfter::Seconds(2.0)),
        },
    });
    console.type_keys("*a");
    let staged = console.state.basket.len();
    assert!(staged > 80, "{staged}");
    console.type_keys(&format!("srpartners of {{domain}}<Enter>{staged}y"));
    console.until(|state| {
        state.said.waiting.is_some()
            && state.sends.from_basket().unwrap().count(Ended::UnderWay) >= 40
    });
    let (_, why) = console.state.said.waiting.clone().unwrap();
    assert!(why.contains("wait"), "{why}");
    console.press("C");

    let done = tenant.snapshot();
    let approved = |snapshot: &serde_json::Value| {
        rows(snapshot, "assignmentRequests")
            .iter()
            .flat_map(|request| request["stages"].as_array().unwrap().clone())
            .filter(|stage| {
                let why = stage["justification"].as_str().unwrap_or_default();
                why.starts_with("partners of ") && !why.contains('{')
            })
            .count()
    };
    assert_eq!(approved(&done), 40, "what was sent is settled");
    assert_eq!(console.state.basket.len(), staged - 40);
    assert!(
        console
            .state
            .basket
            .iter()
            .all(|(_, d)| d.failed.is_none() && !d.sending),
        "the rest stays staged, and nothing is wrong with it"
    );
    let said = console.said();
    assert!(
        said.contains(&format!(
            "40 of {staged} approved; followed to their end, {} not sent",
            staged - 40
        )),
        "{said}"
    );
    let results = console.state.sends.newest().unwrap();
    assert_eq!(results.settled(), 40);
    assert_eq!(results.count(Ended::NotSent), staged - 40);

    tenant.heal();
    console.press(&format!("s{}y", staged - 40));
    assert!(console.state.basket.is_empty(), "{}", console.said());
    assert_eq!(approved(&tenant.snapshot()), staged);
}

#[test]
fn of_two_at_once_each_row_has_one_outcome_and_both_see_it() {
    let tenant = crowd(160);
    let mut adele = Console::open(&tenant);
    let mut miriam = miriam(&tenant);
    let rows = shared(&adele, &miriam);
    assert!(rows.len() >= 20, "{}", rows.len());
    let rows = &rows[..20];
    on_each(&mut adele, rows, "a");
    on_each(&mut miriam, rows, "d");
    adele.type_keys("srknown<Enter>");
    miriam.type_keys("srunknown<Enter>");
    // Both send before either has heard anything.
    adele.type_keys("y");
    miriam.type_keys("y");
    adele.settle();
    miriam.settle();

    let snapshot = tenant.snapshot();
    let (mut by_adele, mut by_miriam) = (0, 0);
    for id in rows {
        let of = |console: &Console| {
            let results = console.state.sends.newest().unwrap();
            let row = results.rows.iter().find(|row| request(&row.target) == *id);
            row.unwrap().clone()
        };
        let (first, second) = (of(&adele), of(&miriam));
        let request = find(&snapshot, "assignmentRequests", "id", id.as_str()).unwrap();
        let result = request["stages"][0]["reviewResult"].as_str().unwrap();
        match result {
            "Approved" => {
                by_adele += 1;
                assert_eq!((first.ended, second.ended), (Ended::Done, Ended::Elsewhere));
                assert!(
                    second.words.contains("already approved by Adele"),
                    "{second:?}"
                );
            }
            "Denied" => {
                by_miriam += 1;
                assert_eq!((first.ended, second.ended), (Ended::Elsewhere, Ended::Done));
                assert!(
                    first.words.contains("already denied by Miriam"),
                    "{first:?}"
                );
            }
            other => panic!("{id}: {other}"),
        }
    }
    assert_eq!(by_adele + by_miriam, 20);
    for console in [&adele, &miriam] {
        assert!(console.state.basket.is_empty(), "{}", console.said());
        for id in rows {
            assert!(
                console
                    .state
                    .data
                    .requests
                    .get(id)
                    .is_none_or(|row| !row.request.mine())
            );
        }
    }
}

#[test]
fn reasons_are_given_in_bulk_and_again() {
    let tenant = crowd(120);
    let mut console = Console::open(&tenant);
    // Somebody whose domain has more than one request for me.
    let domain =
        |state: &State, id: &RequestId| state.data.requests.get(id).unwrap().domain.clone();
    let ids = mine(&console.state);
    let alike = |id: &&RequestId| {
        let same = |other: &&RequestId| domain(&console.state, other) == domain(&console.state, id);
        ids.iter().filter(same).count() > 2
    };
    let one = ids.iter().find(alike).unwrap().clone();
    let from = domain(&console.state, &one);
    let all: Vec<&RequestId> = ids
        .iter()
        .filter(|id| domain(&console.state, id) == from)
        .collect();
    assert!(console.state.data.requests.focus(&one));
    console.type_keys("@d");
    assert_eq!(console.state.basket.len(), all.len());
    // Their reason, and the same answer for somebody else.
    assert!(console.state.data.requests.focus(&one));
    console.type_keys("@wno longer with {domain}<Enter>");
    let next = ids
        .iter()
        .find(|id| domain(&console.state, id) != from)
        .unwrap();
    console.type_keys("<Esc>");
    assert!(console.state.data.requests.focus(next));
    console.type_keys("=");
    console.press("sy");
    let snapshot = tenant.snapshot();
    for id in all.into_iter().chain([next]) {
        let request = find(&snapshot, "assignmentRequests", "id", id.as_str()).unwrap();
        let stages = request["stages"].as_array().unwrap();
        let stage = stages
            .iter()
            .find(|stage| stage["reviewResult"] == "Denied")
            .unwrap();
        let mail = request["requestor"]["email"].as_str().unwrap_or_default();
        let (_, domain) = mail.split_once('@').unwrap_or_default();
        assert_eq!(stage["justification"], format!("no longer with {domain}"));
    }
    let intents = console.journal();
    assert!(
        intents
            .iter()
            .filter(|record| record.kind == RecordKind::Intent)
            .all(|record| record.reason.as_ref().is_some_and(|why| !why.contains('{')))
    );

    console.press("Lyct");
    assert!(console.copied.last().unwrap().contains("done"));
    let exports = console.folder().join("exports");
    let mut saved: Vec<_> = std::fs::read_dir(exports)
        .unwrap()
        .map(|file| file.unwrap())
        .collect();
    saved.sort_by_key(std::fs::DirEntry::file_name);
    assert_eq!(saved.len(), 2, "{}", console.said());
    for file in &saved {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let csv = std::fs::read_to_string(saved[0].path()).unwrap();
    assert!(
        csv.starts_with("act,name,mail,package,id,ended,how,reason,time\r\ndeny,"),
        "{csv}"
    );
}

#[test]
fn a_review_reads_staged_rows_again_and_says_what_will_not_be_possible() {
    let tenant = crowd(80);
    let mut console = Console::open(&tenant);
    let mut other = miriam(&tenant);
    let both = shared(&console, &other);
    on_each(&mut console, &both[..2], "a");
    on_each(&mut other, &both[..1], "d");
    other.press("srnot ours<Enter>y");
    console.pass(&tenant, 11);
    console.press("s");
    let decision = |id: &RequestId| {
        let decision = console.state.basket.get(&Target::Request(id.clone()));
        decision.unwrap().barred.clone()
    };
    let barred = decision(&both[0]).expect("it says why");
    assert!(
        barred.contains("already denied by Miriam Graham"),
        "{barred}"
    );
    assert_eq!(decision(&both[1]), None);
    console.press("y");
    let results = console.state.sends.newest().unwrap();
    assert_eq!(
        (results.count(Ended::Done), results.count(Ended::Elsewhere)),
        (1, 1)
    );
}

#[test]
fn a_kept_basket_that_cannot_be_read_is_set_aside_and_one_others_can_read_is_refused() {
    let tenant = crowd(24);
    let mut console = Console::open(&tenant);
    console.press("a");
    let file = basket_files(&console).pop().unwrap();
    std::fs::write(&file, b"{\"form\":1,").unwrap();
    let mut console = console.killed_and_opened_again(&tenant);
    assert!(console.state.keeping.offer.is_none());
    assert!(
        console.said().contains("cannot be read; it is at "),
        "{}",
        console.said()
    );
    console.press("a");
    assert_eq!(
        basket_files(&console),
        std::slice::from_ref(&file),
        "a new one is kept"
    );

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let console = console.killed_and_opened_again(&tenant);
    let said = console.said();
    assert!(console.state.keeping.offer.is_none());
    assert!(
        said.contains("can be reached by others") && said.contains("chmod 600"),
        "{said}"
    );
}
