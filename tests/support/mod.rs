//! What several tests need.

pub mod console;
pub mod contract;
pub mod scripted;
pub mod terminal;
