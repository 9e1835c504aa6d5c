//! Detail: what is known of the focused row, set into its region.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pen::{self, Pen};
use super::text;
use super::theme::Theme;
use crate::app::detail::{Detail, Part, detail};
use crate::app::state::State;

/// Cells of the labels' column. One width for all rows, so that the next row's fields stand where this one's
/// stood.
const LABEL: usize = 11;

/// Draws it. `framed` says that its title stands on a border already.
pub(super) fn draw(buf: &mut Buffer, region: Rect, framed: bool, state: &State, theme: &Theme) {
    let Some(detail) = detail(state) else {
        return;
    };
    // A cell of air at the border.
    let region = if framed {
        Rect {
            x: region.x + 1.min(region.width),
            width: region.width.saturating_sub(2),
            ..region
        }
    } else {
        region
    };
    let mut region = region;
    if !framed && region.height > 0 {
        Pen::new(buf, region).fit(&detail.title, text::Keep::Start, theme.accent);
        region.y += 1;
        region.height -= 1;
    }
    let lines = lines(&detail, usize::from(region.width), theme);
    let height = usize::from(region.height);
    let last = lines.len().saturating_sub(height);
    let top = state.detail.scroll.min(last);
    pen::lines(buf, region, &lines, top);
    if top < last
        && let Some(row) = pen::row(region, height.saturating_sub(1))
    {
        let more = Line::styled(" ▼ J more", theme.accent);
        Pen::new(buf, row).right(&more);
    }
}

/// The parts as lines of at most `room` cells.
fn lines<'a>(detail: &'a Detail, room: usize, theme: &Theme) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let hang = |lines: &mut Vec<Line<'a>>, first: Span<'a>, words: &'a str, style| {
        let indent = first.width();
        let mut first = Some(first);
        for line in text::wrap(words, room.saturating_sub(indent).max(1)) {
            let before = first
                .take()
                .unwrap_or_else(|| Span::raw(" ".repeat(indent)));
            lines.push(Line::from(vec![before, Span::styled(line, style)]));
        }
    };
    for part in &detail.parts {
        match part {
            Part::Gap => lines.push(Line::default()),
            Part::Line(words) => hang(&mut lines, Span::raw(""), words, theme.read),
            Part::Heading(words) => lines.push(Line::styled(*words, theme.strong)),
            Part::Signal(words) => {
                let glyph = Span::styled("⚠ ", theme.signal);
                hang(&mut lines, glyph, words, theme.signal);
            }
            Part::Staged {
                verdict,
                failed,
                words,
            } => {
                let style = if *failed {
                    theme.error
                } else {
                    theme.verdict(*verdict)
                };
                let glyph = Span::styled(format!("{} ", verdict.glyph()), style);
                hang(&mut lines, glyph, words, style);
            }
            Part::Field(label, words) => {
                // In a very narrow region the label takes a line of its own.
                if room < 3 * LABEL {
                    lines.push(Line::styled(*label, theme.known));
                    hang(&mut lines, Span::raw("  "), words, theme.read);
                } else {
                    let label = Span::styled(format!("{label:LABEL$}"), theme.known);
                    hang(&mut lines, label, words, theme.read);
                }
            }
        }
    }
    lines
}
