//! Opens the console: what it starts with, from the settings.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::connect::{ARRIVALS, Connection, ready};
use super::failure::Failure;
use crate::app::Start;
use crate::app::state::{Profiles, World};
use crate::journal::Journal;
use crate::run::{Console, ConsoleEnd};
use crate::settings::{Flags, GraphPlace, Settings, ThemeChoice, environment};
use crate::terminal::require_terminal;
use crate::worker::{Worker, WorkerConfig};
use crate::{terminal, ui};

/// Runs the console until its user leaves; where they switch to another profile, that one's next. The settings are
/// read anew then, from the same flags.
///
/// # Errors
/// There is no terminal, no tenant, or no journal: what to do instead.
pub(super) fn run(settings: Settings, flags: &Flags) -> Result<(), Failure> {
    let mut settings = settings;
    loop {
        match open(&settings)? {
            ConsoleEnd::Quit => return Ok(()),
            ConsoleEnd::Terminated(reason) => return Err(Failure::Rows(reason.exit_code())),
            ConsoleEnd::Switch(profile) => {
                settings = Settings::load(
                    Flags {
                        profile: Some(profile),
                        ..flags.clone()
                    },
                    &environment,
                )?;
            }
        }
    }
}

/// Runs one console.
fn open(settings: &Settings) -> Result<ConsoleEnd, Failure> {
    ready(settings)?;
    require_terminal().map_err(|none| Failure::Usage(format!("{none}.")))?;
    let journal = Journal::open(&settings.state_dir)?;
    let connection = Connection::open(settings, Some(ARRIVALS))?;
    let start = Start {
        now: Timestamp::now(),
        zone: TimeZone::system(),
        size: terminal::size(),
        world: if connection.demo {
            World::Demo
        } else {
            World::Live
        },
        read_only: settings.read_only,
        my_access: connection.my_access,
        mail: settings.mail.clone(),
        keys: settings.keys.clone(),
        profiles: profiles(settings),
        refresh: settings
            .refresh
            .and_then(|every| SignedDuration::try_from(every).ok()),
        templates: settings.reasons.clone(),
        sign_in: None,
        queue: settings.queue.clone(),
    };
    let theme = match settings.theme {
        ThemeChoice::Mono => ui::Theme::mono(),
        ThemeChoice::Auto | ThemeChoice::Color => ui::Theme::color(),
    }
    .with_banner(settings.banner);
    let client = connection.client.clone();
    let console = Console {
        start,
        theme,
        sign_in: connection.sign_in.clone(),
        rules: settings.rules.clone(),
    };
    let worker = |sink| {
        Worker::start(WorkerConfig {
            client,
            journal: Some(journal),
            clock: Box::new(Timestamp::now),
            sink,
        })
    };
    Ok(console.run(worker)?)
}

/// The profiles of the config file, where the console is of one of them.
fn profiles(settings: &Settings) -> Profiles {
    let Ok(GraphPlace::Tenant { profile, .. }) = &settings.place else {
        return Profiles::default();
    };
    let all = settings.profiles.iter();
    Profiles {
        all: all
            .map(|profile| (profile.name.clone(), profile.tenant.clone()))
            .collect(),
        current: Some(profile.name.clone()).filter(|name| !name.is_empty()),
    }
}
