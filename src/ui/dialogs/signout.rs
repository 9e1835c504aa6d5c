//! Forgetting the sign-in.

use ratatui::text::Line;

use super::Sheet;
use crate::app::state::State;
use crate::ui::{pen, text};

pub(super) fn draw(sheet: &mut Sheet<'_>, state: &State) {
    const WIDTH: u16 = 64;
    let theme = sheet.theme;
    let mut words = vec![
        "The sign-in is forgotten here and wherever it is kept: the next session asks for a new one. Entra is not \
         told; what is on screen stays until you quit."
            .to_owned(),
    ];
    if let Some(sending) = &state.sending {
        words.push(format!(
            "{} of {} are still being sent; what is left waits until you sign in again.",
            sending.total.saturating_sub(sending.settled),
            sending.total
        ));
    }
    let unsent = state.basket.sendable().count();
    if unsent > 0 {
        words.push(format!(
            "{} in the basket stay there. Only you can sign in to this session again.",
            text::count(unsent, "decision")
        ));
    }
    let room = sheet.room(WIDTH);
    let mut lines: Vec<Line<'_>> = words
        .iter()
        .flat_map(|words| pen::sentences(words, room, theme.read))
        .collect();
    let inside = sheet.open("Sign out?", WIDTH, lines.len() + 2);
    if lines.len() + 2 <= usize::from(inside.height) {
        lines.push(Line::default());
    }
    let (above, below) = super::foot(inside, 1);
    sheet.scrolled(above, &lines, 0);
    let buttons = sheet.buttons(("Enter", "Stay"), &[("y", "sign out")]);
    pen::lines(sheet.buf, below, &[buttons], 0);
}
