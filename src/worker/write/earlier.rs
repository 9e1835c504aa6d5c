//! Acts of an earlier run that were begun and never settled: read back, and given their outcome. And plans that were
//! stopped on their way.

use jiff::SignedDuration;

use super::look;
use super::step::arrived_not;
use crate::acts::{Act, After, Again, Outcome, Plan, PlanEnd, Sent};
use crate::domain::id::UserId;
use crate::domain::problem::Problem;
use crate::domain::tenant::Session;
use crate::worker::ledger::{Settles, Unsettled, settlement};
use crate::worker::protocol::Answer;
use crate::worker::words::count;
use crate::worker::work::{Work, cancelled};

/// What has left no trace and is younger than this may still be under way: the service may be slow at it, and a
/// new guest may not show yet (replication).
const YOUNG: SignedDuration = SignedDuration::from_mins(5);

/// Reads back what the journal holds as begun and not settled in this tenant, and tells what is half done.
pub(crate) async fn settle_earlier(work: &Work) -> Result<(), Problem> {
    let session = work.session().await?.clone();
    let open = work.shared.ledger.borrow().unsettled(&session)?;
    let ours = |one: &Unsettled| one.intent.actor == session.me.as_str();
    let open: Vec<Unsettled> = open.into_iter().filter(ours).collect();
    if !open.is_empty() {
        settle_all(work, &session, open).await?;
    }
    let half = work.shared.ledger.borrow().half_done(&session)?;
    if !half.is_empty() {
        work.reply(Answer::HalfDone(half));
    }
    Ok(())
}

/// Tells which plans of earlier runs are half done.
pub(crate) async fn half_done(work: &Work) -> Result<(), Problem> {
    let session = work.session().await?.clone();
    let half: Vec<Plan> = work.shared.ledger.borrow().half_done(&session)?;
    work.reply(Answer::HalfDone(half));
    Ok(())
}

async fn settle_all(work: &Work, session: &Session, open: Vec<Unsettled>) -> Result<(), Problem> {
    let of = open.len();
    work.progress(
        0,
        Some(of),
        format!(
            "{} of an earlier session unknown: reading back",
            count(of, "act")
        ),
    );
    let found = tokio::select! {
        found = read_back(work, session, open) => found,
        () = work.stop.pulled() => return Err(cancelled("Stopped before it was read back")),
    };
    let (mut arrived, mut absent, mut unknown, mut strange) = (0, 0, 0, Vec::new());
    for (unsettled, standing) in found {
        let end = match standing {
            ActStanding::Settled(end) if end.outcome.done() => {
                arrived += 1;
                end
            }
            ActStanding::Settled(end) => {
                absent += 1;
                end
            }
            ActStanding::Open(end) => {
                unknown += 1;
                let Some(end) = end else { continue };
                end
            }
            ActStanding::Strange => {
                strange.push(unsettled.intent.act.clone());
                continue;
            }
        };
        if let Some(act) = &unsettled.act {
            work.reply(Answer::Settled(act.target(), Box::new(end)));
        }
    }
    let waiting = if unknown > 0 {
        format!(", {unknown} not known yet")
    } else {
        String::new()
    };
    if arrived + absent + unknown > 0 {
        work.note(format!(
            "{} of an earlier session read back: {arrived} had arrived, {absent} had not{waiting}",
            count(arrived + absent + unknown, "act")
        ));
    }
    if let Some(word) = strange.first() {
        work.note(format!(
            "{} in the journal cannot be read back by this version, {} for one; the version that wrote it can",
            count(strange.len(), "open act"),
            crate::domain::text::Text::new(word)
        ));
    }
    Ok(())
}

/// How an open act stands after reading back.
pub(super) enum ActStanding {
    /// It is known how it ended, and the journal has it.
    Settled(PlanEnd),
    /// It is not known yet; with why, where there is something to say of it.
    Open(Option<PlanEnd>),
    /// This version does not know the act.
    Strange,
}

/// Reads open acts back, and writes into the journal what is known of them then.
pub(super) async fn read_back(
    work: &Work,
    session: &Session,
    open: Vec<Unsettled>,
) -> Vec<(Unsettled, ActStanding)> {
    let say = |pause, why| work.waiting(pause, why);
    let known: Vec<&Act> = open
        .iter()
        .filter(|one| !one.living)
        .filter_map(|one| one.act.as_ref())
        .collect();
    let mut looks = look::at(work.client(), &known, &say).await.into_iter();
    let mut found = Vec::with_capacity(open.len());
    let mut outcomes = Vec::new();
    for unsettled in open {
        let Some(act) = &unsettled.act else {
            found.push((unsettled, ActStanding::Strange));
            continue;
        };
        // Another run is at it, and will settle it.
        if unsettled.living {
            found.push((unsettled, ActStanding::Open(None)));
            continue;
        }
        let end = |outcome| PlanEnd::of(act, outcome);
        let Some(look) = looks.next() else { continue };
        // Who sent it may be another account of the same person.
        let by = UserId::new(&unsettled.intent.actor).unwrap_or_else(|_| session.me.clone());
        let after = look.map(|look| {
            let sent = Sent::Earlier {
                at: unsettled.intent.time,
                before: unsettled.intent.before.as_ref(),
            };
            act.rules().after(&sent, &by, &look, work.now())
        });
        let standing = match after {
            Ok(After::Settled(outcome)) => ActStanding::Settled(end(outcome)),
            Ok(After::Absent) if may_be_under_way(work, act, &unsettled) => ActStanding::Open(None),
            Ok(After::Absent) => ActStanding::Settled(end(Outcome::Failed(arrived_not()))),
            // It stays open in the journal, for the next time.
            Err(problem) => ActStanding::Open(Some(end(Outcome::Unknown(problem)))),
        };
        if let ActStanding::Settled(end) = &standing {
            outcomes.push((unsettled.intent.clone(), settlement(&end.outcome, None)));
        }
        found.push((unsettled, standing));
    }
    work.write_outcomes(outcomes, Settles::StillOpen);
    found
}

/// Whether what has left no trace may still come to be: it is young, and another one beside it would do harm, or
/// nobody can say whether the one that wrote it has ended.
fn may_be_under_way(work: &Work, act: &Act, unsettled: &Unsettled) -> bool {
    let slow = match act.rules().again() {
        Again::Never { .. } => true,
        Again::Harmless => unsettled.begun_only && unsettled.intent.run.is_empty(),
    };
    slow && work.now().duration_since(unsettled.intent.time) < YOUNG
}
