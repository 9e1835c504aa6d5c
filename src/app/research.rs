//! When something is found out beside the lists: one thing at a time, in the background.

use super::effect::Effect;
use super::state::{Pane, State};
use crate::worker::protocol::{Job, JobId};

/// The next thing to find out, unless one is under way.
pub(super) fn next(state: &mut State) -> Vec<Effect> {
    if !state.research.idle() || !state.data.loads.requests.ever() {
        return Vec::new();
    }
    let shown = if state.wide() {
        state.detail.beside
    } else {
        state.detail.open
    };
    let looked_at = state.focus == Pane::Requests && shown && state.resting.is_none();
    let row = state.data.requests.focused().filter(|_| looked_at);
    let request = row.map(|row| &row.request);
    let Some(ask) = state.research.next(&state.data, request) else {
        return Vec::new();
    };
    let id = state.next_job();
    state.research.begun(id);
    let mut job = Job::new(id, ask);
    job.background = true;
    vec![Effect::Ask(job)]
}

/// Whether a job that ended, well or not, was one of these; signals are judged anew then.
pub(super) fn ended(state: &mut State, job: JobId) -> bool {
    let Some(judged) = state.research.ended(job) else {
        return false;
    };
    if judged {
        state.data.join(state.now);
    }
    true
}
