//! A row of the journal pane.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use super::{caseless, day};
use crate::domain::text::Text;
use crate::inventory::filter::Measure;
use crate::inventory::table::Row;

/// One act of the journal: its intent, and how it ended.
#[derive(Clone, Debug)]
pub struct JournalRow {
    /// Number of the intent's record.
    pub seq: u64,
    /// When it was begun.
    pub time: Timestamp,
    /// What was done: `approve`, `invite`, …
    pub act: Text,
    /// Whom it was about.
    pub name: Text,
    /// The id or address it was about.
    pub target: Text,
    /// Who did it.
    pub actor: Text,
    /// Why.
    pub reason: Text,
    /// How it ended; `unknown` while no outcome was written.
    pub outcome: Text,
    /// What was said of the outcome.
    pub detail: Text,
    /// When the outcome was written.
    pub ended: Option<Timestamp>,
    /// Number of the outcome's record.
    pub outcome_seq: Option<u64>,
    /// The id sent with the write.
    pub client_request_id: Text,
    /// Graph's id for it.
    pub request_id: Text,
}

impl Row for JournalRow {
    type Id = u64;
    type Scope = ();
    const COLUMNS: &'static [&'static str] = &["time", "act", "name", "outcome", "reason", "actor"];

    fn id(&self) -> &u64 {
        &self.seq
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        match column {
            "time" => day(Some(self.time)),
            "act" => Cow::Borrowed(&self.act),
            "name" => Cow::Borrowed(self.name.or(&self.target)),
            "outcome" => Cow::Borrowed(&self.outcome),
            "reason" => Cow::Borrowed(&self.reason),
            "actor" => Cow::Borrowed(&self.actor),
            _ => Cow::Borrowed(""),
        }
    }

    fn words(&self, into: &mut String) {
        for words in [
            &self.act,
            &self.name,
            &self.target,
            &self.outcome,
            &self.detail,
            &self.reason,
            &self.actor,
        ] {
            into.push_str(words);
            into.push('\n');
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        (column == "time").then_some(Measure::Since(self.time))
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "time" => self.time.cmp(&other.time).then(self.seq.cmp(&other.seq)),
            _ => caseless(&self.cell(column), &other.cell(column)),
        }
    }
}
