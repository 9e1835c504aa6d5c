//! How the last send ended, row by row.

use ratatui::text::{Line, Span};

use super::Sheet;
use crate::acts::Ended;
use crate::app::dialog::results::ShownResults;
use crate::app::sends::{From, Send, SendRow};
use crate::app::state::State;
use crate::ui::theme::Theme;
use crate::ui::{pen, text};

pub(super) fn draw(sheet: &mut Sheet<'_>, shown: ShownResults, state: &State) {
    const WIDTH: u16 = 120;
    let theme = *sheet.theme;
    let Some(results) = state.sends.newest() else {
        return;
    };
    let room = usize::from(sheet.room(WIDTH));
    let mut lines: Vec<Line<'_>> = Vec::new();
    // Where each row begins, for the scroll counts rows.
    let mut begins = Vec::new();
    // What did not go as wanted comes first.
    for ended in Ended::ALL {
        let rows = results.rows.iter().filter(|row| row.ended == ended);
        for (at, row) in rows.enumerate() {
            begins.push(lines.len());
            if at == 0 {
                let count = text::thousands(results.count(ended));
                let words = format!("{count} {}", heading(ended, results, state));
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

fn heading(ended: Ended, send: &Send, state: &State) -> &'static str {
    let staged = send.from == From::Basket;
    match ended {
        Ended::Failed if staged => "failed: still staged, with the reason",
        Ended::Failed => "failed",
        Ended::HalfDone => "half done: what is left can be gone on with",
        Ended::NotSent if state.sends.of(send.job).is_some() => "not sent yet",
        Ended::NotSent if staged => "not sent: still staged",
        Ended::NotSent => "not sent",
        Ended::Elsewhere => "settled elsewhere",
        Ended::UnderWay => "taken, and followed to their end",
        Ended::NotDelivered => "taken, and not or only partly delivered",
        Ended::Done => "done",
    }
}

fn style(ended: Ended, theme: &Theme) -> ratatui::style::Style {
    match ended {
        Ended::Failed | Ended::HalfDone | Ended::NotDelivered => theme.error,
        Ended::NotSent | Ended::Elsewhere | Ended::UnderWay => theme.signal,
        Ended::Done => theme.approve,
    }
}

/// Who and what on one line, and below it how it ended where that is more than done.
fn row(row: &SendRow, room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let name = if row.name.is_empty() {
        row.target.as_str()
    } else {
        &row.name
    };
    let mut words = format!("  {} {name}", row.kind.about().word);
    for more in [&row.mail, &row.package] {
        if !more.is_empty() {
            words = format!("{words}, {more}");
        }
    }
    let cut = text::cut(&words, room, text::Keep::Start).into_owned();
    let mut lines = vec![Line::from(Span::styled(cut, theme.read))];
    if (row.ended != Ended::Done || row.followed) && !row.words.is_empty() {
        for line in text::wrap(&row.words, room.saturating_sub(6).max(1)) {
            lines.push(Line::styled(format!("      {line}"), theme.known));
        }
    }
    lines
}
