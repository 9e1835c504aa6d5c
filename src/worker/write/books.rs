//! Slips in the journal: intents before, outcomes after.

use super::Slip;
use crate::domain::act::Outcome;
use crate::domain::problem::Problem;
use crate::domain::tenant::Session;
use crate::journal::{Record, Settlement};
use crate::worker::desk::Work;
use crate::worker::ledger::{Intent, settlement};
use crate::worker::protocol::Answer;

/// A slip with how it ended and Graph's id for the exchange.
pub(super) type Settled = (Slip, Outcome, Option<String>);

impl Work {
    /// Writes the intents of those slips that have none, and makes them last, before anything is sent.
    pub(super) fn intend(&self, session: &Session, slips: &mut [Slip]) -> Result<(), Problem> {
        let new: Vec<&mut Slip> = slips
            .iter_mut()
            .filter(|slip| slip.intent.is_none())
            .collect();
        let intents: Vec<Intent<'_>> = new
            .iter()
            .map(|slip| Intent {
                act: &slip.act,
                id: slip.id,
            })
            .collect();
        let records = self
            .desk
            .ledger
            .borrow_mut()
            .intend(self.now(), session, &intents)?;
        for (slip, record) in new.into_iter().zip(records) {
            slip.intent = Some(record);
        }
        Ok(())
    }

    /// Writes how slips ended, and says it.
    pub(super) fn settle(&self, ended: impl IntoIterator<Item = Settled>) {
        let ended: Vec<Settled> = ended.into_iter().collect();
        self.record(&ended);
        for (slip, outcome, _) in ended {
            self.remember(&slip.act, &outcome);
            self.reply(Answer::Settled(slip.act.deed.target(), Box::new(outcome)));
        }
    }

    /// Writes how slips ended.
    pub(super) fn record(&self, ended: &[Settled]) {
        let outcomes: Vec<(Record, Settlement)> = ended
            .iter()
            .filter_map(|(slip, outcome, request_id)| {
                Some((
                    slip.intent.clone()?,
                    settlement(outcome, request_id.clone()),
                ))
            })
            .collect();
        self.write_outcomes(&outcomes);
    }

    /// Writes outcomes. Where that fails what happened has happened all the same: it is said, and the intents
    /// stay open, to be read back at the next start.
    pub(super) fn write_outcomes(&self, outcomes: &[(Record, Settlement)]) {
        if let Err(problem) = self.desk.ledger.borrow_mut().settle(self.now(), outcomes) {
            self.note(format!(
                "Outcomes could not be written to the journal: {problem}"
            ));
        }
    }
}
