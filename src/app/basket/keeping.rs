//! The basket between two runs: it is written as it changes, and what an earlier run left is offered.
//!
//! One writing is under way at a time; what changes meanwhile goes with the next one, so a burst of keys costs two.
//! What an earlier run left stays in what is written until somebody has restored or discarded it.

use std::collections::HashSet;

use super::{Decision, seen};
use crate::acts::kept::{Kept, KeptDecision};
use crate::acts::{Outcome, Target};
use crate::app::effect::Effect;
use crate::app::jobs::Purpose;
use crate::app::state::{Grade, State};
use crate::domain::problem::Problem;
use crate::domain::request::Request;
use crate::worker::protocol::{Ask, Looked};

/// How many are named in a sentence about them.
const NAMED: usize = 3;

/// How keeping the basket stands.
#[derive(Clone, Debug, Default)]
pub struct Keeping {
    /// What an earlier run left, until it is restored or discarded.
    pub offer: Option<Kept>,
    /// It was asked what an earlier run left.
    asked: bool,
    /// It can be written: nothing else has it in hand.
    open: bool,
    /// The version written last.
    written: u64,
    /// Looking at what was restored or is reviewed.
    look: Option<BasketLook>,
}

/// Rows being looked at anew.
#[derive(Clone, Debug)]
struct BasketLook {
    /// Of an earlier run: what has ended meanwhile is taken out and said.
    restored: HashSet<Target>,
    ended: Vec<String>,
    unread: Option<Problem>,
    unread_count: usize,
}

impl Keeping {
    /// Whether what is staged survives this run.
    pub fn keeps(&self) -> bool {
        self.open
    }

    /// Whether staged rows are being looked at anew.
    pub fn looking(&self) -> bool {
        self.look.is_some()
    }
}

/// Asks for what an earlier run left, once it is known who is signed in.
pub(in crate::app) fn begin(state: &mut State) -> Option<Effect> {
    if state.keeping.asked || state.setup.read_only {
        return None;
    }
    state.keeping.asked = true;
    Some(state.ask(Purpose::Kept, Ask::Kept))
}

/// What an earlier run left has come.
pub(in crate::app) fn found(state: &mut State, kept: Option<Kept>) {
    state.keeping.open = true;
    state.keeping.offer = kept.filter(|kept| !kept.decisions.is_empty());
    // What was staged before it was known is still to be written.
    state.keeping.written = 0;
}

/// Keeping has failed: said once, and not tried again.
pub(in crate::app) fn failed(state: &mut State, problem: &Problem) {
    state.keeping.open = false;
    state.say(
        Grade::Note,
        format!("What you stage is not kept for the next start. {problem}"),
    );
}

/// Not every staged row could be looked at.
pub(in crate::app) fn look_failed(state: &mut State, problem: Problem) {
    if let Some(look) = &mut state.keeping.look {
        look.unread = Some(problem);
    }
}

/// Writes the basket, if it has changed and nothing is being written.
pub(in crate::app) fn keep(state: &mut State) -> Option<Effect> {
    match state.jobs.keeps() {
        Some(_) => None,
        None => keep_now(state),
    }
}

/// Writes the basket, if it has changed: the last word before leaving.
pub(in crate::app) fn keep_now(state: &mut State) -> Option<Effect> {
    let version = state.basket.version;
    let newest = state.jobs.keeps().unwrap_or(state.keeping.written);
    if !state.keeping.open || newest == version {
        return None;
    }
    let kept = kept(state);
    Some(state.ask(Purpose::Keep(version), Ask::Keep(kept)))
}

/// The basket, with what an earlier run left and nobody has answered for yet.
fn kept(state: &State) -> Kept {
    let mut decisions: Vec<KeptDecision> = state
        .basket
        .iter()
        .map(|(target, decision)| KeptDecision {
            target: target.clone(),
            kind: decision.kind,
            reason: decision.reason.clone(),
            stage: decision.stage.clone(),
            rule: decision.rule.clone(),
            left_out: decision.left_out,
            seen: decision.seen.clone(),
        })
        .collect();
    let offer = state.keeping.offer.iter().flat_map(|kept| &kept.decisions);
    decisions.extend(
        offer
            .filter(|kept| state.basket.get(&kept.target).is_none())
            .cloned(),
    );
    let offered = state.keeping.offer.as_ref().map(|kept| &kept.reasons);
    let mut reasons = offered.cloned().unwrap_or_default();
    reasons.extend(state.basket.reasons.clone());
    Kept {
        saved: state.now,
        reasons,
        decisions,
    }
}

/// This version is written.
pub(in crate::app) fn written(state: &mut State, version: u64) {
    state.keeping.written = version;
}

/// Takes what an earlier run left into the basket, and looks at how its rows stand now.
pub(in crate::app) fn restore(state: &mut State) -> Option<Effect> {
    let kept = state.keeping.offer.take()?;
    let mut restored = HashSet::new();
    for (kind, reason) in kept.reasons {
        if state.basket.reason(kind).is_empty() {
            state.basket.set_reason(kind, reason);
        }
    }
    for decision in kept.decisions {
        let target = decision.target.clone();
        // What was staged since is the newer word.
        if state.basket.get(&target).is_none() {
            state
                .basket
                .stage(target.clone(), Decision::restored(decision));
            restored.insert(target);
        }
    }
    seen::learn(state);
    look(state, restored)
}

/// Forgets what an earlier run left.
pub(in crate::app) fn discard(state: &mut State) {
    if state.keeping.offer.take().is_some() {
        state.basket.version += 1;
    }
}

/// A row has been settled, whatever run it was staged in.
pub(in crate::app) fn settled(state: &mut State, target: &Target) {
    if let Some(offer) = &mut state.keeping.offer {
        let before = offer.decisions.len();
        offer.decisions.retain(|kept| kept.target != *target);
        if offer.decisions.len() < before {
            state.basket.version += 1;
        }
        if offer.decisions.is_empty() {
            state.keeping.offer = None;
        }
    }
}

/// Looks at every staged row anew; a look under way is given up for it.
pub(in crate::app) fn look(state: &mut State, restored: HashSet<Target>) -> Option<Effect> {
    let acts = state.basket.acts();
    if acts.is_empty() {
        return None;
    }
    // It only reads; what it still says is stale.
    state.give_up(&Purpose::Look);
    let before = state.keeping.look.take();
    let mut restored = restored;
    restored.extend(before.into_iter().flat_map(|look| look.restored));
    state.keeping.look = Some(BasketLook {
        restored,
        ended: Vec::new(),
        unread: None,
        unread_count: 0,
    });
    Some(state.ask(Purpose::Look, Ask::Look(acts)))
}

/// How some staged rows stand.
pub(in crate::app) fn looked(state: &mut State, rows: Vec<Looked>) {
    let Some(mut look) = state.keeping.look.take() else {
        return;
    };
    let mut read = Vec::new();
    for row in rows {
        if let Some(request) = row.request {
            read.push(request.id.clone());
            take(state, *request);
        }
        match row.ends {
            Err(problem) => {
                look.unread_count += 1;
                look.unread = Some(problem);
            }
            Ok(None) => state
                .basket
                .learn(&row.target, |decision| decision.barred = None),
            Ok(Some(outcome)) => ends(state, &mut look, &row.target, &outcome),
        }
    }
    state.data.join_some(&read, state.now);
    seen::learn(state);
    state.keeping.look = Some(look);
}

/// A staged row that sending would not change any more.
fn ends(state: &mut State, look: &mut BasketLook, target: &Target, outcome: &Outcome) {
    let how = outcome.words(|at| state.clock(at));
    if look.restored.contains(target) && outcome.settled() {
        let name = state
            .basket
            .get(target)
            .map(|decision| decision.name.clone());
        let name = name.filter(|name| !name.is_empty());
        look.ended.push(format!(
            "{} ({how})",
            name.as_deref().unwrap_or(target.as_str())
        ));
        state.basket.settle(target);
    } else {
        state
            .basket
            .learn(target, |decision| decision.barred = Some(how));
    }
}

/// A request read anew: its row has it at once, and its decision the name.
fn take(state: &mut State, request: Request) {
    let target = Target::Request(request.id.clone());
    let person = request.subject().clone();
    state.basket.learn(&target, |decision| {
        if decision.name.is_empty() && decision.mail.is_empty() {
            (decision.name, decision.mail) = (person.name, person.mail);
        }
    });
    let id = request.id.clone();
    state.data.requests.change(&id, |row| {
        let answers = |request: &Request| -> Vec<_> {
            request
                .answers
                .iter()
                .map(|a| a.sent().to_owned())
                .collect()
        };
        // The list may know the questions' words, where this has their ids only.
        if answers(&row.request) != answers(&request) {
            row.request.answers = request.answers;
        }
        row.request.justification = request.justification;
        row.request.state = request.state;
        row.request.stages = request.stages.or_else(|| row.request.stages.take());
    });
}

/// Every row was looked at, or could not be: says what had ended meanwhile.
pub(in crate::app) fn look_ended(state: &mut State) {
    let Some(look) = state.keeping.look.take() else {
        return;
    };
    let of = look.restored.len();
    let failed = look.unread.as_ref();
    if of == 0 {
        if let Some(problem) = failed {
            state.say(
                Grade::Error,
                format!("Not every staged row could be read again: {problem}"),
            );
        }
        return;
    }
    let ended = look.ended.len();
    let mut said = if ended == 0 {
        format!("{of} of an earlier session are staged again")
    } else {
        let mut names = look.ended[..ended.min(NAMED)].join(", ");
        if ended > NAMED {
            names = format!("{names} and {} more", ended - NAMED);
        }
        let left = of - ended;
        format!(
            "{ended} of {of} were decided elsewhere meanwhile: {names}. {left} are staged again"
        )
    };
    if let Some(problem) = failed {
        said = format!("{said}; not every row could be read: {problem}");
    }
    let grade = if failed.is_some() {
        Grade::Error
    } else {
        Grade::Note
    };
    state.say(grade, said);
}
