//! The review's list: verdict by verdict, each decision with what is to know of it before it is sent.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::acts::{ActKind, Target, Wants};
use crate::app::basket::{Decision, filled, seen};
use crate::app::dialog::review::{groups, shown};
use crate::app::state::State;
use crate::ui::pen::Pen;
use crate::ui::requests::signals;
use crate::ui::table::{self, Column};
use crate::ui::text::{self, Keep};
use crate::ui::theme::Theme;

/// What a row of the review shows.
const COLUMNS: &[Column] = &[
    Column::new("name", "", 0, [8, 18, 26]),
    Column::new("mail", "", 1, [14, 26, 40]).keep(Keep::Mail),
    Column::new("signal", "", 1, [2, 10, 44]),
    Column::new("what", "", 3, [10, 16, 24]),
];

/// In less than this many cells no word of a note can be read.
const WORDS: usize = 10;

/// One line of the list.
pub(super) enum ReviewLine<'a> {
    /// A verdict, how many are sent with it, and how many are left out.
    Heading(ActKind, usize, usize),
    /// A decision.
    Row(Target, &'a Decision),
    /// Its own reason.
    Reason(String),
    /// What to mind before it is sent.
    Warning(String),
    /// Why it was not done when it was sent last.
    Failure(String),
}

/// The list's lines, and where each decision begins, its heading included.
pub(super) fn items(
    state: &State,
    room: usize,
    headings: bool,
) -> (Vec<ReviewLine<'_>>, Vec<usize>) {
    let mut items = Vec::new();
    let mut begins = Vec::new();
    let room = room.saturating_sub(6).max(1);
    let wrapped = |words: &str| -> Vec<String> {
        let lines = text::wrap(words, room).into_iter();
        lines.map(str::to_owned).collect()
    };
    for (verdict, targets) in groups(state) {
        let decisions: Vec<(Target, &Decision)> = targets
            .into_iter()
            .filter_map(|target| Some((target.clone(), state.basket.get(&target)?)))
            .collect();
        let out = decisions
            .iter()
            .filter(|(_, decision)| decision.left_out)
            .count();
        for (at, (target, decision)) in decisions.iter().enumerate() {
            begins.push(items.len());
            if at == 0 && headings {
                items.push(ReviewLine::Heading(verdict, decisions.len() - out, out));
            }
            items.push(ReviewLine::Row(target.clone(), decision));
            if let Some(reason) = &decision.reason {
                let reason = filled(reason, decision, &seen::package(state, target));
                let because = format!("because: {reason}");
                items.push(ReviewLine::Reason(
                    text::cut(&because, room, Keep::Start).into_owned(),
                ));
            }
            if let Some(role) = seen::role(state, target, decision) {
                let words = format!("⚠ {role}");
                items.extend(wrapped(&words).into_iter().map(ReviewLine::Warning));
            }
            if let Some(bar) = seen::bar(state, target, decision) {
                let words = format!("⚠ will not be possible: {bar}");
                items.extend(wrapped(&words).into_iter().map(ReviewLine::Warning));
            } else {
                let changes = seen::changes(state, target, decision);
                if !changes.is_empty() {
                    let words = format!("⚠ changed since it was staged: {}", changes.join("; "));
                    items.extend(wrapped(&words).into_iter().map(ReviewLine::Warning));
                }
            }
            if let Some(failed) = &decision.failed {
                items.extend(wrapped(failed).into_iter().map(ReviewLine::Failure));
            }
        }
    }
    (items, begins)
}

/// What drawing a line needs to know.
pub(super) struct ReviewLook<'a> {
    pub(super) state: &'a State,
    pub(super) theme: &'a Theme,
}

impl ReviewLook<'_> {
    /// Draws a line; `here` says that the keys are for it.
    pub(super) fn item(&self, buf: &mut Buffer, row: Rect, item: &ReviewLine<'_>, here: bool) {
        let theme = self.theme;
        let mut pen = Pen::new(buf, row);
        match item {
            ReviewLine::Heading(verdict, count, out) => {
                let count = text::thousands(*count);
                let words = format!("{} {} {count}", verdict.about().glyph, verdict.about().verb);
                pen.put(&words, theme.tone(verdict.about().tone));
                let reason = self.state.basket.reason(*verdict);
                if reason.is_empty() && verdict.about().reason == Wants::Always {
                    pen.put(", which cannot go without a reason", theme.known);
                }
                if *out > 0 {
                    let words = format!(" · {} left out", text::thousands(*out));
                    pen.put(&words, theme.known);
                }
                if !reason.is_empty() {
                    pen.fit(&format!(" because: {reason}"), Keep::Start, theme.known);
                }
            }
            ReviewLine::Reason(words) => {
                pen.skip(6).put(words, theme.known);
            }
            ReviewLine::Warning(words) => {
                pen.skip(4).put(words, theme.signal);
            }
            ReviewLine::Failure(words) => {
                pen.skip(4).put(words, theme.error);
            }
            ReviewLine::Row(target, decision) => self.row(&mut pen, target, decision, here),
        }
    }

    fn row(&self, pen: &mut Pen<'_>, target: &Target, decision: &Decision, here: bool) {
        let theme = self.theme;
        let style = |style: Style| match (here, decision.left_out) {
            (true, _) => theme.selected,
            (false, true) => theme.known,
            (false, false) => style,
        };
        let glyph = if decision.left_out {
            '-'
        } else {
            decision.kind.about().glyph
        };
        pen.put(if here { "> " } else { "  " }, style(theme.accent))
            .put(
                glyph.encode_utf8(&mut [0; 4]),
                style(theme.tone(decision.kind.about().tone)),
            )
            .put(" ", style(theme.read));
        let room = u16::try_from(pen.room()).unwrap_or(0);
        for (at, (column, width)) in table::widths(COLUMNS, room).iter().enumerate() {
            if at > 0 {
                pen.put("  ", style(theme.read));
            }
            let width = usize::from(*width);
            let (words, look) = match column.name {
                "name" => (decision.name.or("(not read yet)").to_owned(), theme.read),
                "mail" => (decision.mail.to_string(), theme.read),
                "what" => (what(target, self.state), theme.known),
                _ => (self.note(target, decision, width), theme.signal),
            };
            let cut = text::cut(&words, width, column.keep);
            let blank = width.saturating_sub(text::width(&cut));
            pen.put(&cut, style(look))
                .put(&" ".repeat(blank), style(theme.read));
        }
        if here {
            pen.fill(" ", theme.selected);
        }
    }

    /// What to know of a row before it is sent: that it is left out, suggested, hidden, lacks a reason, and its
    /// signals again.
    fn note(&self, target: &Target, decision: &Decision, room: usize) -> String {
        let mut notes = Vec::new();
        if decision.left_out {
            notes.push("left out".to_owned());
        }
        if let Some(rule) = &decision.rule {
            notes.push(format!("by rule {rule}"));
        }
        if !shown(self.state, target) {
            notes.push("hidden now".to_owned());
        }
        // Denials and revocations say it in their heading.
        if decision.reason_required
            && decision.kind.about().reason != Wants::Always
            && self.state.basket.reason_of(decision).is_empty()
        {
            notes.push("its policy asks why".to_owned());
        }
        // A number is read in any room, half a word in none.
        if room < WORDS {
            notes.clear();
        }
        let said = notes.join(", ");
        let left = room.saturating_sub(text::width(&said) + 2);
        let signs = match target {
            Target::Request(id) => self
                .state
                .data
                .requests
                .get(id)
                .map(|row| signals(&row.signals, left))
                .unwrap_or_default(),
            _ => Cow::Borrowed(""),
        };
        match (said.is_empty(), signs.is_empty()) {
            (_, true) => said,
            (true, _) => signs.into_owned(),
            _ => format!("{said}, {signs}"),
        }
    }
}

/// What it is about: the package asked for, or whom the guest belongs to.
fn what(target: &Target, state: &State) -> String {
    match target {
        Target::Request(id) => state.data.requests.get(id).map_or_else(
            || "gone from the queue".to_owned(),
            |row| row.request.package_name.to_string(),
        ),
        Target::Guest(id) => state.data.guests.get(id).map_or_else(
            || "no longer a guest".to_owned(),
            |row| row.guest.company.to_string(),
        ),
        Target::Address(_) | Target::Assignment(_) => String::new(),
    }
}
