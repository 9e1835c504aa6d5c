//! What a sign-in says while it goes on: plain data, for a dialog or for a terminal.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::way::Way;
use crate::domain::invitation::Secret;
use crate::domain::problem::Problem;
use crate::domain::text::Text;

/// Takes the steps; it is called on whatever thread the sign-in runs and must not wait.
pub type SignInPrompt = Arc<dyn Fn(SignInStep) + Send + Sync>;

/// A prompt that says nothing, for tests and for ways that need nobody.
pub fn silent() -> SignInPrompt {
    Arc::new(|_| ())
}

/// What a console can offer before anybody has begun: where one would sign in, as which app, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInOffer {
    /// The tenant: its id, or a domain of it.
    pub tenant: String,
    /// The app's id.
    pub app: String,
    /// The way tokens come now.
    pub way: Way,
}

/// What is wanted of a person, or has come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInStep {
    /// Work waits for a sign-in. Nothing has been started: that is for a person to do, with `SignIn::begin`, or to
    /// decline, with `SignIn::decline`. Said once, until one of the two has happened.
    Need {
        /// Why, and what can be done.
        problem: Problem,
        /// The way this profile signs in.
        way: Way,
        /// Whether Graph demanded more proof (a claims challenge) rather than a token having ended.
        more_proof: bool,
    },
    /// Type `code` in at `link`, on any device. Whoever does signs *this* program in.
    DeviceCode {
        /// The tenant that is signed in to.
        tenant: String,
        /// The app's id, which the browser will name too.
        app: String,
        /// The code. It is worth a sign-in until it ends: shown, never logged.
        code: Secret,
        /// Where.
        link: Text,
        /// Until when.
        expires: Timestamp,
    },
    /// Open `url` in a browser.
    Browser {
        /// Where; it holds what binds the answer to this program, so it is shown and copied, never logged.
        url: Secret,
        /// What to run on the machine with the browser, where that is another one.
        ssh_line: String,
        /// Until when.
        expires: Timestamp,
    },
    /// Signed in; what was waiting goes on.
    Done {
        /// Who, as far as the token says.
        account: Option<Text>,
    },
    /// Signed in, but it could not be kept for the next time.
    NotKept(Problem),
    /// Not signed in, and why.
    Refused(Problem),
}

impl fmt::Display for SignInStep {
    /// For terminals without a dialog: `guestlist login` prints it as it stands.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Need { problem, .. } => write!(f, "{problem}"),
            Self::DeviceCode {
                tenant,
                app,
                code,
                link,
                ..
            } => write!(
                f,
                "To sign in to {tenant} (app {app}), open {link} in a browser on any device and type the code {}.\n\
                 Type it only if you began this yourself: whoever asked for the code is who gets signed in.",
                code.reveal()
            ),
            Self::Browser { url, ssh_line, .. } => write!(
                f,
                "To sign in, open this address in a browser:\n  {}\n\
                 If the browser is on another machine, run this there first, and leave it open:\n  {ssh_line}",
                url.reveal()
            ),
            Self::Done {
                account: Some(account),
            } => write!(f, "Signed in as {account}."),
            Self::Done { account: None } => f.write_str("Signed in."),
            Self::NotKept(problem) | Self::Refused(problem) => write!(f, "{problem}"),
        }
    }
}
