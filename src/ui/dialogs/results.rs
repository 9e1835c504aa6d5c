//! How the last send ended, row by row.

use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::dialog::results::ShownResults;
use crate::app::results::{Ended, ResultRow};
use crate::app::state::State;
use crate::ui::theme::Theme;
use crate::ui::{pen, text};

pub(super) fn draw(sheet: &mut Sheet<'_>, shown: ShownResults, state: &State) {
    const WIDTH: u16 = 120;
    let theme = *sheet.theme;
    let Some(results) = &state.results else {
        return;
    };
    let room = usize::from(sheet.room(WIDTH));
    let mut lines: Vec<Line<'_>> = Vec::new();
    // Where each row begins, for the scroll counts rows.
    let mut begins = Vec::new();
    // What did not go as wanted comes first.
    for ended in [Ended::Failed, Ended::NotSent, Ended::Elsewhere, Ended::Done] {
        let rows = results.rows.iter().filter(|row| row.ended == ended);
        for (at, row) in rows.enumerate() {
            begins.push(lines.len());
            if at == 0 {
                let count = text::thousands(results.count(ended));
                let words = format!("{count} {}", heading(ended, state));
                lines.push(Line::styled(words, style(ended, &theme)));
            }
            lines.extend(self::row(row, room, &theme));
        }
    }
    let title = format!("Sent {}: {}", state.clock(results.begun), results.summary());
    let inside = sheet.open(&title, WIDTH, lines.len() + 1);
    let (above, below) = super::foot(inside, 1);
    let top = begins.get(shown.scroll).copied().unwrap_or(0);
    let top = top.min(lines.len().saturating_sub(usize::from(above.height)));
    sheet.scrolled(above, &lines, top);
    pen::more(sheet.buf, above, lines.len(), top, &theme);
    let buttons = sheet.buttons();
    pen::lines(sheet.buf, below, &[buttons], 0);
}

fn heading(ended: Ended, state: &State) -> &'static str {
    match ended {
        Ended::Failed => "failed: still staged, with the reason",
        Ended::NotSent if state.sending.is_some() => "not sent yet",
        Ended::NotSent => "not sent: still staged",
        Ended::Elsewhere => "settled elsewhere",
        Ended::Done => "done",
    }
}

fn style(ended: Ended, theme: &Theme) -> ratatui::style::Style {
    match ended {
        Ended::Failed => theme.error,
        Ended::NotSent | Ended::Elsewhere => theme.signal,
        Ended::Done => theme.approve,
    }
}

/// Who and what on one line, and below it how it ended where that is more than done.
fn row(row: &ResultRow, room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let name = if row.name.is_empty() {
        row.target.as_str()
    } else {
        &row.name
    };
    let mut words = format!("  {} {name}", row.act);
    for more in [&row.mail, &row.package] {
        if !more.is_empty() {
            words = format!("{words}, {more}");
        }
    }
    let cut = text::cut(&words, room, text::Keep::Start).into_owned();
    let mut lines = vec![Line::from(Span::styled(cut, theme.read))];
    if row.ended != Ended::Done && !row.words.is_empty() {
        for line in text::wrap(&row.words, room.saturating_sub(6).max(1)) {
            lines.push(Line::styled(format!("      {line}"), theme.known));
        }
    }
    lines
}
