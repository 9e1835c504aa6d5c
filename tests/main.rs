//! The integration tests: one binary, one module a part.
#![allow(unreachable_pub)] // `pub` here means: for the other modules of this binary
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // all of it is a test

mod emulator;
mod support;
mod worker;
