//! The integration tests: one binary, one module a part.
#![allow(unreachable_pub)] // `pub` here means: for the other modules of this binary

mod cli;
mod emulator;
mod journeys;
mod pty;
mod support;
mod worker;
