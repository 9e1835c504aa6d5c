//! What a review says of the basket as a whole, and what of a decision is to be minded before it is sent.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::acts::{ActKind, Target, Tone};
use crate::app::basket::{Decision, seen};
use crate::app::state::State;
use crate::domain::signal::Signal;

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
    /// Of those: on rows that say something else now, and want a fresh look.
    pub otherwise: usize,
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
        let mut signals: BTreeMap<&'static str, (u8, usize)> = BTreeMap::new();
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
            // Each once a row, though there may be several of a kind.
            let mut named = BTreeMap::new();
            for signal in warnings(state, target, decision) {
                named.entry(signal.named()).or_insert(signal.weight());
            }
            for (name, weight) in named {
                let (heaviest, rows) = signals.entry(name).or_insert((0, 0));
                (*heaviest, *rows) = (weight.max(*heaviest), *rows + 1);
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
                totals.otherwise += usize::from(seen::says_otherwise(state, target, decision));
            }
        }
        let roles = [
            ("directory role", holding),
            ("directory roles not known", unknown),
        ];
        let roles = roles.into_iter().filter(|(_, count)| *count > 0);
        totals.signals.extend(roles);
        let mut signals: Vec<_> = signals.into_iter().collect();
        signals.sort_by_key(|&(_, (weight, _))| Reverse(weight));
        let signals = signals.into_iter().map(|(name, (_, rows))| (name, rows));
        totals.signals.extend(signals);
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
pub(super) fn reasonless(state: &State, decision: &Decision) -> bool {
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
pub(super) fn warned(state: &State, target: &Target, decision: &Decision) -> bool {
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
