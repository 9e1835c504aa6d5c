//! Asking before acts that are not staged are sent: which rows, and which of them not and why.
//!
//! The default is to leave. `y` sends; for acts that weigh so much, and above [`crate::acts::TYPE_ABOVE`] rows, their number has to
//! be typed first.

use super::Next;
use super::keys::{self, DialogKey, Keyed, Press, moved, moves, row, type_digit};
use crate::acts::{ActKind, ActSubject, Plan, Target, Tone, Weight};
use crate::app::available;
use crate::app::effect::Effect;
use crate::app::sends::{self, From};
use crate::app::state::State;
use crate::domain::guest::role_warning;
use crate::domain::text::Text;
use crate::inventory::rows::{GuestRow, RequestRow};

/// A row it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmItem {
    /// Who it is, and what for.
    pub words: String,
    /// Their mail address.
    pub mail: Text,
    /// What is sent.
    plan: Plan,
}

/// The open question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// The question.
    pub title: String,
    /// What a yes means.
    pub meaning: String,
    /// What `y` does, in the third person: `cancels`.
    pub goes: &'static str,
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
    weight: Weight,
    /// Also where an earlier write is open.
    again: bool,
}

impl ConfirmItem {
    /// What it is about.
    pub fn target(&self) -> Option<Target> {
        self.plan.target()
    }
}

impl Confirm {
    fn new(meaning: String, goes: &'static str, weight: Weight) -> Self {
        Self {
            title: String::new(),
            meaning,
            goes,
            items: Vec::new(),
            left_out: Vec::new(),
            number: String::new(),
            scroll: 0,
            wrong: None,
            weight,
            again: false,
        }
    }

    fn of(kind: ActKind) -> Self {
        let about = kind.about();
        Self::new(about.asks.meaning.to_owned(), about.asks.goes, about.weight)
    }

    /// Asks about the requests that were chosen.
    pub(in crate::app) fn requests(state: &State, kind: ActKind, rows: &[RequestRow]) -> Self {
        let mut confirm = Self::of(kind);
        for row in rows {
            let request = &row.request;
            let person = request.subject();
            let target = Target::Request(request.id.clone());
            let may = available::may(state, kind, row);
            let act = kind.on(&target);
            let (Ok(()), Some(act)) = (&may, act) else {
                let why = may.err().unwrap_or_default();
                confirm.left_out.push(format!("{}: {why}", person.name));
                continue;
            };
            let mut words = format!("{}  {}", person.name.or("(no name)"), request.package_name);
            if let Some(until) = (kind.about().until)(&subject(row), state.now) {
                words = format!("{words}, possible until {}", state.clock(until));
            }
            confirm.items.push(ConfirmItem {
                words,
                mail: person.mail.clone(),
                plan: Plan::of(act, "", person.name.clone()),
            });
        }
        confirm.titled(kind)
    }

    /// Asks about the guests that were chosen.
    pub(in crate::app) fn guests(state: &State, kind: ActKind, rows: &[GuestRow]) -> Self {
        let mut confirm = Self::of(kind);
        for row in rows {
            let guest = &row.guest;
            let name = Text::new(guest.name.or(&guest.address()));
            let may = kind.about().may(&ActSubject::Guest(guest), state.now);
            let act = kind.on(&Target::Guest(guest.id.clone()));
            let (Ok(()), Some(act)) = (&may, act) else {
                let why = may.err().unwrap_or_default();
                confirm.left_out.push(format!("{name}: {why}"));
                continue;
            };
            let roles = state.data.roles.get(&guest.id);
            let warning = roles.and_then(|roles| role_warning(roles.as_deref()));
            let warning = warning.filter(|_| kind.about().tone == Tone::Take);
            confirm.items.push(ConfirmItem {
                words: warning.map_or_else(|| name.to_string(), |why| format!("{name}  ⚠ {why}")),
                mail: guest.address().into(),
                plan: Plan::of(act, "", name),
            });
        }
        confirm.titled(kind)
    }

    fn titled(mut self, kind: ActKind) -> Self {
        let about = kind.about();
        self.title = about.asks.question(self.items.len(), about.on.noun());
        self
    }

    /// Asks about what was stopped on its way.
    pub(in crate::app) fn resume(state: &State) -> Self {
        let mut confirm = Self::new(
            "The steps that are left are done, each looked at before.".into(),
            "goes on",
            Weight::Plain,
        );
        confirm.items = items(state.sends.half_done.clone());
        confirm.title = format!("Go on with {}?", counted(confirm.items.len()));
        confirm
    }

    /// Asks about what an open write stands in the way of.
    pub(in crate::app) fn again(state: &State) -> Self {
        let mut confirm = Self::new(
            "Whether the earlier one happened is not known. If it did, this does it a second time: two invitations, \
             or two assignments."
                .into(),
            "sends again",
            Weight::Number,
        );
        confirm.items = items(state.sends.barred.clone());
        confirm.title = format!("Send {} again?", counted(confirm.items.len()));
        confirm.again = true;
        confirm
    }

    /// Whether the number has to be typed.
    pub fn typed(&self) -> bool {
        self.weight.number(self.items.len())
    }

    fn send(&mut self, state: &mut State, effects: &mut Vec<Effect>) -> Next {
        let count = self.items.len();
        if self.typed() && self.number != count.to_string() {
            self.number.clear();
            self.wrong = Some(format!("Not sent: type the number {count} first, then y"));
            return Next::Stay;
        }
        let plans = self.items.iter().map(|item| item.plan.clone()).collect();
        let begun = sends::begin(state, From::Asked, plans, self.again);
        effects.extend(begun.map(|(_, effect)| effect));
        Next::Close
    }
}

fn subject(row: &RequestRow) -> ActSubject<'_> {
    ActSubject::Request {
        request: &row.request,
        deciders: &row.deciders,
    }
}

fn counted(count: usize) -> String {
    if count == 1 {
        "1 act".into()
    } else {
        format!("{count} acts")
    }
}

/// Plans as rows: what of each is left.
fn items(plans: Vec<Plan>) -> Vec<ConfirmItem> {
    let item = |plan: Plan| {
        let left: Vec<&str> = plan.steps.iter().map(|act| act.about().verb).collect();
        ConfirmItem {
            words: format!("{}  {}", plan.name.or("(no name)"), left.join(", then ")),
            mail: plan
                .target()
                .map(|target| Text::new(target.as_str()))
                .unwrap_or_default(),
            plan,
        }
    };
    plans.into_iter().map(item).collect()
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
        vec![
            // Enter is the default, and the default is to leave.
            row(keys::LEAVE, ConfirmKey::Leave)
                .footer("leave")
                .safe("Leave"),
            row(&["y"], ConfirmKey::Send)
                .footer("do it")
                .other(self.goes),
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
