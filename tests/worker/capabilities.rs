//! What may be done here, as the worker finds it out.

use std::collections::HashMap;

use guestlist::domain::capability::{Area, Capabilities, Finding};
use guestlist::domain::permission::reads;
use guestlist::worker::protocol::{Answer, Ask};

use super::{ask, failed, plain_with, quick};
use crate::support::console::tenant;

fn found(answers: Vec<Answer>) -> Capabilities {
    let mut found = answers.into_iter().filter_map(|answer| match answer {
        Answer::Capabilities(found) => Some(*found),
        _ => None,
    });
    found.next().unwrap()
}

#[test]
fn an_administrator_may_do_everything() {
    // Every probe is held against the description of Graph when the tenant goes.
    let emulator = tenant();
    let mut desk = plain_with(&emulator.url(), emulator.token(), quick());
    let all = found(ask(&mut desk, Ask::Capabilities));
    for (area, finding) in &all.facts.areas {
        assert!(
            matches!(finding, Finding::Open { .. }),
            "{area:?}: {finding:?}"
        );
    }
    assert!(all.facts.licences.governance && all.facts.licences.premium);
    assert_eq!(all.mode(false).to_string(), "approver + governance admin");
    assert_eq!(
        all.facts.session.as_ref().unwrap().default_domain(),
        "contoso.com"
    );
    assert!(all.needs.iter().all(|need| all.why_not(need).is_none()));
}

#[test]
fn a_named_approver_decides_and_does_not_govern() {
    let emulator = tenant();
    let snapshot = emulator.snapshot();
    let users = snapshot["users"].as_array().unwrap();
    let tokens: HashMap<String, String> = users
        .iter()
        .filter_map(|user| user["userPrincipalName"].as_str())
        .filter_map(|upn| Some((upn.to_owned(), emulator.token_for(upn)?)))
        .collect();
    let mut modes: Vec<String> = Vec::new();
    for token in tokens.values() {
        let mut desk = plain_with(&emulator.url(), token, quick());
        let all = found(ask(&mut desk, Ask::Capabilities));
        let closed = matches!(all.finding(Area::Requests), Some(Finding::Closed(_)));
        assert_eq!(closed, all.why_not(&reads::REQUESTS).is_some());
        modes.push(all.mode(false).to_string());
    }
    assert!(modes.iter().any(|mode| mode == "approver"), "{modes:?}");
}

#[test]
fn without_a_token_nothing_is_known() {
    let emulator = tenant();
    let mut desk = plain_with(&emulator.url(), "wrong", quick());
    let answers = ask(&mut desk, Ask::Capabilities);
    assert_eq!(failed(&answers).exit_code(), 3);
}
