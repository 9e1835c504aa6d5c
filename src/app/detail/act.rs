//! Detail of an act of the journal.

use jiff::Timestamp;

use super::{Detail, DetailPart};
use crate::app::state::State;
use crate::inventory::rows::JournalRow;

pub(super) fn detail(state: &State, row: &JournalRow) -> Detail {
    let mut detail = Detail::new(format!("{} {}", row.act, row.name.or(&row.target)));
    detail.line(format!("{} · {}", row.outcome, state.clock(row.time)));
    if !row.detail.is_empty() {
        detail.line(row.detail.to_string());
    }
    detail.parts.push(DetailPart::Gap);
    detail.field("Reason", row.reason.to_string());
    detail.field("By", row.actor.to_string());
    detail.field("Target", row.target.to_string());
    detail.field("Intent", format!("record {}, {}", row.seq, stamp(row.time)));
    match (row.outcome_seq, row.ended) {
        (Some(seq), Some(at)) => detail.field("Outcome", format!("record {seq}, {}", stamp(at))),
        _ => detail.field(
            "Outcome",
            "none was written: the act was cut off and is read back at the next start",
        ),
    }
    detail.field("Sent as", row.client_request_id.to_string());
    detail.field("Graph's id", row.request_id.to_string());
    detail
}

/// The journal's own notation, to be found again in its file.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
