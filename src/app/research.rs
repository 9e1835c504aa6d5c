//! When something is found out beside the lists: one thing at a time, in the background.

use super::effect::Effect;
use super::jobs::Purpose;
use super::state::{Pane, State};
use crate::acts::{Target, Tone};
use crate::worker::protocol::Ask;

/// The next thing to find out, unless one is under way; and the directory roles of those from whom something is to be
/// taken, which are said before that is done.
pub(super) fn next(state: &mut State) -> Vec<Effect> {
    let taken = state.basket.waiting().filter_map(|(target, decision)| {
        let takes = decision.kind.about().tone == Tone::Take;
        match target {
            Target::Guest(id) if takes && !state.data.roles.contains_key(id) => Some(id.clone()),
            _ => None,
        }
    });
    let roles = state.aside.research.roles(taken);
    let roles = roles.map(|ask| begin(state, Purpose::Roles, ask));
    let found_out = find_out(state).map(|ask| begin(state, Purpose::Research, ask));
    roles.into_iter().chain(found_out).collect()
}

fn find_out(state: &mut State) -> Option<Ask> {
    if state.jobs.busy(&Purpose::Research) || !state.data.loads.requests.ever() {
        return None;
    }
    let shown = if state.wide() {
        state.screen.detail.beside
    } else {
        state.screen.detail.open
    };
    let looked_at = state.screen.focus == Pane::Requests && shown && state.screen.resting.is_none();
    let row = state.data.requests.focused().filter(|_| looked_at);
    let request = row.map(|row| &row.request);
    state.aside.research.next(&state.data, request)
}

fn begin(state: &mut State, purpose: Purpose, ask: Ask) -> Effect {
    let mut job = state.jobs.ask(purpose, ask);
    job.background = true;
    Effect::Ask(job)
}

/// One of these has ended, well or not: signals are judged anew where they may rest on it.
pub(super) fn ended(state: &mut State) {
    if state.aside.research.ended() {
        state.data.join(state.now);
    }
}
