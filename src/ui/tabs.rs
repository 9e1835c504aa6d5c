//! The second line: the panes with their counts, and what is in the basket.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::pen::Pen;
use super::text;
use super::theme::Theme;
use crate::acts::ActKind;
use crate::app::state::{Pane, State};

pub(super) fn draw(buf: &mut Buffer, region: Rect, state: &State, theme: &Theme) {
    let basket = basket(state, theme);
    let room = usize::from(region.width).saturating_sub(basket.width());
    // As much as there is room for: names and counts, names, at last the focused one's alone.
    let levels = [(true, true), (true, false), (false, false)];
    let level = levels
        .iter()
        .find(|(names, counts)| wide(state, *names, *counts) <= room)
        .unwrap_or(&(false, false));
    let mut pen = Pen::new(buf, region);
    pen.right(&basket);
    for pane in Pane::all() {
        let words = words(state, pane, level.0, level.1);
        if pane == state.screen.focus {
            pen.put(&format!(" {words} "), theme.tab);
        } else {
            let (number, rest) = words.split_at(1);
            pen.put(" ", Style::new())
                .put(number, theme.accent)
                .put(rest, theme.read)
                .put(" ", Style::new());
        }
    }
}

fn wide(state: &State, names: bool, counts: bool) -> usize {
    Pane::all()
        .map(|pane| text::width(&words(state, pane, names, counts)) + 2)
        .sum()
}

fn words(state: &State, pane: Pane, names: bool, counts: bool) -> String {
    let focused = pane == state.screen.focus;
    let mut words = pane.number().to_string();
    if names || focused {
        words = format!("{words} {}", pane.title());
    }
    if (counts || focused) && known(state, pane) {
        let load = state.load(pane);
        // Reading broke off, and nothing reads on: these are not all.
        let more = !load.ever() && load.failed.is_some() && !state.jobs.reads(state.listed(pane));
        let more = if more { "+" } else { "" };
        words = format!("{words} {}{more}", text::thousands(state.total(pane)));
    }
    words
}

/// Whether the count means anything yet.
fn known(state: &State, pane: Pane) -> bool {
    state.load(pane).ever() || state.total(pane) > 0
}

fn basket(state: &State, theme: &Theme) -> Line<'static> {
    if state.basket.is_empty() {
        return Line::default();
    }
    let mut spans = vec![Span::styled(" basket", theme.strong)];
    for kind in ActKind::staged() {
        let count = state.basket.count(kind);
        if count > 0 {
            let words = format!(" {} {}", text::thousands(count), kind.about().glyph);
            spans.push(Span::styled(words, theme.tone(kind.about().tone)));
        }
    }
    let failed = state
        .basket
        .iter()
        .filter(|(_, decision)| decision.failed.is_some())
        .count();
    if failed > 0 {
        spans.push(Span::styled(format!(" {failed} failed"), theme.error));
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}
