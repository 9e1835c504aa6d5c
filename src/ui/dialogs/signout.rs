//! Forgetting the sign-in.

use super::Sheet;
use crate::app::state::State;
use crate::ui::text;

pub(super) fn draw(sheet: &mut Sheet<'_>, state: &State) {
    let mut words = vec![
        "The sign-in is forgotten here and wherever it is kept: the next session asks for a new one. Entra is not \
         told; what is on screen stays until you quit."
            .to_owned(),
    ];
    for send in state.sends.under_way() {
        words.push(format!(
            "{} still being sent; what is left waits until you sign in again.",
            super::left(send)
        ));
    }
    let unsent = state.basket.sendable().count();
    if unsent > 0 {
        words.push(format!(
            "{} in the basket stay there. Only you can sign in to this session again.",
            text::count(unsent, "decision")
        ));
    }
    super::question(sheet, "Sign out?", &words);
}
