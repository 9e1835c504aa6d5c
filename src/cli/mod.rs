//! Flags and the plain commands: one file a family. Every act of the console has its plain form here, through
//! the same worker and the same journal.
//!
//! Results go to standard output, everything said beside them to standard error; the exit code says how it
//! went (see [`args::Cli`]).

pub mod args;
mod confirm;
pub mod connect;
mod emulator;
mod failure;
mod guests;
mod invite;
mod journal;
mod json;
mod log;
mod out;
mod queue;
mod requests;
mod send;

use std::io::IsTerminal;

use clap::Parser;

use self::args::{Cli, Command};
use self::failure::Failure;
use crate::settings::{Settings, environment};

/// Reads the command line, does what it says, and gives the exit code.
pub fn run() -> u8 {
    // Wrong flags end the process here, with clap's words and code 2; help and version with 0.
    let cli = Cli::parse();
    match perform(cli) {
        Ok(()) => 0,
        Err(failure) => {
            if !failure.silent() {
                out::say(&failure.to_string());
            }
            failure.exit_code()
        }
    }
}

fn perform(cli: Cli) -> Result<(), Failure> {
    // The emulator is its own world: neither config nor journal is its business.
    if let Some(Command::Emulator(args)) = cli.command {
        return emulator::run(args, cli.global.seed);
    }
    let settings = Settings::load(cli.global.flags(), &environment)?;
    if let Some(path) = &settings.log {
        log::start(path)?;
    }
    match cli.command {
        None => console(settings),
        Some(Command::Requests(command)) => requests::run(command, &settings),
        Some(Command::Guests(command)) => guests::run(command, &settings),
        Some(Command::Invite(command)) => invite::run(command, &settings),
        Some(Command::Journal(command)) => journal::run(&command, &settings),
        Some(Command::Emulator(args)) => emulator::run(args, None),
    }
}

/// The console needs a terminal at both ends, and a tenant.
fn console(settings: Settings) -> Result<(), Failure> {
    settings.place.as_ref().map_err(Clone::clone)?;
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::Usage(
            "The console needs a terminal, and this is none. Use a plain command, such as `guestlist requests list`.".into(),
        ));
    }
    open(settings)
}

/// Opens the console. To be filled in with [`connect::Connection`], the journal and the loop; how it was ended
/// by a signal is a [`Failure::Rows`] with that exit code.
#[allow(clippy::needless_pass_by_value)] // the console keeps its settings
fn open(settings: Settings) -> Result<(), Failure> {
    let _ = settings;
    Err(Failure::NotDone(
        "The console is not part of this build yet. Use a plain command, such as `guestlist requests list`.".into(),
    ))
}
