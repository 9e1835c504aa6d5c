//! Everything that was said, whole, newest first.

use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::dialog::messages::Messages;
use crate::app::state::State;
use crate::ui::{pen, text};

pub(super) fn draw(sheet: &mut Sheet<'_>, messages: &Messages, state: &State) {
    const WIDTH: u16 = 100;
    let theme = sheet.theme;
    let room = usize::from(sheet.room(WIDTH));
    let mut lines: Vec<Line<'_>> = Vec::new();
    // Where each message begins, for the scroll counts messages.
    let mut begins = Vec::new();
    for notice in state.said.notices.past.iter().rev() {
        let (glyph, style) = theme.grade(notice.grade);
        let time = state.clock(notice.at);
        let indent = text::width(&time) + 4;
        begins.push(lines.len());
        let mut first = Some(vec![
            Span::styled(format!("{time}  "), theme.known),
            Span::styled(format!("{glyph} "), style),
        ]);
        for line in text::wrap(&notice.text, room.saturating_sub(indent).max(1)) {
            let mut spans = first
                .take()
                .unwrap_or_else(|| vec![Span::raw(" ".repeat(indent))]);
            spans.push(Span::styled(line, theme.read));
            lines.push(Line::from(spans));
        }
    }
    if lines.is_empty() {
        lines.push(Line::styled("Nothing was said yet", theme.known));
    }
    let inside = sheet.open("Messages", WIDTH, lines.len());
    let top = begins.get(messages.scroll).copied().unwrap_or(0);
    sheet.scrolled(inside, &lines, top);
    pen::more(sheet.buf, inside, lines.len(), top, theme);
}
