//! The integration tests: one binary, one module a part.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::naive_bytecount,
    reason = "a test that cannot go on says so by failing, and its helpers with it; `pub` means: for the other modules"
)]

mod cli;
mod emulator;
mod house;
mod journeys;
mod pty;
mod readme;
mod signin;
mod support;
mod worker;
