//! Asking for lists, and which answers belong to the newest asking.

use super::effect::Effect;
use super::state::{Load, State};
use crate::domain::problem::{Problem, ProblemKind};
use crate::worker::protocol::{Ask, Job, JobId};

/// How many of the journal's newest records are shown.
const JOURNAL_RECORDS: usize = 5_000;

/// Asks for everything there is.
pub(super) fn everything(state: &mut State) -> Vec<Effect> {
    state.data.guest_details.clear();
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
    asks.into_iter().flat_map(|ask| begin(state, ask)).collect()
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
        if listed.of(state).job.is_none() {
            effects.extend(begin(state, listed.asking()));
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
            effects.extend(begin(state, listed.asking()));
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
    match &ask {
        Ask::Requests => state.data.requests.begin_load(),
        Ask::Guests => state.data.guests.begin_load(),
        Ask::Past => state.data.incoming_past.clear(),
        _ => {}
    }
    let mut effects = Vec::new();
    if let Some(listed) = Listed::asked(&ask) {
        let load = listed.of(state);
        effects.extend(load.job.map(Effect::Cancel));
        load.job = Some(id);
        load.pages = 0;
    }
    effects.push(Effect::Ask(Job::new(id, ask)));
    effects
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
}

impl Listed {
    const ALL: [Self; 8] = [
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
            Ask::Policies => Some(Self::Policies),
            Ask::Guests => Some(Self::Guests),
            Ask::SignIns => Some(Self::SignIns),
            Ask::Journal(_) => Some(Self::Journal),
            _ => None,
        }
    }

    /// What asks for it.
    fn asking(self) -> Ask {
        match self {
            Self::Session => Ask::Session,
            Self::Capabilities => Ask::Capabilities,
            Self::Requests => Ask::Requests,
            Self::Past => Ask::Past,
            Self::Policies => Ask::Policies,
            Self::Guests => Ask::Guests,
            Self::SignIns => Ask::SignIns,
            Self::Journal => Ask::Journal(JOURNAL_RECORDS),
        }
    }

    /// Its load.
    pub(super) fn of(self, state: &mut State) -> &mut Load {
        let loads = &mut state.loads;
        match self {
            Self::Session => &mut loads.session,
            Self::Capabilities => &mut loads.capabilities,
            Self::Requests => &mut loads.requests,
            Self::Past => &mut loads.past,
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
            Self::Past => "past requests",
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
