//! What is on the screen is read first: stages of pending requests, and those of past ones only there.

use super::effect::Effect;
use super::jobs::Purpose;
use super::state::{Pane, State};
use crate::domain::id::RequestId;
use crate::inventory::load::Listed;
use crate::inventory::rows::RequestRow;
use crate::worker::protocol::Ask;

/// Says which stages are wanted first, and asks for those that nothing else brings.
pub(super) fn look(state: &mut State) -> Vec<Effect> {
    if state.screen.focus != Pane::Requests
        || state.screen.prompt.is_some()
        || state.screen.resting.is_some()
    {
        return Vec::new();
    }
    let mut effects = Vec::new();
    let reading = state.jobs.reads(Listed::Requests);
    let first = unread(state, |row| reading && row.request.pending());
    if !first.is_empty() && first != state.aside.sight.first {
        state.aside.sight.first.clone_from(&first);
        effects.push(state.ask(Purpose::First, Ask::RowsInSight(first)));
    }
    let past = unread(state, |row| {
        !row.request.pending() && !state.aside.sight.stages_asked.contains(&row.request.id)
    });
    if !past.is_empty() && !state.jobs.busy(&Purpose::Stages) {
        state.aside.sight.stages_asked.extend(past.iter().cloned());
        effects.push(state.ask(Purpose::Stages, Ask::Stages(past)));
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

/// Reads groups, apps and sponsors of the guest Detail shows, one guest at a time.
pub(super) fn look_closer(state: &mut State) -> Vec<Effect> {
    let shown = if state.wide() {
        state.screen.detail.beside
    } else {
        state.screen.detail.open
    };
    let busy = state.jobs.reads_a_guest()
        || state.screen.prompt.is_some()
        || state.screen.resting.is_some();
    if state.screen.focus != Pane::Guests || !shown || busy {
        return Vec::new();
    }
    let Some(guest) = state.data.guests.focused().map(|row| row.guest.id.clone()) else {
        return Vec::new();
    };
    if state.data.guest_details.contains_key(&guest)
        || state.aside.sight.guests_failed.contains(&guest)
    {
        return Vec::new();
    }
    let purpose = Purpose::GuestDetail(guest.clone());
    vec![state.ask(purpose, Ask::GuestDetail(guest))]
}
