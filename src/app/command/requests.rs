//! Acts on requests besides deciding them: what opens when one asks for them.

use super::stage::chosen;
use crate::app::acts::OnRequest;
use crate::app::dialog::Dialog;
use crate::app::dialog::assign::Form;
use crate::app::dialog::confirm::Confirm;
use crate::app::dialog::menu::{Choice, Menu, Pick};
use crate::app::state::{Grade, State};
use crate::domain::invitation::Secret;

/// Asks whether to do it with the chosen requests; where it can be done with none of them, says why.
pub(super) fn confirm(state: &mut State, what: OnRequest) {
    let rows = chosen(&state.data.requests);
    let confirm = Confirm::new(state, what, &rows);
    if confirm.items.is_empty() {
        let words = confirm.left_out.join("; ");
        state.say(Grade::Note, format!("Nothing to do: {words}"));
        return;
    }
    state.dialog = Some(Dialog::Confirm(Box::new(confirm)));
}

pub(super) fn assign(state: &mut State) {
    state.dialog = Some(Dialog::Assign(Box::new(Form::new(state))));
}

/// The menu of what to copy for the approver who can decide the focused request.
pub(super) fn nudge(state: &mut State) {
    let Some(row) = state.data.requests.focused() else {
        return;
    };
    let nudge = row.nudge(state.now, state.data.my_access.unwrap_or_default());
    let choice = |key, label: &str, hint: &str, value: &str, what| Choice {
        key,
        label: label.to_owned(),
        hint: hint.to_owned(),
        pick: Pick::Copy(Secret::new(value), what),
    };
    let menu = Menu {
        title: format!("Nudge {}", row.deciders),
        choices: vec![
            choice(
                't',
                "copy a text",
                "for chat or mail: who asks, for what, since when, until when",
                &nudge.text,
                "text for the approver",
            ),
            choice(
                'm',
                "copy a mailto: line",
                "opens a mail with it where you paste it into a browser; nothing is sent from here",
                &nudge.mailto(),
                "mailto: line for the approver",
            ),
        ],
        cursor: 0,
    };
    state.dialog = Some(Dialog::Menu(menu));
}
