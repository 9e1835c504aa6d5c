//! The review: who, what, why, and what is missing, before anything is sent.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::basket::Decision;
use crate::app::dialog::review::{Review, Totals};
use crate::app::state::State;
use crate::domain::act::{Strength, Target, Verdict};
use crate::ui::pen::{self, Pen};
use crate::ui::requests::signals;
use crate::ui::table::{self, Column};
use crate::ui::text::{self, Keep};
use crate::ui::theme::Theme;

const WIDTH: u16 = 140;

/// What a row of the review shows.
const COLUMNS: &[Column] = &[
    Column::new("name", "", 0, [8, 18, 26]),
    Column::new("mail", "", 1, [14, 26, 40]).keep(Keep::Mail),
    Column::new("signal", "", 2, [0, 10, 44]),
    Column::new("what", "", 3, [10, 16, 24]),
];

/// One line of the list.
enum Item<'a> {
    Heading(Verdict, usize),
    Row(&'a Target, &'a Decision),
    /// Why it was not done when it was sent last.
    Failure(&'a str),
}

pub(super) fn draw(sheet: &mut Sheet<'_>, review: &Review, state: &State) -> Option<Position> {
    let theme = *sheet.theme;
    let totals = Totals::of(state);
    let room = sheet.room(WIDTH);
    let wrong: Vec<Line<'_>> = review
        .wrong
        .as_deref()
        .map(|wrong| pen::sentences(wrong, room, theme.error))
        .unwrap_or_default();
    let number = totals.typed().then(|| number(totals, review, &theme));
    let most = usize::from(sheet.body.height.saturating_sub(2));
    // Where there is hardly a line for them, rows matter more than what stands over them.
    let (items, begins) = items(state, usize::from(room), most > 7);
    let foot_lines = 3 + wrong.len() + usize::from(number.is_some());
    let title = match totals.all {
        1 => "Review: send 1 decision?".to_owned(),
        n => format!("Review: send {} decisions?", text::thousands(n)),
    };
    let inside = sheet.open(&title, WIDTH, items.len() + foot_lines + 1);

    // The foot, from the most to the least needed, with the list left at least a line.
    let mut foot: Vec<Line<'_>> = Vec::new();
    let spare = most.saturating_sub(3);
    let totals_line = summary(totals, state, &theme);
    let mut middle: Vec<Line<'_>> = Vec::new();
    if wrong.len() > spare.max(1) {
        // Not whole, and that can be seen.
        let whole = review.wrong.as_deref().unwrap_or_default();
        let cut = text::cut(whole, usize::from(room), Keep::Start).into_owned();
        middle.push(Line::styled(cut, theme.error));
    } else {
        middle.extend(wrong);
    }
    if let Some(number) = number
        && middle.len() < spare.max(1)
    {
        middle.insert(0, number);
    }
    if middle.len() < spare.max(1) {
        middle.insert(0, totals_line);
    }
    foot.extend(middle);
    foot.push(sheet.buttons(("Enter", "Cancel"), &[("y", "send"), ("r", "reason")]));
    let (above, below) = super::foot(inside, foot.len() + 1);
    // A line of air between list and foot where there is one to spare.
    let top = begins.get(review.scroll).copied().unwrap_or(0);
    let top = top.min(items.len().saturating_sub(usize::from(above.height)));
    for (at, item) in items.iter().skip(top).enumerate() {
        let Some(row) = pen::row(above, at) else {
            break;
        };
        self::item(sheet.buf, row, item, review, (state, &theme));
    }
    pen::more(sheet.buf, above, items.len(), top, &theme);

    let cursor = reason(sheet.buf, below, review, totals, &theme);
    let rest = Rect {
        y: below.y.saturating_add(1),
        height: below.height.saturating_sub(1),
        ..below
    };
    pen::lines(sheet.buf, rest, &foot, 0);
    cursor
}

/// The list's lines, grouped by verdict, and where each decision begins, its heading included.
fn items(state: &State, room: usize, headings: bool) -> (Vec<Item<'_>>, Vec<usize>) {
    let mut items = Vec::new();
    let mut begins = Vec::new();
    let verdicts = [
        Verdict::Approve,
        Verdict::Deny,
        Verdict::Revoke(Strength::Block),
        Verdict::Revoke(Strength::Delete),
    ];
    for verdict in verdicts {
        let count = state
            .basket
            .sendable()
            .filter(|(_, decision)| decision.verdict == verdict)
            .count();
        let group = state
            .basket
            .sendable()
            .filter(|(_, decision)| decision.verdict == verdict);
        for (at, (target, decision)) in group.enumerate() {
            begins.push(items.len());
            if at == 0 && headings {
                items.push(Item::Heading(verdict, count));
            }
            items.push(Item::Row(target, decision));
            if let Some(failed) = &decision.failed {
                let wrapped = text::wrap(failed, room.saturating_sub(6).max(1));
                items.extend(wrapped.into_iter().map(Item::Failure));
            }
        }
    }
    (items, begins)
}

fn item(
    buf: &mut Buffer,
    row: Rect,
    item: &Item<'_>,
    review: &Review,
    (state, theme): (&State, &Theme),
) {
    let mut pen = Pen::new(buf, row);
    match item {
        Item::Heading(verdict, count) => {
            let needs = if verdict.needs_reason() {
                ", which cannot go without a reason"
            } else {
                ""
            };
            let words = format!(
                "{} {} {}",
                verdict.glyph(),
                verdict.verb(),
                text::thousands(*count)
            );
            pen.put(&words, theme.verdict(*verdict))
                .put(needs, theme.known);
        }
        Item::Failure(words) => {
            pen.skip(4).put(words, theme.error);
        }
        Item::Row(target, decision) => {
            let glyph = decision.verdict.glyph();
            pen.skip(2)
                .put(
                    glyph.encode_utf8(&mut [0; 4]),
                    theme.verdict(decision.verdict),
                )
                .skip(1);
            let room = u16::try_from(pen.room()).unwrap_or(0);
            for (at, (column, width)) in table::widths(COLUMNS, room).iter().enumerate() {
                if at > 0 {
                    pen.skip(2);
                }
                let width = usize::from(*width);
                let (words, style) = match column.name {
                    "name" => (decision.name.or("(no name)").to_owned(), theme.read),
                    "mail" => (decision.mail.to_string(), theme.read),
                    "what" => (what(target, state), theme.known),
                    _ => (note(target, decision, review, width, state), theme.signal),
                };
                let cut = text::cut(&words, width, column.keep);
                let blank = width.saturating_sub(text::width(&cut));
                pen.put(&cut, style).skip(blank);
            }
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

/// What to know of a row before it is sent: that it is hidden, lacks a reason, and its signals again.
fn note(
    target: &Target,
    decision: &Decision,
    review: &Review,
    room: usize,
    state: &State,
) -> String {
    let mut notes = Vec::new();
    let shown = match target {
        Target::Request(id) => state.data.requests.shows(id),
        Target::Guest(id) => state.data.guests.shows(id),
        Target::Address(_) | Target::Assignment(_) => true,
    };
    if !shown {
        notes.push("hidden now".to_owned());
    }
    // Denials and revocations say it in their heading.
    if decision.reason_required
        && !decision.verdict.needs_reason()
        && decision.reason.is_none()
        && review.reason.value().trim().is_empty()
    {
        notes.push("its policy asks why".to_owned());
    }
    let said = notes.join(", ");
    let left = room.saturating_sub(text::width(&said) + 2);
    let signs = match target {
        Target::Request(id) => state
            .data
            .requests
            .get(id)
            .map(|row| signals(&row.signals, left))
            .unwrap_or_default(),
        _ => std::borrow::Cow::Borrowed(""),
    };
    match (said.is_empty(), signs.is_empty()) {
        (_, true) => said,
        (true, _) => signs.into_owned(),
        _ => format!("{said}, {signs}"),
    }
}

/// The totals, and what of them the filters hide.
fn summary(totals: Totals, state: &State, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::styled(totals.words(), theme.strong)];
    if totals.hidden > 0 {
        let filters = [state.data.requests.filter(), state.data.guests.filter()];
        let sources: Vec<String> = filters
            .iter()
            .filter(|filter| !filter.is_empty())
            .map(|filter| format!("/{}", filter.source()))
            .collect();
        let of = if totals.hidden == 1 { "is" } else { "are" };
        spans.push(Span::styled(
            format!(
                " · {} of these {of} hidden by {}",
                text::thousands(totals.hidden),
                sources.join(" and ")
            ),
            theme.signal,
        ));
    }
    Line::from(spans)
}

fn number(totals: Totals, review: &Review, theme: &Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(
            format!("Type the number {}, then y: ", totals.all),
            theme.signal,
        ),
        Span::styled(format!("{}_", review.number), theme.strong),
    ])
}

fn reason(
    buf: &mut Buffer,
    region: Rect,
    review: &Review,
    totals: Totals,
    theme: &Theme,
) -> Option<Position> {
    let label = if review.editing {
        theme.accent
    } else {
        theme.known
    };
    let mut pen = Pen::new(buf, region);
    pen.put("Reason  ", label);
    if review.reason.value().is_empty() && !review.editing {
        let words = match totals.reasonless {
            0 => "none; r writes one".to_owned(),
            n => format!(
                "none yet, and {} cannot go without; r writes it",
                text::thousands(n)
            ),
        };
        pen.fit(&words, Keep::Start, theme.known);
        return None;
    }
    let cursor = pen.input(&review.reason, theme.read);
    cursor.filter(|_| review.editing)
}
