//! The journal's records as rows: an intent and its outcome are one act.

use std::collections::HashMap;

use super::rows::JournalRow;
use crate::domain::text::Text;
use crate::journal::{Kind, Record};

/// Rows of the journal's records, which are given oldest first.
pub(super) fn rows(records: &[Record]) -> Vec<JournalRow> {
    let mut rows: Vec<JournalRow> = Vec::new();
    let mut by_intent: HashMap<u64, usize> = HashMap::new();
    for record in records {
        match record.kind {
            Kind::Intent => {
                by_intent.insert(record.seq, rows.len());
                rows.push(intent(record));
            }
            Kind::Outcome => {
                let at = record.intent.and_then(|seq| by_intent.get(&seq));
                if let Some(row) = at.and_then(|at| rows.get_mut(*at)) {
                    outcome(row, record);
                }
            }
            Kind::Unrecognised => {}
        }
    }
    rows
}

fn intent(record: &Record) -> JournalRow {
    JournalRow {
        seq: record.seq,
        time: record.time,
        act: Text::new(&record.act),
        name: Text::new(&record.target_name),
        target: Text::new(&record.target),
        actor: Text::new(if record.actor_name.is_empty() {
            &record.actor
        } else {
            &record.actor_name
        }),
        reason: Text::new(record.reason.as_deref().unwrap_or_default()),
        outcome: Text::new("unknown"),
        detail: Text::default(),
        ended: None,
        outcome_seq: None,
        client_request_id: Text::new(&record.client_request_id),
        request_id: Text::default(),
    }
}

fn outcome(row: &mut JournalRow, record: &Record) {
    row.outcome = Text::new(record.outcome.map_or("unknown", |outcome| outcome.word()));
    row.detail = Text::new(record.detail.as_deref().unwrap_or_default());
    row.ended = Some(record.time);
    row.outcome_seq = Some(record.seq);
    row.request_id = Text::new(record.request_id.as_deref().unwrap_or_default());
}
