//! What approving and denying share: a verdict on the stage of a request that waits (approvalstage-update).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{ActSubject, Meant, Stored, elsewhere};
use super::look::Look;
use super::rules::{After, Before, Ready, SKEW, Sent, happened, over, unfit};
use super::{On, Outcome, Target};
use crate::domain::id::{RequestId, StageId, UserId};
use crate::domain::lifecycle::standing;
use crate::domain::request::{Request, RequestState, ReviewResult, StageStatus};
use crate::domain::request_sight::RequestSight;
use crate::graph::approvals::{self, Reviewed};

/// The calls of a decision, as permissions.tsv writes them.
pub(super) const CALLS: &[(&str, &str)] = &[
    (
        "GET",
        "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages",
    ),
    (
        "PATCH",
        "/identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/{approval-id}/stages/{approvalStage-id}",
    ),
];

/// A verdict on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalDecision {
    /// The request.
    pub request: RequestId,
    /// The stage the verdict is meant for; another one that waits by now is not decided in its place. `None`
    /// decides whichever waits.
    pub stage: Option<StageId>,
    /// What was seen of the request when it was decided; where it differs by now, nothing is sent. Not in the journal:
    /// what was sent was sent.
    pub seen: Option<RequestSight>,
}

/// Whether it says yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ApprovalVerdict {
    Yes,
    No,
}

impl ApprovalVerdict {
    fn result(self) -> ReviewResult {
        match self {
            Self::Yes => ReviewResult::Approved,
            Self::No => ReviewResult::Denied,
        }
    }

    /// Whether a request whose stages cannot be read any more was decided so.
    fn gone(self, request: &Request) -> bool {
        match self {
            Self::No => request.state == RequestState::Denied,
            Self::Yes => matches!(
                request.state,
                RequestState::Delivering
                    | RequestState::Delivered
                    | RequestState::PartiallyDelivered
                    | RequestState::DeliveryFailed
                    | RequestState::Scheduled
            ),
        }
    }
}

pub(super) fn form(decision: &ApprovalDecision) -> Map<String, Value> {
    let mut form = Map::new();
    form.insert("request".into(), decision.request.as_str().into());
    if let Some(stage) = &decision.stage {
        form.insert("stage".into(), stage.as_str().into());
    }
    form
}

pub(super) fn read(stored: &Stored<'_>) -> Option<ApprovalDecision> {
    Some(ApprovalDecision {
        request: RequestId::new(stored.text("request").unwrap_or(stored.target)).ok()?,
        stage: match stored.text("stage") {
            Some(stage) => Some(StageId::new(stage).ok()?),
            None => None,
        },
        seen: None,
    })
}

pub(super) fn on(target: &Target, meant: &Meant) -> Option<ApprovalDecision> {
    match target {
        Target::Request(request) => Some(ApprovalDecision {
            request: request.clone(),
            stage: meant.stage.clone(),
            seen: meant.seen,
        }),
        Target::Guest(_) | Target::Address(_) | Target::Assignment(_) => None,
    }
}

pub(super) fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    let ActSubject::Request { request, deciders } = subject else {
        return elsewhere(On::Request);
    };
    if !request.pending() {
        return Err(format!(
            "this request {}; only one that waits for approval can be decided",
            standing(&request.state)
        ));
    }
    match (&request.stages, request.mine(), *deciders) {
        (_, true, _) => Ok(()),
        (None, _, _) => Err("its stages are still being read; try again in a moment".into()),
        (Some(_), false, "") => Err("its current stage waits for somebody else".into()),
        (Some(_), false, deciders) => Err(format!("its current stage waits for {deciders}")),
    }
}

pub(super) fn judge(
    decision: &ApprovalDecision,
    verdict: ApprovalVerdict,
    reason: &str,
    look: &Look,
) -> Before {
    let Look::Approval(read, stages) = look else {
        return unfit();
    };
    let meant = stages
        .iter()
        .find(|one| Some(&one.stage.id) == decision.stage.as_ref());
    if let Some(meant) =
        meant.filter(|one| one.stage.status != StageStatus::InProgress && decided(one))
    {
        return Before::Not(already(meant, verdict));
    }
    let open = stages
        .iter()
        .position(|one| one.stage.status == StageStatus::InProgress);
    let pending = read.as_deref().is_none_or(Request::pending);
    match open.filter(|_| pending) {
        Some(at) if stages[at].stage.mine => {
            if let Some(what) = changed(decision, read.as_deref()) {
                return Before::Not(Outcome::Changed { what });
            }
            let stage = stages[at].stage.id.clone();
            let yes = verdict == ApprovalVerdict::Yes;
            Before::Go(Ready {
                stage: Some(stage.clone()),
                ..Ready::new(approvals::decide(&decision.request, &stage, yes, reason))
            })
        }
        Some(at) => Before::Not(Outcome::NotYours { stage: at + 1 }),
        None => ended(read.as_deref(), stages, verdict),
    }
}

pub(super) fn after(
    decision: &ApprovalDecision,
    verdict: ApprovalVerdict,
    sent: &Sent<'_>,
    me: &UserId,
    look: &Look,
) -> After {
    let Look::Approval(request, stages) = look else {
        return After::Absent;
    };
    let wanted = verdict.result();
    let by_me =
        |one: &&Reviewed| one.stage.result == wanted && one.by.as_ref().is_none_or(|by| by == me);
    let find = |id: Option<&StageId>| stages.iter().find(|one| Some(&one.stage.id) == id);
    let sent_to = match sent {
        Sent::Now(ready) => find(ready.stage.as_ref()),
        Sent::Earlier { at, before } => {
            let waited = before.and_then(|seen| StageId::new(seen.get("stage")?.as_str()?).ok());
            match (decision.stage.as_ref(), waited) {
                (Some(stage), _) => find(Some(stage)),
                (None, Some(stage)) => find(Some(&stage)),
                // The verdict of ours since then: an older one was on another stage.
                (None, None) => stages.iter().filter(by_me).rfind(|one| {
                    one.by.is_some()
                        && one
                            .stage
                            .reviewed
                            .is_some_and(|reviewed| reviewed + SKEW >= *at)
                }),
            }
        }
    };
    match sent_to {
        Some(one) if by_me(&one) => happened(),
        Some(one) if decided(one) => After::Settled(already(one, verdict)),
        _ => match judge(decision, verdict, "", look) {
            Before::Go(_) => After::Absent,
            Before::Not(_)
                if stages.is_empty() && request.as_deref().is_some_and(|one| verdict.gone(one)) =>
            {
                happened()
            }
            Before::Not(outcome) => After::Settled(outcome),
        },
    }
}

fn decided(reviewed: &Reviewed) -> bool {
    matches!(
        reviewed.stage.result,
        ReviewResult::Approved | ReviewResult::Denied
    )
}

/// What of the request differs from what was seen; `None` where nothing does, or it is not to be read.
fn changed(decision: &ApprovalDecision, read: Option<&Request>) -> Option<String> {
    let changes = decision.seen?.changes(&RequestSight::of(read?));
    (!changes.is_empty()).then(|| changes.join(", "))
}

/// How a request that waits for nobody has ended.
fn ended(request: Option<&Request>, stages: &[Reviewed], verdict: ApprovalVerdict) -> Before {
    let last = stages.iter().filter(|one| decided(one)).max_by_key(|one| {
        // A denial ends it; else the latest verdict does.
        (one.stage.result == ReviewResult::Denied, one.stage.reviewed)
    });
    let taken_back = request.is_some_and(|request| request.state == RequestState::Canceled);
    if let (Some(reviewed), false) = (last, taken_back) {
        return Before::Not(already(reviewed, verdict));
    }
    let expired = stages
        .iter()
        .any(|one| one.stage.status == StageStatus::Expired);
    let moved;
    over(match request.map(|request| &request.state) {
        _ if expired => "was denied by itself: nobody decided in time",
        Some(RequestState::Canceled) => "was taken back",
        Some(RequestState::Denied) => "was denied already",
        Some(RequestState::PendingApproval) => "waits for no stage just now",
        Some(state) => {
            moved = format!("has moved on: {state}");
            &moved
        }
        None => "is not there any more",
    })
}

fn already(reviewed: &Reviewed, verdict: ApprovalVerdict) -> Outcome {
    Outcome::Already {
        result: reviewed.stage.result.clone(),
        so: reviewed.stage.result == verdict.result(),
        by: reviewed.stage.reviewer.clone(),
        at: reviewed.stage.reviewed,
    }
}
