//! Some requests by their ids, with what they are judged by: one among a thousand is read in a call, not in a hundred.
//!
//! The lists' first pages stand in the same batch as the requests (json-batching), and most lists have no second one.

use std::collections::{HashMap, HashSet};

use super::list::{CallAnswer, list_on, list_while};
use super::protocol::{Answer, Beside};
use super::queue::unreadable;
use super::words;
use super::work::Work;
use crate::domain::id::RequestId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestState};
use crate::graph::pages::Pages;
use crate::graph::policies::Questions;
use crate::graph::requests::{AnsweredRequest, Depth};
use crate::graph::{Call, FromWire, approvals, organizations, policies, requests};

/// So many pages of denied requests are read, and no more.
const PAGES: usize = 4;

/// Reads them. Those that there are none of are left out; a list that cannot be read is missed, and said.
pub(super) async fn read(work: &Work, ids: &[RequestId], beside: Beside) -> Result<(), Problem> {
    let (denied, waiting) = (RequestState::Denied, RequestState::PendingApproval);
    let lists = match beside {
        Beside::Nothing => Vec::new(),
        Beside::Policies => vec![policies::all(Depth::Nested)],
        Beside::Lists => vec![
            policies::all(Depth::Nested),
            organizations::all(),
            requests::in_state(&denied, Depth::Nested),
            requests::in_state(&waiting, Depth::Nested),
        ],
    };
    let count = lists.len();
    let each = |id| [requests::whole(id, Depth::Nested), approvals::one(id)];
    let calls: Vec<Call> = lists.into_iter().chain(ids.iter().flat_map(each)).collect();
    let say = |pause, why| work.waiting(pause, why);
    let mut answers = work.client().read_many(&calls, &say).await.into_iter();
    let mut lists = answers.by_ref().take(count).collect::<Vec<_>>().into_iter();
    let named = lists.next();
    let all = usize::MAX;
    list(work, named.clone(), policies::all, all, Answer::Policies).await;
    let call = |_| organizations::all();
    list(work, lists.next(), call, all, Answer::Organizations).await;
    let call = |depth| requests::in_state(&denied, depth);
    list(work, lists.next(), call, PAGES, Answer::Past).await;
    if let Some(first) = lists.next() {
        others(work, ids, first).await;
    }
    these(work, ids, answers, named).await
}

/// Reads a list on from its first page, for so many pages at most, and hands it on; or says that it is missing.
async fn list<T: FromWire>(
    work: &Work,
    first: Option<CallAnswer>,
    call: impl Fn(Depth) -> Call,
    most: usize,
    answer: impl FnOnce(Vec<T>) -> Answer,
) {
    let Some(first) = first else { return };
    let (mut all, mut whole) = (Vec::new(), true);
    let each = |rows, page| {
        all.extend(rows);
        whole = page < most;
        whole
    };
    match list_on(work, Pages::begun(call(Depth::Nested), first), call, each).await {
        Ok(lost) => {
            work.lost(lost);
            if !whole {
                let looked_at = words::count(all.len(), "denied request");
                work.note(format!(
                    "{looked_at} were looked at, and there may be more: a list of requests looks at all"
                ));
            }
            work.reply(answer(all));
        }
        Err(problem) => work.note(problem.to_string()),
    }
}

/// The others that wait, where one page holds them all: some of them would compare a request with some only.
async fn others(work: &Work, ids: &[RequestId], first: CallAnswer) {
    let say = |pause, why| work.waiting(pause, why);
    let call = requests::in_state(&RequestState::PendingApproval, Depth::Nested);
    let mut pages = Pages::<Request>::begun(call, first);
    let page = pages.next(work.client(), &say).await;
    let rows = page.map(|page| page.map_or_else(Vec::new, |page| page.rows));
    match rows {
        Ok(mut rows) if !pages.more() => {
            rows.retain(|row| row.pending() && !ids.contains(&row.id));
            work.reply(Answer::Requests(rows));
        }
        Ok(_) | Err(_) => work.reply(Answer::Bounded(ids.len())),
    }
}

/// The requests themselves, and their stages.
async fn these(
    work: &Work,
    ids: &[RequestId],
    mut answers: impl Iterator<Item = CallAnswer>,
    policies: Option<CallAnswer>,
) -> Result<(), Problem> {
    let (mut found, mut read) = (Vec::new(), Vec::new());
    let (mut flat, mut hidden) = (Vec::new(), HashSet::new());
    let mut lost: Option<Problem> = None;
    let mut closed: Option<Problem> = None;
    for id in ids {
        let (Some(request), Some(stages)) = (answers.next(), answers.next()) else {
            break;
        };
        match request.and_then(|answer| requests::read_asked(&answer)) {
            Ok(request) => found.push(request),
            Err(problem) if problem.kind == ProblemKind::NotFound => {}
            // A service that refuses nested expansion still gives the plain one.
            Err(problem) if problem.kind == ProblemKind::Refused => flat.push(id),
            Err(problem) if problem.kind == ProblemKind::NotPermitted => {
                hidden.insert(id.clone());
                closed = Some(problem);
            }
            Err(problem) => return Err(problem),
        }
        match stages.and_then(|answer| approvals::read(&answer)) {
            Ok(stages) => read.push((id.clone(), approvals::stages(stages))),
            Err(problem) if problem.kind == ProblemKind::NotFound => {
                read.push((id.clone(), Vec::new()));
            }
            Err(problem) => lost = Some(problem),
        }
    }
    found.extend(plain(work, &flat).await?);
    if let Some(problem) = closed {
        found.extend(inbox(work, hidden).await);
        if found.is_empty() {
            return Err(problem);
        }
    }
    if found.iter().any(AnsweredRequest::lacks_words) {
        fill(work, &mut found, policies).await;
    }
    let found = found.into_iter().map(|row| row.request);
    work.reply(Answer::Requests(found.collect()));
    if !read.is_empty() {
        work.reply(Answer::Stages(read));
    }
    if let Some(problem) = lost {
        work.note(unreadable(&problem));
    }
    Ok(())
}

/// Requests without what is nested in them.
async fn plain(work: &Work, ids: &[&RequestId]) -> Result<Vec<AnsweredRequest>, Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let call = |id: &&RequestId| requests::whole(id, Depth::Plain);
    let calls: Vec<Call> = ids.iter().map(call).collect();
    let mut found = Vec::new();
    for answer in work.client().read_many(&calls, &say).await {
        match answer.and_then(|answer| requests::read_asked(&answer)) {
            Ok(request) => found.push(request),
            Err(problem) if problem.kind == ProblemKind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(found)
}

/// A named approver may read their inbox, and need not be allowed to read a request by its id
/// (accesspackageassignmentrequest-filterbycurrentuser).
async fn inbox(work: &Work, mut hidden: HashSet<RequestId>) -> Vec<AnsweredRequest> {
    let mut found = Vec::new();
    let each = |rows: Vec<AnsweredRequest>, _| {
        found.extend(
            rows.into_iter()
                .filter(|row| hidden.remove(&row.request.id)),
        );
        !hidden.is_empty()
    };
    // Where that is closed too, the caller says what was refused first.
    let _ = list_while(work, requests::inbox, each).await;
    found
}

/// Puts in the words of questions, from the policies. Without those the answers are still worth reading.
async fn fill(work: &Work, rows: &mut [AnsweredRequest], first: Option<CallAnswer>) {
    let call = policies::all(Depth::Nested);
    let pages = match first {
        Some(first) => Pages::<Questions>::begun(call, first),
        None => Pages::new(call),
    };
    let mut words = HashMap::new();
    let each = |policies: Vec<Questions>, _| {
        words.extend(policies.into_iter().flat_map(|policy| policy.0));
        true
    };
    if list_on(work, pages, policies::all, each).await.is_ok() {
        for row in rows {
            row.fill(&words);
        }
    }
}
