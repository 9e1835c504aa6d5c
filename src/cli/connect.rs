//! From settings to a Graph one can talk to: a server, or the emulator started in this process.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::failure::{Failure, sentence};
use super::out;
use super::signing::{self, Parts};
use crate::domain::problem::Problem;
use crate::domain::signal::MailDomains;
use crate::domain::tenant::Session;
use crate::emulator::{self, Emulator};
use crate::graph::ClientConfig;
use crate::graph::address::Address;
use crate::journal::{Journal, Warning};
use crate::settings::{GraphPlace, Settings, SettingsError};
use crate::signin::{Cloud, SignIn, SignInPrompt, StaticToken};
use crate::worker::plain::Plain;
use crate::worker::protocol::{Answer, Ask};

/// How often somebody new asks in the console's demo, so that its queue is alive.
pub const ARRIVALS: Duration = Duration::from_secs(45);

/// A Graph to talk to.
pub struct Connection {
    /// How to reach it.
    pub client: ClientConfig,
    /// Whether it is the demo tenant.
    pub demo: bool,
    /// The demo's Graph, to be kept for as long as it is talked to.
    pub emulator: Option<Emulator>,
    /// The sign-in behind it, where a profile says how.
    pub sign_in: Option<SignIn>,
    /// The host of My Access there; `None` where it is not known.
    pub my_access: Option<&'static str>,
}

/// Whether the settings name a Graph and a way to sign in to it.
pub(super) fn ready(settings: &Settings) -> Result<(), SettingsError> {
    match &settings.place {
        Err(error) => Err(error.clone()),
        Ok(GraphPlace::Tenant { profile, .. }) => signing::ready(settings, profile),
        Ok(_) => Ok(()),
    }
}

/// Why there is nothing to talk to.
#[derive(Debug)]
pub enum ConnectError {
    /// Nothing names a Graph, or a token for it.
    Settings(SettingsError),
    /// Its token cannot be one.
    Problem(Problem),
    /// The demo did not start.
    Demo(emulator::StartError),
}

impl Connection {
    /// Takes what the settings name. In the demo somebody new asks every `arrivals`.
    ///
    /// # Errors
    /// A [`ConnectError`]; it displays as what to do.
    pub fn open(settings: &Settings, arrivals: Option<Duration>) -> Result<Self, ConnectError> {
        Self::open_with(settings, arrivals, None)
    }

    /// As [`Self::open`]; with a prompt, work that needs a sign-in waits for one instead of failing.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        settings: &Settings,
        arrivals: Option<Duration>,
        prompt: Option<SignInPrompt>,
    ) -> Result<Self, ConnectError> {
        match settings.place.clone().map_err(ConnectError::Settings)? {
            GraphPlace::Graph { url, token } => {
                // A wrong address is a wrong argument; the client would say so too, but as its own failure.
                Address::new(&url).map_err(|problem| {
                    ConnectError::Settings(SettingsError::Usage(problem.to_string()))
                })?;
                let token = StaticToken::new(token.reveal()).map_err(ConnectError::Problem)?;
                Ok(Self {
                    client: ClientConfig::new(url, Arc::new(token)),
                    demo: false,
                    emulator: None,
                    sign_in: None,
                    my_access: Cloud::Global.my_access(),
                })
            }
            GraphPlace::Tenant { profile, secret } => {
                signing::ready(settings, &profile).map_err(ConnectError::Settings)?;
                let parts = Parts {
                    prompt,
                    ..Parts::new(settings, &profile, secret)
                };
                let sign_in = parts.sign_in().map_err(ConnectError::Problem)?;
                Ok(Self {
                    client: ClientConfig::new(profile.cloud.graph(), Arc::new(sign_in.clone())),
                    demo: false,
                    emulator: None,
                    sign_in: Some(sign_in),
                    my_access: profile.cloud.my_access(),
                })
            }
            GraphPlace::Demo { seed } => {
                let emulator = Emulator::start(emulator::Config {
                    seed,
                    arrivals,
                    ..emulator::Config::default()
                })
                .map_err(ConnectError::Demo)?;
                let token = StaticToken::new(emulator.token()).map_err(ConnectError::Problem)?;
                Ok(Self {
                    client: ClientConfig::new(emulator.url(), Arc::new(token)),
                    demo: true,
                    emulator: Some(emulator),
                    sign_in: None,
                    my_access: Cloud::Global.my_access(),
                })
            }
        }
    }
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Problem(problem) => problem.fmt(f),
            Self::Demo(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ConnectError {}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Settings(error) => Self::Settings(error),
            ConnectError::Problem(problem) => Self::Problem(problem),
            ConnectError::Demo(error) => Self::NotDone(error.to_string()),
        }
    }
}

/// A worker for a plain command, and what it stands on.
pub(super) struct Link {
    plain: Plain,
    /// Consumer and disposable mail domains.
    pub(super) mail: MailDomains,
    _emulator: Option<Emulator>,
    /// Rows of lists that came and could not be read.
    unread: usize,
}

impl Link {
    /// Connects for reading. Nothing is sent yet.
    pub(super) fn reading(settings: &Settings) -> Result<Self, Failure> {
        Self::open(settings, None)
    }

    /// Connects for writing, with the journal, and reads back what an earlier run left open: nothing is sent
    /// before that is known.
    pub(super) fn writing(settings: &Settings) -> Result<Self, Failure> {
        if settings.read_only {
            return Err(Failure::NotPermitted(
                "This run is read-only, so nothing was sent. Leave out --read-only, or take read_only out of the config file.".into(),
            ));
        }
        // Whether there is a tenant at all comes first: without one there is no journal to open.
        ready(settings)?;
        let journal = Journal::open(&settings.state_dir)?;
        let mut link = Self::open(settings, Some(journal))?;
        let mut settled = 0;
        link.ask(Ask::Settle, |answer| {
            settled += usize::from(matches!(answer, Answer::Settled(..)));
            Ok(())
        })?;
        if settled > 0 {
            out::say(&format!(
                "{settled} left open by an earlier run: see `guestlist journal list`."
            ));
        }
        Ok(link)
    }

    fn open(
        settings: &Settings,
        journal: Option<(Journal, Vec<Warning>)>,
    ) -> Result<Self, Failure> {
        let connection = Connection::open(settings, None)?;
        let plain = Plain::start(connection.client, journal, Box::new(Timestamp::now))?;
        Ok(Self {
            plain,
            mail: settings.mail.clone(),
            _emulator: connection.emulator,
            unread: 0,
        })
    }

    /// That every row that came could be read: to be asked before it is said that there is none, and at the end.
    ///
    /// # Errors
    /// Some could not be, which was said when they came.
    pub(super) fn whole(&self) -> Result<(), Failure> {
        match self.unread {
            0 => Ok(()),
            _ => Err(Failure::Rows(1)),
        }
    }

    /// Who is signed in, and where.
    pub(super) fn session(&mut self) -> Result<Session, Failure> {
        let mut found = None;
        self.ask(Ask::Session, |answer| {
            if let Answer::Session(session) = answer {
                found = Some(*session);
            }
            Ok(())
        })?;
        // The worker says who it is, or that it failed.
        found.ok_or_else(|| Failure::NotDone("Who is signed in could not be read.".into()))
    }

    /// Asks, and hands each answer to `take`. What is only worth knowing is said at once.
    ///
    /// # Errors
    /// The problem that ended the job, or the first of `take`'s.
    pub(super) fn ask(
        &mut self,
        ask: Ask,
        mut take: impl FnMut(Answer) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut failed = None;
        for answer in self.plain.run(ask) {
            match answer {
                Answer::Failed(problem) => failed = Some(*problem),
                Answer::Unread(rows) => {
                    self.unread += rows;
                    let words = match rows {
                        1 => "1 row".to_owned(),
                        more => format!("{more} rows"),
                    };
                    out::say(&format!("{words} could not be read: missing here."));
                    take(Answer::Unread(rows))?;
                }
                Answer::Note(words) => out::say(&sentence(&words)),
                Answer::Waiting { pause, why } => {
                    out::say(&format!("{why} {} s.", pause.as_secs_f32().ceil()));
                }
                Answer::Progress { .. } => {}
                answer => take(answer)?,
            }
        }
        failed.map_or(Ok(()), |problem| Err(problem.into()))
    }
}
