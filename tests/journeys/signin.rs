//! Signing in inside the console: at its start, in the middle of a send, over whatever is open.

use std::collections::HashSet;
use std::time::Duration;

use guestlist::acts::Ended;
use guestlist::app::dialog::Dialog;
use guestlist::app::dialog::signin::Phase;
use guestlist::app::signin::Standing;
use guestlist::app::state::State;
use guestlist::emulator::LoginConfig;
use guestlist::journal::{OutcomeWord as Written, RecordKind};
use guestlist::signin::{SignInStep, Way};
use serde_json::Value;

use crate::support::console::{Console, Tenant, tenant_to_sign_in_to};

const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

fn needed(state: &State) -> bool {
    matches!(state.sign_in.standing, Standing::Needed { .. })
}

fn code(state: &State) -> Option<String> {
    let dialog = state.sign_in.dialog.as_ref()?;
    match &dialog.phase {
        Phase::Showing(step) => match &**step {
            SignInStep::DeviceCode { code, .. } => Some(code.reveal().to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// With the dialog open: takes a device code and types it in.
fn by_device_code(console: &mut Console, tenant: &Tenant) {
    console.type_keys("d");
    console.until(|state| code(state).is_some());
    let shown = code(&console.state).unwrap();
    assert!(tenant.entra().unwrap().approve(Some(&shown)));
    console.until(|state| state.sign_in.standing == Standing::Fine);
}

/// A console somebody has signed in to by device code, with everything read.
fn signed_in(tenant: &Tenant) -> Console {
    let mut console = Console::unsigned(tenant, Way::Browser, (120, 40));
    console.until(needed);
    assert!(
        console.state.sign_in.dialog.is_none(),
        "nothing opens by itself"
    );
    console.type_keys("S");
    by_device_code(&mut console, tenant);
    console.settle();
    console
}

fn short_lived(requests: usize) -> Tenant {
    tenant_to_sign_in_to(
        requests,
        LoginConfig {
            token_life: Duration::from_secs(60),
            ..LoginConfig::default()
        },
    )
}

/// The decisions Graph took, and that none was made twice.
fn decided(tenant: &Tenant) -> usize {
    let mut decided = HashSet::new();
    for line in tenant.record().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["method"] == "PATCH" && line["status"] == 204 {
            let path = line["path"].as_str().unwrap().to_owned();
            assert!(decided.insert(path), "twice: {line}");
        }
    }
    decided.len()
}

fn written(console: &Console) -> (usize, usize) {
    let records = console.journal();
    let intents: HashSet<_> = records
        .iter()
        .filter(|record| record.kind == RecordKind::Intent)
        .map(|record| record.target.clone())
        .collect();
    let done = records
        .iter()
        // What became of what Graph took is another record.
        .filter(|record| record.outcome == Some(Written::Accepted));
    (intents.len(), done.count())
}

#[test]
fn somebody_signs_in_at_the_first_start_and_everything_is_read() {
    let tenant = tenant_to_sign_in_to(24, LoginConfig::default());
    let console = signed_in(&tenant);
    assert_eq!(console.state.data.requests.total(), 24);
    assert_eq!(console.state.data.guests.total(), 30);
    let said = console.said();
    assert!(said.contains("Signed in as adele@contoso.com; "), "{said}");
    assert!(said.contains(" jobs go on"), "{said}");
    assert!(console.state.said.notices.errors.is_empty(), "{said}");
    assert!(console.state.sign_in.dialog.is_none());
}

#[test]
fn tokens_that_end_during_a_send_are_renewed_and_each_decision_is_made_once() {
    let tenant = short_lived(70);
    let mut console = signed_in(&tenant);
    console.type_keys("*a");
    let staged = console.state.basket.len();
    assert!(staged > 40, "three batches at least: {staged}");
    // The token has ended when the first goes out, and ends again on the way.
    console.pass(&tenant, 61);
    console.type_keys(&format!("srfine<Enter>{staged}y"));
    for settled in [1, 25] {
        console.until(|state| {
            let sending = state.sends.from_basket();
            sending.is_none_or(|send| send.settled() >= settled)
        });
        console.pass(&tenant, 61);
    }
    console.settle();
    assert!(console.state.basket.is_empty(), "{}", console.said());
    assert!(!needed(&console.state), "nobody was asked");
    assert_eq!(decided(&tenant), staged);
    assert_eq!(written(&console), (staged, staged));
    assert!(tenant.entra().unwrap().grants("refresh_token") >= 2);
}

#[test]
fn a_send_waits_for_a_sign_in_and_nothing_typed_marked_or_staged_is_lost() {
    let tenant = short_lived(70);
    let mut console = signed_in(&tenant);
    console.type_keys("*a");
    let staged = console.state.basket.len();
    console.type_keys(&format!("srfine<Enter>{staged}y"));
    console.until(|state| {
        let sending = state.sends.from_basket();
        sending.is_some_and(|send| send.settled() > 0)
    });
    // Everything is revoked: only a person can help now.
    tenant.entra().unwrap().revoke();
    console.until(needed);
    let sending = console.state.sends.from_basket().cloned();
    let sending = sending.expect("it is still under way");
    assert!(sending.settled() < staged && sending.count(Ended::Failed) == 0);
    let waiting = console.state.basket.iter().filter(|(_, one)| one.sending);
    assert_eq!(waiting.count(), staged - sending.settled());

    // Meanwhile somebody marks guests, types a filter, and signs in in the middle of a word.
    console.type_keys("3jjjv<Down><Down>v/fabri");
    let marked = console.state.data.guests.mark_count();
    let cursor = console
        .state
        .data
        .guests
        .focused()
        .map(|row| row.guest.id.clone());
    assert!(marked > 0 && cursor.is_some());
    console.type_keys("<C-o>");
    assert!(console.state.sign_in.dialog.is_some());
    by_device_code(&mut console, &tenant);
    let dialog = console.state.sign_in.dialog.as_ref().unwrap();
    assert!(
        matches!(dialog.phase, Phase::Done(_)),
        "no key falls through to what was being typed"
    );
    console.type_keys("yy<Enter>kam");
    let prompt = console.state.screen.prompt.as_ref().expect("still typing");
    assert_eq!(prompt.line.value(), "fabrikam");
    assert_eq!(console.state.data.guests.mark_count(), marked);

    console.settle();
    console.type_keys("<Esc>");
    let now = console
        .state
        .data
        .guests
        .focused()
        .map(|row| row.guest.id.clone());
    assert_eq!(now, cursor);
    assert_eq!(console.state.data.guests.mark_count(), marked);
    assert!(console.state.basket.is_empty(), "{}", console.said());
    assert_eq!(decided(&tenant), staged, "each once");
    assert_eq!(written(&console), (staged, staged));
}

#[test]
fn the_review_stays_open_below_and_more_proof_is_given() {
    let tenant = tenant_to_sign_in_to(24, LoginConfig::default());
    let mut console = signed_in(&tenant);
    console.type_keys("*d");
    let staged = console.state.basket.len();
    tenant.entra().unwrap().demand(CLAIMS);
    // The queue is read again by itself, and while one types Graph answers that it wants more proof.
    console.state.setup.refresh = Some(jiff::SignedDuration::from_secs(30));
    console.pass(&tenant, 31);
    console.type_keys("srnot one of ours");
    console.until(needed);
    assert!(matches!(
        console.state.sign_in.standing,
        Standing::Needed {
            more_proof: true,
            ..
        }
    ));
    console.type_keys("<C-o>");
    by_device_code(&mut console, &tenant);
    console.type_keys("<Esc>");
    console.settle();
    let Some(Dialog::Review(review)) = &console.state.screen.dialog else {
        panic!("the review is still open")
    };
    let (_, writing) = review
        .writing
        .as_deref()
        .expect("it is still being written");
    assert_eq!(writing.value(), "not one of ours");
    assert_eq!(console.state.basket.len(), staged);
    assert_eq!(decided(&tenant), 0, "and nothing was sent");
}

#[test]
fn declined_what_waits_stops_and_stays_and_a_sign_in_reads_the_rest() {
    let tenant = tenant_to_sign_in_to(24, LoginConfig::default());
    let mut console = signed_in(&tenant);
    console.type_keys("*a");
    let staged = console.state.basket.len();
    tenant.entra().unwrap().revoke();
    console.type_keys("srfine<Enter>y");
    console.until(needed);
    // Looked into and left alone: what waits goes on waiting.
    console.type_keys("S<Esc>");
    assert!(needed(&console.state) && console.state.sends.busy());
    console.type_keys("Sn");
    console.settle();
    assert_eq!(console.state.sign_in.standing, Standing::Declined);
    assert_eq!(console.state.basket.len(), staged, "{}", console.said());
    assert!(
        console
            .state
            .basket
            .iter()
            .all(|(_, one)| one.failed.is_some())
    );
    assert_eq!(decided(&tenant), 0);

    console.type_keys("S");
    by_device_code(&mut console, &tenant);
    console.settle();
    assert!(
        console.state.data.loads.requests.failed.is_none(),
        "read again"
    );
    assert!(
        console.state.said.notices.errors.is_empty(),
        "{}",
        console.said()
    );
    console.press("srfine<Enter>y");
    assert!(console.state.basket.is_empty(), "{}", console.said());
    assert_eq!(decided(&tenant), staged);
}

#[test]
fn a_refusal_is_shown_whole_and_another_way_can_be_chosen() {
    let tenant = tenant_to_sign_in_to(24, LoginConfig::default());
    let mut console = Console::unsigned(&tenant, Way::DeviceCode, (80, 24));
    console.until(needed);
    tenant.entra().unwrap().refuse_next(53003);
    console.type_keys("Sd");
    console.until(|state| code(state).is_some());
    tenant.entra().unwrap().approve(None);
    console.until(|state| {
        state
            .sign_in
            .dialog
            .as_ref()
            .is_some_and(|dialog| dialog.refused.is_some())
    });
    let dialog = console.state.sign_in.dialog.clone().unwrap();
    assert_eq!(dialog.phase, Phase::Choosing);
    let problem = dialog.refused.unwrap();
    assert!(problem.to_string().contains("53003") && !problem.remedy.is_empty());
    assert!(console.state.said.notices.errors.is_empty(), "said once");
    assert!(needed(&console.state), "what waits goes on waiting");

    // Given up half way, and begun again.
    console.type_keys("d");
    console.until(|state| code(state).is_some());
    let first = code(&console.state).unwrap();
    console.type_keys("yY");
    assert_eq!(console.copied.first(), Some(&first));
    assert!(console.copied[1].starts_with("http"));
    console.type_keys("<Esc>");
    assert_eq!(
        console.state.sign_in.dialog.as_ref().unwrap().phase,
        Phase::Choosing
    );
    by_device_code(&mut console, &tenant);
    console.settle();
    assert_eq!(console.state.data.requests.total(), 24);
    let said = console.said();
    assert!(!said.contains(&first), "codes are not among the messages");
}

#[test]
fn signing_out_forgets_and_only_the_same_person_comes_back() {
    let tenant = tenant_to_sign_in_to(24, LoginConfig::default());
    let mut console = signed_in(&tenant);
    console.type_keys("A<Esc>:sign-out<Enter>");
    assert!(matches!(
        console.state.screen.dialog,
        Some(Dialog::SignOut(_))
    ));
    console.type_keys("<Enter>");
    assert_eq!(
        console.state.sign_in.standing,
        Standing::Fine,
        "not without y"
    );
    console.type_keys(":sign-out<Enter>y");
    assert_eq!(console.state.sign_in.standing, Standing::SignedOut);
    assert!(console.said().contains("Signed out"), "{}", console.said());
    assert!(console.sign_in.as_ref().unwrap().account().is_none());
    assert_eq!(console.state.basket.len(), 1);

    console.type_keys("R");
    console.until(needed);
    tenant.entra().unwrap().act_as("diego@contoso.com");
    console.type_keys("Sd");
    console.until(|state| code(state).is_some());
    tenant.entra().unwrap().approve(None);
    console.until(|state| {
        let dialog = state.sign_in.dialog.as_ref();
        dialog.is_some_and(|dialog| dialog.refused.is_some())
    });
    let dialog = console.state.sign_in.dialog.as_ref().unwrap();
    let why = dialog.refused.as_ref().unwrap().to_string();
    assert!(why.contains("another account"), "{why}");
    tenant.entra().unwrap().act_as("adele@contoso.com");
    by_device_code(&mut console, &tenant);
    console.settle();
    assert_eq!(console.state.basket.len(), 1);
}

#[test]
fn somebody_signs_in_with_the_browser_at_their_end_of_the_line() {
    let tenant = tenant_to_sign_in_to(24, LoginConfig::default());
    let mut console = Console::unsigned(&tenant, Way::Browser, (120, 40));
    console.until(needed);
    console.type_keys("Sb");
    let address = |state: &State| {
        let dialog = state.sign_in.dialog.as_ref()?;
        match &dialog.phase {
            Phase::Showing(step) => match &**step {
                SignInStep::Browser { url, .. } => Some(url.reveal().to_owned()),
                _ => None,
            },
            _ => None,
        }
    };
    console.until(|state| address(state).is_some());
    console.type_keys("y");
    let copied = console.copied.pop().unwrap();
    assert_eq!(Some(&copied), address(&console.state).as_ref());
    // What the browser at the other end does: follows where it is sent, back to the console's port.
    let browser = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            http.get(copied).send().await.unwrap().status().as_u16()
        })
    });
    console.until(|state| state.sign_in.standing == Standing::Fine);
    assert_eq!(browser.join().unwrap(), 200);
    console.settle();
    assert!(console.state.sign_in.dialog.is_none());
    assert_eq!(console.state.data.requests.total(), 24);
}
