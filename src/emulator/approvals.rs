//! Approvals and their stages: who decides, when, and what is refused.
//!
//! `api-reference/v1.0/api/approval-get.md`, `approval-filterbycurrentuser.md`, `approvalstage-update.md`. An approval's
//! id is its request's id. One sends the verbs `Approve` and `Deny` and reads back `Approved` and `Denied`.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall, guid};
use super::fault::Fault;
use super::odata::{self, Entity, EntityKind, FilterValue, Follow, Listing};
use super::requests::{AssignmentRequest, RequestState, StageProgress};
use super::route::filter_by;
use super::world::{TenantWorld, stamp};

static STAGE: EntityKind = EntityKind {
    name: "approvalStage",
    properties: &[
        "id",
        "displayName",
        "reviewedDateTime",
        "reviewResult",
        "status",
        "assignedToMe",
        "justification",
        "reviewedBy",
    ],
    default: &[],
    unselectable: &[],
    filters: &[],
    relations: &[],
    order: &[],
    directory: false,
};

static APPROVAL: EntityKind = EntityKind {
    name: "approval",
    properties: &["id"],
    default: &[],
    unselectable: &[],
    filters: &[],
    relations: &[("stages", &STAGE)],
    order: &[],
    directory: false,
};

const CONTEXT: &str = "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals";

const APPROVALS: Listing<'static> = Listing {
    kind: &APPROVAL,
    context: CONTEXT,
    typed: false,
};

const STAGES: Listing<'static> = Listing {
    kind: &STAGE,
    context: CONTEXT,
    typed: false,
};

/// An approval as one caller sees it: `assignedToMe` depends on who asks.
struct RequestApproval {
    id: Uuid,
    stages: Vec<StageView>,
}

struct StageView {
    id: Uuid,
    progress: StageProgress,
    mine: bool,
    reviewer: Option<String>,
}

impl RequestApproval {
    fn new(request: &AssignmentRequest, world: &TenantWorld, caller: Uuid) -> Self {
        let stages = request.stages.iter().map(|stage| StageView {
            id: stage.id,
            progress: stage.progress.clone(),
            mine: stage.rule.approvers.contains(&caller) && request.requestor.user != Some(caller),
            reviewer: match &stage.progress {
                StageProgress::Completed { by, .. } => {
                    world.users.get(*by).map(|user| user.display_name.clone())
                }
                _ => None,
            },
        });
        Self {
            id: request.id,
            stages: stages.collect(),
        }
    }
}

impl Entity for RequestApproval {
    fn kind(&self) -> &'static EntityKind {
        &APPROVAL
    }

    fn property(&self, _: &str) -> Option<Value> {
        Some(json!(self.id))
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }

    fn follow<'w>(&'w self, _: &'w TenantWorld, _: &str) -> Follow<'w> {
        Follow::Many(
            self.stages
                .iter()
                .map(|stage| stage as &dyn Entity)
                .collect(),
        )
    }
}

impl Entity for StageView {
    fn kind(&self) -> &'static EntityKind {
        &STAGE
    }

    fn property(&self, name: &str) -> Option<Value> {
        let decided = match &self.progress {
            StageProgress::Completed {
                approved,
                by,
                at,
                reason,
            } => Some((*approved, *by, *at, reason.clone())),
            _ => None,
        };
        Some(match name {
            "id" => json!(self.id),
            "status" => json!(match self.progress {
                StageProgress::Waiting => "Initializing",
                StageProgress::Running { .. } => "InProgress",
                StageProgress::Completed { .. } => "Completed",
                StageProgress::Expired => "Expired",
            }),
            "assignedToMe" => json!(self.mine),
            "reviewResult" => json!(match decided {
                None => "NotReviewed",
                Some((true, ..)) => "Approved",
                Some((false, ..)) => "Denied",
            }),
            "reviewedDateTime" => decided.map_or(Value::Null, |(_, _, at, _)| stamp(at)),
            "justification" => json!(decided.and_then(|(.., reason)| reason).unwrap_or_default()),
            "reviewedBy" => decided.map_or(
                Value::Null,
                |(_, by, ..)| json!({"id": by, "displayName": self.reviewer}),
            ),
            _ => Value::Null,
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }
}

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    match (call.method, rest) {
        ("GET", [function]) if function.starts_with("filterByCurrentUser") => {
            if filter_by(function)? != "approver" {
                return Err(Fault::not_implemented("Only on='approver' is emulated."));
            }
            let approvals: Vec<RequestApproval> = world
                .requests
                .iter()
                .filter(|request| request.waits_for(call.caller))
                .map(|request| RequestApproval::new(request, world, call.caller))
                .collect();
            let listing = Listing {
                typed: true,
                ..APPROVALS
            };
            odata::list(call, world, &listing, approvals.len(), &|at| {
                approvals.get(at).map(|approval| approval as &dyn Entity)
            })
        }
        ("GET", [id]) => {
            let approval = RequestApproval::new(find(call, world, id)?, world, call.caller);
            let mut answer = odata::one(call, world, &APPROVALS, &approval)?;
            if let super::call::Body::Json(Value::Object(body)) = &mut answer.body {
                let stages = approval.stages.iter();
                let stages = stages
                    .map(|stage| odata::render(stage, world, &odata::Shape::default(), false));
                // The service sends them along, asked or not (the example of approval-get.md).
                body.entry("stages").or_insert_with(|| stages.collect());
            }
            Ok(answer)
        }
        ("GET", [id, "stages"]) => {
            let stages = RequestApproval::new(find(call, world, id)?, world, call.caller).stages;
            odata::list(call, world, &STAGES, stages.len(), &|at| {
                stages.get(at).map(|stage| stage as &dyn Entity)
            })
        }
        ("GET", [id, "stages", stage]) => {
            let approval = RequestApproval::new(find(call, world, id)?, world, call.caller);
            let wanted = guid(stage)?;
            let view = approval.stages.iter().find(|view| view.id == wanted);
            odata::one(
                call,
                world,
                &STAGES,
                view.ok_or_else(|| Fault::not_found("approval stage", stage))?,
            )
        }
        ("PATCH", [id, "stages", stage]) => decide(call, world, id, stage),
        (_, [] | [_] | [_, "stages"] | [_, "stages", _]) => Err(Fault::method()),
        (_, [.., segment]) => Err(Fault::no_segment(segment)),
    }
}

/// Requests that need no approval have none.
fn find<'w>(
    call: &ApiCall<'_>,
    world: &'w TenantWorld,
    id: &str,
) -> Result<&'w AssignmentRequest, Fault> {
    let request = super::requests::find(call, world, id)?;
    if request.stages.is_empty() {
        return Err(Fault::not_found("approval", id));
    }
    Ok(request)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ApprovalStagePatch {
    #[serde(rename = "@odata.type")]
    _odata_type: Option<String>,
    review_result: String,
    justification: Option<String>,
}

fn decide(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    id: &str,
    stage: &str,
) -> Result<ApiAnswer, Fault> {
    call.no_options()?;
    let decision: ApprovalStagePatch = call.read()?;
    let approved = match decision.review_result.as_str() {
        "Approve" => true,
        "Deny" => false,
        other => {
            return Err(Fault::bad(format!(
                "The reviewResult '{other}' is not valid; 'Approve' or 'Deny' is expected."
            )));
        }
    };
    let reason = decision
        .justification
        .filter(|reason| !reason.trim().is_empty());
    let now = world.now;
    let request = world
        .requests
        .get(guid(id)?)
        .filter(|request| !request.stages.is_empty())
        .ok_or_else(|| Fault::not_found("approval", id))?;
    let wanted = guid(stage)?;
    let at = request
        .stages
        .iter()
        .position(|stage| stage.id == wanted)
        .ok_or_else(|| Fault::not_found("approval stage", stage))?;
    let current = &request.stages[at];
    if !current.rule.approvers.contains(&call.caller) {
        return Err(Fault::forbidden(
            "The caller is not an approver of this stage.",
        ));
    }
    if request.requestor.user == Some(call.caller) {
        return Err(Fault::forbidden(
            "Requestors cannot decide on their own request.",
        ));
    }
    match &current.progress {
        StageProgress::Completed { by, .. } => {
            let who = world
                .users
                .get(*by)
                .map_or("another approver", |user| user.display_name.as_str());
            return Err(Fault::conflict(format!(
                "The approval stage has already been completed by {who}."
            )));
        }
        StageProgress::Expired => {
            return Err(Fault::conflict(
                "The approval stage has expired: the request was denied automatically.",
            ));
        }
        _ if request.state != RequestState::PendingApproval => {
            return Err(Fault::conflict(format!(
                "The request is no longer pending: its state is '{}'.",
                request.state.words().0
            )));
        }
        StageProgress::Waiting => {
            return Err(Fault::bad(
                "The approval stage has not started: an earlier stage is not completed.",
            ));
        }
        StageProgress::Running { .. } => {}
    }
    if current.rule.justification && reason.is_none() {
        return Err(Fault::bad(
            "The policy requires a justification from the approver.",
        ));
    }
    let id = request.id;
    if let Some(request) = world.requests.get_mut(id) {
        request.stages[at].progress = StageProgress::Completed {
            approved,
            by: call.caller,
            at: now,
            reason,
        };
        if !approved {
            request.finish(RequestState::Denied, now);
        } else if let Some(next) = request.stages.get_mut(at + 1) {
            next.progress = StageProgress::Running { since: now };
        } else {
            // The service delivers by itself; whoever looks next finds it delivered.
            request.state = RequestState::Delivering;
            request.ready = Some(now);
        }
    }
    Ok(ApiAnswer::empty(204))
}
