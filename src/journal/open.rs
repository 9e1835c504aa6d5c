//! What was begun and is not known to have ended.

use std::collections::HashMap;

use super::record::{OutcomeWord, Record, RecordKind};

/// An intent of which it is not known how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenIntent<'a> {
    /// Its record.
    pub record: &'a Record,
    /// It has no outcome at all: it never left, or its run is still at it; see [`super::RunLock::lives`].
    pub begun_only: bool,
}

/// An act that Graph has taken, and of which it is not known where it has led.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIntent<'a> {
    /// Its record.
    pub record: &'a Record,
    /// The id of what it leads to.
    pub follows: &'a str,
}

/// The intents among `records` whose last outcome says that they were taken.
pub fn taken(records: &[Record]) -> Vec<TakenIntent<'_>> {
    let mut last: HashMap<(u64, &str), &Record> = HashMap::new();
    for record in records {
        if let (RecordKind::Outcome, Some(intent)) = (record.kind, record.intent) {
            last.insert((intent, &record.client_request_id), record);
        }
    }
    records
        .iter()
        .filter(|record| record.kind == RecordKind::Intent)
        .filter_map(|record| {
            let outcome = last.get(&(record.seq, record.client_request_id.as_str()))?;
            let follows = outcome.follows.as_deref()?;
            let taken = outcome.outcome == Some(OutcomeWord::Accepted);
            taken.then_some(TakenIntent { record, follows })
        })
        .collect()
}

/// The intents among `records` of which it is not known how they ended: no outcome, or the last one does not
/// settle them. In their order. What was done or superseded stays so, whatever is written later.
pub fn open(records: &[Record]) -> Vec<OpenIntent<'_>> {
    // By number and name together: in a damaged journal a number may come twice.
    let mut ended: HashMap<(u64, &str), OutcomeWord> = HashMap::new();
    for record in records {
        if let (RecordKind::Outcome, Some(intent), Some(word)) =
            (record.kind, record.intent, record.outcome)
        {
            let known = ended
                .entry((intent, &record.client_request_id))
                .or_insert(word);
            if !known.is_final() {
                *known = word;
            }
        }
    }
    records
        .iter()
        .filter(|record| record.kind == RecordKind::Intent)
        .filter_map(|record| {
            let word = ended.get(&(record.seq, record.client_request_id.as_str()));
            let open = word.is_none_or(|word| !word.settles());
            open.then_some(OpenIntent {
                record,
                begun_only: word.is_none(),
            })
        })
        .collect()
}
