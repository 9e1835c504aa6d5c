//! The one place where a write is journalled, sent and settled. It knows no act by name: what is particular to one
//! stands in its file in [`crate::acts`].
//!
//! ```text
//! open intents in the way? ──> look ──> judge ──> intents, fsync ──> carry ──> said ─┬─ settled ──> outcome ─┐
//!            │                            │                           ^               ├─ contested ─> look   │
//!            └──> reply                   └──> reply                  │               ├─ later ────> pause ─┐ │
//!                                                                     └───────────────┼─────────────────────┘ │
//!                                             no trace, harmless: new intent          └─ unknown ──> look until known
//!                                                                      next step of the plan, or reply <──────┘
//! ```
//!
//! Kept here and nowhere else: an intent stands in the journal before anything is sent; every intent gets an
//! outcome; what may have happened is not sent again before looking has shown that it did not; and while it is not
//! known, no other write to the same target is sent.

mod back;
mod carry;
mod earlier;
mod follow;
mod fresh;
mod going;
mod look;
mod recheck;
mod said;
mod step;
mod way;

use std::collections::HashSet;

use super::protocol::Answer;
use super::words::count;
use super::work::{Work, cancelled};
use crate::acts::{Outcome, Plan, Target};
use crate::domain::problem::Problem;
use crate::domain::tenant::Session;
use crate::graph::batch;
use going::Going;

pub(super) use earlier::{half_done, settle_earlier};
pub(super) use follow::follow;
pub(super) use recheck::recheck;

/// Sends plans, in order, as many a call as a batch takes. `again` sends also where an earlier write to the same
/// target is open: the one who asked has said that it may be done twice.
pub(super) async fn send(work: &Work, plans: Vec<Plan>, again: bool) -> Result<(), Problem> {
    let session = tokio::select! {
        session = work.session() => session?.clone(),
        () = work.stop.pulled() => return Err(cancelled("Stopped before anything was sent")),
    };
    let of = plans.len();
    let mut going: Vec<Going> = plans.into_iter().filter_map(Going::new).collect();
    way::clear(work, &session, &mut going, again).await?;
    let mut done = of - going.len();
    let mut rest = going.into_iter().peekable();
    loop {
        let chunk = next_chunk(&mut rest);
        if chunk.is_empty() {
            return Ok(());
        }
        if work.stop.asked() {
            for going in chunk.into_iter().chain(rest) {
                work.end(
                    going,
                    Outcome::Failed(cancelled("Stopped before it was sent")),
                );
            }
            return Ok(());
        }
        let size = chunk.len();
        work.progress(done, Some(of), format!("sending {}", count(of, "act")));
        go_on(work, &session, chunk).await;
        done += size;
        work.progress(
            done,
            Some(of),
            format!("sent {done} of {}", count(of, "act")),
        );
    }
}

/// Takes plans through their steps: those that stand at the same step share a batch.
async fn go_on(work: &Work, session: &Session, mut plans: Vec<Going>) {
    while !plans.is_empty() {
        let ended = step::send(work, session, plans).await;
        plans = ended
            .into_iter()
            .filter_map(|(going, outcome)| going.step_on(&outcome))
            .collect();
        if work.stop.asked() {
            for going in plans.drain(..) {
                work.end(
                    going,
                    Outcome::Failed(cancelled("Stopped before it was sent")),
                );
            }
        }
    }
}

impl Work {
    /// Says how a plan has ended.
    fn end(&self, going: Going, outcome: Outcome) {
        let target = going.target().clone();
        self.reply(Answer::Settled(target, Box::new(going.end(outcome))));
    }
}

/// As many plans as one batch takes. What is in a batch has no order, so two plans on one row never share it.
fn next_chunk(plans: &mut std::iter::Peekable<std::vec::IntoIter<Going>>) -> Vec<Going> {
    let mut chunk = Vec::new();
    let mut rows: HashSet<Target> = HashSet::new();
    while chunk.len() < batch::MAX
        && let Some(going) = plans.next_if(|going| rows.insert(going.target().clone()))
    {
        chunk.push(going);
    }
    chunk
}
