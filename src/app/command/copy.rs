//! What can be copied of the focused row.

use super::pick;
use crate::app::dialog::invite;
use crate::app::dialog::menu::{Choice, Menu, Pick};
use crate::app::effect::Effect;
use crate::app::keymap::Command;
use crate::app::state::{Grade, Pane, State};
use crate::domain::invitation::Secret;

/// What can be copied of the focused row, the commonest first.
fn copies(state: &State) -> Vec<(char, &'static str, Secret)> {
    let mut found: Vec<(char, &'static str, String)> = Vec::new();
    match state.screen.focus {
        Pane::Requests => {
            if let Some(row) = state.data.requests.focused() {
                let person = &row.request.requestor;
                found.push(('m', "mail address", person.mail.to_string()));
                found.push(('n', "name", person.name.to_string()));
                found.push(('d', "domain", row.domain.clone()));
                found.push(('r', "request id", row.request.id.to_string()));
                found.extend(
                    state
                        .linked_policy()
                        .and_then(|policy| state.request_link(&policy))
                        .map(|l| ('l', "request link", l)),
                );
            }
        }
        Pane::Policies => {
            if let Some(row) = state.data.policies.focused() {
                found.extend(
                    state
                        .request_link(&row.policy.id)
                        .map(|link| ('l', "request link", link)),
                );
                found.push(('n', "name", row.policy.name.to_string()));
                found.push(('i', "policy id", row.policy.id.to_string()));
            }
        }
        Pane::Guests => {
            if let Some(row) = state.data.guests.focused() {
                found.push(('m', "mail address", row.guest.address()));
                found.push(('n', "name", row.guest.name.to_string()));
                found.push(('d', "domain", row.guest.domain()));
                found.push(('i', "user id", row.guest.id.to_string()));
                found.push(('p', "principal name", row.guest.upn.to_string()));
            }
        }
        Pane::Journal => {
            if let Some(row) = state.data.journal.focused() {
                found.push(('t', "target", row.target.to_string()));
                found.push(('c', "client-request-id", row.client_request_id.to_string()));
                found.push(('r', "request-id", row.request_id.to_string()));
            }
        }
    }
    let mut copies: Vec<_> = found
        .into_iter()
        .filter(|(_, _, value)| !value.is_empty())
        .map(|(key, what, value)| (key, what, Secret::new(&value)))
        .collect();
    copies.extend(
        invite::link_of(state).map(|link| ('y', "redeem link of the last invitation", link)),
    );
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
    let choices = copies(state).into_iter().map(|(key, what, value)| {
        let hint = if what.starts_with("redeem") {
            String::new()
        } else {
            value.reveal().to_owned()
        };
        Choice {
            key,
            label: what.to_owned(),
            hint,
            pick: Pick::Copy(value, what),
        }
    });
    Menu {
        title: "Copy".into(),
        choices: choices.collect(),
        cursor: 0,
    }
}
