//! What lies over the panes and takes the keyboard: one file a dialog, each with its keys.

pub mod assign;
pub mod confirm;
pub mod form;
pub mod help;
pub mod invite;
pub mod keys;
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

use self::keys::{AnyKeys, Press, ShownKey};
use super::effect::Effect;
use super::key::Key;
use super::state::State;

/// A dialog that is open.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// What would be sent.
    Review(review::Review),
    /// The invitation form, its check and its result.
    Invite(Box<invite::InviteForm>),
    /// Cancel, deliver again or remove these requests?
    Confirm(Box<confirm::Confirm>),
    /// Assigning a package directly.
    Assign(Box<assign::AssignForm>),
    /// A short list of choices: strength of revoking, what to copy, sort.
    Menu(menu::Menu),
    /// Every command by name.
    Palette(palette::Palette),
    /// Every key, searchable.
    Help(help::Help),
    /// What was said.
    Messages(messages::Messages),
    /// The reason of staged rows.
    Reason(Box<reason::ReasonDialog>),
    /// What an earlier session had staged.
    Offer(offer::KeptOffer),
    /// How the last send ended.
    Results(results::ShownResults),
    /// Leave although something is staged?
    Quit(quit::Quit),
    /// Forget the sign-in?
    SignOut(signout::SignOut),
}

/// What a key did to a dialog.
pub(in crate::app) enum Next {
    /// It stays open.
    Stay,
    /// It closes.
    Close,
    /// Another takes its place.
    Open(Dialog),
    /// It closes and a command runs.
    Run(super::keymap::Command),
}

impl Dialog {
    /// Its keys as they are shown: what footer and buttons read.
    pub fn shown(&self, state: &State) -> Vec<ShownKey> {
        let dialog: &dyn AnyKeys = match self {
            Self::Review(review) => review,
            Self::Invite(invite) => &**invite,
            Self::Confirm(confirm) => &**confirm,
            Self::Assign(assign) => &**assign,
            Self::Menu(menu) => menu,
            Self::Palette(palette) => palette,
            Self::Help(help) => help,
            Self::Messages(messages) => messages,
            Self::Reason(reason) => &**reason,
            Self::Offer(offer) => offer,
            Self::Results(results) => results,
            Self::Quit(quit) => quit,
            Self::SignOut(sign_out) => sign_out,
        };
        dialog.shown(state)
    }

    fn any(&mut self) -> &mut dyn AnyKeys {
        match self {
            Self::Review(review) => review,
            Self::Invite(invite) => &mut **invite,
            Self::Confirm(confirm) => &mut **confirm,
            Self::Assign(assign) => &mut **assign,
            Self::Menu(menu) => menu,
            Self::Palette(palette) => palette,
            Self::Help(help) => help,
            Self::Messages(messages) => messages,
            Self::Reason(reason) => &mut **reason,
            Self::Offer(offer) => offer,
            Self::Results(results) => results,
            Self::Quit(quit) => quit,
            Self::SignOut(sign_out) => sign_out,
        }
    }
}

/// Hands a key to the open dialog.
pub(super) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    // Taken out while it looks at the rest of the state; put back unless it has ended.
    let Some(mut dialog) = state.screen.dialog.take() else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    let press = Press {
        key,
        state,
        effects: &mut effects,
    };
    match dialog.any().press(press) {
        Next::Stay => state.screen.dialog = Some(dialog),
        Next::Close => {}
        Next::Open(other) => state.screen.dialog = Some(other),
        Next::Run(command) => effects.extend(super::command::run(state, command)),
    }
    effects
}

/// Hands pasted words to the open dialog's input, if it has one.
pub(super) fn paste(state: &mut State, pasted: &str) {
    if let Some(dialog) = &mut state.screen.dialog {
        dialog.any().pasted(pasted);
    }
}
