//! Detail: what is known of the focused row, set into its region.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::pen::{self, Pen};
use super::text::Keep;
use super::theme::Theme;
use crate::app::detail::{DetailPart, SetLine, detail};
use crate::app::keymap::Command;
use crate::app::layout::Regions;
use crate::app::state::State;

/// Draws its text, and its title where that stands on no border.
pub(super) fn draw(
    buf: &mut Buffer,
    screen: Rect,
    regions: &Regions,
    state: &State,
    theme: &Theme,
) {
    let (Some(title), Some(region), Some(detail)) =
        (regions.detail_title, regions.detail, detail(state))
    else {
        return;
    };
    if regions.frame.is_none() {
        Pen::new(buf, pen::rect(title, screen)).fit(&detail.title, Keep::Start, theme.accent);
    }
    let region = pen::rect(region, screen);
    let lines = detail.set(usize::from(region.width));
    let height = usize::from(region.height);
    let last = lines.len().saturating_sub(height);
    let top = state.screen.detail.scroll.min(last);
    // The last line says that there is more, and covers nothing.
    let shown = height.saturating_sub(usize::from(top < last));
    for (at, line) in lines.iter().skip(top).take(shown).enumerate() {
        let Some(row) = pen::row(region, at) else {
            break;
        };
        let (lead, words) = looks(line, theme);
        Pen::new(buf, row)
            .put(&line.lead, lead)
            .put(line.words, words);
    }
    if top < last
        && let Some(row) = pen::row(region, height.saturating_sub(1))
    {
        let key = state.setup.keymap.key(Command::DetailDown);
        let words = format!(" ▼ more below, {key}");
        Pen::new(buf, row).right(&Line::styled(words, theme.accent));
    }
}

/// The looks of a line's lead and of its words.
fn looks(line: &SetLine<'_>, theme: &Theme) -> (Style, Style) {
    match line.part {
        DetailPart::Gap | DetailPart::Line(_) => (theme.read, theme.read),
        DetailPart::Heading(_) => (theme.read, theme.strong),
        DetailPart::Field(..) => (theme.known, theme.read),
        DetailPart::Signal(_) => (theme.signal, theme.signal),
        DetailPart::Staged { failed: true, .. } => (theme.error, theme.error),
        DetailPart::Staged { verdict, .. } => (
            theme.tone(verdict.about().tone),
            theme.tone(verdict.about().tone),
        ),
    }
}
