//! Requests that came while the console was open and were not looked at yet.

use super::effect::Effect;
use super::state::{Pane, State};
use crate::domain::id::RequestId;
use crate::domain::request::Request;

/// Some pending requests have come in: those nobody has seen before are new, once a first load has ended.
pub(super) fn came(state: &mut State, page: &[Request]) {
    if !state.loads.requests.ever() {
        return;
    }
    let data = &mut state.data;
    for request in page.iter().filter(|request| request.pending()) {
        if data.requests.get(&request.id).is_none() && data.arrivals.insert(request.id.clone()) {
            data.arrived += 1;
        }
    }
}

/// A load of the queue has ended: what is gone is no news, and what has come is told to the terminal, once.
pub(super) fn told(state: &mut State) -> Option<Effect> {
    let data = &mut state.data;
    let requests = &data.requests;
    let waits = |id: &RequestId| requests.get(id).is_some_and(|row| row.request.pending());
    data.arrivals.retain(|id| waits(id));
    let arrived = std::mem::take(&mut data.arrived);
    let bell = state.bell.filter(|_| arrived > 0)?;
    let words = match arrived {
        1 => "1 new request waits".to_owned(),
        more => format!("{more} new requests wait"),
    };
    Some(Effect::Ring(bell, words))
}

/// The cursor rests on a request: it is new no more.
pub(super) fn rested(state: &mut State) {
    let busy = state.resting.is_some() || state.prompt.is_some() || state.dialog.is_some();
    if state.focus != Pane::Requests || busy || state.data.arrivals.is_empty() {
        return;
    }
    if let Some(row) = state.data.requests.focused() {
        state.data.arrivals.remove(&row.request.id);
    }
}
