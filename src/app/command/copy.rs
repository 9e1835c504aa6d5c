//! What can be copied of the focused row.

use super::pick;
use crate::app::dialog::invite;
use crate::app::dialog::menu::{Choice, CopyValue, Menu, Pick};
use crate::app::effect::Effect;
use crate::app::keymap::Command;
use crate::app::state::{Grade, Pane, State};

/// What can be copied of the focused row, the commonest first.
fn copies(state: &State) -> Vec<(char, &'static str, CopyValue)> {
    let mut copies: Vec<_> = state
        .copies_here()
        .into_iter()
        .filter(|(_, _, value)| !value.is_empty())
        .map(|(key, what, value)| (key, what, CopyValue::Open(value)))
        .collect();
    let link = invite::link_of(state).map(CopyValue::Secret);
    copies.extend(link.map(|link| ('y', "redeem link of the last invitation", link)));
    copies
}

pub(super) fn first(state: &mut State) -> Vec<Effect> {
    if state.screen.focus == Pane::Policies && state.data.my_access.is_none() {
        let menu = state.setup.keymap.key(Command::CopyMenu);
        let words = format!(
            "There is no request link: Microsoft documents no address of My Access for this cloud. {menu} copies name or id"
        );
        state.say(Grade::Note, words);
        return Vec::new();
    }
    match copies(state).into_iter().next() {
        Some((_, what, value)) => pick(state, Pick::Copy(value, what)),
        None => {
            state.say(Grade::Note, "There is nothing to copy here");
            Vec::new()
        }
    }
}

pub(super) fn menu(state: &State) -> Menu {
    let choice = |(key, what, value): (char, &'static str, CopyValue)| Choice {
        key,
        label: what.to_owned(),
        hint: value.shown().to_owned(),
        pick: Pick::Copy(value, what),
    };
    let choices = copies(state).into_iter().map(choice);
    Menu {
        title: "Copy".into(),
        choices: choices.collect(),
        cursor: 0,
    }
}
