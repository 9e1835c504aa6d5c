//! The terminal: the only place that knows of raw mode, escape sequences and signals, and nothing of what the
//! console does.
//!
//! Outwards: [`Screen`] is entered once, takes frames, and puts the terminal back on every way out.
//! Inwards: [`InputThread`] turns bytes and signals into [`Input`] events for the loop's one channel.
//! [`Frames`] is the drawing part alone, without a terminal, for tests.

mod decode;
mod emit;
mod frames;
mod guard;
mod input;
mod osc;
mod output;
mod pen;
mod screen;
mod signals;
mod suspend;

#[cfg(test)]
#[path = "terminal/pty_tests.rs"]
mod pty_tests;

use std::fmt;
use std::io::IsTerminal as _;

use rustix::termios::tcgetwinsize;

pub use frames::Frames;
pub use input::{Input, InputThread, Reason};
pub use osc::{COPY_MAX, CopyTooLong, Multiplexer, osc52};
pub use screen::{Screen, Suspended};

/// The console cannot be drawn here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotATerminal {
    /// Standard input or output is a file or a pipe.
    Redirected,
    /// `TERM` says that the terminal can do nothing.
    Dumb,
}

impl fmt::Display for NotATerminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Redirected => "a terminal to draw on",
            Self::Dumb => "a terminal that can move its cursor, and TERM says dumb",
        };
        write!(
            f,
            "guestlist needs {what}; for scripts use the plain commands, such as `guestlist requests list --json`"
        )
    }
}

impl std::error::Error for NotATerminal {}

/// Makes sure that there is a terminal to read from and to draw on.
///
/// # Errors
/// There is none; the error says what to do instead.
pub fn require_terminal() -> Result<(), NotATerminal> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(NotATerminal::Redirected);
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(NotATerminal::Dumb);
    }
    Ok(())
}

/// A picture larger than this is not drawn: nobody sees it, and a wrong answer must not cost memory.
const LARGEST: (u16, u16) = (1000, 500);

/// Columns and rows of the terminal; what `COLUMNS` and `LINES` say, or 80 and 24, where it does not know itself.
pub fn size() -> (u16, u16) {
    let told = tcgetwinsize(rustix::stdio::stdout())
        .or_else(|_| tcgetwinsize(rustix::stdio::stdin()))
        .map(|size| (size.ws_col, size.ws_row))
        .unwrap_or_default();
    let named = |name| std::env::var(name).ok()?.parse::<u16>().ok();
    let known = |told: u16, name, usual| match told {
        0 => named(name).filter(|size| *size > 0).unwrap_or(usual),
        told => told,
    };
    let columns = known(told.0, "COLUMNS", 80);
    let rows = known(told.1, "LINES", 24);
    (columns.min(LARGEST.0), rows.min(LARGEST.1))
}
