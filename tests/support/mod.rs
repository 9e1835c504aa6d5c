pub(crate) mod contract;
pub mod scripted;
