//! Doing an act: it is staged, asked about, or its form opens, as the table of acts says.

use super::stage::{self, chosen};
use crate::acts::{ActKind, On};
use crate::app::dialog::confirm::Confirm;
use crate::app::dialog::{Dialog, assign, invite};
use crate::app::state::{Grade, State};

/// Does an act with the chosen rows.
pub(super) fn run(state: &mut State, kind: ActKind) {
    let about = kind.about();
    match about.on {
        _ if about.staged => stage::stage(state, kind, None),
        On::Request => {
            let rows = chosen(&state.data.requests);
            let confirm = Confirm::requests(state, kind, &rows);
            ask(state, confirm);
        }
        On::Guest => {
            let rows = chosen(&state.data.guests);
            let confirm = Confirm::guests(state, kind, &rows);
            ask(state, confirm);
        }
        On::Address => {
            state.screen.dialog = Some(Dialog::Invite(Box::new(invite::InviteForm::new(""))));
        }
        On::Assignment => {
            let form = assign::AssignForm::new(state);
            state.screen.dialog = Some(Dialog::Assign(Box::new(form)));
        }
        // No list here has them.
        On::Deleted => {}
    }
}

/// Asks whether to go on with what was stopped on its way.
pub(super) fn resume(state: &mut State) {
    let confirm = Confirm::resume(state);
    ask(state, confirm);
}

/// Asks whether to send what an open write stands in the way of, though it may be done twice.
pub(super) fn send_again(state: &mut State) {
    let confirm = Confirm::again(state);
    ask(state, confirm);
}

/// Asks; where nothing can be done, says why.
fn ask(state: &mut State, confirm: Confirm) {
    if confirm.items.is_empty() {
        let words = confirm.left_out.join("; ");
        state.say(Grade::Note, format!("Nothing to do: {words}"));
        return;
    }
    state.screen.dialog = Some(Dialog::Confirm(Box::new(confirm)));
}
