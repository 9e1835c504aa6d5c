//! Signing in: the way is chosen, then what to do is shown until it is done. It lies over whatever was open, and
//! leaves it as it was.

use jiff::Timestamp;

use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap;
use crate::app::signin::Standing;
use crate::app::state::{Grade, State};
use crate::domain::invitation::Secret;
use crate::domain::problem::Problem;
use crate::domain::text::Text;
use crate::signin::{SignInOffer, SignInStep, Way};
use crate::worker::protocol::{Ask, Job};

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
pub struct SignIn {
    /// How far it is.
    pub phase: Phase,
    /// The way Enter takes.
    pub cursor: usize,
    /// Why the last one came to nothing.
    pub refused: Option<Problem>,
}

/// A way one can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
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

const CHOICES: [Choice; 3] = [
    Choice {
        key: 'b',
        label: "browser",
        hint: "here, or at your end of the SSH line, which is shown",
        way: Way::Browser,
    },
    Choice {
        key: 'd',
        label: "device code",
        hint: "a code for any device; phished for, often blocked",
        way: Way::DeviceCode,
    },
    Choice {
        key: 'a',
        label: "Azure CLI",
        hint: "whoever az login has signed in on this machine",
        way: Way::AzureCli,
    },
];

/// The ways there are: those of people, and the profile's own.
pub fn choices(offer: &SignInOffer) -> Vec<Choice> {
    let mut choices = CHOICES.to_vec();
    if choices.iter().all(|choice| choice.way != offer.way) {
        choices.push(Choice {
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
    state.sign_in.dialog = Some(SignIn {
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
    let leave = key.code == KeyCode::Esc || key == Key::ctrl('c') || key.typed() == Some('q');
    let mut effects = Vec::new();
    let stays = match &dialog.phase {
        Phase::Choosing => dialog.choose(state, key, leave, &mut effects),
        Phase::Begun(_) | Phase::Showing(_) if leave => {
            state.sign_in.under_way = None;
            effects.extend(state.sign_in.job.map(Effect::Cancel));
            dialog.phase = Phase::Choosing;
            dialog.refused = None;
            true
        }
        Phase::Showing(step) => {
            if let Some((what, secret)) = copied(step, key) {
                state.say(Grade::Good, format!("Copied the {what}"));
                effects.push(Effect::Copy(secret));
            }
            true
        }
        Phase::Begun(_) => true,
        // Only what means "go on": a hand that was copying copies on into nothing.
        Phase::Done(_) => !leave && key.code != KeyCode::Enter,
    };
    if stays {
        state.sign_in.dialog = Some(dialog);
    }
    effects
}

impl SignIn {
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

    fn choose(
        &mut self,
        state: &mut State,
        key: Key,
        leave: bool,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let choices = state.sign_in.offer.as_ref().map(choices);
        let choices = choices.unwrap_or_default();
        let needed = matches!(state.sign_in.standing, Standing::Needed { .. });
        let typed = key.typed();
        let chosen = match typed {
            Some(c) => choices.iter().find(|choice| choice.key == c),
            None if key.code == KeyCode::Enter => choices.get(self.cursor),
            None => None,
        };
        if let Some(choice) = chosen {
            self.begin(state, choice.way, effects);
        } else if let Some(by) = keymap::movement(key) {
            let last = choices.len().saturating_sub(1);
            self.cursor = self.cursor.saturating_add_signed(by).min(last);
        } else if typed == Some('n') && needed {
            state.sign_in.standing = Standing::Declined;
            effects.push(Effect::Decline);
            return false;
        }
        !leave
    }

    fn begin(&mut self, state: &mut State, way: Way, effects: &mut Vec<Effect>) {
        let job = state.next_job();
        state.sign_in.job = Some(job);
        state.sign_in.under_way = Some(way);
        self.phase = Phase::Begun(way);
        self.refused = None;
        effects.push(Effect::Ask(Job::new(job, Ask::SignIn(way))));
    }
}

/// What `y` and `Y` copy: what has to be had on the other device, and what goes with it.
fn copied(step: &SignInStep, key: Key) -> Option<(&'static str, Secret)> {
    let open = |text: &Text| Secret::new(text.as_str());
    match (step, key.typed()?) {
        (SignInStep::DeviceCode { code, .. }, 'y') => Some(("code", code.clone())),
        (SignInStep::DeviceCode { link, .. }, 'Y') => Some(("link", open(link))),
        (SignInStep::Browser { url, .. }, 'y') => Some(("address", url.clone())),
        (SignInStep::Browser { ssh_line, .. }, 'Y') => Some(("ssh line", Secret::new(ssh_line))),
        _ => None,
    }
}
