//! The basket: decisions staged and not yet sent. By id, never by row number.

pub mod keeping;
pub mod seen;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use crate::acts::kept::{KeptDecision, Seen};
use crate::acts::{Act, ActKind, Plan, Target, Wants};
use crate::domain::id::StageId;
use crate::domain::mail;
use crate::domain::template::{Filling, Template};
use crate::domain::text::Text;
use crate::inventory::rows::RequestRow;

/// A verdict staged on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The act it is.
    pub kind: ActKind,
    /// Its own reason; where there is none, that of its verdict serves. The source of a [`Template`]: its
    /// placeholders are filled in when it is sent.
    pub reason: Option<String>,
    /// Whom it is about; empty while that is not known, as after a restart.
    pub name: Text,
    /// Mail address, to tell namesakes apart.
    pub mail: Text,
    /// The stage of a request that the verdict is meant for.
    pub stage: Option<StageId>,
    /// Whether the policy asks the approver to say why even when approving.
    pub reason_required: bool,
    /// The rule that suggested it; `None` for what somebody staged by hand.
    pub rule: Option<Text>,
    /// What was seen of the row when it was staged; `None` where that is not compared.
    pub seen: Option<Seen>,
    /// Left out of the next send; it stays staged.
    pub left_out: bool,
    /// Why sending it would do nothing, as things stood when its row was looked at last.
    pub barred: Option<String>,
    /// What became of it when it was sent last and did not work.
    pub failed: Option<String>,
    /// Being sent now.
    pub sending: bool,
}

impl Decision {
    /// A verdict on somebody, staged by hand just now.
    pub fn new(kind: ActKind, name: Text, mail: Text) -> Self {
        Self {
            kind,
            reason: None,
            name,
            mail,
            stage: None,
            reason_required: false,
            rule: None,
            seen: None,
            left_out: false,
            barred: None,
            failed: None,
            sending: false,
        }
    }

    /// A verdict on the stage of a request that waits now.
    pub fn on(row: &RequestRow, kind: ActKind) -> Self {
        let person = row.request.subject();
        let current = row.request.current_stage();
        Self {
            stage: current.map(|(_, stage)| stage.id.clone()),
            reason_required: row.reason_required,
            ..Self::new(kind, person.name.clone(), person.mail.clone())
        }
    }

    /// One of an earlier run. Whom it is about is read again.
    fn restored(kept: KeptDecision) -> Self {
        Self {
            reason: kept.reason,
            stage: kept.stage,
            rule: kept.rule,
            seen: kept.seen,
            left_out: kept.left_out,
            ..Self::new(kept.kind, Text::default(), Text::default())
        }
    }

    /// Whether it may not be sent without a reason.
    pub fn needs_reason(&self) -> bool {
        match self.kind.about().reason {
            Wants::Always => true,
            Wants::ByPolicy => self.reason_required,
            Wants::Maybe | Wants::Nothing => false,
        }
    }
}

/// Decisions not yet sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basket {
    staged: BTreeMap<Target, Decision>,
    /// The reasons of those that have none of their own, a verdict each, so that what was written of a denial is
    /// never said of an approval. Templates.
    reasons: BTreeMap<ActKind, String>,
    /// What the key before this one staged: the cursor may have stepped on from it.
    pub(super) newest: Vec<Target>,
    /// Counts the changes to what is kept between runs.
    version: u64,
}

impl Basket {
    /// Stages a verdict; a later one on the same row replaces the earlier, unless that is being sent.
    pub fn stage(&mut self, target: Target, decision: Decision) -> bool {
        if self.staged.get(&target).is_some_and(|old| old.sending) {
            return false;
        }
        self.staged.insert(target, decision);
        self.version += 1;
        true
    }

    /// Forgets what the key before this one staged.
    pub(super) fn forget_newest(&mut self) {
        self.newest.clear();
    }

    /// Takes a decision back, and hands it over; one that is being sent stays.
    pub fn take_back(&mut self, target: &Target) -> Option<Decision> {
        self.staged.get(target).filter(|old| !old.sending)?;
        self.version += 1;
        self.staged.remove(target)
    }

    /// Gives a decision its own reason, or with `None` that of its verdict.
    pub fn give_reason(&mut self, target: &Target, reason: Option<String>) {
        if let Some(decision) = self.staged.get_mut(target).filter(|d| !d.sending) {
            decision.reason = reason;
            self.version += 1;
        }
    }

    /// The reason of those with this verdict that have none of their own; empty where none was written.
    pub fn reason(&self, kind: ActKind) -> &str {
        self.reasons.get(&kind).map_or("", String::as_str)
    }

    /// Sets the reason of those with this verdict that have none of their own; an empty one takes it away.
    pub fn set_reason(&mut self, kind: ActKind, reason: String) {
        if reason.is_empty() {
            self.reasons.remove(&kind);
        } else {
            self.reasons.insert(kind, reason);
        }
        self.version += 1;
    }

    /// The reason a decision is sent with: its own, or that of its verdict; empty for none.
    pub fn reason_of<'a>(&'a self, decision: &'a Decision) -> &'a str {
        let own = decision.reason.as_deref();
        own.unwrap_or_else(|| self.reason(decision.kind))
    }

    /// Leaves a decision out of the next send, or puts it back.
    pub fn leave_out(&mut self, target: &Target, out: bool) {
        if let Some(decision) = self.staged.get_mut(target).filter(|d| !d.sending) {
            decision.left_out = out;
            self.version += 1;
        }
    }

    /// Takes in what is known of a row anew, without changing what was decided.
    pub(super) fn learn(&mut self, target: &Target, learn: impl FnOnce(&mut Decision)) {
        if let Some(decision) = self.staged.get_mut(target) {
            learn(decision);
        }
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
    pub fn count(&self, kind: ActKind) -> usize {
        self.staged
            .values()
            .filter(|decision| decision.kind == kind)
            .count()
    }

    /// Those not being sent already: what the review shows.
    pub fn waiting(&self) -> impl Iterator<Item = (&Target, &Decision)> {
        self.staged.iter().filter(|(_, decision)| !decision.sending)
    }

    /// Those a send would take: what waits and is not left out.
    pub fn sendable(&self) -> impl Iterator<Item = (&Target, &Decision)> {
        self.waiting().filter(|(_, decision)| !decision.left_out)
    }

    /// Turns what is staged into plans, in the order given, and marks it as being sent. Those without a reason of
    /// their own take that of their verdict; they keep it should they have to be sent again. `packages` is what each
    /// row's request is for.
    pub fn send(&mut self, order: &[Target], packages: &HashMap<Target, Text>) -> Vec<Plan> {
        let nothing = Text::default();
        let mut plans = Vec::new();
        for target in order {
            let Some(decision) = self.staged.get_mut(target) else {
                continue;
            };
            let sendable = !decision.sending && !decision.left_out;
            let Some(act) = act(target, decision).filter(|_| sendable) else {
                continue;
            };
            decision.sending = true;
            decision.failed = None;
            if decision.reason.is_none() {
                decision.reason = self.reasons.get(&decision.kind).cloned();
            }
            let reason = decision.reason.as_deref().unwrap_or_default();
            let package = packages.get(target).unwrap_or(&nothing);
            let reason = filled(reason, decision, package);
            plans.push(Plan::of(act, reason, decision.name.clone()));
        }
        self.reasons.clear();
        self.version += 1;
        plans
    }

    /// What each decision would write, without sending anything: to be looked at.
    pub(super) fn acts(&self) -> Vec<Act> {
        self.waiting()
            .filter_map(|(target, decision)| act(target, decision))
            .collect()
    }

    /// It ended well, or there is nothing left to do.
    pub fn settle(&mut self, target: &Target) -> Option<Decision> {
        let settled = self.staged.remove(target);
        self.version += u64::from(settled.is_some());
        settled
    }

    /// It did not work: it stays, with what went wrong.
    pub fn fail(&mut self, target: &Target, why: String) {
        if let Some(decision) = self.staged.get_mut(target) {
            decision.sending = false;
            decision.failed = Some(why);
        }
    }

    /// It was not sent, and nothing is wrong with it: it stays.
    pub fn stay(&mut self, target: &Target) {
        self.learn(target, |decision| decision.sending = false);
    }

    /// Nothing is being sent any more.
    pub fn stop_sending(&mut self) {
        for decision in self.staged.values_mut() {
            decision.sending = false;
        }
    }

    /// Forgets all but what is being sent.
    pub fn clear(&mut self) {
        self.staged.retain(|_, decision| decision.sending);
        self.reasons.clear();
        self.version += 1;
    }
}

/// A reason for one row, its placeholders filled in. What cannot be read as a template stands as it was written.
pub fn filled(reason: &str, decision: &Decision, package: &Text) -> String {
    let Ok(template) = Template::parse(reason) else {
        return reason.trim().to_owned();
    };
    template.fill(&Filling {
        name: &decision.name,
        package,
        domain: &Text::new(&mail::domain(&decision.mail)),
    })
}

/// The act a decision is, on the row it is about.
fn act(target: &Target, decision: &Decision) -> Option<Act> {
    (decision.kind.about().make)(target, decision.stage.as_ref())
}
