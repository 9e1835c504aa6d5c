//! Flags of the commands about the sign-in, the settings and the way to the tenant.

use clap::{Args, Subcommand};

use crate::signin::{StoreKind, Way};

/// Signing in.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("way").args(["device_code", "browser", "az"]))]
pub struct Login {
    /// Show a code to type into a browser anywhere; many tenants forbid it, since it is much phished
    #[arg(long)]
    pub device_code: bool,
    /// Use a browser on this machine, or through the ssh -L line that is shown
    #[arg(long)]
    pub browser: bool,
    /// Ask the Azure CLI for whoever is signed in there
    #[arg(long)]
    pub az: bool,
    /// Where to keep the sign-in: keyring (the Linux kernel's, never on a disk) or file (readable by you only)
    #[arg(long, value_enum, hide_possible_values = true, value_name = "PLACE")]
    pub keep: Option<KeepIn>,
}

/// Where a login is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum KeepIn {
    /// The Linux kernel's keyring.
    Keyring,
    /// A file.
    File,
}

impl From<KeepIn> for StoreKind {
    fn from(place: KeepIn) -> Self {
        match place {
            KeepIn::Keyring => Self::Keyring,
            KeepIn::File => Self::File,
        }
    }
}

impl Login {
    /// The way that was asked for.
    pub fn way(&self) -> Option<Way> {
        match (self.device_code, self.browser, self.az) {
            (true, _, _) => Some(Way::DeviceCode),
            (_, true, _) => Some(Way::Browser),
            (_, _, true) => Some(Way::AzureCli),
            _ => None,
        }
    }
}

/// Signing out.
#[derive(Debug, Args)]
pub struct Logout {
    /// Of every profile
    #[arg(long)]
    pub all: bool,
}

/// How the sign-in stands.
#[derive(Debug, Args)]
pub struct Status {
    /// Print one JSON array
    #[arg(long)]
    pub json: bool,
}

/// What to look at.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print one JSON array
    #[arg(long)]
    pub json: bool,
}

/// Under the help of `doctor`.
pub(super) const DOCTOR: &str = "\
Exit code: 0 when nothing failed (warnings are no failure), else that of the gravest failure: 2 settings, 5 network \
or service, 3 sign-in, 4 permission, 1 anything on this machine.";

/// What can be done with the config file.
#[derive(Debug, Subcommand)]
pub enum ConfigArgs {
    /// Say everything that is wrong with it, and with the rules file
    Check,
    /// Print where it is, or belongs
    Path,
    /// Print one with a word on every setting
    Example {
        /// A rules file instead
        #[arg(long = "for-rules")]
        for_rules: bool,
    },
}
