//! A text for the approver who can decide, to be copied.

use crate::app::dialog::Dialog;
use crate::app::dialog::menu::{Choice, CopyValue, Menu, Pick};
use crate::app::state::State;

/// The menu of what to copy for the approver who can decide the focused request.
pub(super) fn open(state: &mut State) {
    let Some(row) = state.data.requests.focused() else {
        return;
    };
    let nudge = row.nudge(state.now, state.data.my_access.unwrap_or_default());
    let choice = |key, label: &str, hint: &str, value: &str, what| Choice {
        key,
        label: label.to_owned(),
        hint: hint.to_owned(),
        pick: Pick::Copy(CopyValue::Open(value.to_owned()), what),
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
    state.screen.dialog = Some(Dialog::Menu(menu));
}
