//! `guestlist requests nudge`: a text for the approver who can decide. Whoever nudges sends it, not this program.

use super::args;
use super::connect::Link;
use super::failure::Failure;
use super::out::Out;
use super::queue::Queue;
use super::requests::id;
use crate::app::nudgeable;
use crate::settings::Settings;
use crate::worker::protocol::Beside;

/// Prints it.
pub(super) fn run(args: &args::NudgeArgs, settings: &Settings) -> Result<(), Failure> {
    let id = id(&args.id)?;
    let mut link = Link::reading(settings)?;
    let queue = Queue::these(&mut link, vec![id.clone()], Beside::Policies)?;
    let row = queue.inventory.requests.get(&id);
    let row = row.filter(|row| row.request.pending()).ok_or_else(|| {
        Failure::NotDone(format!(
            "No request that waits has the id {id}. `guestlist requests list` shows those that wait."
        ))
    })?;
    nudgeable(row).map_err(|why| Failure::NotDone(format!("There is nobody to nudge: {why}.")))?;
    let nudge = row.nudge(queue.now, "");
    let mut out = Out::new();
    if args.mailto {
        out.exact(&nudge.mailto())?;
    } else {
        for line in nudge.text.lines() {
            out.exact(line)?;
        }
    }
    Ok(out.flush()?)
}
