//! Cancel, deliver again, remove: which requests, and which of them not and why, before anything is sent.
//!
//! The default is to leave. `y` sends; to remove, and above [`TYPE_ABOVE`] requests, their number has to be typed
//! first.

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, moved, moves, row, type_digit};
use super::review::TYPE_ABOVE;
use crate::app::acts::{self, OnRequest};
use crate::app::effect::Effect;
use crate::app::rows::RequestRow;
use crate::app::state::State;
use crate::domain::act::Act;
use crate::domain::id::RequestId;
use crate::domain::text::Text;

/// A request it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmItem {
    /// The request.
    pub id: RequestId,
    /// Who asks.
    pub name: Text,
    /// Their mail address.
    pub mail: Text,
    /// What for.
    pub package: Text,
    /// Until when it is possible, in words; empty where that is no question.
    pub until: String,
}

/// The open question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// What is to be done.
    pub what: OnRequest,
    /// With these; what comes in meanwhile does not change them.
    pub items: Vec<ConfirmItem>,
    /// Chosen as well, and left out: each with its reason.
    pub left_out: Vec<String>,
    /// Digits typed so far.
    pub number: String,
    /// First row shown.
    pub scroll: usize,
    /// Why it was not sent.
    pub wrong: Option<String>,
}

impl Confirm {
    /// Asks about the rows that were chosen.
    pub(in crate::app) fn new(state: &State, what: OnRequest, rows: &[RequestRow]) -> Self {
        let mut confirm = Self {
            what,
            items: Vec::new(),
            left_out: Vec::new(),
            number: String::new(),
            scroll: 0,
            wrong: None,
        };
        for row in rows {
            let request = &row.request;
            let person = &request.requestor;
            if let Err(why) = what.may(state, row) {
                confirm.left_out.push(format!("{}: {why}", person.name));
                continue;
            }
            let until = match (what, request.may_reprocess(state.now)) {
                (OnRequest::Reprocess, Ok(Some(until))) => {
                    format!("possible until {}", state.clock(until))
                }
                _ => String::new(),
            };
            confirm.items.push(ConfirmItem {
                id: request.id.clone(),
                name: person.name.clone(),
                mail: person.mail.clone(),
                package: request.package_name.clone(),
                until,
            });
        }
        confirm
    }

    /// Whether the number has to be typed.
    pub fn typed(&self) -> bool {
        self.what == OnRequest::Remove || self.items.len() > TYPE_ABOVE
    }

    fn send(&mut self, state: &mut State, effects: &mut Vec<Effect>) -> Next {
        let count = self.items.len();
        if self.typed() && self.number != count.to_string() {
            self.number.clear();
            self.wrong = Some(format!("Not sent: type the number {count} first, then y"));
            return Next::Stay;
        }
        let act = |item: &ConfirmItem| Act {
            deed: self.what.deed(&item.id),
            reason: String::new(),
            name: item.name.clone(),
        };
        let acts: Vec<Act> = self.items.iter().map(act).collect();
        effects.extend(acts::send(state, acts));
        Next::Close
    }
}

/// What a key means here.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) enum ConfirmKey {
    Leave,
    Send,
    Move,
    Digit,
    Erase,
}

impl Keyed for Confirm {
    type Means = ConfirmKey;

    fn table(&self, _: &State) -> Vec<DialogKey<ConfirmKey>> {
        let send = match self.what {
            OnRequest::Cancel => "cancels",
            OnRequest::Reprocess => "tries again",
            OnRequest::Remove => "removes",
        };
        vec![
            // Enter is the default, and the default is to leave.
            row(keys::LEAVE, ConfirmKey::Leave)
                .footer("leave")
                .safe("Leave"),
            row(&["y"], ConfirmKey::Send).footer("do it").other(send),
            moves(ConfirmKey::Move).footer("scroll"),
            row(keys::DIGITS, ConfirmKey::Digit),
            row(&["Backspace"], ConfirmKey::Erase),
        ]
    }

    fn does(
        &mut self,
        means: ConfirmKey,
        Press {
            key,
            state,
            effects,
        }: Press<'_>,
    ) -> Next {
        match means {
            ConfirmKey::Leave => return Next::Close,
            ConfirmKey::Send => return self.send(state, effects),
            ConfirmKey::Move => {
                let last = (self.items.len() + self.left_out.len()).saturating_sub(1);
                self.scroll = moved(self.scroll, key, last);
            }
            ConfirmKey::Digit => {
                if type_digit(&mut self.number, key) {
                    self.wrong = None;
                }
            }
            ConfirmKey::Erase => {
                self.number.pop();
            }
        }
        Next::Stay
    }
}
