//! Reprocess: have a delivery that failed tried again (accesspackageassignmentrequest-reprocess).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, Named, On, ActSubject, Tone, Wants, Weight, elsewhere};
use super::arrival::DeliveryWay;
use super::followed;
use super::look::{Look, Reads};
use super::record;
use super::rules::{After, Again, Before, Inverse, Ready, Rows, ActRules, Said, Sent, happened, refuse, so_already, unfit};
use super::{Act, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::{RequestId, UserId};
use crate::domain::lifecycle::{NotNow, standing};
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::domain::request::{Request, RequestState};
use crate::graph::{Call, Response, request_acts, requests};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "reprocess",
    verb: "deliver again",
    participle: "retried",
    glyph: '↻',
    tone: Tone::Give,
    on: On::Request,
    staged: false,
    weight: Weight::Plain,
    reason: Wants::Maybe,
    command: Some(Named {
        name: "reprocess",
        keys: &[],
        title: "have a delivery that failed tried again, while Graph allows it; asks first",
        footer: None,
    }),
    offered: None,
    asks: Asks {
        before: "Deliver",
        after: " again",
        meaning: "The service tries again to hand out the access that was approved.",
        goes: "tries again",
    },
    need: &NEED,
    by_ids: Some("Have a delivery that failed tried again; Graph allows it for 14 days"),
    may,
    until,
    make: |target, stage| Some(Act::Reprocess(Reprocess(record::on(target, stage)?))),
    read: |stored| Some(Act::Reprocess(Reprocess(record::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "requests reprocess",
    does: "have a request that failed delivered again",
    writes: true,
    area: Some(Area::Requests),
    delegated: &[Permission::EntitlementManagementReadWriteAll],
    application: Some(&[Permission::EntitlementManagementReadWriteAll]),
    calls: &[(
        "POST",
        "/identityGovernance/entitlementManagement/assignmentRequests/{accessPackageAssignmentRequest-id}/reprocess",
    )],
};

fn may(subject: &ActSubject<'_>, now: Timestamp) -> Result<(), String> {
    let ActSubject::Request { request, .. } = subject else {
        return elsewhere(On::Request);
    };
    request.may_reprocess(now).map(drop).map_err(|why| match why {
        why @ NotNow::Stands(_) => {
            format!("{why}; only a delivery that failed can be tried again")
        }
        why @ NotNow::Late(_) => why.to_string(),
    })
}

fn until(subject: &ActSubject<'_>, now: Timestamp) -> Option<Timestamp> {
    match subject {
        ActSubject::Request { request, .. } => request.may_reprocess(now).ok().flatten(),
        ActSubject::Guest(_) => None,
    }
}

/// Whether the service has the delivery in hand, or has done it.
fn in_hand(state: &RequestState) -> bool {
    matches!(state, RequestState::Delivering | RequestState::Delivered)
}

/// Whether it ended anew since it was sent.
fn ended_since(request: &Request, sent: &Sent<'_>) -> bool {
    let ended = request.completed;
    match sent {
        Sent::Now(ready) => ended > ready.since,
        Sent::Earlier { at, .. } => ended.is_some_and(|ended| ended > *at),
    }
}

/// Graph answers 202: it has taken it.
const WAY: DeliveryWay = DeliveryWay {
    taken: "submitted",
    passes: false,
};

/// Reprocess: have a delivery that failed tried again (accesspackageassignmentrequest-reprocess).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprocess(pub RequestId);

impl ActRules for Reprocess {
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

    fn judge(&self, _reason: &str, look: &Look, now: Timestamp) -> Before {
        let request = match record::seen(look) {
            None => return unfit(),
            Some(None) => return refuse("It is not there any more", "Refresh and look again"),
            Some(Some(request)) => request,
        };
        if in_hand(&request.state) {
            return so_already(&format!("{} already", standing(&request.state)));
        }
        match request.may_reprocess(now) {
            Ok(_) => Before::Go(Ready {
                since: request.completed,
                ..Ready::new(request_acts::reprocess(&self.0))
            }),
            Err(why) => {
                let remedy = match why {
                    NotNow::Late(_) => "Assign the package directly, or have them ask again",
                    NotNow::Stands(_) => "Only a delivery that failed can be tried again",
                };
                refuse(&format!("It cannot be delivered again: {why}"), remedy)
            }
        }
    }

    fn accepted(&self, answer: &Response) -> Said {
        followed::taken(answer, &self.0, WAY)
    }

    fn refused_by_standing(&self) -> bool {
        true
    }

    fn after(&self, sent: &Sent<'_>, _me: &UserId, look: &Look, now: Timestamp) -> After {
        let after = match record::seen(look).flatten() {
            Some(request) if in_hand(&request.state) => happened(),
            // Tried again, and failed again.
            Some(request) if ended_since(request, sent) => happened(),
            Some(_) | None => match self.judge("", look, now) {
                Before::Go(_) => After::Absent,
                Before::Not(outcome) => After::Settled(outcome),
            },
        };
        followed::found(after, Some(&self.0), WAY)
    }

    fn again(&self) -> Again {
        // What is being delivered cannot be reprocessed.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        None
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Stay
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
