//! Acts of an earlier run that were begun and never settled: read back, and given their outcome.

use jiff::SignedDuration;

use super::judge::{self, After, Sent};
use super::look;
use crate::domain::act::{Act, Outcome};
use crate::domain::problem::{Problem, ProblemKind};
use crate::worker::desk::{Work, cancelled};
use crate::worker::ledger::{Unsettled, settlement};
use crate::worker::protocol::Answer as Reply;
use crate::worker::words::count;

/// What has left no trace and is younger than this may still be under way: another console of the same person
/// may be at it, or a new guest may not show yet (replication).
const YOUNG: SignedDuration = SignedDuration::from_mins(5);

/// Reads back what the journal holds as begun and not settled in this tenant.
pub(crate) async fn settle_earlier(work: &Work) -> Result<(), Problem> {
    let session = work.session().await?.clone();
    let open = work.desk.ledger.borrow().unsettled(&session)?;
    if open.is_empty() {
        return Ok(());
    }
    let of = open.len();
    work.progress(
        0,
        Some(of),
        format!(
            "{} of an earlier session unknown: reading back",
            count(of, "act")
        ),
    );
    let say = |pause, why| work.waiting(pause, why);
    let acts: Vec<&Act> = open.iter().map(|unsettled| &unsettled.act).collect();
    let looks = tokio::select! {
        looks = look::at(work.client(), &acts, &say) => looks,
        () = work.stop.pulled() => return Err(cancelled("Stopped before it was read back")),
    };
    let (mut arrived, mut absent, mut unknown) = (0, 0, 0);
    let mut outcomes = Vec::with_capacity(of);
    for (unsettled, look) in open.into_iter().zip(looks) {
        let outcome = look.map(|look| {
            let sent = Sent::Earlier(unsettled.intent.time);
            judge::after(&unsettled.act, &sent, &session.me, &look, work.now())
        });
        let outcome = match outcome {
            Ok(After::Settled(outcome)) => outcome,
            Ok(After::Absent) if may_be_under_way(work, &unsettled) => {
                unknown += 1;
                continue;
            }
            Ok(After::Absent) => Outcome::Failed(Problem::new(
                ProblemKind::Unreachable,
                "It did not arrive",
                "Nothing has changed; it can be sent again",
            )),
            // It stays open in the journal, for the next time.
            Err(problem) => {
                unknown += 1;
                let target = unsettled.act.deed.target();
                work.reply(Reply::Settled(target, Box::new(Outcome::Unknown(problem))));
                continue;
            }
        };
        if outcome.done() {
            arrived += 1;
        } else {
            absent += 1;
        }
        let written = settlement(&outcome, None);
        outcomes.push((unsettled.intent, written));
        work.reply(Reply::Settled(
            unsettled.act.deed.target(),
            Box::new(outcome),
        ));
    }
    work.write_outcomes(&outcomes);
    let waiting = if unknown > 0 {
        format!(", {unknown} not known yet")
    } else {
        String::new()
    };
    work.note(format!(
        "{} of an earlier session read back: {arrived} had arrived, {absent} had not{waiting}",
        count(of, "act")
    ));
    Ok(())
}

fn may_be_under_way(work: &Work, unsettled: &Unsettled) -> bool {
    let slow = unsettled.begun_only || !judge::resendable(&unsettled.act.deed);
    slow && work.now().duration_since(unsettled.intent.time) < YOUNG
}
