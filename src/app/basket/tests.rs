//! What the basket and its review must do, without a worker.

use super::seen;
use crate::acts::kept::{Kept, KeptDecision};
use crate::acts::{ActKind, Outcome, Plan, PlanEnd, Target};
use crate::app::dialog::Dialog;
use crate::app::dialog::review::Totals;
use crate::app::key::Key;
use crate::app::state::State;
use crate::app::tests::{guest, happens, loaded, press, request, sent, session};
use crate::app::{Effect, What};
use crate::domain::guest::Guest;
use crate::domain::id::{RequestId, UserId};
use crate::domain::person::Person;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Request;
use crate::domain::text::Text;
use crate::worker::protocol::{Answer, Ask, JobId, Reply};

fn target(number: u32) -> Target {
    Target::Request(RequestId::new(&format!("r{number}")).unwrap())
}

fn answer(state: &mut State, job: JobId, answer: Answer) -> Vec<Effect> {
    happens(state, What::Reply(Reply { job, answer }))
}

/// Reads the queue and the guests again, as they are now.
fn read_again(state: &mut State, requests: Vec<Request>, guests: Vec<Guest>) {
    let (mut requests, mut guests) = (Some(requests), Some(guests));
    for effect in press(state, "R") {
        let Effect::Ask(job) = effect else { continue };
        let said = match job.ask {
            Ask::Requests => Answer::Requests(requests.take().unwrap()),
            Ask::Guests(_) => Answer::Guests(guests.take().unwrap()),
            _ => continue,
        };
        answer(state, job.id, said);
        answer(state, job.id, Answer::Done);
    }
}

fn plans(effects: &[Effect]) -> Vec<Plan> {
    let sends = effects.iter().find_map(|effect| match effect {
        Effect::Ask(job) => match &job.ask {
            Ask::Send { plans, .. } => Some(plans.clone()),
            _ => None,
        },
        _ => None,
    });
    sends.unwrap_or_default()
}

fn end(kind: ActKind, number: u32, outcome: Outcome) -> Box<PlanEnd> {
    Box::new(PlanEnd::of(&kind.on(&target(number)).unwrap(), outcome))
}

fn keeps(effects: &[Effect]) -> Vec<(JobId, Kept)> {
    let kept = effects.iter().filter_map(|effect| match effect {
        Effect::Ask(job) => match &job.ask {
            Ask::Keep(kept) => Some((job.id, kept.clone())),
            _ => None,
        },
        _ => None,
    });
    kept.collect()
}

/// Somebody signs in, and this is what they had left. Gives back the writings this begins.
fn signed_in(state: &mut State, left: Option<Kept>) -> Vec<(JobId, Kept)> {
    let session = session();
    let mut left = Some(left);
    let mut effects = press(state, "R");
    let mut writings = Vec::new();
    while let Some(effect) = effects.pop() {
        writings.extend(keeps(std::slice::from_ref(&effect)));
        let Effect::Ask(job) = effect else { continue };
        let said = match job.ask {
            Ask::Session => Answer::Session(Box::new(session.clone())),
            Ask::Kept => Answer::Kept(left.take().unwrap()),
            _ => continue,
        };
        effects.extend(answer(state, job.id, said));
        effects.extend(answer(state, job.id, Answer::Done));
    }
    writings
}

fn kept(number: u32, kind: ActKind) -> KeptDecision {
    KeptDecision {
        target: target(number),
        kind,
        reason: None,
        stage: None,
        rule: None,
        left_out: false,
        seen: None,
    }
}

fn left(decisions: Vec<KeptDecision>) -> Kept {
    Kept {
        saved: jiff::Timestamp::UNIX_EPOCH,
        reasons: [(ActKind::Approve, "as last week".into())].into(),
        decisions,
    }
}

#[test]
fn a_send_goes_in_the_order_of_the_queue_verdict_by_verdict() {
    let mut state = loaded(11, 0);
    press(&mut state, "*a<Esc>gd");
    let sent = plans(&press(&mut state, "sR{name} at {domain}<Enter>y"));
    let ids: Vec<String> = sent
        .iter()
        .map(|plan| plan.target().unwrap().as_str().to_owned())
        .collect();
    // Every fourth waits for somebody else; the first is denied.
    assert_eq!(
        ids,
        ["r2", "r3", "r5", "r6", "r7", "r9", "r10", "r11", "r1"]
    );
    assert_eq!(sent[0].reason, "Person 2 at fabrikam.com");
    assert_eq!(sent[1].reason, "Person 3 at adatum.com");
}

#[test]
fn a_reason_goes_with_the_verdict_it_was_written_for() {
    let mut state = loaded(3, 0);
    press(&mut state, "*a<Esc>gds");
    // The cursor is on an approval: what is written is no reason of the denial, which still wants one.
    let effects = press(&mut state, "rknown<Enter>y");
    assert!(plans(&effects).is_empty(), "the denial has no reason");
    // It went to what lacks one, so that the same keys write it there.
    let sent = plans(&press(&mut state, "rlook-alike domain<Enter>y"));
    let reasons: Vec<(&str, ActKind)> = sent
        .iter()
        .map(|plan| (plan.reason.as_str(), plan.steps[0].kind()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("known", ActKind::Approve),
            ("known", ActKind::Approve),
            ("look-alike domain", ActKind::Deny)
        ]
    );
}

#[test]
fn what_is_warned_of_is_counted_reached_and_left_out() {
    let mut state = loaded(3, 0);
    let hidden = Request {
        requestor: Person {
            name: Text::new("Ma\u{200b}llory"),
            ..request(2, true).requestor
        },
        ..request(2, true)
    };
    read_again(
        &mut state,
        vec![request(1, true), hidden, request(3, true)],
        vec![],
    );
    press(&mut state, "*as");
    let before = Totals::of(&state);
    let named = |totals: &Totals| {
        totals
            .signals
            .iter()
            .any(|&(name, n)| name == "hidden chars" && n == 1)
    };
    assert!(named(&before), "{before:?}");
    let row = |state: &State| match &state.screen.dialog {
        Some(Dialog::Review(review)) => review.row(state).map(|(_, row)| row),
        _ => None,
    };
    for keys in ["]", "["] {
        press(&mut state, keys);
        assert!(row(&state).is_some());
    }
    press(&mut state, "o");
    let after = Totals::of(&state);
    assert_eq!(after.warned, 0);
    assert_eq!(
        (after.all, after.left_out),
        (3 - before.warned, before.warned)
    );
    press(&mut state, "]");
    let Some(Dialog::Review(review)) = &state.screen.dialog else {
        panic!("the review is open")
    };
    assert!(review.wrong.is_some(), "there is none any more");
}

#[test]
fn the_key_after_a_verdict_is_about_it_though_the_cursor_has_stepped_on() {
    let mut state = loaded(3, 0);
    press(&mut state, "gau");
    assert!(state.basket.is_empty());
    let said = state.said.notices.toast.as_ref().unwrap().text.clone();
    assert_eq!(said, "Person 1: approve taken back");
    press(&mut state, "gdwas it seems<Enter>");
    let reason = state.basket.get(&target(1)).and_then(|d| d.reason.clone());
    assert_eq!(reason.as_deref(), Some("as it seems"));
    // After any other key it is about the row under the cursor alone.
    press(&mut state, "kju");
    assert_eq!(state.basket.len(), 1);
}

#[test]
fn a_reason_typed_where_nothing_is_staged_runs_as_no_command() {
    let mut state = loaded(3, 0);
    press(&mut state, "wask again, was denied<Enter>");
    assert!(state.basket.is_empty());
    press(&mut state, "aw<Up>");
    let Some(Dialog::Reason(reason)) = &state.screen.dialog else {
        panic!("the reason is being written")
    };
    assert_eq!(reason.writing.value(), "ask again, was denied");
}

#[test]
fn what_is_left_out_stays_and_is_still_left_out_when_the_review_opens_again() {
    let mut state = loaded(4, 0);
    press(&mut state, "*as<Space><Esc>s");
    let totals = Totals::of(&state);
    assert_eq!((totals.all, totals.left_out), (2, 1));
    let (job, count) = sent(&press(&mut state, "y")).unwrap();
    assert_eq!(count, 2);
    for number in [2, 3] {
        let done = end(ActKind::Approve, number, Outcome::Done { found: false });
        answer(&mut state, job, Answer::Settled(target(number), done));
    }
    answer(&mut state, job, Answer::Done);
    assert_eq!(state.basket.len(), 1);
    assert!(
        sent(&press(&mut state, "sy")).is_none(),
        "nothing is left to send"
    );
    assert!(
        sent(&press(&mut state, "<Space>y")).is_some(),
        "unless it is put back"
    );
}

#[test]
fn a_number_typed_is_forgotten_when_another_is_asked_for() {
    let mut state = loaded(40, 0);
    press(&mut state, "*as30");
    assert!(sent(&press(&mut state, "<Space>y")).is_none(), "29 now");
    assert_eq!(
        sent(&press(&mut state, "29y")).map(|(_, count)| count),
        Some(29)
    );
}

#[test]
fn a_row_that_has_changed_since_it_was_staged_says_what() {
    let mut state = loaded(3, 0);
    press(&mut state, "*a");
    assert_eq!(Totals::of(&state).changed, 0);
    let mut second = request(2, true);
    second.justification = "another audit".into();
    let mut known = guest(1);
    known.mail = "p1@adatum.com".into();
    read_again(&mut state, vec![request(1, true), second], vec![known]);
    let changes = |state: &State, number| {
        let target = target(number);
        seen::changes(state, &target, state.basket.get(&target).unwrap())
    };
    assert_eq!(changes(&state, 2), ["the justification has changed"]);
    let guest_now = changes(&state, 1);
    assert!(
        guest_now
            .iter()
            .any(|change| change.starts_with("a guest now (")),
        "{guest_now:?}"
    );
    let gone = target(3);
    let bar = seen::bar(&state, &gone, state.basket.get(&gone).unwrap());
    assert_eq!(bar.as_deref(), Some("is not in the queue any more"));
    let totals = Totals::of(&state);
    assert_eq!((totals.all, totals.changed, totals.barred), (3, 2, 1));
    // Staged anew on what is seen now, nothing has changed.
    press(&mut state, "*u*a");
    assert_eq!(Totals::of(&state).changed, 0);
}

#[test]
fn nothing_is_sent_while_the_rows_are_read_again() {
    let mut state = loaded(3, 0);
    press(&mut state, "*a");
    let opened = happens(&mut state, What::Key(Key::char('s')));
    let look = opened.iter().find_map(|effect| match effect {
        Effect::Ask(job) if matches!(job.ask, Ask::Look(_)) => Some(job.id),
        _ => None,
    });
    let look = look.expect("however fresh the list is");
    assert!(sent(&press(&mut state, "y")).is_none());
    answer(&mut state, look, Answer::Done);
    assert_eq!(
        sent(&press(&mut state, "y")).map(|(_, count)| count),
        Some(3)
    );
}

#[test]
fn what_has_changed_is_sent_only_after_a_fresh_look_at_each() {
    let mut state = loaded(3, 0);
    press(&mut state, "*a");
    let (mut first, mut second) = (request(1, true), request(2, true));
    first.requestor.name = "Somebody Else".into();
    second.justification = "another audit".into();
    read_again(
        &mut state,
        vec![first, second, request(3, true)],
        Vec::new(),
    );
    assert!(sent(&press(&mut state, "sy")).is_none());
    assert!(
        sent(&press(&mut state, "y")).is_none(),
        "not by the same key"
    );
    assert!(sent(&press(&mut state, "vy")).is_none(), "one is left");
    // The keys are for the other one now.
    assert_eq!(
        sent(&press(&mut state, "vy")).map(|(_, count)| count),
        Some(3)
    );
}

#[test]
fn a_row_takes_the_last_answer_with_the_reason_it_was_sent_with() {
    let mut state = loaded(7, 0);
    press(&mut state, "=");
    assert!(state.basket.is_empty(), "nothing was answered before");
    press(&mut state, "dsrnot ours<Enter>y");
    press(&mut state, "j=");
    let staged: Vec<_> = state
        .basket
        .waiting()
        .map(|(_, decision)| decision)
        .collect();
    assert_eq!(staged.len(), 1);
    assert_eq!(staged[0].kind, ActKind::Deny);
    assert_eq!(staged[0].reason.as_deref(), Some("not ours"));
    // In the guests' list the last answer is none.
    press(&mut state, "3=");
    assert_eq!(state.basket.waiting().count(), 1);
}

#[test]
fn a_failure_keeps_its_reason_and_a_stop_is_none() {
    let mut state = loaded(3, 0);
    let (job, _) = sent(&press(&mut state, "*dsrnot ours<Enter>y")).unwrap();
    assert!(press(&mut state, "C").contains(&Effect::Cancel(job)));
    let failed = |number, kind| {
        let problem = Problem::new(kind, "It did not work", "");
        end(ActKind::Deny, number, Outcome::Failed(problem))
    };
    answer(
        &mut state,
        job,
        Answer::Settled(target(1), failed(1, ProblemKind::Service)),
    );
    answer(
        &mut state,
        job,
        Answer::Settled(target(2), failed(2, ProblemKind::Cancelled)),
    );
    answer(&mut state, job, Answer::Done);
    let of = |number| state.basket.get(&target(number)).unwrap();
    assert!(of(1).failed.is_some());
    assert!(of(2).failed.is_none() && of(3).failed.is_none());
    let said = state.said.notices.toast.as_ref().unwrap().text.clone();
    assert!(
        said.contains("1 not done") && said.contains("2 not sent"),
        "{said}"
    );
    // The reason they were to be sent with serves again.
    assert!(sent(&press(&mut state, "sy")).is_some());
}

#[test]
fn the_basket_is_written_as_it_changes_one_writing_at_a_time() {
    let mut state = loaded(7, 0);
    assert!(
        keeps(&press(&mut state, "a")).is_empty(),
        "whose would it be?"
    );
    // Written once it is known.
    let (under_way, first) = signed_in(&mut state, None).pop().unwrap();
    assert_eq!(first.decisions.len(), 1);
    assert!(keeps(&press(&mut state, "aw{name} called<Enter>")).is_empty());
    let next = keeps(&answer(&mut state, under_way, Answer::Done));
    assert_eq!(next.len(), 1);
    let (job, kept) = &next[0];
    assert_eq!(kept.decisions.len(), state.basket.len());
    assert!(
        keeps(&answer(&mut state, *job, Answer::Done)).is_empty(),
        "it has not changed"
    );
    // Leaving writes what is not written yet, whatever is under way.
    press(&mut state, "gu");
    assert_eq!(
        keeps(&press(&mut state, "ju")).len(),
        0,
        "the first is under way"
    );
    let last = keeps(&happens(&mut state, What::Terminate));
    assert!(state.over);
    assert_eq!(last.len(), 1);
    assert_eq!(last[0].1.decisions.len(), state.basket.len());
}

#[test]
fn what_was_left_is_kept_until_somebody_answers_for_it() {
    let mut state = loaded(7, 0);
    let decisions = vec![
        kept(1, ActKind::Approve),
        kept(2, ActKind::Deny),
        kept(90, ActKind::Deny),
    ];
    signed_in(&mut state, Some(left(decisions)));
    assert!(state.screen.dialog.is_none() && state.basket.is_empty());
    // A new decision does not take the others' place.
    let effects = press(&mut state, "jd");
    let (_, written) = keeps(&effects).pop().unwrap();
    assert_eq!(written.decisions.len(), 3);
    assert_eq!(
        written.reasons,
        [(ActKind::Approve, "as last week".into())].into()
    );
    press(&mut state, "b<Enter>");
    assert!(state.keeping.offer.is_some(), "the default is later");
    let effects = press(&mut state, "by");
    assert_eq!(state.basket.len(), 3);
    assert_eq!(
        state.basket.get(&target(2)).unwrap().name.as_str(),
        "Person 2"
    );
    let (job, looks) = effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Ask(job) => match &job.ask {
                Ask::Look(acts) => Some((job.id, acts.len())),
                _ => None,
            },
            _ => None,
        })
        .expect("they are looked at");
    assert_eq!(looks, 3);
    let gone = crate::worker::protocol::Looked {
        target: target(90),
        request: None,
        ends: Ok(Some(Outcome::Moot {
            why: "was taken back".into(),
            so: false,
        })),
    };
    answer(&mut state, job, Answer::Looked(vec![gone]));
    answer(&mut state, job, Answer::Done);
    assert_eq!(state.basket.len(), 2);
    let said = state.said.notices.toast.as_ref().unwrap().text.clone();
    assert!(
        said.contains("1 of 2 were decided elsewhere meanwhile: r90 (was taken back)"),
        "{said}"
    );
}

#[test]
fn discarding_forgets_what_was_left_and_quitting_does_not() {
    let offered = || Some(left(vec![kept(1, ActKind::Approve)]));
    let mut state = loaded(3, 0);
    signed_in(&mut state, offered());
    let effects = press(&mut state, "q");
    assert!(
        state.over && keeps(&effects).is_empty(),
        "it stays as it is"
    );

    let mut state = loaded(3, 0);
    signed_in(&mut state, offered());
    let effects = press(&mut state, "bd");
    assert!(keeps(&effects).pop().unwrap().1.decisions.is_empty());

    let mut state = loaded(3, 0);
    signed_in(&mut state, offered());
    let (under_way, _) = keeps(&press(&mut state, "jaq")).pop().unwrap();
    assert!(matches!(state.screen.dialog, Some(Dialog::Quit(_))));
    answer(&mut state, under_way, Answer::Done);
    let effects = press(&mut state, "d");
    let (_, written) = keeps(&effects).pop().unwrap();
    assert_eq!(
        written.decisions,
        left(vec![kept(1, ActKind::Approve)]).decisions
    );
}

#[test]
fn a_directory_role_is_warned_of_before_anything_is_taken_away() {
    let mut state = loaded(0, 3);
    let effects = press(&mut state, "3*xb");
    let job = effects.iter().find_map(|effect| match effect {
        Effect::Ask(job) => match &job.ask {
            Ask::Roles(people) => Some((job.id, people.clone())),
            _ => None,
        },
        _ => None,
    });
    let (job, people) = job.expect("what is to be taken from is looked at");
    assert_eq!(people.len(), 3);
    let decision = |state: &State, id: &UserId| {
        let target = Target::Guest(id.clone());
        let decision = state.basket.get(&target).unwrap();
        seen::role(state, &target, decision)
    };
    assert!(
        decision(&state, &people[0])
            .unwrap()
            .ends_with("is not known yet")
    );
    let roles = [
        Some(vec!["Global Administrator".into()]),
        Some(Vec::new()),
        None,
    ];
    let roles = people.iter().cloned().zip(roles).collect();
    answer(&mut state, job, Answer::Roles(roles));
    answer(&mut state, job, Answer::Done);
    let said = people.iter().map(|id| decision(&state, id));
    let said: Vec<Option<String>> = said.collect();
    assert_eq!(
        said,
        [
            Some("holds the directory role Global Administrator".into()),
            None,
            Some("whether they hold a directory role could not be read".into()),
        ]
    );
    let totals = Totals::of(&state);
    assert_eq!(
        totals.signals,
        [("directory role", 1), ("directory roles not known", 1)]
    );
    assert_eq!(totals.warned, 3, "no reason is written yet");
}
