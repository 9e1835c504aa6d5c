//! The review: who, what and why, before anything is sent.
//!
//! The default is to cancel. `y` sends, never the key that opened the review; above
//! [`crate::acts::TYPE_ABOVE`] decisions, and where one of them weighs so much, the number shown has to be typed first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, moves, row, type_digit};
use crate::acts::{ActKind, Target};
use crate::app::basket::seen;
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::keymap;
use crate::app::reason::{Writing, WritingKey, WritingState, writing};
use crate::app::sends::{self, From};
use crate::app::state::{Grade, State};

/// A reason being written, and the row it is for; for all where there is none.
pub type ReasonOf = (Option<Target>, Writing);

/// The open review.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// The row the keys are for; the first where there is none.
    pub at: Option<Target>,
    /// A reason being written: of one row, or of all that have none of their own.
    pub writing: Option<Box<ReasonOf>>,
    /// Digits typed so far.
    pub number: String,
    /// Why it was not sent.
    pub wrong: Option<String>,
}

/// What a review says of the basket as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Decisions a send would take.
    pub all: usize,
    /// Of those: how many of each act, in the order of the review.
    pub kinds: BTreeMap<ActKind, usize>,
    /// Of those: on rows that the filter hides now.
    pub hidden: usize,
    /// Of those: without the reason they need.
    pub reasonless: usize,
    /// Of those: on rows that have changed since they were staged.
    pub changed: usize,
    /// Of those: that would do nothing, as far as that is known.
    pub barred: usize,
    /// Staged, and left out of this send.
    pub left_out: usize,
}

impl Totals {
    /// Counts the basket.
    pub fn of(state: &State) -> Self {
        let mut totals = Self::default();
        for (target, decision) in state.basket.waiting() {
            if decision.left_out {
                totals.left_out += 1;
                continue;
            }
            totals.all += 1;
            *totals.kinds.entry(decision.kind).or_default() += 1;
            totals.hidden += usize::from(!shown(state, target));
            totals.reasonless += usize::from(decision.needs_reason() && decision.reason.is_none());
            if seen::bar(state, target, decision).is_some() {
                totals.barred += 1;
            } else if !seen::changes(state, target, decision).is_empty() {
                totals.changed += 1;
            }
        }
        totals
    }

    /// Whether the number has to be typed.
    pub fn typed(&self) -> bool {
        self.kinds
            .keys()
            .any(|kind| kind.about().weight.number(self.all))
    }

    /// `12 approve, 2 deny`.
    pub fn words(&self) -> String {
        let part = |(kind, count): (&ActKind, &usize)| format!("{count} {}", kind.about().verb);
        let parts: Vec<String> = self.kinds.iter().map(part).collect();
        parts.join(", ")
    }
}

/// Whether view and filter of its pane let a row through. One that is gone is not hidden.
pub fn shown(state: &State, target: &Target) -> bool {
    let data = &state.data;
    match target {
        Target::Request(id) => data.requests.shows(id) || data.requests.get(id).is_none(),
        Target::Guest(id) => data.guests.shows(id) || data.guests.get(id).is_none(),
        Target::Address(_) | Target::Assignment(_) => true,
    }
}

/// What waits to be sent, verdict by verdict, each in the order of its list.
pub fn groups(state: &State) -> Vec<(ActKind, Vec<Target>)> {
    let group = |kind: ActKind| {
        let mut targets: Vec<Target> = state
            .basket
            .waiting()
            .filter(|(_, decision)| decision.kind == kind)
            .map(|(target, _)| target.clone())
            .collect();
        targets.sort_by(|a, b| in_order(state, a, b));
        (kind, targets)
    };
    ActKind::staged()
        .map(group)
        .filter(|(_, targets)| !targets.is_empty())
        .collect()
}

fn in_order(state: &State, a: &Target, b: &Target) -> Ordering {
    match (a, b) {
        (Target::Request(a), Target::Request(b)) => state.data.requests.order_of(a, b),
        (Target::Guest(a), Target::Guest(b)) => state.data.guests.order_of(a, b),
        _ => a.cmp(b),
    }
}

/// Every row of the review, from its top down.
fn rows(state: &State) -> Vec<Target> {
    groups(state)
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .collect()
}

impl Review {
    /// The row the keys are for, and its place.
    pub fn row(&self, state: &State) -> Option<(usize, Target)> {
        let rows = rows(state);
        let at = self
            .at
            .as_ref()
            .and_then(|at| rows.iter().position(|row| row == at));
        let place = at.unwrap_or(0);
        rows.get(place).cloned().map(|row| (place, row))
    }

    fn write_for(&mut self, row: Option<Target>, reason: &str) {
        self.writing = Some(Box::new((row, Writing::with(reason))));
    }

    fn write(&mut self, state: &mut State, means: WritingKey, key: Key) {
        let Some((row, writing)) = self.writing.as_deref_mut() else {
            return;
        };
        match writing.does(means, key, &state.reasons) {
            WritingState::Still => return,
            WritingState::Kept => {
                let reason = writing.value().to_owned();
                state.reasons.remember(&reason);
                match row {
                    None => state.basket.set_reason(reason),
                    Some(row) => {
                        let own = (!reason.is_empty()).then_some(reason);
                        state.basket.give_reason(row, own);
                    }
                }
                self.wrong = None;
            }
            WritingState::TakenBack => {}
        }
        self.writing = None;
    }

    fn write_own(&mut self, state: &State) {
        if let Some((_, row)) = self.row(state) {
            let own = state.basket.get(&row).and_then(|d| d.reason.clone());
            self.write_for(Some(row), &own.unwrap_or_default());
        }
    }

    /// Takes the row back; says whether any is left.
    fn unstage(&mut self, state: &mut State) -> bool {
        if let Some((place, row)) = self.row(state) {
            state.basket.unstage(&row);
            self.go(state, place);
            self.changed();
        }
        !state.basket.is_empty()
    }

    fn step(&mut self, state: &State, by: isize) {
        let place = self.row(state).map_or(0, |(place, _)| place);
        self.go(state, place.saturating_add_signed(by));
    }

    fn go(&mut self, state: &State, place: usize) {
        let rows = rows(state);
        self.at = rows.get(place.min(rows.len().saturating_sub(1))).cloned();
    }

    /// Leaves the row out of this send, or puts it back, and steps on.
    fn leave_out(&mut self, state: &mut State) {
        if let Some((_, row)) = self.row(state) {
            let out = state
                .basket
                .get(&row)
                .is_some_and(|decision| decision.left_out);
            state.basket.leave_out(&row, !out);
            self.step(state, 1);
            self.changed();
        }
    }

    /// Another number would be sent now: one typed already is not meant for it.
    fn changed(&mut self) {
        self.number.clear();
        self.wrong = None;
    }

    /// Sends the basket, unless something is missing; then says what.
    fn send(&mut self, state: &mut State, effects: &mut Vec<Effect>) -> Next {
        let totals = Totals::of(state);
        let missing = if totals.all == 0 {
            Some("Nothing is left to send".to_owned())
        } else if state.setup.read_only {
            Some("Not sent: this console is read-only".to_owned())
        } else if state.sends.from_basket().is_some() {
            Some("Not sent: the last send is still under way".to_owned())
        } else if totals.reasonless > 0 && state.basket.reason().is_empty() {
            let which = if totals.reasonless == 1 {
                "1 of these".into()
            } else {
                format!("{} of these", totals.reasonless)
            };
            Some(format!(
                "Not sent: {which} cannot go without a reason; press r and write it"
            ))
        } else if totals.typed() && self.number != totals.all.to_string() {
            self.number.clear();
            Some(format!(
                "Not sent: type the number {} first, then y",
                totals.all
            ))
        } else {
            None
        };
        if missing.is_some() {
            self.wrong = missing;
            return Next::Stay;
        }
        let order = rows(state);
        let packages = order
            .iter()
            .map(|target| (target.clone(), seen::package(state, target)))
            .collect();
        remember_last(state, &order);
        let plans = state.basket.send(&order, &packages);
        let begun = sends::begin(state, From::Basket, plans, false);
        state.say(Grade::Note, format!("Sending: {}", totals.words()));
        effects.extend(begun.map(|(_, effect)| effect));
        Next::Close
    }
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum ReviewKey {
    Cancel,
    Send,
    ReasonForAll,
    ReasonForRow,
    LeaveOut,
    Unstage,
    Move,
    Top,
    Bottom,
    Digit,
    Erase,
    /// While a reason is being written.
    Write(WritingKey),
}

impl Keyed for Review {
    type Means = ReviewKey;

    fn table(&self, state: &State) -> Vec<DialogKey<ReviewKey>> {
        if self.writing.is_some() {
            let rows = writing("keep the reason", "take it back").into_iter();
            return rows.map(|row| row.part_of(ReviewKey::Write)).collect();
        }
        let none = self.row(state).is_none();
        let nothing = "nothing is left here";
        vec![
            // Enter is the default, and the default is to cancel.
            row(keys::LEAVE, ReviewKey::Cancel)
                .footer("cancel")
                .safe("Cancel"),
            row(&["y"], ReviewKey::Send).both("send"),
            row(&["r", "Tab"], ReviewKey::ReasonForAll)
                .footer("reason for all")
                .other("reason"),
            row(&["w"], ReviewKey::ReasonForRow)
                .footer("for this row")
                .other("this row's")
                .off_if(none, nothing),
            row(&["Space"], ReviewKey::LeaveOut)
                .both("leave out")
                .off_if(none, nothing),
            row(&["u"], ReviewKey::Unstage)
                .footer("unstage")
                .off_if(none, nothing),
            moves(ReviewKey::Move).footer("move"),
            row(&["Home"], ReviewKey::Top),
            row(&["End"], ReviewKey::Bottom),
            row(keys::DIGITS, ReviewKey::Digit),
            row(&["Backspace"], ReviewKey::Erase),
        ]
    }

    fn does(
        &mut self,
        means: ReviewKey,
        Press {
            key,
            state,
            effects,
        }: Press<'_>,
    ) -> Next {
        match means {
            ReviewKey::Cancel => return Next::Close,
            ReviewKey::Send => return self.send(state, effects),
            ReviewKey::ReasonForAll => self.write_for(None, state.basket.reason()),
            ReviewKey::ReasonForRow => self.write_own(state),
            ReviewKey::LeaveOut => self.leave_out(state),
            ReviewKey::Unstage => {
                if !self.unstage(state) {
                    return Next::Close;
                }
            }
            ReviewKey::Move => self.step(state, keymap::movement(key).unwrap_or(0)),
            ReviewKey::Top => self.go(state, 0),
            ReviewKey::Bottom => self.go(state, usize::MAX),
            ReviewKey::Digit => {
                if type_digit(&mut self.number, key) {
                    self.wrong = None;
                }
            }
            ReviewKey::Erase => {
                self.number.pop();
            }
            ReviewKey::Write(means) => self.write(state, means, key),
        }
        Next::Stay
    }

    fn paste(&mut self, pasted: &str) {
        if let Some(writing) = self.writing.as_mut().map(|of| &mut of.1) {
            writing.paste(pasted);
        }
    }
}

/// The answer to give again is the last one with the reason it is sent with.
fn remember_last(state: &mut State, order: &[Target]) {
    let Some((kind, reason @ None)) = &mut state.reasons.last else {
        return;
    };
    let sent = order
        .iter()
        .rev()
        .filter_map(|target| state.basket.get(target));
    let mut same = sent.filter(|decision| decision.kind == *kind && !decision.left_out);
    if let Some(decision) = same.next() {
        let words = decision.reason.as_deref().unwrap_or(state.basket.reason());
        *reason = Some(words.to_owned()).filter(|words| !words.is_empty());
    }
}
