//! The review: who, what and why, before anything is sent.
//!
//! The default is to cancel. `y` sends, never the key that opened the review; above
//! [`crate::acts::TYPE_ABOVE`] decisions, and where one of them weighs so much, the number shown has to be typed first.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, moves, row, type_digit};
use crate::acts::{ActKind, Target, Tone};
use crate::app::basket::{Decision, seen};
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::keymap;
use crate::app::reason::{Writing, WritingKey, WritingState, writing};
use crate::app::sends::{self, From};
use crate::app::state::{Grade, State};
use crate::domain::signal::Signal;

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
    /// Of those: that are warned of.
    pub warned: usize,
    /// Of what the signals of those to be let in warn, and how many rows each is on; the heaviest first.
    pub signals: Vec<(&'static str, usize)>,
    /// Staged, and left out of this send.
    pub left_out: usize,
}

impl Totals {
    /// Counts the basket.
    pub fn of(state: &State) -> Self {
        let mut totals = Self::default();
        let (mut holding, mut unknown) = (0, 0);
        let mut signals: BTreeMap<(Reverse<u8>, &'static str), usize> = BTreeMap::new();
        for (target, decision) in state.basket.waiting() {
            if decision.left_out {
                totals.left_out += 1;
                continue;
            }
            totals.all += 1;
            *totals.kinds.entry(decision.kind).or_default() += 1;
            totals.hidden += usize::from(!shown(state, target));
            totals.reasonless += usize::from(reasonless(state, decision));
            totals.warned += usize::from(warned(state, target, decision));
            let mut named: Vec<_> = warnings(state, target, decision)
                .iter()
                .map(|signal| (Reverse(signal.weight()), signal.named()))
                .collect();
            named.sort_unstable_by_key(|&(_, name)| name);
            named.dedup_by_key(|&mut (_, name)| name);
            for one in named {
                *signals.entry(one).or_default() += 1;
            }
            if seen::role(state, target, decision).is_some() {
                match target {
                    Target::Guest(id) if matches!(state.data.roles.get(id), Some(Some(_))) => {
                        holding += 1;
                    }
                    _ => unknown += 1,
                }
            }
            if seen::bar(state, target, decision).is_some() {
                totals.barred += 1;
            } else if !seen::changes(state, target, decision).is_empty() {
                totals.changed += 1;
            }
        }
        let roles = [
            ("directory role", holding),
            ("directory roles not known", unknown),
        ];
        let roles = roles.into_iter().filter(|(_, count)| *count > 0);
        totals.signals.extend(roles);
        for ((_, name), count) in signals {
            match totals.signals.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += count,
                None => totals.signals.push((name, count)),
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

/// Whether a decision cannot be sent for want of a reason.
fn reasonless(state: &State, decision: &Decision) -> bool {
    decision.needs_reason() && state.basket.reason_of(decision).is_empty()
}

/// The signals that warn of a decision: those of a row that is to be let in. Of one that is turned away they are
/// the reason.
pub fn warnings<'a>(state: &'a State, target: &Target, decision: &Decision) -> &'a [Signal] {
    match (target, decision.kind.about().tone) {
        (Target::Request(id), Tone::Give) => state
            .data
            .requests
            .get(id)
            .map_or(&[], |row| Signal::loud(&row.signals)),
        _ => &[],
    }
}

/// Whether there is something to mind before a decision is sent.
fn warned(state: &State, target: &Target, decision: &Decision) -> bool {
    !warnings(state, target, decision).is_empty()
        || reasonless(state, decision)
        || seen::role(state, target, decision).is_some()
        || seen::bar(state, target, decision).is_some()
        || !seen::changes(state, target, decision).is_empty()
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

    /// Steps to the next row that is warned of, or the one before, round the end; says where there is none.
    fn step_warned(&mut self, state: &State, forward: bool) {
        let rows = rows(state);
        let place = self.row(state).map_or(0, |(place, _)| place);
        let is_warned = |at: &usize| {
            let row = &rows[*at];
            let decision = state.basket.get(row).filter(|decision| !decision.left_out);
            decision.is_some_and(|decision| warned(state, row, decision))
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
        } else if totals.reasonless > 0 {
            // The keys are for the first of them then: r writes where it is missing.
            let first = rows(state).into_iter().find(|row| {
                let decision = state.basket.get(row).filter(|decision| !decision.left_out);
                decision.is_some_and(|decision| reasonless(state, decision))
            });
            self.at = first.or_else(|| self.at.take());
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
