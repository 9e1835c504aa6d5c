//! guestlist: a terminal console for guest access to a Microsoft Entra tenant.

pub mod app;
pub mod domain;
pub mod journal;
pub mod settings;
pub mod worker;
