//! Carrying writes to Graph, once: what trying again would mean is not decided here.

use super::step::StepInFlight;
use crate::graph::area::Areas;
use crate::graph::failure::Lost;
use crate::graph::{Call, Response};
use crate::worker::work::{Work, cancelled};

/// Carries the steps once: one alone, more in a batch. Once the program ends an answer is waited for only a
/// moment longer.
pub(super) async fn carry(work: &Work, steps: &[StepInFlight]) -> Vec<Result<Response, Lost>> {
    let calls: Vec<Call> = steps.iter().map(StepInFlight::call).collect();
    let say = |pause, why| work.waiting(pause, why);
    let kept = |problem, passing| {
        let lost = Lost {
            problem,
            sent: false,
            passing,
        };
        calls.iter().map(|_| Err(lost.clone())).collect()
    };
    // Nothing is sent yet while Graph asks for a pause, so that can be stopped at once.
    tokio::select! {
        biased;
        () = work.stop.pulled() => return kept(cancelled("Stopped before it was sent"), false),
        passed = work.client().pass(Areas::of(&calls), &say) => if let Err(problem) = passed {
            return kept(problem, true);
        },
    }
    tokio::select! {
        answers = carry_calls(work, &calls) => answers,
        () = work.stop.grace_over() => {
            let problem = cancelled("The program ended before Graph had answered");
            let lost = Lost { problem, sent: true, passing: false };
            calls.iter().map(|_| Err(lost.clone())).collect()
        }
    }
}

async fn carry_calls(work: &Work, calls: &[Call]) -> Vec<Result<Response, Lost>> {
    let say = |pause, why| work.waiting(pause, why);
    if let [one] = calls {
        return vec![work.client().carry(one, &say).await];
    }
    match work.client().carry_batch(calls, &say).await {
        Ok(answers) => answers,
        Err(lost) => calls.iter().map(|_| Err(lost.clone())).collect(),
    }
}
