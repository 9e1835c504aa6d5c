//! What is said to the person at the keyboard.

use jiff::Timestamp;

use crate::worker::protocol::JobId;

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Something went as wanted.
    Good,
    /// Something one asked for cannot be, or needs care.
    Note,
    /// Something failed. Stays until it was read.
    Error,
}

/// One line for the person at the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub grade: Grade,
    /// What it says, one sentence or two.
    pub text: String,
    /// When it came.
    pub at: Timestamp,
}

/// What has been said and not been read.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// The toast: gone with the next key.
    pub toast: Option<Notice>,
    /// Errors not read yet, oldest first.
    pub errors: Vec<Notice>,
    /// Everything said, newest last, for the messages dialog. Bounded.
    pub past: Vec<Notice>,
}

impl Notices {
    const KEPT: usize = 200;

    /// Says something.
    pub fn say(&mut self, grade: Grade, text: impl Into<String>, at: Timestamp) {
        let notice = Notice {
            grade,
            text: text.into(),
            at,
        };
        if self.past.len() == Self::KEPT {
            self.past.remove(0);
        }
        self.past.push(notice.clone());
        if grade == Grade::Error {
            // The same failure again, as when every refresh fails, is not a new thing to read.
            self.errors.retain(|error| error.text != notice.text);
            self.errors.push(notice);
        } else {
            self.toast = Some(notice);
        }
    }
}

/// What the worker says about work under way, for the status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The job.
    pub job: JobId,
    /// Steps done.
    pub done: usize,
    /// Steps in all, where known.
    pub of: Option<usize>,
    /// In words.
    pub words: String,
}

/// What was said to the person at the keyboard.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    /// Of what has happened.
    pub notices: Notices,
    /// Of work under way, newest last.
    pub progress: Vec<Progress>,
    /// Until when the worker waits, and why.
    pub waiting: Option<(Timestamp, String)>,
}
