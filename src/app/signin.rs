//! How signing in stands, and what its steps change. The dialog is `dialog/signin.rs`; no step opens it, for
//! nothing asynchronous does: a need is said in the status line, and stays there until somebody has seen to it.

use jiff::{SignedDuration, Timestamp};

use super::dialog::signin::{Phase, SignInDialog};
use super::effect::Effect;
use super::load;
use super::state::{Grade, State};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::signin::{SignInOffer, SignInStep, Way};

/// Whether somebody is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// As far as is known, nobody.
    #[default]
    Fine,
    /// Work waits for a sign-in.
    Needed {
        /// Why, and what can be done.
        problem: Problem,
        /// Whether Graph demanded more proof rather than a token having ended.
        more_proof: bool,
    },
    /// Somebody said no: nothing waits, and nobody is asked again before a key asks for something.
    Declined,
    /// Signed out, with the same effect.
    SignedOut,
}

/// How signing in stands.
#[derive(Clone, Debug, Default)]
pub struct SigningIn {
    /// Where and how one can sign in; `None` where one cannot.
    pub offer: Option<SignInOffer>,
    /// Whether somebody is needed.
    pub standing: Standing,
    /// The dialog, where it is open.
    pub dialog: Option<SignInDialog>,
    /// Its way, as long as it is under way.
    pub(super) under_way: Option<Way>,
    /// The dialog has closed by itself since the last key.
    pub(super) just_closed: bool,
}

impl SigningIn {
    pub(super) fn new(offer: Option<SignInOffer>) -> Self {
        Self {
            offer,
            ..Self::default()
        }
    }

    /// The lasting words for the status line, where there are some; `key` is what opens the dialog there.
    pub fn need(&self, key: &str) -> Option<String> {
        let words = match &self.standing {
            Standing::Fine => return None,
            Standing::Needed {
                more_proof: true, ..
            } => format!("Sign-in needed: press {key}. Graph wants more proof of who you are"),
            Standing::Needed { problem, .. } => {
                format!("Sign-in needed: press {key}. {}", problem.what)
            }
            Standing::Declined => format!("Not signed in: press {key} to sign in"),
            Standing::SignedOut => format!("Signed out: press {key} to sign in"),
        };
        Some(words)
    }

    /// When what is left of a code's time reads differently, while it can be seen.
    pub(super) fn counts_at(&self, now: Timestamp) -> Option<Timestamp> {
        let expires = self.dialog.as_ref()?.expires()?;
        next_second(expires, now)
    }
}

/// When what is left until then is a whole second less than it reads now; `None` once nothing is left.
pub(super) fn next_second(until: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let left = seconds_left(until, now);
    let next = until.checked_sub(SignedDuration::from_secs(left - 1));
    next.ok().filter(|_| left > 0)
}

/// Whole seconds until then, a begun one counted; none once it is past.
pub fn seconds_left(expires: Timestamp, now: Timestamp) -> i64 {
    let left = expires.duration_since(now);
    let begun = i64::from(left.subsec_nanos() > 0);
    (left.as_secs() + begun).max(0)
}

/// Takes a step of the sign-in.
pub(super) fn step(state: &mut State, step: SignInStep) -> Vec<Effect> {
    match step {
        SignInStep::Need {
            problem,
            more_proof,
            ..
        } => {
            // What was begun before the no, and what follows from it by itself, gets the same answer.
            if state.sign_in.standing == Standing::Declined {
                return vec![Effect::Decline];
            }
            state.sign_in.standing = Standing::Needed {
                problem,
                more_proof,
            };
        }
        SignInStep::DeviceCode { .. } => show(state, Way::DeviceCode, step),
        SignInStep::Browser { .. } => show(state, Way::Browser, step),
        SignInStep::NotKept(problem) => state.say(
            Grade::Error,
            format!("Signed in for this session only: {problem}"),
        ),
        SignInStep::Refused(problem) => refused(state, problem),
        SignInStep::Done { account } => return done(state, account.as_ref()),
    }
    Vec::new()
}

/// A key has asked for something: whoever said no before may be asked again.
pub(super) fn asked(state: &mut State, effects: &[Effect]) {
    let asks = effects
        .iter()
        .any(|effect| matches!(effect, Effect::Ask(_)));
    if asks && state.sign_in.standing == Standing::Declined {
        state.sign_in.standing = Standing::Fine;
    }
}

/// What to do now; unless it was given up meanwhile.
fn show(state: &mut State, way: Way, step: SignInStep) {
    let sign_in = &mut state.sign_in;
    if sign_in.under_way == Some(way)
        && let Some(dialog) = &mut sign_in.dialog
    {
        dialog.phase = Phase::Showing(Box::new(step));
    }
}

/// It came to nothing. Where the job says so, usually the prompt was told before, and nothing is under way any more.
pub(super) fn refused(state: &mut State, problem: Problem) {
    if state.sign_in.under_way.take().is_none() {
        return;
    }
    if let Some(dialog) = &mut state.sign_in.dialog {
        dialog.phase = Phase::Choosing;
        dialog.refused = Some(problem);
    }
}

fn done(state: &mut State, account: Option<&Text>) -> Vec<Effect> {
    let waited = matches!(state.sign_in.standing, Standing::Needed { .. });
    let mut words = match account {
        Some(account) => format!("Signed in as {account}"),
        None => "Signed in".to_owned(),
    };
    match (waited, state.jobs.waiting()) {
        (false, _) | (_, 0) => {}
        (true, 1) => words.push_str("; 1 job goes on"),
        (true, n) => words = format!("{words}; {n} jobs go on"),
    }
    let sign_in = &mut state.sign_in;
    sign_in.standing = Standing::Fine;
    if let (Some(way), Some(offer)) = (sign_in.under_way.take(), &mut sign_in.offer) {
        offer.way = way;
    }
    // What lies below takes keys that mean more than these: nobody is put back there in the middle of a key.
    let covers = state.screen.dialog.is_some() || state.screen.prompt.is_some();
    match &mut sign_in.dialog {
        Some(dialog) if covers => dialog.phase = Phase::Done(words.clone()),
        Some(_) => {
            sign_in.dialog = None;
            sign_in.just_closed = true;
        }
        None => {}
    }
    state.say(Grade::Good, words);
    load::after_sign_in(state)
}

/// Signed out, or not everywhere.
pub(super) fn signed_out(state: &mut State, result: Result<Vec<String>, Problem>) {
    state.sign_in.standing = Standing::SignedOut;
    match result {
        Ok(places) if places.is_empty() => {
            state.say(Grade::Good, "Signed out; nothing is kept anywhere");
        }
        Ok(places) => state.say(
            Grade::Good,
            format!("Signed out; forgotten {}", places.join(", and ")),
        ),
        Err(problem) => state.say(
            Grade::Error,
            format!("Signed out here, but the sign-in is still kept: {problem}"),
        ),
    }
}

/// Whether a problem is for want of a sign-in, and one can sign in here.
pub fn mendable(state: &State, problem: &Problem) -> bool {
    problem.kind == ProblemKind::SignIn && state.sign_in.offer.is_some()
}
