//! What a row looks like to whoever decides it, and what of that has changed since they did.

use super::Decision;
use crate::acts::kept::Seen;
use crate::acts::{Target, Tone};
use crate::app::state::State;
use crate::domain::guest::{GuestStanding, role_warning};
use crate::domain::request::QuestionAnswer;
use crate::domain::signal::Signal;
use crate::domain::text::Text;
use crate::inventory::rows::RequestRow;

/// What is seen of a request now.
pub fn seen(state: &State, row: &RequestRow) -> Seen {
    let request = &row.request;
    let mut signals: Vec<String> = row.signals.iter().map(|s| Signal::word(s).into()).collect();
    signals.dedup();
    let answers = request.answers.iter().map(QuestionAnswer::sent);
    let words = answers.chain([request.justification.as_str()]);
    Seen {
        stage: row.stage.clone(),
        answers: Seen::sum(words.filter(|word| !word.is_empty())),
        signals,
        standing: state
            .guest_of(request.subject())
            .map(|guest| match guest.standing {
                // That nothing is on record is no news of them.
                GuestStanding::Unknown => GuestStanding::Active.word().to_owned(),
                standing => standing.word().to_owned(),
            })
            .unwrap_or_default(),
    }
}

/// What has changed of a row since it was staged; nothing while its stages are being read anew.
pub fn changes(state: &State, target: &Target, decision: &Decision) -> Vec<String> {
    let (Target::Request(id), Some(before)) = (target, &decision.seen) else {
        return Vec::new();
    };
    match state.data.requests.get(id) {
        Some(row) if row.request.stages.is_some() => before.changes(&seen(state, row)),
        _ => Vec::new(),
    }
}

/// Why sending a decision would do nothing, as far as that is known.
pub fn bar(state: &State, target: &Target, decision: &Decision) -> Option<String> {
    if decision.barred.is_some() {
        return decision.barred.clone();
    }
    match target {
        Target::Request(id) => match state.data.requests.get(id) {
            // Before the list was read once it says nothing.
            None if state.data.loads.requests.ever() => Some("is not in the queue any more".into()),
            Some(row) if !row.request.pending() => Some("does not wait for anybody".into()),
            Some(row) if row.request.stages.is_some() && !row.request.mine() => {
                Some(match row.deciders.as_str() {
                    "" => "waits for somebody else now".into(),
                    deciders => format!("waits for {deciders} now"),
                })
            }
            _ => None,
        },
        Target::Guest(id)
            if state.data.loads.guests.ever() && state.data.guests.get(id).is_none() =>
        {
            Some("is not a guest any more".into())
        }
        Target::Guest(_) | Target::Address(_) | Target::Assignment(_) => None,
    }
}

/// What to mind of whom something is to be taken from: that they hold a directory role, or that it is not known.
pub fn role(state: &State, target: &Target, decision: &Decision) -> Option<String> {
    match target {
        Target::Guest(id) if decision.kind.about().tone == Tone::Take => {
            match state.data.roles.get(id) {
                Some(roles) => role_warning(roles.as_deref()),
                None => Some("whether they hold a directory role is not known yet".into()),
            }
        }
        Target::Guest(_) | Target::Request(_) | Target::Address(_) | Target::Assignment(_) => None,
    }
}

/// Brings decisions up to what is known of their rows: names that are not known yet, and whether a reason is
/// required now.
pub(in crate::app) fn learn(state: &mut State) {
    let targets: Vec<Target> = state
        .basket
        .iter()
        .map(|(target, _)| target.clone())
        .collect();
    for target in targets {
        let known = match &target {
            Target::Request(id) => state.data.requests.get(id).map(|row| {
                let person = row.request.subject();
                let required = row.request.stages.is_some().then_some(row.reason_required);
                (person.name.clone(), person.mail.clone(), required)
            }),
            Target::Guest(id) => state
                .data
                .guests
                .get(id)
                .map(|row| (row.guest.name.clone(), row.guest.address().into(), None)),
            Target::Address(_) | Target::Assignment(_) => None,
        };
        let Some((name, mail, required)) = known else {
            continue;
        };
        state.basket.learn(&target, |decision| {
            if decision.name.is_empty() && decision.mail.is_empty() {
                (decision.name, decision.mail) = (name, mail);
            }
            decision.reason_required = required.unwrap_or(decision.reason_required);
        });
    }
}

/// What a row's request is for; empty where there is none.
pub fn package(state: &State, target: &Target) -> Text {
    match target {
        Target::Request(id) => state
            .data
            .requests
            .get(id)
            .map(|row| row.request.package_name.clone())
            .unwrap_or_default(),
        Target::Guest(_) | Target::Address(_) | Target::Assignment(_) => Text::default(),
    }
}
