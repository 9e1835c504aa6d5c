//! Flags of the emulator.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// The emulator alone.
#[derive(Debug, Args)]
pub struct EmulatorArgs {
    /// Where to listen, on loopback only; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// How many guests there are
    #[arg(long, value_name = "N", default_value_t = 1200)]
    pub guests: usize,
    /// How many requests wait
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub requests: usize,
    /// How many requests of three months have ended, beside a few
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub past: usize,
    /// How long every call takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
    /// Somebody new asks so often
    #[arg(long, value_name = "SECS", value_parser = clap::value_parser!(u64).range(1..))]
    pub arrivals: Option<u64>,
    /// Keep what is written in this file, and go on from it
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Append every exchange to this file, a line of JSON each
    #[arg(long, value_name = "FILE.jsonl")]
    pub record: Option<PathBuf>,
    /// Make a tenant without the licence for entitlement management
    #[arg(long)]
    pub no_governance: bool,
    /// Emulate Entra's sign-in too: `graph_url` and `login_url` of a profile are then both this address
    #[arg(long)]
    pub login: bool,
    /// What its tokens carry, such as EntitlementManagement.Read.All,User.Invite.All; without this, what was asked for
    #[arg(
        long,
        value_name = "PERMISSIONS",
        value_delimiter = ',',
        requires = "login"
    )]
    pub scopes: Option<Vec<String>>,
    /// How long its access tokens live
    #[arg(
        long,
        value_name = "SECS",
        default_value_t = 3600,
        requires = "login",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub token_life: u32,
    /// A device code is approved by itself at this poll; without it, on the page the code leads to
    #[arg(long, value_name = "N", requires = "login")]
    pub approve_after: Option<u32>,
    /// Let things go wrong: a JSON list of faults
    #[arg(long, value_name = "FILE.json")]
    pub faults: Option<PathBuf>,
}
