//! Whole jobs by keyboard, on the emulator: the screen's state, the journal and Graph's state must agree.

mod acts;
mod bytes;
mod capabilities;
mod deciding;
mod rules;
mod sends;
mod signals;
mod signin;
mod views;

use guestlist::acts::Outcome;
use guestlist::app::dialog::Dialog;
use guestlist::app::dialog::invite::InviteSent;
use guestlist::domain::guest::GuestStanding;
use guestlist::journal::{OutcomeWord as Written, RecordKind};
use serde_json::Value;

use crate::support::console::{Console, tenant};

/// Rows of a collection of the emulator's snapshot.
fn rows<'a>(snapshot: &'a Value, collection: &str) -> &'a Vec<Value> {
    snapshot[collection]
        .as_array()
        .unwrap_or_else(|| panic!("no {collection} in the snapshot"))
}

fn find<'a>(snapshot: &'a Value, collection: &str, key: &str, value: &str) -> Option<&'a Value> {
    rows(snapshot, collection)
        .iter()
        .find(|row| row[key].as_str() == Some(value))
}

#[test]
fn the_demo_opens_with_a_queue_and_everything_around_it() {
    let emulator = tenant();
    let console = Console::open(&emulator);
    let data = &console.state.data;
    assert_eq!(data.requests.total(), 24);
    assert_eq!(
        data.requests
            .rows()
            .filter(|row| row.request.mine())
            .count(),
        16
    );
    assert_eq!((data.policies.total(), data.guests.total()), (8, 1_200));
    assert!(
        data.requests.rows().all(|row| row.stage.contains('/')),
        "every stage was read"
    );
    assert!(
        data.requests.rows().all(|row| row.policy.is_some()),
        "every request has its policy"
    );
    assert!(
        console.state.said.notices.errors.is_empty(),
        "{}",
        console.said()
    );
}

#[test]
fn triage_by_filter_takes_people_in() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let guests = console.state.data.guests.total();
    console.type_keys("/fabrikam.com<Enter>");
    let people: Vec<(String, bool)> = (0..console.state.data.requests.visible())
        .filter_map(|place| console.state.data.requests.at(place))
        .filter(|row| row.request.mine())
        .map(|row| {
            let policy = row
                .policy
                .as_ref()
                .and_then(|id| console.state.policy(id))
                .unwrap();
            (
                row.request.id.to_string(),
                row.request.current_stage().unwrap().0 == policy.stages.len(),
            )
        })
        .collect();
    assert!(people.len() > 1, "a batch, not a single call");
    console.press("*asrknown partner<Enter>y");

    let snapshot = emulator.snapshot();
    let last = people.iter().filter(|(_, last)| *last).count();
    for (id, last) in &people {
        let request = find(&snapshot, "assignmentRequests", "id", id).unwrap();
        let delivered = matches!(request["state"].as_str(), Some("delivering" | "delivered"));
        assert_eq!(delivered, *last, "{request}");
        assert_eq!(
            console
                .state
                .data
                .requests
                .rows()
                .any(|row| row.request.id.as_str() == id),
            !last
        );
    }
    assert!(
        console.state.data.guests.total() > guests,
        "{last} of them are guests now"
    );
    assert!(console.state.basket.is_empty(), "{}", console.said());

    let records = console.journal();
    for (id, _) in &people {
        let intent = records
            .iter()
            .find(|r| r.kind == RecordKind::Intent && r.target == *id)
            .unwrap();
        let outcome = records
            .iter()
            .find(|r| r.intent == Some(intent.seq))
            .unwrap();
        assert_eq!(
            (intent.act.as_str(), outcome.outcome),
            ("approve", Some(Written::Accepted))
        );
    }
    assert_eq!(console.state.data.journal.total(), people.len());
}

#[test]
fn a_second_stage_waits_for_somebody_with_a_name() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let id = console
        .state
        .data
        .requests
        .rows()
        .find(|row| row.request.mine() && row.stage == "1/2")
        .map(|row| row.request.id.clone())
        .unwrap();
    assert!(console.state.data.requests.focus(&id));
    console.press("Arfine<Enter>y");
    let row = console
        .state
        .data
        .requests
        .get(&id)
        .expect("it is still pending");
    assert_eq!(row.stage, "2/2");
    assert!(!row.request.mine());
    let deciders = row.deciders.clone();
    assert!(!deciders.is_empty());
    assert!(console.state.data.requests.focus(&id));
    console.type_keys("a");
    let said = console
        .state
        .said
        .notices
        .toast
        .as_ref()
        .unwrap()
        .text
        .clone();
    assert!(said.contains(&deciders), "{said}");
}

#[test]
fn a_denial_is_in_the_history_of_who_asks_again() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let place = (0..24).find(|place| {
        console
            .state
            .data
            .requests
            .at(*place)
            .is_some_and(|row| row.request.mine())
    });
    let id = console
        .state
        .data
        .requests
        .at(place.unwrap())
        .unwrap()
        .request
        .id
        .clone();
    console.state.data.requests.focus(&id);
    console.press("dsy");
    assert!(
        console.journal().is_empty(),
        "without a reason nothing is sent, nor begun"
    );
    console.press("rnot with a free mail address<Enter>y");
    let snapshot = emulator.snapshot();
    assert_eq!(
        find(&snapshot, "assignmentRequests", "id", id.as_str()).unwrap()["state"],
        "denied"
    );
    let past = console
        .state
        .data
        .past
        .iter()
        .find(|request| request.id == id)
        .expect("it is among the denied");
    assert!(console.state.data.requests.get(&id).is_none());
    let _ = past;
}

#[test]
fn of_two_consoles_the_second_is_told_who_was_first() {
    let emulator = tenant();
    let mut first = Console::open(&emulator);
    let id = first
        .state
        .data
        .requests
        .rows()
        .find(|row| row.request.mine() && row.deciders.contains(" or "))
        .map(|row| row.request.id.clone());
    let id = id.unwrap_or_else(|| {
        first
            .state
            .data
            .requests
            .rows()
            .find(|row| row.request.mine())
            .unwrap()
            .request
            .id
            .clone()
    });
    let mut second = Console::open(&emulator);
    for console in [&mut first, &mut second] {
        assert!(console.state.data.requests.focus(&id));
        console.type_keys("a");
    }
    first.press("srI know her<Enter>y");
    second.press("srsame here<Enter>y");
    assert!(
        second.said().contains("already approved by"),
        "{}",
        second.said()
    );
    assert!(second.state.basket.is_empty(), "nothing is left to do");
    assert!(
        second
            .journal()
            .iter()
            .all(|record| record.outcome != Some(Written::Done)),
        "nor was it sent again"
    );
}

#[test]
fn an_invitation_gives_a_link_and_a_pending_guest() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let guests = console.state.data.guests.total();
    console.press("isimone.keller@woodgrove.com<Tab>Simone Keller<Tab><Tab><Tab><Tab><Enter>");
    console.press("y");
    let Some(Dialog::Invite(invite)) = &console.state.screen.dialog else {
        panic!("the form shows the result")
    };
    let Some(InviteSent::Ended(outcome)) = &invite.sent else {
        panic!("{:?}", invite.sent)
    };
    let Outcome::Invited(invited) = outcome.as_ref() else {
        panic!("{outcome:?}")
    };
    let link = invited.redeem.reveal().to_owned();
    console.type_keys("y<Esc>");
    assert_eq!(console.copied, std::slice::from_ref(&link));
    assert_eq!(console.state.data.guests.total(), guests + 1);
    let row = console
        .state
        .guest_by_mail("simone.keller@woodgrove.com")
        .expect("she is among the guests");
    assert_eq!(row.standing, GuestStanding::Pending);
    let journal = format!("{:?}", console.journal());
    assert!(!journal.contains(&link) && journal.contains("simone.keller@woodgrove.com"));

    console.press("isimone.keller@woodgrove.com<Up><Enter>");
    let Some(Dialog::Invite(invite)) = &console.state.screen.dialog else {
        panic!("the form stays open")
    };
    let wrong = &invite.form.wrong;
    assert!(
        wrong.as_ref().unwrap().contains("nothing was sent"),
        "{wrong:?}"
    );
}

#[test]
fn an_address_is_sent_as_it_is_read_and_never_one_of_ones_own() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.press("iKeller, Simone <simone@woodgrove.com>;<Tab><Tab><Tab><Tab><Tab><Enter>");
    let Some(Dialog::Invite(invite)) = &console.state.screen.dialog else {
        panic!("it asks")
    };
    assert_eq!(
        (invite.address(), invite.name()),
        ("simone@woodgrove.com", "Keller, Simone")
    );
    console.press("y<Esc>");
    console.press("iada@contoso.com<Tab><Tab><Tab><Tab><Tab><Enter>");
    let Some(Dialog::Invite(invite)) = &console.state.screen.dialog else {
        panic!("the form stays open")
    };
    assert!(
        invite
            .form
            .wrong
            .as_ref()
            .unwrap()
            .contains("your own domain")
    );
    let invited = emulator.snapshot()["invitations"].clone();
    assert_eq!(invited.as_array().unwrap().len(), 1);
    assert_eq!(
        invited[0]["invitedUserEmailAddress"],
        "simone@woodgrove.com"
    );
}

#[test]
fn one_guest_is_blocked_and_another_deleted() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.type_keys("3/pending<Enter>");
    assert!(console.state.data.guests.visible() > 2);
    let ids: Vec<_> = (0..2)
        .map(|place| {
            console
                .state
                .data
                .guests
                .at(place)
                .unwrap()
                .guest
                .id
                .to_string()
        })
        .collect();
    console.press("gxbxdsRnever came<Enter>2y");
    let snapshot = emulator.snapshot();
    assert_eq!(
        find(&snapshot, "users", "id", &ids[0]).unwrap()["accountEnabled"],
        false
    );
    assert!(find(&snapshot, "users", "id", &ids[1]).is_none(), "deleted");
    assert!(
        find(&snapshot, "deletedUsers", "id", &ids[1]).is_some(),
        "and restorable"
    );
    let acts: Vec<_> = console
        .journal()
        .iter()
        .filter(|r| r.kind == RecordKind::Intent)
        .map(|r| r.act.clone())
        .collect();
    // A block ends the sessions too, as a step of its own.
    assert_eq!(acts.len(), 3);
    for act in ["block", "end-sessions", "delete"] {
        assert!(acts.contains(&act.to_owned()), "{acts:?}");
    }
}

#[test]
fn a_new_sign_up_comes_in_without_moving_the_cursor() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.type_keys("jjjj");
    let focused = console
        .state
        .data
        .requests
        .focused()
        .unwrap()
        .request
        .id
        .clone();
    emulator.arrive();
    console.press("R");
    assert_eq!(console.state.data.requests.total(), 25);
    assert_eq!(
        console.state.data.requests.focused().unwrap().request.id,
        focused
    );
}
