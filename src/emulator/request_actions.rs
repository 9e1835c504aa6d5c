//! What can be done with assignment requests: direct assignment and removal, cancel, reprocess, delete.
//!
//! `api-reference/v1.0/api/entitlementmanagement-post-assignmentrequests.md`, `accesspackageassignmentrequest-cancel.md`,
//! `-reprocess.md`, `-delete.md`.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::assignments::{AccessPackageAssignment, AssignmentStanding};
use super::call::{ApiAnswer, ApiCall, guid};
use super::fault::Fault;
use super::invitations::check_address;
use super::odata;
use super::requests::{AccessPackageSubject, AssignmentRequest, LISTING, RequestState};
use super::route::needs_governance;
use super::world::TenantWorld;

/// A body of `POST assignmentRequests`; the documented properties and no others.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRequest {
    #[serde(rename = "@odata.type")]
    _odata_type: Option<String>,
    request_type: String,
    assignment: NewAssignment,
    justification: Option<String>,
    #[serde(default)]
    answers: Vec<Value>,
    schedule: Option<NewSchedule>,
    #[serde(rename = "parameters")]
    _parameters: Option<NewParameters>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewParameters {
    #[serde(rename = "bypassApproval")]
    _bypass_approval: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewAssignment {
    #[serde(rename = "@odata.type")]
    _odata_type: Option<String>,
    id: Option<Uuid>,
    target_id: Option<Uuid>,
    target: Option<NewTarget>,
    assignment_policy_id: Option<Uuid>,
    access_package_id: Option<Uuid>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTarget {
    email: String,
    display_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSchedule {
    start_date_time: Option<jiff::Timestamp>,
    #[serde(rename = "expiration")]
    _expiration: Option<Value>,
}

pub(super) fn create(call: &ApiCall<'_>, world: &mut TenantWorld) -> Result<ApiAnswer, Fault> {
    needs_governance(call, world)?;
    call.no_options()?;
    let body: NewRequest = call.read()?;
    let request = match body.request_type.to_ascii_lowercase().as_str() {
        "adminadd" => add(call, world, body)?,
        "adminremove" => remove(call, world, &body)?,
        "userremove" | "useradd" | "userupdate" | "adminupdate" => {
            return Err(Fault::not_implemented(format!(
                "The request type '{}' is not emulated.",
                body.request_type
            )));
        }
        _ => {
            return Err(Fault::bad(format!(
                "The request type '{}' is not valid.",
                body.request_type
            )));
        }
    };
    let rendered = odata::render(&request, world, &odata::Shape::default(), false);
    world.requests.push(request);
    let mut answer = Map::new();
    answer.insert(
        "@odata.context".into(),
        json!(format!(
            "{}/v1.0/$metadata#{}/$entity",
            call.base, LISTING.context
        )),
    );
    if let Value::Object(rendered) = rendered {
        answer.extend(rendered);
    }
    Ok(ApiAnswer::created(Value::Object(answer)))
}

fn add(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    body: NewRequest,
) -> Result<AssignmentRequest, Fault> {
    let missing = |what: &str| Fault::bad(format!("The property 'assignment/{what}' is required."));
    let package = body
        .assignment
        .access_package_id
        .ok_or_else(|| missing("accessPackageId"))?;
    let policy = body
        .assignment
        .assignment_policy_id
        .ok_or_else(|| missing("assignmentPolicyId"))?;
    if world.packages.get(package).is_none() {
        return Err(Fault::not_found("accessPackage", &package.to_string()));
    }
    if world
        .policies
        .get(policy)
        .is_none_or(|policy| policy.package != package)
    {
        return Err(Fault::bad(format!(
            "The assignment policy '{policy}' does not exist or belongs to another access package."
        )));
    }
    let subject = target(world, &body.assignment)?;
    let already = world.assignments.iter().any(|assignment| {
        assignment.package == package
            && assignment.holds()
            && (assignment.target.email.eq_ignore_ascii_case(&subject.email)
                || (subject.user.is_some() && assignment.target.user == subject.user))
    });
    if already {
        return Err(Fault::bad(
            "The target already has an assignment to this access package.",
        ));
    }
    let start = body.schedule.and_then(|schedule| schedule.start_date_time);
    let later = start.filter(|start| *start > world.now);
    let assignment = AccessPackageAssignment {
        id: world.issue("assignment"),
        package,
        policy,
        target: subject.clone(),
        standing: AssignmentStanding::Planned,
        starts: None,
        ends: None,
        expired: None,
    };
    let request = AssignmentRequest {
        id: world.issue("request"),
        kind: "adminAdd",
        state: if later.is_some() {
            RequestState::Scheduled
        } else {
            RequestState::Submitted
        },
        created: world.now,
        completed: None,
        justification: body.justification,
        answers: body.answers,
        package,
        policy,
        assignment: assignment.id,
        requestor: subject,
        created_by: Some(call.caller),
        // A direct assignment needs no approval.
        stages: Vec::new(),
        ready: later.or(Some(world.now)),
        fate: None,
    };
    world.assignments.push(assignment);
    Ok(request)
}

fn target(
    world: &mut TenantWorld,
    assignment: &NewAssignment,
) -> Result<AccessPackageSubject, Fault> {
    match (&assignment.target_id, &assignment.target) {
        (Some(id), None) => {
            let user = world
                .user(*id)
                .ok_or_else(|| Fault::missing(&id.to_string()))?;
            Ok(AccessPackageSubject::of(user, world))
        }
        (None, Some(target)) => {
            check_address(&target.email)?;
            if let Some(user) = world.user_by_address(&target.email) {
                return Ok(AccessPackageSubject::of(user, world));
            }
            let local = target.email.split('@').next().unwrap_or_default();
            Ok(AccessPackageSubject {
                id: world.issue("subject"),
                user: None,
                name: target
                    .display_name
                    .clone()
                    .unwrap_or_else(|| local.to_owned()),
                organization: world.organization_of(&target.email),
                email: target.email.clone(),
                principal: None,
                lifecycle: "notDefined",
            })
        }
        _ => Err(Fault::bad(
            "Either 'assignment/targetId' or 'assignment/target/email' is required.",
        )),
    }
}

fn remove(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    body: &NewRequest,
) -> Result<AssignmentRequest, Fault> {
    let id = body
        .assignment
        .id
        .ok_or_else(|| Fault::bad("The property 'assignment/id' is required."))?;
    let assignment = world
        .assignments
        .get(id)
        .filter(|assignment| assignment.holds())
        .ok_or_else(|| Fault::not_found("assignment", &id.to_string()))?
        .clone();
    let open = |request: &AssignmentRequest| {
        request.assignment == id && request.kind == "adminRemove" && request.completed.is_none()
    };
    if world.requests.iter().any(open) {
        return Err(Fault::bad(
            "There is already an open request to remove this assignment.",
        ));
    }
    Ok(AssignmentRequest {
        id: world.issue("request"),
        kind: "adminRemove",
        state: RequestState::Submitted,
        created: world.now,
        completed: None,
        justification: body.justification.clone(),
        answers: Vec::new(),
        package: assignment.package,
        policy: assignment.policy,
        assignment: id,
        requestor: assignment.target,
        created_by: Some(call.caller),
        stages: Vec::new(),
        ready: Some(world.now),
        fate: None,
    })
}

/// Only while the status is accepted, pendingApproval, pendingNotBefore or pendingApprovalEscalated.
pub(super) fn cancel(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    id: &str,
) -> Result<ApiAnswer, Fault> {
    call.no_options()?;
    let now = world.now;
    let request = world
        .requests
        .get(guid(id)?)
        .ok_or_else(|| Fault::not_found("assignmentRequest", id))?;
    if request.requestor.user != Some(call.caller) {
        needs_governance(call, world)?;
    }
    let id = request.id;
    if let Some(request) = world.requests.get_mut(id) {
        if !matches!(
            request.state,
            RequestState::Submitted | RequestState::PendingApproval | RequestState::Scheduled
        ) {
            return Err(Fault::bad(format!(
                "The request cannot be canceled in the status '{}'.",
                request.state.words().1
            )));
        }
        request.finish(RequestState::Canceled, now);
    }
    Ok(ApiAnswer::empty(204))
}

/// Only deliveryFailed or partiallyDelivered, and completed less than 14 days ago.
pub(super) fn reprocess(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    id: &str,
) -> Result<ApiAnswer, Fault> {
    needs_governance(call, world)?;
    call.no_options()?;
    let now = world.now;
    let request = world
        .requests
        .get_mut(guid(id)?)
        .ok_or_else(|| Fault::not_found("assignmentRequest", id))?;
    if !matches!(
        request.state,
        RequestState::DeliveryFailed | RequestState::PartiallyDelivered
    ) {
        return Err(Fault::bad(format!(
            "Only requests that failed or were delivered in part can be reprocessed; this one is in the state '{}'.",
            request.state.words().0
        )));
    }
    let recent = request.completed.is_some_and(|completed| {
        now.duration_since(completed) < SignedDuration::from_hours(14 * 24)
    });
    if !recent {
        return Err(Fault::bad(
            "Requests completed more than 14 days ago cannot be reprocessed.",
        ));
    }
    request.state = RequestState::Delivering;
    request.fate = None;
    request.completed = None;
    request.ready = Some(now);
    Ok(ApiAnswer::empty(202))
}

/// Only a request that was denied or completed, and led to no assignment.
pub(super) fn delete(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    id: &str,
) -> Result<ApiAnswer, Fault> {
    needs_governance(call, world)?;
    call.no_options()?;
    let request = world
        .requests
        .get(guid(id)?)
        .ok_or_else(|| Fault::not_found("assignmentRequest", id))?;
    if request.completed.is_none() {
        return Err(Fault::bad(format!(
            "Only a denied or completed request can be removed; this one is in the state '{}'.",
            request.state.words().0
        )));
    }
    let assigned = world
        .assignments
        .get(request.assignment)
        .is_some_and(|assignment| assignment.standing != AssignmentStanding::Planned);
    if assigned {
        return Err(Fault::bad(
            "The request cannot be removed because it has an access package assignment.",
        ));
    }
    let id = request.id;
    world.requests.remove(id);
    Ok(ApiAnswer::empty(204))
}
