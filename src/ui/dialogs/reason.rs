//! The reason of staged rows.

use ratatui::layout::Position;
use ratatui::text::Line;

use super::Sheet;
use crate::app::basket::{filled, seen};
use crate::app::dialog::reason::ReasonDialog;
use crate::app::state::State;
use crate::ui::pen::{self, Pen};
use crate::ui::text;

pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    reason: &ReasonDialog,
    state: &State,
) -> Option<Position> {
    const WIDTH: u16 = 100;
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let first = reason.rows.first();
    let decision = first.and_then(|row| state.basket.get(row));
    let title = match (reason.rows.as_slice(), decision) {
        ([_], Some(decision)) => format!(
            "Why {} {}?",
            decision.kind.about().verb,
            decision.name.or("this row")
        ),
        ([], _) => "Nothing is staged here to give a reason for".to_owned(),
        (rows, _) => format!("Why? The reason of {} staged rows", rows.len()),
    };
    let writing = &reason.writing;
    let mut lines: Vec<Line<'_>> = Vec::new();
    if let Some(wrong) = &writing.wrong {
        lines.extend(pen::sentences(wrong, room, theme.error));
    } else if let (Some(row), Some(decision), true) =
        (first, decision, writing.value().contains('{'))
    {
        let filled = filled(writing.value(), decision, &seen::package(state, row));
        let name = decision.name.or("the first");
        let example = format!("For {name}: {filled}");
        let wrapped = text::wrap(&example, usize::from(room)).into_iter();
        lines.extend(wrapped.map(|line| Line::styled(line.to_owned(), theme.known)));
    } else {
        let help = match writing.standing(&state.reasons) {
            Some(standing) => standing,
            None if state.reasons.any_templates() => {
                "Tab brings templates, Up what was written before; empty takes its verdict's".into()
            }
            None => "Up brings what was written before; empty takes its verdict's".into(),
        };
        lines.push(Line::styled(help, theme.known));
    }
    lines.push(sheet.buttons());
    let inside = sheet.open(&title, WIDTH, lines.len() + 1);
    let (above, below) = super::foot(inside, lines.len());
    let cursor = Pen::new(sheet.buf, above).input(&writing.line, theme.read);
    pen::lines(sheet.buf, below, &lines, 0);
    cursor
}
