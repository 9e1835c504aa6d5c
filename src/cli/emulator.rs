//! `guestlist emulator …`

use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::args;
use super::failure::Failure;
use super::out::Out;
use crate::emulator::{Config, Emulator, LoginConfig};

/// Runs the emulator until it is told to end.
pub(super) fn run(args: args::EmulatorArgs, seed: Option<u64>) -> Result<(), Failure> {
    // Before it listens, so that a signal that comes early is not lost.
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(|error| {
        Failure::local(format!("Signals cannot be received ({error})"), "Try again")
    })?;
    let emulator = Emulator::start(Config {
        listen: args.listen,
        seed: seed.unwrap_or(1),
        guests: args.guests,
        requests: args.requests,
        past: args.past,
        latency: Duration::from_millis(args.latency),
        arrivals: args.arrivals.map(Duration::from_secs),
        state: args.state,
        record: args.record,
        faults: args.faults,
        now: None,
        governance: !args.no_governance,
        login: args.login.then(|| LoginConfig {
            token_life: Duration::from_secs(args.token_life.into()),
            approve_after: args.approve_after,
            scopes: args.scopes,
            ..LoginConfig::default()
        }),
    })
    .map_err(|error| Failure::NotDone(error.to_string()))?;
    let mut out = Out::new();
    out.exact(&format!("url {}", emulator.url()))?;
    out.exact(&format!("token {}", emulator.token()))?;
    if args.login {
        out.exact(&format!("login {}", emulator.url()))?;
    }
    out.flush()?;
    drop(out);
    signals.forever().next();
    Ok(())
}
