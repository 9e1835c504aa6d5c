//! The review: who, what, why, and what is missing, before anything is sent.

mod rows;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use self::rows::{ReviewLine, ReviewLook};
use super::Sheet;
use crate::acts::ActKind;
use crate::app::basket::{filled, seen};
use crate::app::dialog::review::{ReasonFor, Review, Totals};
use crate::app::state::State;
use crate::ui::pen::{self, Pen};
use crate::ui::text::{self, Keep};
use crate::ui::theme::Theme;

const WIDTH: u16 = 140;

pub(super) fn draw(sheet: &mut Sheet<'_>, review: &Review, state: &State) -> Option<Position> {
    let theme = *sheet.theme;
    let totals = Totals::of(state);
    let room = sheet.room(WIDTH);
    let most = usize::from(sheet.body.height.saturating_sub(2));
    let row = review.row(state);
    // Where there is hardly a line for them, rows matter more than what stands over them.
    let (items, begins) = rows::items(state, usize::from(room), most > 7);
    let title = match totals.all {
        1 => "Review: send 1 decision?".to_owned(),
        n => format!("Review: send {} decisions?", text::thousands(n)),
    };
    let middle = middle(
        review,
        state,
        &totals,
        (room, most.saturating_sub(3).max(1)),
        &theme,
    );
    // The reason, what is in the middle, and the buttons; above them a line of air where there is one to spare.
    let foot_lines = middle.len() + 2;
    let inside = sheet.open(&title, WIDTH, items.len() + foot_lines + 1);
    let (above, below) = super::foot(inside, foot_lines);

    let look = ReviewLook {
        state,
        theme: &theme,
    };
    let height = usize::from(above.height);
    let place = row.as_ref().map_or(0, |(place, _)| *place);
    let top = top(&items, &begins, place, height);
    for (at, item) in items.iter().enumerate().skip(top) {
        let Some(line) = pen::row(above, at - top) else {
            break;
        };
        let here = matches!(item, ReviewLine::Row(target, _) if row.as_ref().is_some_and(|(_, row)| row == target));
        look.item(sheet.buf, line, item, here);
    }
    // Where one line is all there is, its warnings matter more than that there are others: the title counts them.
    if height > 1 {
        pen::more(sheet.buf, above, items.len(), top, &theme);
    }

    let cursor = reason(sheet.buf, below, review, (state, totals), &theme);
    let rest = Rect {
        y: below.y.saturating_add(1),
        height: below.height.saturating_sub(1),
        ..below
    };
    pen::lines(sheet.buf, rest, &middle, 0);
    let last = Rect {
        y: below.bottom().saturating_sub(1),
        height: 1.min(below.height),
        ..below
    };
    let buttons = sheet.buttons();
    pen::lines(sheet.buf, last, &[buttons], 0);
    cursor
}

/// The first line to show, so that the row the keys are for is in view with what is said of it.
fn top(items: &[ReviewLine<'_>], begins: &[usize], place: usize, height: usize) -> usize {
    let begin = begins.get(place).copied().unwrap_or(0);
    let end = begins.get(place + 1).copied().unwrap_or(items.len());
    // About the middle, but nothing is left empty at either end.
    let wanted = end.saturating_sub(height / 2 + 1);
    wanted.min(begin).min(items.len().saturating_sub(height))
}

/// What stands between the reason and the buttons: from the most to the least needed, as far as there is room.
fn middle(
    review: &Review,
    state: &State,
    totals: &Totals,
    (room, spare): (u16, usize),
    theme: &Theme,
) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let writing = review.writing.as_deref().map(|(_, writing)| writing);
    let wrong = writing
        .and_then(|writing| writing.wrong.as_ref())
        .or(review.wrong.as_ref());
    if let Some(wrong) = wrong {
        let whole = text::wrap(wrong, usize::from(room));
        if whole.len() > spare {
            // Not whole, and that can be seen.
            let cut = text::cut(wrong, usize::from(room), Keep::Start).into_owned();
            lines.push(Line::styled(cut, theme.error));
        } else {
            let whole = whole
                .into_iter()
                .map(|line| Line::styled(line.to_string(), theme.error));
            lines.extend(whole);
        }
    }
    let mut before = Vec::new();
    if totals.typed() {
        before.push(number(totals, review, theme));
    }
    before.extend(warnings(totals, room, theme));
    before.push(summary(totals, state, theme));
    before.extend(example(review, state, theme));
    for line in before {
        if lines.len() < spare {
            lines.insert(0, line);
        }
    }
    lines
}

/// The totals, and what of them the filters hide.
fn summary(totals: &Totals, state: &State, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::styled(totals.words(), theme.strong)];
    if totals.left_out > 0 {
        let words = format!(
            " · {} left out, staying staged",
            text::thousands(totals.left_out)
        );
        spans.push(Span::styled(words, theme.known));
    }
    if totals.hidden > 0 {
        let filters = [state.data.requests.filter(), state.data.guests.filter()];
        let sources: Vec<String> = filters
            .iter()
            .filter(|filter| !filter.is_empty())
            .map(|filter| format!("/{}", filter.source()))
            .collect();
        let sources = if sources.is_empty() {
            "the view".to_owned()
        } else {
            sources.join(" and ")
        };
        let of = if totals.hidden == 1 { "is" } else { "are" };
        spans.push(Span::styled(
            format!(
                " · {} of these {of} hidden by {}",
                text::thousands(totals.hidden),
                sources
            ),
            theme.signal,
        ));
    }
    Line::from(spans)
}

/// How many rows are warned of, and of what: what has changed and what is impossible first, then as many of the
/// signals as there is room for.
fn warnings(totals: &Totals, room: u16, theme: &Theme) -> Option<Line<'static>> {
    let count = |(n, what): (usize, &str)| format!("{} {what}", text::thousands(n));
    let mut parts = vec![count((
        totals.warned,
        &format!("of {} warned", text::thousands(totals.all)),
    ))];
    match totals.changed {
        0 => {}
        1 => parts.push("1 has changed since it was staged".to_owned()),
        n => parts.push(format!(
            "{} have changed since they were staged",
            text::thousands(n)
        )),
    }
    match totals.barred {
        0 => {}
        1 => parts.push("1 will not be possible".to_owned()),
        n => parts.push(format!("{} will not be possible", text::thousands(n))),
    }
    if totals.reasonless > 0 {
        parts.push(count((totals.reasonless, "without a needed reason")));
    }
    let mut words = format!("⚠ {}", parts.join(" · "));
    for (at, &(name, n)) in totals.signals.iter().enumerate() {
        let longer = format!("{words} · {}", count((n, name)));
        if text::width(&longer) > usize::from(room) {
            let more = format!("{words} +{}", totals.signals.len() - at);
            words = if text::width(&more) > usize::from(room) {
                words
            } else {
                more
            };
            break;
        }
        words = longer;
    }
    let words = text::cut(&words, usize::from(room), Keep::Start).into_owned();
    (totals.warned > 0).then(|| Line::styled(words, theme.signal))
}

fn number(totals: &Totals, review: &Review, theme: &Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(
            format!("Type the number {}, then y: ", totals.all),
            theme.signal,
        ),
        Span::styled(format!("{}_", review.number), theme.strong),
    ])
}

/// How a reason with placeholders reads for one row: the one it is written for, or the one under the cursor.
fn example(review: &Review, state: &State, theme: &Theme) -> Option<Line<'static>> {
    let (_, row) = review.row(state)?;
    let written = review.writing.as_deref();
    let target = match written {
        Some((ReasonFor::Row(target), _)) => target.clone(),
        Some((ReasonFor::Verdict(_) | ReasonFor::All, _)) | None => row,
    };
    let decision = state.basket.get(&target)?;
    let reason = match written {
        Some((_, writing)) => writing.value(),
        None => state.basket.reason_of(decision),
    };
    if !reason.contains('{') {
        return None;
    }
    let filled = filled(reason, decision, &seen::package(state, &target));
    let name = decision.name.or("this row").to_owned();
    Some(Line::styled(format!("For {name}: {filled}"), theme.known))
}

/// `2 deny`.
fn counted(kind: ActKind, totals: &Totals) -> String {
    let count = totals.kinds.get(&kind).copied().unwrap_or_default();
    format!("{} {}", text::thousands(count), kind.about().verb)
}

fn reason(
    buf: &mut Buffer,
    region: Rect,
    review: &Review,
    (state, totals): (&State, Totals),
    theme: &Theme,
) -> Option<Position> {
    let mut pen = Pen::new(buf, region);
    if let Some((of, writing)) = review.writing.as_deref() {
        let label = match of {
            ReasonFor::Row(target) => {
                let name = state.basket.get(target).map(|decision| &decision.name);
                format!(
                    "Reason for {}  ",
                    name.map_or("this row", |name| name.or("this row"))
                )
            }
            ReasonFor::Verdict(kind) => format!("Reason, {}  ", counted(*kind, &totals)),
            ReasonFor::All => "Reason for all  ".to_owned(),
        };
        let standing = writing
            .standing(&state.reasons)
            .map(|words| format!("  {words}"));
        let help = if state.reasons.any_templates() {
            "  Tab templates, Up earlier ones"
        } else {
            "  Up brings earlier ones"
        };
        let side = standing.or_else(|| writing.value().is_empty().then(|| help.to_owned()));
        pen.put(&label, theme.accent);
        if let Some(side) = side.filter(|_| pen.room() > 50) {
            pen.right(&Line::styled(side, theme.known));
        }
        return pen.input(&writing.line, theme.read);
    }
    let kind = review.verdict(state)?;
    pen.put(
        &format!("Reason, {}  ", counted(kind, &totals)),
        theme.known,
    );
    let reason = state.basket.reason(kind);
    if reason.is_empty() {
        pen.fit(
            "none; r writes one, R one for all",
            Keep::Start,
            theme.known,
        );
    } else {
        pen.fit(reason, Keep::Start, theme.read);
    }
    None
}
