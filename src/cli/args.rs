//! The flags and commands, as clap reads them.

mod acts;
mod by_ids;
mod emulator;
mod journal;
mod lists;
mod session;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use self::acts::{AssignArgs, NudgeArgs, SuggestArgs};
pub use self::by_ids::{Ids, OfGuests, OfRequests, WithActs};
pub use self::emulator::EmulatorArgs;
pub use self::journal::{JournalCommand, JournalList};
pub use self::lists::{Form, Forms, RequestList, Which};
pub use self::session::{ConfigArgs, Doctor, KeepIn, Login, Logout, Status};
use crate::settings::{Flags, ThemeChoice};

/// A full-screen terminal console for guest access to a Microsoft Entra tenant.
///
/// Without a command it opens the console; every act has a plain form too.
#[derive(Debug, Parser)]
#[command(name = "guestlist", version, after_help = AFTER)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without one, the console.
    #[command(subcommand)]
    pub command: Option<PlainCommand>,
}

const AFTER: &str = "\
Exit codes: 0 done, 1 something failed (said per row), 2 usage, 3 sign-in needed, 4 not permitted, 5 service unreachable.
Environment: GUESTLIST_PROFILE, GUESTLIST_TOKEN, GUESTLIST_CONFIG, GUESTLIST_STATE_DIR, GUESTLIST_LOG, NO_COLOR.";

/// Options that may stand before or after a command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Use the built-in demo tenant, fresh each time
    #[arg(long, global = true, conflicts_with = "graph_url")]
    pub demo: bool,
    /// Make another demo tenant, the same one for the same number
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Where Microsoft Graph is.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help = "Where Microsoft Graph is, with a token in GUESTLIST_TOKEN; plain http for this machine only"
    )]
    pub graph_url: Option<String>,
    /// The config file
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Which of its profiles: a tenant, and how to sign in to it
    #[arg(
        long,
        short,
        global = true,
        value_name = "NAME",
        conflicts_with_all = ["demo", "graph_url"]
    )]
    pub profile: Option<String>,
    /// Refuse everything that would change something
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Colours of the console: auto, color or mono
    #[arg(long, global = true, value_enum, hide_possible_values = true)]
    pub theme: Option<ThemeChoice>,
    /// The rules file; without it, rules.toml beside the config file
    #[arg(long, global = true, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// Write diagnostics to this file; never tokens, links, names or addresses
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

impl Global {
    /// As settings take them.
    pub fn flags(&self) -> Flags {
        Flags {
            demo: self.demo,
            seed: self.seed,
            graph_url: self.graph_url.clone(),
            config: self.config.clone(),
            profile: self.profile.clone(),
            read_only: self.read_only,
            theme: self.theme,
            log: self.log.clone(),
            rules: self.rules.clone(),
        }
    }
}

/// The families of commands.
#[derive(Debug, Subcommand)]
pub enum PlainCommand {
    /// Requests that wait for approval
    #[command(subcommand)]
    Requests(WithActs<Requests, OfRequests>),
    /// Guests of the tenant
    #[command(subcommand)]
    Guests(WithActs<Guests, OfGuests>),
    /// Policies: who may sign up for what
    #[command(subcommand)]
    Policies(Policies),
    /// Invite somebody, and print the link that redeems the invitation
    Invite(InviteArgs),
    /// The record of every act on this machine
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Sign in, and keep it for the next run
    Login(Login),
    /// Remove the sign-in from wherever it is kept
    Logout(Logout),
    /// Who is signed in, where the sign-in is kept, and when it ends
    Status(Status),
    /// The config file
    #[command(subcommand)]
    Config(ConfigArgs),
    /// Look at everything between this terminal and the tenant, and say what is wrong; changes nothing
    #[command(after_help = session::DOCTOR)]
    Doctor(Doctor),
    /// Run the emulated Graph alone, for trying things out
    Emulator(EmulatorArgs),
}

/// What can be done with requests.
#[derive(Debug, Subcommand)]
pub enum Requests {
    /// List those that wait, the oldest first
    List(RequestList),
    /// Show everything known of one
    Show {
        /// Its id
        id: String,
        /// Print one JSON array with Graph's property names
        #[arg(long)]
        json: bool,
    },
    /// Approve the stage that waits for you
    Approve {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// Why; kept with the decision and in the journal
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
        /// Asking, and how results are printed.
        #[command(flatten)]
        write: Write,
    },
    /// Deny the stage that waits for you
    Deny {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// Why; the person may be told
        #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
        reason: String,
        /// Asking, and how results are printed.
        #[command(flatten)]
        write: Write,
    },
    /// Give somebody a package directly; its approvers may still be asked
    Assign(AssignArgs),
    /// Print a text for the approver who can decide one; nothing is sent
    Nudge(NudgeArgs),
    /// Print what the rules file suggests for what waits for you; sends nothing
    Suggest(SuggestArgs),
}

/// What can be done with policies.
#[derive(Debug, Subcommand)]
pub enum Policies {
    /// List who may sign up for what
    List {
        /// Only those that match, in the console's filter language: words, column:value, !not
        #[arg(long, value_name = "WORDS")]
        filter: Option<String>,
        /// Print one JSON array with Graph's property names, and each policy in sentences
        #[arg(long)]
        json: bool,
    },
}

/// What can be done with guests.
#[derive(Debug, Subcommand)]
pub enum Guests {
    /// List them
    List {
        /// Only those that match, in the console's filter language: words, column:value, !not
        #[arg(long, value_name = "WORDS")]
        filter: Option<String>,
        /// Read sign-ins too, which tells stale guests from active ones; takes twice as long
        #[arg(long)]
        sign_ins: bool,
        /// External members too, and accounts of which Graph does not say whether they are guests'
        #[arg(long)]
        outsiders: bool,
        /// How the list is printed.
        #[command(flatten)]
        form: Forms,
    },
    /// Show one guest with groups, apps and sponsors
    Show {
        /// Their id or mail address
        #[arg(value_name = "ID|MAIL")]
        guest: String,
        /// Print one JSON array with Graph's property names
        #[arg(long)]
        json: bool,
    },
    /// Take access away: block sign-in, or delete the account
    #[command(group = clap::ArgGroup::new("strength").required(true).args(["block", "delete"]))]
    Revoke {
        /// Their ids or mail addresses
        #[arg(required = true, value_name = "ID|MAIL")]
        guests: Vec<String>,
        /// Block sign-in; everything else stays
        #[arg(long)]
        block: bool,
        /// Delete the account; it can be restored for 30 days
        #[arg(long)]
        delete: bool,
        /// Why; kept in the journal
        #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
        reason: String,
        /// Asking, and how results are printed.
        #[command(flatten)]
        write: Write,
    },
}

/// What is asked of a command that changes something.
#[derive(Clone, Copy, Debug, Args)]
pub struct Write {
    /// Do not ask; needed to delete where nobody can be asked
    #[arg(long, short)]
    pub yes: bool,
    /// Send also where an earlier act on the same one is open: nobody knows whether that happened, so this may do
    /// it a second time
    #[arg(long)]
    pub again: bool,
    /// How long to wait for what follows.
    #[command(flatten)]
    pub wait: Wait,
    /// Print the results as one JSON array
    #[arg(long)]
    pub json: bool,
}

/// How long to wait for what Graph has only taken.
#[derive(Clone, Copy, Debug, Args)]
pub struct Wait {
    /// Do not wait until what was approved, assigned or reprocessed is delivered
    #[arg(long, conflicts_with = "wait")]
    pub no_wait: bool,
    /// How long to wait for that, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub wait: u64,
}

/// An invitation.
#[derive(Debug, Args)]
pub struct InviteArgs {
    /// The address to invite
    pub mail: String,
    /// The name shown; without it Graph takes it from the address
    #[arg(long, default_value = "", hide_default_value = true)]
    pub name: String,
    /// Words added to Graph's mail
    #[arg(long, default_value = "", hide_default_value = true)]
    pub message: String,
    /// Language of Graph's mail; Graph ignores it where there is a message
    #[arg(long, default_value = "en-US")]
    pub language: String,
    /// Let Graph send its mail; this is what happens anyway
    #[arg(long, conflicts_with = "no_mail")]
    pub send_mail: bool,
    /// Send no mail: you bring the link to the person yourself
    #[arg(long)]
    pub no_mail: bool,
    /// Where the guest lands after redeeming; without it, their list of apps in this tenant
    #[arg(long, value_name = "URL")]
    pub redirect: Option<String>,
    /// What is asked of every command that writes.
    #[command(flatten)]
    pub write: Write,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_needed_must_be_given() {
        let refused = |line: &str| Cli::try_parse_from(line.split(' ')).is_err();
        for line in [
            "guestlist --nonsense",
            "guestlist requests",
            "guestlist requests approve",
            "guestlist requests deny 1",
            "guestlist requests cancel",
            "guestlist requests assign --package P --policy Q",
            "guestlist guests revoke 1 --reason left",
            "guestlist guests revoke 1 --block --delete --reason left",
            "guestlist invite",
            "guestlist journal list --limit many",
            "guestlist invite a@b.example --send-mail --no-mail",
            "guestlist --demo --graph-url http://127.0.0.1:1",
            "guestlist emulator --listen nowhere",
        ] {
            assert!(refused(line), "{line}");
        }
        for line in [
            "guestlist",
            "guestlist --demo requests list --json",
            "guestlist requests list --demo",
            "guestlist requests deny 1 2 --reason no --yes",
            "guestlist requests cancel 1 2 --yes",
            "guestlist journal list --since 7d --act deny --target ada --actor adele --json --follow",
            "guestlist requests assign --package P --policy Q --guest a@b.example",
            "guestlist guests revoke a@b.example --delete --reason left -y",
        ] {
            assert!(!refused(line), "{line}");
        }
    }
}
