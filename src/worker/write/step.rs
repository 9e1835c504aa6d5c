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
use crate::worker::ledger::{Intent, Settles, settlement};
use crate::worker::work::{Work, cancelled};
use back::ReadBack;

/// How often one act is sent at most: again only after looking has shown no trace of the first time.
const SENDINGS: u32 = 2;

/// A step on its way.
pub(super) struct StepInFlight {
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

impl StepInFlight {
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

/// A step with how it ended and Graph's id for the exchange.
pub(super) type Settled = (StepInFlight, Outcome, Option<String>);

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
        for (step, found) in back::look_until_known(work, session, unknown).await {
            again.extend(round.conclude(step, found));
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
    contested: Vec<(StepInFlight, Problem)>,
    unknown: Vec<(StepInFlight, Problem)>,
    later: Vec<StepInFlight>,
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
    async fn looked_at(&mut self, plans: Vec<Going>) -> Vec<StepInFlight> {
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
                            open.push(StepInFlight::new(going, ready, &look, 1));
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

    /// Writes the intents of those steps that have none, and makes them last, before anything is sent.
    fn intend(&self, steps: &mut [StepInFlight]) -> Result<(), Problem> {
        let new: Vec<&mut StepInFlight> = steps
            .iter_mut()
            .filter(|step| step.intent.is_none())
            .collect();
        let intents: Vec<Intent<'_>> = new
            .iter()
            .map(|step| Intent {
                act: step.act(),
                name: &step.going.name,
                reason: &step.going.reason,
                before: &step.seen,
                place: step.going.place(),
                id: step.id,
            })
            .collect();
        let mut ledger = self.work.shared.ledger.borrow_mut();
        let records = ledger.intend(self.work.now(), self.session, &intents)?;
        for (step, record) in new.into_iter().zip(records) {
            step.intent = Some(record);
        }
        Ok(())
    }

    /// Writes how steps ended; says it of those whose plan ends with it, and keeps those that go on.
    fn settle(&mut self, ended: impl IntoIterator<Item = Settled>) {
        let ended: Vec<Settled> = ended.into_iter().collect();
        self.record(&ended);
        for (step, outcome, _) in ended {
            self.work.remember(step.act(), &outcome);
            if step.going.goes_on(&outcome) {
                self.goes_on.push((step.going, outcome));
            } else {
                self.work.end(step.going, outcome);
            }
        }
    }

    /// Settles steps that were not sent, or not sent again.
    fn fail(&mut self, steps: Vec<StepInFlight>, problem: &Problem) {
        let failed = |step| (step, Outcome::Failed(problem.clone()), None);
        self.settle(steps.into_iter().map(failed));
    }

    /// Writes how steps ended.
    fn record(&self, ended: &[Settled]) {
        let outcomes: Vec<(Record, Settlement)> = ended
            .iter()
            .filter_map(|(step, outcome, request_id)| {
                let settlement = settlement(outcome, request_id.clone());
                Some((step.intent.clone()?, settlement))
            })
            .collect();
        self.work.write_outcomes(outcomes, Settles::Sent);
    }

    fn sort(&mut self, steps: Vec<StepInFlight>, answers: Vec<Result<Response, Lost>>) -> Sorted {
        let mut sorted = Sorted {
            contested: Vec::new(),
            unknown: Vec::new(),
            later: Vec::new(),
            worst: None,
        };
        let mut certain = Vec::new();
        for (step, answer) in steps.into_iter().zip(answers) {
            let answered = answer.as_ref().ok();
            let request_id = answered.and_then(|answer| answer.request_id.clone());
            match said(step.act().rules(), answer) {
                Said::Settled(outcome) => certain.push((step, outcome, request_id)),
                Said::Contested(problem) => sorted.contested.push((step, problem)),
                Said::Unknown(problem) => sorted.unknown.push((step, problem)),
                Said::Later(problem) => {
                    sorted.later.push(step);
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
    async fn contend(
        &mut self,
        contested: Vec<(StepInFlight, Problem)>,
    ) -> Vec<(StepInFlight, Problem)> {
        let work = self.work;
        if contested.is_empty() {
            return Vec::new();
        }
        let acts: Vec<&Act> = contested.iter().map(|(step, _)| step.act()).collect();
        let say = |pause, why| work.waiting(pause, why);
        let looks = tokio::select! {
            looks = look::at(work.client(), &acts, &say) => looks,
            () = work.stop.pulled() => stopped(acts.len(), "Stopped"),
        };
        let mut settled = Vec::with_capacity(contested.len());
        let mut late = Vec::new();
        for ((step, problem), look) in contested.into_iter().zip(looks) {
            let lags = |look: &Look| work.lags(step.act(), &problem, look);
            if step.sending == 1 && look.as_ref().is_ok_and(lags) {
                late.push((step, problem));
                continue;
            }
            let request_id = problem.request_id.clone();
            let (rules, now) = (step.act().rules(), work.now());
            let outcome = match look {
                // Sent twice, refused now: the first sending may have arrived late.
                Ok(look) if step.sending > 1 => {
                    let sent = Sent::Now(&step.ready);
                    match rules.after(&sent, &self.session.me, &look, now) {
                        After::Settled(outcome) => outcome,
                        After::Absent => Outcome::Failed(problem),
                    }
                }
                Ok(look) => match rules.judge(&step.going.reason, &look, now) {
                    Before::Not(outcome) => outcome,
                    Before::Go(_) => Outcome::Failed(problem),
                },
                Err(_) => Outcome::Failed(problem),
            };
            settled.push((step, outcome, request_id));
        }
        self.settle(settled);
        late
    }

    /// Settles what was read back, or makes a step for sending it again.
    fn conclude(&mut self, step: StepInFlight, found: ReadBack) -> Option<StepInFlight> {
        match found {
            ReadBack::Settled(outcome) => {
                if let (Some(lost), true) = (step.act().rules().lost_with_answer(), outcome.done())
                {
                    let participle = step.act().about().participle;
                    let name = &step.going.name;
                    self.work.note(format!("{name} was {participle}; {lost}"));
                }
                self.settle([(step, outcome, None)]);
                None
            }
            ReadBack::Absent(look) => {
                let sending = step.sending + 1;
                if sending > SENDINGS {
                    self.settle([(step, Outcome::Failed(arrived_not()), None)]);
                    return None;
                }
                // The look decides afresh: the stage that waits now need not be the one that waited before.
                let rules = step.act().rules();
                match rules.judge(&step.going.reason, &look, self.work.now()) {
                    Before::Go(ready) => {
                        let first = (step, Outcome::Failed(arrived_not()), None);
                        self.record(std::slice::from_ref(&first));
                        Some(StepInFlight::new(first.0.going, ready, &look, sending))
                    }
                    Before::Not(outcome) => {
                        self.settle([(step, outcome, None)]);
                        None
                    }
                }
            }
            ReadBack::Unknown(problem) => {
                self.settle([(step, Outcome::Unknown(problem), None)]);
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
    later: &[StepInFlight],
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
    let calls: Vec<Call> = later.iter().map(StepInFlight::call).collect();
    work.client().hold(Areas::of(&calls), &problem, pause);
    if work.pause(pause, why(&problem)).await {
        Ok(())
    } else {
        // What is sent later surely did not happen yet.
        Err(cancelled("Stopped before it was sent"))
    }
}
