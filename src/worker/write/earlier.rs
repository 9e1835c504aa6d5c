//! Acts of an earlier run that were begun and never settled: read back, and given their outcome.

use super::judge::{self, After};
use super::look;
use crate::domain::act::{Act, Outcome};
use crate::domain::problem::{Problem, ProblemKind};
use crate::worker::desk::{Work, cancelled};
use crate::worker::ledger::Unsettled;
use crate::worker::protocol::Answer as Reply;
use crate::worker::words::count;

/// Reads back what the journal holds as begun and not settled in this tenant.
pub(crate) async fn settle_earlier(work: &Work) -> Result<(), Problem> {
    let session = work.session().await?.clone();
    let open = work.desk.ledger.borrow().unsettled(work.now(), &session)?;
    if open.is_empty() {
        return Ok(());
    }
    work.progress(
        0,
        Some(open.len()),
        format!(
            "{} of an earlier session unknown: reading back",
            count(open.len(), "act")
        ),
    );
    let say = |pause, why| work.waiting(pause, why);
    let acts: Vec<&Act> = open.iter().map(|unsettled| &unsettled.act).collect();
    let looks = tokio::select! {
        looks = look::at(work.client(), &acts, &say) => looks,
        () = work.stop.pulled() => return Err(cancelled("Stopped before it was read back")),
    };
    let (mut arrived, mut absent, mut unknown) = (0, 0, 0);
    for (unsettled, look) in open.into_iter().zip(looks) {
        let outcome = match look {
            Ok(look) => {
                match judge::after(&unsettled.act, unsettled.stage.as_ref(), &session.me, &look) {
                    After::Settled(outcome) => outcome,
                    After::Absent => Outcome::Failed(Problem::new(
                        ProblemKind::Unreachable,
                        "It did not arrive",
                        "Nothing has changed; it can be sent again",
                    )),
                }
            }
            Err(problem) => Outcome::Unknown(problem),
        };
        match &outcome {
            Outcome::Unknown(_) => unknown += 1,
            outcome if outcome.done() => arrived += 1,
            _ => absent += 1,
        }
        finish(work, unsettled, outcome);
    }
    let of = arrived + absent + unknown;
    let mut words = format!(
        "{} of an earlier session read back: {arrived} had arrived, {absent} had not",
        count(of, "act")
    );
    if unknown > 0 {
        words.push_str(&format!(", {unknown} cannot be read yet"));
    }
    work.note(words);
    Ok(())
}

/// Writes the outcome, unless it is still not known: then the intent stays open for the next time.
fn finish(work: &Work, unsettled: Unsettled, outcome: Outcome) {
    if !matches!(outcome, Outcome::Unknown(_)) {
        let written =
            work.desk
                .ledger
                .borrow_mut()
                .outcome(work.now(), &unsettled.entry, &outcome, None);
        if let Err(problem) = written {
            work.note(format!(
                "An outcome could not be written to the journal: {problem}"
            ));
        }
    }
    work.reply(Reply::Settled(
        unsettled.act.deed.target(),
        Box::new(outcome),
    ));
}
