//! The queue: pending requests, and the stages of requests.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::by_package::{self, closed};
use super::list::{list, list_on};
use super::protocol::Answer;
use super::words::count;
use super::work::Work;
use crate::domain::id::RequestId;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestState};
use crate::graph::pages::Pages;
use crate::graph::policies::Questions;
use crate::graph::requests::{AnsweredRequest, Depth};
use crate::graph::{Call, approvals, batch, policies, requests};

/// Pending requests: all that one may list, and those one may decide. Each of the two lists may be closed to
/// somebody who has the other: a named approver need not be allowed to see the whole queue.
pub(super) async fn pending(work: &Work) -> Result<(), Problem> {
    let seen = RefCell::new(HashSet::new());
    let wordless = RefCell::new(Vec::new());
    let show = |ids: &mut Vec<RequestId>, rows: Vec<AnsweredRequest>| {
        let mut seen = seen.borrow_mut();
        let rows: Vec<AnsweredRequest> = rows
            .into_iter()
            .filter(|row| row.request.pending())
            .collect();
        ids.extend(rows.iter().map(|row| row.request.id.clone()));
        let new: Vec<AnsweredRequest> = rows
            .into_iter()
            .filter(|row| seen.insert(row.request.id.clone()))
            .collect();
        wordless
            .borrow_mut()
            .extend(new.iter().filter(|row| row.lacks_words()).cloned());
        let new: Vec<Request> = new.into_iter().map(|row| row.request).collect();
        work.progress(seen.len(), None, count(seen.len(), "request"));
        if !new.is_empty() {
            work.reply(Answer::Requests(new));
        }
    };
    let (mut mine, mut every) = (Vec::new(), Vec::new());
    let state = RequestState::PendingApproval;
    let (first, every_one) = (requests::inbox, |depth| requests::in_state(&state, depth));
    let (inbox, all) = tokio::join!(
        list_on(work, Pages::new(first(Depth::Nested)), first, |rows, _| {
            show(&mut mine, rows);
            true
        }),
        list_on(
            work,
            Pages::new(every_one(Depth::Nested)),
            every_one,
            |rows, _| {
                show(&mut every, rows);
                true
            }
        ),
    );
    // What stands in both lists is lost in both.
    let lost = [&inbox, &all].map(|read| read.as_ref().map_or(0, |lost| *lost));
    work.lost(lost.into_iter().max().unwrap_or(0));
    match (inbox, all) {
        (Ok(_), Ok(_)) => {}
        (inbox, Err(problem)) if closed(&problem) => {
            match by_package::read(work, &problem, |rows| show(&mut every, rows)).await {
                Ok(coverage) => said(
                    work,
                    &format!(
                        "This account may not list all requests: shown are those that you are an approver of, and those of {}",
                        coverage.words()
                    ),
                ),
                // Nothing can be listed at all.
                Err(problem) if closed(&problem) && inbox.is_err() => return Err(problem),
                Err(problem) if closed(&problem) => said(
                    work,
                    "Only requests that you are an approver of are shown: this account may not list all",
                ),
                Err(problem) => return Err(problem),
            }
            // An owner need not have an inbox.
            match inbox {
                Err(problem) if !closed(&problem) => return Err(problem),
                Ok(_) | Err(_) => {}
            }
        }
        // An app has no inbox; it sees all requests and decides none.
        (Err(problem), Ok(_)) if closed(&problem) => {}
        (_, Err(problem)) | (Err(problem), _) => return Err(problem),
    }
    questions(work, wordless.into_inner()).await;
    let mut asked = HashSet::new();
    mine.retain(|id| asked.insert(id.clone()));
    let inbox = mine.len();
    every.retain(|id| asked.insert(id.clone()));
    mine.append(&mut every);
    let order = {
        let mut rounds = work.shared.rounds.borrow_mut();
        rounds.begin(mine, inbox, work.background)
    };
    stages(work, &order, true).await
}

/// Says what the queue is, where somebody asked for it.
fn said(work: &Work, words: &str) {
    if !work.background {
        work.note(words);
    }
}

/// Which stages are read again when the queue is read in the background. Of five thousand requests it would take 250
/// calls every half a minute to read all; so it is those that are new or have come to or left the inbox, and in turn
/// some of the others, longest ago first. Nothing is decided by what stands in a row: each decision looks again.
#[derive(Default)]
pub(super) struct Rounds {
    round: u64,
    /// What stands in the inbox in this round.
    inbox: HashSet<RequestId>,
    /// The round in which a request's stages were last read, and whether it stood in the inbox then.
    read: HashMap<RequestId, (u64, bool)>,
}

impl Rounds {
    /// So many of those that were read before are read again in one round.
    const AGAIN: usize = 100;

    /// Begins a round over these requests, of which the first so many stand in the inbox; gives those to read, in
    /// their order.
    fn begin(&mut self, queue: Vec<RequestId>, inbox: usize, background: bool) -> Vec<RequestId> {
        self.round += 1;
        self.inbox = queue.iter().take(inbox).cloned().collect();
        let present: HashSet<&RequestId> = queue.iter().collect();
        self.read.retain(|id, _| present.contains(id));
        if !background {
            return queue;
        }
        let same = |(at, id): (usize, &RequestId)| {
            let (round, before) = self.read.get(id)?;
            (*before == self.inbox.contains(id)).then_some((*round, at))
        };
        let mut again: Vec<(u64, usize)> = queue.iter().enumerate().filter_map(same).collect();
        again.sort_unstable();
        let later = again.into_iter().skip(Self::AGAIN);
        let later: HashSet<usize> = later.map(|(_, at)| at).collect();
        let due = queue.into_iter().enumerate();
        due.filter(|(at, _)| !later.contains(at))
            .map(|(_, id)| id)
            .collect()
    }

    /// The stages of this one were read.
    fn done(&mut self, id: &RequestId) {
        let inbox = self.inbox.contains(id);
        self.read.insert(id.clone(), (self.round, inbox));
    }
}

/// Shows requests again whose answers named their questions by id only, now with the policies' words. Without
/// those the answers are still worth reading, so a failure here is none of the job.
async fn questions(work: &Work, mut rows: Vec<AnsweredRequest>) {
    if rows.is_empty() {
        return;
    }
    let mut words = HashMap::new();
    let read = list::<Questions>(work, policies::all, |policies, _| {
        words.extend(policies.into_iter().flat_map(|policy| policy.0));
    })
    .await;
    if read.is_err() {
        return;
    }
    for row in &mut rows {
        row.fill(&words);
    }
    work.reply(Answer::Requests(
        rows.into_iter().map(|row| row.request).collect(),
    ));
}

/// The stages of requests in the order given, and before that of those on the screen.
pub(super) async fn stages(work: &Work, ids: &[RequestId], queue: bool) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let mut left: Vec<&RequestId> = ids.iter().collect();
    let mut lost: Option<Problem> = None;
    while !left.is_empty() {
        let chunk = next(&mut left, &work.shared.in_sight.borrow());
        let calls: Vec<Call> = chunk.iter().map(|id| approvals::one(id)).collect();
        let answers = work.client().read_many(&calls, &say).await;
        let mut read = Vec::with_capacity(chunk.len());
        for (id, answer) in chunk.into_iter().zip(answers) {
            match answer.and_then(|answer| approvals::read(&answer)) {
                Ok(stages) => {
                    if queue {
                        work.shared.rounds.borrow_mut().done(id);
                    }
                    read.push((id.clone(), approvals::stages(stages)));
                }
                // Graph has none: of a request that waits that is worth saying, of one decided since it is of no matter.
                Err(problem) if problem.kind == ProblemKind::NotFound => {
                    read.push((id.clone(), Vec::new()));
                }
                Err(problem) => lost = Some(problem),
            }
        }
        let nothing = read.is_empty();
        if !nothing {
            work.reply(Answer::Stages(read));
        }
        if queue {
            work.progress(
                ids.len() - left.len(),
                Some(ids.len()),
                format!("{} · stages", count(ids.len(), "request")),
            );
        }
        if let (true, Some(problem)) = (nothing, &lost) {
            if problem.kind == ProblemKind::NotPermitted && queue {
                work.note(unreadable(problem));
                return Ok(());
            }
            return Err(problem.clone());
        }
    }
    if let Some(problem) = lost {
        work.note(unreadable(&problem));
    }
    Ok(())
}

/// That stages are missing, and why.
pub(super) fn unreadable(problem: &Problem) -> String {
    if problem.kind == ProblemKind::NotPermitted {
        "Stages cannot be read: only a signed-in person may, not an app, and not without permission"
            .into()
    } else {
        format!("Some stages could not be read: {problem}")
    }
}

/// Takes what one batch holds out of `left`: those in sight, then the first of the others.
fn next<'a>(left: &mut Vec<&'a RequestId>, in_sight: &[RequestId]) -> Vec<&'a RequestId> {
    let seen: HashSet<&RequestId> = in_sight.iter().collect();
    let mut chunk: Vec<&RequestId> = left
        .iter()
        .copied()
        .filter(|id| seen.contains(id))
        .take(batch::MAX)
        .collect();
    let taken: HashSet<&RequestId> = chunk.iter().copied().collect();
    left.retain(|id| !taken.contains(id));
    let more = (batch::MAX - chunk.len()).min(left.len());
    chunk.extend(left.drain(..more));
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_background_the_new_and_the_changed_are_read_and_the_others_in_turn() {
        let id = |n: usize| RequestId::new(&format!("00000000-0000-4000-8000-{n:012}")).unwrap();
        let ids = |range: std::ops::Range<usize>| -> Vec<RequestId> { range.map(id).collect() };
        let mut rounds = Rounds::default();
        let mut round = |queue: Vec<RequestId>, inbox, background| {
            let due = rounds.begin(queue, inbox, background);
            for id in &due {
                rounds.done(id);
            }
            due
        };
        assert_eq!(
            round(ids(0..250), 10, true),
            ids(0..250),
            "nothing was read yet"
        );
        assert_eq!(round(ids(0..250), 10, true), ids(0..100), "some, in turn");
        assert_eq!(round(ids(0..250), 10, true), ids(100..200));
        let mut turned = ids(200..250);
        turned.splice(0..0, ids(0..50));
        assert_eq!(
            round(ids(0..250), 10, true),
            turned,
            "those read longest ago"
        );
        // One has left the inbox, one has come to it, one is new.
        let mut queue = ids(0..251);
        queue.swap(9, 249);
        let due = round(queue, 10, true);
        for changed in [9, 249, 250] {
            assert!(due.contains(&id(changed)), "{changed}");
        }
        assert_eq!(due.len(), 103);
        assert_eq!(
            round(ids(0..250), 10, false),
            ids(0..250),
            "asked for by a key: all"
        );
    }

    #[test]
    fn what_is_in_sight_is_read_first_and_everything_once() {
        let id = |n: usize| RequestId::new(&format!("00000000-0000-4000-8000-{n:012}")).unwrap();
        let ids: Vec<RequestId> = (0..50).map(id).collect();
        let mut left: Vec<&RequestId> = ids.iter().collect();
        let chunk = next(&mut left, &[id(40), id(41), id(99)]);
        assert_eq!(chunk.len(), batch::MAX);
        assert_eq!(chunk[..3], [&id(40), &id(41), &id(0)]);
        let mut all: Vec<&RequestId> = chunk;
        while !left.is_empty() {
            all.extend(next(&mut left, &[id(40), id(49)]));
        }
        assert_eq!(all.len(), 50);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 50);
    }
}
