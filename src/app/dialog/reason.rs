//! The reason of one staged row, or of the marked ones, written where they stand.

use super::Next;
use super::keys::{DialogKey, Keyed, Press};
use crate::acts::Target;
use crate::app::reason::{Writing, WritingKey, WritingState, writing};
use crate::app::state::{Grade, State};

/// The open line.
#[derive(Clone, Debug)]
pub struct ReasonDialog {
    /// The staged rows it is for; none where nothing is staged, and what is typed is caught all the same.
    pub rows: Vec<Target>,
    /// What is written.
    pub writing: Writing,
}

impl ReasonDialog {
    /// For these rows; begins with the reason they share.
    pub fn new(state: &State, rows: Vec<Target>) -> Self {
        let own = |row| state.basket.get(row).and_then(|d| d.reason.as_deref());
        let first = rows.first().and_then(own);
        let shared = first.filter(|_| rows.iter().all(|row| own(row) == first));
        Self {
            writing: Writing::with(shared.unwrap_or_default()),
            rows,
        }
    }
}

impl Keyed for ReasonDialog {
    type Means = WritingKey;

    fn table(&self, _: &State) -> Vec<DialogKey<WritingKey>> {
        writing("keep", "cancel").to_vec()
    }

    fn does(&mut self, means: WritingKey, Press { key, state, .. }: Press<'_>) -> Next {
        match self.writing.does(means, key, &state.reasons) {
            WritingState::Still => return Next::Stay,
            WritingState::TakenBack => return Next::Close,
            WritingState::Kept => {}
        }
        let reason = Some(self.writing.value().to_owned()).filter(|reason| !reason.is_empty());
        state.reasons.remember(self.writing.value());
        if self.rows.is_empty() {
            state.say(
                Grade::Note,
                "Nothing was staged there: the reason is kept for later, Up brings it",
            );
            return Next::Close;
        }
        // By now some of them may have been settled.
        for row in &self.rows {
            state.basket.give_reason(row, reason.clone());
        }
        let last = self.rows.iter().rev().find_map(|row| state.basket.get(row));
        if let Some(decision) = last {
            state.reasons.last = Some((decision.kind, reason.clone()));
        }
        if self.rows.len() > 1 {
            let words = match &reason {
                Some(_) => format!("{} staged rows have this reason", self.rows.len()),
                None => format!(
                    "{} staged rows have no reason of their own",
                    self.rows.len()
                ),
            };
            state.say(Grade::Good, words);
        }
        Next::Close
    }

    fn paste(&mut self, pasted: &str) {
        self.writing.paste(pasted);
    }
}
