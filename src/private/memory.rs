//! What this process holds in memory stays there: tokens are worth a sign-in.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Leaves no core dump behind, and lets no other process of this user look inside. Children begin without either but
/// the limit. Where the system refuses, things are as they were.
pub fn keep_to_itself() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    // A dump that is piped to a program knows no limit.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
