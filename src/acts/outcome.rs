//! How an act can end, and what that comes to.

use jiff::Timestamp;

use super::arrival::{Arrival, DeliveryWay, Taken};
use super::ended::Ended;
use crate::domain::invitation::Invited;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::ReviewResult;
use crate::domain::text::Text;

/// How an act ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened. `found` says that its answer was lost and reading back showed it.
    Done {
        /// Found by reading back rather than told.
        found: bool,
    },
    /// The invitation was made.
    Invited(Box<Invited>),
    /// Graph has taken it, and what it leads to is under way: it is followed, or looked at at the next start.
    Accepted(Box<Taken>),
    /// How far what Graph had taken has come, once that was followed.
    Arrived(Box<Arrival>, DeliveryWay),
    /// Somebody else had decided before: an outcome, not an error.
    Already {
        /// What was decided.
        result: ReviewResult,
        /// Whether that is what was wanted.
        so: bool,
        /// By whom; may be empty.
        by: Text,
        /// When.
        at: Option<Timestamp>,
    },
    /// The current stage waits for others; nothing was sent.
    NotYours {
        /// The number of the stage that waits, from 1.
        stage: usize,
    },
    /// Read again before sending, it needed no writing: the request is gone, the guest already blocked.
    Moot {
        /// Why, as the end of a sentence about the row: `is already blocked`.
        why: String,
        /// Whether what was wanted is so.
        so: bool,
    },
    /// An earlier write to the same target is open: whether it happened is not known. Nothing was sent.
    InTheWay {
        /// The word of the earlier act.
        act: Text,
        /// When it was begun.
        at: Timestamp,
        /// Whether another run of this program is at it now.
        living: bool,
    },
    /// Graph refused it, or it could not be sent; nothing happened.
    Failed(Problem),
    /// Nobody knows whether it happened, and reading back did not work either. It is not sent again before
    /// reading back has shown it.
    Unknown(Problem),
}

impl Outcome {
    /// Whether what was wanted is now so by this act.
    pub fn done(&self) -> bool {
        match self {
            Self::Done { .. } | Self::Invited(_) | Self::Accepted(_) => true,
            Self::Arrived(arrival, way) => arrival.ended(*way) == Ended::Done,
            Self::Already { .. }
            | Self::NotYours { .. }
            | Self::Moot { .. }
            | Self::InTheWay { .. }
            | Self::Failed(_)
            | Self::Unknown(_) => false,
        }
    }

    /// What it comes to.
    pub fn ended(&self) -> Ended {
        match self {
            Self::Done { .. } | Self::Invited(_) => Ended::Done,
            Self::Accepted(_) => Ended::UnderWay,
            Self::Arrived(arrival, way) => arrival.ended(*way),
            Self::Already { .. } | Self::Moot { .. } => Ended::Elsewhere,
            Self::Failed(problem) if problem.kind == ProblemKind::Cancelled => Ended::NotSent,
            Self::NotYours { .. } | Self::InTheWay { .. } | Self::Failed(_) | Self::Unknown(_) => {
                Ended::Failed
            }
        }
    }

    /// Whether the row is finished with: nothing of it stays in the basket.
    pub fn settled(&self) -> bool {
        self.ended().settled()
    }

    /// The exit code of a plain command that ended so: 0 where what was wanted is so.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Done { .. } | Self::Invited(_) | Self::Accepted(_) => 0,
            Self::Arrived(arrival, way) => arrival.exit_code(*way),
            Self::Already { so, .. } | Self::Moot { so, .. } => u8::from(!so),
            Self::NotYours { .. } => 4,
            Self::InTheWay { .. } => 1,
            Self::Failed(problem) => problem.exit_code(),
            // No code that invites to try again at once: what may have happened is looked at first.
            Self::Unknown(problem) => match problem.exit_code() {
                5 => 1,
                other => other,
            },
        }
    }

    /// One word for it in plain output; `None` where the act's participle is that word.
    pub fn word(&self) -> Option<&'static str> {
        match self {
            Self::Done { .. } | Self::Invited(_) => None,
            Self::Accepted(taken) => Some(taken.way.taken),
            Self::Arrived(arrival, way) => arrival.word(*way),
            Self::Already { .. } => Some("already"),
            Self::NotYours { .. } => Some("not-yours"),
            Self::Moot { .. } => Some("moot"),
            Self::InTheWay { .. } => Some("open"),
            Self::Failed(_) => Some("failed"),
            Self::Unknown(_) => Some("unknown"),
        }
    }

    /// It in words; `clock` words a time.
    pub fn words(&self, clock: impl Fn(Timestamp) -> String) -> String {
        match self {
            Self::Done { found: false } => "done".into(),
            Self::Done { found: true } => {
                "done; the answer was lost, reading back showed it had arrived".into()
            }
            Self::Invited(invited) => format!("invited {}", invited.mail),
            Self::Accepted(taken) => taken.words(),
            Self::Arrived(arrival, way) => arrival.words(*way),
            Self::Already { result, by, at, .. } => {
                let at = at
                    .map(|at| format!(" at {}", clock(at)))
                    .unwrap_or_default();
                format!(
                    "already {} by {}{at}",
                    result.as_str().to_lowercase(),
                    by.or("somebody else")
                )
            }
            Self::NotYours { stage } => {
                format!("stage {stage} waits for others now; nothing was sent")
            }
            Self::Moot { why, .. } => why.clone(),
            Self::InTheWay { act, at, living } => {
                let at = clock(*at);
                if *living {
                    format!(
                        "nothing was sent: another run of guestlist is at an earlier {act} of {at}; wait for its end"
                    )
                } else {
                    format!(
                        "nothing was sent: an earlier {act}, begun {at}, may have happened; its answer was lost, and \
                         nothing shows it yet. Look again in a few minutes"
                    )
                }
            }
            Self::Failed(problem) => problem.to_string(),
            Self::Unknown(problem) => {
                format!("unknown whether it arrived, and it is not sent again blindly: {problem}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_comes_to_one_thing() {
        let problem = |kind| Problem::new(kind, "No", "");
        let already = |so| Outcome::Already {
            result: ReviewResult::Approved,
            so,
            by: Text::default(),
            at: None,
        };
        let moot = |so| Outcome::Moot {
            why: "gone".into(),
            so,
        };
        let open = Outcome::InTheWay {
            act: "invite".into(),
            at: Timestamp::UNIX_EPOCH,
            living: false,
        };
        for (outcome, ended, code) in [
            (Outcome::Done { found: true }, Ended::Done, 0),
            (already(true), Ended::Elsewhere, 0),
            (already(false), Ended::Elsewhere, 1),
            (moot(true), Ended::Elsewhere, 0),
            (moot(false), Ended::Elsewhere, 1),
            (Outcome::NotYours { stage: 2 }, Ended::Failed, 4),
            (open, Ended::Failed, 1),
            (
                Outcome::Failed(problem(ProblemKind::NotPermitted)),
                Ended::Failed,
                4,
            ),
            (
                Outcome::Failed(problem(ProblemKind::Cancelled)),
                Ended::NotSent,
                1,
            ),
            (
                Outcome::Failed(problem(ProblemKind::Unreachable)),
                Ended::Failed,
                5,
            ),
            (
                Outcome::Unknown(problem(ProblemKind::Unreachable)),
                Ended::Failed,
                1,
            ),
        ] {
            assert_eq!(outcome.ended(), ended, "{outcome:?}");
            assert_eq!(outcome.exit_code(), code, "{outcome:?}");
            let settled = matches!(ended, Ended::Done | Ended::Elsewhere);
            assert_eq!(outcome.settled(), settled, "{outcome:?}");
        }
    }
}
