//! The steps of a sign-in on a terminal without a dialog: code, link, QR code, time left.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::qr;
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::domain::problem::Problem;
use crate::signin::{SignInPrompt, SignInStep};

/// Shows the steps as they come.
pub(super) struct Show {
    steps: Receiver<SignInStep>,
    /// Until when one can sign in, once that is known.
    ends: Cell<Option<Timestamp>>,
    not_kept: RefCell<Option<Problem>>,
    live: bool,
    /// The seconds left that are on the screen.
    shown: Cell<Option<i64>>,
}

impl Show {
    /// One, and what tells it.
    pub(super) fn new() -> (Self, SignInPrompt) {
        let (sender, steps) = channel();
        // The prompt is called from whatever thread signs in.
        let sender = Mutex::new(sender);
        let prompt: SignInPrompt = Arc::new(move |step| {
            if let Ok(sender) = sender.lock() {
                // Nobody listens any more only where the command has ended.
                let _ = sender.send(step);
            }
        });
        let show = Self {
            steps,
            ends: Cell::new(None),
            not_kept: RefCell::new(None),
            live: io::stderr().is_terminal(),
            shown: Cell::new(None),
        };
        (show, prompt)
    }

    /// Shows what `sign_in` says until it ends.
    pub(super) async fn until(
        &self,
        sign_in: impl Future<Output = Result<(), Problem>>,
    ) -> Result<(), Failure> {
        tokio::pin!(sign_in);
        let mut second = tokio::time::interval(Duration::from_millis(250));
        let result = loop {
            tokio::select! {
                result = &mut sign_in => break result,
                // Nobody can type a code that nobody sees: it is not waited for.
                _ = second.tick() => self.look().map_err(unseen)?,
            }
        };
        self.look().map_err(unseen)?;
        self.wipe();
        Ok(result?)
    }

    /// Why the sign-in could not be kept, where it could not.
    pub(super) fn not_kept(&self) -> Option<Problem> {
        self.not_kept.borrow().clone()
    }

    fn look(&self) -> Result<(), Failure> {
        for step in self.steps.try_iter() {
            self.show(&step)?;
        }
        if self.live
            && let Some(ends) = self.ends.get()
        {
            let left = ends.duration_since(Timestamp::now()).as_secs().max(0);
            if self.shown.replace(Some(left)) == Some(left) {
                return Ok(());
            }
            // One line that is written over; with nobody left to see it, there is nothing to do about it.
            let _ = write!(io::stderr(), "\r{}:{:02} left ", left / 60, left % 60);
        }
        Ok(())
    }

    fn show(&self, step: &SignInStep) -> Result<(), Failure> {
        let ends = match step {
            SignInStep::DeviceCode { expires, link, .. } => {
                if io::stdout().is_terminal() {
                    square(link)?;
                }
                *expires
            }
            SignInStep::Browser { expires, .. } => *expires,
            SignInStep::NotKept(problem) => {
                *self.not_kept.borrow_mut() = Some(problem.clone());
                return Ok(());
            }
            // What came of it is the command's to say.
            SignInStep::Need { .. } | SignInStep::Done { .. } | SignInStep::Refused(_) => {
                return Ok(());
            }
        };
        let mut out = Out::new();
        for line in step.to_string().lines() {
            out.exact(line)?;
        }
        if !self.live {
            let at = ends
                .to_zoned(TimeZone::system())
                .strftime("%H:%M")
                .to_string();
            let left = ends.duration_since(Timestamp::now()).as_secs();
            out.line(&format!(
                "It can be used until {at}, {} minutes from now.",
                (left + 59) / 60
            ))?;
        }
        out.flush()?;
        self.ends.set(Some(ends));
        Ok(())
    }

    /// Takes the time left off the screen.
    fn wipe(&self) {
        if self.live && self.ends.get().is_some() {
            let _ = write!(io::stderr(), "\r            \r");
        }
    }
}

/// Whether what is shown on standard output can reach anybody.
pub(super) fn reaches_nobody() -> bool {
    let null = std::fs::metadata("/dev/null").map(|null| null.rdev());
    let found = rustix::fs::fstat(rustix::stdio::stdout());
    matches!((found, null), (Ok(found), Ok(null)) if found.st_rdev == null)
}

/// The code or the address could not be shown.
pub(super) fn unseen(why: Failure) -> Failure {
    let why = match why {
        Failure::Pipe => "nobody reads the output".to_owned(),
        Failure::Output(error) => error.to_string(),
        other => return other,
    };
    Failure::local(
        format!("What signs you in cannot be shown ({why})"),
        "Run it where its output can be read",
    )
}

/// Prints the QR code, black on white whatever the terminal's colours are.
fn square(link: &str) -> Result<(), Failure> {
    let coloured = std::env::var_os("NO_COLOR").is_none();
    let (begin, end) = if coloured {
        ("\x1b[97;40m", "\x1b[0m")
    } else {
        ("", "")
    };
    let mut out = io::stdout().lock();
    for line in qr::lines(link).unwrap_or_default() {
        writeln!(out, "{begin}{line}{end}")?;
    }
    writeln!(out)?;
    Ok(())
}
