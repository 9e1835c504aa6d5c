//! What several parts' tests share.

pub(crate) mod contract;
