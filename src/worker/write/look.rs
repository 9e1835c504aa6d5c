//! Looking at how things stand, for many acts in few calls.

use super::judge::Look;
use crate::domain::act::{Act, Deed};
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::{Answer, Call, Client, Say, approvals, requests, users};

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
    }
}

/// Takes an act's answers off the front of `answers`.
fn read(
    deed: &Deed,
    answers: &mut impl Iterator<Item = Result<Answer, Problem>>,
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
        _ => match next().and_then(|answer| users::read_account(&answer)) {
            Ok(account) => Ok(Look::Account(Some(Box::new(account)))),
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(Look::Account(None)),
            Err(problem) => Err(problem),
        },
    }
}
