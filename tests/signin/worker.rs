//! The worker with tokens that end, are refused, or must prove more, in the middle of its work.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use guestlist::acts::{ActKind, ApprovalDecision, Deny, Plan};
use guestlist::domain::permission::{self, Permission};
use guestlist::domain::problem::ProblemKind;
use guestlist::emulator::{Config, Emulator, LoginConfig};
use guestlist::graph::ClientConfig;
use guestlist::journal::OutcomeWord as Word;
use guestlist::signin::{SignIn, SignInStep, Way};
use guestlist::worker::protocol::{Answer, Ask, Whose};
use serde_json::Value;

use super::{Told, agreeing, sign_in, tenant};
use crate::worker::{Desk, act, ask, desk_in, failed, quick};

const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;

fn desk(emulator: &Emulator, sign_in: &SignIn) -> Desk {
    let config = ClientConfig {
        patience: quick(),
        ..ClientConfig::new(emulator.url(), Arc::new(sign_in.clone()))
    };
    desk_in(tempfile::tempdir().unwrap(), config)
}

fn patient(emulator: &Emulator) -> (SignIn, Told) {
    sign_in(
        emulator,
        Way::DeviceCode,
        |config| config.patient = true,
        |_| (),
    )
}

/// Signs in through the worker, as the console does.
fn signs_in(desk: &mut Desk) {
    let answers = ask(desk, Ask::SignIn(Way::DeviceCode));
    assert_eq!(answers, []);
}

fn decisions(desk: &mut Desk) -> Vec<Plan> {
    let mut mine = HashMap::new();
    for answer in ask(desk, Ask::Requests) {
        match answer {
            Answer::Requests(page) => {
                mine.extend(page.into_iter().map(|row| (row.id.clone(), row)));
            }
            Answer::Stages(some) => {
                for (id, stages) in some {
                    if let Some(row) = mine.get_mut(&id) {
                        row.stages = Some(stages);
                    }
                }
            }
            Answer::Failed(problem) => panic!("{problem}"),
            _ => {}
        }
    }
    let mine = mine
        .into_values()
        .filter(guestlist::domain::request::Request::mine);
    mine.map(|row| {
        act(Deny(ApprovalDecision {
            request: row.id,
            stage: None,
        }))
    })
    .collect()
}

#[test]
fn tokens_end_while_decisions_are_sent_and_each_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let record = dir.path().join("record.jsonl");
    let emulator = Arc::new(
        Emulator::start(Config {
            requests: 70,
            guests: 30,
            record: Some(record.clone()),
            login: Some(LoginConfig {
                token_life: Duration::from_secs(60),
                ..agreeing()
            }),
            ..Config::default()
        })
        .unwrap(),
    );
    let (sign_in, told) = patient(&emulator);
    let mut desk = desk(&emulator, &sign_in);
    signs_in(&mut desk);
    let acts = decisions(&mut desk);
    assert!(acts.len() > 40, "three batches at least: {}", acts.len());

    // Before the first call, and again whenever something was settled: now by the clock, now by Graph's refusal.
    told.pass(&emulator, 61);
    let mut settled = 0;
    let all = acts.len();
    for answer in desk.run(Ask::send(acts)) {
        match answer {
            Answer::Settled(_, end) => {
                assert!(end.outcome.done(), "{end:?}");
                settled += 1;
                if settled % 7 == 0 {
                    emulator.entra().unwrap().expire_tokens();
                }
                if settled % 20 == 0 {
                    told.pass(&emulator, 61);
                }
            }
            Answer::Failed(problem) => panic!("{problem}"),
            _ => {}
        }
    }
    assert_eq!(settled, all);
    assert!(emulator.entra().unwrap().grants("refresh_token") >= 3);
    assert!(
        !told
            .steps()
            .iter()
            .any(|step| matches!(step, SignInStep::Need { .. })),
        "nobody was asked"
    );
    let journal = desk.journal();
    assert_eq!(journal.len(), all);
    assert!(journal.iter().all(|(_, word)| *word == Some(Word::Done)));

    let lines = std::fs::read_to_string(&record).unwrap();
    let mut decided = HashSet::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["method"] == "PATCH" && line["status"] == 204 {
            assert!(
                decided.insert(line["path"].as_str().unwrap().to_owned()),
                "twice: {line}"
            );
        }
    }
    assert_eq!(decided.len(), all);
    for secret in emulator.entra().unwrap().secrets() {
        assert!(!lines.contains(&secret), "the record holds no token");
    }
}

#[test]
fn a_claims_challenge_waits_for_a_person_and_the_work_goes_on() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = patient(&emulator);
    let mut desk = desk(&emulator, &sign_in);
    signs_in(&mut desk);
    let before = sign_in.claims();
    emulator.entra().unwrap().demand(CLAIMS);

    let helper = {
        let (sign_in, told) = (sign_in.clone(), told.clone());
        std::thread::spawn(move || {
            let need = loop {
                let need = told.steps().into_iter().find_map(|step| match step {
                    SignInStep::Need { more_proof, .. } => Some(more_proof),
                    _ => None,
                });
                if let Some(more_proof) = need {
                    break more_proof;
                }
                std::thread::yield_now();
            };
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(sign_in.begin(Way::DeviceCode)).unwrap();
            need
        })
    };
    let answers = ask(&mut desk, Ask::Session);
    assert!(
        helper.join().unwrap(),
        "it was said that more proof is wanted"
    );
    assert!(
        matches!(answers.as_slice(), [Answer::Session(_)]),
        "{answers:?}"
    );
    assert!(before.is_some());
    // Silently first (Entra refused that), then by the person.
    assert_eq!(emulator.entra().unwrap().grants("refresh_token"), 1);
    let needs = told
        .steps()
        .into_iter()
        .filter(|step| matches!(step, SignInStep::Need { .. }));
    assert_eq!(needs.count(), 1);
}

#[test]
fn declined_the_job_fails_and_the_next_asks_again() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = patient(&emulator);
    let mut desk = desk(&emulator, &sign_in);
    for round in 1..=2 {
        let decliner = {
            let (sign_in, told) = (sign_in.clone(), told.clone());
            std::thread::spawn(move || {
                while told.steps().len() < round {
                    std::thread::yield_now();
                }
                sign_in.decline();
            })
        };
        let problem = failed(&ask(&mut desk, Ask::Guests(Whose::Guests)));
        assert_eq!(problem.kind, ProblemKind::SignIn, "{problem}");
        decliner.join().unwrap();
        assert_eq!(told.steps().len(), round);
    }
}

#[test]
fn a_plain_command_waits_for_nobody() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = sign_in(&emulator, Way::DeviceCode, |_| (), |_| ());
    let mut desk = desk(&emulator, &sign_in);
    let problem = failed(&ask(&mut desk, Ask::Guests(Whose::Guests)));
    assert_eq!(problem.exit_code(), 3);
    assert_eq!(told.steps(), []);
}

#[test]
fn a_token_that_may_only_read_is_refused_what_writes() {
    let emulator = tenant(LoginConfig {
        scopes: Some(
            [
                "User.Read.All",
                "EntitlementManagement.Read.All",
                "User.Invite.All",
            ]
            .map(str::to_owned)
            .into(),
        ),
        ..agreeing()
    });
    let (sign_in, _) = patient(&emulator);
    let mut desk = desk(&emulator, &sign_in);
    signs_in(&mut desk);
    let acts = decisions(&mut desk);
    let mut some = acts.into_iter().take(2).collect::<Vec<_>>();
    some.push(crate::worker::invite("somebody.new@fabrikam.com"));
    let answers = ask(&mut desk, Ask::send(some));
    let outcomes = crate::worker::outcomes(&answers);
    let done = outcomes
        .iter()
        .filter(|(_, outcome)| outcome.done())
        .count();
    assert_eq!(
        (outcomes.len(), done),
        (3, 1),
        "the invitation went: {outcomes:?}"
    );
    let claims = sign_in.claims().unwrap();
    assert_eq!(
        permission::missing(
            ActKind::Approve.about().need,
            &claims.scopes,
            claims.is_app_only()
        ),
        Some(vec![Permission::EntitlementManagementReadWriteAll])
    );
}
