//! Looking at where an act has got to that Graph has only taken.

use jiff::Timestamp;
use serde_json::Value;

use super::arrival::{Arrival, DeliveryWay, Taken};
use super::look::Reads;
use super::outcome::Outcome;
use super::rules::{After, Said};
use crate::domain::delivery::DeliveryFacts;
use crate::domain::id::RequestId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestState};
use crate::graph::requests::{self, Depth};
use crate::graph::{Call, Response, approvals, deliveries};

/// What a look at a delivery shows.
pub enum Come {
    /// Not to an end yet.
    UnderWay(RequestState),
    /// There is no such request, or not yet.
    NotThere,
    /// To this end, with the request and what its extensions said of it.
    To(Arrival, Box<Request>, DeliveryFacts),
}

/// The reads that show how far it has come.
pub fn looks(request: &RequestId, depth: Depth) -> Vec<Call> {
    vec![requests::whole(request, depth), approvals::one(request)]
}

/// Understands their answers. `before` is what the act's look saw before it was sent, as the journal keeps it: what
/// still stands as it stood then has not begun to move.
///
/// # Errors
/// The request could not be read.
pub fn come(before: Option<&Value>, reads: &mut Reads<'_>) -> Result<Come, Problem> {
    let answer = reads.answer();
    let stages = reads.answer().and_then(|answer| approvals::read(&answer));
    let answer = match answer {
        Err(problem) if problem.kind == ProblemKind::NotFound => return Ok(Come::NotThere),
        answer => answer?,
    };
    let mut request = requests::read(&answer)?;
    // Who may not see the stages is told of the request alone.
    let stages = approvals::stages(stages.unwrap_or_default());
    request.stages = (!stages.is_empty()).then_some(stages);
    let facts = DeliveryFacts {
        status: request.status.clone(),
        extensions: deliveries::extensions(&answer),
        ..DeliveryFacts::default()
    };
    let seen = |name: &str| before.and_then(|seen| seen.get(name)?.as_str());
    // It had failed before, and that is what still stands there.
    let as_before = seen("completed").is_some_and(|at| {
        at.parse::<Timestamp>().ok() == request.completed
            && seen("state") == Some(request.state.as_str())
    });
    if as_before {
        return Ok(Come::UnderWay(request.state));
    }
    let nothing_yet = || (String::new(), String::new());
    let arrival = match &request.state {
        state @ (RequestState::Submitted | RequestState::Delivering | RequestState::Other(_)) => {
            return Ok(Come::UnderWay(state.clone()));
        }
        RequestState::PendingApproval => {
            let waits = request.current_stage();
            let decided = |id: &str| seen("stage") == Some(id);
            match waits.filter(|(_, stage)| !decided(stage.id.as_str())) {
                Some((stage, _)) => Arrival::Waits {
                    stage,
                    of: request.stage_count(None),
                    deciders: String::new(),
                },
                // Decided, and the service has not gone on yet; or the stages are not to be seen.
                None => return Ok(Come::UnderWay(RequestState::PendingApproval)),
            }
        }
        RequestState::Delivered => Arrival::Delivered,
        RequestState::Scheduled => Arrival::Scheduled,
        RequestState::PartiallyDelivered => {
            let (why, next) = nothing_yet();
            Arrival::Partly { why, next }
        }
        RequestState::DeliveryFailed => {
            let (why, next) = nothing_yet();
            Arrival::Failed { why, next }
        }
        state @ (RequestState::Denied | RequestState::Canceled) => Arrival::Over(state.clone()),
    };
    Ok(Come::To(arrival, Box::new(request), facts))
}

/// Graph's yes to an act that leads to a delivery.
pub(super) fn taken(answer: &Response, request: &RequestId, way: DeliveryWay) -> Said {
    match answer.empty_or_json() {
        Ok(()) => Said::Settled(accepted(request.clone(), way, false)),
        Err(problem) => Said::Unknown(problem),
    }
}

/// Graph's answer to an act that makes a request.
pub(super) fn made(answer: &Response, way: DeliveryWay) -> Said {
    match requests::read(answer) {
        Ok(made) => Said::Settled(accepted(made.id, way, false)),
        Err(problem) => Said::Unknown(problem),
    }
}

/// Reading back has shown that it happened: what it leads to is followed as if Graph had answered.
pub(super) fn found(after: After, request: Option<&RequestId>, way: DeliveryWay) -> After {
    match (after, request) {
        (After::Settled(Outcome::Done { found }), Some(request)) => {
            After::Settled(accepted(request.clone(), way, found))
        }
        (after, _) => after,
    }
}

fn accepted(request: RequestId, way: DeliveryWay, found: bool) -> Outcome {
    Outcome::Accepted(Box::new(Taken {
        request,
        way,
        found,
    }))
}
