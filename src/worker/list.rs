//! Reading a collection to its end.

use super::work::Work;
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::pages::{Pages, RowPage};
use crate::graph::requests::Depth;
use crate::graph::{Call, FromWire, Response};

/// What one call brought.
pub(super) type CallAnswer = Result<Response, Problem>;

/// Reads a collection page by page, plainer where the service refuses to expand that deep.
pub(super) async fn list<T: FromWire>(
    work: &Work,
    first: impl Fn(Depth) -> Call,
    mut each: impl FnMut(Vec<T>, usize),
) -> Result<(), Problem> {
    let each = |rows, page| {
        each(rows, page);
        true
    };
    list_while(work, first, each).await
}

/// The same, as long as `each` wants more.
pub(super) async fn list_while<T: FromWire>(
    work: &Work,
    first: impl Fn(Depth) -> Call,
    each: impl FnMut(Vec<T>, usize) -> bool,
) -> Result<(), Problem> {
    let lost = list_on(work, Pages::new(first(Depth::Nested)), first, each).await?;
    work.lost(lost);
    Ok(())
}

/// The same, where the first page was read already; gives how many rows could not be read, for the caller to say.
pub(super) async fn list_on<T: FromWire>(
    work: &Work,
    mut pages: Pages<T>,
    first: impl Fn(Depth) -> Call,
    mut each: impl FnMut(Vec<T>, usize) -> bool,
) -> Result<usize, Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let mut page = match pages.next(work.client(), &say).await {
        Err(problem) if problem.kind == ProblemKind::Refused => {
            pages = Pages::new(first(Depth::Plain));
            pages.next(work.client(), &say).await?
        }
        other => other?,
    };
    let mut unread = 0;
    while let Some(RowPage { rows, unread: odd }) = page {
        unread += odd;
        if !each(rows, pages.read) {
            break;
        }
        page = pages.next(work.client(), &say).await?;
    }
    Ok(unread)
}
