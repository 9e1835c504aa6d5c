//! Stopping the process as Ctrl-z does in a shell, and going on.

use std::io;

use nix::unistd::{getpgid, getpgrp, getppid, getsid};
use rustix::process::{Signal, kill_current_process_group};
use signal_hook::consts::SIGTSTP;
use signal_hook::low_level::emulate_default_handler;

/// A shell with job control stands behind us, which can bring us back. Without one (`ssh -t host guestlist`, a
/// terminal window of its own) a stopped console would be lost together with its basket.
///
/// In a container the leader of a session or a group may live outside; its id is 0 then, which rustix takes for
/// impossible and nix does not.
pub(super) fn can_come_back() -> bool {
    let parent = getppid();
    if parent.as_raw() == 0 {
        return false;
    }
    let (Ok(session), Ok(parents_session)) = (getsid(None), getsid(Some(parent))) else {
        return false;
    };
    // The leader of the session is the shell, and it runs its jobs in groups of their own. A parent in our
    // own group is something the shell started (a wrapper, `cargo run`), and is stopped with us.
    let parents_group = getpgid(Some(parent)).ok();
    session == parents_session && (getpgrp() != session || parents_group != Some(getpgrp()))
}

/// Stops the whole process group, as the terminal does for Ctrl-z, and returns when it goes on. Wrappers must
/// stop with us, or the shell takes the job for a running one.
pub(super) fn stop() -> io::Result<()> {
    kill_current_process_group(Signal::TSTP)?;
    emulate_default_handler(SIGTSTP)
}
