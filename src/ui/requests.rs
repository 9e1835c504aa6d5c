//! The queue's columns.

use std::borrow::Cow;

use super::table::{Cell, Column, Shown};
use super::text::{self, Keep};
use super::theme::Theme;
use crate::app::basket::Decision;
use crate::app::rows::{RequestRow, left};
use crate::app::state::State;
use crate::domain::act::Target;
use crate::domain::signal::{NEAR, Signal};
use crate::domain::time;

impl Shown for RequestRow {
    const LAYOUT: &'static [Column] = &[
        Column::new("age", "AGE", 0, [4, 4, 4]).right(),
        Column::new("left", "LEFT", 4, [5, 5, 5]).right(),
        Column::new("name", "NAME", 1, [8, 15, 26]),
        Column::new("domain", "DOMAIN", 2, [14, 16, 26]).keep(Keep::End),
        Column::new("package", "PACKAGE", 6, [10, 14, 22]),
        Column::new("stage", "STAGE", 5, [5, 5, 5]),
        Column::new("signal", "⚠", 3, [2, 2, 34]),
        Column::new("answer", "ANSWER", 7, [16, 16, 80]),
    ];

    fn show<'a>(
        &'a self,
        column: &'static str,
        width: usize,
        state: &State,
        theme: &Theme,
    ) -> Cell<'a> {
        let request = &self.request;
        match column {
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
            "name" => Cell::plain(request.requestor.name.or("(no name)")),
            "domain" if self.domain.is_empty() => {
                Cell::plain(request.requestor.mail.or("(no mail)"))
            }
            "domain" => Cell::plain(self.domain.as_str()),
            "package" => Cell::plain(request.package_name.as_str()),
            "stage" => Cell::plain(self.stage.as_str()),
            "signal" => Cell::styled(signals(&self.signals, width), theme.signal),
            "answer" => Cell::styled(self.first_answer(), theme.known),
            _ => Cell::plain(""),
        }
    }

    fn staged<'a>(&self, state: &'a State) -> Option<&'a Decision> {
        if state.basket.is_empty() {
            return None;
        }
        state.basket.get(&Target::Request(self.request.id.clone()))
    }

    fn quiet(&self) -> bool {
        self.request.stages.is_some() && !self.request.mine()
    }
}

/// Signals in so many cells: all their short words, or those that fit and how many more, or a number alone.
pub(super) fn signals(signals: &[Signal], room: usize) -> Cow<'static, str> {
    let loud = signals.partition_point(|signal| signal.weight() >= Signal::QUIET);
    let Some((first, rest)) = signals[..loud].split_first() else {
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
