//! The journal's records as rows: an intent and its outcome are one act.

use std::collections::HashMap;

use super::rows::JournalRow;
use crate::domain::text::Text;
use crate::journal::{OutcomeWord, Record, RecordKind};

/// Rows of the journal's records, which are given oldest first.
pub(super) fn rows(records: &[Record]) -> Vec<JournalRow> {
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
                    detail: Text::new("a record of a newer version"),
                    ..intent(record)
                });
            }
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn record(seq: u64, more: &Value) -> Record {
        let mut line = json!({ "seq": seq, "prev": "", "time": "2030-01-01T00:00:00Z" });
        if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
            line.extend(more.clone());
        }
        serde_json::from_value(line).unwrap()
    }

    #[test]
    fn every_act_has_a_row_known_here_or_not() {
        let records = [
            record(
                1,
                &json!({ "kind": "intent", "act": "approve", "target_name": "Ada" }),
            ),
            record(
                2,
                &json!({ "kind": "outcome", "intent": 1, "outcome": "unknown" }),
            ),
            record(
                3,
                &json!({ "kind": "outcome", "intent": 1, "outcome": "superseded" }),
            ),
            record(
                4,
                &json!({ "v": 2, "kind": "intent", "act": "promote", "form": { "to": "x" } }),
            ),
            record(5, &json!({ "v": 3, "kind": "note", "act": "muse" })),
        ];
        let mut seen: Vec<(u64, String, String)> = rows(&records)
            .iter()
            .map(|row| (row.seq, row.act.to_string(), row.outcome.to_string()))
            .collect();
        seen.sort();
        let row = |seq, act: &str, outcome: &str| (seq, act.to_owned(), outcome.to_owned());
        let expected = [
            row(1, "approve", "superseded"),
            row(4, "promote", "unknown"),
            row(5, "muse", "unrecognised"),
        ];
        assert_eq!(seen, expected);
    }
}
