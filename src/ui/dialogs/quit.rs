//! Leaving although something is staged or being sent.

use ratatui::text::Line;

use super::Sheet;
use crate::app::state::State;
use crate::ui::{pen, text};

pub(super) fn draw(sheet: &mut Sheet<'_>, state: &State) {
    const WIDTH: u16 = 64;
    let theme = sheet.theme;
    let mut words = Vec::new();
    if let Some(sending) = &state.sending {
        words.push(format!(
            "{} of {} are still being sent. What Graph has already is in the journal and is read back at \
             the next start.",
            sending.total.saturating_sub(sending.settled),
            sending.total
        ));
    }
    let unsent = state.basket.waiting().count();
    let keeps = state.keeping.keeps();
    if unsent > 0 {
        let then = if keeps {
            "kept for the next start, or discarded"
        } else {
            "forgotten when you leave: they cannot be kept here"
        };
        words.push(format!(
            "{} in the basket, not sent: {then}.",
            text::count(unsent, "decision")
        ));
    }
    let room = sheet.room(WIDTH);
    let mut lines: Vec<Line<'_>> = words
        .iter()
        .flat_map(|words| pen::sentences(words, room, theme.read))
        .collect();
    let inside = sheet.open("Quit?", WIDTH, lines.len() + 2);
    if lines.len() + 2 <= usize::from(inside.height) {
        lines.push(Line::default());
    }
    let (above, below) = super::foot(inside, 1);
    sheet.scrolled(above, &lines, 0);
    let leave: &[(&str, &str)] = match (unsent > 0, keeps) {
        (true, true) => &[("y", "keep and quit"), ("d", "discard and quit")],
        (true, false) => &[("d", "discard and quit")],
        (false, _) => &[("y", "quit")],
    };
    let buttons = sheet.buttons(("Enter", "Stay"), leave);
    pen::lines(sheet.buf, below, &[buttons], 0);
}
