//! The emulated Graph, seen through HTTP.

mod tenant;
