//! The review: who, what and why, before anything is sent.
//!
//! The default is to cancel. `y` sends, never the key that opened the review; above
//! [`TYPE_ABOVE`] decisions, and for any deletion, the number shown has to be typed first.

use super::Next;
use crate::app::effect::Effect;
use crate::app::key::{Key, KeyCode};
use crate::app::keymap;
use crate::app::prompt::Line;
use crate::app::state::{Grade, Sending, State};
use crate::domain::act::{Strength, Target, Verdict};
use crate::worker::protocol::{Ask, Job};

/// With more decisions than this their number has to be typed.
pub const TYPE_ABOVE: usize = 20;

/// The open review.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// The reason for those that have none of their own.
    pub reason: Line,
    /// Whether keys go into the reason.
    pub editing: bool,
    /// Digits typed so far.
    pub number: String,
    /// First row shown.
    pub scroll: usize,
    /// Why it was not sent.
    pub wrong: Option<String>,
}

/// What a review says of the basket as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Decisions a send would take.
    pub all: usize,
    /// Of those: approvals.
    pub approve: usize,
    /// Of those: denials.
    pub deny: usize,
    /// Of those: sign-ins to be blocked.
    pub block: usize,
    /// Of those: accounts to be deleted.
    pub delete: usize,
    /// Of those: on rows that the filter hides now.
    pub hidden: usize,
    /// Of those: without the reason they need.
    pub reasonless: usize,
}

impl Totals {
    /// Counts the basket.
    pub fn of(state: &State) -> Self {
        let mut totals = Self {
            all: 0,
            approve: 0,
            deny: 0,
            block: 0,
            delete: 0,
            hidden: 0,
            reasonless: 0,
        };
        for (target, decision) in state.basket.sendable() {
            totals.all += 1;
            match decision.verdict {
                Verdict::Approve => totals.approve += 1,
                Verdict::Deny => totals.deny += 1,
                Verdict::Revoke(Strength::Block) => totals.block += 1,
                Verdict::Revoke(Strength::Delete) => totals.delete += 1,
            }
            let shown = match target {
                Target::Request(id) => state.data.requests.shows(id),
                Target::Guest(id) => state.data.guests.shows(id),
                Target::Address(_) | Target::Assignment(_) => true,
            };
            totals.hidden += usize::from(!shown);
            totals.reasonless += usize::from(decision.needs_reason() && decision.reason.is_none());
        }
        totals
    }

    /// Whether the number has to be typed.
    pub fn typed(self) -> bool {
        self.all > TYPE_ABOVE || self.delete > 0
    }

    /// `12 approve, 2 deny`.
    pub fn words(self) -> String {
        let parts = [
            (self.approve, "approve"),
            (self.deny, "deny"),
            (self.block, "block"),
            (self.delete, "delete"),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| format!("{n} {word}"))
            .collect();
        parts.join(", ")
    }
}

impl Review {
    pub(super) fn paste(&mut self, pasted: &str) {
        if self.editing {
            self.reason.paste(pasted);
        }
    }

    pub(super) fn key(&mut self, state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Next {
        if self.editing {
            match key.code {
                KeyCode::Enter | KeyCode::Esc | KeyCode::Tab | KeyCode::BackTab => {
                    self.editing = false;
                }
                _ => {
                    self.reason.key(key);
                    self.wrong = None;
                }
            }
            return Next::Stay;
        }
        if let Some(by) = keymap::movement(key) {
            let last = state.basket.len().saturating_sub(1);
            self.scroll = self.scroll.saturating_add_signed(by).min(last);
            return Next::Stay;
        }
        match key.typed() {
            Some('y') => return self.send(state, effects),
            Some('r') => self.editing = true,
            Some(c) if c.is_ascii_digit() && self.number.len() < 6 => {
                self.number.push(c);
                self.wrong = None;
            }
            Some('n' | 'q') => return Next::Close,
            _ => match key.code {
                KeyCode::Tab => self.editing = true,
                KeyCode::Backspace => {
                    self.number.pop();
                }
                // Enter is the default, and the default is to cancel.
                KeyCode::Esc | KeyCode::Enter => return Next::Close,
                _ if key == Key::ctrl('c') => return Next::Close,
                _ => {}
            },
        }
        Next::Stay
    }

    /// Sends the basket, unless something is missing; then says what.
    fn send(&mut self, state: &mut State, effects: &mut Vec<Effect>) -> Next {
        let totals = Totals::of(state);
        let missing = if totals.all == 0 {
            Some("Nothing is left to send".to_owned())
        } else if state.read_only {
            Some("Not sent: this console is read-only".to_owned())
        } else if state.sending.is_some() {
            Some("Not sent: the last send is still under way".to_owned())
        } else if totals.reasonless > 0 && self.reason.value().trim().is_empty() {
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
        let acts = state.basket.send(self.reason.value());
        let job = state.next_job();
        state.sending = Some(Sending {
            job,
            total: acts.len(),
            settled: 0,
            done: 0,
            elsewhere: 0,
            failed: 0,
        });
        state.say(Grade::Note, format!("Sending: {}", totals.words()));
        effects.push(Effect::Ask(Job::new(job, Ask::Send(acts))));
        Next::Close
    }
}
