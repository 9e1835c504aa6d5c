//! The journal's columns.

use super::table::{Cell, Column, ShownRow};
use super::theme::Theme;
use crate::app::state::State;
use crate::inventory::rows::JournalRow;

impl ShownRow for JournalRow {
    const LAYOUT: &'static [Column] = &[
        Column::new("time", "TIME", 0, [12, 12, 12]),
        Column::new("act", "ACT", 1, [7, 8, 8]),
        Column::new("name", "NAME", 2, [8, 18, 30]),
        Column::new("outcome", "OUTCOME", 3, [7, 10, 16]),
        Column::new("reason", "REASON AND OUTCOME", 5, [14, 24, 80]),
        Column::new("actor", "BY", 7, [12, 18, 28]),
    ];

    fn nothing(_: &State) -> String {
        "Nothing was done from here yet. Every act is written down before it is sent".into()
    }

    fn show<'a>(
        &'a self,
        column: &'static str,
        _width: usize,
        state: &State,
        theme: &Theme,
    ) -> Cell<'a> {
        match column {
            "time" => Cell::plain(state.clock(self.time)),
            "act" => Cell::styled(self.act.as_str(), act(&self.act, theme)),
            "name" => Cell::plain(self.name.or(&self.target)),
            "outcome" => Cell::styled(self.outcome.as_str(), outcome(&self.outcome, theme)),
            "reason" if self.reason.is_empty() => Cell::plain(self.detail.as_str()),
            "reason" if self.detail.is_empty() => Cell::plain(self.reason.as_str()),
            "reason" => Cell::plain(format!("{} · {}", self.reason, self.detail)),
            "actor" => Cell::styled(self.actor.as_str(), theme.known),
            _ => Cell::plain(""),
        }
    }
}

fn act(act: &str, theme: &Theme) -> ratatui::style::Style {
    match act {
        "approve" | "invite" | "unblock" | "restore" => theme.approve,
        "deny" => theme.deny,
        "block" | "delete" => theme.revoke,
        _ => theme.read,
    }
}

fn outcome(outcome: &str, theme: &Theme) -> ratatui::style::Style {
    match outcome {
        "failed" => theme.error,
        "unknown" => theme.signal,
        _ => theme.read,
    }
}
