//! Leaving although something is staged or being sent.

use super::Sheet;
use crate::app::state::State;
use crate::ui::text;

pub(super) fn draw(sheet: &mut Sheet<'_>, state: &State) {
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
    let leave: &[(&str, &str)] = match (unsent > 0, keeps) {
        (true, true) => &[("y", "keep and quit"), ("d", "discard and quit")],
        (true, false) => &[("d", "discard and quit")],
        (false, _) => &[("y", "quit")],
    };
    super::question(sheet, "Quit?", &words, leave);
}
