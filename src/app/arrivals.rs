//! Requests that came while the console was open and were not looked at yet.

use super::effect::Effect;
use super::state::{Pane, State};

/// A load of the queue has ended: what has come is told to the terminal, once.
pub(super) fn told(state: &mut State) -> Option<Effect> {
    let arrived = state.data.arrived();
    let bell = state.setup.bell.filter(|_| arrived > 0)?;
    let words = match arrived {
        1 => "1 new request waits".to_owned(),
        more => format!("{more} new requests wait"),
    };
    Some(Effect::Ring(bell, words))
}

/// The cursor rests on a request: it is new no more.
pub(super) fn rested(state: &mut State) {
    let busy = state.screen.resting.is_some()
        || state.screen.prompt.is_some()
        || state.screen.dialog.is_some();
    if state.screen.focus != Pane::Requests || busy || state.data.arrivals.is_empty() {
        return;
    }
    if let Some(row) = state.data.requests.focused() {
        state.data.arrivals.remove(&row.request.id);
    }
}
