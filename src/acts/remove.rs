//! Remove: delete the record of a request that has ended (accesspackageassignmentrequest-delete).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, Named, On, ActSubject, Tone, Wants, Weight, elsewhere};
use super::arrival::DeliveryWay;
use super::look::{Look, Reads};
use super::record;
use super::rules::{After, Again, Before, Inverse, Rows, ActRules, Said, Sent, go, happened, plain_yes, refuse, so_already, unfit};
use super::{Act, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::{RequestId, UserId};
use crate::domain::lifecycle::NotNow;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::domain::request::RequestState;
use crate::graph::{Call, Response, request_acts, requests};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "remove",
    verb: "remove",
    participle: "removed",
    glyph: '⌦',
    tone: Tone::Take,
    on: On::Request,
    staged: false,
    weight: Weight::Number,
    reason: Wants::Maybe,
    command: Some(Named {
        name: "remove",
        keys: &[],
        title: "remove the record of a request that has ended; wants the number typed",
        footer: None,
    }),
    offered: None,
    asks: Asks {
        before: "Remove the record of",
        after: "",
        meaning: "The record is deleted in the tenant for everybody, and cannot be brought back. The journal here keeps that it was you.",
        goes: "removes",
    },
    need: &NEED,
    by_ids: Some("Remove the records of requests that have ended, for good"),
    may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Remove(Remove(record::on(target, stage)?))),
    read: |stored| Some(Act::Remove(Remove(record::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "requests remove",
    does: "remove the record of a request that has ended",
    writes: true,
    area: Some(Area::Requests),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: Some(&[Permission::EntitlementManagementReadWriteAll]),
    calls: &[(
        "DELETE",
        "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}",
    )],
};

fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    let ActSubject::Request { request, .. } = subject else {
        return elsewhere(On::Request);
    };
    request.may_remove().map_err(|why| match why {
        NotNow::Stands(RequestState::PendingApproval) => {
            "it waits for approval; only what has ended can be removed".into()
        }
        why @ (NotNow::Stands(_) | NotNow::Late(_)) => why.to_string(),
    })
}

/// Remove: delete the record of a request that has ended (accesspackageassignmentrequest-delete).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remove(pub RequestId);

impl ActRules for Remove {
    fn target(&self) -> Target {
        Target::Request(self.0.clone())
    }

    fn form(&self) -> Map<String, Value> {
        record::form(&self.0)
    }

    fn looks(&self) -> Vec<Call> {
        vec![requests::one(&self.0)]
    }

    fn see(&self, reads: &mut Reads<'_>) -> Result<Look, Problem> {
        Ok(Look::Record(reads.request()?))
    }

    fn judge(&self, _reason: &str, look: &Look, _now: Timestamp) -> Before {
        match record::seen(look) {
            None => unfit(),
            Some(None) => so_already("is not there any more"),
            Some(Some(request)) => match request.may_remove() {
                Ok(()) => go(request_acts::remove(&self.0)),
                Err(why) => refuse(
                    &format!("Its record cannot be removed: {why}"),
                    "Only a request that has ended can be removed; cancel it first",
                ),
            },
        }
    }

    fn accepted(&self, answer: &Response) -> Said {
        plain_yes(answer)
    }

    fn refused_by_standing(&self) -> bool {
        true
    }

    fn after(&self, _sent: &Sent<'_>, _me: &UserId, look: &Look, now: Timestamp) -> After {
        match record::seen(look) {
            Some(None) => happened(),
            Some(Some(_)) | None => match self.judge("", look, now) {
                Before::Go(_) => After::Absent,
                Before::Not(outcome) => After::Settled(outcome),
            },
        }
    }

    fn again(&self) -> Again {
        // What is removed is not there to be removed again.
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
