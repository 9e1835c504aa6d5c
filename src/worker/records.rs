//! Reading requests by their ids, in whatever state they are.

use super::protocol::Answer;
use super::work::Work;
use crate::domain::id::RequestId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::Request;
use crate::graph::requests::{self, Depth};

/// Reads them, as many a call as a batch takes. Those that there are none of are left out.
pub(super) async fn read(work: &Work, ids: &[RequestId]) -> Result<(), Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for answer in named(work, &ids.iter().collect::<Vec<_>>()).await {
        match answer {
            Ok(request) => found.push(request),
            Err(problem) if problem.kind == ProblemKind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    work.reply(Answer::Records(found));
    Ok(())
}

/// The requests with these ids, each with whom and what it is about. A service that refuses nested expansion still
/// gives the plain one.
pub(super) async fn named(work: &Work, ids: &[&RequestId]) -> Vec<Result<Request, Problem>> {
    let mut found = at_depth(work, ids, Depth::Nested).await;
    let refused = |one: &Result<Request, Problem>| {
        one.as_ref()
            .is_err_and(|problem| problem.kind == ProblemKind::Refused)
    };
    let flat: Vec<usize> = (0..found.len()).filter(|at| refused(&found[*at])).collect();
    let again: Vec<&RequestId> = flat.iter().map(|at| ids[*at]).collect();
    for (at, one) in flat
        .into_iter()
        .zip(at_depth(work, &again, Depth::Plain).await)
    {
        found[at] = one;
    }
    found
}

async fn at_depth(work: &Work, ids: &[&RequestId], depth: Depth) -> Vec<Result<Request, Problem>> {
    let say = |pause, why| work.waiting(pause, why);
    let calls: Vec<_> = ids.iter().map(|id| requests::whole(id, depth)).collect();
    let answers = work.client().read_many(&calls, &say).await.into_iter();
    answers
        .map(|answer| answer.and_then(|answer| requests::read(&answer)))
        .collect()
}
