//! Whom the tenant has denied before.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::domain::id::{RequestId, UserId};
use crate::domain::person::Person;
use crate::domain::request::{Request, RequestState, ReviewResult};
use crate::domain::text::Text;

/// What is known of somebody's denied requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Denial {
    /// How many.
    pub times: usize,
    /// When the last was.
    pub last: Option<Timestamp>,
    /// Who denied that one; empty where nobody did in time, or it is not known.
    pub by: Text,
    /// The reason they gave, where it is known.
    pub reason: Text,
}

impl Denial {
    /// In words: `Denied twice, last on 12 Mar 2026 by Megan Bowen: "no contract"`.
    pub fn sentence(&self) -> String {
        let times = match self.times {
            0 | 1 => "once".to_string(),
            2 => "twice".to_string(),
            n => format!("{n} times"),
        };
        let when = match (self.last, self.times) {
            (Some(at), 2..) => format!(", last on {}", at.strftime("%-d %b %Y")),
            (Some(at), _) => format!(", on {}", at.strftime("%-d %b %Y")),
            (None, _) => String::new(),
        };
        let part = |before: &str, text: &Text, after: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("{before}{text}{after}")
            }
        };
        let by = part(" by ", &self.by, "");
        let reason = part(": \"", &self.reason, "\"");
        format!("Denied {times}{when}{by}{reason}")
    }
}

/// Past denials by person. Pages of past requests are added as they arrive, in any order, also twice.
#[derive(Clone, Debug, Default)]
pub struct Denials {
    by_mail: HashMap<String, Denial>,
    by_user: HashMap<UserId, Denial>,
    seen: HashSet<RequestId>,
}

impl Denials {
    /// Notes `request` if it was denied.
    pub fn add(&mut self, request: &Request) {
        if request.state != RequestState::Denied || !self.seen.insert(request.id.clone()) {
            return;
        }
        let verdict = request
            .stages
            .iter()
            .flatten()
            .rev()
            .find(|stage| stage.result == ReviewResult::Denied);
        let one = Denial {
            times: 1,
            last: verdict
                .and_then(|stage| stage.reviewed)
                .or(request.completed)
                .or(request.created),
            by: verdict
                .map(|stage| stage.reviewer.clone())
                .unwrap_or_default(),
            reason: verdict
                .map(|stage| stage.justification.clone())
                .unwrap_or_default(),
        };
        let person = request.subject();
        if let Some(user) = &person.object {
            merge(self.by_user.entry(user.clone()).or_default(), &one);
        }
        if !person.mail.is_empty() {
            merge(
                self.by_mail.entry(person.mail.to_lowercase()).or_default(),
                &one,
            );
        }
    }

    /// What is known of `person`.
    pub fn of(&self, person: &Person) -> Option<&Denial> {
        let mail = (!person.mail.is_empty())
            .then(|| self.by_mail.get(&person.mail.to_lowercase()))
            .flatten();
        let user = person.object.as_ref().and_then(|id| self.by_user.get(id));
        // One and the same person: whichever key has seen more of them.
        match (mail, user) {
            (Some(a), Some(b)) => Some(if b.times > a.times { b } else { a }),
            (a, b) => a.or(b),
        }
    }
}

fn merge(into: &mut Denial, one: &Denial) {
    let times = into.times + 1;
    if into.times == 0 || one.last > into.last {
        *into = one.clone();
    }
    into.times = times;
}

impl<'a> FromIterator<&'a Request> for Denials {
    fn from_iter<I: IntoIterator<Item = &'a Request>>(requests: I) -> Self {
        let mut denials = Self::default();
        for request in requests {
            denials.add(request);
        }
        denials
    }
}
