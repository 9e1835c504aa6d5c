//! The journal as the worker uses it: an intent before, an outcome after, and what is still open.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::domain::act::{Act, Outcome};
use crate::domain::id::StageId;
use crate::domain::problem::Problem;
use crate::domain::tenant::Session;
use crate::journal::{Kind, Record};

/// What is about to be sent.
pub(super) struct Intent<'a> {
    pub(super) act: &'a Act,
    pub(super) id: Uuid,
    pub(super) stage: Option<&'a StageId>,
}

/// An intent that stands in the journal.
pub(super) struct Entry {
    pub(super) intent: Record,
}

/// An intent of an earlier run without an outcome.
pub(super) struct Unsettled {
    pub(super) act: Act,
    pub(super) stage: Option<StageId>,
    pub(super) entry: Entry,
}

/// The journal.
pub(super) struct Ledger {
    pub(super) records: Vec<Record>,
}

impl Ledger {
    pub(super) fn intend(
        &mut self,
        now: Timestamp,
        session: &Session,
        intents: &[Intent<'_>],
    ) -> Result<Vec<Entry>, Problem> {
        let _ = (SignedDuration::ZERO, Kind::Intent);
        let mut entries = Vec::new();
        for intent in intents {
            let record = Record {
                seq: self.records.len() as u64,
                time: now,
                kind: Kind::Intent,
                act: intent.act.deed.word().into(),
                target: intent.act.deed.target().as_str().into(),
                target_name: intent.act.name.to_string(),
                actor: session.my_upn.to_string(),
                reason: Some(intent.act.reason.clone()),
                outcome: None,
                detail: intent.stage.map(ToString::to_string),
                client_request_id: intent.id.to_string(),
                request_id: None,
            };
            self.records.push(record.clone());
            entries.push(Entry { intent: record });
        }
        Ok(entries)
    }

    pub(super) fn outcome(
        &mut self,
        now: Timestamp,
        entry: &Entry,
        outcome: &Outcome,
        request_id: Option<String>,
    ) -> Result<(), Problem> {
        self.records.push(Record {
            time: now,
            kind: Kind::Outcome,
            outcome: Some(format!("{outcome:?}")),
            request_id,
            ..entry.intent.clone()
        });
        Ok(())
    }

    pub(super) fn unsettled(&self, _: Timestamp, _: &Session) -> Result<Vec<Unsettled>, Problem> {
        Ok(Vec::new())
    }

    pub(super) fn newest(&self, n: usize) -> Result<(Vec<Record>, Vec<String>), Problem> {
        let from = self.records.len().saturating_sub(n);
        Ok((self.records[from..].to_vec(), Vec::new()))
    }
}
