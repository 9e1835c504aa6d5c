//! A row of the queue.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use super::{caseless, day, times};
use crate::domain::id::{PolicyId, RequestId};
use crate::domain::nudge::{Nudge, NudgeFacts};
use crate::domain::request::{QuestionAnswer, Request, RequestState};
use crate::domain::signal::Signal;
use crate::domain::text::Text;
use crate::domain::time;
use crate::inventory::filter::Measure;
use crate::inventory::table::Row;
use crate::inventory::view::QueueScope;

/// A request with what the queue shows of it. The joined parts are made anew by `join` whenever something
/// they are made of comes in.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// The request.
    pub request: Request,
    /// Domain of the mail address of whom it is about.
    pub domain: String,
    /// The connected organization's name; empty where there is none.
    pub organization: Text,
    /// The policy that governs it, as far as that can be told.
    pub policy: Option<PolicyId>,
    /// `1/2`, or `?` until the stages were read.
    pub stage: String,
    /// When the service denies it by itself.
    pub denial_at: Option<Timestamp>,
    /// What an approver should notice, weightiest first.
    pub signals: Vec<Signal>,
    /// Who can decide the current stage, where that is not the signed-in person.
    pub deciders: String,
    /// Who else can, each with when: fallbacks and escalation.
    pub others: Vec<String>,
    /// The approver must say why, also to approve.
    pub reason_required: bool,
}

impl RequestRow {
    /// A row with nothing joined yet.
    pub fn new(request: Request) -> Self {
        Self {
            domain: request.subject().domain(),
            request,
            organization: Text::default(),
            policy: None,
            stage: "?".into(),
            denial_at: None,
            signals: Vec::new(),
            deciders: String::new(),
            others: Vec::new(),
            reason_required: false,
        }
    }

    /// Whom it is about, and who asks where that is somebody else.
    pub fn who(&self) -> Cow<'_, str> {
        let called = self.request.subject().name.as_str();
        match self.request.asks_for_another() {
            None => Cow::Borrowed(called),
            Some(asks) => Cow::Owned(format!(
                "{} (asked for by {})",
                if called.is_empty() {
                    "(somebody)"
                } else {
                    called
                },
                asks.called()
            )),
        }
    }

    /// The first answer, or the justification.
    pub fn first_answer(&self) -> &str {
        self.request
            .answers
            .first()
            .map_or(&self.request.justification, |answer| &answer.answer)
    }

    /// Whether the signed-in person can approve it only with a reason, because its policy wants one.
    pub fn wants_reason(&self) -> bool {
        self.reason_required && self.request.mine()
    }

    /// The text for the approver who can decide it. The host is that of My Access, empty where it is not known.
    pub fn nudge(&self, now: Timestamp, my_access: &str) -> Nudge {
        let since = self.request.waiting_since();
        let waits = since.map(|at| time::words(now.duration_since(at)));
        let left = self.denial_at.map(|at| at.duration_since(now));
        let denied = left.map(|left| {
            if left.is_positive() {
                format!("in {}", time::words(left))
            } else {
                "any moment now".to_owned()
            }
        });
        let person = self.request.subject();
        let name = match self.request.asks_for_another() {
            None => person.called().to_owned(),
            Some(asks) => format!("{}, on behalf of {}", asks.called(), person.called()),
        };
        Nudge::new(&NudgeFacts {
            deciders: &self.deciders,
            others: &self.others,
            name: &name,
            mail: person.address(),
            package: &self.request.package_name,
            waits: waits.as_deref(),
            denied: denied.as_deref(),
            my_access,
        })
    }

    /// Who can decide it; for what has been decided, by whom.
    fn by(&self) -> Cow<'_, str> {
        let request = &self.request;
        if request.mine() {
            return Cow::Borrowed("you");
        }
        if request.pending() {
            return Cow::Borrowed(&self.deciders);
        }
        let stages = request.stages.iter().flatten();
        let reviewers = stages.map(|stage| stage.reviewer.as_str());
        let reviewers = reviewers.filter(|reviewer| !reviewer.is_empty());
        Cow::Owned(reviewers.collect::<Vec<_>>().join(", "))
    }
}

/// Whether these can be approved with this reason; an empty one is none.
///
/// # Errors
/// How many of them want one.
pub fn reasoned<'a>(
    rows: impl IntoIterator<Item = &'a RequestRow>,
    reason: &str,
) -> Result<(), String> {
    let bare = reason.trim().is_empty();
    let wanting = rows.into_iter().filter(|row| bare && row.wants_reason());
    match wanting.count() {
        0 => Ok(()),
        wanting => Err(format!(
            "{wanting} of these cannot be decided without a reason"
        )),
    }
}

/// Where a request stands, in a word or two.
pub fn standing(state: &RequestState) -> &str {
    match state {
        RequestState::Submitted => "submitted",
        RequestState::PendingApproval => "pending",
        RequestState::Delivering => "delivering",
        RequestState::Delivered => "delivered",
        RequestState::DeliveryFailed => "failed",
        RequestState::Denied => "denied",
        RequestState::Scheduled => "scheduled",
        RequestState::Canceled => "canceled",
        RequestState::PartiallyDelivered => "partly failed",
        RequestState::Other(word) => word.or("unknown"),
    }
}

/// Whether a state is meant by a word of a filter: our own words for it, and Graph's.
fn says_state(state: &RequestState, word: &str) -> Option<bool> {
    let failed = matches!(
        state,
        RequestState::DeliveryFailed | RequestState::PartiallyDelivered
    );
    if word.is_empty() {
        return None;
    }
    // Its beginning is enough, so that the list follows while one types.
    let graphs = state.as_str().to_lowercase();
    Some(
        failed && "failed".starts_with(word)
            || standing(state).starts_with(word)
            || graphs.starts_with(word),
    )
}

impl Row for RequestRow {
    type Id = RequestId;
    type Scope = QueueScope;
    const COLUMNS: &'static [&'static str] = &[
        "by",
        "age",
        "left",
        "ended",
        "name",
        "mail",
        "domain",
        "organization",
        "package",
        "stage",
        "signal",
        "answer",
        "state",
    ];

    fn id(&self) -> &RequestId {
        &self.request.id
    }

    fn within(&self, scope: &QueueScope) -> bool {
        scope.has(&self.request)
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        let request = &self.request;
        match column {
            "age" => day(request.created),
            "left" => day(self.denial_at),
            "ended" => day(request.completed),
            "by" => self.by(),
            "state" => Cow::Borrowed(standing(&request.state)),
            "name" => self.who(),
            "mail" => Cow::Borrowed(&request.subject().mail),
            "domain" => Cow::Borrowed(&self.domain),
            "organization" => Cow::Borrowed(&self.organization),
            "package" => Cow::Borrowed(&request.package_name),
            "stage" => Cow::Borrowed(&self.stage),
            "signal" => Cow::Owned(
                self.signals
                    .iter()
                    .map(Signal::word)
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            "answer" => {
                let answers = request.answers.iter().map(QuestionAnswer::shown);
                Cow::Owned(
                    answers
                        .chain([request.justification.to_string()])
                        .collect::<Vec<_>>()
                        .join(" "),
                )
            }
            _ => Cow::Borrowed(""),
        }
    }

    fn words(&self, into: &mut String) {
        for column in [
            "name",
            "mail",
            "organization",
            "package",
            "stage",
            "signal",
            "answer",
            "state",
        ] {
            into.push_str(&self.cell(column));
            into.push('\n');
        }
        // What is read of a signal finds it too.
        for signal in &self.signals {
            into.push_str(signal.named());
            into.push('\n');
        }
    }

    fn values(column: &'static str) -> Vec<&'static str> {
        match column {
            "signal" => ["any"].into_iter().chain(Signal::WORDS).collect(),
            "state" => ["mine", "failed"]
                .into_iter()
                .chain(RequestState::KNOWN.iter().map(standing))
                .collect(),
            "by" => vec!["me"],
            _ => Vec::new(),
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        match column {
            "age" => self.request.created.map(Measure::Since),
            "left" => self.denial_at.map(Measure::Until),
            "ended" => self.request.completed.map(Measure::Since),
            "stage" => {
                let (number, _) = self.request.current_stage()?;
                Some(Measure::Count(i64::try_from(number).unwrap_or(i64::MAX)))
            }
            "signal" => Some(Measure::Count(i64::from(weight(self)))),
            _ => None,
        }
    }

    fn says(&self, column: &'static str, word: &str) -> Option<bool> {
        let request = &self.request;
        match column {
            "by" if word == "me" => Some(request.mine()),
            // The stage that waits; `stage:1/2` looks at the words.
            "stage" => {
                let wanted: usize = word.parse().ok()?;
                Some(request.current_stage().is_some_and(|(at, _)| at == wanted))
            }
            "signal" if word == "any" => Some(!Signal::loud(&self.signals).is_empty()),
            "signal" if !word.is_empty() => {
                Some(self.signals.iter().any(|signal| signal.is_meant(word)))
            }
            "state" if word == "mine" => Some(request.mine()),
            "state" => says_state(&request.state, word),
            _ => None,
        }
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "age" => times(self.request.created, other.request.created),
            "left" => times(self.denial_at, other.denial_at),
            "ended" => times(self.request.completed, other.request.completed),
            // Mine first, and those that have waited longest before the others.
            "by" => (other.request.mine().cmp(&self.request.mine()))
                .then_with(|| times(self.request.created, other.request.created)),
            // Those with the weightiest signals first: that is what one sorts by signal for.
            "signal" => weight(other).cmp(&weight(self)),
            _ => caseless(&self.cell(column), &other.cell(column)),
        }
    }
}

fn weight(row: &RequestRow) -> u32 {
    row.signals
        .iter()
        .map(|signal| u32::from(signal.weight()))
        .sum()
}

/// What is left until `denial_at`: `12d`, and `due` when it has passed.
pub fn left(denial_at: Option<Timestamp>, now: Timestamp) -> String {
    match denial_at {
        None => String::new(),
        Some(at) if at <= now => "due".into(),
        Some(at) => time::short(at.duration_since(now)),
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
