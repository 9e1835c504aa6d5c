//! What the log holds: ids, numbers and verbs. Whatever a library says at whatever level is looked through as well,
//! so the run that is logged has a process of its own.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use guestlist::acts::{Block, Outcome};
use guestlist::emulator::faults::{FaultEffect as Effect, FaultRule as Rule};
use guestlist::emulator::{Config, Emulator};
use guestlist::worker::protocol::{Answer, Ask, Whose};
use serde_json::Value;

use super::{act, ask, decide, invite, outcome, outcomes, plain_with, quick};

/// Where the run in a process of its own leaves its log and the words that must not be in it.
const FOLDER: &str = "GUESTLIST_TEST_LOG";
const MAIL: &str = "grace.hopper@fabrikam.com";

#[test]
fn no_token_link_name_or_mail_reaches_it_at_any_level() {
    let folder = tempfile::tempdir().unwrap();
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "worker::log::a_run_that_is_logged", "--ignored"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stdout)
    );
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    for level in ["TRACE", "DEBUG"] {
        assert!(log.contains(level), "the log is whole");
    }
    assert!(log.contains("answered") && log.contains("lost") && log.contains("hyper"));
    let secrets = std::fs::read(folder.path().join("secrets")).unwrap();
    let secrets: Vec<String> = serde_json::from_slice(&secrets).unwrap();
    assert!(secrets.len() > 2_000);
    let lower = log.to_lowercase();
    let found: Vec<&String> = secrets
        .iter()
        .filter(|secret| lower.contains(&secret.to_lowercase()))
        .collect();
    assert!(found.is_empty(), "in the log: {found:?}");
}

/// Lists, decides, invites and fails, with everything captured.
#[test]
#[ignore = "run by the test above, in a process of its own"]
fn a_run_that_is_logged() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let log = std::fs::File::create(folder.join("log")).unwrap();
    let logger = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(Mutex::new(log))
        .finish();
    tracing::subscriber::set_global_default(logger).unwrap();
    let emulator = Emulator::start(Config::default()).unwrap();
    let mut desk = plain_with(&emulator.url(), emulator.token(), quick());
    let mut secrets = vec![emulator.token().to_owned(), MAIL.to_owned()];

    let mut mine = Vec::new();
    for question in [
        Ask::Session,
        Ask::Guests(Whose::Guests),
        Ask::SignIns,
        Ask::Policies,
        Ask::Past,
        Ask::Requests,
    ] {
        for answer in ask(&mut desk, question) {
            if let Answer::Stages(some) = answer {
                mine.extend(
                    some.into_iter()
                        .filter(|(_, stages)| stages.iter().any(|s| s.mine)),
                );
            }
        }
    }
    let acts = mine
        .iter()
        .take(3)
        .map(|(id, _)| decide(id.as_str(), false))
        .collect();
    assert!(
        outcomes(&ask(&mut desk, Ask::send(acts)))
            .iter()
            .all(|(_, ended)| ended.done())
    );
    let Outcome::Invited(invited) = outcome(&ask(&mut desk, Ask::send(vec![invite(MAIL)]))) else {
        panic!()
    };
    let link = invited.redeem.reveal();
    secrets.extend([
        link.to_owned(),
        link.split("ticket%3d").nth(1).unwrap()[..16].to_owned(),
    ]);
    assert!(
        outcome(&ask(
            &mut desk,
            Ask::send(vec![act(Block(invited.user.clone()))])
        ))
        .done()
    );

    for effect in [
        Effect::Expired { claims: None },
        Effect::Licence,
        Effect::Fail {
            status: 500,
            after: true,
            retry_after: None,
        },
        Effect::Drop { after: true },
        Effect::Truncate,
        Effect::Malformed,
        Effect::Page {
            status: 200,
            after: true,
        },
    ] {
        for path in ["*/users", "*/invitations"] {
            emulator.inject(Rule::new(effect.clone()).on("*", path).times(2));
        }
        ask(&mut desk, Ask::LookUp(MAIL.into()));
        ask(&mut desk, Ask::Guests(Whose::Guests));
        ask(
            &mut desk,
            Ask::send(vec![invite("nobody.else@fabrikam.com")]),
        );
        emulator.heal();
    }
    ask(&mut desk, Ask::LookUp("nobody else at all".into()));

    gather(&emulator.snapshot(), &mut secrets);
    secrets.sort_unstable();
    secrets.dedup();
    std::fs::write(
        folder.join("secrets"),
        serde_json::to_vec(&secrets).unwrap(),
    )
    .unwrap();
}

/// Every name and address in the tenant.
fn gather(value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let telling = [
                    "displayName",
                    "mail",
                    "userPrincipalName",
                    "email",
                    "justification",
                ];
                match value.as_str() {
                    // One word may be a word of the log's own.
                    Some(text) if telling.contains(&name.as_str()) && text.contains([' ', '@']) => {
                        secrets.push(text.to_owned());
                    }
                    _ => gather(value, secrets),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| gather(value, secrets)),
        _ => {}
    }
}
