//! What the journal holds: one record a line, in plain words.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, from_slice, from_value};

/// The version of the lines that are written. Version 1 had no `v`, and no form, before, run or plan.
pub const VERSION: u32 = 2;

/// What a line must have to be one, in whatever version.
const CHAIN: [&str; 5] = ["v", "seq", "prev", "time", "kind"];

/// An act about to be sent. The words of outsiders in it are cleaned by the caller, and secrets (redeem links,
/// tokens) never come in: the journal is read by people and copied into tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalEntry {
    /// Id of the tenant it happens in.
    pub tenant: String,
    /// Object id of who does it.
    pub actor: String,
    /// User principal name of who does it.
    pub actor_name: String,
    /// What is done, as a word: approve, deny, invite, block, delete, restore …
    pub act: String,
    /// The act in a form of its own, from which it can be made again. The caller's type leaves secrets out.
    pub form: Map<String, Value>,
    /// How what it is done to was before, as far as that was looked at.
    pub before: Option<Value>,
    /// Id of what it is done to; for an invitation the mail address.
    pub target: String,
    /// How the target is called on the screen.
    pub target_name: String,
    /// Why, where a reason is given.
    pub reason: Option<String>,
    /// The `client-request-id` it is sent with.
    pub client_request_id: String,
    /// Id of the run that does it; see [`super::RunLock`].
    pub run: String,
    /// Where it stands in a plan, if it is part of one.
    pub plan: Option<PlanStep>,
}

/// One act's place among those that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStep {
    /// Id of the plan.
    pub plan: String,
    /// Which step of it, from 1.
    pub step: u32,
    /// How many it has.
    pub of: u32,
    /// Those that follow it, each as an act's word and form, so that they can be gone on with later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rest: Vec<Value>,
}

/// How an act ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The word for it.
    pub outcome: OutcomeWord,
    /// What happened, in a sentence; may be empty.
    pub detail: String,
    /// The `request-id` of the answer, for support cases.
    pub request_id: Option<String>,
    /// Id of the run that found it out, which need not be the one that sent the act.
    pub run: String,
    /// Of what Graph has taken: the id of the request it leads to.
    pub follows: Option<String>,
}

/// The word for how an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// It happened.
    Done,
    /// Graph has taken it; what it leads to was not known yet. A later outcome says how that ended.
    Accepted,
    /// It happened in part.
    Partly,
    /// It was refused and did not happen.
    Failed,
    /// It was sent and nobody knows yet; to be read back.
    Unknown,
    /// Someone else was first.
    Conflict,
    /// It was never sent.
    NotSent,
    /// Nobody knows whether it happened; by somebody's word it was sent again under an intent of its own.
    Superseded,
    /// A word of a newer version.
    #[serde(other)]
    Unrecognised,
}

impl OutcomeWord {
    /// The word for it, as the journal writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Accepted => "accepted",
            Self::Partly => "partly",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Conflict => "conflict",
            Self::NotSent => "not-sent",
            Self::Superseded => "superseded",
            Self::Unrecognised => "unrecognised",
        }
    }

    /// Whether it says how the act ended.
    pub fn settles(self) -> bool {
        match self {
            Self::Unknown => false,
            // What was taken happened; only where it leads to is open.
            Self::Accepted | Self::Partly => true,
            Self::Done | Self::Failed | Self::Conflict | Self::NotSent => true,
            // A newer version knew what it meant by that.
            Self::Superseded | Self::Unrecognised => true,
        }
    }

    /// Whether nothing that is written later counts. What was not sent, or refused, may have been sent again
    /// under the same intent, and lost.
    pub(super) fn is_final(self) -> bool {
        match self {
            Self::Done | Self::Superseded => true,
            Self::Failed | Self::Unknown | Self::Conflict | Self::NotSent => false,
            Self::Accepted | Self::Partly => false,
            Self::Unrecognised => false,
        }
    }
}

impl fmt::Display for OutcomeWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word().replace('-', " "))
    }
}

/// Whether a record says what is to happen or what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
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
    /// Version of the line; 1 where it says none.
    #[serde(default = "first")]
    pub v: u32,
    /// Position in the journal, from 1.
    pub seq: u64,
    /// SHA-256 of the line before, without its line feed, in hexadecimal; zeros for the first.
    pub prev: String,
    /// When it was written.
    pub time: Timestamp,
    /// Intent or outcome.
    pub kind: RecordKind,
    /// As in [`JournalEntry`].
    #[serde(default)]
    pub tenant: String,
    /// As in [`JournalEntry`].
    #[serde(default)]
    pub actor: String,
    /// As in [`JournalEntry`].
    #[serde(default)]
    pub actor_name: String,
    /// As in [`JournalEntry`].
    #[serde(default)]
    pub act: String,
    /// Of an intent: as in [`JournalEntry`]; empty in version 1.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub form: Map<String, Value>,
    /// Of an intent: as in [`JournalEntry`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// As in [`JournalEntry`].
    #[serde(default)]
    pub target: String,
    /// As in [`JournalEntry`].
    #[serde(default)]
    pub target_name: String,
    /// As in [`JournalEntry`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// As in [`JournalEntry`].
    #[serde(default)]
    pub client_request_id: String,
    /// Id of the run that wrote it; empty in version 1.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub run: String,
    /// As in [`JournalEntry`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanStep>,
    /// Of an outcome: the `seq` of its intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<u64>,
    /// Of an outcome: as in [`Settlement`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeWord>,
    /// Of an outcome: as in [`Settlement`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Of an outcome: as in [`Settlement`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Of an outcome: as in [`Settlement`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
}

fn first() -> u32 {
    1
}

impl Record {
    /// The record of an act about to be sent; its place in the chain is filled in when it is appended.
    pub(super) fn intent(entry: &JournalEntry, now: Timestamp) -> Self {
        Self {
            v: VERSION,
            seq: 0,
            prev: String::new(),
            time: now,
            kind: RecordKind::Intent,
            tenant: entry.tenant.clone(),
            actor: entry.actor.clone(),
            actor_name: entry.actor_name.clone(),
            act: entry.act.clone(),
            form: entry.form.clone(),
            before: entry.before.clone().filter(|before| !before.is_null()),
            target: entry.target.clone(),
            target_name: entry.target_name.clone(),
            reason: entry.reason.clone(),
            client_request_id: entry.client_request_id.clone(),
            run: entry.run.clone(),
            plan: entry.plan.clone(),
            intent: None,
            outcome: None,
            detail: None,
            request_id: None,
            follows: None,
        }
    }

    /// The record of how the act of `intent` ended. Form and before stand with the intent.
    pub(super) fn outcome(intent: &Self, settlement: &Settlement, now: Timestamp) -> Self {
        Self {
            v: VERSION,
            time: now,
            kind: RecordKind::Outcome,
            form: Map::new(),
            before: None,
            run: settlement.run.clone(),
            intent: Some(intent.seq),
            outcome: Some(settlement.outcome),
            detail: Some(settlement.detail.clone()).filter(|detail| !detail.is_empty()),
            request_id: settlement.request_id.clone(),
            follows: settlement.follows.clone(),
            ..intent.clone()
        }
    }

    /// Whether a newer version wrote it: there may be more to it than is read here.
    pub fn newer(&self) -> bool {
        self.v > VERSION
    }

    /// Reads a line. `None` for what is no record.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let record = from_slice(line).ok();
        record.or_else(|| Self::as_far_as_known(line))
    }

    /// A line of a newer version in which some field is no longer what it was here: without that field.
    fn as_far_as_known(line: &[u8]) -> Option<Self> {
        let fields: Map<String, Value> = from_slice(line).ok()?;
        let (chain, more): (Vec<_>, Vec<_>) = fields
            .into_iter()
            .partition(|(name, _)| CHAIN.contains(&name.as_str()));
        let mut known: Map<String, Value> = chain.into_iter().collect();
        let record = |known: &Map<String, Value>| from_value::<Self>(known.clone().into()).ok();
        let mut found = record(&known).filter(Self::newer)?;
        for (name, value) in more {
            known.insert(name.clone(), value);
            match record(&known) {
                Some(record) => found = record,
                None => drop(known.remove(&name)),
            }
        }
        Some(found)
    }
}
