//! What is done with requests besides deciding them, by keyboard: the screen, the journal and the tenant agree.

use guestlist::acts::Target;
use guestlist::app::dialog::Dialog;
use guestlist::app::dialog::form::FormStep;
use guestlist::domain::id::RequestId;
use guestlist::journal::{OutcomeWord as Written, RecordKind};
use guestlist::terminal::Frames;
use guestlist::ui::{self, Theme};

use super::{find, rows};
use crate::support::console::{Console, tenant};

/// Each act in the journal, with how it ended.
fn journalled(console: &Console) -> Vec<(String, Option<Written>)> {
    let records = console.journal();
    let intents = records.iter().filter(|r| r.kind == RecordKind::Intent);
    intents
        .map(|intent| {
            let outcome = records.iter().rfind(|r| r.intent == Some(intent.seq));
            (intent.act.clone(), outcome.and_then(|r| r.outcome))
        })
        .collect()
}

/// What the screen shows.
fn screen(console: &Console) -> String {
    let (width, height) = console.state.screen.size;
    let mut frames = Frames::new(width, height);
    frames.draw(|area, buffer| ui::draw(&console.state, &Theme::mono(), area, buffer));
    let picture = frames.picture();
    let lines = (0..height).map(|y| {
        let cells = (0..width).map(|x| picture[(x, y)].symbol());
        cells.collect::<String>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn focused(console: &Console) -> RequestId {
    let row = console.state.data.requests.focused();
    row.expect("a request under the cursor").request.id.clone()
}

#[test]
fn a_request_is_cancelled_only_with_a_yes() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let id = focused(&console);
    let total = console.state.data.requests.total();
    // Staged as well: whoever cancels it does not decide it any more.
    console.type_keys("ak:cancel<Enter>");
    assert!(
        matches!(&console.state.screen.dialog, Some(Dialog::Confirm(confirm)) if confirm.items[0].target() == Some(Target::Request(id.clone())))
    );
    let shown = screen(&console);
    assert!(shown.contains("Cancel 1 request?"), "{shown}");
    assert!(shown.contains("Enter Leave"), "{shown}");
    console.press("<Enter>");
    assert!(console.state.screen.dialog.is_none() && console.journal().is_empty());

    console.press(":cancel<Enter>y");
    let snapshot = emulator.snapshot();
    let request = find(&snapshot, "assignmentRequests", "id", id.as_str()).unwrap();
    assert_eq!(request["state"], "canceled");
    assert_eq!(console.state.data.requests.total(), total - 1);
    assert!(console.state.basket.is_empty(), "nothing is left to decide");
    assert_eq!(
        journalled(&console),
        [("cancel".to_owned(), Some(Written::Done))]
    );
    assert!(
        screen(&console).contains(": cancelled"),
        "{}",
        console.said()
    );
}

#[test]
fn many_are_cancelled_with_their_number_typed() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.type_keys("*:cancel<Enter>y");
    let Some(Dialog::Confirm(confirm)) = &console.state.screen.dialog else {
        panic!("without the number it stays open")
    };
    assert!(confirm.wrong.as_ref().unwrap().contains("24"));
    console.press("24y");
    let snapshot = emulator.snapshot();
    let waits = rows(&snapshot, "assignmentRequests")
        .iter()
        .filter(|one| one["state"] == "pendingApproval")
        .count();
    assert_eq!(waits, 0);
    assert_eq!(journalled(&console).len(), 24);
    assert!(
        console.said().contains("24 of 24 cancelled"),
        "{}",
        console.said()
    );
}

#[test]
fn what_was_decided_meanwhile_is_said_and_not_cancelled() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.type_keys("/northwindtraders<Enter>:cancel<Enter>");
    let id = focused(&console);
    let mut other = Console::open(&emulator);
    assert!(other.state.data.requests.focus(&id));
    other.press("asrknown<Enter>y");
    console.press("y");
    assert!(
        console
            .said()
            .contains("was not cancelled: It cannot be cancelled"),
        "{}",
        console.said()
    );
    assert!(journalled(&console).is_empty(), "nothing was sent");
    assert!(
        console.state.data.requests.get(&id).is_none(),
        "and it was read again"
    );
}

#[test]
fn the_second_to_cancel_is_told_that_it_is_so_already() {
    let emulator = tenant();
    let mut first = Console::open(&emulator);
    let mut second = Console::open(&emulator);
    let id = focused(&first);
    assert!(second.state.data.requests.focus(&id));
    for console in [&mut first, &mut second] {
        console.press(":cancel<Enter>y");
    }
    assert_eq!(journalled(&first).len(), 1);
    assert!(journalled(&second).is_empty(), "nothing was sent");
    let toast = &second.state.said.notices.toast.as_ref().unwrap().text;
    assert!(toast.ends_with(": was cancelled already"), "{toast}");
    assert!(second.state.said.notices.errors.is_empty());
    assert!(second.state.data.requests.get(&id).is_none());
}

#[test]
fn a_package_is_assigned_past_approval_with_the_word_typed() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let mail = console
        .state
        .data
        .requests
        .focused()
        .unwrap()
        .request
        .requestor
        .mail
        .to_string();
    console.press(":assign<Enter>");
    let shown = screen(&console);
    assert!(
        shown.contains(&mail),
        "whoever is under the cursor: {shown}"
    );
    assert!(
        shown.contains("its approvers may still be asked"),
        "{shown}"
    );
    // Another person, another policy.
    console.press("<S-Tab><C-u>zoe@proseware.com<Tab>partner<Tab>urgent<Tab><Enter>");
    let Some(Dialog::Assign(assign)) = &console.state.screen.dialog else {
        panic!("it asks for the word")
    };
    assert_eq!(assign.form.step, FormStep::Asking(None));
    let chosen = assign.chosen().unwrap().clone();
    assert!(
        chosen.words.to_lowercase().contains("partner"),
        "{chosen:?}"
    );
    let shown = screen(&console);
    assert!(shown.contains("is not in yet"), "{shown}");
    assert!(shown.contains("Type assign to do it"), "{shown}");

    // Any other word, and a paste of the right one, does nothing.
    console.press("yes<Enter>");
    console.happens(guestlist::app::What::Paste("assign".into()));
    assert!(
        matches!(&console.state.screen.dialog, Some(Dialog::Assign(form)) if form.word.value().is_empty())
    );
    assert!(console.journal().is_empty());
    let guests = console.state.data.guests.total();
    console.press("assign<Enter>");

    let snapshot = emulator.snapshot();
    let made = rows(&snapshot, "assignmentRequests")
        .iter()
        .find(|one| {
            one["requestType"] == "adminAdd" && one["requestor"]["email"] == "zoe@proseware.com"
        })
        .expect("it was made");
    assert_eq!(made["assignmentPolicyId"], chosen.policy.as_str());
    assert_eq!(made["justification"], "urgent");
    assert!(made["stages"].as_array().unwrap().is_empty());
    assert_eq!(console.state.data.guests.total(), guests + 1);
    let records = console.journal();
    assert!(records[0].target_name.contains("zoe@proseware.com · "));
    assert_eq!(
        journalled(&console),
        [("assign".to_owned(), Some(Written::Done))]
    );
    assert!(console.said().contains(": delivered"), "{}", console.said());
}

#[test]
fn who_can_decide_is_nudged_with_a_copied_text() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    let (id, deciders) = console
        .state
        .data
        .requests
        .rows()
        .find(|row| !row.request.mine() && !row.deciders.is_empty())
        .map(|row| (row.request.id.clone(), row.deciders.clone()))
        .unwrap();
    console.state.data.requests.focus(&id);
    console.type_keys(":nudge<Enter>");
    let shown = screen(&console);
    assert!(shown.contains(&format!("Nudge {deciders}")), "{shown}");
    console.press("t");
    console.press(":nudge<Enter>m");
    let [text, line] = console.copied.as_slice() else {
        panic!("{:?}", console.copied)
    };
    let name = console.state.data.requests.get(&id).unwrap();
    let name = name.request.requestor.name.to_string();
    assert!(text.contains(&deciders) && text.contains(&name), "{text}");
    assert!(line.starts_with("mailto:?subject="), "{line}");
    assert!(console.journal().is_empty());

    // What waits for oneself needs no nudge.
    let mine = console.state.data.requests.rows();
    let mine = mine
        .filter(|row| row.request.mine())
        .map(|row| row.request.id.clone());
    let mine: Vec<_> = mine.collect();
    console.state.data.requests.focus(&mine[0]);
    console.type_keys(":nudge<Enter>");
    assert!(console.state.screen.dialog.is_none());
    assert!(
        console
            .said()
            .contains("it waits for you; a approves and d denies")
    );
}

#[test]
fn what_cannot_be_done_says_why() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    for (command, why) in [
        (
            "reprocess",
            "only a delivery that failed can be tried again",
        ),
        ("remove", "only what has ended can be removed"),
    ] {
        console.type_keys(&format!(":{command}<Enter>"));
        assert!(console.state.screen.dialog.is_none(), "{command}");
        let said = &console.state.said.notices.toast.as_ref().unwrap().text;
        assert!(said.contains(why), "{said}");
    }
    console.type_keys("4:cancel<Enter>");
    assert!(console.said().contains("that is done on requests; press 1"));
    console.state.setup.read_only = true;
    for command in ["cancel", "reprocess", "remove", "assign"] {
        console.type_keys(&format!("1:{command}<Enter>"));
        let said = &console.state.said.notices.toast.as_ref().unwrap().text;
        assert!(said.contains("read-only"), "{command}: {said}");
    }
}

/// The request in view whose requestor's address holds this.
fn focus_on(console: &mut Console, mail: &str) -> RequestId {
    let requests = &mut console.state.data.requests;
    let rows = (0..requests.visible()).filter_map(|place| requests.at(place));
    let id = rows
        .map(|row| &row.request)
        .find(|request| request.requestor.mail.contains(mail))
        .unwrap_or_else(|| panic!("nobody with {mail} in view"))
        .id
        .clone();
    assert!(requests.focus(&id));
    id
}

#[test]
fn a_failed_delivery_is_tried_again_until_graph_does_not_allow_it() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.press(":view failed<Enter>");
    let late = focus_on(&mut console, "joaquim");
    console.type_keys(":reprocess<Enter>");
    assert!(console.state.screen.dialog.is_none());
    assert!(
        console
            .said()
            .contains("Graph allows it for 14 days after the delivery failed"),
        "{}",
        console.said()
    );
    let id = focus_on(&mut console, "ewa.nowak");
    let shown = screen(&console);
    assert!(shown.contains("reprocess until"), "Detail says it: {shown}");
    // All are marked: what cannot be is left out, and said.
    console.type_keys("*:reprocess<Enter>");
    let shown = screen(&console);
    assert!(shown.contains("possible until"), "{shown}");
    assert!(shown.contains("Left out: 1"), "{shown}");
    console.press("y");
    let snapshot = emulator.snapshot();
    let state = |id: &RequestId| {
        let one = find(&snapshot, "assignmentRequests", "id", id.as_str()).unwrap();
        one["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&id), "delivered");
    assert_eq!(state(&late), "partiallyDelivered");
    // Each is followed to its end: of a blocked account that is why nothing came.
    let told = journalled(&console);
    let ends = [Some(Written::Done), Some(Written::Failed)];
    assert_eq!(told.iter().map(|one| one.1).collect::<Vec<_>>(), ends);
    let said = console.said();
    assert!(
        said.contains("the account is blocked from signing in"),
        "{said}"
    );
    assert!(said.contains("1 done, 1 not delivered"), "{said}");
    let left = (0..console.state.data.requests.visible())
        .filter_map(|place| console.state.data.requests.at(place));
    assert!(
        left.map(|row| &row.request.id).all(|one| *one != id),
        "it is delivered now, and out of this view"
    );
}

#[test]
fn the_record_of_what_was_denied_is_removed_with_the_number_typed() {
    let emulator = tenant();
    let mut console = Console::open(&emulator);
    console.press(":view all<Enter>");
    console.press("/state:denied<Enter>");
    let id = focused(&console);
    console.type_keys(":remove<Enter>y");
    let shown = screen(&console);
    assert!(shown.contains("cannot be brought back"), "{shown}");
    assert!(shown.contains("type the number 1 first"), "{shown}");
    console.press("1y");
    let snapshot = emulator.snapshot();
    assert!(find(&snapshot, "assignmentRequests", "id", id.as_str()).is_none());
    assert!(console.state.data.requests.get(&id).is_none());
    assert_eq!(
        journalled(&console),
        [("remove".to_owned(), Some(Written::Done))]
    );
}
