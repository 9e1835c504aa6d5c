//! guestlist: a terminal console for guest access to a Microsoft Entra tenant.

pub mod emulator;
