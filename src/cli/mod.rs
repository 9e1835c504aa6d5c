//! Flags and the plain commands: one file a family. Every act of the console has its plain form here, through
//! the same worker and the same journal.
//!
//! Results go to standard output, everything said beside them to standard error; the exit code says how it
//! went (see [`args::Cli`]).

pub mod args;
mod assign;
mod by_ids;
mod config;
mod confirm;
pub mod connect;
mod console;
mod decide;
mod doctor;
mod emulator;
mod failure;
mod guests;
mod invite;
mod journal;
mod json;
mod list;
mod log;
mod login;
mod nudge;
mod out;
pub mod permissions;
mod policies;
mod queue;
mod requests;
mod send;
mod signing;
mod suggest;

use clap::Parser;

use self::args::{Cli, PlainCommand, WithActs};
use self::failure::Failure;
use crate::private;
use crate::settings::{Settings, environment};

/// Reads the command line, does what it says, and gives the exit code.
pub fn run() -> u8 {
    private::keep_to_itself();
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
    if let Some(PlainCommand::Emulator(args)) = cli.command {
        return emulator::run(args, cli.global.seed);
    }
    if let Some(PlainCommand::Config(command)) = cli.command {
        return config::run(&command, cli.global.config, cli.global.rules);
    }
    let flags = cli.global.flags();
    let settings = Settings::load(flags.clone(), &environment);
    if let Ok(Settings {
        log: Some(path), ..
    }) = &settings
    {
        log::start(path)?;
    }
    if let Some(PlainCommand::Doctor(args)) = &cli.command {
        return doctor::run(args, settings.as_ref());
    }
    let settings = settings?;
    match cli.command {
        None => console::run(settings, &flags),
        Some(PlainCommand::Requests(WithActs::Own(command))) => requests::run(command, &settings),
        Some(
            PlainCommand::Requests(WithActs::Act(kind, ids, _))
            | PlainCommand::Guests(WithActs::Act(kind, ids, _)),
        ) => by_ids::run(kind, &ids, &settings),
        Some(PlainCommand::Policies(command)) => policies::run(command, &settings),
        Some(PlainCommand::Guests(WithActs::Own(command))) => guests::run(command, &settings),
        Some(PlainCommand::Invite(command)) => invite::run(command, &settings),
        Some(PlainCommand::Journal(command)) => journal::run(&command, &settings),
        Some(PlainCommand::Login(args)) => login::login(&args, &settings),
        Some(PlainCommand::Logout(args)) => login::logout(&args, &settings),
        Some(PlainCommand::Status(args)) => login::status(&args, &settings),
        Some(PlainCommand::Emulator(args)) => emulator::run(args, None),
        Some(PlainCommand::Config(command)) => config::run(&command, None, None),
        Some(PlainCommand::Doctor(args)) => doctor::run(&args, Ok(&settings)),
    }
}
