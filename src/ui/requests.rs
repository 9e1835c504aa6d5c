//! The queue's columns.

use std::borrow::Cow;

use super::table::{Cell, Column, ShownRow};
use super::text::{self, Keep};
use super::theme::Theme;
use crate::acts::ActKind;
use crate::acts::Target;
use crate::app::basket::Decision;
use crate::app::keymap::Command;
use crate::app::state::State;
use crate::domain::signal::{NEAR, Signal};
use crate::domain::time;
use crate::inventory::rows::{RequestRow, left, standing};
use crate::inventory::table::Row as _;
use crate::inventory::view::Base;

impl ShownRow for RequestRow {
    const LAYOUT: &'static [Column] = &[
        Column::new("age", "AGE", 0, [4, 4, 4]).right(),
        Column::new("left", "LEFT", 4, [5, 5, 5]).right(),
        Column::new("ended", "ENDED", 4, [5, 5, 5]).right(),
        Column::new("name", "NAME", 1, [8, 15, 26]),
        Column::new("mail", "MAIL", 7, [20, 24, 40]).keep(Keep::Mail),
        Column::new("domain", "DOMAIN", 2, [14, 16, 26]).keep(Keep::End),
        Column::new("organization", "ORGANIZATION", 8, [12, 14, 24]),
        Column::new("package", "PACKAGE", 6, [10, 14, 22]),
        Column::new("state", "STATE", 3, [9, 13, 13]),
        Column::new("stage", "STAGE", 5, [5, 5, 5]),
        Column::new("by", "WAITS FOR", 9, [12, 14, 30]),
        Column::new("signal", "⚠", 3, [2, 14, 34]),
        Column::new("answer", "ANSWER", 7, [16, 16, 80]),
    ];

    fn wanted(state: &State) -> Vec<&'static Column> {
        let names: &[&str] = match (&state.setup.columns[..], state.base()) {
            (chosen @ [_, ..], Base::Mine | Base::Pending) => chosen,
            (_, Base::Mine) => &[
                "age",
                "left",
                "name",
                "domain",
                "organization",
                "package",
                "stage",
                "signal",
                "answer",
            ],
            (_, Base::Pending) => &[
                "age",
                "left",
                "name",
                "domain",
                "organization",
                "package",
                "stage",
                "by",
                "signal",
                "answer",
            ],
            (_, Base::All | Base::Scheduled) => &[
                "age", "ended", "name", "domain", "package", "state", "by", "answer",
            ],
            (_, Base::Failed | Base::Today) => &[
                "ended", "age", "name", "domain", "package", "state", "by", "answer",
            ],
        };
        let column = |name: &&str| Self::LAYOUT.iter().find(|column| column.name == *name);
        names.iter().filter_map(column).collect()
    }

    fn nothing(state: &State) -> String {
        let invite = state.setup.keymap.key(Command::Act(ActKind::Invite));
        let view = state.setup.keymap.key(Command::View);
        match state.base() {
            Base::Pending => format!(
                "Nobody is waiting. New sign-ups appear by themselves; {invite} invites someone"
            ),
            Base::Mine => format!("Nothing waits for you. {view} shows what waits for others"),
            Base::Failed => format!("No delivery has failed. {view} shows what waits"),
            Base::Scheduled => {
                format!("Nothing is approved for a day to come. {view} shows what waits")
            }
            Base::Today => format!("Nothing was decided today. {view} shows what waits"),
            Base::All => "Nobody has asked in the three months that Graph remembers".into(),
        }
    }

    fn show<'a>(
        &'a self,
        column: &'static str,
        width: usize,
        state: &State,
        theme: &Theme,
    ) -> Cell<'a> {
        let request = &self.request;
        match column {
            "age" if state.data.arrivals.contains(&request.id) => Cell::styled("new", theme.strong),
            "age" => Cell::plain(time::age(request.created, state.now)),
            "left" => {
                let words = left(self.denial_at, state.now);
                let near = |at| at <= state.now || state.now.duration_since(at).abs() < NEAR;
                if self.denial_at.is_some_and(near) {
                    Cell::styled(format!("{words}!"), theme.signal)
                } else {
                    // The place of the exclamation mark, so that the numbers stand below each other.
                    Cell::plain(format!("{words} "))
                }
            }
            "ended" => Cell::plain(time::age(request.completed, state.now)),
            "name" => match self.who() {
                none if none.is_empty() => Cell::plain("(no name)"),
                who => Cell::plain(who),
            },
            "mail" => Cell::plain(request.subject().address()),
            "organization" => Cell::styled(self.organization.as_str(), theme.known),
            "state" => Cell::plain(standing(&request.state)),
            "by" => Cell::plain(self.cell("by")),
            "domain" if self.domain.is_empty() => Cell::plain(request.subject().address()),
            "domain" => Cell::plain(self.domain.as_str()),
            "package" => Cell::plain(request.package_name.as_str()),
            "stage" => Cell::plain(self.stage.as_str()),
            "signal" => Cell::styled(signals(&self.signals, width), theme.signal),
            "answer" => Cell::styled(self.first_answer(), theme.known),
            _ => Cell::plain(""),
        }
    }

    fn glyph(&self, state: &State) -> &'static str {
        if !state.data.arrivals.is_empty() && state.data.arrivals.contains(&self.request.id) {
            "+"
        } else {
            " "
        }
    }

    fn staged<'a>(&self, state: &'a State) -> Option<&'a Decision> {
        if state.basket.is_empty() {
            return None;
        }
        state.basket.get(&Target::Request(self.request.id.clone()))
    }

    fn quiet(&self) -> bool {
        self.request.pending() && self.request.stages.is_some() && !self.request.mine()
    }
}

/// Signals in so many cells: all their short words, or those that fit and how many more, or a number alone.
pub(super) fn signals(signals: &[Signal], room: usize) -> Cow<'static, str> {
    let Some((first, rest)) = Signal::loud(signals).split_first() else {
        return Cow::Borrowed("");
    };
    let mut words = format!("⚠ {}", first.short());
    if text::width(&words) > room {
        return match rest.len() {
            0 => Cow::Borrowed("⚠"),
            more => Cow::Owned(format!("⚠{}", (more + 1).min(9))),
        };
    }
    let mut shown = 0;
    for (at, signal) in rest.iter().enumerate() {
        let longer = format!("{words}, {}", signal.short());
        // What is left out must be counted, unless nothing is.
        let tail = if at + 1 == rest.len() { 0 } else { 3 };
        if text::width(&longer) + tail > room {
            break;
        }
        words = longer;
        shown = at + 1;
    }
    let more = rest.len() - shown;
    if more > 0 && text::width(&words) + 3 <= room {
        words = format!("{words} +{more}");
    }
    Cow::Owned(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;

    #[test]
    fn signals_are_told_as_room_allows() {
        let some = [
            Signal::MixedScript {
                domain: Text::default(),
            },
            Signal::NoOrganization {
                domain: Text::default(),
            },
        ];
        let shown = |room| signals(&some, room).into_owned();
        assert_eq!(shown(2), "⚠2");
        assert_eq!(shown(14), "⚠ mixed script");
        assert_eq!(shown(17), "⚠ mixed script +1");
        assert_eq!(shown(31), "⚠ mixed script, no organization");
        assert_eq!(signals(&[], 20), "");
        assert_eq!(signals(&[Signal::ReasonNeeded], 20), "");
        assert_eq!(signals(&some[..1], 3), "⚠");
    }
}
