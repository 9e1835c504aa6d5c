//! Asking for lists, and which answers belong to the newest asking.

use super::effect::Effect;
use super::state::{Load, State};
use super::view::{self, Base};
use crate::domain::problem::{Problem, ProblemKind};
use crate::worker::protocol::{Ask, Beyond, Job, JobId};

/// How many of the journal's newest records are shown.
const JOURNAL_RECORDS: usize = 5_000;

/// Asks for everything there is.
pub(super) fn everything(state: &mut State) -> Vec<Effect> {
    state.data.guest_details.clear();
    stale(state);
    state.stages_asked.clear();
    // What views have left behind is read again when one asks for it again.
    let scope = *state.data.requests.scope();
    (state.data.requests).retain(|row| row.request.pending() || scope.has(&row.request));
    state.detail_failed.clear();
    state.research.renew();
    let asks = [
        Ask::Session,
        Ask::Capabilities,
        Ask::Policies,
        Ask::Requests,
        Ask::Past,
        Ask::Guests,
        Ask::Journal(JOURNAL_RECORDS),
    ];
    let mut effects: Vec<Effect> = asks.into_iter().flat_map(|ask| begin(state, ask)).collect();
    effects.extend(beyond(state));
    effects
}

/// What the views beyond the queue have read is old.
fn stale(state: &mut State) {
    for load in &mut state.loads.beyond {
        (load.fresh, load.bounded) = (None, None);
    }
}

/// What the view shows, where that is not the queue and was not read a short while ago.
pub(super) fn beyond(state: &mut State) -> Vec<Effect> {
    let scope = *state.data.requests.scope();
    let (Some(which), Some(at)) = (view::beyond(scope), scope.base.beyond()) else {
        return Vec::new();
    };
    let load = &state.loads.beyond[at];
    let young = match (load.fresh, state.refresh) {
        (Some(fresh), Some(every)) => state.now.duration_since(fresh) < every,
        (Some(_), None) => true,
        (None, _) => false,
    };
    if young || load.job.is_some() {
        return Vec::new();
    }
    begin(state, Ask::Beyond(which))
}

/// What is read again by itself now and then: the queue.
pub(super) fn queue(state: &mut State) -> Vec<Effect> {
    let mut effects = begin(state, Ask::Requests);
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
    let mut effects = begin(state, Ask::Requests);
    effects.extend(begin(state, Ask::Past));
    stale(state);
    effects.extend(beyond(state));
    effects.extend(journal(state));
    if guests_changed && state.data.guests.total() <= FEW {
        effects.extend(begin(state, Ask::Guests));
    }
    effects
}

/// When guests last signed in, once they are there: asked apart, because Graph gives smaller pages with it.
pub(super) fn sign_ins(state: &mut State) -> Vec<Effect> {
    begin(state, Ask::SignIns)
}

/// The journal alone.
pub(super) fn journal(state: &mut State) -> Vec<Effect> {
    begin(state, Ask::Journal(JOURNAL_RECORDS))
}

/// What could not be read for want of a sign-in is read now, and what was said of it is no news any more.
pub(super) fn after_sign_in(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    state.detail_failed.clear();
    state.research.renew();
    // Somebody else may have signed in, or the same person with other permissions.
    for listed in [Listed::Session, Listed::Capabilities] {
        if let (None, Some(ask)) = (listed.of(state).job, listed.asking()) {
            effects.extend(begin(state, ask));
        }
    }
    for listed in Listed::ALL {
        let load = listed.of(state);
        let unsigned = |problem: &&mut Problem| problem.kind == ProblemKind::SignIn;
        let Some(problem) = load.failed.as_mut().filter(unsigned) else {
            continue;
        };
        let said = unread(listed, problem);
        if load.job.is_none() {
            load.failed = None;
            match listed.asking() {
                Some(ask) => effects.extend(begin(state, ask)),
                None => effects.extend(beyond(state)),
            }
        }
        state.notices.errors.retain(|error| error.text != said);
    }
    effects
}

/// What is said of a list that could not be read.
pub(super) fn unread(listed: Listed, problem: &Problem) -> String {
    format!("Could not read {}: {problem}", listed.word())
}

/// Begins a load; one of the same list that is under way is given up, and its answers become stale.
fn begin(state: &mut State, ask: Ask) -> Vec<Effect> {
    let id = state.next_job();
    let number = match &ask {
        Ask::Requests | Ask::Beyond(_) => state.data.requests.begin_load(),
        Ask::Guests => state.data.guests.begin_load(),
        _ => 0,
    };
    if ask == Ask::Past {
        state.data.incoming_past.clear();
    }
    let mut effects = Vec::new();
    if let Some(listed) = Listed::asked(&ask) {
        let load = listed.of(state);
        effects.extend(load.job.map(Effect::Cancel));
        load.job = Some(id);
        load.pages = 0;
        load.number = number;
        load.bounded = None;
    }
    effects.push(Effect::Ask(Job::new(id, ask)));
    effects
}

/// The place of a load beyond the queue.
fn place(which: Beyond) -> usize {
    let base = match which {
        Beyond::Failed => Base::Failed,
        Beyond::Scheduled => Base::Scheduled,
        Beyond::Decided { .. } => Base::Today,
        Beyond::All => Base::All,
    };
    base.beyond().unwrap_or_default()
}

/// Which list a job loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    Session,
    Capabilities,
    Requests,
    Past,
    Policies,
    Guests,
    SignIns,
    Journal,
    /// What a view beyond the queue shows, by its place among their loads.
    Beyond(usize),
}

impl Listed {
    const ALL: [Self; 12] = [
        Self::Beyond(0),
        Self::Beyond(1),
        Self::Beyond(2),
        Self::Beyond(3),
        Self::Session,
        Self::Capabilities,
        Self::Requests,
        Self::Past,
        Self::Policies,
        Self::Guests,
        Self::SignIns,
        Self::Journal,
    ];

    /// The list an asking loads.
    fn asked(ask: &Ask) -> Option<Self> {
        match ask {
            Ask::Session => Some(Self::Session),
            Ask::Capabilities => Some(Self::Capabilities),
            Ask::Requests => Some(Self::Requests),
            Ask::Past => Some(Self::Past),
            Ask::Beyond(which) => Some(Self::Beyond(place(*which))),
            Ask::Policies => Some(Self::Policies),
            Ask::Guests => Some(Self::Guests),
            Ask::SignIns => Some(Self::SignIns),
            Ask::Journal(_) => Some(Self::Journal),
            _ => None,
        }
    }

    /// What asks for it; `None` for what the view decides.
    fn asking(self) -> Option<Ask> {
        Some(match self {
            Self::Beyond(_) => return None,
            Self::Session => Ask::Session,
            Self::Capabilities => Ask::Capabilities,
            Self::Requests => Ask::Requests,
            Self::Past => Ask::Past,
            Self::Policies => Ask::Policies,
            Self::Guests => Ask::Guests,
            Self::SignIns => Ask::SignIns,
            Self::Journal => Ask::Journal(JOURNAL_RECORDS),
        })
    }

    /// Its load.
    pub(super) fn of(self, state: &mut State) -> &mut Load {
        let loads = &mut state.loads;
        match self {
            Self::Session => &mut loads.session,
            Self::Capabilities => &mut loads.capabilities,
            Self::Requests => &mut loads.requests,
            Self::Past => &mut loads.past,
            Self::Beyond(at) => &mut loads.beyond[at],
            Self::Policies => &mut loads.policies,
            Self::Guests => &mut loads.guests,
            Self::SignIns => &mut loads.sign_ins,
            Self::Journal => &mut loads.journal,
        }
    }

    /// What it is called in a message.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Session => "the sign-in",
            Self::Capabilities => "what may be done here",
            Self::Requests => "requests",
            Self::Past => "the history of requests",
            Self::Beyond(_) => "past requests",
            Self::Policies => "policies",
            Self::Guests => "guests",
            Self::SignIns => "the guests' sign-ins",
            Self::Journal => "the journal",
        }
    }

    /// The list whose load under way is this job.
    pub(super) fn by(state: &mut State, job: JobId) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|listed| listed.of(state).job == Some(job))
    }
}
