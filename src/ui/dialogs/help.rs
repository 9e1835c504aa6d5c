//! Every key, searchable, and why a command is off now.

use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::available;
use crate::app::dialog::help::Help;
use crate::app::keymap::{Group, KeymapRow, commands};
use crate::app::state::State;
use crate::ui::pen::{self, Pen};
use crate::ui::text;

pub(super) fn draw(sheet: &mut Sheet<'_>, help: &Help, state: &State) -> Option<Position> {
    const WIDTH: u16 = 92;
    let theme = *sheet.theme;
    let room = usize::from(sheet.room(WIDTH));
    let keys = |row: &KeymapRow| state.setup.keymap.written(row.command, " ");
    let widest = commands().iter().map(|row| text::width(&keys(row))).max();
    let column = widest.unwrap_or(0).min(room / 3) + 2;
    let matches = help.matches(&state.setup.keymap);
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut begins = Vec::new();
    for group in [Group::Move, Group::Find, Group::Decide, Group::Other] {
        let mut rows = matches.iter().filter(|row| row.group == group).peekable();
        let mut heading = rows.peek().map(|_| group.title());
        for row in rows {
            // A row's place is that of the heading above it, so that the top of the list can be reached.
            begins.push(lines.len());
            if let Some(heading) = heading.take() {
                lines.push(Line::styled(heading, theme.strong));
            }
            let off = available(state, row.command).err();
            let style = if off.is_some() {
                theme.known
            } else {
                theme.read
            };
            let words = match &off {
                Some(why) => format!("{} (off: {why})", row.title),
                None => row.title.to_owned(),
            };
            let keys = text::cut(&keys(row), column - 2, text::Keep::Start).into_owned();
            let blank = column.saturating_sub(text::width(&keys));
            let mut first = Some(vec![
                Span::styled(format!("  {keys}"), theme.accent),
                Span::raw(" ".repeat(blank)),
            ]);
            for line in text::wrap(&words, room.saturating_sub(column + 2).max(1)) {
                let mut spans = first
                    .take()
                    .unwrap_or_else(|| vec![Span::raw(" ".repeat(column + 2))]);
                spans.push(Span::styled(line.to_owned(), style));
                lines.push(Line::from(spans));
            }
        }
    }
    if lines.is_empty() {
        lines.push(Line::styled("No key has these words", theme.known));
    }
    let inside = sheet.open("Help", WIDTH, usize::from(u16::MAX));
    let mut pen = Pen::new(sheet.buf, inside);
    pen.put("Search: ", theme.known);
    let cursor = pen.input(&help.line, theme.read);
    let list = Rect {
        y: inside.y.saturating_add(1),
        height: inside.height.saturating_sub(1),
        ..inside
    };
    let top = begins.get(help.scroll).copied().unwrap_or(0);
    sheet.scrolled(list, &lines, top);
    pen::more(sheet.buf, list, lines.len(), top, &theme);
    cursor
}
