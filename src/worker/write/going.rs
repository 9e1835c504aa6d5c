//! A plan on its way through its steps.

use uuid::Uuid;

use crate::acts::{Act, ActKind, Outcome, Plan, PlanEnd, Rows, Target};
use crate::domain::text::Text;
use crate::journal::PlanStep;

/// A plan on its way: the step it is at, and what it has done.
pub(super) struct Going {
    /// The step it is at.
    act: Act,
    /// Those after it.
    rest: std::vec::IntoIter<Act>,
    /// What it is called in the journal.
    id: String,
    /// The steps done before, by earlier runs too.
    done: Vec<ActKind>,
    /// What its first step did to its row.
    rows: Rows,
    target: Target,
    pub(super) reason: String,
    pub(super) name: Text,
}

impl Going {
    /// A plan that is about to begin, or to be gone on with; `None` for one without a step.
    pub(super) fn new(plan: Plan) -> Option<Self> {
        let mut rest = plan.steps.into_iter();
        let act = rest.next()?;
        let (id, done) = match plan.begun {
            Some(begun) => (begun.id, begun.done),
            None => (Uuid::new_v4().to_string(), Vec::new()),
        };
        Some(Self {
            target: act.target(),
            act,
            rest,
            id,
            done,
            rows: Rows::Stay,
            reason: plan.reason,
            name: plan.name,
        })
    }

    /// The step it is at.
    pub(super) fn act(&self) -> &Act {
        &self.act
    }

    /// What all of it is about.
    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Where its step stands, for the journal; the steps that follow are kept with it, so that they can be gone on
    /// with.
    pub(super) fn place(&self) -> PlanStep {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        PlanStep {
            plan: self.id.clone(),
            step: number(self.done.len() + 1),
            of: number(self.done.len() + 1 + self.rest.len()),
            rest: self
                .rest
                .as_slice()
                .iter()
                .map(|act| {
                    let word = act.about().word;
                    serde_json::json!({ "act": word, "form": act.rules().form() })
                })
                .collect(),
        }
    }

    /// Whether there is a step after this one that comes next where this has ended so.
    pub(super) fn goes_on(&self, outcome: &Outcome) -> bool {
        outcome.done() && self.rest.len() > 0
    }

    /// At its next step, where there is one and this has done what was wanted.
    pub(super) fn step_on(mut self, outcome: &Outcome) -> Option<Self> {
        if !self.goes_on(outcome) {
            return None;
        }
        if self.done.is_empty() {
            self.rows = self.act.rules().rows(outcome);
        }
        self.done.push(self.act.kind());
        self.act = self.rest.next()?;
        Some(self)
    }

    /// How it ends where its step ended so.
    pub(super) fn end(self, outcome: Outcome) -> PlanEnd {
        let rows = if self.done.is_empty() && outcome.settled() {
            self.act.rules().rows(&outcome)
        } else {
            self.rows
        };
        PlanEnd {
            kind: self.act.kind(),
            left: self.rest.len(),
            done: self.done,
            outcome,
            rows,
        }
    }
}
