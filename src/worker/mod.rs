//! The task that talks to Graph.
pub mod protocol;
