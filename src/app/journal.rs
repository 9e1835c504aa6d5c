//! The journal's records as rows: an intent and its outcome are one act.

use std::collections::HashMap;

use super::rows::JournalRow;
use super::state::State;
use crate::domain::text::Text;
use crate::journal::{OutcomeWord, Record, RecordKind};

/// Takes the journal's records, oldest first, into the pane.
pub(super) fn fill(state: &mut State, records: &[Record]) {
    let mut rows: Vec<JournalRow> = Vec::new();
    let mut by_intent: HashMap<u64, usize> = HashMap::new();
    for record in records {
        match record.kind {
            RecordKind::Intent => {
                by_intent.insert(record.seq, rows.len());
                rows.push(intent(record));
            }
            RecordKind::Outcome => {
                let at = record.intent.and_then(|seq| by_intent.get(&seq));
                if let Some(row) = at.and_then(|at| rows.get_mut(*at)) {
                    outcome(row, record);
                }
            }
            // Of a newer version: shown as far as it is known, rather than passed over.
            RecordKind::Unrecognised => {
                rows.push(JournalRow {
                    outcome: Text::new(OutcomeWord::Unrecognised.word()),
                    ..intent(record)
                });
            }
        }
    }
    state.data.journal.begin_load();
    state.data.journal.upsert(rows);
    state.data.journal.end_load();
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
