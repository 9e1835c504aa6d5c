//! The rules each act writes out for itself. Nothing here has a default: what an act does not say, the compiler asks.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::arrival::DeliveryWay;
use super::look::{Look, Reads};
use super::outcome::Outcome;
use super::{Act, Target};
use crate::domain::id::{StageId, UserId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::{Call, Response};

/// How far apart this clock and Graph's may be.
pub const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// How one act on one target is written. Pure: calls are made here and answers understood, and carried elsewhere.
pub trait ActRules {
    /// What it is about.
    fn target(&self) -> Target;

    /// Its form in the journal, from which its [`super::About::read`] makes it again. No secret is in an act, so
    /// none comes into its form.
    fn form(&self) -> Map<String, Value>;

    /// The reads that show how things stand.
    fn looks(&self) -> Vec<Call>;

    /// Understands their answers, taking exactly as many as there were calls.
    ///
    /// # Errors
    /// How things stand could not be read.
    fn see(&self, reads: &mut Reads<'_>) -> Result<Look, Problem>;

    /// Whether it is to be sent as things stand, and how. `reason` goes with it where Graph takes one.
    fn judge(&self, reason: &str, look: &Look, now: Timestamp) -> Before;

    /// What an answer that accepts it means.
    fn accepted(&self, answer: &Response) -> Said;

    /// Whether Graph refuses it with 400 for how things stand, so that a look says why.
    fn refused_by_standing(&self) -> bool;

    /// What a look means after its answer was lost: did it happen?
    fn after(&self, sent: &Sent<'_>, me: &UserId, look: &Look, now: Timestamp) -> After;

    /// Whether it may be sent a second time after looking has shown no trace of the first.
    fn again(&self) -> Again;

    /// The account it is written to, which may be so new that Graph does not know it everywhere.
    fn account(&self) -> Option<&UserId>;

    /// What it does to the row it was about, in lists that were read before.
    fn rows(&self, outcome: &Outcome) -> Rows;

    /// What has to be said where reading back has shown that it happened: what was lost with the answer.
    fn lost_with_answer(&self) -> Option<&'static str>;

    /// How it is followed to its end, where Graph's yes says only that it was taken; `None` where that yes is its end.
    fn follows(&self) -> Option<DeliveryWay>;

    /// What belongs to it and follows on the same target, in order.
    fn followed_by(&self) -> Vec<Act>;

    /// What takes it back.
    fn inverse(&self) -> Inverse;
}

/// An act ready to be sent.
#[derive(Clone)]
pub struct Ready {
    /// The call.
    pub call: Call,
    /// The stage it decides.
    pub stage: Option<StageId>,
    /// The time it moves on, as it stood before: when the request had ended, from when sessions were valid.
    pub since: Option<Timestamp>,
}

impl Ready {
    /// One with nothing to remember but the call.
    pub fn new(call: Call) -> Self {
        Self {
            call,
            stage: None,
            since: None,
        }
    }
}

/// What to do with an act after a look.
pub enum Before {
    /// It can be sent.
    Go(Ready),
    /// It needs no sending, or cannot be sent.
    Not(Outcome),
}

/// What came of sending one act.
pub enum Said {
    /// It happened, or surely did not: that is all.
    Settled(Outcome),
    /// Graph refused it because of how things stand: a look says what that is.
    Contested(Problem),
    /// It surely did not happen and can be sent again after a pause, or with another token.
    Later(Problem),
    /// Nobody knows.
    Unknown(Problem),
}

/// What is known of how an act was sent.
pub enum Sent<'a> {
    /// By this run, ready as it was then.
    Now(&'a Ready),
    /// By an earlier run.
    Earlier {
        /// When its intent was written.
        at: Timestamp,
        /// What was seen before, as [`Look::record`] wrote it; `None` in a journal of the first version.
        before: Option<&'a Value>,
    },
}

/// What a look says about an act whose answer was lost.
#[derive(Debug)]
pub enum After {
    /// It is settled.
    Settled(Outcome),
    /// There is no trace of it.
    Absent,
}

/// Whether an act that has left no trace may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Yes: what it writes is guarded by the state it changes, so that arriving twice does no harm.
    Harmless,
    /// Never: a second one could be made beside the first.
    Never {
        /// What looking for it has found: `no guest with that address`.
        found: &'static str,
        /// What to do.
        remedy: &'static str,
    },
}

impl Again {
    /// How many looks in a row must show no trace before an act counts as not arrived: a slow service may still be
    /// at it during the first. Several where what it makes shows up late in lists (replication).
    pub fn looks_needed(self) -> u32 {
        match self {
            Self::Harmless => 2,
            Self::Never { .. } => 4,
        }
    }
}

/// What an act does to the row it was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// It stays as it is until the list is read again.
    Stay,
    /// A request leaves the queue.
    Leaves,
    /// A request goes on to its next stage, or leaves the queue after the last.
    NextStage,
    /// A guest can sign in now, or cannot.
    Enabled(bool),
    /// A guest is in the list no more.
    Gone,
}

/// What takes an act back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inverse {
    /// This act.
    Act(Box<Act>),
    /// Nothing has to be taken back.
    Nothing,
    /// It cannot be taken back.
    None,
}

/// It happened, as reading back has shown.
pub(super) fn happened() -> After {
    After::Settled(Outcome::Done { found: true })
}

pub(super) fn go(call: Call) -> Before {
    Before::Go(Ready::new(call))
}

/// What was wanted is so already.
pub(super) fn so_already(words: &str) -> Before {
    Before::Not(Outcome::Moot {
        why: words.into(),
        so: true,
    })
}

/// It cannot be done any more, and what was wanted is not so.
pub(super) fn over(words: &str) -> Before {
    Before::Not(Outcome::Moot {
        why: words.into(),
        so: false,
    })
}

/// It is refused here, before it is sent.
pub(super) fn refuse(what: &str, remedy: &str) -> Before {
    Before::Not(Outcome::Failed(Problem::new(
        ProblemKind::Refused,
        what,
        remedy,
    )))
}

/// What is looked at is not what the act is about.
pub(super) fn misfit() -> Outcome {
    Outcome::Failed(Problem::new(
        ProblemKind::Local,
        "The act does not fit what it is about",
        "",
    ))
}

/// [`misfit`] before anything is sent.
pub(super) fn unfit() -> Before {
    Before::Not(misfit())
}

/// A yes that says nothing more. It is believed only if it is Graph's: a gateway may say 200 with a page of its own.
pub(super) fn plain_yes(answer: &Response) -> Said {
    match answer.empty_or_json() {
        Ok(()) => Said::Settled(Outcome::Done { found: false }),
        Err(problem) => Said::Unknown(problem),
    }
}
