//! What stands in the way of a write: an earlier one to the same target of which it is not known whether it happened.

use std::collections::HashSet;

use super::earlier::{ActStanding, read_back};
use super::going::Going;
use crate::acts::Outcome;
use crate::domain::problem::Problem;
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::journal::{OutcomeWord, Settlement};
use crate::worker::ledger::{Settles, Unsettled};
use crate::worker::work::{Work, cancelled};

/// Takes those plans out, and says why, whose target an open write is in the way of. What is open is read back first,
/// and may turn out to be settled. With `again` it is put aside instead, unless another run is at it now.
pub(super) async fn clear(
    work: &Work,
    session: &Session,
    plans: &mut Vec<Going>,
    again: bool,
) -> Result<(), Problem> {
    let targets: HashSet<&str> = plans.iter().map(|plan| plan.target().as_str()).collect();
    let open = work.shared.ledger.borrow().unsettled(session)?;
    let open: Vec<Unsettled> = open
        .into_iter()
        .filter(|one| targets.contains(one.intent.target.as_str()))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let found = tokio::select! {
        found = read_back(work, session, open) => found,
        () = work.stop.pulled() => return Err(cancelled("Stopped before anything was sent")),
    };
    let mut left: Vec<Unsettled> = found
        .into_iter()
        .filter(|(_, standing)| !matches!(standing, ActStanding::Settled(_)))
        .map(|(unsettled, _)| unsettled)
        .collect();
    if again {
        let put_aside = left.extract_if(.., |one| !one.living).map(|one| {
            let settlement = Settlement {
                outcome: OutcomeWord::Superseded,
                detail: "sent again by word, though it was not known whether it had happened"
                    .into(),
                request_id: None,
                run: String::new(),
                follows: None,
            };
            (one.intent, settlement)
        });
        let put_aside = put_aside.collect();
        work.write_outcomes(put_aside, Settles::Sent);
    }
    let mut kept = Vec::with_capacity(plans.len());
    for plan in plans.drain(..) {
        match left
            .iter()
            .find(|one| one.intent.target == plan.target().as_str())
        {
            None => kept.push(plan),
            Some(one) => {
                let outcome = Outcome::InTheWay {
                    act: Text::new(&one.intent.act),
                    at: one.intent.time,
                    living: one.living,
                };
                work.end(plan, outcome);
            }
        }
    }
    *plans = kept;
    Ok(())
}
