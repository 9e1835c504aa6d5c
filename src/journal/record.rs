//! What the journal holds: one record a line, in plain words.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An act about to be sent. The words of outsiders in it are cleaned by the caller, and secrets (redeem links,
/// tokens) never come in: the journal is read by people and copied into tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Act {
    /// Id of the tenant it happens in.
    pub tenant: String,
    /// Object id of who does it.
    pub actor: String,
    /// User principal name of who does it.
    pub actor_name: String,
    /// What is done, as a word: approve, deny, invite, block, delete, restore …
    pub act: String,
    /// Id of what it is done to; for an invitation the mail address.
    pub target: String,
    /// How the target is called on the screen.
    pub target_name: String,
    /// Why, where a reason is given.
    pub reason: Option<String>,
    /// The `client-request-id` it is sent with.
    pub client_request_id: String,
}

/// How an act ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The word for it.
    pub outcome: Outcome,
    /// What happened, in a sentence; may be empty.
    pub detail: String,
    /// The `request-id` of the answer, for support cases.
    pub request_id: Option<String>,
}

/// The word for how an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It happened.
    Done,
    /// It was refused and did not happen.
    Failed,
    /// It was sent and nobody knows yet; to be read back.
    Unknown,
    /// Someone else was first.
    Conflict,
    /// It was never sent.
    NotSent,
    /// A word of a newer version.
    #[serde(other)]
    Unrecognised,
}

impl Outcome {
    /// The word for it, as the journal writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Conflict => "conflict",
            Self::NotSent => "not-sent",
            Self::Unrecognised => "unrecognised",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Conflict => "conflict",
            Self::NotSent => "not sent",
            Self::Unrecognised => "unrecognised",
        })
    }
}

/// Whether a record says what is to happen or what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Written before the act is sent.
    Intent,
    /// Written when it is known, or known to be unknown, how it ended.
    Outcome,
    /// A kind of a newer version.
    #[serde(other)]
    Unrecognised,
}

/// One line of the journal. Read from disk, its texts are outsiders' words again: anyone may have edited them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Position in the journal, from 1.
    pub seq: u64,
    /// SHA-256 of the line before, without its line feed, in hexadecimal; zeros for the first.
    pub prev: String,
    /// When it was written.
    pub time: Timestamp,
    /// Intent or outcome.
    pub kind: Kind,
    /// As in [`Act`].
    #[serde(default)]
    pub tenant: String,
    /// As in [`Act`].
    #[serde(default)]
    pub actor: String,
    /// As in [`Act`].
    #[serde(default)]
    pub actor_name: String,
    /// As in [`Act`].
    #[serde(default)]
    pub act: String,
    /// As in [`Act`].
    #[serde(default)]
    pub target: String,
    /// As in [`Act`].
    #[serde(default)]
    pub target_name: String,
    /// As in [`Act`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// As in [`Act`].
    #[serde(default)]
    pub client_request_id: String,
    /// Of an outcome: the `seq` of its intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<u64>,
    /// Of an outcome: as in [`Settlement`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Of an outcome: as in [`Settlement`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Of an outcome: as in [`Settlement`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Record {
    /// The record of an act about to be sent; its place in the chain is filled in when it is appended.
    pub(super) fn intent(act: &Act, now: Timestamp) -> Self {
        Self {
            seq: 0,
            prev: String::new(),
            time: now,
            kind: Kind::Intent,
            tenant: act.tenant.clone(),
            actor: act.actor.clone(),
            actor_name: act.actor_name.clone(),
            act: act.act.clone(),
            target: act.target.clone(),
            target_name: act.target_name.clone(),
            reason: act.reason.clone(),
            client_request_id: act.client_request_id.clone(),
            intent: None,
            outcome: None,
            detail: None,
            request_id: None,
        }
    }

    /// The record of how the act of `intent` ended.
    pub(super) fn outcome(intent: &Self, settlement: &Settlement, now: Timestamp) -> Self {
        Self {
            time: now,
            kind: Kind::Outcome,
            intent: Some(intent.seq),
            outcome: Some(settlement.outcome),
            detail: Some(settlement.detail.clone()).filter(|detail| !detail.is_empty()),
            request_id: settlement.request_id.clone(),
            ..intent.clone()
        }
    }

    /// The act that was recorded.
    pub fn as_act(&self) -> Act {
        Act {
            tenant: self.tenant.clone(),
            actor: self.actor.clone(),
            actor_name: self.actor_name.clone(),
            act: self.act.clone(),
            target: self.target.clone(),
            target_name: self.target_name.clone(),
            reason: self.reason.clone(),
            client_request_id: self.client_request_id.clone(),
        }
    }
}

/// The intents among `records` of which it is not known how they ended: no outcome, or the last one is
/// [`Outcome::Unknown`]. In their order.
pub fn unsettled(records: &[Record]) -> Vec<&Record> {
    use std::collections::HashMap;
    // By number and name together: in a damaged journal a number may come twice.
    let mut last: HashMap<(u64, &str), Outcome> = HashMap::new();
    for record in records {
        if let (Kind::Outcome, Some(intent), Some(outcome)) =
            (record.kind, record.intent, record.outcome)
        {
            last.insert((intent, &record.client_request_id), outcome);
        }
    }
    records
        .iter()
        .filter(|record| record.kind == Kind::Intent)
        .filter(|record| {
            let ended = last.get(&(record.seq, record.client_request_id.as_str()));
            ended.is_none_or(|outcome| *outcome == Outcome::Unknown)
        })
        .collect()
}
