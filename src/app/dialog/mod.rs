//! What lies over the panes and takes the keyboard: one file a dialog, each with its keys.

pub mod assign;
pub mod confirm;
pub mod help;
pub mod invite;
pub mod menu;
pub mod messages;
pub mod offer;
pub mod palette;
pub mod quit;
pub mod reason;
pub mod results;
pub mod review;
pub mod signin;
pub mod signout;

use super::effect::Effect;
use super::key::Key;
use super::state::State;

/// A dialog that is open.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// What would be sent.
    Review(review::Review),
    /// The invitation form, its check and its result.
    Invite(Box<invite::Form>),
    /// Cancel, deliver again or remove these requests?
    Confirm(Box<confirm::Confirm>),
    /// Assigning a package directly.
    Assign(Box<assign::Form>),
    /// A short list of choices: strength of revoking, what to copy, sort.
    Menu(menu::Menu),
    /// Every command by name.
    Palette(palette::Palette),
    /// Every key, searchable.
    Help(help::Help),
    /// What was said.
    Messages(messages::Messages),
    /// The reason of staged rows.
    Reason(Box<reason::Reason>),
    /// What an earlier session had staged.
    Offer(offer::Offer),
    /// How the last send ended.
    Results(results::ShownResults),
    /// Leave although something is staged?
    Quit(quit::Quit),
    /// Forget the sign-in?
    SignOut(signout::SignOut),
}

/// What a key did to a dialog.
pub(super) enum Next {
    /// It stays open.
    Stay,
    /// It closes.
    Close,
    /// Another takes its place.
    Open(Dialog),
    /// It closes and a command runs.
    Run(super::keymap::Command),
}

/// Hands a key to the open dialog.
pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    // Taken out while it looks at the rest of the state; put back unless it has ended.
    let Some(mut dialog) = state.dialog.take() else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    let next = match &mut dialog {
        Dialog::Review(review) => review.key(state, key, &mut effects),
        Dialog::Invite(form) => form.key(state, key, &mut effects),
        Dialog::Confirm(confirm) => confirm.key(state, key, &mut effects),
        Dialog::Assign(form) => form.key(state, key, &mut effects),
        Dialog::Menu(menu) => menu.key(state, key, &mut effects),
        Dialog::Palette(palette) => palette.key(state, key, &mut effects),
        Dialog::Help(help) => help.key(&state.keymap, key),
        Dialog::Messages(messages) => messages.key(state, key),
        Dialog::Reason(reason) => reason.key(state, key),
        Dialog::Offer(offer) => offer.key(state, key, &mut effects),
        Dialog::Results(results) => results.key(state, key, &mut effects),
        Dialog::Quit(_) => quit::Quit::key(state, key, &mut effects),
        Dialog::SignOut(_) => signout::SignOut::key(key, &mut effects),
    };
    match next {
        Next::Stay => state.dialog = Some(dialog),
        Next::Close => {}
        Next::Open(other) => state.dialog = Some(other),
        Next::Run(command) => effects.extend(super::command::run(state, command)),
    }
    effects
}

/// Hands pasted words to the open dialog's input, if it has one.
pub(super) fn paste(state: &mut State, pasted: &str) {
    match &mut state.dialog {
        Some(Dialog::Review(review)) => review.paste(pasted),
        Some(Dialog::Invite(form)) => form.paste(pasted),
        Some(Dialog::Reason(reason)) => reason.writing.paste(pasted),
        Some(Dialog::Assign(form)) => form.paste(pasted),
        Some(Dialog::Palette(palette)) => palette.line.paste(pasted),
        Some(Dialog::Help(help)) => help.line.paste(pasted),
        _ => {}
    }
}
