//! Reading requests by their ids, in whatever state they are.

use super::protocol::Answer;
use super::work::Work;
use crate::domain::id::RequestId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::{Call, requests};

/// Reads them, as many a call as a batch takes. Those that there are none of are left out.
pub(super) async fn read(work: &Work, ids: &[RequestId]) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let calls: Vec<Call> = ids.iter().map(requests::named).collect();
    let mut found = Vec::with_capacity(ids.len());
    for answer in work.client().read_many(&calls, &say).await {
        match answer.and_then(|answer| requests::read(&answer)) {
            Ok(request) => found.push(request),
            Err(problem) if problem.kind == ProblemKind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    work.reply(Answer::Records(found));
    Ok(())
}
