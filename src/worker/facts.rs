//! Reads that signals and Detail rest on: whom the tenant lets in, what people hold, what went before. All of them
//! are worth having and none is worth a complaint: what this sign-in may not read stays unknown, quietly.

use std::collections::BTreeSet;

use super::list::CallAnswer;
use super::protocol::{AccountKey, Answer, Earlier};
use super::reads;
use super::work::Work;
use crate::domain::access::{Held, Incompatible};
use crate::domain::border::Borders;
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Stage};
use crate::graph::pages::Pages;
use crate::graph::requests::Depth;
use crate::graph::{Call, access, approvals, batch, borders, requests, users};

/// So many pages of a package's requests are read for its history, and no more: Graph promises no order, and keeps
/// two hundred thousand.
const PAGES: usize = 10;

/// Whom the tenant lets in.
pub(super) async fn borders(work: &Work) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    // What was never asked for at the sign-in is not tried with every list.
    let claims = work.client().claims().await?;
    let may = |need: &[&str]| {
        let claims = claims.as_ref();
        claims.is_none_or(|claims| claims.carries_any(need))
    };
    let domains = borders::domains();
    let domains = async {
        let may = may(&borders::DOMAINS_NEED);
        if may {
            Some(work.client().read(&domains, &say).await)
        } else {
            None
        }
    };
    let settings = borders::settings();
    let tenants = may(&borders::TENANTS_NEED);
    let wanted = if tenants {
        &settings[..]
    } else {
        &settings[..1]
    };
    let (domains, settings) = tokio::join!(domains, work.client().read_many(wanted, &say));
    let mut settings = settings.into_iter();
    let leaving = settings.next().ok_or_else(left_out)?;
    let found = Borders {
        domains: domains
            .and_then(|answer| borders::read_domains(&answer.ok()?).ok())
            .flatten(),
        tenants: match (settings.next(), settings.next()) {
            (Some(Ok(default)), Some(Ok(partners))) => {
                borders::read_tenants(&default, &partners).ok()
            }
            _ => None,
        },
        leaving: leaving
            .and_then(|answer| borders::read_leaving(&answer))
            .ok(),
    };
    work.reply(Answer::Borders(Box::new(found)));
    Ok(())
}

fn left_out() -> Problem {
    Problem::new(
        ProblemKind::NotGraph,
        "Graph left an answer out",
        "Refresh and look again",
    )
}

/// Whose some accounts are.
pub(super) async fn accounts(work: &Work, keys: Vec<AccountKey>) -> Result<(), Problem> {
    let (mut read, mut closed) = (Vec::new(), None);
    let found = reads::accounts(work, &keys).await;
    for (key, found) in keys.into_iter().zip(found) {
        match found {
            Ok(found) => read.push((key, found)),
            Err(problem) => closed = Some(problem),
        }
    }
    let none = read.is_empty();
    work.reply(Answer::Accounts(read));
    closed.filter(|_| none).map_or(Ok(()), Err)
}

/// Which directory roles some accounts have; nothing of those that cannot be read.
pub(super) async fn roles(work: &Work, people: Vec<UserId>) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let calls: Vec<Call> = people.iter().map(users::member_of).collect();
    let answers = work.client().read_many(&calls, &say).await;
    let mut read = Vec::new();
    for (person, answer) in people.into_iter().zip(answers) {
        let found = reads::memberships(work, &person, answer).await;
        read.push((person, found.ok().flatten().map(|found| found.roles)));
    }
    work.reply(Answer::Roles(read));
    Ok(())
}

/// What people hold and held; of those in the second list the groups too.
pub(super) async fn held(
    work: &Work,
    people: &[UserId],
    with_groups: &BTreeSet<UserId>,
) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    for chunk in people.chunks(batch::MAX / 2) {
        let grouped: Vec<&UserId> = chunk
            .iter()
            .filter(|person| with_groups.contains(person))
            .collect();
        let calls: Vec<Call> = chunk
            .iter()
            .map(access::of)
            .chain(grouped.iter().map(|person| users::member_of(person)))
            .collect();
        let mut answers = work.client().read_many(&calls, &say).await.into_iter();
        let assignments: Vec<CallAnswer> = answers.by_ref().take(chunk.len()).collect();
        let mut groups: Vec<(&UserId, CallAnswer)> = grouped.into_iter().zip(answers).collect();
        let mut read = Vec::new();
        for (person, answer) in chunk.iter().zip(assignments) {
            let Ok(access) = answer.and_then(|answer| access::read(&answer)) else {
                continue;
            };
            let at = groups.iter().position(|(of, _)| *of == person);
            let groups = at.and_then(|at| {
                let names = access::names(&groups.swap_remove(at).1.ok()?).ok()?;
                Some(names.into_iter().map(|(id, _)| id).collect())
            });
            read.push((person.clone(), Held { access, groups }));
        }
        if !read.is_empty() {
            work.reply(Answer::Held(read));
        }
    }
    Ok(())
}

/// What must not be held together with these packages.
pub(super) async fn incompatible(work: &Work, packages: &[PackageId]) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let calls: Vec<Call> = packages.iter().flat_map(access::incompatible).collect();
    let answers = work.client().read_many(&calls, &say).await;
    let names = |answer: &CallAnswer| match answer {
        Ok(answer) => access::names(answer).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let read = packages.iter().zip(answers.chunks(3)).map(|(id, answers)| {
        let mut lists = answers.iter().map(names);
        let mut next = || lists.next().unwrap_or_default();
        let (those, others, groups) = (next(), next(), next());
        let mut packages: Vec<(PackageId, _)> = those
            .into_iter()
            .chain(others)
            .filter_map(|(id, name)| Some((PackageId::new(&id).ok()?, name)))
            .collect();
        packages.sort();
        packages.dedup();
        (id.clone(), Incompatible { packages, groups })
    });
    work.reply(Answer::Incompatible(read.collect()));
    Ok(())
}

/// What was asked of a package before, in every state but waiting, as far as that is quickly read; then the stages
/// of some requests that have ended.
pub(super) async fn before(work: &Work, before: Earlier) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    if let Some(package) = &before.package {
        let first = |depth| requests::of_package(package, depth);
        let mut pages = Pages::<Request>::new(first(Depth::Nested));
        let mut page = match pages.next(work.client(), &say).await {
            Err(problem) if problem.kind == ProblemKind::Refused => {
                pages = Pages::new(first(Depth::Plain));
                pages.next(work.client(), &say).await?
            }
            other => other?,
        };
        let mut whole = true;
        while let Some(read) = page {
            let ended: Vec<Request> = read.rows.into_iter().filter(|row| !row.pending()).collect();
            work.reply(Answer::Before(ended));
            if pages.read >= PAGES {
                whole = false;
                break;
            }
            page = pages.next(work.client(), &say).await?;
        }
        work.reply(Answer::BeforeOf(package.clone(), whole));
    }
    let verdicts = verdicts(work, &before.verdicts).await;
    if !verdicts.is_empty() {
        work.reply(Answer::Verdicts(verdicts));
    }
    Ok(())
}

/// The stages of requests that have ended. Who may not read one knows the outcome all the same.
async fn verdicts(work: &Work, ids: &[RequestId]) -> Vec<(RequestId, Vec<Stage>)> {
    let say = |pause, why| work.waiting(pause, why);
    let calls: Vec<Call> = ids.iter().map(approvals::one).collect();
    let answers = work.client().read_many(&calls, &say).await;
    let read = ids.iter().zip(answers).filter_map(|(id, answer)| {
        let wire = answer.and_then(|answer| approvals::read(&answer)).ok()?;
        Some((id.clone(), approvals::stages(wire)))
    });
    read.collect()
}
