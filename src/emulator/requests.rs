//! Assignment requests: someone asks for a package.
//!
//! `api-reference/v1.0/resources/accesspackageassignmentrequest.md`, `api/entitlementmanagement-list-assignmentrequests.md`,
//! `accesspackageassignmentrequest-filterbycurrentuser.md`.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::assignments::ASSIGNMENT;
use super::call::{ApiAnswer, ApiCall, guid};
use super::connected::ORGANIZATION;
use super::fate::DeliveryFate;
use super::fault::Fault;
use super::odata::{self, Entity, EntityKind, FilterValue, Follow, Listing, Op};
use super::packages::PACKAGE;
use super::policies::StageRule;
use super::route::{filter_by, needs_governance};
use super::world::{EntityRow, TenantWorld, stamp, stamp_or_null};

/// `accessPackageRequestState`, as far as requests come by it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestState {
    Submitted,
    PendingApproval,
    Delivering,
    Delivered,
    DeliveryFailed,
    Denied,
    Scheduled,
    Canceled,
    PartiallyDelivered,
}

impl RequestState {
    /// The `state`, and the finer `status`, which is free text in Graph.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Submitted => ("submitted", "Accepted"),
            Self::PendingApproval => ("pendingApproval", "PendingApproval"),
            Self::Delivering => ("delivering", "Delivering"),
            Self::Delivered => ("delivered", "Delivered"),
            Self::DeliveryFailed => ("deliveryFailed", "DeliveryFailed"),
            Self::Denied => ("denied", "Denied"),
            Self::Scheduled => ("scheduled", "PendingNotBefore"),
            Self::Canceled => ("canceled", "Canceled"),
            Self::PartiallyDelivered => ("partiallyDelivered", "PartiallyDelivered"),
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        [
            Self::Submitted,
            Self::PendingApproval,
            Self::Delivering,
            Self::Delivered,
            Self::DeliveryFailed,
            Self::Denied,
            Self::Scheduled,
            Self::Canceled,
            Self::PartiallyDelivered,
        ]
        .into_iter()
        .find(|state| state.words().0 == word)
    }
}

#[derive(Debug, Clone)]
pub(super) struct AssignmentRequest {
    pub(super) id: Uuid,
    /// `userAdd`, `adminAdd`, `adminRemove`.
    pub(super) kind: &'static str,
    pub(super) state: RequestState,
    pub(super) created: Timestamp,
    pub(super) completed: Option<Timestamp>,
    pub(super) justification: Option<String>,
    pub(super) answers: Vec<Value>,
    pub(super) package: Uuid,
    pub(super) policy: Uuid,
    pub(super) assignment: Uuid,
    /// Who asked or, in a direct assignment, who is assigned.
    pub(super) requestor: AccessPackageSubject,
    pub(super) created_by: Option<Uuid>,
    pub(super) stages: Vec<ApprovalStage>,
    /// When the service takes the next step by itself; `None` while a person must.
    pub(super) ready: Option<Timestamp>,
    /// How it will be delivered, where that is not well.
    pub(super) fate: Option<DeliveryFate>,
}

/// One approval stage of a request.
#[derive(Debug, Clone)]
pub(super) struct ApprovalStage {
    pub(super) id: Uuid,
    pub(super) rule: StageRule,
    pub(super) progress: StageProgress,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StageProgress {
    /// Waits for the stage before it.
    Waiting,
    Running {
        since: Timestamp,
    },
    Completed {
        approved: bool,
        by: Uuid,
        at: Timestamp,
        reason: Option<String>,
    },
    /// Nobody decided in time.
    Expired,
}

/// `accessPackageSubject`: a person, perhaps not yet in the directory.
#[derive(Debug, Clone)]
pub(super) struct AccessPackageSubject {
    pub(super) id: Uuid,
    /// Empty while the person is no user here.
    pub(super) user: Option<Uuid>,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) principal: Option<String>,
    pub(super) organization: Option<Uuid>,
    pub(super) lifecycle: &'static str,
}

pub(super) static SUBJECT: EntityKind = EntityKind {
    name: "accessPackageSubject",
    properties: &[
        "id",
        "objectId",
        "displayName",
        "email",
        "principalName",
        "onPremisesSecurityIdentifier",
        "subjectType",
        "subjectLifecycle",
    ],
    default: &[],
    unselectable: &[],
    filters: &[],
    relations: &[("connectedOrganization", &ORGANIZATION)],
    order: &[],
    directory: false,
};

pub(super) static REQUEST: EntityKind = EntityKind {
    name: "accessPackageAssignmentRequest",
    properties: &[
        "id",
        "requestType",
        "state",
        "status",
        "createdDateTime",
        "completedDateTime",
        "justification",
        "answers",
        "schedule",
        "customExtensionCalloutInstances",
    ],
    default: &[],
    unselectable: &[],
    filters: &[
        ("state", &[Op::Eq]),
        ("accessPackage/id", &[Op::Eq]),
        ("createdDateTime", &[Op::Eq, Op::Ge, Op::Gt, Op::Le, Op::Lt]),
    ],
    relations: &[
        ("accessPackage", &PACKAGE),
        ("assignment", &ASSIGNMENT),
        ("requestor", &SUBJECT),
    ],
    order: &[],
    directory: false,
};

impl EntityRow for AssignmentRequest {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl AssignmentRequest {
    pub(super) fn in_progress(&self) -> Option<usize> {
        self.stages
            .iter()
            .position(|stage| matches!(stage.progress, StageProgress::Running { .. }))
    }

    /// The stage that waits for this very person. Nobody decides on their own request.
    pub(super) fn waits_for(&self, user: Uuid) -> bool {
        self.state == RequestState::PendingApproval
            && self.requestor.user != Some(user)
            && self
                .in_progress()
                .is_some_and(|stage| self.stages[stage].rule.approvers.contains(&user))
    }

    /// How it was delivered, once it was and that was not well.
    fn ended_so(&self) -> Option<&DeliveryFate> {
        self.fate.as_ref().filter(|_| {
            matches!(
                self.state,
                RequestState::DeliveryFailed | RequestState::PartiallyDelivered
            )
        })
    }

    pub(super) fn finish(&mut self, state: RequestState, at: Timestamp) {
        self.state = state;
        self.completed = Some(at);
        self.ready = None;
    }
}

impl Entity for AssignmentRequest {
    fn kind(&self) -> &'static EntityKind {
        &REQUEST
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "requestType" => json!(self.kind),
            "state" => json!(self.state.words().0),
            "status" => json!(
                self.ended_so()
                    .and_then(|fate| fate.status.as_deref())
                    .unwrap_or(self.state.words().1)
            ),
            "customExtensionCalloutInstances" => {
                match self.ended_so().and_then(|fate| fate.detail.as_deref()) {
                    Some(detail) => json!([{
                        "@odata.type": "#microsoft.graph.customExtensionCalloutInstance",
                        "id": self.id,
                        "customExtensionId": null,
                        "externalCorrelationId": null,
                        "status": "callbackTimedOut",
                        "detail": detail,
                    }]),
                    None => json!([]),
                }
            }
            "createdDateTime" => stamp(self.created),
            "completedDateTime" => stamp_or_null(self.completed),
            "justification" => json!(self.justification),
            "answers" => json!(self.answers),
            // Requests here never bring a schedule of their own except to start later.
            "schedule" => json!({
                "startDateTime": stamp_or_null(self.ready.filter(|_| self.state == RequestState::Scheduled)),
                "expiration": {"type": "notSpecified", "endDateTime": null, "duration": null},
            }),
            _ => Value::Null,
        })
    }

    fn field(&self, path: &str) -> FilterValue<'_> {
        match path {
            "state" => FilterValue::text(self.state.words().0),
            "accessPackage/id" => FilterValue::text(self.package.to_string()),
            "createdDateTime" => FilterValue::Time(self.created),
            _ => FilterValue::Null,
        }
    }

    fn follow<'w>(&'w self, world: &'w TenantWorld, relation: &str) -> Follow<'w> {
        Follow::One(match relation {
            "accessPackage" => world
                .packages
                .get(self.package)
                .map(|package| package as &dyn Entity),
            "assignment" => world
                .assignments
                .get(self.assignment)
                .map(|assignment| assignment as &dyn Entity),
            _ => Some(&self.requestor),
        })
    }
}

impl Entity for AccessPackageSubject {
    fn kind(&self) -> &'static EntityKind {
        &SUBJECT
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "objectId" => json!(self.user),
            "displayName" => json!(self.name),
            "email" => json!(self.email),
            "principalName" => json!(self.principal),
            "subjectType" => json!("user"),
            "subjectLifecycle" => json!(self.lifecycle),
            _ => Value::Null,
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }

    fn follow<'w>(&'w self, world: &'w TenantWorld, _: &str) -> Follow<'w> {
        let organization = self.organization.and_then(|id| world.organizations.get(id));
        Follow::One(organization.map(|organization| organization as &dyn Entity))
    }
}

pub(super) const LISTING: Listing<'static> = Listing {
    kind: &REQUEST,
    context: "identityGovernance/entitlementManagement/assignmentRequests",
    typed: false,
};

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    let get = |at: usize| world.requests.at(at).map(|request| request as &dyn Entity);
    match (call.method, rest) {
        ("GET", []) => {
            needs_governance(call, world)?;
            odata::list(call, world, &LISTING, world.requests.len(), &get)
        }
        ("GET", ["$count"]) => {
            needs_governance(call, world)?;
            odata::count(call, &REQUEST, world.requests.len(), &get)
        }
        ("GET", [function]) if function.starts_with("filterByCurrentUser") => {
            let on = filter_by(function)?;
            let me = call.caller;
            let mine = |request: &&super::requests::AssignmentRequest| match on.as_str() {
                "approver" => request.waits_for(me),
                "target" => request.requestor.user == Some(me),
                "createdBy" => request.created_by == Some(me),
                _ => request.requestor.user == Some(me) || request.created_by == Some(me),
            };
            odata::list(call, world, &LISTING, world.requests.len(), &|at| {
                world
                    .requests
                    .at(at)
                    .filter(mine)
                    .map(|request| request as &dyn Entity)
            })
        }
        ("GET", [id]) => odata::one(call, world, &LISTING, find(call, world, id)?),
        (
            "GET",
            [
                id,
                relation @ ("accessPackage" | "assignment" | "requestor"),
            ],
        ) => {
            let Follow::One(Some(entity)) = find(call, world, id)?.follow(world, relation) else {
                return Err(Fault::not_found(relation, id));
            };
            let listing = Listing {
                kind: entity.kind(),
                context: LISTING.context,
                typed: false,
            };
            odata::one(call, world, &listing, entity)
        }
        ("POST", []) => super::request_actions::create(call, world),
        ("POST", [id, "cancel"]) => super::request_actions::cancel(call, world, id),
        ("POST", [id, "reprocess"]) => super::request_actions::reprocess(call, world, id),
        ("DELETE", [id]) => super::request_actions::delete(call, world, id),
        (
            _,
            []
            | [_]
            | [
                _,
                "cancel" | "reprocess" | "accessPackage" | "assignment" | "requestor",
            ],
        ) => Err(Fault::method()),
        (_, [.., segment]) => Err(Fault::no_segment(segment)),
    }
}

/// A request that the caller may see: all for who governs, else those one approves or made.
pub(super) fn find<'w>(
    call: &ApiCall<'_>,
    world: &'w TenantWorld,
    id: &str,
) -> Result<&'w AssignmentRequest, Fault> {
    let request = world
        .requests
        .get(guid(id)?)
        .ok_or_else(|| Fault::not_found("assignmentRequest", id))?;
    let approves = || {
        request
            .stages
            .iter()
            .any(|stage| stage.rule.approvers.contains(&call.caller))
    };
    if needs_governance(call, world).is_ok()
        || approves()
        || request.requestor.user == Some(call.caller)
    {
        Ok(request)
    } else {
        Err(Fault::forbidden(
            "User is not authorized to perform the operation.",
        ))
    }
}
