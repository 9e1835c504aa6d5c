//! Opens the console: what it starts with, from the settings.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::connect::{ARRIVALS, Connection, ready};
use super::failure::Failure;
use crate::app::Start;
use crate::app::state::World;
use crate::journal::Journal;
use crate::run::{Console, End};
use crate::settings::{Settings, Theme};
use crate::terminal::require_terminal;
use crate::worker::{Worker, WorkerConfig};
use crate::{terminal, ui};

/// The host of My Access where a cloud's own is not known; a link without a host would lead nowhere.
const MY_ACCESS: &str = "myaccess.microsoft.com";

/// Runs the console until its user leaves.
///
/// # Errors
/// There is no terminal, no tenant, or no journal: what to do instead.
pub(super) fn run(settings: &Settings) -> Result<(), Failure> {
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
        my_access: connection.my_access.unwrap_or(MY_ACCESS),
        refresh: settings
            .refresh
            .and_then(|every| SignedDuration::try_from(every).ok()),
        templates: settings.reasons.clone(),
        sign_in: None,
    };
    let theme = match settings.theme {
        Theme::Mono => ui::Theme::mono(),
        Theme::Auto | Theme::Color => ui::Theme::color(),
    };
    let client = connection.client.clone();
    let console = Console {
        start,
        theme,
        sign_in: connection.sign_in.clone(),
    };
    let worker = |sink| {
        Worker::start(WorkerConfig {
            client,
            journal: Some(journal),
            clock: Box::new(Timestamp::now),
            sink,
        })
    };
    match console.run(worker)? {
        End::Quit => Ok(()),
        End::Terminated(reason) => Err(Failure::Rows(reason.exit_code())),
    }
}
