//! Catalog owners may not list all requests: they are asked for package by package, and it is said which are covered.

use std::collections::BTreeSet;

use guestlist::domain::request::RequestState;
use guestlist::emulator::{Config, Emulator};
use guestlist::worker::protocol::{Answer, Ask, Beyond};

use super::{ask, plain_with, quick};

const OWNER: &str = "nestor@contoso.com";

fn tenant() -> Emulator {
    Emulator::start(Config {
        guests: 20,
        requests: 40,
        ..Config::default()
    })
    .unwrap()
}

/// The ids of requests that wait, of these packages or of all.
fn waiting(emulator: &Emulator, packages: Option<&BTreeSet<String>>) -> BTreeSet<String> {
    let snapshot = emulator.snapshot();
    let rows = snapshot["assignmentRequests"].as_array().unwrap().iter();
    let rows = rows.filter(|row| row["state"] == "pendingApproval");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    rows.filter(|row| packages.is_none_or(|some| some.contains(&text(&row["accessPackageId"]))))
        .map(|row| text(&row["id"]))
        .collect()
}

#[test]
fn an_owner_sees_all_that_waits_for_their_packages_and_is_told_which_these_are() {
    let emulator = tenant();
    emulator.own(OWNER, "Supply Chain");
    let token = emulator.token_for(OWNER).unwrap();
    let mut desk = plain_with(&emulator.url(), &token, quick());
    let answers = ask(&mut desk, Ask::Requests);
    let mut seen = BTreeSet::new();
    let (mut packages, mut notes, mut names) = (BTreeSet::new(), Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            Answer::Requests(rows) => {
                for row in rows {
                    assert!(row.pending());
                    packages.extend(row.package.map(|package| package.to_string()));
                    seen.insert(row.id.to_string());
                }
            }
            Answer::Note(words) => notes.push(words),
            Answer::Covered(coverage) => {
                names.extend(coverage.packages.iter().map(ToString::to_string));
                assert!(coverage.refused.is_empty());
            }
            Answer::Failed(problem) => panic!("{problem}"),
            _ => {}
        }
    }
    let theirs = waiting(&emulator, Some(&packages));
    assert!(seen.is_superset(&theirs) && theirs.len() > 2, "{theirs:?}");
    assert!(
        seen.len() < waiting(&emulator, None).len(),
        "and no others'"
    );
    assert!(names.len() > 1, "{names:?}");
    let said = notes
        .iter()
        .find(|note| note.contains("may not list all requests"));
    let said = said.expect("it is said");
    for name in &names {
        assert!(said.contains(name), "{said}");
    }
    // The views of what has ended, and the history, are read the same way.
    for which in [
        Ask::Past,
        Ask::Beyond(Beyond::Failed),
        Ask::Beyond(Beyond::All),
    ] {
        let all = which == Ask::Beyond(Beyond::All);
        let answers = ask(&mut desk, which.clone());
        let failed = answers
            .iter()
            .any(|answer| matches!(answer, Answer::Failed(_)));
        assert!(!failed, "{which:?}: {answers:?}");
        for answer in answers {
            if let Answer::Beyond(rows) = answer {
                assert!(
                    rows.iter()
                        .all(|row| row.state != RequestState::PendingApproval)
                        && all
                        || rows.iter().all(|row| matches!(
                            row.state,
                            RequestState::DeliveryFailed | RequestState::PartiallyDelivered
                        ))
                );
            }
        }
    }
}

#[test]
fn who_owns_nothing_is_told_that_only_their_inbox_is_shown() {
    let emulator = tenant();
    let token = emulator.token_for(OWNER).unwrap();
    let mut desk = plain_with(&emulator.url(), &token, quick());
    let answers = ask(&mut desk, Ask::Requests);
    let said = answers.iter().any(
        |answer| matches!(answer, Answer::Note(words) if words.contains("Only requests that you are an approver of")),
    );
    assert!(said, "{answers:?}");
}
