//! The review: who, what and why, before anything is sent.
//!
//! The default is to cancel. `y` sends, never the key that opened the review; above
//! [`crate::acts::TYPE_ABOVE`] decisions, and where one of them weighs so much, the number shown has to be typed first.

mod totals;

use std::cmp::Ordering;

pub use self::totals::{Totals, shown, warnings};
use self::totals::{reasonless, warned};
use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, moves, row, type_digit};
use crate::acts::{ActKind, Target};
use crate::app::basket::{Decision, seen};
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::keymap;
use crate::app::reason::{Writing, WritingKey, WritingState, writing};
use crate::app::sends::{self, From};
use crate::app::signin::Standing;
use crate::app::state::{Grade, State};

/// What a reason is written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonFor {
    /// A row.
    Row(Target),
    /// A verdict: its rows that have no reason of their own.
    Verdict(ActKind),
    /// Every verdict of the review.
    All,
}

/// A reason being written, and what it is for.
pub type ReasonOf = (ReasonFor, Writing);

/// The open review.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// The row the keys are for; the first where there is none.
    pub at: Option<Target>,
    /// A reason being written.
    pub writing: Option<Box<ReasonOf>>,
    /// Digits typed so far.
    pub number: String,
    /// Why it was not sent.
    pub wrong: Option<String>,
}

/// Whether the rows are being read again. Where that waits for a sign-in so does the send, and the worker reads each
/// again before it sends.
fn looking(state: &State) -> bool {
    let waits = matches!(state.sign_in.standing, Standing::Needed { .. });
    state.keeping.looking() && !waits
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

/// The decision a row would be sent with; none where it is left out.
fn sent_with<'a>(state: &'a State, row: &Target) -> Option<&'a Decision> {
    let decision = state.basket.get(row);
    decision.filter(|decision| !decision.left_out)
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

    /// The verdict of the row the keys are for, whose heading stands over it.
    pub fn verdict(&self, state: &State) -> Option<ActKind> {
        let (_, row) = self.row(state)?;
        state.basket.get(&row).map(|decision| decision.kind)
    }

    fn write_for(&mut self, of: ReasonFor, reason: &str) {
        self.writing = Some(Box::new((of, Writing::with(reason))));
    }

    fn write_for_verdict(&mut self, state: &State) {
        if let Some(kind) = self.verdict(state) {
            self.write_for(ReasonFor::Verdict(kind), state.basket.reason(kind));
        }
    }

    fn write_for_all(&mut self, state: &State) {
        let reason = self
            .verdict(state)
            .map_or("", |kind| state.basket.reason(kind));
        self.write_for(ReasonFor::All, reason);
    }

    fn write(&mut self, state: &mut State, means: WritingKey, key: Key) {
        let Some((of, writing)) = self.writing.as_deref_mut() else {
            return;
        };
        match writing.does(means, key, &state.reasons) {
            WritingState::Still => return,
            WritingState::Kept => {
                let reason = writing.value().to_owned();
                state.reasons.remember(&reason);
                match of {
                    ReasonFor::All => {
                        for (kind, _) in groups(state) {
                            state.basket.set_reason(kind, reason.clone());
                        }
                    }
                    ReasonFor::Verdict(kind) => state.basket.set_reason(*kind, reason),
                    ReasonFor::Row(row) => {
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
            self.write_for(ReasonFor::Row(row), &own.unwrap_or_default());
        }
    }

    /// Takes the row back; says whether any is left.
    fn unstage(&mut self, state: &mut State) -> bool {
        if let Some((place, row)) = self.row(state) {
            state.basket.take_back(&row);
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

    /// The keys are for the first row that would be sent and is so, that they mend what is said of it.
    fn go_to_first(&mut self, state: &State, so: impl Fn(&Target, &Decision) -> bool) {
        let is_so = |row: &Target| sent_with(state, row).is_some_and(|decision| so(row, decision));
        let first = rows(state).into_iter().find(is_so);
        self.at = first.or_else(|| self.at.take());
    }

    /// Steps to the next row that is warned of, or the one before, round the end; says where there is none.
    fn step_warned(&mut self, state: &State, forward: bool) {
        let rows = rows(state);
        let place = self.row(state).map_or(0, |(place, _)| place);
        let is_warned = |at: &usize| {
            sent_with(state, &rows[*at]).is_some_and(|decision| warned(state, &rows[*at], decision))
        };
        let count = rows.len();
        let next = (1..=count)
            .map(|by| (place + if forward { by } else { count - by }) % count)
            .find(is_warned);
        match next {
            Some(at) => self.go(state, at),
            None => self.wrong = Some("No row that would be sent is warned of".into()),
        }
    }

    /// Whether the row the keys are for is not what it was when it was staged.
    fn has_changed(&self, state: &State) -> bool {
        self.row(state).is_some_and(|(_, row)| {
            let decision = state.basket.get(&row);
            decision.is_some_and(|decision| seen::says_otherwise(state, &row, decision))
        })
    }

    /// The row was looked at as it is now: the decision is about that.
    fn look_afresh(&mut self, state: &mut State) {
        if let Some((_, row)) = self.row(state) {
            seen::look_afresh(state, &row);
            self.wrong = None;
        }
    }

    /// Leaves every row that is warned of out of this send.
    fn leave_out_warned(&mut self, state: &mut State) {
        for row in rows(state) {
            let decision = state.basket.get(&row);
            if decision.is_some_and(|decision| warned(state, &row, decision)) {
                state.basket.leave_out(&row, true);
            }
        }
        self.changed();
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
        } else if looking(state) {
            Some(
                "Not sent yet: the rows are being read again; press y once that is done".to_owned(),
            )
        } else if totals.otherwise > 0 {
            self.go_to_first(state, |row, decision| {
                seen::bar(state, row, decision).is_none()
                    && seen::says_otherwise(state, row, decision)
            });
            Some(format!(
                "Not sent: {} of these have changed since they were staged; look at each and press v, or Space to leave \
                 it out",
                totals.otherwise
            ))
        } else if totals.reasonless > 0 {
            self.go_to_first(state, |_, decision| reasonless(state, decision));
            Some(format!(
                "Not sent: {} of these cannot go without a reason; press r and write it",
                totals.reasonless
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
    ReasonForVerdict,
    ReasonForAll,
    ReasonForRow,
    LeaveOut,
    LeaveOutWarned,
    NextWarned,
    WarnedBefore,
    LookAfresh,
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
            row(&["r", "Tab"], ReviewKey::ReasonForVerdict)
                .footer("reason")
                .other("reason")
                .off_if(none, nothing),
            row(&["R"], ReviewKey::ReasonForAll)
                .footer("for all")
                .off_if(none, nothing),
            row(&["w"], ReviewKey::ReasonForRow)
                .footer("for this row")
                .other("this row's")
                .off_if(none, nothing),
            row(&["Space"], ReviewKey::LeaveOut)
                .both("leave out")
                .off_if(none, nothing),
            row(&["]"], ReviewKey::NextWarned)
                .footer("next warned")
                .off_if(none, nothing),
            row(&["["], ReviewKey::WarnedBefore).off_if(none, nothing),
            row(&["o"], ReviewKey::LeaveOutWarned)
                .footer("leave out the warned")
                .off_if(none, nothing),
            row(&["v"], ReviewKey::LookAfresh)
                .footer("seen as it is now")
                .off_if(!self.has_changed(state), "nothing of this row has changed"),
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
            ReviewKey::ReasonForVerdict => self.write_for_verdict(state),
            ReviewKey::ReasonForAll => self.write_for_all(state),
            ReviewKey::ReasonForRow => self.write_own(state),
            ReviewKey::LeaveOut => self.leave_out(state),
            ReviewKey::LeaveOutWarned => self.leave_out_warned(state),
            ReviewKey::NextWarned => self.step_warned(state, true),
            ReviewKey::WarnedBefore => self.step_warned(state, false),
            ReviewKey::LookAfresh => self.look_afresh(state),
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
        let words = state.basket.reason_of(decision);
        *reason = Some(words.to_owned()).filter(|words| !words.is_empty());
    }
}
