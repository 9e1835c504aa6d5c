//! The client and the worker against the emulated Graph.

use std::collections::HashMap;
use std::time::Duration;

use guestlist::acts::{ActKind, Delete, Outcome, Target};
use guestlist::domain::guest::Guest;
use guestlist::domain::package::{Organization, Package};
use guestlist::domain::policy::Policy;
use guestlist::domain::request::{Request, Stage};
use guestlist::domain::tenant::Session;
use guestlist::emulator::{Config, Emulator};
use guestlist::journal::OutcomeWord as Word;
use guestlist::worker::protocol::{Answer, Ask, Beyond, Whose};
use serde_json::Value;

use super::{
    Desk, act, as_sent, ask, config, decide, desk_in, invite, moot, outcome, outcomes, plain_with,
    quick,
};

fn start(config: Config) -> (Emulator, Desk) {
    let emulator = Emulator::start(config).unwrap();
    let desk = plain_with(&emulator.url(), emulator.token(), quick());
    (emulator, desk)
}

fn desk_of(emulator: &Emulator, upn: &str) -> Desk {
    plain_with(&emulator.url(), &emulator.token_for(upn).unwrap(), quick())
}

fn well(answers: &[Answer]) {
    for answer in answers {
        assert!(
            !matches!(answer, Answer::Failed(_) | Answer::Note(_)),
            "{answer:?}"
        );
    }
}

/// All pending requests, with their stages.
fn queue(desk: &mut Desk) -> Vec<Request> {
    let answers = ask(desk, Ask::Requests);
    well(&answers);
    let mut rows: Vec<Request> = Vec::new();
    let mut stages: HashMap<String, Vec<Stage>> = HashMap::new();
    for answer in answers {
        match answer {
            Answer::Requests(page) => {
                rows.retain(|row| page.iter().all(|new| new.id != row.id));
                rows.extend(page);
            }
            Answer::Stages(some) => {
                stages.extend(some.into_iter().map(|(id, s)| (id.to_string(), s)));
            }
            _ => {}
        }
    }
    for row in &mut rows {
        row.stages = stages.remove(row.id.as_str());
        assert!(row.stages.is_some(), "{row:?}");
    }
    rows
}

fn guests(desk: &mut Desk) -> Vec<Guest> {
    let answers = ask(desk, Ask::Guests(Whose::Guests));
    well(&answers);
    let pages = answers.into_iter().filter_map(|answer| match answer {
        Answer::Guests(page) => Some(page),
        _ => None,
    });
    pages.flatten().collect()
}

fn request_in<'a>(snapshot: &'a Value, id: &str) -> &'a Value {
    let rows = snapshot["assignmentRequests"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap()
}

#[test]
fn the_session_says_who_and_where() {
    let (_emulator, mut desk) = start(Config::default());
    let answers = ask(&mut desk, Ask::Session);
    let [Answer::Session(session)] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    let Session {
        my_name,
        my_upn,
        tenant_name,
        domains,
        ..
    } = &**session;
    assert_eq!(
        (my_name.as_str(), tenant_name.as_str()),
        ("Adele Vance", "Contoso")
    );
    assert_eq!(my_upn.as_str(), "adele@contoso.com");
    assert_eq!(domains, &["contoso.com", "contoso.onmicrosoft.com"]);
}

#[test]
fn the_queue_comes_with_people_packages_policies_and_stages() {
    let (_emulator, mut desk) = start(Config::default());
    let queue = queue(&mut desk);
    assert_eq!(queue.len(), 24);
    for row in &queue {
        assert!(
            row.pending() && !row.requestor.mail.is_empty() && !row.package_name.is_empty(),
            "{row:?}"
        );
        assert!(
            row.policy.is_some() && row.created.is_some() && row.current_stage().is_some(),
            "{row:?}"
        );
    }
    let mine = queue.iter().filter(|row| row.mine()).count();
    assert!((12..24).contains(&mine), "{mine} are mine");
    assert!(queue.iter().any(|row| !row.answers.is_empty()));
    for answer in queue.iter().flat_map(|row| &row.answers) {
        assert!(
            !answer.question.is_empty() && !answer.answer.is_empty(),
            "{answer:?}"
        );
    }
    assert!(queue.iter().any(|row| row.requestor.organization.is_some()));

    let answers = ask(&mut desk, Ask::Past);
    well(&answers);
    assert!(
        answers
            .iter()
            .any(|a| matches!(a, Answer::Past(rows) if !rows.is_empty()))
    );
}

#[test]
fn policies_packages_and_organizations_are_whole() {
    let (_emulator, mut desk) = start(Config::default());
    let answers = ask(&mut desk, Ask::Policies);
    well(&answers);
    let mut policies: Vec<Policy> = Vec::new();
    let mut packages: Vec<Package> = Vec::new();
    let mut organizations: Vec<Organization> = Vec::new();
    for answer in answers {
        match answer {
            Answer::Policies(rows) => policies.extend(rows),
            Answer::Packages(rows) => packages.extend(rows),
            Answer::Organizations(rows) => organizations.extend(rows),
            _ => {}
        }
    }
    assert_eq!(
        (policies.len(), packages.len(), organizations.len()),
        (8, 4, 6)
    );
    assert!(
        policies
            .iter()
            .all(|p| p.package.is_some() && p.catalog.is_some())
    );
    assert!(
        policies
            .iter()
            .any(|p| p.stages.len() == 2 && p.stages.iter().all(|s| s.deny_after.is_some()))
    );
    assert!(policies.iter().any(|p| !p.open()) && policies.iter().any(|p| !p.questions.is_empty()));
    assert!(
        packages
            .iter()
            .all(|p| !p.resources.is_empty() && p.catalog_open.is_some()),
        "{packages:?}"
    );
    assert!(organizations.iter().any(|o| !o.domains.is_empty()));
}

#[test]
fn guests_come_in_pages_and_their_sign_ins_after() {
    let (_emulator, mut desk) = start(Config::default());
    let guests = guests(&mut desk);
    assert_eq!(guests.len(), 1_200);
    assert!(
        guests
            .iter()
            .all(|g| g.last_sign_in.is_none() && g.created.is_some() && !g.upn.is_empty())
    );
    let answers = ask(&mut desk, Ask::SignIns);
    well(&answers);
    let mut signed_in = 0;
    let mut rows = 0;
    for answer in answers {
        if let Answer::SignIns(page) = answer {
            rows += page.len();
            signed_in += page.iter().filter(|(_, at)| at.is_some()).count();
        }
    }
    assert_eq!(rows, 1_200);
    assert!(signed_in > 0 && signed_in < rows);

    let one = &guests[0];
    let found = ask(&mut desk, Ask::LookUp(one.mail.to_string()));
    assert!(
        matches!(&found[..], [Answer::Found(_, found)] if matches!(&found[..], [guest] if guest.id == one.id)),
        "{found:?}"
    );
    let detail = ask(&mut desk, Ask::GuestDetail(one.id.clone()));
    assert!(
        matches!(&detail[..], [Answer::GuestDetail(id, _)] if *id == one.id),
        "{detail:?}"
    );
    let nobody = ask(&mut desk, Ask::LookUp("o'neill#x@nowhere.example".into()));
    assert!(
        matches!(&nobody[..], [Answer::Found(_, none)] if none.is_empty()),
        "{nobody:?}"
    );
}

#[test]
fn fifty_thousand_guests_take_fifty_one_calls() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record.jsonl");
    let (_emulator, mut desk) = start(Config {
        guests: 50_000,
        record: Some(record.clone()),
        ..Config::default()
    });
    assert_eq!(guests(&mut desk).len(), 50_000);
    let calls = std::fs::read_to_string(record).unwrap().lines().count();
    assert!(calls <= 51, "{calls} calls");
}

#[test]
fn a_queue_is_cleared_in_batches_and_the_journal_tells_it() {
    let (emulator, mut desk) = start(Config {
        requests: 60,
        ..Config::default()
    });
    let queue = queue(&mut desk);
    let acts: Vec<_> = queue
        .iter()
        .enumerate()
        .map(|(i, row)| decide(row.id.as_str(), i % 3 > 0))
        .collect();
    let answers = ask(&mut desk, Ask::send(acts));
    let ended: HashMap<String, Outcome> = outcomes(&answers).into_iter().collect();
    assert_eq!(ended.len(), queue.len());
    let snapshot = emulator.snapshot();
    let mut sent = 0;
    for (i, row) in queue.iter().enumerate() {
        let outcome = &ended[row.id.as_str()];
        let (number, stage) = row.current_stage().unwrap();
        if row.mine() {
            sent += 1;
            assert_eq!(*outcome, Outcome::Done { found: false });
            let now = request_in(&snapshot, row.id.as_str());
            let wanted = if i % 3 > 0 { "Approved" } else { "Denied" };
            let stages = now["stages"].as_array().unwrap();
            let decided = stages
                .iter()
                .find(|s| s["id"] == stage.id.as_str())
                .unwrap();
            assert_eq!(decided["reviewResult"], wanted);
        } else {
            assert_eq!(*outcome, Outcome::NotYours { stage: number });
        }
    }
    let journal = desk.journal();
    assert_eq!(
        journal.len(),
        sent,
        "an intent for each that was sent, and for no other"
    );
    assert!(
        journal
            .iter()
            .all(|(intent, outcome)| *outcome == Some(Word::Done)
                && intent.actor_name == "adele@contoso.com"
                && ended.contains_key(&intent.target))
    );
}

#[test]
fn the_second_of_two_is_told_who_was_first() {
    let (emulator, mut first) = start(Config::default());
    let queue = queue(&mut first);
    // One of one stage, so that the first verdict ends it.
    let row = queue
        .iter()
        .find(|r| r.mine() && r.stages.as_ref().is_some_and(|s| s.len() == 1))
        .unwrap();
    let id = row.id.as_str();
    assert!(outcome(&ask(&mut first, Ask::send(vec![decide(id, true)]))).done());
    let mut second = plain_with(&emulator.url(), emulator.token(), quick());
    let told = outcome(&ask(&mut second, Ask::send(vec![decide(id, false)])));
    assert!(
        matches!(&told, Outcome::Already { by, at: Some(_), .. } if by.as_str() == "Adele Vance"),
        "{told:?}"
    );
    assert!(second.journal().is_empty());
}

#[test]
fn an_approver_without_a_role_sees_their_inbox() {
    let (emulator, _) = start(Config::default());
    let mut nestor = desk_of(&emulator, "nestor@contoso.com");
    let answers = ask(&mut nestor, Ask::Requests);
    assert!(
        !answers.iter().any(|a| matches!(a, Answer::Failed(_))),
        "{answers:?}"
    );
    assert!(
        answers
            .iter()
            .any(|a| matches!(a, Answer::Note(words) if words.contains("approver"))),
        "{answers:?}"
    );
}

#[test]
fn guests_are_invited_blocked_deleted_and_restored() {
    let (emulator, mut desk) = start(Config::default());
    let mail = "grace.hopper@fabrikam.com";
    let Outcome::Invited(invited) = outcome(&ask(&mut desk, Ask::send(vec![invite(mail)]))) else {
        panic!()
    };
    assert!(invited.redeem.reveal().starts_with("https://"));
    let told = outcome(&ask(
        &mut desk,
        Ask::send(vec![invite("Grace.Hopper@fabrikam.com")]),
    ));
    assert!(
        matches!(&told, Outcome::Moot { why: words, .. } if words.contains("already a guest")),
        "{told:?}"
    );
    assert_eq!(
        emulator.snapshot()["invitations"].as_array().unwrap().len(),
        1
    );

    let id = invited.user.clone();
    for (kind, expected) in [
        (ActKind::Block, None),
        (ActKind::Block, Some("is already blocked")),
        (ActKind::Unblock, None),
        (ActKind::Delete, None),
        (ActKind::Delete, Some("is already deleted")),
        (ActKind::Restore, None),
        (ActKind::Restore, Some("is not deleted")),
    ] {
        let words = format!("{kind:?}");
        let plan = act(kind.on(&Target::Guest(id.clone())).unwrap());
        let ended = outcome(&ask(&mut desk, Ask::send(vec![plan])));
        match expected {
            None => assert_eq!(ended, Outcome::Done { found: false }, "{words}"),
            Some(why) => assert_eq!(ended, moot(why), "{words}"),
        }
    }
    let acts: Vec<String> = desk
        .journal()
        .into_iter()
        .map(|(intent, _)| intent.act)
        .collect();
    assert_eq!(
        acts,
        [
            "invite",
            "block",
            "end-sessions",
            "unblock",
            "delete",
            "restore"
        ]
    );

    // Members are not this program's to touch.
    let answers = ask(&mut desk, Ask::Session);
    let [Answer::Session(session)] = answers.as_slice() else {
        panic!()
    };
    let refused = outcome(&ask(
        &mut desk,
        Ask::send(vec![act(Delete(session.me.clone()))]),
    ));
    assert!(matches!(refused, Outcome::Failed(_)), "{refused:?}");
}

#[test]
fn an_emulator_that_dies_in_the_middle_of_a_batch_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record.jsonl");
    let mut settings = Config {
        requests: 60,
        latency: Duration::from_millis(40),
        state: Some(folder.path().join("state")),
        record: Some(record.clone()),
        ..Config::default()
    };
    let emulator = Emulator::start(settings.clone()).unwrap();
    let patience = guestlist::graph::Patience {
        exchange: Duration::from_secs(10),
        read_back: Duration::from_secs(30),
        ..quick()
    };
    let mut desk = desk_in(
        tempfile::tempdir().unwrap(),
        config(&emulator.url(), emulator.token(), patience),
    );
    let queue: Vec<_> = queue(&mut desk)
        .into_iter()
        .filter(Request::mine)
        .take(20)
        .collect();
    assert_eq!(queue.len(), 20);
    let acts = queue
        .iter()
        .map(|row| decide(row.id.as_str(), true))
        .collect();
    settings.listen = emulator
        .url()
        .trim_start_matches("http://")
        .parse()
        .unwrap();

    let mut emulator = Some(emulator);
    let mut ended = Vec::new();
    let mut waited = false;
    let patches = || {
        let lines = std::fs::read_to_string(&record).unwrap();
        lines
            .lines()
            .filter(|line| line.contains(r#""method":"PATCH""#))
            .count()
    };
    for answer in desk.run(Ask::send(acts)) {
        match answer {
            Answer::Progress { words, .. } if words.starts_with("sending") => {
                let dying = emulator.take();
                std::thread::scope(|scope| {
                    scope.spawn(|| {
                        while patches() < 5 {
                            std::thread::yield_now();
                        }
                        drop(dying);
                    });
                });
            }
            Answer::Waiting { why, .. } if why.contains("unknown") => {
                waited = true;
                if emulator.is_none() {
                    emulator = Some(Emulator::start(settings.clone()).unwrap());
                }
            }
            Answer::Settled(_, end) => ended.push(as_sent(end.outcome)),
            _ => {}
        }
    }
    assert!(waited);
    assert_eq!(ended.len(), 20);
    assert!(ended.iter().all(Outcome::done), "{ended:?}");
    assert!(
        ended.contains(&Outcome::Done { found: true })
            && ended.contains(&Outcome::Done { found: false })
    );
    let done = std::fs::read_to_string(&record).unwrap();
    for row in &queue {
        let decided = done
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|l| {
                l["method"] == "PATCH" && l["path"].as_str().unwrap().contains(row.id.as_str())
            })
            .count();
        assert_eq!(decided, 1, "{}", row.id);
    }
}

fn beyond(answers: &[Answer]) -> (Vec<&Request>, Option<usize>) {
    let rows = answers.iter().filter_map(|answer| match answer {
        Answer::Beyond(rows) => Some(rows),
        _ => None,
    });
    let bounded = answers.iter().find_map(|answer| match answer {
        Answer::Bounded(read) => Some(*read),
        _ => None,
    });
    (rows.flatten().collect(), bounded)
}

#[test]
fn past_requests_are_read_by_filter_the_newest_first_and_not_without_end() {
    let (emulator, mut desk) = start(Config {
        guests: 10,
        past: 14_000,
        ..Config::default()
    });
    let answers = ask(&mut desk, Ask::Beyond(Beyond::All));
    well(&answers);
    let (rows, bounded) = beyond(&answers);
    let read = bounded.expect("there are more than are read");
    assert!((10_000..12_000).contains(&read), "{read}");
    assert!(rows.len() <= read && rows.len() > 9_000);
    assert!(
        rows.iter().all(|row| !row.pending()),
        "the queue brings those"
    );
    let created = |row: &&&Request| row.created;
    let oldest = rows.iter().min_by_key(created).unwrap().created.unwrap();
    let newest = rows.iter().max_by_key(created).unwrap().created.unwrap();
    let days = newest.duration_since(oldest).as_hours() / 24;
    assert!(
        (32..=64).contains(&days),
        "the newest spans of time: {days} days"
    );

    let answers = ask(&mut desk, Ask::Beyond(Beyond::Failed));
    let (failed, bounded) = beyond(&answers);
    assert_eq!(bounded, None);
    assert!((60..260).contains(&failed.len()), "{}", failed.len());

    let since = newest - jiff::SignedDuration::from_hours(24);
    let answers = ask(&mut desk, Ask::Beyond(Beyond::Decided { since }));
    let (decided, _) = beyond(&answers);
    assert!(decided.len() > 50, "{}", decided.len());
    assert!(
        decided
            .iter()
            .all(|row| row.decided().is_some_and(|at| at >= since))
    );

    let ids: Vec<_> = decided.iter().take(3).map(|row| row.id.clone()).collect();
    let answers = ask(&mut desk, Ask::Stages(ids));
    assert!(matches!(&answers[0], Answer::Stages(read) if read.len() == 3));
    drop(emulator);
}
