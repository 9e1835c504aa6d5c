//! Screens of deciding: a basket of an earlier session, reasons, a review that warns, and how a send ended.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::fixture::{answer, happens, loaded, now, press};
use super::screens::{frame, same, shown, words};
use crate::acts::kept::{Kept, KeptDecision};
use crate::acts::{ActKind, Outcome, PlanEnd, Target};
use crate::app::{Effect, What};
use crate::domain::id::RequestId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::ReviewResult;
use crate::ui::Theme;
use crate::worker::protocol::{Answer, Ask, Job};

#[test]
fn deciding() {
    let mut state = loaded((80, 24));
    // What an earlier session left, on the status line and asked.
    let kept = |number: usize, kind| KeptDecision {
        target: Target::Request(RequestId::new(&format!("r{number}")).unwrap()),
        kind,
        reason: None,
        stage: None,
        rule: None,
        left_out: false,
        seen: None,
    };
    state.keeping.offer = Some(Kept {
        saved: now() - SignedDuration::from_mins(25),
        reasons: [].into(),
        decisions: vec![
            kept(1, ActKind::Approve),
            kept(7, ActKind::Deny),
            kept(90, ActKind::Deny),
        ],
    });
    let mut all = words(&frame(&state, &Theme::color()));
    press(&mut state, "b");
    all += &words(&frame(&state, &Theme::color()));
    press(&mut state, "d");
    // A reason of its own, with blanks in it.
    press(&mut state, "jjdkw{name} is not known at {domain}");
    all += &words(&frame(&state, &Theme::color()));
    // The review of what has changed, is left out, and will not be possible.
    press(&mut state, "<Enter>jajdja");
    let gone = |number: usize| RequestId::new(&format!("r{number}")).unwrap();
    state.data.requests.change(&gone(3), |row| {
        row.request.justification = "Something else by now".into();
    });
    state.data.requests.remove(&HashSet::from([gone(6)]));
    press(&mut state, "sj<Space>");
    all += &words(&frame(&state, &Theme::color()));
    same("deciding-80x24", &all);
    happens(&mut state, What::Resize(160, 48));
    let mut all = shown(&frame(&state, &Theme::color()));
    // How it ended.
    press(&mut state, "<Esc>");
    let effects = press(&mut state, "sRnot one of ours<Enter>y");
    let (job, plans) = effects
        .into_iter()
        .find_map(|effect| match effect {
            Effect::Ask(Job {
                id,
                ask: Ask::Send { plans, .. },
                ..
            }) => Some((id, plans)),
            _ => None,
        })
        .unwrap();
    let mut outcomes = vec![
        Outcome::Done { found: false },
        Outcome::Already {
            result: ReviewResult::Approved,
            so: false,
            by: "Miriam Graham".into(),
            at: Some(now() - SignedDuration::from_mins(29)),
        },
        Outcome::Failed(Problem::new(
            ProblemKind::Service,
            "Graph has trouble (503)",
            "Try again in a moment",
        )),
    ]
    .into_iter();
    for plan in plans {
        if let Some(outcome) = outcomes.next() {
            let act = &plan.steps[0];
            let end = Box::new(PlanEnd::of(act, outcome));
            let settled = Answer::Settled(act.target(), end);
            answer(&mut state, job, settled);
        }
    }
    answer(&mut state, job, Answer::Done);
    press(&mut state, "L");
    all += &shown(&frame(&state, &Theme::color()));
    same("deciding-160x48", &all);
    happens(&mut state, What::Resize(80, 24));
    all = words(&frame(&state, &Theme::color()));
    happens(&mut state, What::Resize(40, 10));
    all += &words(&frame(&state, &Theme::color()));
    same("results-narrow", &all);
}
