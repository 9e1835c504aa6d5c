//! Where an act has got to that Graph has only taken: a 201 on an assignment request says `submitted` and nothing more,
//! and the last stage's approval begins a delivery (entitlementmanagement-post-assignmentrequests). An act says in its
//! file whether it is one of these ([`super::ActRules::follows`]); the worker follows them, whatever they are.

use super::ended::Ended;
use crate::domain::delivery::DeliveryFacts;
use crate::domain::id::RequestId;
use crate::domain::lifecycle::standing;
use crate::domain::problem::Problem;
use crate::domain::request::RequestState;

/// How an act is followed that leads to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryWay {
    /// The word for it while Graph has only taken it: `submitted`.
    pub taken: &'static str,
    /// It passes a stage: that is done with Graph's yes, whatever becomes of the delivery, and another stage may wait
    /// then. Else nothing is done before it has arrived.
    pub passes: bool,
}

/// What Graph has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The request it leads to.
    pub request: RequestId,
    /// How it is followed.
    pub way: DeliveryWay,
    /// Found by reading back rather than told.
    pub found: bool,
}

impl Taken {
    /// It in words.
    pub fn words(&self) -> String {
        let lost = if self.found {
            "; found by reading back"
        } else {
            ""
        };
        format!(
            "{}{lost}; whether it has arrived is not known yet",
            self.way.taken
        )
    }
}

/// How far what Graph has taken has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The access is there.
    Delivered,
    /// Part of it is there.
    Partly {
        /// Why, as a clause.
        why: String,
        /// The setting or step that it points to.
        next: String,
    },
    /// None of it is there.
    Failed {
        /// Why, as a clause.
        why: String,
        /// The setting or step that it points to.
        next: String,
    },
    /// It comes on a day.
    Scheduled,
    /// A stage waits for approval: the next one, or, of a direct assignment, one that was not to be asked.
    Waits {
        /// Its number, from 1.
        stage: usize,
        /// Of how many, as far as is known.
        of: usize,
        /// Who may decide it, in words; empty where that is not known.
        deciders: String,
    },
    /// It was denied, cancelled or the like meanwhile.
    Over(RequestState),
    /// It had not come to an end when patience had.
    UnderWay(RequestState),
    /// This sign-in cannot see what became of it.
    Unseen(Problem),
}

impl Arrival {
    /// The same, with why it came to that.
    #[must_use]
    pub fn because(self, facts: &DeliveryFacts) -> Self {
        let (why, next) = facts.reason();
        match self {
            Self::Partly { .. } => Self::Partly { why, next },
            Self::Failed { .. } => Self::Failed { why, next },
            Self::Delivered
            | Self::Scheduled
            | Self::Waits { .. }
            | Self::Over(_)
            | Self::UnderWay(_)
            | Self::Unseen(_) => self,
        }
    }

    /// What it comes to.
    pub fn ended(&self, way: DeliveryWay) -> Ended {
        match self {
            Self::Delivered | Self::Scheduled => Ended::Done,
            Self::Waits { .. } if way.passes => Ended::Done,
            // The verdict is given; what becomes of it others can see.
            Self::Unseen(_) if way.passes => Ended::Done,
            Self::UnderWay(_) | Self::Unseen(_) => Ended::UnderWay,
            Self::Waits { .. } | Self::Over(_) => Ended::Elsewhere,
            Self::Partly { .. } | Self::Failed { .. } => Ended::NotDelivered,
        }
    }

    /// The exit code of a plain command that ended so: 0 where what was wanted is so.
    pub fn exit_code(&self, way: DeliveryWay) -> u8 {
        match (self.ended(way), way.passes) {
            (Ended::Done, _) => 0,
            // Nothing has failed, and the verdict is given.
            (Ended::UnderWay, true) => 0,
            (_, _) => 1,
        }
    }

    /// One word for it in plain output; `None` where the act's participle is that word.
    pub fn word(&self, way: DeliveryWay) -> Option<&'static str> {
        match self {
            Self::Delivered => None,
            Self::Scheduled | Self::UnderWay(_) | Self::Unseen(_) => Some(way.taken),
            Self::Waits { .. } if way.passes => None,
            Self::Waits { .. } => Some("waits"),
            Self::Over(_) => Some("moot"),
            Self::Partly { .. } => Some("partly-delivered"),
            Self::Failed { .. } => Some("not-delivered"),
        }
    }

    /// It in words.
    pub fn words(&self, way: DeliveryWay) -> String {
        let taken = way.taken;
        match self {
            Self::Delivered => "delivered".into(),
            Self::Partly { why, next } => {
                format!("{taken}, and delivered only in part: {why}. {next}")
            }
            Self::Failed { why, next } => {
                format!("{taken}, and could not be delivered: {why}. {next}")
            }
            Self::Scheduled => format!("{taken}; the access comes on the day it was asked for"),
            Self::Waits {
                stage,
                of,
                deciders,
            } => {
                let who = match deciders.as_str() {
                    "" => "others",
                    deciders => deciders,
                };
                let stage = format!("stage {stage} of {} waits for {who}", of.max(stage));
                if way.passes {
                    format!("{taken}; {stage} now")
                } else {
                    format!("{taken}, and approvers are asked after all: {stage}")
                }
            }
            Self::Over(state) => format!("{taken}, and then it {}", standing(state)),
            Self::UnderWay(state) => format!(
                "{taken}; it {} still. The request tells how it ends, and the next start looks again",
                standing(state)
            ),
            Self::Unseen(problem) => format!(
                "{taken}; what becomes of it cannot be seen with this sign-in: {}",
                problem.what
            ),
        }
    }
}
