//! Decisions that are kept between two runs, and what was seen of a row when it was decided.
//!
//! No name and no address is in here: both are read again with the row. What somebody wrote as a reason is, as it
//! is in the journal.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{ActKind, Target};
use crate::domain::id::StageId;
use crate::domain::request_sight::RequestSight;
use crate::domain::text::Text;

/// What was seen of a row when it was decided; where it differs later, the decision was made on other facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The stage that waited, `1/2`.
    pub stage: String,
    /// What the request said.
    pub sight: RequestSight,
    /// The words of the signals.
    pub signals: Vec<String>,
    /// The word for the guest that the person was already; empty for none.
    pub standing: String,
}

impl Seen {
    /// What differs in `now`, each as part of a sentence; nothing where nothing does.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        if self.stage != now.stage {
            changes.push(format!("stage {} now, was {}", now.stage, self.stage));
        }
        let said = self.sight.changes(&now.sight).into_iter();
        changes.extend(said.map(str::to_owned));
        let mut new = now.signals.clone();
        new.retain(|word| !self.signals.contains(word));
        if !new.is_empty() {
            changes.push(format!("new: {}", new.join(", ")));
        }
        let mut gone = self.signals.clone();
        gone.retain(|word| !now.signals.contains(word));
        if !gone.is_empty() {
            changes.push(format!("no longer: {}", gone.join(", ")));
        }
        if self.standing != now.standing {
            changes.push(match (self.standing.as_str(), now.standing.as_str()) {
                ("", now) => format!("a guest now ({now})"),
                (_, "") => "no longer a guest".to_owned(),
                (_, now) => format!("{now} as a guest now"),
            });
        }
        changes
    }
}

/// A decision as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDecision {
    /// The row.
    pub target: Target,
    /// What was decided.
    pub kind: ActKind,
    /// Its own reason.
    pub reason: Option<String>,
    /// The stage it was meant for.
    pub stage: Option<StageId>,
    /// The rule that suggested it.
    pub rule: Option<Text>,
    /// Whether it was left out of the next send.
    pub left_out: bool,
    /// What was seen then, where that is compared.
    pub seen: Option<Seen>,
}

/// A basket as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// When it was kept last.
    pub saved: Timestamp,
    /// The reasons of those that have none of their own, a verdict each.
    pub reasons: BTreeMap<ActKind, String>,
    /// What was staged and not sent, or sent without an answer yet.
    pub decisions: Vec<KeptDecision>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request_sight::sum;

    fn lives(place: &str) -> RequestSight {
        RequestSight {
            answers: sum([place]),
            ..RequestSight::default()
        }
    }

    fn seen() -> Seen {
        Seen {
            stage: "1/2".into(),
            sight: lives("Lyon"),
            signals: vec!["new domain".into()],
            standing: String::new(),
        }
    }

    #[test]
    fn what_has_changed_is_named() {
        let before = seen();
        assert!(before.changes(&before).is_empty());
        let later = Seen {
            stage: "2/2".into(),
            sight: lives("Paris"),
            signals: vec!["denied before".into()],
            standing: "blocked".into(),
        };
        assert_eq!(
            before.changes(&later),
            [
                "stage 2/2 now, was 1/2",
                "the answers have changed",
                "new: denied before",
                "no longer: new domain",
                "a guest now (blocked)"
            ]
        );
        assert_eq!(
            later.changes(&before).last().map(String::as_str),
            Some("no longer a guest")
        );
    }

    #[test]
    fn the_sum_is_the_same_in_every_run_and_knows_where_a_word_ends() {
        assert_eq!(sum(["Lyon"]), 0xffc6_a63e_5c4f_e790);
        assert_ne!(sum(["ab", "c"]), sum(["a", "bc"]));
        assert_eq!(sum([]), 0);
    }
}
