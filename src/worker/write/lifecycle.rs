//! The rules of writing for what is done with a request besides deciding it, and for assigning past approval. Pure,
//! as [`super::judge`], which these belong to.

use jiff::Timestamp;

use super::judge::{After, Before, Look, Ready, Sent, go, moot};
use crate::domain::act::{Act, Deed, Outcome};
use crate::domain::assignment::{Assignee, Assignment};
use crate::domain::lifecycle::{NotNow, standing};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::graph::request_acts;
use crate::graph::users::Account;

/// Decides whether to cancel, reprocess or remove a request, as it stands.
pub(super) fn before_record(act: &Act, request: Option<&Request>, now: Timestamp) -> Before {
    let Some(request) = request else {
        return match act.deed {
            Deed::Remove(_) => moot("is not there any more"),
            _ => no("It is not there any more", "Refresh and look again"),
        };
    };
    match &act.deed {
        Deed::Cancel(_) if request.state == RequestState::Canceled => moot("was cancelled already"),
        Deed::Cancel(id) => match request.may_cancel() {
            Ok(()) => go(request_acts::cancel(id)),
            Err(why) => no(
                &format!("It cannot be cancelled: {why}"),
                "Only what waits can be cancelled",
            ),
        },
        Deed::Reprocess(_) if in_hand(&request.state) => {
            moot(&format!("{} already", standing(&request.state)))
        }
        Deed::Reprocess(id) => match request.may_reprocess(now) {
            Ok(_) => Before::Go(Ready {
                completed: request.completed,
                ..Ready::new(request_acts::reprocess(id))
            }),
            Err(why) => {
                let remedy = match why {
                    NotNow::Late(_) => "Assign the package directly, or have them ask again",
                    NotNow::Stands(_) => "Only a delivery that failed can be tried again",
                };
                no(&format!("It cannot be delivered again: {why}"), remedy)
            }
        },
        Deed::Remove(id) => match request.may_remove() {
            Ok(()) => go(request_acts::remove(id)),
            Err(why) => no(
                &format!("Its record cannot be removed: {why}"),
                "Only a request that has ended can be removed; cancel it first",
            ),
        },
        _ => super::judge::unfit(),
    }
}

/// Reads back whether a request was cancelled, reprocessed or removed.
pub(super) fn after_record(
    act: &Act,
    sent: &Sent<'_>,
    request: Option<&Request>,
    now: Timestamp,
) -> After {
    let happened = After::Settled(Outcome::Done { found: true });
    match (&act.deed, request) {
        (Deed::Remove(_), None) => happened,
        (Deed::Cancel(_), Some(request)) if request.state == RequestState::Canceled => happened,
        (Deed::Reprocess(_), Some(request)) if in_hand(&request.state) => happened,
        // Tried again, and failed again.
        (Deed::Reprocess(_), Some(request)) if ended_since(request, sent) => happened,
        _ => match before_record(act, request, now) {
            Before::Go(_) => After::Absent,
            Before::Not(outcome) => After::Settled(outcome),
        },
    }
}

/// Whether the service has the delivery in hand, or has done it.
fn in_hand(state: &RequestState) -> bool {
    matches!(state, RequestState::Delivering | RequestState::Delivered)
}

fn ended_since(request: &Request, sent: &Sent<'_>) -> bool {
    let ended = request.completed;
    match sent {
        Sent::Now(ready) => ended > ready.completed,
        Sent::Earlier(at) => ended.is_some_and(|ended| ended > *at),
    }
}

/// Decides whether to assign somebody directly, as things stand.
pub(super) fn before_assign(
    act: &Act,
    assignment: &Assignment,
    account: Option<&Account>,
    made: &[Request],
    held: bool,
) -> Before {
    if account.is_some_and(|account| !account.is_guest) {
        return super::judge::no_member();
    }
    if account.is_none() && matches!(assignment.who, Assignee::Guest(_)) {
        return no(
            "There is no such account any more",
            "Refresh and look again",
        );
    }
    if held {
        return moot("has this package already");
    }
    if made
        .iter()
        .any(|made| is_it(assignment, account, made) && stands(made))
    {
        return moot("was assigned this package a moment ago");
    }
    go(request_acts::assign(assignment, &act.reason))
}

/// Reads back whether somebody was assigned.
pub(super) fn after_assign(
    assignment: &Assignment,
    account: Option<&Account>,
    made: &[Request],
    held: bool,
) -> After {
    if held || made.iter().any(|made| is_it(assignment, account, made)) {
        After::Settled(Outcome::Done { found: true })
    } else {
        After::Absent
    }
}

/// Whether a request is a direct assignment of this package to this person.
fn is_it(assignment: &Assignment, account: Option<&Account>, made: &Request) -> bool {
    let person = &made.requestor;
    let by_mail = |mail: &str| !mail.is_empty() && person.mail.eq_ignore_ascii_case(mail);
    let same = match &assignment.who {
        Assignee::Guest(id) => person.user.as_ref() == Some(id),
        Assignee::Address(mail) => by_mail(mail),
    };
    let known = account.is_some_and(|account| {
        person.user.as_ref() == Some(&account.guest.id) || by_mail(&account.guest.mail)
    });
    made.kind == RequestKind::AdminAdd
        && made
            .package
            .as_ref()
            .is_none_or(|package| *package == assignment.package)
        && (same || known)
}

/// Whether it has not come to nothing.
fn stands(made: &Request) -> bool {
    !matches!(
        made.state,
        RequestState::Denied | RequestState::Canceled | RequestState::DeliveryFailed
    )
}

fn no(what: &str, remedy: &str) -> Before {
    Before::Not(Outcome::Failed(Problem::new(
        ProblemKind::Refused,
        what,
        remedy,
    )))
}

impl Look {
    /// The account a look shows.
    pub(super) fn account(&self) -> Option<&Account> {
        match self {
            Self::Account(account) | Self::Assigning { account, .. } => account.as_deref(),
            Self::Request(..) | Self::Record(_) => None,
        }
    }
}
