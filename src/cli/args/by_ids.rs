//! Plain commands that do an act with rows given by their ids: they stand in the table of acts, and nowhere else.

use std::marker::PhantomData;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};

use super::Write;
use crate::acts::ActKind;

/// Some rows by their ids.
#[derive(Debug, Args)]
pub struct Ids {
    /// Their ids
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// Why; kept in the journal
    #[arg(long, default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Asking, and how results are printed.
    #[command(flatten)]
    pub write: Write,
}

/// A family of plain commands that acts can be among.
pub trait Family {
    /// The word its commands begin with.
    const WORD: &'static str;
}

/// Requests.
#[derive(Debug)]
pub struct OfRequests;

impl Family for OfRequests {
    const WORD: &'static str = "requests";
}

/// Guests.
#[derive(Debug)]
pub struct OfGuests;

impl Family for OfGuests {
    const WORD: &'static str = "guests";
}

/// A command of a family: one of its own, or an act from the table.
#[derive(Debug)]
pub enum WithActs<Own, F> {
    /// One with arguments of its own.
    Own(Own),
    /// An act with rows by their ids.
    Act(ActKind, Ids, PhantomData<F>),
}

/// The acts that are commands of a family, each with its name there and what it does.
fn acts(family: &'static str) -> impl Iterator<Item = (ActKind, &'static str, &'static str)> {
    ActKind::ALL.iter().filter_map(move |kind| {
        let about = kind.about();
        let name = about.need.command.strip_prefix(family)?.trim_start();
        Some((*kind, name, about.by_ids?))
    })
}

impl<Own: Subcommand, F: Family> Subcommand for WithActs<Own, F> {
    fn augment_subcommands(command: Command) -> Command {
        let own = Own::augment_subcommands(command);
        acts(F::WORD).fold(own, |command, (_, name, does)| {
            command.subcommand(Ids::augment_args(Command::new(name)).about(does))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        acts(F::WORD).any(|(_, act, _)| act == name) || Own::has_subcommand(name)
    }
}

impl<Own: Subcommand, F: Family> FromArgMatches for WithActs<Own, F> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        if let Some((name, matches)) = matches.subcommand()
            && let Some((kind, ..)) = acts(F::WORD).find(|(_, act, _)| *act == name)
        {
            let ids = Ids::from_arg_matches(matches)?;
            return Ok(Self::Act(kind, ids, PhantomData));
        }
        Own::from_arg_matches(matches).map(Self::Own)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
