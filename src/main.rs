//! The binary: parse, choose, run, exit code.
fn main() {}
