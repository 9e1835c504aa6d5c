//! The application: State, Event -> update -> Effects.

pub mod key;
