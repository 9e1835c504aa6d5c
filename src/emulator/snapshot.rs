//! The whole tenant as JSON, for assertions: what Graph shows, and beside it what Graph does not.

use serde_json::{Value, json};

use super::odata::{Entity, Shape, render};
use super::requests::{ApprovalStage, AssignmentRequest, StageProgress};
use super::world::{EntityTable, TenantWorld, stamp, stamp_or_null};

pub(super) fn of(world: &TenantWorld) -> Value {
    json!({
        "now": stamp(world.now),
        "organization": plain(&world.tenant, world),
        "users": world.live_users().map(|user| user_of(world, user)).collect::<Vec<_>>(),
        "deletedUsers": world
            .users
            .iter()
            .filter(|user| user.deleted.is_some() && !user.purged)
            .map(|user| user_of(world, user))
            .collect::<Vec<_>>(),
        "groups": all(&world.groups, world),
        "catalogs": all(&world.catalogs, world),
        "accessPackages": all(&world.packages, world),
        "assignmentPolicies": all(&world.policies, world),
        "connectedOrganizations": all(&world.organizations, world),
        "assignmentRequests": world.requests.iter().map(|request| request_of(world, request)).collect::<Vec<_>>(),
        "assignments": world
            .assignments
            .iter()
            .map(|assignment| {
                let mut value = plain(assignment, world);
                value["accessPackageId"] = json!(assignment.package);
                value["assignmentPolicyId"] = json!(assignment.policy);
                value["target"] = plain(&assignment.target, world);
                value
            })
            .collect::<Vec<_>>(),
        "invitations": world
            .invitations
            .iter()
            .map(|invitation| json!({
                "id": invitation.id,
                "invitedUserEmailAddress": invitation.email,
                "invitedUserId": invitation.user,
                "by": invitation.by,
                "mailSent": invitation.mail_sent,
            }))
            .collect::<Vec<_>>(),
    })
}

fn all<T: Entity + super::world::EntityRow>(table: &EntityTable<T>, world: &TenantWorld) -> Value {
    table.iter().map(|row| plain(row, world)).collect()
}

/// Every property, also those that come only on `$select`.
fn plain(entity: &dyn Entity, world: &TenantWorld) -> Value {
    let shape = Shape {
        select: Some(
            entity
                .kind()
                .properties
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
        ),
        expand: Vec::new(),
    };
    render(entity, world, &shape, false)
}

fn user_of(world: &TenantWorld, user: &super::users::DirectoryUser) -> Value {
    let mut value = plain(user, world);
    value["sponsors"] = json!(user.sponsors);
    value["memberOf"] = json!(user.groups);
    value["appRoleAssignments"] = user
        .grants
        .iter()
        .map(|grant| plain(grant, world))
        .collect();
    value
}

fn request_of(world: &TenantWorld, request: &AssignmentRequest) -> Value {
    let mut value = plain(request, world);
    value["accessPackageId"] = json!(request.package);
    value["assignmentPolicyId"] = json!(request.policy);
    value["assignmentId"] = json!(request.assignment);
    value["requestor"] = plain(&request.requestor, world);
    value["stages"] = request
        .stages
        .iter()
        .map(|stage| stage_of(world, stage))
        .collect();
    value
}

fn stage_of(world: &TenantWorld, stage: &ApprovalStage) -> Value {
    let approvers: Vec<&str> = stage
        .rule
        .approvers
        .iter()
        .filter_map(|id| world.users.get(*id))
        .map(|user| user.upn.as_str())
        .collect();
    let mut value = json!({"id": stage.id, "approvers": approvers});
    match &stage.progress {
        StageProgress::Waiting => value["status"] = json!("Initializing"),
        StageProgress::Running { since } => {
            value["status"] = json!("InProgress");
            value["since"] = stamp(*since);
            value["deniedAutomaticallyAt"] =
                stamp_or_null(since.checked_add(stage.rule.time_out).ok());
        }
        StageProgress::Expired => value["status"] = json!("Expired"),
        StageProgress::Completed {
            approved,
            by,
            at,
            reason,
        } => {
            value["status"] = json!("Completed");
            value["reviewResult"] = json!(if *approved { "Approved" } else { "Denied" });
            value["reviewedBy"] = json!(world.users.get(*by).map(|user| &user.upn));
            value["reviewedDateTime"] = stamp(*at);
            value["justification"] = json!(reason);
        }
    }
    value
}
