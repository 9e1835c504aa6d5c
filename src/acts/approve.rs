//! Approve: let the person in, this stage of it (approvalstage-update).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, Named, On, Tone, Wants, Weight};
use super::arrival::DeliveryWay;
use super::followed;
use super::decision::{self, ApprovalDecision, ApprovalVerdict};
use super::look::{Look, Reads};
use super::rules::{After, Again, Before, Inverse, Rows, ActRules, Said, Sent};
use super::{Act, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::UserId;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::graph::{Call, Response, approvals, requests};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "approve",
    verb: "approve",
    participle: "approved",
    glyph: '✓',
    tone: Tone::Give,
    on: On::Request,
    staged: true,
    weight: Weight::Plain,
    reason: Wants::ByPolicy,
    command: Some(Named {
        name: "approve",
        keys: &["a"],
        title: "approve: stage it on the marked rows, or this one",
        footer: Some("approve"),
    }),
    offered: None,
    asks: Asks {
        before: "Approve",
        after: "",
        meaning: "The stage that waits is passed; after the last one the access is delivered.",
        goes: "approves",
    },
    need: &NEED,
    by_ids: None,
    may: decision::may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Approve(Approve(decision::on(target, stage)?))),
    read: |stored| Some(Act::Approve(Approve(decision::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "requests approve",
    does: "approve a request's stage",
    writes: true,
    area: Some(Area::Inbox),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: None,
    calls: decision::CALLS,
};

/// The stage is passed; after the last one the access is delivered.
const WAY: DeliveryWay = DeliveryWay {
    taken: "approved",
    passes: true,
};

/// Approve: let the person in, this stage of it (approvalstage-update).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approve(pub ApprovalDecision);

impl ActRules for Approve {
    fn target(&self) -> Target {
        Target::Request(self.0.request.clone())
    }

    fn form(&self) -> Map<String, Value> {
        decision::form(&self.0)
    }

    fn looks(&self) -> Vec<Call> {
        vec![
            requests::one(&self.0.request),
            approvals::one(&self.0.request),
        ]
    }

    fn see(&self, reads: &mut Reads<'_>) -> Result<Look, Problem> {
        reads.approval()
    }

    fn judge(&self, reason: &str, look: &Look, _now: Timestamp) -> Before {
        decision::judge(&self.0, ApprovalVerdict::Yes, reason, look)
    }

    fn accepted(&self, answer: &Response) -> Said {
        followed::taken(answer, &self.0.request, WAY)
    }

    fn refused_by_standing(&self) -> bool {
        false
    }

    fn after(&self, sent: &Sent<'_>, me: &UserId, look: &Look, _now: Timestamp) -> After {
        let after = decision::after(&self.0, ApprovalVerdict::Yes, sent, me, look);
        followed::found(after, Some(&self.0.request), WAY)
    }

    fn again(&self) -> Again {
        // A stage that was decided takes no second verdict.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        None
    }

    fn rows(&self, outcome: &Outcome) -> Rows {
        match outcome {
            Outcome::Moot { .. } => Rows::Leaves,
            Outcome::Done { .. }
            | Outcome::Invited(_)
            | Outcome::Accepted(_)
            | Outcome::Arrived(..)
            | Outcome::Already { .. }
            | Outcome::NotYours { .. }
            | Outcome::InTheWay { .. }
            | Outcome::Failed(_)
            | Outcome::Unknown(_) => Rows::NextStage,
        }
    }

    fn lost_with_answer(&self) -> Option<&'static str> {
        None
    }

    fn follows(&self) -> Option<DeliveryWay> {
        Some(WAY)
    }

    fn followed_by(&self) -> Vec<Act> {
        Vec::new()
    }

    fn inverse(&self) -> Inverse {
        Inverse::None
    }
}
