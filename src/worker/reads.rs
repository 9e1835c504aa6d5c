//! The jobs that only read.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::desk::Work;
use super::facts;
use super::protocol::{Answer, Ask};
use super::words::{count, grouped};
use crate::domain::guest::{Guest, GuestDetail};
use crate::domain::id::{RequestId, UserId};
use crate::domain::package::{Organization, Package};
use crate::domain::policy::Policy;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestState};
use crate::graph::pages::{Page, Pages};
use crate::graph::policies::Questions;
use crate::graph::requests::{Asked, Depth};
use crate::graph::users::{self, SignIn};
use crate::graph::{
    Call, Row, approvals, batch, organizations, packages, policies, probe, requests,
};

/// Does what is asked. Dropping the future cancels it.
pub(super) async fn perform(work: &Work, ask: Ask) -> Result<(), Problem> {
    match ask {
        Ask::Session => {
            let session = work.session().await?.clone();
            work.reply(Answer::Session(Box::new(session)));
            Ok(())
        }
        Ask::Capabilities => capabilities(work).await,
        Ask::Requests => pending(work).await,
        Ask::Past => past(work).await,
        Ask::Records(ids) => super::records::read(work, &ids).await,
        Ask::Policies => governance(work).await,
        Ask::Borders => facts::borders(work).await,
        Ask::Held(people, with_groups) => facts::held(work, &people, &with_groups).await,
        Ask::Incompatible(packages) => facts::incompatible(work, &packages).await,
        Ask::Before(before) => facts::before(work, before).await,
        Ask::Guests => guests(work).await,
        Ask::SignIns => sign_ins(work).await,
        Ask::GuestDetail(id) => detail(work, &id).await,
        Ask::LookUp(mail) => look_up(work, mail).await,
        Ask::Journal(newest) => work.journal(newest),
        Ask::SignIn(way) => match work.client().sign_in() {
            Some(sign_in) => sign_in.begin(way).await,
            None => Err(Problem::new(
                ProblemKind::SignIn,
                "This run has one token from outside and no way to sign in anew",
                "Set GUESTLIST_TOKEN to a fresh token and start again",
            )),
        },
        // Writes have their own queue.
        Ask::Send(_) | Ask::Settle => Ok(()),
    }
}

/// What may be done here. What fails for one area is a fact about that area; only where there is no token, or
/// nothing answers, is nothing known.
async fn capabilities(work: &Work) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let restored = work.client().claims().await;
    let claims = match restored {
        Err(problem) if problem.kind == ProblemKind::SignIn => {
            work.client().restored(problem).await?;
            work.client().claims().await?
        }
        other => other?,
    };
    let session = match work.session().await {
        Ok(session) => Ok(session.clone()),
        Err(problem) => match problem.kind {
            ProblemKind::SignIn | ProblemKind::Unreachable | ProblemKind::NotGraph => {
                return Err(problem);
            }
            _ => Err(problem),
        },
    };
    let answers = work.client().read_many(&probe::calls(), &say).await;
    let found = probe::judge(session, claims.as_ref(), answers);
    work.reply(Answer::Capabilities(Box::new(found)));
    Ok(())
}

/// Reads a collection page by page, plainer where the service refuses to expand that deep.
async fn list<T: Row>(
    work: &Work,
    first: impl Fn(Depth) -> Call,
    mut each: impl FnMut(Vec<T>, usize),
) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let mut pages = Pages::<T>::new(first(Depth::Nested));
    let mut page = match pages.next(work.client(), &say).await {
        Err(problem) if problem.kind == ProblemKind::Refused => {
            pages = Pages::new(first(Depth::Plain));
            pages.next(work.client(), &say).await?
        }
        other => other?,
    };
    let mut unread = 0;
    while let Some(Page { rows, unread: odd }) = page {
        unread += odd;
        each(rows, pages.read);
        page = pages.next(work.client(), &say).await?;
    }
    if unread > 0 {
        work.note(format!("{} could not be read", count(unread, "row")));
    }
    Ok(())
}

/// Pending requests: all that one may list, and those one may decide. Each of the two lists may be closed to
/// somebody who has the other: a named approver need not be allowed to see the whole queue.
async fn pending(work: &Work) -> Result<(), Problem> {
    let seen = RefCell::new(HashSet::new());
    let wordless = RefCell::new(Vec::new());
    let show = |ids: &mut Vec<RequestId>, rows: Vec<Asked>| {
        let mut seen = seen.borrow_mut();
        let rows: Vec<Asked> = rows
            .into_iter()
            .filter(|row| row.request.pending())
            .collect();
        ids.extend(rows.iter().map(|row| row.request.id.clone()));
        let new: Vec<Asked> = rows
            .into_iter()
            .filter(|row| seen.insert(row.request.id.clone()))
            .collect();
        wordless
            .borrow_mut()
            .extend(new.iter().filter(|row| row.lacks_words()).cloned());
        let new: Vec<Request> = new.into_iter().map(|row| row.request).collect();
        work.progress(seen.len(), None, count(seen.len(), "request"));
        if !new.is_empty() {
            work.reply(Answer::Requests(new));
        }
    };
    let (mut mine, mut every) = (Vec::new(), Vec::new());
    let state = RequestState::PendingApproval;
    let (inbox, all) = tokio::join!(
        list(work, requests::inbox, |rows, _| show(&mut mine, rows)),
        list(
            work,
            |depth| requests::in_state(&state, depth),
            |rows, _| show(&mut every, rows)
        ),
    );
    let closed = |problem: &Problem| {
        matches!(
            problem.kind,
            ProblemKind::NotPermitted | ProblemKind::Refused | ProblemKind::NotFound
        )
    };
    match (inbox, all) {
        (Ok(()), Ok(())) => {}
        (Ok(()), Err(problem)) if closed(&problem) => {
            work.note("Only requests that you are an approver of are shown: this account may not list all");
        }
        // An app has no inbox; it sees all requests and decides none.
        (Err(problem), Ok(())) if closed(&problem) => {}
        (_, Err(problem)) | (Err(problem), _) => return Err(problem),
    }
    questions(work, wordless.into_inner()).await;
    let mut asked = HashSet::new();
    let order: Vec<RequestId> = mine
        .into_iter()
        .chain(every)
        .filter(|id| asked.insert(id.clone()))
        .collect();
    stages(work, &order).await
}

/// Shows requests again whose answers named their questions by id only, now with the policies' words. Without
/// those the answers are still worth reading, so a failure here is none of the job.
async fn questions(work: &Work, mut rows: Vec<Asked>) {
    if rows.is_empty() {
        return;
    }
    let mut words = HashMap::new();
    let read = list::<Questions>(work, policies::all, |policies, _| {
        words.extend(policies.into_iter().flat_map(|policy| policy.0));
    })
    .await;
    if read.is_err() {
        return;
    }
    for row in &mut rows {
        row.fill(&words);
    }
    work.reply(Answer::Requests(
        rows.into_iter().map(|row| row.request).collect(),
    ));
}

/// The stages of requests, the inbox's first.
async fn stages(work: &Work, ids: &[RequestId]) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let mut done = 0;
    let mut lost: Option<Problem> = None;
    for chunk in ids.chunks(batch::MAX) {
        let calls: Vec<Call> = chunk.iter().map(approvals::one).collect();
        let answers = work.client().read_many(&calls, &say).await;
        let mut read = Vec::with_capacity(chunk.len());
        for (id, answer) in chunk.iter().zip(answers) {
            match answer.and_then(|answer| approvals::read(&answer)) {
                Ok(stages) => read.push((id.clone(), approvals::stages(stages))),
                // Decided and gone since it was listed.
                Err(problem) if problem.kind == ProblemKind::NotFound => {}
                Err(problem) => lost = Some(problem),
            }
        }
        done += chunk.len();
        let nothing = read.is_empty();
        if !nothing {
            work.reply(Answer::Stages(read));
        }
        work.progress(
            done,
            Some(ids.len()),
            format!("{} · stages", count(ids.len(), "request")),
        );
        if let (true, Some(problem)) = (nothing, &lost) {
            if problem.kind == ProblemKind::NotPermitted {
                work.note("Stages cannot be read: only a signed-in person may, not an app, and not without permission");
                return Ok(());
            }
            return Err(problem.clone());
        }
    }
    if let Some(problem) = lost {
        work.note(format!("Some stages could not be read: {problem}"));
    }
    Ok(())
}

async fn past(work: &Work) -> Result<(), Problem> {
    let state = RequestState::Denied;
    list(
        work,
        |depth| requests::in_state(&state, depth),
        |rows, _| {
            work.reply(Answer::Past(rows));
        },
    )
    .await
}

/// Policies, packages and organizations: three lists, each shown even where another cannot be read.
async fn governance(work: &Work) -> Result<(), Problem> {
    let (mut all_policies, mut all_packages, mut all_organizations) =
        (Vec::new(), Vec::new(), Vec::new());
    let results: [Result<(), Problem>; 3] = tokio::join!(
        list::<Policy>(work, policies::all, |rows, _| all_policies.extend(rows)),
        list::<Package>(work, packages::all, |rows, _| all_packages.extend(rows)),
        list::<Organization>(
            work,
            |_| organizations::all(),
            |rows, _| all_organizations.extend(rows)
        ),
    )
    .into();
    let answers = [
        Answer::Policies(all_policies),
        Answer::Packages(all_packages),
        Answer::Organizations(all_organizations),
    ];
    let mut first = None;
    for (result, answer) in results.into_iter().zip(answers) {
        match result {
            Ok(()) => work.reply(answer),
            Err(problem) => first = first.or(Some(problem)),
        }
    }
    first.map_or(Ok(()), Err)
}

async fn guests(work: &Work) -> Result<(), Problem> {
    let mut read = 0;
    list::<Guest>(
        work,
        |_| users::guests(),
        |rows, page| {
            read += rows.len();
            work.reply(Answer::Guests(rows));
            work.progress(
                read,
                None,
                format!("{} · page {page}", count(read, "guest")),
            );
        },
    )
    .await
}

/// Sign-ins want a licence and a permission of their own (signinactivity); the list does without them.
async fn sign_ins(work: &Work) -> Result<(), Problem> {
    let mut read = 0;
    let listed = list::<SignIn>(
        work,
        |_| users::sign_ins(),
        |rows, _| {
            read += rows.len();
            work.reply(Answer::SignIns(
                rows.into_iter().map(|row| (row.user, row.at)).collect(),
            ));
            work.progress(
                read,
                None,
                format!("last sign-ins of {} guests", grouped(read)),
            );
        },
    )
    .await;
    match listed {
        Err(problem)
            if matches!(
                problem.kind,
                ProblemKind::NotPermitted | ProblemKind::Refused
            ) =>
        {
            work.note("Last sign-ins are not shown: that needs Entra ID P1 and AuditLog.Read.All");
            Ok(())
        }
        other => other,
    }
}

async fn detail(work: &Work, id: &UserId) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let answers = work.client().read_many(&users::detail(id), &say).await;
    let mut parts = Vec::new();
    let mut failed = None;
    for (answer, what) in answers.into_iter().zip(["Groups", "Apps", "Sponsors"]) {
        parts.push(match answer.and_then(|answer| users::names(&answer)) {
            Ok(names) => names,
            Err(problem) if problem.kind == ProblemKind::NotPermitted => {
                work.note(format!(
                    "{what} of this guest cannot be read: no permission"
                ));
                Vec::new()
            }
            Err(problem) => {
                failed = Some(problem);
                Vec::new()
            }
        });
    }
    if let Some(problem) = failed {
        return Err(problem);
    }
    let mut parts = parts.into_iter();
    let mut next = || parts.next().unwrap_or_default();
    let detail = GuestDetail {
        groups: next(),
        apps: next(),
        sponsors: next(),
    };
    work.reply(Answer::GuestDetail(id.clone(), Box::new(detail)));
    Ok(())
}

async fn look_up(work: &Work, who: String) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    // An address has an @, an id has none.
    let found = if let Ok(id) = UserId::new(&who) {
        match work.client().read(&users::account(&id), &say).await {
            Ok(answer) => Some(users::read_account(&answer)?),
            Err(problem) if problem.kind == ProblemKind::NotFound => None,
            Err(problem) => return Err(problem),
        }
    } else {
        let answer = work.client().read(&users::by_address(&who), &say).await?;
        users::read_accounts(&answer, &who)?.into_iter().next()
    };
    work.reply(Answer::Found(
        who,
        found.map(|account| Box::new(account.guest)),
    ));
    Ok(())
}
