//! What several tests need.

pub mod contract;
pub mod scripted;
