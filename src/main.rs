//! The binary: parse, choose, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(guestlist::cli::run())
}
