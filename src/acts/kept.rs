//! Decisions that are kept between two runs, and what was seen of a row when it was decided.
//!
//! No name and no address is in here: both are read again with the row. What somebody wrote as a reason is, as it
//! is in the journal.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{ActKind, Target};
use crate::domain::id::StageId;
use crate::domain::text::Text;

/// What was seen of a row when it was decided; where it differs later, the decision was made on other facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The stage that waited, `1/2`.
    pub stage: String,
    /// A sum of the answers and the justification; 0 where there were none.
    pub answers: u64,
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
        if self.answers != now.answers {
            changes.push("the answers have changed".to_owned());
        }
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

    /// The sum of words, the same in every run (FNV-1a): what is kept is compared by another.
    pub fn sum<'a>(words: impl IntoIterator<Item = &'a str>) -> u64 {
        const START: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        let bytes = words
            .into_iter()
            .flat_map(|word| word.bytes().chain([0xff]));
        let sum = bytes.fold(START, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(PRIME)
        });
        if sum == START { 0 } else { sum }
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

    fn seen() -> Seen {
        Seen {
            stage: "1/2".into(),
            answers: Seen::sum(["Lyon"]),
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
            answers: Seen::sum(["Paris"]),
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
        assert_eq!(Seen::sum(["Lyon"]), 0xffc6_a63e_5c4f_e790);
        assert_ne!(Seen::sum(["ab", "c"]), Seen::sum(["a", "bc"]));
        assert_eq!(Seen::sum([]), 0);
    }
}
