//! The terminal: the only place that knows of raw mode.

mod decode;
mod emit;
mod frames;
mod osc;
mod pen;

pub use frames::Frames;
pub use osc::{COPY_MAX, CopyTooLong, Multiplexer, osc52};
