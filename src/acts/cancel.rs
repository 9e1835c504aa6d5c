//! Cancel: take a request back that has not begun to be delivered (accesspackageassignmentrequest-cancel).

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
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::domain::request::RequestState;
use crate::graph::{Call, Response, request_acts, requests};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "cancel",
    verb: "cancel",
    participle: "cancelled",
    glyph: '⌀',
    tone: Tone::Refuse,
    on: On::Request,
    staged: false,
    weight: Weight::Plain,
    reason: Wants::Maybe,
    command: Some(Named {
        name: "cancel",
        keys: &[],
        title: "cancel a request: the marked ones, or this one; asks first",
        footer: None,
    }),
    offered: None,
    asks: Asks {
        before: "Cancel",
        after: "",
        meaning: "Whoever asked has to ask again. Nobody is told from here.",
        goes: "cancels",
    },
    need: &NEED,
    by_ids: Some("Cancel them; only what has not begun to be delivered"),
    may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Cancel(Cancel(record::on(target, stage)?))),
    read: |stored| Some(Act::Cancel(Cancel(record::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "requests cancel",
    does: "cancel a request",
    writes: true,
    area: Some(Area::Requests),
    // The least one is for one's own requests.
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: None,
    calls: &[(
        "POST",
        "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}/cancel",
    )],
};

fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    match subject {
        ActSubject::Request { request, .. } => request.may_cancel().map_err(|why| why.to_string()),
        ActSubject::Guest(_) => elsewhere(On::Request),
    }
}

/// Cancel: take a request back that has not begun to be delivered (accesspackageassignmentrequest-cancel).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel(pub RequestId);

impl ActRules for Cancel {
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
            Some(None) => refuse("It is not there any more", "Refresh and look again"),
            Some(Some(request)) if request.state == RequestState::Canceled => {
                so_already("was cancelled already")
            }
            Some(Some(request)) => match request.may_cancel() {
                Ok(()) => go(request_acts::cancel(&self.0)),
                Err(why) => refuse(
                    &format!("It cannot be cancelled: {why}"),
                    "Only what waits can be cancelled",
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
        match record::seen(look).flatten() {
            Some(request) if request.state == RequestState::Canceled => happened(),
            Some(_) | None => match self.judge("", look, now) {
                Before::Go(_) => After::Absent,
                Before::Not(outcome) => After::Settled(outcome),
            },
        }
    }

    fn again(&self) -> Again {
        // What is cancelled cannot be cancelled again.
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
