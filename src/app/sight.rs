//! What is on the screen is read first: stages of pending requests, and those of past ones only there.

use super::effect::Effect;
use super::state::{Pane, State};
use crate::domain::id::RequestId;
use crate::inventory::rows::RequestRow;
use crate::worker::protocol::{Ask, Job};

/// Says which stages are wanted first, and asks for those that nothing else brings.
pub(super) fn look(state: &mut State) -> Vec<Effect> {
    if state.focus != Pane::Requests || state.prompt.is_some() || state.resting.is_some() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    let reading = state.data.loads.requests.job.is_some();
    let first = unread(state, |row| reading && row.request.pending());
    if !first.is_empty() && first != state.sight {
        state.sight.clone_from(&first);
        let id = state.next_job();
        effects.push(Effect::Ask(Job::new(id, Ask::Sight(first))));
    }
    let past = unread(state, |row| {
        !row.request.pending() && !state.stages_asked.contains(&row.request.id)
    });
    if !past.is_empty() && state.stages_job.is_none() {
        state.stages_asked.extend(past.iter().cloned());
        let id = state.next_job();
        state.stages_job = Some(id);
        effects.push(Effect::Ask(Job::new(id, Ask::Stages(past))));
    }
    effects
}

/// The rows on the screen whose stages were not read, as far as they are `wanted`.
fn unread(state: &State, wanted: impl Fn(&RequestRow) -> bool) -> Vec<RequestId> {
    let requests = &state.data.requests;
    let rows = (0..requests.height()).map_while(|line| requests.at(requests.top() + line));
    let rows = rows.filter(|row| row.request.stages.is_none() && wanted(row));
    rows.map(|row| row.request.id.clone()).collect()
}
