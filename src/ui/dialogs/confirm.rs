//! Cancel, deliver again, remove: what it is about, what is left out and why, and what it means.

use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::acts::OnRequest;
use crate::app::dialog::confirm::{Confirm, ConfirmItem};
use crate::ui::{pen, text};

const WIDTH: u16 = 92;

pub(super) fn draw(sheet: &mut Sheet<'_>, confirm: &Confirm) {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let count = confirm.items.len();
    let requests = text::count(count, "request");
    let (title, meaning) = match confirm.what {
        OnRequest::Cancel => (
            format!("Cancel {requests}?"),
            "Whoever asked has to ask again. Nobody is told from here.",
        ),
        OnRequest::Reprocess => (
            format!("Deliver {requests} again?"),
            "The service tries again to hand out the access that was approved.",
        ),
        OnRequest::Remove => (
            format!("Remove the record of {requests}?"),
            "The record is deleted in the tenant for everybody, and cannot be brought back. The journal here keeps \
             that it was you.",
        ),
    };
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
    let mut below = pen::sentences(meaning, room, theme.signal);
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
    let inside = sheet.open(&title, WIDTH, lines.len() + 1 + below.len());
    let (above, foot) = super::foot(inside, below.len());
    sheet.scrolled(above, &lines, confirm.scroll);
    pen::lines(sheet.buf, foot, &below, 0);
}

/// One request: who, from where, for what, and until when it is possible.
fn row(item: &ConfirmItem, room: u16, theme: crate::ui::theme::Theme) -> Vec<Line<'static>> {
    let mut words = format!("{}  {}", item.name.or("(no name)"), item.package);
    if !item.until.is_empty() {
        words = format!("{words}, {}", item.until);
    }
    let mut lines: Vec<Line<'static>> = text::wrap(&words, usize::from(room))
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
