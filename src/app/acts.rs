//! Acts on requests besides deciding them: what is sent at once, past the basket, and what became of it.

use std::collections::HashSet;

use super::effect::Effect;
use super::load;
use super::reply::words;
use super::rows::RequestRow;
use super::state::{Grade, State};
use crate::domain::act::{Act, Deed, Outcome, Target};
use crate::domain::id::RequestId;
use crate::domain::lifecycle::NotNow;
use crate::domain::request::RequestState;
use crate::worker::protocol::{Ask, Job, JobId};

/// What can be done with requests besides deciding them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRequest {
    /// Cancel them.
    Cancel,
    /// Have a failed delivery tried again.
    Reprocess,
    /// Remove their records.
    Remove,
}

impl OnRequest {
    /// The plain command of it, as the table of permissions knows it.
    pub fn command(self) -> &'static str {
        match self {
            Self::Cancel => "requests cancel",
            Self::Reprocess => "requests reprocess",
            Self::Remove => "requests remove",
        }
    }

    /// The deed on one request.
    pub fn deed(self, id: &RequestId) -> Deed {
        match self {
            Self::Cancel => Deed::Cancel(id.clone()),
            Self::Reprocess => Deed::Reprocess(id.clone()),
            Self::Remove => Deed::Remove(id.clone()),
        }
    }

    /// Whether it can be done with a row now; else why not, as a clause.
    pub(super) fn may(self, state: &State, row: &RequestRow) -> Result<(), String> {
        let request = &row.request;
        let target = Target::Request(request.id.clone());
        if state.basket.get(&target).is_some_and(|one| one.sending) {
            return Err("its decision is being sent".into());
        }
        let may = match self {
            Self::Cancel => request.may_cancel(),
            Self::Reprocess => request.may_reprocess(state.now).map(drop),
            Self::Remove => request.may_remove(),
        };
        may.map_err(|why| match (&why, self) {
            (NotNow::Stands(RequestState::PendingApproval), Self::Remove) => {
                "it waits for approval; only what has ended can be removed".into()
            }
            (NotNow::Stands(_), Self::Reprocess) => {
                format!("{why}; only a delivery that failed can be tried again")
            }
            _ => why.to_string(),
        })
    }
}

/// Acts on their way that were never in the basket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doing {
    /// What it is when it is done: `cancelled`.
    participle: &'static str,
    /// How many.
    total: usize,
    /// Of those: done.
    done: usize,
    /// Of those: so already, and not sent.
    moot: usize,
    /// Of those: not done.
    failed: usize,
    /// Whom the first is about.
    name: String,
}

/// Sends acts at once.
pub(super) fn send(state: &mut State, acts: Vec<Act>) -> Vec<Effect> {
    let Some(first) = acts.first() else {
        return Vec::new();
    };
    let doing = Doing {
        participle: first.deed.participle(),
        total: acts.len(),
        name: first.name.to_string(),
        ..Doing::default()
    };
    let job = state.next_job();
    state.acts.insert(job, doing);
    vec![Effect::Ask(Job::new(job, Ask::Send(acts)))]
}

/// One of them has ended; says whether it was one of them.
pub(super) fn settled(state: &mut State, job: JobId, target: &Target, outcome: &Outcome) -> bool {
    let Some(doing) = state.acts.get_mut(&job) else {
        return false;
    };
    if outcome.done() {
        doing.done += 1;
    } else if outcome.settled() {
        doing.moot += 1;
    } else {
        doing.failed += 1;
    }
    let (name, participle) = (named(state, job, target), state.acts[&job].participle);
    if !outcome.settled() {
        let said = words(state, outcome);
        state.say(Grade::Error, format!("{name} was not {participle}: {said}"));
        return true;
    }
    if let Outcome::Moot(why) = outcome {
        state.say(Grade::Note, format!("{name}: {why}"));
    }
    if let (Target::Request(id), true) = (target, participle != "retried") {
        // Gone from the queue; the lists are read again when all have ended.
        state.basket.settle(target);
        state.data.requests.remove(&HashSet::from([id.clone()]));
    }
    true
}

fn named(state: &State, job: JobId, target: &Target) -> String {
    let row = match target {
        Target::Request(id) => state.data.requests.get(id),
        _ => None,
    };
    let name = row.map(|row| row.request.requestor.name.clone());
    match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("The request of {name}"),
        None => state.acts[&job].name.clone(),
    }
}

/// All of them have ended; `None` where the job was none of these.
pub(super) fn ended(state: &mut State, job: JobId) -> Option<Vec<Effect>> {
    let doing = state.acts.remove(&job)?;
    let Doing {
        participle,
        total,
        done,
        moot,
        failed,
        name,
    } = doing;
    let unsaid = total.saturating_sub(done + moot + failed);
    let words = match (total, done) {
        (1, 1) => format!("{name}: {participle}"),
        (1, 0) if unsaid == 0 => String::new(),
        _ if moot > 0 => format!("{done} of {total} {participle}, {moot} so already"),
        _ => format!("{done} of {total} {participle}"),
    };
    // What failed was said as an error, and stays until it is read; that one was so already, too.
    if !words.is_empty() {
        let grade = if done == total {
            Grade::Good
        } else {
            Grade::Note
        };
        state.say(grade, words);
    }
    Some(load::after_send(state, done > 0))
}
