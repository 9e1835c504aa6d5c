//! The integration tests: one binary, one module a part.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::naive_bytecount,
    reason = "a test that cannot go on says so by failing, and its helpers with it"
)]

mod emulator;
mod support;
