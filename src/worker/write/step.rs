//! One step of each of some plans: looked at, intended, carried, settled.

use uuid::Uuid;

use super::going::Going;
use super::said::said;
use super::{back, carry, fresh, look};
use crate::acts::{Act, After, Before, Look, Outcome, Ready, Said, Sent};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::graph::area::Areas;
use crate::graph::failure::Lost;
use crate::graph::patience::{Tries, why};
use crate::graph::read::Tokens;
use crate::graph::{Call, Response};
use crate::journal::{Record, Settlement};
use crate::worker::desk::{Work, cancelled};
use crate::worker::ledger::{Intent, settlement};
use back::Found;

/// How often one act is sent at most: again only after looking has shown no trace of the first time.
const SENDINGS: u32 = 2;

/// A step on its way.
pub(super) struct Slip {
    pub(super) going: Going,
    pub(super) ready: Ready,
    /// What was seen before it, for the journal.
    seen: serde_json::Value,
    /// Its `client-request-id`.
    id: Uuid,
    /// Its intent in the journal, once that is written.
    intent: Option<Record>,
    /// Which sending this is, from 1.
    sending: u32,
}

impl Slip {
    fn new(going: Going, ready: Ready, look: &Look, sending: u32) -> Self {
        Self {
            going,
            ready,
            seen: look.record(),
            id: Uuid::new_v4(),
            intent: None,
            sending,
        }
    }

    pub(super) fn act(&self) -> &Act {
        self.going.act()
    }

    pub(super) fn call(&self) -> Call {
        self.ready.call.clone().named(self.id)
    }
}

/// A slip with how it ended and Graph's id for the exchange.
pub(super) type Settled = (Slip, Outcome, Option<String>);

/// Sends the step each plan is at. What ends there is said as it does; given back are those that go on.
pub(super) async fn send(
    work: &Work,
    session: &Session,
    plans: Vec<Going>,
) -> Vec<(Going, Outcome)> {
    let mut round = Round {
        work,
        session,
        goes_on: Vec::new(),
    };
    let mut open = round.looked_at(plans).await;
    let mut tries = Tries::new(work.client().patience());
    let mut tokens = Tokens::default();
    let mut lag = fresh::tries(work.client().patience());
    while !open.is_empty() {
        if let Err(problem) = round.intend(&mut open) {
            // Nothing is sent that is not in the journal first.
            round.fail(open, &problem);
            break;
        }
        let answers = carry::carry(work, &open).await;
        let Sorted {
            contested,
            unknown,
            mut later,
            worst,
        } = round.sort(open, answers);
        let late = round.contend(contested).await;
        let mut again = Vec::new();
        for (slip, found) in back::look_until_known(work, session, unknown).await {
            again.extend(round.conclude(slip, found));
        }
        if let Some(problem) = worst
            && let Err(problem) = wait(work, &later, &mut tries, &mut tokens, problem).await
        {
            round.fail(std::mem::take(&mut later), &problem);
        }
        open = later;
        open.extend(again);
        let (new, ended) = fresh::wait(work, &mut lag, late).await;
        round.settle(ended);
        open.extend(new);
    }
    round.goes_on
}

/// What is left after the certain ones were settled.
struct Sorted {
    contested: Vec<(Slip, Problem)>,
    unknown: Vec<(Slip, Problem)>,
    later: Vec<Slip>,
    /// Of what is sent later: the problem that asks for the longest pause.
    worst: Option<Problem>,
}

/// One step of several plans.
struct Round<'a> {
    work: &'a Work,
    session: &'a Session,
    goes_on: Vec<(Going, Outcome)>,
}

impl Round<'_> {
    /// Looks before sending; what needs no sending is answered here and leaves no intent.
    async fn looked_at(&mut self, plans: Vec<Going>) -> Vec<Slip> {
        let work = self.work;
        let acts: Vec<&Act> = plans.iter().map(Going::act).collect();
        let say = |pause, why| work.waiting(pause, why);
        let mut looks = tokio::select! {
            looks = look::at(work.client(), &acts, &say) => looks,
            () = work.stop.pulled() => stopped(acts.len(), "Stopped before it was sent"),
        };
        fresh::look_again(work, &acts, &mut looks).await;
        let mut open = Vec::with_capacity(plans.len());
        for (going, look) in plans.into_iter().zip(looks) {
            let outcome = match look {
                Err(problem) => Outcome::Failed(problem),
                Ok(look) => {
                    let rules = going.act().rules();
                    match rules.judge(&going.reason, &look, work.now()) {
                        Before::Go(ready) => {
                            open.push(Slip::new(going, ready, &look, 1));
                            continue;
                        }
                        Before::Not(outcome) => outcome,
                    }
                }
            };
            work.end(going, outcome);
        }
        open
    }

    /// Writes the intents of those slips that have none, and makes them last, before anything is sent.
    fn intend(&self, slips: &mut [Slip]) -> Result<(), Problem> {
        let new: Vec<&mut Slip> = slips
            .iter_mut()
            .filter(|slip| slip.intent.is_none())
            .collect();
        let intents: Vec<Intent<'_>> = new
            .iter()
            .map(|slip| Intent {
                act: slip.act(),
                name: &slip.going.name,
                reason: &slip.going.reason,
                before: &slip.seen,
                place: slip.going.place(),
                id: slip.id,
            })
            .collect();
        let mut ledger = self.work.desk.ledger.borrow_mut();
        let records = ledger.intend(self.work.now(), self.session, &intents)?;
        for (slip, record) in new.into_iter().zip(records) {
            slip.intent = Some(record);
        }
        Ok(())
    }

    /// Writes how slips ended; says it of those whose plan ends with it, and keeps those that go on.
    fn settle(&mut self, ended: impl IntoIterator<Item = Settled>) {
        let ended: Vec<Settled> = ended.into_iter().collect();
        self.record(&ended);
        for (slip, outcome, _) in ended {
            self.work.remember(slip.act(), &outcome);
            if slip.going.goes_on(&outcome) {
                self.goes_on.push((slip.going, outcome));
            } else {
                self.work.end(slip.going, outcome);
            }
        }
    }

    /// Settles slips that were not sent, or not sent again.
    fn fail(&mut self, slips: Vec<Slip>, problem: &Problem) {
        let failed = |slip| (slip, Outcome::Failed(problem.clone()), None);
        self.settle(slips.into_iter().map(failed));
    }

    /// Writes how slips ended.
    fn record(&self, ended: &[Settled]) {
        let outcomes: Vec<(Record, Settlement)> = ended
            .iter()
            .filter_map(|(slip, outcome, request_id)| {
                let settlement = settlement(outcome, request_id.clone());
                Some((slip.intent.clone()?, settlement))
            })
            .collect();
        self.work.write_outcomes(outcomes);
    }

    fn sort(&mut self, slips: Vec<Slip>, answers: Vec<Result<Response, Lost>>) -> Sorted {
        let mut sorted = Sorted {
            contested: Vec::new(),
            unknown: Vec::new(),
            later: Vec::new(),
            worst: None,
        };
        let mut certain = Vec::new();
        for (slip, answer) in slips.into_iter().zip(answers) {
            let answered = answer.as_ref().ok();
            let request_id = answered.and_then(|answer| answer.request_id.clone());
            match said(slip.act().rules(), answer) {
                Said::Settled(outcome) => certain.push((slip, outcome, request_id)),
                Said::Contested(problem) => sorted.contested.push((slip, problem)),
                Said::Unknown(problem) => sorted.unknown.push((slip, problem)),
                Said::Later(problem) => {
                    sorted.later.push(slip);
                    let worst = sorted.worst.as_ref();
                    if worst.is_none_or(|worst| worst.retry_after <= problem.retry_after) {
                        sorted.worst = Some(problem);
                    }
                }
            }
        }
        self.settle(certain);
        sorted
    }

    /// Refused because of how things stand: looks again and says how that is. Gives back writes to new guests whom
    /// Graph shows, and does not know where they are written to.
    async fn contend(&mut self, contested: Vec<(Slip, Problem)>) -> Vec<(Slip, Problem)> {
        let work = self.work;
        if contested.is_empty() {
            return Vec::new();
        }
        let acts: Vec<&Act> = contested.iter().map(|(slip, _)| slip.act()).collect();
        let say = |pause, why| work.waiting(pause, why);
        let looks = tokio::select! {
            looks = look::at(work.client(), &acts, &say) => looks,
            () = work.stop.pulled() => stopped(acts.len(), "Stopped"),
        };
        let mut settled = Vec::with_capacity(contested.len());
        let mut late = Vec::new();
        for ((slip, problem), look) in contested.into_iter().zip(looks) {
            let lags = |look: &Look| work.lags(slip.act(), &problem, look);
            if slip.sending == 1 && look.as_ref().is_ok_and(lags) {
                late.push((slip, problem));
                continue;
            }
            let request_id = problem.request_id.clone();
            let (rules, now) = (slip.act().rules(), work.now());
            let outcome = match look {
                // Sent twice, refused now: the first sending may have arrived late.
                Ok(look) if slip.sending > 1 => {
                    let sent = Sent::Now(&slip.ready);
                    match rules.after(&sent, &self.session.me, &look, now) {
                        After::Settled(outcome) => outcome,
                        After::Absent => Outcome::Failed(problem),
                    }
                }
                Ok(look) => match rules.judge(&slip.going.reason, &look, now) {
                    Before::Not(outcome) => outcome,
                    Before::Go(_) => Outcome::Failed(problem),
                },
                Err(_) => Outcome::Failed(problem),
            };
            settled.push((slip, outcome, request_id));
        }
        self.settle(settled);
        late
    }

    /// Settles what was read back, or makes a slip for sending it again.
    fn conclude(&mut self, slip: Slip, found: Found) -> Option<Slip> {
        match found {
            Found::Settled(outcome) => {
                if let (Some(lost), true) = (slip.act().rules().lost_with_answer(), outcome.done())
                {
                    let participle = slip.act().about().participle;
                    let name = &slip.going.name;
                    self.work.note(format!("{name} was {participle}; {lost}"));
                }
                self.settle([(slip, outcome, None)]);
                None
            }
            Found::Absent(look) => {
                let sending = slip.sending + 1;
                if sending > SENDINGS {
                    self.settle([(slip, Outcome::Failed(arrived_not()), None)]);
                    return None;
                }
                // The look decides afresh: the stage that waits now need not be the one that waited before.
                let rules = slip.act().rules();
                match rules.judge(&slip.going.reason, &look, self.work.now()) {
                    Before::Go(ready) => {
                        let first = (slip, Outcome::Failed(arrived_not()), None);
                        self.record(std::slice::from_ref(&first));
                        Some(Slip::new(first.0.going, ready, &look, sending))
                    }
                    Before::Not(outcome) => {
                        self.settle([(slip, outcome, None)]);
                        None
                    }
                }
            }
            Found::Unknown(problem) => {
                self.settle([(slip, Outcome::Unknown(problem), None)]);
                None
            }
        }
    }
}

/// The problem of what was sent, and surely is not there.
pub(super) fn arrived_not() -> Problem {
    Problem::new(
        ProblemKind::Unreachable,
        "It did not arrive",
        "Nothing has changed; it can be sent again",
    )
}

fn stopped(count: usize, what: &str) -> Vec<Result<Look, Problem>> {
    let stopped = || Err(cancelled(what));
    std::iter::repeat_with(stopped).take(count).collect()
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
