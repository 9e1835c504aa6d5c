//! Acts: what one can do to a request or a guest, and how it can end.

use jiff::Timestamp;

use super::assignment::Assignment;
use super::id::{RequestId, StageId, UserId};
use super::invitation::{Invitation, Invited};
use super::problem::Problem;
use super::request::ReviewResult;
use super::text::Text;

/// How strongly access is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Sign-in is blocked; everything else stays. Undone by unblocking.
    Block,
    /// The account is deleted; restorable for 30 days.
    Delete,
}

/// What is staged on a row, to be sent after review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Let the person in (this stage of it).
    Approve,
    /// Turn the person away.
    Deny,
    /// Take a guest's access away.
    Revoke(Strength),
}

impl Verdict {
    /// The verb, for buttons, review and journal.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Revoke(Strength::Block) => "block",
            Self::Revoke(Strength::Delete) => "delete",
        }
    }

    /// Whether it may not be sent without a reason.
    pub fn needs_reason(self) -> bool {
        self != Self::Approve
    }

    /// The glyph that carries it where colour does not.
    pub fn glyph(self) -> char {
        match self {
            Self::Approve => '✓',
            Self::Deny => '✗',
            Self::Revoke(Strength::Block) => '⊘',
            Self::Revoke(Strength::Delete) => '⌫',
        }
    }
}

/// The row an act is about. Acts are tied to rows by id, never by position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A request in the queue.
    Request(RequestId),
    /// A guest.
    Guest(UserId),
    /// Somebody to be invited, by address in lower case.
    Address(String),
    /// A package for a person, by [`Assignment::key`].
    Assignment(String),
}

impl Target {
    /// The id, or the address.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Request(id) => id.as_str(),
            Self::Guest(id) => id.as_str(),
            Self::Address(mail) => mail,
            Self::Assignment(key) => key,
        }
    }
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Approve or deny the current stage of a request.
    Decide {
        /// The request.
        request: RequestId,
        /// Yes or no.
        approve: bool,
        /// The stage the verdict was meant for; another one that waits by now is not decided in its place.
        /// `None` decides whichever waits.
        stage: Option<StageId>,
    },
    /// Block a guest's sign-in, and end their sessions as far as Graph can.
    Block(UserId),
    /// Let a blocked guest sign in again.
    Unblock(UserId),
    /// Delete a guest.
    Delete(UserId),
    /// Bring a deleted guest back.
    Restore(UserId),
    /// Invite somebody.
    Invite(Box<Invitation>),
    /// Cancel a request that has not begun to be delivered.
    Cancel(RequestId),
    /// Have a delivery that failed tried again.
    Reprocess(RequestId),
    /// Remove the record of a request that has ended.
    Remove(RequestId),
    /// Give somebody a package past its approvers.
    Assign(Box<Assignment>),
}

impl Deed {
    /// The word in the journal.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Decide { approve: true, .. } => "approve",
            Self::Decide { approve: false, .. } => "deny",
            Self::Block(_) => "block",
            Self::Unblock(_) => "unblock",
            Self::Delete(_) => "delete",
            Self::Restore(_) => "restore",
            Self::Invite(_) => "invite",
            Self::Cancel(_) => "cancel",
            Self::Reprocess(_) => "reprocess",
            Self::Remove(_) => "remove",
            Self::Assign(_) => "assign",
        }
    }

    /// The word for it when it is done: `approved`.
    pub fn participle(&self) -> &'static str {
        match self {
            Self::Decide { approve: true, .. } => "approved",
            Self::Decide { approve: false, .. } => "denied",
            Self::Block(_) => "blocked",
            Self::Unblock(_) => "unblocked",
            Self::Delete(_) => "deleted",
            Self::Restore(_) => "restored",
            Self::Invite(_) => "invited",
            Self::Cancel(_) => "cancelled",
            Self::Reprocess(_) => "retried",
            Self::Remove(_) => "removed",
            Self::Assign(_) => "assigned",
        }
    }

    /// The row it is about.
    pub fn target(&self) -> Target {
        match self {
            Self::Decide { request, .. }
            | Self::Cancel(request)
            | Self::Reprocess(request)
            | Self::Remove(request) => Target::Request(request.clone()),
            Self::Assign(assignment) => Target::Assignment(assignment.key()),
            Self::Block(id) | Self::Unblock(id) | Self::Delete(id) | Self::Restore(id) => {
                Target::Guest(id.clone())
            }
            Self::Invite(invitation) => Target::Address(invitation.mail.to_lowercase()),
        }
    }
}

/// One write: what, why, and whose name to show for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What is to be written.
    pub deed: Deed,
    /// Why; goes to Graph as the justification of a decision, and into the journal always.
    pub reason: String,
    /// Whom it is about, for journal and messages.
    pub name: Text,
}

/// How an act ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened. `found` says that its answer was lost and reading back showed it.
    Done {
        /// Found by reading back rather than told.
        found: bool,
    },
    /// The invitation was made.
    Invited(Box<Invited>),
    /// Somebody else had decided before: an outcome, not an error.
    Already {
        /// What was decided.
        result: ReviewResult,
        /// By whom; may be empty.
        by: Text,
        /// When.
        at: Option<Timestamp>,
    },
    /// The current stage waits for others; nothing was sent.
    NotYours {
        /// The number of the stage that waits, from 1.
        stage: usize,
    },
    /// Read again before sending, it needed no writing: the request is gone, the guest already blocked.
    Moot(String),
    /// Graph refused it, or it could not be sent; nothing happened.
    Failed(Problem),
    /// Nobody knows whether it happened, and reading back did not work either. It is not sent again before
    /// reading back has shown it.
    Unknown(Problem),
}

impl Outcome {
    /// Whether the row is finished with: nothing of it stays in the basket.
    pub fn settled(&self) -> bool {
        !matches!(
            self,
            Self::Failed(_) | Self::Unknown(_) | Self::NotYours { .. }
        )
    }

    /// Whether what was wanted is now so by this act.
    pub fn done(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Invited(_))
    }
}
