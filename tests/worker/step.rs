//! What a step of a plan leaves behind: in the journal, and in what is said of it.

use guestlist::acts::{ActKind, Ended};
use guestlist::emulator::faults::{FaultEffect as Effect, FaultRule as Rule};
use guestlist::journal::OutcomeWord as Word;
use guestlist::worker::protocol::{Answer, Ask};
use jiff::{SignedDuration, Timestamp};

use super::request_acts::Tenant;
use super::table::{after_a_kill, ends, intended, one, plan, told, write_of};
use super::{ask, moot, quick};

/// Refuses the next write of an act.
fn refuse(tenant: &Tenant, kind: ActKind, status: u16, after: bool) {
    let (method, path) = write_of(kind);
    let refused = Rule::new(Effect::Fail {
        status,
        after,
        retry_after: None,
    });
    tenant.inject(refused.on(method, &format!("*{path}*")).times(1));
}

/// What was noted while an earlier session was read back, of an act that was killed `sent` or not.
fn noted(kind: ActKind, sent: bool) -> Vec<String> {
    let moment = Timestamp::now();
    let was = Tenant::at(moment);
    let (_, lines) = intended(&was, kind, 2);
    let tenant = if sent { was } else { Tenant::at(moment) };
    let mut desk = after_a_kill(&tenant, &lines, SignedDuration::ZERO);
    let answers = ask(&mut desk, Ask::Settle);
    let notes = answers.into_iter().filter_map(|answer| match answer {
        Answer::Note(words) => Some(words),
        _ => None,
    });
    notes.collect()
}

#[test]
fn what_was_read_back_is_summed_up_whatever_it_came_to() {
    for (kind, sent, sum) in [
        (ActKind::Cancel, true, "1 had arrived, 0 had not"),
        (ActKind::Cancel, false, "0 had arrived, 1 had not"),
        (
            ActKind::Invite,
            false,
            "0 had arrived, 0 had not, 1 not known yet",
        ),
    ] {
        let note = format!("1 act of an earlier session read back: {sum}");
        assert_eq!(noted(kind, sent), [note], "{kind:?}");
    }
}

#[test]
fn each_step_stands_in_the_journal_with_its_place_in_its_plan() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    let block = plan(one(&tenant, ActKind::Block));
    let ends = ends(&ask(&mut desk, Ask::send(vec![block])));
    assert_eq!(ends[0].ended(), Ended::Done, "{ends:?}");
    let steps: Vec<_> = desk
        .journal()
        .into_iter()
        .map(|(intent, _)| (intent.act, intent.plan.unwrap()))
        .collect();
    let places: Vec<_> = steps
        .iter()
        .map(|(act, place)| (act.as_str(), place.step, place.of, place.rest.len()))
        .collect();
    assert_eq!(places, [("block", 1, 2, 1), ("end-sessions", 2, 2, 0)]);
    assert_eq!(steps[0].1.plan, steps[1].1.plan);
}

#[test]
fn a_plan_whose_first_step_was_refused_is_not_half_done() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    refuse(&tenant, ActKind::Block, 400, false);
    let block = plan(one(&tenant, ActKind::Block));
    let ends = ends(&ask(&mut desk, Ask::send(vec![block])));
    assert_eq!(ends[0].ended(), Ended::Failed, "{ends:?}");
    assert_eq!(told(&desk, ActKind::Block)[0].0, Some(Word::Failed));
    let answers = ask(&mut desk, Ask::HalfDone);
    assert!(
        answers.contains(&Answer::HalfDone(Vec::new())),
        "nothing is done of it: {answers:?}"
    );
}

#[test]
fn what_was_refused_at_its_first_sending_is_told_by_how_things_stand_and_not_as_done_by_it() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    // Somebody else blocks them between the look and the write, which is refused for it.
    refuse(&tenant, ActKind::Block, 409, true);
    let block = plan(one(&tenant, ActKind::Block));
    let ends = ends(&ask(&mut desk, Ask::send(vec![block])));
    assert_eq!(ends[0].outcome, moot("is already blocked"));
    assert_eq!(told(&desk, ActKind::Block)[0].0, Some(Word::Conflict));
}
