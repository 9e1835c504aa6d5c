//! When something is found out beside the lists: one thing at a time, in the background.

use super::effect::Effect;
use super::jobs::Purpose;
use super::state::{Pane, State};

/// The next thing to find out, unless one is under way.
pub(super) fn next(state: &mut State) -> Vec<Effect> {
    if state.jobs.busy(&Purpose::Research) || !state.data.loads.requests.ever() {
        return Vec::new();
    }
    let shown = if state.wide() {
        state.screen.detail.beside
    } else {
        state.screen.detail.open
    };
    let looked_at = state.screen.focus == Pane::Requests && shown && state.screen.resting.is_none();
    let row = state.data.requests.focused().filter(|_| looked_at);
    let request = row.map(|row| &row.request);
    let Some(ask) = state.aside.research.next(&state.data, request) else {
        return Vec::new();
    };
    let mut job = state.jobs.ask(Purpose::Research, ask);
    job.background = true;
    vec![Effect::Ask(job)]
}

/// One of these has ended, well or not: signals are judged anew where they may rest on it.
pub(super) fn ended(state: &mut State) {
    if state.aside.research.ended() {
        state.data.join(state.now);
    }
}
