//! The one place where a write is journalled, sent and settled.
//!
//! ```text
//! look ──> judge::before ──> intents, fsync ──> carry ──> judge::said ─┬─ settled ──> outcome, reply
//!            │ needs no sending                     ^                   ├─ contested ─> look again
//!            └──> reply                             │                   ├─ later ─────> pause ─┐
//!                                                   └───────────────────┼──────────────────────┘
//!                                    no trace, resendable: new intent   └─ unknown ───> back: look until known
//! ```
//!
//! Kept here and nowhere else: an intent stands in the journal before anything is sent; every intent gets an
//! outcome; and what may have happened is not sent again before looking has shown that it did not.

mod back;
mod books;
mod carry;
mod earlier;
mod fresh;
mod judge;
mod lifecycle;
mod look;
mod recheck;

use std::collections::HashSet;

use uuid::Uuid;

use super::desk::{Work, cancelled};
use super::protocol::Answer as Reply;
use super::words::count;
use crate::domain::act::{Act, Deed, Outcome};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::graph::area::Areas;
use crate::graph::failure::Lost;
use crate::graph::patience::{Tries, why};
use crate::graph::read::Tokens;
use crate::graph::{Call, Response, batch};
use crate::journal::Record;
use back::Found;
use judge::{Before, Ready, Said};

pub(super) use earlier::settle_earlier;
pub(super) use recheck::recheck;

/// How often one act is sent at most: again only after looking has shown no trace of the first time.
const SENDINGS: u32 = 2;

/// An act on its way.
struct Slip {
    act: Act,
    ready: Ready,
    /// Its `client-request-id`.
    id: Uuid,
    /// Its intent in the journal, once that is written.
    intent: Option<Record>,
    /// Which sending this is, from 1.
    sending: u32,
}

impl Slip {
    fn new(act: Act, ready: Ready, sending: u32) -> Self {
        Self {
            act,
            ready,
            id: Uuid::new_v4(),
            intent: None,
            sending,
        }
    }

    fn call(&self) -> Call {
        self.ready.call.clone().named(self.id)
    }
}

/// Sends acts, in order, as many a call as a batch takes.
pub(super) async fn send(work: &Work, acts: Vec<Act>) -> Result<(), Problem> {
    let session = tokio::select! {
        session = work.session() => session?.clone(),
        () = work.stop.pulled() => return Err(cancelled("Stopped before anything was sent")),
    };
    let of = acts.len();
    let mut done = 0;
    let mut rest = acts.into_iter().peekable();
    loop {
        let chunk = next_chunk(&mut rest);
        if chunk.is_empty() {
            return Ok(());
        }
        if work.stop.asked() {
            for act in chunk.into_iter().chain(rest) {
                let outcome = Outcome::Failed(cancelled("Stopped before it was sent"));
                work.reply(Reply::Settled(act.deed.target(), Box::new(outcome)));
            }
            return Ok(());
        }
        let size = chunk.len();
        work.progress(done, Some(of), format!("sending {}", count(of, "act")));
        send_chunk(work, &session, chunk).await;
        done += size;
        work.progress(
            done,
            Some(of),
            format!("sent {done} of {}", count(of, "act")),
        );
    }
}

/// As many acts as one batch takes. What is in a batch has no order, so two acts on one row never share it.
fn next_chunk(acts: &mut std::iter::Peekable<std::vec::IntoIter<Act>>) -> Vec<Act> {
    let mut chunk = Vec::new();
    let mut rows = HashSet::new();
    while chunk.len() < batch::MAX
        && let Some(act) = acts.next_if(|act| rows.insert(act.deed.target()))
    {
        chunk.push(act);
    }
    chunk
}

async fn send_chunk(work: &Work, session: &Session, acts: Vec<Act>) {
    let mut open = looked_at(work, acts).await;
    let mut tries = Tries::new(work.client().patience());
    let mut tokens = Tokens::default();
    let mut lag = fresh::tries(work.client().patience());
    while !open.is_empty() {
        if let Err(problem) = work.intend(session, &mut open) {
            // Nothing is sent that is not in the journal first.
            work.settle(
                open.into_iter()
                    .map(|slip| (slip, Outcome::Failed(problem.clone()), None)),
            );
            return;
        }
        let answers = carry::carry(work, &open).await;
        let Sorted {
            contested,
            unknown,
            mut later,
            worst,
        } = sort(work, open, answers).await;
        let late = contend(work, session, contested).await;

        let mut again = Vec::new();
        for (slip, found) in back::look_until_known(work, session, unknown).await {
            again.extend(conclude(work, slip, found));
        }
        if let Some(problem) = worst
            && let Err(problem) = wait(work, &later, &mut tries, &mut tokens, problem).await
        {
            let failed = later
                .drain(..)
                .map(|slip| (slip, Outcome::Failed(problem.clone()), None));
            work.settle(failed);
        }
        open = later;
        open.extend(again);
        open.extend(fresh::wait(work, &mut lag, late).await);
    }
}

/// Waits for what stands in the way of sending again: a pause Graph asked for, or a token.
async fn wait(
    work: &Work,
    later: &[Slip],
    tries: &mut Tries,
    tokens: &mut Tokens,
    problem: Problem,
) -> Result<(), Problem> {
    if problem.kind == ProblemKind::SignIn {
        return tokio::select! {
            another = tokens.another(work.client(), problem) => another,
            () = work.stop.pulled() => Err(cancelled("Stopped while it waited for a sign-in")),
        };
    }
    let Some(pause) = tries.next(&problem) else {
        return Err(problem);
    };
    let calls: Vec<Call> = later.iter().map(Slip::call).collect();
    work.client().hold(Areas::of(&calls), &problem, pause);
    if work.pause(pause, why(&problem)).await {
        Ok(())
    } else {
        // What is sent later surely did not happen yet.
        Err(cancelled("Stopped before it was sent"))
    }
}

/// Looks before sending; what needs no sending is answered here and leaves no intent.
async fn looked_at(work: &Work, acts: Vec<Act>) -> Vec<Slip> {
    let say = |pause, why| work.waiting(pause, why);
    let about: Vec<&Act> = acts.iter().collect();
    let mut looks = tokio::select! {
        looks = look::at(work.client(), &about, &say) => looks,
        () = work.stop.pulled() => {
            let stopped = cancelled("Stopped before it was sent");
            about.iter().map(|_| Err(stopped.clone())).collect()
        }
    };
    fresh::look_again(work, &acts, &mut looks).await;
    let mut open = Vec::with_capacity(acts.len());
    for (act, look) in acts.into_iter().zip(looks) {
        let outcome = match look.map(|look| judge::before(&act, &look, work.now())) {
            Ok(Before::Go(ready)) => {
                open.push(Slip::new(act, ready, 1));
                continue;
            }
            Ok(Before::Not(outcome)) => outcome,
            Err(problem) => Outcome::Failed(problem),
        };
        work.reply(Reply::Settled(act.deed.target(), Box::new(outcome)));
    }
    open
}

/// What is left after the certain ones were settled.
struct Sorted {
    contested: Vec<(Slip, Problem)>,
    unknown: Vec<(Slip, Problem)>,
    later: Vec<Slip>,
    /// Of what is sent later: the problem that asks for the longest pause.
    worst: Option<Problem>,
}

async fn sort(work: &Work, slips: Vec<Slip>, answers: Vec<Result<Response, Lost>>) -> Sorted {
    let mut sorted = Sorted {
        contested: Vec::new(),
        unknown: Vec::new(),
        later: Vec::new(),
        worst: None,
    };
    let mut certain = Vec::new();
    for (slip, answer) in slips.into_iter().zip(answers) {
        let request_id = answer
            .as_ref()
            .ok()
            .and_then(|answer| answer.request_id.clone());
        match judge::said(&slip.act, answer) {
            Said::Settled(outcome) => certain.push((slip, outcome, request_id)),
            Said::Contested(problem) => sorted.contested.push((slip, problem)),
            Said::Unknown(problem) => sorted.unknown.push((slip, problem)),
            Said::Later(problem) => {
                sorted.later.push(slip);
                if sorted
                    .worst
                    .as_ref()
                    .is_none_or(|w| w.retry_after <= problem.retry_after)
                {
                    sorted.worst = Some(problem);
                }
            }
        }
    }
    carry::end_sessions(
        work,
        certain
            .iter()
            .map(|(slip, outcome, _)| (&slip.act, outcome)),
    )
    .await;
    work.settle(certain);
    sorted
}

/// Refused because of how things stand: looks again and says how that is. Gives back writes to new guests whom
/// Graph shows, and does not know where they are written to.
async fn contend(
    work: &Work,
    session: &Session,
    contested: Vec<(Slip, Problem)>,
) -> Vec<(Slip, Problem)> {
    if contested.is_empty() {
        return Vec::new();
    }
    let say = |pause, why| work.waiting(pause, why);
    let about: Vec<&Act> = contested.iter().map(|(slip, _)| &slip.act).collect();
    let looks = tokio::select! {
        looks = look::at(work.client(), &about, &say) => looks,
        () = work.stop.pulled() => {
            let stopped = cancelled("Stopped");
            about.iter().map(|_| Err(stopped.clone())).collect()
        }
    };
    let mut settled = Vec::with_capacity(contested.len());
    let mut late = Vec::new();
    for ((slip, problem), look) in contested.into_iter().zip(looks) {
        if slip.sending == 1
            && look
                .as_ref()
                .is_ok_and(|look| work.lags(&slip.act, &problem, look))
        {
            late.push((slip, problem));
            continue;
        }
        let request_id = problem.request_id.clone();
        let outcome = match look {
            // Sent twice, refused now: the first sending may have arrived late.
            Ok(look) if slip.sending > 1 => {
                let sent = judge::Sent::Now(&slip.ready);
                match judge::after(&slip.act, &sent, &session.me, &look, work.now()) {
                    judge::After::Settled(outcome) => outcome,
                    judge::After::Absent => Outcome::Failed(problem),
                }
            }
            Ok(look) => match judge::before(&slip.act, &look, work.now()) {
                Before::Not(outcome) => outcome,
                Before::Go(_) => Outcome::Failed(problem),
            },
            Err(_) => Outcome::Failed(problem),
        };
        settled.push((slip, outcome, request_id));
    }
    work.settle(settled);
    late
}

/// Settles what was read back, or makes a slip for sending it again.
fn conclude(work: &Work, slip: Slip, found: Found) -> Option<Slip> {
    match found {
        Found::Settled(outcome) => {
            if let (Deed::Invite(_), true) = (&slip.act.deed, outcome.done()) {
                work.note(format!(
                    "The invitation of {} had arrived; its redeem link was lost with the answer",
                    slip.act.name
                ));
            }
            work.settle([(slip, outcome, None)]);
            None
        }
        Found::Absent(look) => {
            let arrived_not = Problem::new(
                ProblemKind::Unreachable,
                "It did not arrive",
                "Nothing has changed; it can be sent again",
            );
            let sending = slip.sending + 1;
            if sending > SENDINGS {
                work.settle([(slip, Outcome::Failed(arrived_not), None)]);
                return None;
            }
            // The look decides afresh: the stage that waits now need not be the one that waited before.
            match judge::before(&slip.act, &look, work.now()) {
                Before::Go(ready) => {
                    let act = slip.act.clone();
                    work.record(&[(slip, Outcome::Failed(arrived_not), None)]);
                    Some(Slip::new(act, ready, sending))
                }
                Before::Not(outcome) => {
                    work.settle([(slip, outcome, None)]);
                    None
                }
            }
        }
        Found::Unknown(problem) => {
            work.settle([(slip, Outcome::Unknown(problem), None)]);
            None
        }
    }
}
