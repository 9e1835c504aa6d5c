//! Requests beyond those that wait: denied ones for the history, and what the views of past requests show.
//!
//! A tenant keeps three months of them, up to 200,000. They are read by filter at the service, page by page, and
//! not without end. The list page (entitlementmanagement-list-assignmentrequests) documents `$filter` on `state`
//! (`eq`) and on `createdDateTime`, and no order: what came last is had by asking for one span of time after
//! another, the newest first.

use jiff::{SignedDuration, Timestamp};

use super::by_package::{self, closed};
use super::list::list_while;
use super::protocol::{Answer, Beyond};
use super::words::{count, grouped};
use super::work::Work;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestState};
use crate::graph::Call;
use crate::graph::requests::{self, Depth};

/// So many rows of one kind are read at most.
const MOST: usize = 10_000;

/// Where the spans of time end, in days before now; behind the last one comes everything older.
const DAYS: [i64; 7] = [1, 2, 4, 8, 16, 32, 64];

/// Requests that were denied, for the history of a person.
pub(super) async fn denied(work: &Work) -> Result<(), Problem> {
    let state = RequestState::Denied;
    let mut read = 0;
    let listed = list_while::<Request>(
        work,
        |depth| requests::in_state(&state, depth),
        |rows, _| {
            read += rows.len();
            work.reply(Answer::Past(rows));
            read < MOST
        },
    )
    .await;
    match listed {
        Err(problem) if closed(&problem) => {
            let denied = |mut rows: Vec<Request>| {
                rows.retain(|row| row.state == state);
                work.reply(Answer::Past(rows));
            };
            by_package::read(work, &problem, denied).await.map(drop)
        }
        listed => listed,
    }
}

/// Requests for a view of them.
pub(super) async fn read(work: &Work, which: Beyond) -> Result<(), Problem> {
    let read = read_all(work, which).await;
    match read {
        Err(problem) if closed(&problem) => {
            let wanted = |mut rows: Vec<Request>| {
                rows.retain(|row| which.wants(row));
                work.reply(Answer::Beyond(rows));
            };
            by_package::read(work, &problem, wanted).await.map(drop)
        }
        read => read,
    }
}

/// The same, where all may be listed.
async fn read_all(work: &Work, which: Beyond) -> Result<(), Problem> {
    match which {
        Beyond::Failed => {
            let states = [
                RequestState::DeliveryFailed,
                RequestState::PartiallyDelivered,
            ];
            in_states(work, &states).await
        }
        Beyond::Scheduled => in_states(work, &[RequestState::Scheduled]).await,
        Beyond::Decided { .. } | Beyond::All => newest(work, |request| which.wants(request)).await,
    }
}

impl Beyond {
    /// Whether a request is one of these.
    fn wants(self, request: &Request) -> bool {
        match self {
            Self::Failed => matches!(
                request.state,
                RequestState::DeliveryFailed | RequestState::PartiallyDelivered
            ),
            Self::Scheduled => request.state == RequestState::Scheduled,
            Self::Decided { since } => request.decided().is_some_and(|at| at >= since),
            // The queue brings those that wait, with their stages.
            Self::All => !request.pending(),
        }
    }
}

async fn in_states(work: &Work, states: &[RequestState]) -> Result<(), Problem> {
    let mut reader = PastReader::new(work);
    for state in states {
        let call = |depth| requests::in_state(state, depth);
        if !reader.read(call, &|_| true).await? {
            break;
        }
    }
    Ok(())
}

/// The newest requests that are wanted, a span of time after another.
async fn newest(work: &Work, wanted: impl Fn(&Request) -> bool) -> Result<(), Problem> {
    let mut reader = PastReader::new(work);
    for (at, (from, until)) in spans(work.now()).into_iter().enumerate() {
        let call = |depth| requests::created(from, until, depth);
        match reader.read(call, &wanted).await {
            Ok(true) => {}
            Ok(false) => break,
            // A service that does not filter by time gives them in its own order.
            Err(problem) if at == 0 && problem.kind == ProblemKind::Refused => {
                reader.read(requests::all, &wanted).await?;
                break;
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

type Span = (Option<Timestamp>, Option<Timestamp>);

/// From when until when, the newest first.
fn spans(now: Timestamp) -> Vec<Span> {
    let ago = |days: i64| now.checked_sub(SignedDuration::from_hours(24 * days)).ok();
    let ends: Vec<Option<Timestamp>> = DAYS.iter().map(|days| ago(*days)).collect();
    let untils = [None].into_iter().chain(ends.iter().copied());
    let froms = ends.iter().copied().chain([None]);
    froms.zip(untils).collect()
}

/// Reads lists until it is enough.
struct PastReader<'a> {
    work: &'a Work,
    /// Rows looked at.
    read: usize,
}

impl<'a> PastReader<'a> {
    fn new(work: &'a Work) -> Self {
        Self { work, read: 0 }
    }

    /// Reads a list to its end; `false` where it was enough before that.
    async fn read(
        &mut self,
        call: impl Fn(Depth) -> Call,
        wanted: &impl Fn(&Request) -> bool,
    ) -> Result<bool, Problem> {
        let (work, mut more) = (self.work, true);
        let read = &mut self.read;
        let each = |rows: Vec<Request>, _| {
            *read += rows.len();
            let rows: Vec<Request> = rows.into_iter().filter(|row| wanted(row)).collect();
            if !rows.is_empty() {
                work.reply(Answer::Beyond(rows));
            }
            let words = format!("{} looked at", count(*read, "past request"));
            work.progress(*read, None, words);
            more = *read < MOST;
            more
        };
        list_while::<Request>(work, call, each).await?;
        if !more {
            work.reply(Answer::Bounded(*read));
            tracing::debug!(rows = grouped(*read), "enough");
        }
        Ok(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_follow_each_other_back_to_the_beginning() {
        let now = Timestamp::constant(1_750_000_000, 0);
        let spans = spans(now);
        assert_eq!(spans.len(), 8);
        assert_eq!(spans[0].1, None, "a clock may be behind the service's");
        assert_eq!(spans[7].0, None);
        for pair in spans.windows(2) {
            assert_eq!(pair[0].0, pair[1].1, "no gap and no row twice");
        }
    }
}
