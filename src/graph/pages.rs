//! Collections that come in pages.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::marker::PhantomData;

use super::call::{Call, Response};
use super::json::{self, FromWire};
use super::read::Say;
use super::transport::Client;
use crate::domain::problem::{Problem, ProblemKind};

/// So many pages are read of one list, and no more: a million rows in the smallest pages that Graph gives.
const MOST_PAGES: usize = 10_000;
/// So many empty ones in a row: a filter may leave some behind (paging), not without end.
const MOST_EMPTY: usize = 200;

/// One page of a collection.
#[derive(Debug)]
pub struct RowPage<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// How many rows could not be read and were left out.
    pub unread: usize,
}

/// A collection being read: each page's link leads to the next, is opaque and used whole (paging).
pub struct Pages<T> {
    /// The next page, or why there can be none: what stands on a page with a bad link is still shown.
    next: Option<Result<Call, Problem>>,
    /// The first page, where it was read already.
    first: Option<Result<Response, Problem>>,
    seen: HashSet<String>,
    /// Where to begin anew, once, where a link has run out.
    anew: Option<Call>,
    /// Whether that was done: rows that came before are not given twice.
    again: bool,
    /// The rows given so far, by the hashes of their ids.
    given: HashSet<u64>,
    /// Pages read so far, empty ones among them.
    pub read: usize,
    /// Empty pages in a row.
    empty: usize,
    row: PhantomData<fn() -> T>,
}

impl<T: FromWire> Pages<T> {
    /// Begins with `call`.
    pub fn new(call: Call) -> Self {
        Self {
            anew: Some(call.clone()),
            next: Some(Ok(call)),
            first: None,
            seen: HashSet::new(),
            again: false,
            given: HashSet::new(),
            read: 0,
            empty: 0,
            row: PhantomData,
        }
    }

    /// The same where `call` was carried already, in a batch perhaps, and brought this.
    pub fn begun(call: Call, first: Result<Response, Problem>) -> Self {
        Self {
            first: Some(first),
            ..Self::new(call)
        }
    }

    /// Whether there is another page to ask for.
    pub fn more(&self) -> bool {
        self.next.is_some()
    }

    /// The next page that has rows; `None` at the end. A page may be empty and not the last (paging). Where a link
    /// that Graph gave has run out (`Directory_ExpiredPageToken`, 410), the list is read from its beginning, once.
    ///
    /// # Errors
    /// What reading it brought, a link that leads elsewhere, or one that leads back.
    pub async fn next(
        &mut self,
        client: &Client,
        say: Say<'_>,
    ) -> Result<Option<RowPage<T>>, Problem> {
        while let Some(call) = self.next.take() {
            let call = call?;
            let answer = match self.first.take() {
                Some(first) => first,
                None => client.read(&call, say).await,
            };
            let mut answer = match (answer, self.seen.is_empty()) {
                (Err(problem), false) if refused(&problem) => {
                    let start = self.anew.take().ok_or(problem)?;
                    self.next = Some(Ok(start));
                    self.seen.clear();
                    (self.read, self.again) = (0, true);
                    continue;
                }
                (answer, _) => answer?,
            };
            self.read += 1;
            if self.read > MOST_PAGES || self.empty > MOST_EMPTY {
                return Err(endless());
            }
            if self.again {
                json::leave_out(&mut answer, |id| self.given.contains(&hash(id)));
            }
            let collection = json::collection::<T>(&answer)?;
            if collection.next.is_some() && self.anew.is_some() {
                self.given
                    .extend(json::ids(&answer).iter().map(|id| hash(id)));
            }
            self.next = collection.next.map(|raw| {
                let link = client.address().link(&raw)?;
                if self.seen.insert(raw) {
                    Ok(Call::follow(link, call.eventual))
                } else {
                    Err(circle())
                }
            });
            self.empty += 1;
            if !collection.rows.is_empty() || collection.unread > 0 {
                self.empty = 0;
                return Ok(Some(RowPage {
                    rows: collection.rows,
                    unread: collection.unread,
                }));
            }
        }
        Ok(None)
    }

    /// All rows that are left.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn all(mut self, client: &Client, say: Say<'_>) -> Result<RowPage<T>, Problem> {
        let mut all = RowPage {
            rows: Vec::new(),
            unread: 0,
        };
        while let Some(page) = self.next(client, say).await? {
            all.rows.extend(page.rows);
            all.unread += page.unread;
        }
        Ok(all)
    }
}

/// Whether Graph does not take its own link any more.
fn refused(problem: &Problem) -> bool {
    matches!(problem.kind, ProblemKind::Refused | ProblemKind::NotFound)
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

fn endless() -> Problem {
    Problem::new(
        ProblemKind::NotGraph,
        "The list does not end: page follows on page, more than any tenant has",
        "What was read so far is shown. Refresh to try again",
    )
}

fn circle() -> Problem {
    Problem::new(
        ProblemKind::NotGraph,
        "The list turns in a circle: a page leads back to an earlier one",
        "What was read so far is shown. Refresh to try again",
    )
}
