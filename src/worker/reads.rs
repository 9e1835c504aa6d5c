//! The jobs that only read.

use super::facts;
use super::list::{CallAnswer, list, list_on};
use super::protocol::{AccountKey, Answer, Ask, Whose};
use super::words::{count, grouped};
use super::work::Work;
use super::{beyond, chosen, queue};
use crate::acts::needs;
use crate::domain::guest::{Guest, GuestDetail, Memberships};
use crate::domain::id::UserId;
use crate::domain::package::{Organization, Package};
use crate::domain::policy::Policy;
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::pages::Pages;
use crate::graph::users::{self, LastSignIn};
use crate::graph::{Call, organizations, packages, policies, probe};

/// Does what is asked. Dropping the future cancels it.
pub(super) async fn perform(work: &Work, ask: Ask) -> Result<(), Problem> {
    match ask {
        Ask::Session => {
            let session = work.session().await?.clone();
            work.reply(Answer::Session(Box::new(session)));
            Ok(())
        }
        Ask::Capabilities => capabilities(work).await,
        Ask::Requests => queue::pending(work).await,
        Ask::Past => beyond::denied(work).await,
        Ask::Beyond(which) => beyond::read(work, which).await,
        Ask::Stages(ids) => queue::stages(work, &ids, false).await,
        Ask::RowsInSight(ids) => {
            *work.shared.in_sight.borrow_mut() = ids;
            Ok(())
        }
        Ask::Records(ids) => super::records::read(work, &ids).await,
        Ask::Chosen { requests, beside } => chosen::read(work, &requests, beside).await,
        Ask::Policies => governance(work).await,
        Ask::Borders => facts::borders(work).await,
        Ask::Accounts(keys) => facts::accounts(work, keys).await,
        Ask::Roles(people) => facts::roles(work, people).await,
        Ask::Held(people, with_groups) => facts::held(work, &people, &with_groups).await,
        Ask::Incompatible(packages) => facts::incompatible(work, &packages).await,
        Ask::Before(before) => facts::before(work, before).await,
        Ask::Guests(whose) => guests(work, whose).await,
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
        Ask::Follow(following) => super::write::follow(work, &following).await,
        Ask::Look(acts) => super::write::recheck(work, &acts).await,
        Ask::Kept => work.kept().await,
        Ask::Save { name, contents } => work.save(&name, &contents),
        // Writes have their own queue.
        Ask::Send { .. } | Ask::Settle | Ask::HalfDone | Ask::Keep(_) => Ok(()),
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
        Err(problem)
            if matches!(
                problem.kind,
                ProblemKind::SignIn | ProblemKind::Unreachable | ProblemKind::NotGraph
            ) =>
        {
            return Err(problem);
        }
        Err(problem) => Err(problem),
    };
    let answers = work.client().read_many(&probe::calls(), &say).await;
    let found = probe::judge(session, claims.as_ref(), answers, needs());
    work.reply(Answer::Capabilities(Box::new(found)));
    Ok(())
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

async fn guests(work: &Work, whose: Whose) -> Result<(), Problem> {
    let mut read = 0;
    let mut each = |rows: Vec<Guest>, page: usize, noun: &str| {
        read += rows.len();
        work.reply(Answer::Guests(rows));
        work.progress(read, None, format!("{} · page {page}", count(read, noun)));
    };
    let all = |rows, page| each(rows, page, "guest");
    list::<Guest>(work, |_| users::guests(), all).await?;
    match whose {
        Whose::Guests => Ok(()),
        Whose::Outsiders => {
            let others = |mut rows: Vec<Guest>, page| {
                rows.retain(|one| !one.class.is_guest() && whose.has(one.class));
                each(rows, page, "account");
            };
            list::<Guest>(work, |_| users::others(), others).await
        }
    }
}

/// Sign-ins want a licence and a permission of their own (signinactivity); the list does without them.
async fn sign_ins(work: &Work) -> Result<(), Problem> {
    let mut read = 0;
    let listed = list::<LastSignIn>(
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
    let mut answers = answers.into_iter();
    let mut next = || answers.next().unwrap_or_else(left_out);
    let (member_of, apps, sponsors) = (next(), next(), next());
    let named = |answer: CallAnswer| answer.and_then(|answer| users::names(&answer));
    let detail = GuestDetail {
        memberships: readable(memberships(work, id, member_of).await)?.flatten(),
        apps: readable(named(apps))?,
        sponsors: readable(named(sponsors))?,
    };
    work.reply(Answer::GuestDetail(id.clone(), Box::new(detail)));
    Ok(())
}

fn left_out() -> CallAnswer {
    Err(Problem::new(
        ProblemKind::NotGraph,
        "Graph left an answer out",
        "Refresh and look again",
    ))
}

/// Nothing where it may not be read; what went wrong otherwise is the whole's.
fn readable<T>(read: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(problem) if problem.kind == ProblemKind::NotPermitted => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// What an account is a member of, from the first page on: a role may stand on the last one. Nothing where a row
/// could not be read, since that may be a role.
pub(super) async fn memberships(
    work: &Work,
    id: &UserId,
    first: CallAnswer,
) -> Result<Option<Memberships>, Problem> {
    let mut all = Vec::new();
    let call = users::member_of(id);
    let each = |rows, _| {
        all.extend(rows);
        true
    };
    let pages = Pages::begun(call.clone(), first);
    let lost = list_on(work, pages, |_| call.clone(), each).await?;
    Ok((lost == 0).then(|| users::sort_memberships(all)))
}

async fn look_up(work: &Work, who: String) -> Result<(), Problem> {
    let mut found = accounts(work, &[AccountKey::of(&who)]).await.into_iter();
    let found = found.next().unwrap_or_else(|| Ok(Vec::new()))?;
    work.reply(Answer::Found(who, found));
    Ok(())
}

/// The accounts by each of these keys, whosever they are.
pub(super) async fn accounts(work: &Work, keys: &[AccountKey]) -> Vec<Result<Vec<Guest>, Problem>> {
    let say = |pause, why| work.waiting(pause, why);
    let call = |key: &AccountKey| match key {
        AccountKey::Id(id) => users::account(id),
        AccountKey::Mail(mail) => users::by_address(mail),
    };
    let calls: Vec<Call> = keys.iter().map(call).collect();
    let answers = work.client().read_many(&calls, &say).await;
    let read = |(key, answer): (&AccountKey, CallAnswer)| {
        let found = match (key, answer) {
            (AccountKey::Id(_), Err(problem)) if problem.kind == ProblemKind::NotFound => vec![],
            (AccountKey::Id(_), answer) => vec![users::read_account(&answer?)?],
            (AccountKey::Mail(mail), answer) => users::read_accounts(&answer?, mail)?,
        };
        Ok(found.into_iter().map(|account| account.guest).collect())
    };
    keys.iter().zip(answers).map(read).collect()
}
