//! guestlist: a terminal console for guest access to a Microsoft Entra tenant.

pub mod app;
pub mod domain;
pub mod emulator;
pub mod graph;
pub mod journal;
pub mod terminal;
pub mod worker;
