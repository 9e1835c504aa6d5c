//! Acts that are asked about: what it is about, what is left out and why, and what it means.

use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::dialog::confirm::{Confirm, ConfirmItem};
use crate::ui::{pen, text};

const WIDTH: u16 = 92;

pub(super) fn draw(sheet: &mut Sheet<'_>, confirm: &Confirm) {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let count = confirm.items.len();
    let mut lines: Vec<Line<'_>> = confirm
        .items
        .iter()
        .flat_map(|item| row(item, room, theme))
        .collect();
    if !confirm.left_out.is_empty() {
        lines.push(Line::styled(
            format!("Left out: {}", confirm.left_out.len()),
            theme.known,
        ));
        for left_out in &confirm.left_out {
            lines.extend(pen::sentences(left_out, room, theme.known));
        }
    }
    let mut below = pen::sentences(&confirm.meaning, room, theme.signal);
    if confirm.typed() {
        below.push(Line::from(vec![
            Span::styled(format!("Type {count} first: "), theme.read),
            Span::styled(format!("{}_", confirm.number), theme.strong),
        ]));
    }
    if let Some(wrong) = &confirm.wrong {
        below.extend(pen::sentences(wrong, room, theme.error));
    }
    below.push(sheet.buttons());
    let inside = sheet.open(&confirm.title, WIDTH, lines.len() + 1 + below.len());
    let (above, foot) = super::foot(inside, below.len());
    sheet.scrolled(above, &lines, confirm.scroll);
    pen::lines(sheet.buf, foot, &below, 0);
}

/// One row: who, for what, and from where.
fn row(item: &ConfirmItem, room: u16, theme: crate::ui::theme::Theme) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = text::wrap(&item.words, usize::from(room))
        .into_iter()
        .map(|line| Line::styled(line.to_owned(), theme.read))
        .collect();
    let mail = text::wrap(&item.mail, usize::from(room).saturating_sub(2));
    lines.extend(
        mail.into_iter()
            .map(|line| Line::styled(format!("  {line}"), theme.known)),
    );
    lines
}
