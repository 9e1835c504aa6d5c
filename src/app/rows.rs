//! The rows of the four panes: what Graph said, joined with what else is known about it.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use super::filter::Measure;
use super::table::Row;
use crate::domain::guest::{Guest, Standing};
use crate::domain::id::{PolicyId, RequestId, UserId};
use crate::domain::policy::Policy;
use crate::domain::request::Request;
use crate::domain::signal::Signal;
use crate::domain::text::Text;
use crate::domain::time;

/// A request with what the queue shows of it. The joined parts are made anew by `join` whenever something
/// they are made of comes in.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// The request.
    pub request: Request,
    /// Domain of the requestor's mail address.
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
    /// The approver must say why, also to approve.
    pub reason_required: bool,
}

impl RequestRow {
    /// A row with nothing joined yet.
    pub fn new(request: Request) -> Self {
        Self {
            domain: request.requestor.domain(),
            request,
            organization: Text::default(),
            policy: None,
            stage: "?".into(),
            denial_at: None,
            signals: Vec::new(),
            deciders: String::new(),
            reason_required: false,
        }
    }

    /// The first answer, or the justification.
    pub fn first_answer(&self) -> &str {
        self.request
            .answers
            .first()
            .map_or(&self.request.justification, |answer| &answer.answer)
    }
}

/// Compares without regard to case, without building strings.
fn caseless(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a
            .bytes()
            .map(|b| b.to_ascii_lowercase())
            .cmp(b.bytes().map(|b| b.to_ascii_lowercase()));
    }
    a.chars()
        .flat_map(char::to_lowercase)
        .cmp(b.chars().flat_map(char::to_lowercase))
}

/// A missing time counts as later than any.
fn times(a: Option<Timestamp>, b: Option<Timestamp>) -> Ordering {
    a.unwrap_or(Timestamp::MAX)
        .cmp(&b.unwrap_or(Timestamp::MAX))
}

fn day(time: Option<Timestamp>) -> Cow<'static, str> {
    Cow::Owned(
        time.map(|time| time.strftime("%Y-%m-%d").to_string())
            .unwrap_or_default(),
    )
}

impl Row for RequestRow {
    type Id = RequestId;
    const COLUMNS: &'static [&'static str] = &[
        "age",
        "left",
        "name",
        "mail",
        "domain",
        "organization",
        "package",
        "stage",
        "signal",
        "answer",
    ];

    fn id(&self) -> &RequestId {
        &self.request.id
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        let request = &self.request;
        match column {
            "age" => day(request.created),
            "left" => day(self.denial_at),
            "name" => Cow::Borrowed(&request.requestor.name),
            "mail" => Cow::Borrowed(&request.requestor.mail),
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
                let answers = request.answers.iter().map(|answer| answer.answer.as_str());
                Cow::Owned(
                    answers
                        .chain([request.justification.as_str()])
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
        ] {
            into.push_str(&self.cell(column));
            into.push('\n');
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        match column {
            "age" => self.request.created.map(Measure::Since),
            "left" => self.denial_at.map(Measure::Until),
            _ => None,
        }
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "age" => times(self.request.created, other.request.created),
            "left" => times(self.denial_at, other.denial_at),
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

/// A policy.
#[derive(Clone, Debug)]
pub struct PolicyRow {
    /// The policy.
    pub policy: Policy,
    /// Pending requests it governs.
    pub pending: usize,
}

impl Row for PolicyRow {
    type Id = PolicyId;
    const COLUMNS: &'static [&'static str] = &[
        "package", "name", "who", "approval", "length", "door", "pending",
    ];

    fn id(&self) -> &PolicyId {
        &self.policy.id
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        let policy = &self.policy;
        match column {
            "package" => Cow::Borrowed(&policy.package_name),
            "name" => Cow::Borrowed(&policy.name),
            "who" => Cow::Borrowed(policy.scope.short()),
            "approval" => Cow::Owned(policy.approval_short()),
            "length" => Cow::Owned(policy.expiration.short()),
            "door" => Cow::Borrowed(policy.door()),
            "pending" => Cow::Owned(self.pending.to_string()),
            _ => Cow::Borrowed(""),
        }
    }

    fn words(&self, into: &mut String) {
        for column in ["package", "name", "who", "approval", "length", "door"] {
            into.push_str(&self.cell(column));
            into.push('\n');
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        (column == "pending")
            .then(|| Measure::Count(i64::try_from(self.pending).unwrap_or(i64::MAX)))
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "pending" => other.pending.cmp(&self.pending),
            "package" => caseless(&self.policy.package_name, &other.policy.package_name)
                .then_with(|| caseless(&self.policy.name, &other.policy.name)),
            _ => caseless(&self.cell(column), &other.cell(column)),
        }
    }
}

/// A guest.
#[derive(Clone, Debug)]
pub struct GuestRow {
    /// The guest.
    pub guest: Guest,
    /// The one word for them when they were read.
    pub standing: Standing,
}

impl GuestRow {
    /// A row as things stand at `now`. Nobody counts as stale before their sign-ins were read.
    pub fn new(guest: Guest, now: Timestamp, sign_ins_known: bool) -> Self {
        let standing = match guest.standing(now) {
            Standing::Stale if !sign_ins_known => Standing::Active,
            standing => standing,
        };
        Self { guest, standing }
    }
}

impl Row for GuestRow {
    type Id = UserId;
    const COLUMNS: &'static [&'static str] = &[
        "name", "mail", "domain", "state", "company", "created", "seen",
    ];

    fn id(&self) -> &UserId {
        &self.guest.id
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        let guest = &self.guest;
        match column {
            "name" => Cow::Borrowed(&guest.name),
            "mail" if !guest.mail.is_empty() => Cow::Borrowed(&guest.mail),
            "mail" => Cow::Owned(guest.address()),
            "domain" => Cow::Owned(guest.domain()),
            "state" => Cow::Borrowed(self.standing.word()),
            "company" => Cow::Borrowed(&guest.company),
            "created" => day(guest.created),
            "seen" => day(guest.last_sign_in),
            _ => Cow::Borrowed(""),
        }
    }

    fn words(&self, into: &mut String) {
        for column in ["name", "mail", "state", "company"] {
            into.push_str(&self.cell(column));
            into.push('\n');
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        match column {
            "created" => self.guest.created.map(Measure::Since),
            "seen" => self.guest.last_sign_in.map(Measure::Since),
            _ => None,
        }
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "created" => times(self.guest.created, other.guest.created),
            "seen" => {
                // Never seen comes before seen long ago: both are what one looks for.
                let seen = |row: &Self| row.guest.last_sign_in.unwrap_or(Timestamp::MIN);
                seen(self).cmp(&seen(other))
            }
            "state" => self.standing.cmp(&other.standing),
            _ => caseless(&self.cell(column), &other.cell(column)),
        }
    }
}

/// One act of the journal: its intent, and how it ended.
#[derive(Clone, Debug)]
pub struct JournalRow {
    /// Number of the intent's record.
    pub seq: u64,
    /// When it was begun.
    pub time: Timestamp,
    /// What was done: `approve`, `invite`, …
    pub act: Text,
    /// Whom it was about.
    pub name: Text,
    /// The id or address it was about.
    pub target: Text,
    /// Who did it.
    pub actor: Text,
    /// Why.
    pub reason: Text,
    /// How it ended; `unknown` while no outcome was written.
    pub outcome: Text,
    /// What was said of the outcome.
    pub detail: Text,
    /// When the outcome was written.
    pub ended: Option<Timestamp>,
    /// Number of the outcome's record.
    pub outcome_seq: Option<u64>,
    /// The id sent with the write.
    pub client_request_id: Text,
    /// Graph's id for it.
    pub request_id: Text,
}

impl Row for JournalRow {
    type Id = u64;
    const COLUMNS: &'static [&'static str] = &["time", "act", "name", "outcome", "reason", "actor"];

    fn id(&self) -> &u64 {
        &self.seq
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        match column {
            "time" => day(Some(self.time)),
            "act" => Cow::Borrowed(&self.act),
            "name" => Cow::Borrowed(self.name.or(&self.target)),
            "outcome" => Cow::Borrowed(&self.outcome),
            "reason" => Cow::Borrowed(&self.reason),
            "actor" => Cow::Borrowed(&self.actor),
            _ => Cow::Borrowed(""),
        }
    }

    fn words(&self, into: &mut String) {
        for words in [
            &self.act,
            &self.name,
            &self.target,
            &self.outcome,
            &self.detail,
            &self.reason,
            &self.actor,
        ] {
            into.push_str(words);
            into.push('\n');
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        (column == "time").then_some(Measure::Since(self.time))
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "time" => self.time.cmp(&other.time).then(self.seq.cmp(&other.seq)),
            _ => caseless(&self.cell(column), &other.cell(column)),
        }
    }
}

/// What is left until `denial_at`: `12d`, and `due` when it has passed.
pub fn left(denial_at: Option<Timestamp>, now: Timestamp) -> String {
    match denial_at {
        None => String::new(),
        Some(at) if at <= now => "due".into(),
        Some(at) => time::short(at.duration_since(now)),
    }
}
