//! What comes in and what must happen outside.

use jiff::Timestamp;

use super::key::Key;
use super::rules::RulesFile;
use crate::domain::invitation::Secret;
use crate::domain::problem::Problem;
use crate::signin::SignInStep;
use crate::worker::protocol::{Job, JobId, Reply};

/// Something that came in, and when.
#[derive(Clone, Debug)]
pub struct Event {
    /// When; the only clock `update` knows.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What can come in.
#[derive(Clone, Debug)]
pub enum What {
    /// The console has just started: ask for everything.
    Started,
    /// A key.
    Key(Key),
    /// Pasted words.
    Paste(String),
    /// The window has this size now.
    Resize(u16, u16),
    /// The worker says something.
    Reply(Reply),
    /// The sign-in wants something, or has come to something.
    SignIn(SignInStep),
    /// Signed out, with the places that held something; or a place could not be cleared.
    SignedOut(Result<Vec<String>, Problem>),
    /// The time asked for with `State::wake_at` has come.
    Tick,
    /// What the rules file says, or why it cannot be read.
    Rules(Result<RulesFile, String>),
    /// Something outside the console went wrong or is worth knowing: a journal's torn line, a copy too
    /// large for the terminal.
    Told(String),
    /// The session is ending: hang-up or a signal.
    Terminate,
}

/// How the terminal is told of new arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bell {
    /// The bell character.
    Bell,
    /// OSC 9: a notification, as iTerm2, kitty, `WezTerm` and Windows Terminal know it.
    Osc9,
    /// OSC 777: a notification with a title, as rxvt, foot and Ghostty know it.
    Osc777,
}

/// Something that must happen outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the worker.
    Ask(Job),
    /// Tell the worker to stop a job.
    Cancel(JobId),
    /// Put this on the clipboard of whoever sits at the terminal. Kept secret in debug prints: it may be a
    /// redeem link.
    Copy(Secret),
    /// Tell the terminal that something has come, in this way and, where it takes words, with these.
    Ring(Bell, String),
    /// Nobody signs in now: what waits for it fails.
    Decline,
    /// Forget the sign-in in every place it may be kept; answered by [`What::SignedOut`].
    SignOut,
    /// Read the rules file; answered by [`What::Rules`].
    ReadRules,
    /// Draw everything anew.
    Redraw,
    /// Give the terminal back to the shell until resumed.
    Suspend,
}
