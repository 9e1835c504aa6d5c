//! Done means arrived: what Graph has only taken is followed to its end, and that end is told, with why; what this run
//! does not see the end of, the next one does.

use std::time::Duration;

use guestlist::acts::{Act, ActKind, Ended, PlanEnd};
use guestlist::emulator::faults::{
    DeliveryFate, FateEnd, FaultEffect as Effect, FaultRule as Rule,
};
use guestlist::journal::OutcomeWord as Word;
use guestlist::worker::plain::Plain;
use guestlist::worker::protocol::{Answer, Arrived, Ask, Following};

use super::request_acts::Tenant;
use super::table::{one, plan, write_of};
use super::{Desk, ask, config, quick};

fn followed() -> impl Iterator<Item = ActKind> {
    ActKind::ALL.iter().copied().filter(|kind| {
        matches!(
            kind,
            ActKind::Approve | ActKind::Reprocess | ActKind::Assign
        )
    })
}

fn fate(end: FateEnd) -> DeliveryFate {
    DeliveryFate {
        end,
        ..DeliveryFate::default()
    }
}

/// Sends an act whose delivery goes so, and follows it.
fn sent(tenant: &Tenant, desk: &mut Desk, act: Act, fate: DeliveryFate) -> Vec<Arrived> {
    let (method, path) = write_of(act.kind());
    let target = act.target();
    tenant.inject(Rule::new(Effect::Deliver(fate)).on(method, &format!("*{path}*")));
    let answers = ask(desk, Ask::send(vec![plan(act)]));
    let taken = answers
        .iter()
        .any(|answer| matches!(answer, Answer::Settled(_, end) if end.ended() == Ended::UnderWay));
    assert!(taken, "{answers:?}");
    follow(desk, vec![target])
}

fn follow(desk: &mut Plain, targets: Vec<guestlist::acts::Target>) -> Vec<Arrived> {
    let following = Following {
        targets,
        patience: quick().arrival,
    };
    let answers = ask(desk, Ask::Follow(following));
    let arrived = answers.into_iter().filter_map(|answer| match answer {
        Answer::Arrived(arrived) => Some(*arrived),
        _ => None,
    });
    arrived.collect()
}

fn words(end: &PlanEnd) -> String {
    end.words(|at| at.to_string())
}

#[test]
fn each_act_that_graph_only_takes_says_so_and_the_others_do_not() {
    for kind in ActKind::ALL.iter().copied() {
        let tenant = Tenant::open();
        let follows = one(&tenant, kind).rules().follows().is_some();
        assert_eq!(follows, followed().any(|one| one == kind), "{kind:?}");
    }
}

#[test]
fn a_delivery_is_told_as_it_ended_with_why_and_what_to_do() {
    for kind in followed() {
        for (fate, ended, code, word, said) in [
            (
                fate(FateEnd::Delivered),
                Ended::Done,
                0,
                Word::Done,
                "delivered",
            ),
            (
                DeliveryFate {
                    status: Some("SharePointSiteNotFound".into()),
                    ..fate(FateEnd::Partly)
                },
                Ended::NotDelivered,
                1,
                Word::Partly,
                "only in part: Graph says SharePointSiteNotFound",
            ),
            (
                fate(FateEnd::Failed),
                Ended::NotDelivered,
                1,
                Word::Failed,
                "could not be delivered: Graph does not say why",
            ),
            (
                DeliveryFate {
                    detail: Some("the badge office did not answer".into()),
                    ..fate(FateEnd::Failed)
                },
                Ended::NotDelivered,
                1,
                Word::Failed,
                "the badge office did not answer",
            ),
        ] {
            let tenant = Tenant::open();
            let mut desk = tenant.desk(quick());
            let act = one(&tenant, kind);
            let arrived = sent(&tenant, &mut desk, act, fate.clone());
            assert_eq!(arrived.len(), 1, "{kind:?}");
            let end = &arrived[0].end;
            let told = words(end);
            // A stage of several is passed, and nothing is delivered yet.
            if kind == ActKind::Approve && told.contains("waits for") {
                continue;
            }
            if fate.end == FateEnd::Failed && !told.contains(said) {
                // Whom it was to go to says it.
                assert!(
                    told.contains("account") || told.contains("invitation"),
                    "{told}"
                );
            } else {
                assert!(told.contains(said), "{kind:?} {fate:?}: {told}");
            }
            assert_eq!(end.ended(), ended, "{kind:?} {fate:?}: {told}");
            assert_eq!(end.exit_code(), code, "{kind:?}: {told}");
            assert_eq!(desk.journal().last().unwrap().1, Some(word), "{kind:?}");
            assert!(follow(&mut desk, Vec::new()).is_empty(), "told once");
        }
    }
}

#[test]
fn what_is_late_is_under_way_and_the_next_start_tells_how_it_ended() {
    let tenant = Tenant::open();
    let patience = guestlist::graph::Patience {
        arrival: Duration::from_millis(50),
        ..quick()
    };
    let mut desk = tenant.desk(patience);
    let late = DeliveryFate {
        seconds: 3_600.0,
        ..DeliveryFate::default()
    };
    let act = one(&tenant, ActKind::Assign);
    let arrived = sent(&tenant, &mut desk, act, late);
    assert_eq!(arrived[0].end.ended(), Ended::UnderWay);
    let told = words(&arrived[0].end);
    assert!(told.contains("is being delivered still"), "{told}");
    assert_eq!(
        arrived[0].end.exit_code(),
        1,
        "it is not known to have arrived"
    );
    assert_eq!(desk.outcomes(), [Word::Accepted]);
    let mut desk = desk.restart(config(&tenant.url(), &tenant.token(), patience));
    let _ = ask(&mut desk, Ask::Settle);
    assert_eq!(
        desk.outcomes(),
        [Word::Accepted],
        "it is not read back as if it were lost"
    );
    tenant.pass(Duration::from_secs(4_000));
    let arrived = follow(&mut desk, Vec::new());
    assert_eq!(arrived[0].end.ended(), Ended::Done, "{arrived:?}");
    assert_eq!(arrived[0].name.as_str(), "Somebody");
    assert_eq!(desk.outcomes(), [Word::Accepted, Word::Done]);
}

#[test]
fn what_another_run_that_lives_has_sent_is_followed_by_it_alone() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    let act = one(&tenant, ActKind::Assign);
    let target = act.target();
    let _ = ask(&mut desk, Ask::send(vec![plan(act)]));
    let client = config(&tenant.url(), &tenant.token(), quick());
    let mut beside = desk.beside(client);
    assert!(follow(&mut beside, Vec::new()).is_empty());
    let _ = ask(&mut beside, Ask::Settle);
    assert_eq!(follow(&mut desk, vec![target]).len(), 1);
    let outcomes = desk.outcomes();
    assert_eq!(outcomes, [Word::Accepted, Word::Done]);
}

#[test]
fn after_a_stage_of_several_it_is_said_who_decides_next() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    let mut waits = Vec::new();
    let mut plans = Vec::new();
    for answer in ask(&mut desk, Ask::Requests) {
        if let Answer::Stages(some) = answer {
            let mine = some
                .into_iter()
                .filter(|(_, stages)| stages.iter().any(|stage| stage.mine) && stages.len() > 1);
            plans.extend(mine.map(|(id, _)| super::decide(id.as_str(), true)));
        }
    }
    assert!(!plans.is_empty(), "somebody asks for what two stages guard");
    let targets = plans
        .iter()
        .filter_map(guestlist::acts::Plan::target)
        .collect();
    let _ = ask(&mut desk, Ask::send(plans));
    for arrived in follow(&mut desk, targets) {
        let told = words(&arrived.end);
        if told.contains("waits for") {
            assert_eq!(arrived.end.ended(), Ended::Done, "{told}");
            waits.push(told);
        }
    }
    assert!(!waits.is_empty());
    for told in &waits {
        assert!(
            told.starts_with("approved; stage 2 of 2 waits for "),
            "{told}"
        );
        assert!(!told.contains("waits for others"), "it is somebody: {told}");
    }
}
