//! What one may do decides what is on, what is off and why, and where the console opens.

use guestlist::acts::ActKind;
use guestlist::app::keymap::Command;
use guestlist::app::state::{Grade, Pane};
use guestlist::app::{available, mode_words, read_only};
use guestlist::emulator::{Config, LoginConfig};
use guestlist::signin::Way;

use crate::support::console::{Console, Tenant, tenant, tenant_to_sign_in_to, tenant_with};

const READS: [&str; 7] = [
    "User.Read",
    "Domain.Read.All",
    "LicenseAssignment.Read.All",
    "EntitlementManagement.Read.All",
    "User.Read.All",
    "AuditLog.Read.All",
    "Directory.Read.All",
];

/// A tenant whose tokens carry what reads, and these.
fn carrying(more: &[&str]) -> Tenant {
    let scopes = READS.iter().chain(more);
    tenant_to_sign_in_to(
        24,
        LoginConfig {
            scopes: Some(scopes.map(|scope| (*scope).to_owned()).collect()),
            approve_after: Some(1),
            ..LoginConfig::default()
        },
    )
}

fn signed_in(tenant: &Tenant) -> Console {
    let mut console = Console::unsigned(tenant, Way::DeviceCode, (120, 40));
    console.type_keys("Sd");
    console.until(|state| state.data.session.is_some() && state.sign_in.dialog.is_none());
    console.settle();
    console
}

fn why_off(console: &Console, command: Command) -> String {
    available(&console.state, command).unwrap_err()
}

fn writes(tenant: &Tenant) -> usize {
    let record = tenant.record();
    let batch = |line: &&str| line.contains("$batch");
    let write = |line: &&str| line.contains("\"PATCH\"") || line.contains("\"POST\"");
    let lines = record
        .lines()
        .filter(|line| !batch(line) && !line.contains("/oauth2/"));
    lines.filter(write).count()
}

#[test]
fn an_administrator_may_do_everything_and_is_told_what_they_are() {
    let tenant = tenant();
    let console = Console::open(&tenant);
    assert_eq!(mode_words(&console.state), "approver + governance admin");
    assert!(!read_only(&console.state));
    assert_eq!(console.state.screen.focus, Pane::Requests);
    for command in [
        Command::Act(ActKind::Approve),
        Command::Act(ActKind::Deny),
        Command::Act(ActKind::Invite),
    ] {
        assert_eq!(available(&console.state, command), Ok(()), "{command:?}");
    }
}

#[test]
fn without_the_permission_to_decide_approving_is_off_and_says_which_is_missing() {
    let tenant = carrying(&["User.Invite.All", "User.ReadWrite.All"]);
    let mut console = signed_in(&tenant);
    assert_eq!(mode_words(&console.state), "governance admin");
    assert_eq!(console.state.data.requests.total(), 24, "the queue is read");
    for command in [
        Command::Act(ActKind::Approve),
        Command::Act(ActKind::Deny),
        Command::ApproveNow,
    ] {
        let why = why_off(&console, command);
        assert!(
            why.starts_with("the permission EntitlementManagement.ReadWrite.All is missing"),
            "{why}"
        );
    }
    console.press("a");
    assert!(console.state.basket.is_empty());
    let toast = console.state.said.notices.toast.as_ref().unwrap();
    assert!(
        toast
            .text
            .starts_with("Cannot approve: the permission EntitlementManagement.ReadWrite.All"),
        "{}",
        toast.text
    );
    assert_eq!(
        available(&console.state, Command::Act(ActKind::Invite)),
        Ok(())
    );
    let sent = writes(&tenant);
    console.press("inew.partner@fabrikam.com<Tab>New Partner<Tab><Tab><Tab><Tab><Enter>");
    console.press("y");
    assert!(
        writes(&tenant) > sent,
        "the invitation went: {}",
        console.said()
    );
    console.press("<Esc>3");
    assert_eq!(console.state.screen.focus, Pane::Guests);
    assert_eq!(available(&console.state, Command::Revoke), Ok(()));
}

#[test]
fn with_permissions_that_only_read_the_banner_says_read_only() {
    let tenant = carrying(&[]);
    let console = signed_in(&tenant);
    assert!(read_only(&console.state));
    let why = why_off(&console, Command::Act(ActKind::Invite));
    assert!(why.contains("User.Invite.All"), "{why}");
}

#[test]
fn a_tenant_without_the_licence_opens_on_its_guests_and_says_why_in_one_line() {
    let tenant = tenant_with(Config {
        governance: false,
        ..Config::default()
    });
    let console = Console::open(&tenant);
    assert_eq!(mode_words(&console.state), "invite-only");
    assert_eq!(console.state.screen.focus, Pane::Guests);
    assert_eq!(console.state.data.guests.total(), 1_200);
    let said = console.said();
    assert!(
        said.contains("Invite-only: the tenant lacks the licence: Entra ID P2"),
        "{said}"
    );
    assert!(
        console.state.said.notices.errors.is_empty(),
        "what is not there is no error: {said}"
    );
    assert!(
        console
            .state
            .said
            .notices
            .past
            .iter()
            .all(|said| said.grade != Grade::Error)
    );
    assert_eq!(
        available(&console.state, Command::Act(ActKind::Invite)),
        Ok(())
    );
    assert_eq!(available(&console.state, Command::Revoke), Ok(()));
    assert!(why_off(&console, Command::Act(ActKind::Approve)).contains("lacks the licence"));
}

#[test]
fn nothing_moves_under_the_hands_of_somebody_who_is_at_it_already() {
    let tenant = tenant_with(Config {
        governance: false,
        guests: 30,
        ..Config::default()
    });
    let mut console = Console::start(&tenant, tenant.token(), (120, 40));
    console.type_keys("4");
    console.settle();
    assert_eq!(console.state.screen.focus, Pane::Journal);
    assert_eq!(mode_words(&console.state), "invite-only");
}
