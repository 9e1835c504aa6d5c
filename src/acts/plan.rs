//! Plans: ordered acts on one target. A step is sent once the one before it has done what was wanted; a plan that was
//! stopped on its way is gone on with later, from the journal.

use jiff::Timestamp;

use super::rules::Inverse;
use super::{Act, ActKind, Ended, Outcome, Target};
use crate::domain::text::Text;

/// Acts on one target, in order, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The steps that are left, at least one.
    pub steps: Vec<Act>,
    /// Why; goes to Graph where it takes a reason, and into the journal always.
    pub reason: String,
    /// Whom it is about, for journal and messages.
    pub name: Text,
    /// Of a plan that is gone on with: what it is called in the journal, and the steps it has done.
    pub begun: Option<BegunPlan>,
}

/// A plan of an earlier run, as the journal knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BegunPlan {
    /// Its id in the journal.
    pub id: String,
    /// The steps done, in order.
    pub done: Vec<ActKind>,
    /// When the last of them was begun.
    pub at: Timestamp,
}

impl Plan {
    /// An act with what belongs to it.
    pub fn of(act: impl Into<Act>, reason: impl Into<String>, name: Text) -> Self {
        let act = act.into();
        // What follows a step may be followed by more; each act names its own.
        let (mut steps, mut open) = (Vec::new(), vec![act]);
        while let Some(step) = open.pop() {
            open.extend(step.rules().followed_by().into_iter().rev());
            steps.push(step);
        }
        Self {
            steps,
            reason: reason.into(),
            name,
            begun: None,
        }
    }

    /// What all its steps are about.
    pub fn target(&self) -> Option<Target> {
        Some(self.steps.first()?.target())
    }

    /// The act it was made for: its first step, of those left.
    pub fn kind(&self) -> Option<ActKind> {
        self.steps.first().map(Act::kind)
    }

    /// What takes it back, step by step from its end; `None` where one of them cannot be taken back.
    pub fn inverse(&self, reason: impl Into<String>) -> Option<Self> {
        let mut steps = Vec::new();
        for act in self.steps.iter().rev() {
            match act.rules().inverse() {
                Inverse::Act(back) => steps.push(*back),
                Inverse::Nothing => {}
                Inverse::None => return None,
            }
        }
        (!steps.is_empty()).then(|| Self {
            steps,
            reason: reason.into(),
            name: self.name.clone(),
            begun: None,
        })
    }
}

/// How a plan ended: with its last step, or with the one it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanEnd {
    /// The steps that were done before the one it ended with, in order.
    pub done: Vec<ActKind>,
    /// The step it ended with.
    pub kind: ActKind,
    /// How that ended.
    pub outcome: Outcome,
    /// How many steps were not come to.
    pub left: usize,
    /// What the act it was made for did to its row.
    pub rows: super::Rows,
}

impl PlanEnd {
    /// How a single act has ended.
    pub fn of(act: &Act, outcome: Outcome) -> Self {
        Self {
            done: Vec::new(),
            kind: act.kind(),
            left: 0,
            rows: if outcome.settled() {
                act.rules().rows(&outcome)
            } else {
                super::Rows::Stay
            },
            outcome,
        }
    }

    /// What it comes to. What its first step did has been done, whatever became of the rest.
    pub fn ended(&self) -> Ended {
        match (self.outcome.ended(), self.done.is_empty()) {
            (ended, true) => ended,
            // So already is as good as done for what only follows.
            (Ended::Done | Ended::Elsewhere, false) => Ended::Done,
            (ended @ (Ended::UnderWay | Ended::NotDelivered), false) => ended,
            (Ended::NotSent | Ended::HalfDone | Ended::Failed, false) => Ended::HalfDone,
        }
    }

    /// Whether its row is finished with: nothing of it stays in the basket.
    pub fn settled(&self) -> bool {
        self.ended().settled()
    }

    /// The exit code of a plain command that ended so.
    pub fn exit_code(&self) -> u8 {
        match self.ended() {
            Ended::Done => 0,
            Ended::HalfDone
            | Ended::NotSent
            | Ended::Elsewhere
            | Ended::UnderWay
            | Ended::NotDelivered
            | Ended::Failed => self.outcome.exit_code(),
        }
    }

    /// The act whose word says what was done: the first of the plan.
    pub fn first(&self) -> ActKind {
        self.done.first().copied().unwrap_or(self.kind)
    }

    /// It in words; `clock` words a time.
    pub fn words(&self, clock: impl Fn(Timestamp) -> String) -> String {
        let words = self.outcome.words(clock);
        if self.done.is_empty() {
            return words;
        }
        match self.ended() {
            Ended::Done if self.outcome == (Outcome::Done { found: false }) => words,
            Ended::Done | Ended::UnderWay | Ended::NotDelivered => {
                format!("{}; {words}", self.first().about().participle)
            }
            Ended::HalfDone | Ended::NotSent | Ended::Elsewhere | Ended::Failed => {
                let done: Vec<&str> = self
                    .done
                    .iter()
                    .map(|kind| kind.about().participle)
                    .collect();
                let rest = self.kind.about().verb;
                format!(
                    "{}, but to {rest} is left to be done: {words}",
                    done.join(", ")
                )
            }
        }
    }
}
