//! Whatever is on its way, by keyboard: what is half done is gone on with, what may have happened is not sent again
//! unasked, and nobody leaves by mistake meanwhile.

use guestlist::acts::Ended;
use guestlist::app::dialog::Dialog;
use guestlist::emulator::Emulator;
use guestlist::emulator::faults::{FaultEffect, FaultRule};

use super::find;
use crate::support::console::{Console, tenant};

/// A console with the cursor on a guest who can sign in, and that guest's id.
fn on_a_guest(emulator: &Emulator) -> (Console, String) {
    let mut console = Console::open(emulator);
    console.type_keys("3/state:active<Enter>g");
    let row = console.state.data.guests.focused();
    let id = row.expect("a guest").guest.id.to_string();
    (console, id)
}

fn enabled(emulator: &Emulator, id: &str) -> bool {
    find(&emulator.snapshot(), "users", "id", id).unwrap()["accountEnabled"] == true
}

fn refused() -> FaultEffect {
    FaultEffect::Fail {
        status: 500,
        after: false,
        retry_after: None,
    }
}

#[test]
fn what_is_half_done_is_said_and_gone_on_with_in_the_same_session() {
    let tenant = tenant();
    let (mut console, id) = on_a_guest(&tenant);
    let sessions = "*/revokeSignInSessions";
    tenant.inject(FaultRule::new(refused()).on("POST", sessions).times(2));
    console.press("xbsrleft<Enter>y");
    assert!(!enabled(&tenant, &id), "blocked all the same");
    let said = console.said();
    assert!(said.contains("0 of 1 done, 1 half done"), "{said}");
    let errors = &console.state.said.notices.errors;
    assert!(errors[0].text.contains(":resume"), "{errors:?}");
    console.type_keys("<Esc>:resume<Enter>");
    let Some(Dialog::Confirm(confirm)) = &console.state.screen.dialog else {
        panic!("{}", console.said())
    };
    assert!(confirm.items[0].words.contains("end the sessions"));
    console.press("y");
    let last = console.state.sends.newest().unwrap();
    assert_eq!(last.count(Ended::Done), 1, "{}", last.text());
    console.type_keys(":resume<Enter>");
    assert!(console.said().contains("nothing is half done"));
}

#[test]
fn a_blocked_guest_is_offered_to_be_unblocked_and_asked_about() {
    let tenant = tenant();
    let (mut console, id) = on_a_guest(&tenant);
    console.type_keys("x");
    let offered = |console: &Console| -> Vec<char> {
        match &console.state.screen.dialog {
            Some(Dialog::Menu(menu)) => menu.choices.iter().map(|choice| choice.key).collect(),
            _ => Vec::new(),
        }
    };
    assert_eq!(offered(&console), ['b', 'd']);
    console.press("bsrleft<Enter>y");
    assert!(!enabled(&tenant, &id));
    console.type_keys("<Esc>/state:blocked<Enter>");
    let place = |console: &Console| {
        let guests = &console.state.data.guests;
        (0..guests.visible()).find(|at| guests.at(*at).unwrap().guest.id.as_str() == id)
    };
    let at = place(&console).expect("it is shown as blocked at once");
    console.type_keys(&format!("g{}x", "j".repeat(at)));
    assert_eq!(offered(&console), ['u', 'd']);
    console.type_keys("u");
    assert!(matches!(
        &console.state.screen.dialog,
        Some(Dialog::Confirm(_))
    ));
    assert!(!enabled(&tenant, &id), "not before a yes");
    console.press("y");
    assert!(enabled(&tenant, &id));
    assert!(console.said().contains(": unblocked"), "{}", console.said());
}

#[test]
fn nobody_leaves_unasked_while_something_is_on_its_way_and_its_end_is_listed() {
    let tenant = tenant();
    let mut console = Console::open(&tenant);
    console.type_keys(":cancel<Enter>yq");
    assert!(matches!(
        &console.state.screen.dialog,
        Some(Dialog::Quit(_))
    ));
    assert!(!console.state.over);
    console.press("<Esc>");
    console.type_keys("L");
    assert!(matches!(
        &console.state.screen.dialog,
        Some(Dialog::Results(_))
    ));
    let last = console.state.sends.newest().unwrap();
    assert_eq!(last.summary(), "1 done");
    console.type_keys("<Esc>q");
    assert!(
        console.state.over,
        "nothing is on its way, and it asks nothing"
    );
}

#[test]
fn what_may_have_happened_is_sent_again_only_by_its_word() {
    let tenant = tenant();
    let mut console = Console::open(&tenant);
    let lost = FaultEffect::Drop { after: false };
    tenant.inject(FaultRule::new(lost).on("POST", "*/invitations").times(1));
    let invited = || tenant.snapshot()["invitations"].as_array().unwrap().len();
    // The form is filled in, looked up and sent; the field before the button is left with Tab.
    let form = "inew.person@fabrikam.com<Tab><Tab><Tab><Tab><Tab><Enter>";
    console.press(form);
    console.press("y");
    assert_eq!(invited(), 0);
    console.press("<Enter>");
    console.press(form);
    console.press("y");
    assert_eq!(invited(), 0, "an open one stands in the way");
    console.press("<Enter>");
    console.press(":send-again<Enter>y");
    assert_eq!(invited(), 0, "not without its number");
    console.press("1y");
    assert_eq!(invited(), 1, "{}", console.said());
}
