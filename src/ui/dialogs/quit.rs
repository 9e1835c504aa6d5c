//! Leaving although something is staged or being sent.

use super::Sheet;
use crate::app::state::State;
use crate::ui::text;

pub(super) fn draw(sheet: &mut Sheet<'_>, state: &State) {
    let mut words = Vec::new();
    for send in state.sends.under_way() {
        words.push(format!(
            "{} still being sent. What Graph has already is in the journal and is read back at the next start.",
            super::left(send)
        ));
    }
    let unsent = state.basket.waiting().count();
    if unsent > 0 {
        let then = if state.keeping.keeps() {
            "kept for the next start, or discarded"
        } else {
            "forgotten when you leave: they cannot be kept here"
        };
        words.push(format!(
            "{} in the basket, not sent: {then}.",
            text::count(unsent, "decision")
        ));
    }
    super::question(sheet, "Quit?", &words);
}
