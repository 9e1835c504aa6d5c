//! Asking for lists.

use super::effect::Effect;
use super::jobs::Purpose;
use super::state::State;
use crate::domain::problem::{Problem, ProblemKind};
use crate::inventory::load::Listed;
use crate::worker::protocol::{Ask, Whose};

/// Asks for everything there is.
pub(super) fn everything(state: &mut State) -> Vec<Effect> {
    state.data.guest_details.clear();
    state.data.roles.clear();
    state.data.loads.stale();
    // What views have left behind is read again when one asks for it again.
    let scope = *state.data.requests.scope();
    (state.data.requests).retain(|row| row.request.pending() || scope.has(&row.request));
    state.aside.sight.renew();
    state.aside.research.renew();
    let lists = [
        Listed::Session,
        Listed::Capabilities,
        Listed::Policies,
        Listed::Requests,
        Listed::Past,
        Listed::Guests,
        Listed::Journal,
    ];
    let mut effects: Vec<Effect> = lists
        .into_iter()
        .flat_map(|list| list_anew(state, list))
        .collect();
    effects.extend(beyond(state));
    effects
}

/// What the view shows, where that is not the queue and was not read a short while ago.
pub(super) fn beyond(state: &mut State) -> Vec<Effect> {
    let scope = *state.data.requests.scope();
    let (Some(which), Some(at)) = (scope.beyond(), scope.base.beyond()) else {
        return Vec::new();
    };
    let load = &state.data.loads.beyond[at];
    let young = match (load.fresh, state.setup.refresh) {
        (Some(fresh), Some(every)) => state.now.duration_since(fresh) < every,
        (Some(_), None) => true,
        (None, _) => false,
    };
    if young || state.jobs.reads(Listed::Beyond(at)) {
        return Vec::new();
    }
    begin(state, Listed::Beyond(at), Ask::Beyond(which))
}

/// What is read again by itself now and then: the queue.
pub(super) fn queue(state: &mut State) -> Vec<Effect> {
    let mut effects = list_anew(state, Listed::Requests);
    for effect in &mut effects {
        if let Effect::Ask(job) = effect {
            job.background = true;
        }
    }
    effects
}

/// What a send may have changed. Guests by the hundred thousand are not read again for a handful.
pub(super) fn after_send(state: &mut State, guests_changed: bool) -> Vec<Effect> {
    const FEW: usize = 5_000;
    let mut effects = list_anew(state, Listed::Requests);
    effects.extend(list_anew(state, Listed::Past));
    state.data.loads.stale();
    effects.extend(beyond(state));
    effects.extend(journal(state));
    if guests_changed && state.data.guests.total() <= FEW {
        effects.extend(list_anew(state, Listed::Guests));
    }
    effects
}

/// When guests last signed in, once they are there: asked apart, because Graph gives smaller pages with it.
pub(super) fn sign_ins(state: &mut State) -> Vec<Effect> {
    list_anew(state, Listed::SignIns)
}

/// Shows the accounts of these, and reads them where they were not read yet.
pub(super) fn show_guests(state: &mut State, whose: Whose) -> Vec<Effect> {
    let before = *state.data.guests.scope();
    state.data.guests.set_scope(whose);
    match whose {
        Whose::Outsiders if before != whose => list_anew(state, Listed::Guests),
        Whose::Guests | Whose::Outsiders => Vec::new(),
    }
}

/// The journal alone.
pub(super) fn journal(state: &mut State) -> Vec<Effect> {
    list_anew(state, Listed::Journal)
}

/// What could not be read for want of a sign-in is read now, and what was said of it is no news any more.
pub(super) fn after_sign_in(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    state.aside.sight.guests_failed.clear();
    state.aside.research.renew();
    // Somebody else may have signed in, or the same person with other permissions.
    for listed in [Listed::Session, Listed::Capabilities] {
        if !state.jobs.reads(listed) {
            effects.extend(list_anew(state, listed));
        }
    }
    for listed in Listed::ALL {
        let reading = state.jobs.reads(listed);
        let load = state.data.loads.of_mut(listed);
        let unsigned = |problem: &&mut Problem| problem.kind == ProblemKind::SignIn;
        let Some(problem) = load.failed.as_mut().filter(unsigned) else {
            continue;
        };
        let said = unread(listed, problem);
        if !reading {
            load.failed = None;
            effects.extend(list_anew(state, listed));
        }
        state.said.notices.errors.retain(|error| error.text != said);
    }
    effects
}

/// What is said of a list that could not be read.
pub(super) fn unread(listed: Listed, problem: &Problem) -> String {
    format!("Could not read {}: {problem}", listed.word())
}

/// Reads a list anew; what the view decides, where the view wants it.
fn list_anew(state: &mut State, listed: Listed) -> Vec<Effect> {
    match listed.asking() {
        Some(Ask::Guests(_)) => {
            let whose = *state.data.guests.scope();
            begin(state, listed, Ask::Guests(whose))
        }
        Some(ask) => begin(state, listed, ask),
        None => beyond(state),
    }
}

/// Begins a load; one of the same list that is under way is given up.
fn begin(state: &mut State, listed: Listed, ask: Ask) -> Vec<Effect> {
    let purpose = Purpose::List(listed);
    let given_up = state.give_up(&purpose);
    state.data.begin(listed);
    given_up
        .into_iter()
        .chain([state.ask(purpose, ask)])
        .collect()
}
