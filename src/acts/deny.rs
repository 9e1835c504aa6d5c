//! Deny: turn the person away (approvalstage-update).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, Named, On, Tone, Wants, Weight};
use super::arrival::DeliveryWay;
use super::decision::{self, ApprovalDecision, ApprovalVerdict};
use super::look::{Look, Reads};
use super::rules::{After, Again, Before, Inverse, Rows, ActRules, Said, Sent, plain_yes};
use super::{Act, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::UserId;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::graph::{Call, Response, approvals, requests};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "deny",
    verb: "deny",
    participle: "denied",
    glyph: '✗',
    tone: Tone::Refuse,
    on: On::Request,
    staged: true,
    weight: Weight::Plain,
    reason: Wants::Always,
    command: Some(Named {
        name: "deny",
        keys: &["d"],
        title: "deny: stage it",
        footer: Some("deny"),
    }),
    offered: None,
    asks: Asks {
        before: "Deny",
        after: "",
        meaning: "Whoever asked is told, with the reason, and may ask again.",
        goes: "denies",
    },
    need: &NEED,
    by_ids: None,
    may: decision::may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Deny(Deny(decision::on(target, stage)?))),
    read: |stored| Some(Act::Deny(Deny(decision::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "requests deny",
    does: "deny a request's stage",
    writes: true,
    area: Some(Area::Inbox),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: None,
    calls: decision::CALLS,
};

/// Deny: turn the person away (approvalstage-update).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deny(pub ApprovalDecision);

impl ActRules for Deny {
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
        decision::judge(&self.0, ApprovalVerdict::No, reason, look)
    }

    fn accepted(&self, answer: &Response) -> Said {
        plain_yes(answer)
    }

    fn refused_by_standing(&self) -> bool {
        false
    }

    fn after(&self, sent: &Sent<'_>, me: &UserId, look: &Look, _now: Timestamp) -> After {
        decision::after(&self.0, ApprovalVerdict::No, sent, me, look)
    }

    fn again(&self) -> Again {
        // A stage that was decided takes no second verdict.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        None
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Leaves
    }

    fn lost_with_answer(&self) -> Option<&'static str> {
        None
    }

    fn follows(&self) -> Option<DeliveryWay> {
        None
    }

    fn followed_by(&self) -> Vec<Act> {
        Vec::new()
    }

    fn inverse(&self) -> Inverse {
        Inverse::None
    }
}
