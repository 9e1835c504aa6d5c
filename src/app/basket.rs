//! The basket: decisions staged and not yet sent. By id, never by row number.

use std::collections::BTreeMap;

use super::rows::RequestRow;
use crate::domain::act::{Act, Deed, Strength, Target, Verdict};
use crate::domain::id::StageId;
use crate::domain::text::Text;

/// A verdict staged on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// Its own reason; where there is none, the review's reason serves.
    pub reason: Option<String>,
    /// Whom it is about.
    pub name: Text,
    /// Mail address, to tell namesakes apart.
    pub mail: Text,
    /// The stage of a request that the verdict is meant for.
    pub stage: Option<StageId>,
    /// Whether the policy asks the approver to say why even when approving.
    pub reason_required: bool,
    /// The rule that suggested it; `None` for what somebody staged by hand.
    pub rule: Option<Text>,
    /// What became of it when it was sent last and did not work.
    pub failed: Option<String>,
    /// Being sent now.
    pub sending: bool,
}

impl Decision {
    /// A verdict on somebody, staged by hand just now.
    pub fn new(verdict: Verdict, name: Text, mail: Text) -> Self {
        Self {
            verdict,
            reason: None,
            name,
            mail,
            stage: None,
            reason_required: false,
            rule: None,
            failed: None,
            sending: false,
        }
    }

    /// A verdict on the stage of a request that waits now.
    pub fn on(row: &RequestRow, verdict: Verdict) -> Self {
        let person = &row.request.requestor;
        let current = row.request.current_stage();
        Self {
            stage: current.map(|(_, stage)| stage.id.clone()),
            reason_required: row.reason_required,
            ..Self::new(verdict, person.name.clone(), person.mail.clone())
        }
    }

    /// Whether it may not be sent without a reason.
    pub fn needs_reason(&self) -> bool {
        self.reason_required || self.verdict.needs_reason()
    }
}

/// Decisions not yet sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basket {
    staged: BTreeMap<Target, Decision>,
}

impl Basket {
    /// Stages a verdict; a later one on the same row replaces the earlier, unless that is being sent.
    pub fn stage(&mut self, target: Target, decision: Decision) -> bool {
        if self.staged.get(&target).is_some_and(|old| old.sending) {
            return false;
        }
        self.staged.insert(target, decision);
        true
    }

    /// Takes a verdict back; one that is being sent stays. Says whether there was one to take.
    pub fn unstage(&mut self, target: &Target) -> bool {
        if self.staged.get(target).is_none_or(|old| old.sending) {
            return false;
        }
        self.staged.remove(target).is_some()
    }

    /// The verdict on a row.
    pub fn get(&self, target: &Target) -> Option<&Decision> {
        self.staged.get(target)
    }

    /// All of them, requests first.
    pub fn iter(&self) -> impl Iterator<Item = (&Target, &Decision)> {
        self.staged.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.staged.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.staged.is_empty()
    }

    /// How many with this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.staged
            .values()
            .filter(|decision| decision.verdict == verdict)
            .count()
    }

    /// Those a send would take: all but those being sent already.
    pub fn sendable(&self) -> impl Iterator<Item = (&Target, &Decision)> {
        self.staged.iter().filter(|(_, decision)| !decision.sending)
    }

    /// Turns what is staged into acts, with `reason` for those without their own, and marks it as being
    /// sent.
    pub fn send(&mut self, reason: &str) -> Vec<Act> {
        let mut acts = Vec::new();
        for (target, decision) in &mut self.staged {
            let Some(deed) = deed(target, decision).filter(|_| !decision.sending) else {
                continue;
            };
            decision.sending = true;
            decision.failed = None;
            let reason = decision
                .reason
                .clone()
                .unwrap_or_else(|| reason.trim().to_owned());
            acts.push(Act {
                deed,
                reason,
                name: decision.name.clone(),
            });
        }
        acts
    }

    /// It ended well, or there is nothing left to do.
    pub fn settle(&mut self, target: &Target) -> Option<Decision> {
        self.staged.remove(target)
    }

    /// It did not work: it stays, with what went wrong.
    pub fn fail(&mut self, target: &Target, why: String) {
        if let Some(decision) = self.staged.get_mut(target) {
            decision.sending = false;
            decision.failed = Some(why);
        }
    }

    /// Nothing is being sent any more.
    pub fn stop_sending(&mut self) {
        for decision in self.staged.values_mut() {
            decision.sending = false;
        }
    }
}

fn deed(target: &Target, decision: &Decision) -> Option<Deed> {
    let stage = || decision.stage.clone();
    match (target, decision.verdict) {
        (Target::Request(request), Verdict::Approve) => Some(Deed::Decide {
            request: request.clone(),
            approve: true,
            stage: stage(),
        }),
        (Target::Request(request), Verdict::Deny) => Some(Deed::Decide {
            request: request.clone(),
            approve: false,
            stage: stage(),
        }),
        (Target::Guest(guest), Verdict::Revoke(Strength::Block)) => {
            Some(Deed::Block(guest.clone()))
        }
        (Target::Guest(guest), Verdict::Revoke(Strength::Delete)) => {
            Some(Deed::Delete(guest.clone()))
        }
        _ => None,
    }
}
