//! The rules of writing, pure: what a look at the state means before an act is sent, what Graph's answer means,
//! and what a look means where the answer was lost.

use jiff::{SignedDuration, Timestamp};

use super::lifecycle;

use crate::domain::act::{Act, Deed, Outcome};
use crate::domain::id::{StageId, UserId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestState, ReviewResult, StageStatus};
use crate::graph::approvals::{self, Reviewed};
use crate::graph::failure::Lost;
use crate::graph::users::{self, Account};
use crate::graph::{Call, Response, invitations};

/// How things stand with what an act is about.
#[derive(Clone, Debug)]
pub(super) enum Look {
    /// A request and its approval's stages. Who may decide need not be allowed to read the request itself.
    Request(Option<Box<Request>>, Vec<Reviewed>),
    /// An account, if there is one.
    Account(Option<Box<Account>>),
    /// A request alone, if it is there.
    Record(Option<Box<Request>>),
    /// What there is of somebody and a package.
    Assigning {
        /// Their account, if there is one.
        account: Option<Box<Account>>,
        /// Requests for the package since the assigning was asked for.
        made: Vec<Request>,
        /// Whether they have it already.
        held: bool,
    },
}

/// What to do with an act after a look.
pub(super) enum Before {
    /// It can be sent.
    Go(Ready),
    /// It needs no sending, or cannot be sent.
    Not(Outcome),
}

/// An act ready to be sent.
#[derive(Clone)]
pub(super) struct Ready {
    /// The call.
    pub(super) call: Call,
    /// The stage it decides.
    pub(super) stage: Option<StageId>,
    /// When the request it is about had ended before.
    pub(super) completed: Option<Timestamp>,
}

impl Ready {
    pub(super) fn new(call: Call) -> Self {
        Self {
            call,
            stage: None,
            completed: None,
        }
    }
}

/// Decides whether `act` is to be sent, as things stand.
pub(super) fn before(act: &Act, look: &Look, now: Timestamp) -> Before {
    match (&act.deed, look) {
        (
            Deed::Decide {
                request,
                approve,
                stage,
            },
            Look::Request(read, stages),
        ) => {
            let meant = stages.iter().find(|s| Some(&s.stage.id) == stage.as_ref());
            if let Some(meant) =
                meant.filter(|s| s.stage.status != StageStatus::InProgress && decided(s))
            {
                return Before::Not(already(meant));
            }
            let open = || {
                stages
                    .iter()
                    .position(|s| s.stage.status == StageStatus::InProgress)
            };
            let pending = read.as_deref().is_none_or(Request::pending);
            match open().filter(|_| pending) {
                Some(at) if stages[at].stage.mine => {
                    let stage = stages[at].stage.id.clone();
                    Before::Go(Ready {
                        stage: Some(stage.clone()),
                        ..Ready::new(approvals::decide(request, &stage, *approve, &act.reason))
                    })
                }
                Some(at) => Before::Not(Outcome::NotYours { stage: at + 1 }),
                None => Before::Not(ended(read.as_deref(), stages)),
            }
        }
        (Deed::Invite(invitation), Look::Account(found)) => match found {
            Some(account) => Before::Not(Outcome::Moot(already_in(account))),
            None => go(invitations::invite(invitation)),
        },
        (Deed::Restore(id), Look::Account(found)) => match found {
            Some(_) => moot("is not deleted"),
            None => go(users::restore(id)),
        },
        (Deed::Cancel(_) | Deed::Reprocess(_) | Deed::Remove(_), Look::Record(request)) => {
            lifecycle::before_record(act, request.as_deref(), now)
        }
        (
            Deed::Assign(assignment),
            Look::Assigning {
                account,
                made,
                held,
            },
        ) => lifecycle::before_assign(act, assignment, account.as_deref(), made, *held),
        (_, Look::Account(None)) => moot("is already deleted"),
        (_, Look::Account(Some(account))) if !account.is_guest => no_member(),
        (Deed::Block(id), Look::Account(Some(account))) => {
            if account.guest.enabled {
                go(users::enable(id, false))
            } else {
                moot("is already blocked")
            }
        }
        (Deed::Unblock(id), Look::Account(Some(account))) => {
            if account.guest.enabled {
                moot("is not blocked")
            } else {
                go(users::enable(id, true))
            }
        }
        (Deed::Delete(id), Look::Account(Some(_))) => go(users::delete(id)),
        _ => unfit(),
    }
}

/// What is looked at is not what the act is about.
pub(super) fn unfit() -> Before {
    Before::Not(Outcome::Failed(Problem::new(
        ProblemKind::Local,
        "The act does not fit what it is about",
        "",
    )))
}

/// Members are not this program's to touch.
pub(super) fn no_member() -> Before {
    Before::Not(Outcome::Failed(Problem::new(
        ProblemKind::Refused,
        "This is a member of the organization, not a guest",
        "Members are administered elsewhere",
    )))
}

pub(super) fn go(call: Call) -> Before {
    Before::Go(Ready::new(call))
}

pub(super) fn moot(words: &str) -> Before {
    Before::Not(Outcome::Moot(words.into()))
}

fn already_in(account: &Account) -> String {
    let since = account
        .guest
        .created
        .map(|at| format!(" since {}", at.strftime("%-d %b %Y")))
        .unwrap_or_default();
    if account.is_guest {
        format!("is already a guest{since}")
    } else {
        "already has an account here, as a member".into()
    }
}

fn decided(reviewed: &Reviewed) -> bool {
    matches!(
        reviewed.stage.result,
        ReviewResult::Approved | ReviewResult::Denied
    )
}

/// How a request that waits for nobody has ended.
fn ended(request: Option<&Request>, stages: &[Reviewed]) -> Outcome {
    let last = stages.iter().filter(|s| decided(s)).max_by_key(|s| {
        // A denial ends it; else the latest verdict does.
        (s.stage.result == ReviewResult::Denied, s.stage.reviewed)
    });
    let taken_back = request.is_some_and(|r| r.state == RequestState::Canceled);
    if let (Some(reviewed), false) = (last, taken_back) {
        return already(reviewed);
    }
    let expired = stages
        .iter()
        .any(|s| s.stage.status == StageStatus::Expired);
    Outcome::Moot(match request.map(|r| &r.state) {
        _ if expired => "was denied by itself: nobody decided in time".into(),
        Some(RequestState::Canceled) => "was taken back".into(),
        Some(RequestState::Denied) => "was denied already".into(),
        Some(RequestState::PendingApproval) => "waits for no stage just now".into(),
        Some(state) => format!("has moved on: {state}"),
        None => "is not there any more".into(),
    })
}

fn already(reviewed: &Reviewed) -> Outcome {
    Outcome::Already {
        result: reviewed.stage.result.clone(),
        by: reviewed.stage.reviewer.clone(),
        at: reviewed.stage.reviewed,
    }
}

/// What came of sending one act.
pub(super) enum Said {
    /// It happened, or surely did not: that is all.
    Settled(Outcome),
    /// Graph refused it because of how things stand: a look says what that is.
    Contested(Problem),
    /// It surely did not happen and can be sent again after a pause, or with another token.
    Later(Problem),
    /// Nobody knows.
    Unknown(Problem),
}

/// Reads Graph's answer to an act, or the lack of one.
pub(super) fn said(act: &Act, result: Result<Response, Lost>) -> Said {
    let problem = match result {
        Err(lost) if lost.sent => return Said::Unknown(lost.problem),
        Err(lost) if lost.passing || lost.problem.kind == ProblemKind::SignIn => {
            return Said::Later(lost.problem);
        }
        Err(lost) => return Said::Settled(Outcome::Failed(lost.problem)),
        Ok(answer) => match answer.accepted() {
            Ok(answer) => return accepted(act, &answer),
            Err(problem) => problem,
        },
    };
    match problem.kind {
        // Neither was done: the one came too early, the other with a token that is no good any more.
        ProblemKind::Throttled | ProblemKind::SignIn => Said::Later(problem),
        ProblemKind::Conflict | ProblemKind::NotPermitted | ProblemKind::NotFound => {
            Said::Contested(problem)
        }
        // Graph says 400 where the request is not any more what it was when it was looked at.
        ProblemKind::Refused if by_standing(&act.deed) => Said::Contested(problem),
        _ if problem.leaves_unknown() => Said::Unknown(problem),
        _ => Said::Settled(Outcome::Failed(problem)),
    }
}

/// Whether Graph refuses a deed with 400 for how its request stands.
fn by_standing(deed: &Deed) -> bool {
    matches!(
        deed,
        Deed::Cancel(_) | Deed::Reprocess(_) | Deed::Remove(_) | Deed::Assign(_)
    )
}

/// A yes is believed only if it is Graph's: a gateway may say 200 with a page of its own.
fn accepted(act: &Act, answer: &Response) -> Said {
    if let Deed::Invite(_) = &act.deed {
        return match invitations::read(answer) {
            Ok(invited) => Said::Settled(Outcome::Invited(Box::new(invited))),
            Err(problem) => Said::Unknown(problem),
        };
    }
    match answer.empty_or_json() {
        Ok(()) => Said::Settled(Outcome::Done { found: false }),
        Err(problem) => Said::Unknown(problem),
    }
}

/// What a look says about an act whose answer was lost.
pub(super) enum After {
    /// It is settled.
    Settled(Outcome),
    /// There is no trace of it.
    Absent,
}

/// What is known of how an act was sent.
pub(super) enum Sent<'a> {
    /// By this run, ready as it was then.
    Now(&'a Ready),
    /// By an earlier run, at that time: its stage is not in the journal.
    Earlier(Timestamp),
}

/// How far apart this clock and Graph's may be.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// Reads back: did `act` happen?
pub(super) fn after(act: &Act, sent: &Sent<'_>, me: &UserId, look: &Look, now: Timestamp) -> After {
    let happened = After::Settled(Outcome::Done { found: true });
    match (&act.deed, look) {
        (Deed::Decide { approve, .. }, Look::Request(request, stages)) => {
            let wanted = if *approve {
                ReviewResult::Approved
            } else {
                ReviewResult::Denied
            };
            let by_me =
                |s: &&Reviewed| s.stage.result == wanted && s.by.as_ref().is_none_or(|by| by == me);
            let sent_to = match sent {
                Sent::Now(ready) => {
                    let mut stages = stages.iter();
                    stages.find(|s| Some(&s.stage.id) == ready.stage.as_ref())
                }
                // The verdict of ours since then: an older one was on another stage.
                Sent::Earlier(at) => stages.iter().filter(by_me).rfind(|s| {
                    s.by.is_some()
                        && s.stage
                            .reviewed
                            .is_some_and(|reviewed| reviewed + SKEW >= *at)
                }),
            };
            match sent_to {
                Some(s) if by_me(&s) => happened,
                Some(s)
                    if matches!(
                        s.stage.result,
                        ReviewResult::Approved | ReviewResult::Denied
                    ) =>
                {
                    After::Settled(already(s))
                }
                _ => match before(act, look, now) {
                    Before::Go(_) => After::Absent,
                    Before::Not(_) if stages.is_empty() && fits(request.as_deref(), *approve) => {
                        happened
                    }
                    Before::Not(outcome) => After::Settled(outcome),
                },
            }
        }
        (Deed::Delete(_), Look::Account(None))
        | (Deed::Restore(_) | Deed::Invite(_), Look::Account(Some(_))) => happened,
        (Deed::Block(_), Look::Account(Some(account))) if !account.guest.enabled => happened,
        (Deed::Unblock(_), Look::Account(Some(account))) if account.guest.enabled => happened,
        (Deed::Block(_) | Deed::Unblock(_), Look::Account(None)) => {
            After::Settled(Outcome::Moot("was deleted meanwhile".into()))
        }
        (Deed::Cancel(_) | Deed::Reprocess(_) | Deed::Remove(_), Look::Record(request)) => {
            lifecycle::after_record(act, sent, request.as_deref(), now)
        }
        (
            Deed::Assign(assignment),
            Look::Assigning {
                account,
                made,
                held,
            },
        ) => lifecycle::after_assign(assignment, account.as_deref(), made, *held),
        _ => After::Absent,
    }
}

/// Whether a request whose stages cannot be read any more has gone the way of the verdict.
fn fits(request: Option<&Request>, approve: bool) -> bool {
    request.is_some_and(|request| {
        let denied = request.state == RequestState::Denied;
        let let_in = matches!(
            request.state,
            RequestState::Delivering
                | RequestState::Delivered
                | RequestState::PartiallyDelivered
                | RequestState::DeliveryFailed
                | RequestState::Scheduled
        );
        if approve { let_in } else { denied }
    })
}

/// Whether an act that has left no trace may be sent again: what it writes is guarded by the state it changes,
/// so that arriving twice does no harm. An invitation is not: a second one may mail somebody twice. Nor is a direct
/// assignment: until the first is delivered, nothing keeps a second from being made.
pub(super) fn resendable(deed: &Deed) -> bool {
    !matches!(deed, Deed::Invite(_) | Deed::Assign(_))
}
