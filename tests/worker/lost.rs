//! Writes whose answer was lost: read back before anything is sent again, and never done twice.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use guestlist::acts::{Block, Delete, Outcome, Plan};
use guestlist::domain::problem::ProblemKind;
use guestlist::domain::request::ReviewResult;
use guestlist::journal::OutcomeWord;
use guestlist::worker::protocol::{Answer, Ask};

use super::one_graph::{Fault, World, start};
use super::{TOKEN, act, ask, config, decide, invite, moot, outcome, outcomes, plain, quick, user};

fn waiting(n: usize) -> World {
    World {
        verdicts: (0..n).map(|i| (format!("row{i}"), None)).collect(),
        guests: (0..n).map(|i| (format!("row{i}"), true)).collect(),
        ..World::default()
    }
}

fn acts(n: usize) -> Vec<Plan> {
    (0..n)
        .map(|i| decide(&format!("row{i}"), i % 2 == 0))
        .collect()
}

#[test]
fn a_decision_that_arrived_is_found_and_not_sent_again() {
    for fault in [Fault::FailsAfter, Fault::HangsUpAfter, Fault::PageAfter] {
        let (server, world) = start(World {
            faults: vec![fault],
            ..waiting(1)
        });
        let answers = ask(
            &mut plain(&server.url()),
            Ask::send(vec![decide("row0", true)]),
        );
        assert_eq!(
            outcome(&answers),
            Outcome::Done { found: true },
            "{fault:?}"
        );
        assert_eq!(world.lock().unwrap().writes["row0"], 1, "{fault:?}");
    }
}

#[test]
fn a_decision_that_did_not_arrive_is_sent_once_more() {
    for fault in [Fault::FailsBefore, Fault::HangsUpBefore] {
        let (server, world) = start(World {
            faults: vec![fault],
            ..waiting(1)
        });
        let mut plain = plain(&server.url());
        let answers = ask(&mut plain, Ask::send(vec![decide("row0", true)]));
        assert_eq!(
            outcome(&answers),
            Outcome::Done { found: false },
            "{fault:?}"
        );
        assert_eq!(world.lock().unwrap().writes["row0"], 1, "{fault:?}");
        assert_eq!(server.writes().len(), 2);
        let ids: Vec<_> = server
            .writes()
            .iter()
            .map(|w| w.header("client-request-id").map(str::to_owned))
            .collect();
        assert_ne!(
            ids[0], ids[1],
            "a second sending is another entry in the journal"
        );
    }
}

#[test]
fn twice_without_a_trace_is_enough() {
    let (server, world) = start(World {
        faults: vec![Fault::HangsUpBefore; 3],
        ..waiting(1)
    });
    let answers = ask(
        &mut plain(&server.url()),
        Ask::send(vec![decide("row0", true)]),
    );
    let Outcome::Failed(problem) = outcome(&answers) else {
        panic!("{answers:?}")
    };
    assert!(problem.what.contains("did not arrive"), "{problem}");
    assert_eq!(world.lock().unwrap().faults.len(), 1);
}

#[test]
fn a_batch_of_which_nobody_knows_is_read_back_row_by_row() {
    for fault in [
        Fault::HangsUpAfter,
        Fault::HalvesAfter,
        Fault::FailsAfter,
        Fault::HangsUpBefore,
    ] {
        let (server, world) = start(World {
            faults: vec![fault],
            blind: 3,
            ..waiting(45)
        });
        // The looks before sending are blind at first too: reads have patience.
        let answers = ask(&mut plain(&server.url()), Ask::send(acts(45)));
        let outcomes = outcomes(&answers);
        assert_eq!(outcomes.len(), 45);
        assert!(
            outcomes.iter().all(|(_, o)| o.done()),
            "{fault:?}: {outcomes:?}"
        );
        let world = world.lock().unwrap();
        assert!(world.writes.values().all(|n| *n == 1), "{fault:?}");
        assert!(world.verdicts.iter().all(|(id, v)| {
            let odd = id.trim_start_matches("row").parse::<usize>().unwrap() % 2 == 1;
            v.as_ref().unwrap().0 == if odd { "Denied" } else { "Approved" }
        }));
        assert!(answers.iter().any(
            |a| matches!(a, Answer::Waiting { why, .. } if why.contains("20 outcomes unknown"))
        ));
    }
}

#[test]
fn throttled_writes_wait_and_only_they_are_sent_again() {
    for (fault, writes) in [(Fault::Throttles, 60), (Fault::ThrottlesHalf, 20 + 10 + 5)] {
        let (server, world) = start(World {
            faults: vec![fault; 2],
            ..waiting(20)
        });
        let answers = ask(&mut plain(&server.url()), Ask::send(acts(20)));
        let outcomes = outcomes(&answers);
        assert_eq!(outcomes.len(), 20);
        assert!(
            outcomes
                .iter()
                .all(|(_, o)| *o == Outcome::Done { found: false })
        );
        assert!(world.lock().unwrap().writes.values().all(|n| *n == 1));
        assert_eq!(
            server.writes().len(),
            writes + batches(&server),
            "{fault:?}"
        );
    }
}

/// How many batches of writes there were: each counts among the writes as the POST it is.
fn batches(server: &crate::support::scripted::Server) -> usize {
    let writes = server.writes();
    writes
        .iter()
        .filter(|seen| seen.target.ends_with("/$batch"))
        .count()
}

#[test]
fn what_others_decided_is_told_and_not_sent() {
    let mut world = waiting(3);
    world
        .verdicts
        .insert("row1".into(), Some(("Denied".into(), "Lynne".into())));
    world.verdicts.remove("row2");
    let (server, world) = start(world);
    let answers = ask(&mut plain(&server.url()), Ask::send(acts(3)));
    let outcomes: std::collections::HashMap<_, _> = outcomes(&answers).into_iter().collect();
    assert_eq!(outcomes["row0"], Outcome::Done { found: false });
    assert!(matches!(&outcomes["row1"],
        Outcome::Already { result: ReviewResult::Denied, by, at: Some(_), .. } if by.as_str() == "Lynne"));
    assert!(matches!(outcomes["row2"], Outcome::Moot { why: _, .. }));
    assert_eq!(world.lock().unwrap().writes.len(), 1);
}

#[test]
fn guests_are_blocked_and_deleted_once() {
    for fault in [Fault::FailsAfter, Fault::HangsUpAfter, Fault::HangsUpBefore] {
        let (server, world) = start(World {
            faults: vec![fault],
            ..waiting(3)
        });
        let acts = vec![
            act(Block(user("row0"))),
            act(Delete(user("row1"))),
            act(Delete(user("gone"))),
        ];
        let answers = ask(&mut plain(&server.url()), Ask::send(acts));
        let outcomes: std::collections::HashMap<_, _> = outcomes(&answers).into_iter().collect();
        assert!(
            outcomes["row0"].done() && outcomes["row1"].done(),
            "{outcomes:?}"
        );
        assert_eq!(outcomes["gone"], moot("is already deleted"));
        let world = world.lock().unwrap();
        assert_eq!(
            (world.guests.get("row0"), world.guests.get("row1")),
            (Some(&false), None)
        );
        assert!(
            world.writes.values().all(|n| *n == 1),
            "{fault:?}: {:?}",
            world.writes
        );
    }
}

#[test]
fn an_invitation_is_never_sent_twice() {
    let mail = "ada@fabrikam.com";
    // It arrived, and shows up late.
    let (server, world) = start(World {
        faults: vec![Fault::FailsAfter],
        lag: 3,
        ..World::default()
    });
    let mut plain1 = plain(&server.url());
    let answers = ask(&mut plain1, Ask::send(vec![invite(mail)]));
    assert_eq!(outcome(&answers), Outcome::Done { found: true });
    assert!(
        answers
            .iter()
            .any(|a| matches!(a, Answer::Note(words) if words.contains("redeem link was lost")))
    );
    assert_eq!(world.lock().unwrap().invited, [mail]);
    // It is a guest now: nothing is sent.
    assert!(matches!(
        outcome(&ask(&mut plain1, Ask::send(vec![invite(mail)]))),
        Outcome::Moot { why: _, .. }
    ));
    assert_eq!(server.writes().len(), 1);

    // It did not arrive, and nobody can be sure.
    let (server, _) = start(World {
        faults: vec![Fault::HangsUpBefore],
        ..World::default()
    });
    let answers = ask(&mut plain(&server.url()), Ask::send(vec![invite(mail)]));
    let Outcome::Unknown(problem) = outcome(&answers) else {
        panic!("{answers:?}")
    };
    assert!(problem.to_string().contains("invite again"), "{problem}");
    assert_eq!(server.writes().len(), 1);
}

#[test]
fn nothing_is_sent_where_nothing_answers() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let answers = ask(&mut plain(&format!("http://{free}")), Ask::send(acts(2)));
    assert_eq!(super::failed(&answers).kind, ProblemKind::Unreachable);
}

#[test]
fn an_earlier_session_is_read_back_at_the_next_start() {
    // The program ends while a write hangs; what it wrote had arrived.
    for (fault, word) in [
        (Fault::SulksAfter, OutcomeWord::Done),
        (Fault::SulksBefore, OutcomeWord::NotSent),
    ] {
        let (server, world) = start(World {
            faults: vec![fault],
            ..waiting(1)
        });
        let mut desk = plain(&server.url());
        let mut answers = desk.run(Ask::send(vec![decide("row0", true)]));
        assert!(
            answers.any(
                |a| matches!(a, Answer::Progress { words, .. } if words.starts_with("sending"))
            )
        );
        while server.writes().is_empty() {
            std::thread::yield_now();
        }
        std::mem::forget(answers);
        let begun = Instant::now();
        let mut desk = desk.restart(config(&server.url(), TOKEN, quick()));
        assert!(begun.elapsed() < Duration::from_millis(1_500));
        assert!(matches!(
            &desk.journal()[..],
            [(_, Some(OutcomeWord::Unknown))]
        ));

        let answers = ask(&mut desk, Ask::Settle);
        assert_eq!(outcomes(&answers).len(), 1);
        assert!(answers.iter().any(
            |a| matches!(a, Answer::Note(words) if words.contains("1 act of an earlier session"))
        ));
        assert!(
            matches!(&desk.journal()[..], [(_, Some(last))] if *last == word),
            "{fault:?}"
        );
        assert!(
            outcomes(&ask(&mut desk, Ask::Settle)).is_empty(),
            "once is enough"
        );
        assert!(
            world
                .lock()
                .unwrap()
                .writes
                .get("row0")
                .is_none_or(|n| *n == 1)
        );
        assert_eq!(server.writes().len(), 1, "reading back sends nothing");
    }
}

#[test]
fn a_cancelled_send_stops_between_batches() {
    let (server, world) = start(waiting(60));
    let mut desk = plain(&server.url());
    let mut answers = desk.run(Ask::send(acts(60)));
    assert!(answers.any(|a| matches!(a, Answer::Settled(..))));
    drop(answers);
    // The next write waits for the cancelled one to end.
    ask(&mut desk, Ask::Settle);
    let written = world.lock().unwrap().writes.len();
    assert!(written >= 20 && written.is_multiple_of(20), "{written}");
    assert!(desk.journal().iter().all(|(_, word)| word.is_some()));
}
