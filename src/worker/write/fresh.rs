//! Guests who were invited a moment ago. Graph may not know them yet where one writes to them, or not at all, even
//! after it has shown them once (invitation-post: replication): that is waited out, within limits, and said.

use std::time::Duration;

use jiff::SignedDuration;

use super::look;
use super::step::{Settled, StepInFlight};
use crate::acts::{Act, Look, Outcome, Rows, Target};
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::Patience;
use crate::graph::patience::Tries;
use crate::worker::work::Work;

/// How long somebody counts as new: a few minutes is what was seen, and clocks differ.
const NEW: SignedDuration = SignedDuration::from_mins(15);

/// What is said meanwhile.
const WHY: &str = "Graph does not know the new guest everywhere yet";

/// Counts the tries of waiting for new guests: as long as reading back, with no limit to their number.
pub(super) fn tries(patience: Patience) -> Tries {
    Tries::new(Patience {
        tries: u32::MAX,
        overall: patience.read_back,
        ..patience
    })
}

/// The pause before the next try.
fn pause(tries: &mut Tries) -> Option<Duration> {
    tries.next(&Problem::new(ProblemKind::NotFound, "", ""))
}

impl Work {
    /// Remembers who was invited, and forgets who was deleted: of those it is known why they are not there.
    pub(super) fn remember(&self, act: &Act, outcome: &Outcome) {
        let mut fresh = self.shared.fresh.borrow_mut();
        if let Outcome::Invited(invited) = outcome {
            fresh.insert(invited.user.clone(), self.now());
        }
        if let Target::Guest(id) = act.target()
            && outcome.done()
            && act.rules().rows(outcome) == Rows::Gone
        {
            fresh.remove(&id);
        }
    }

    /// Whether a look does not show somebody whom this session invited a moment ago.
    fn not_there_yet(&self, act: &Act, look: &Look) -> bool {
        let fresh = self.shared.fresh.borrow();
        let invited = act.rules().account().and_then(|id| fresh.get(id));
        (look.looked_for_account() && look.account().is_none())
            && invited.is_some_and(|at| self.now().duration_since(*at) < NEW)
    }

    /// Whether a refusal to know somebody is about one who is new, and shown by a look.
    pub(super) fn lags(&self, act: &Act, problem: &Problem, look: &Look) -> bool {
        let Some(account) = look.account() else {
            return false;
        };
        let fresh = self.shared.fresh.borrow();
        let since = act
            .rules()
            .account()
            .and_then(|id| fresh.get(id).copied().or(account.guest.created));
        problem.kind == ProblemKind::NotFound
            && since.is_some_and(|at| self.now().duration_since(at) < NEW)
    }
}

/// Waits until Graph may know new guests where one writes to them: gives back those to be sent again, or how they
/// ended where patience is over.
pub(super) async fn wait(
    work: &Work,
    tries: &mut Tries,
    late: Vec<(StepInFlight, Problem)>,
) -> (Vec<StepInFlight>, Vec<Settled>) {
    if late.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let waited = match pause(tries) {
        Some(pause) => work.pause(pause, WHY.into()).await,
        None => false,
    };
    if waited {
        return (late.into_iter().map(|(step, _)| step).collect(), Vec::new());
    }
    let ended = late.into_iter().map(|(step, problem)| {
        let request_id = problem.request_id.clone();
        (step, Outcome::Failed(problem), request_id)
    });
    (Vec::new(), ended.collect())
}

/// Looks again, until new guests are there or patience ends.
pub(super) async fn look_again(work: &Work, acts: &[&Act], looks: &mut [Result<Look, Problem>]) {
    let say = |pause, why| work.waiting(pause, why);
    let mut tries = tries(work.client().patience());
    loop {
        let late: Vec<usize> = acts
            .iter()
            .zip(&*looks)
            .enumerate()
            .filter(|(_, (act, look))| {
                look.as_ref()
                    .is_ok_and(|look| work.not_there_yet(act, look))
            })
            .map(|(at, _)| at)
            .collect();
        if late.is_empty() {
            return;
        }
        let Some(pause) = pause(&mut tries) else {
            return;
        };
        if !work.pause(pause, WHY.into()).await {
            return;
        }
        let about: Vec<&Act> = late.iter().map(|&at| acts[at]).collect();
        let again = tokio::select! {
            again = look::at(work.client(), &about, &say) => again,
            () = work.stop.pulled() => return,
        };
        for (at, look) in late.into_iter().zip(again) {
            looks[at] = look;
        }
    }
}
