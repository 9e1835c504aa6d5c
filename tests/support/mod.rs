//! What several tests need.

pub mod scripted;
