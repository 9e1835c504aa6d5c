//! Signing in: the way is chosen, then what to do is shown until it is done. It lies over whatever was open, and
//! leaves it as it was.

use jiff::Timestamp;

use super::Next;
use super::keys::{AnyKeys, DialogKey, Keyed, Press, ShownKey, letter, moved, moves, row};
use crate::app::effect::Effect;
use crate::app::jobs::Purpose;
use crate::app::key::Key;
use crate::app::signin::Standing;
use crate::app::state::{Grade, State};
use crate::domain::invitation::Secret;
use crate::domain::problem::Problem;
use crate::domain::text::Text;
use crate::signin::{SignInOffer, SignInStep, Way};
use crate::worker::protocol::Ask;

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Which way?
    Choosing,
    /// Begun; nothing to do yet.
    Begun(Way),
    /// What to do: [`SignInStep::DeviceCode`] or [`SignInStep::Browser`].
    Showing(Box<SignInStep>),
    /// Signed in, in words; something lies below that a key goes back to.
    Done(String),
}

/// The open dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInDialog {
    /// How far it is.
    pub phase: Phase,
    /// The way Enter takes.
    pub cursor: usize,
    /// Why the last one came to nothing.
    pub refused: Option<Problem>,
}

/// A way one can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInChoice {
    /// The key that begins it at once.
    pub key: char,
    /// Its name.
    pub label: &'static str,
    /// What it takes.
    pub hint: &'static str,
    /// The way.
    pub way: Way,
}

/// What is said wherever a device code is offered or shown.
pub const CAUTION: &str = "Device codes are what phishers use: whoever asks for a code gets signed in as the one who \
     types it. Type one only if you began it here yourself. Many tenants block them.";

const CHOICES: [SignInChoice; 3] = [
    SignInChoice {
        key: 'b',
        label: "browser",
        hint: "here, or at your end of the SSH line, which is shown",
        way: Way::Browser,
    },
    SignInChoice {
        key: 'd',
        label: "device code",
        hint: "a code for any device; phished for, often blocked",
        way: Way::DeviceCode,
    },
    SignInChoice {
        key: 'a',
        label: "Azure CLI",
        hint: "whoever az login signed in; no access packages",
        way: Way::AzureCli,
    },
];

/// The ways there are: those of people, and the profile's own.
pub fn choices(offer: &SignInOffer) -> Vec<SignInChoice> {
    let mut choices = CHOICES.to_vec();
    if choices.iter().all(|choice| choice.way != offer.way) {
        choices.push(SignInChoice {
            key: 'p',
            label: offer.way.word(),
            hint: "the profile's own way, once more",
            way: offer.way,
        });
    }
    choices
}

/// Opens it over whatever is there.
pub(in crate::app) fn open(state: &mut State) {
    let Some(offer) = &state.sign_in.offer else {
        return;
    };
    // The profile's way stands under the cursor; it is begun by a key, like any other.
    let cursor = choices(offer)
        .iter()
        .position(|choice| choice.way == offer.way);
    state.sign_in.dialog = Some(SignInDialog {
        phase: Phase::Choosing,
        cursor: cursor.unwrap_or(0),
        refused: None,
    });
}

/// Takes a key.
pub(in crate::app) fn key(state: &mut State, key: Key) -> Vec<Effect> {
    let Some(mut dialog) = state.sign_in.dialog.take() else {
        return Vec::new();
    };
    let mut effects = Vec::new();
    let press = Press {
        key,
        state,
        effects: &mut effects,
    };
    if let Next::Stay = dialog.press(press) {
        state.sign_in.dialog = Some(dialog);
    }
    effects
}

impl SignInDialog {
    /// Until when what is shown can be used.
    pub fn expires(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Showing(step) => match **step {
                SignInStep::DeviceCode { expires, .. } | SignInStep::Browser { expires, .. } => {
                    Some(expires)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Its keys as they are shown.
    pub fn shown(&self, state: &State) -> Vec<ShownKey> {
        AnyKeys::shown(self, state)
    }

    fn choosing(&self, state: &State) -> Vec<DialogKey<SignInKey>> {
        let choices = state.sign_in.offer.as_ref().map(choices);
        let choices = choices.unwrap_or_default();
        let letters = choices
            .iter()
            .map(|choice| letter(choice.key, SignInKey::Begin(choice.way)));
        let mut table: Vec<_> = letters.collect();
        let chosen = choices.get(self.cursor);
        table.extend(chosen.map(|choice| {
            row(&["Enter"], SignInKey::Begin(choice.way))
                .footer("signs in")
                .safe("Sign in")
        }));
        let last = choices.len().saturating_sub(1);
        table.push(
            moves(SignInKey::Move(last))
                .written("Up Down")
                .footer("move"),
        );
        table.push(row(LEAVE, SignInKey::Close).both("not now"));
        if matches!(state.sign_in.standing, Standing::Needed { .. }) {
            let decline = row(&["n"], SignInKey::Decline).footer("decline");
            table.push(decline.other("decline: what waits stops, and is kept"));
        }
        table
    }

    fn begin(&mut self, state: &mut State, way: Way, effects: &mut Vec<Effect>) {
        state.sign_in.under_way = Some(way);
        self.phase = Phase::Begun(way);
        self.refused = None;
        // What is still to be heard of an earlier one is not about this one.
        effects.extend(state.give_up(&Purpose::SignIn));
        effects.push(state.ask(Purpose::SignIn, Ask::SignIn(way)));
    }
}

/// The ways out of it.
const LEAVE: &[&str] = &["Esc", "q", "Ctrl-c"];

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum SignInKey {
    Begin(Way),
    /// Within a list whose last place this is.
    Move(usize),
    Decline,
    /// Stops what was begun, and asks for the way again.
    Cancel,
    /// Copies what has to be had on the other device.
    Copy,
    /// Copies what goes with it.
    CopyMore,
    Close,
}

impl Keyed for SignInDialog {
    type Means = SignInKey;

    fn table(&self, state: &State) -> Vec<DialogKey<SignInKey>> {
        let cancel = row(LEAVE, SignInKey::Cancel)
            .footer("cancel")
            .safe("Cancel");
        let copy = row(&["y"], SignInKey::Copy);
        let more = row(&["Y"], SignInKey::CopyMore);
        match &self.phase {
            Phase::Choosing => self.choosing(state),
            Phase::Begun(_) => vec![cancel],
            Phase::Showing(step) => match **step {
                SignInStep::DeviceCode { .. } => vec![
                    cancel,
                    copy.footer("copy the code").other("copy code"),
                    more.footer("the link").other("link"),
                ],
                _ => vec![
                    cancel,
                    copy.footer("copy the address").other("copy address"),
                    more.footer("the ssh line").other("ssh line"),
                ],
            },
            // Only what means "go on": a hand that was copying copies on into nothing.
            Phase::Done(_) => vec![
                row(&["Enter", "Esc", "q", "Ctrl-c"], SignInKey::Close)
                    .footer("goes on")
                    .safe("Back to where you were"),
            ],
        }
    }

    fn does(
        &mut self,
        means: SignInKey,
        Press {
            key,
            state,
            effects,
        }: Press<'_>,
    ) -> Next {
        match means {
            SignInKey::Begin(way) => self.begin(state, way, effects),
            SignInKey::Move(last) => self.cursor = moved(self.cursor, key, last),
            SignInKey::Decline => {
                state.sign_in.standing = Standing::Declined;
                effects.push(Effect::Decline);
                return Next::Close;
            }
            SignInKey::Cancel => {
                state.sign_in.under_way = None;
                effects.extend(state.give_up(&Purpose::SignIn));
                self.phase = Phase::Choosing;
                self.refused = None;
            }
            SignInKey::Copy | SignInKey::CopyMore => {
                let more = matches!(means, SignInKey::CopyMore);
                if let Phase::Showing(step) = &self.phase
                    && let Some((what, secret)) = copied(step, more)
                {
                    state.say(Grade::Good, format!("Copied the {what}"));
                    effects.push(Effect::Copy(secret));
                }
            }
            SignInKey::Close => return Next::Close,
        }
        Next::Stay
    }
}

/// What can be copied of a step: what has to be had on the other device, and what goes with it.
fn copied(step: &SignInStep, more: bool) -> Option<(&'static str, Secret)> {
    let open = |text: &Text| Secret::new(text.as_str());
    match (step, more) {
        (SignInStep::DeviceCode { code, .. }, false) => Some(("code", code.clone())),
        (SignInStep::DeviceCode { link, .. }, true) => Some(("link", open(link))),
        (SignInStep::Browser { url, .. }, false) => Some(("address", url.clone())),
        (SignInStep::Browser { ssh_line, .. }, true) => Some(("ssh line", Secret::new(ssh_line))),
        _ => None,
    }
}
