//! Looking at how things stand, for many acts in few calls.

use super::judge::{self, Look};
use crate::domain::act::{Act, Deed};
use crate::domain::assignment::{Assignee, Assignment};
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::{Call, Client, Response, Say, approvals, request_acts, requests, users};

/// Looks at what each act is about. The looks stand in the acts' order.
pub(super) async fn at(client: &Client, acts: &[&Act], say: Say<'_>) -> Vec<Result<Look, Problem>> {
    let mut calls = Vec::with_capacity(acts.len() * 2);
    for act in acts {
        calls.extend(calls_for(&act.deed));
    }
    let mut answers = client.read_many(&calls, say).await.into_iter();
    acts.iter()
        .map(|act| read(&act.deed, &mut answers))
        .collect()
}

fn calls_for(deed: &Deed) -> Vec<Call> {
    match deed {
        Deed::Decide { request, .. } => vec![requests::one(request), approvals::one(request)],
        Deed::Block(id) | Deed::Unblock(id) | Deed::Delete(id) | Deed::Restore(id) => {
            vec![users::account(id)]
        }
        Deed::Invite(invitation) => vec![users::by_address(&invitation.mail)],
        Deed::Cancel(request) | Deed::Reprocess(request) | Deed::Remove(request) => {
            vec![requests::one(request)]
        }
        Deed::Assign(assignment) => {
            let since = assignment.asked - judge::SKEW;
            let made = request_acts::made_since(&assignment.package, since);
            match &assignment.who {
                Assignee::Guest(id) => {
                    let held = request_acts::held(&assignment.package, id);
                    vec![users::account(id), made, held]
                }
                Assignee::Address(mail) => vec![users::by_address(mail), made],
            }
        }
    }
}

/// Takes an act's answers off the front of `answers`.
fn read(
    deed: &Deed,
    answers: &mut impl Iterator<Item = Result<Response, Problem>>,
) -> Result<Look, Problem> {
    let mut next = || {
        answers.next().unwrap_or_else(|| {
            let what = "Graph left an answer out";
            Err(Problem::new(
                ProblemKind::NotGraph,
                what,
                "Refresh and look again",
            ))
        })
    };
    match deed {
        Deed::Decide { .. } => {
            let request = next().and_then(|answer| requests::read(&answer));
            let stages = next().and_then(|answer| approvals::read(&answer));
            let hidden = [ProblemKind::NotFound, ProblemKind::NotPermitted];
            let request = match request {
                Ok(request) => Some(Box::new(request)),
                Err(problem) if hidden.contains(&problem.kind) => None,
                Err(problem) => return Err(problem),
            };
            let stages = match stages {
                Ok(stages) => stages,
                Err(problem) if problem.kind == ProblemKind::NotFound => Vec::new(),
                Err(problem) => return Err(problem),
            };
            Ok(Look::Request(request, stages))
        }
        Deed::Invite(invitation) => {
            let found = users::read_accounts(&next()?, &invitation.mail)?;
            Ok(Look::Account(found.into_iter().next().map(Box::new)))
        }
        Deed::Cancel(_) | Deed::Reprocess(_) | Deed::Remove(_) => {
            let request = next().and_then(|answer| requests::read(&answer));
            Ok(Look::Record(there(request)?.map(Box::new)))
        }
        Deed::Assign(assignment) => read_assigning(assignment, next),
        Deed::Block(_) | Deed::Unblock(_) | Deed::Delete(_) | Deed::Restore(_) => {
            let account = next().and_then(|answer| users::read_account(&answer));
            Ok(Look::Account(there(account)?.map(Box::new)))
        }
    }
}

fn read_assigning(
    assignment: &Assignment,
    mut next: impl FnMut() -> Result<Response, Problem>,
) -> Result<Look, Problem> {
    // Taken off one after another, also where the first went wrong: what follows is another act's.
    let (account, made) = (next(), next());
    let (account, held) = match &assignment.who {
        Assignee::Guest(_) => {
            let account = there(account.and_then(|answer| users::read_account(&answer)));
            (account, request_acts::read_held(&next()?)?)
        }
        Assignee::Address(mail) => {
            let found = account.and_then(|answer| users::read_accounts(&answer, mail));
            (found.map(|all| all.into_iter().next()), false)
        }
    };
    Ok(Look::Assigning {
        account: account?.map(Box::new),
        made: request_acts::read_made(&made?)?,
        held,
    })
}

/// Nothing, where Graph knows of nothing.
fn there<T>(read: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(problem) if problem.kind == ProblemKind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}
