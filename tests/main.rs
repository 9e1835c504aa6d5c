//! The integration tests: one binary, one module a part.
#![allow(unreachable_pub)]
// `pub` here means: for the other modules of this binary
// Helpers outside of test functions may fail like tests do; clippy.toml only knows the functions themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cli;
mod emulator;
mod journeys;
mod pty;
mod support;
mod worker;
