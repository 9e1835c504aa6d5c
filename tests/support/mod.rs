pub(crate) mod contract;
