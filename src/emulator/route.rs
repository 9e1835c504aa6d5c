//! From a path to the resource that answers, and what several resources share.

use super::call::{ApiAnswer, ApiCall, guid};
use super::fault::Fault;
use super::odata::{self, Entity, Follow, Listing};
use uuid::Uuid;

use super::world::{EntityRow, EntityTable, TenantWorld};
use super::{
    approvals, assignments, borders, catalogs, connected, deleted, invitations, licences,
    organization, packages, policies, requests, user_routes,
};

/// Answers one call. The world has caught up with its clock before.
pub(super) fn dispatch(call: &ApiCall<'_>, world: &mut TenantWorld) -> Result<ApiAnswer, Fault> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["policies", "b2bManagementPolicies", rest @ ..] if call.beta => {
            borders::domains(call, world, rest)
        }
        // Whatever else there is in beta, this program has no business with it.
        [segment, ..] if call.beta => Err(Fault::no_segment(segment)),
        ["policies", "crossTenantAccessPolicy", rest @ ..] => {
            borders::cross_tenant(call, world, rest)
        }
        // What one changes of oneself is not emulated.
        ["me", ..] if call.method != "GET" => Err(Fault::method()),
        ["me", rest @ ..] => user_routes::of_user(call, world, call.caller, rest),
        ["users", rest @ ..] => user_routes::route(call, world, rest),
        ["organization", rest @ ..] => organization::route(call, world, rest),
        ["domains", rest @ ..] => organization::domains(call, world, rest),
        ["invitations", rest @ ..] => invitations::route(call, world, rest),
        ["directory", "deletedItems", rest @ ..] => deleted::route(call, world, rest),
        ["subscribedSkus", rest @ ..] => licences::route(call, world, rest),
        ["identityGovernance", "entitlementManagement", ..] if !world.governance => {
            Err(licences::unlicensed())
        }
        ["identityGovernance", "entitlementManagement", rest @ ..] => match rest {
            ["accessPackages", rest @ ..] => packages::route(call, world, rest),
            ["catalogs", rest @ ..] => catalogs::route(call, world, rest),
            ["assignmentPolicies", rest @ ..] => policies::route(call, world, rest),
            ["connectedOrganizations", rest @ ..] => connected::route(call, world, rest),
            ["assignmentRequests", rest @ ..] => requests::route(call, world, rest),
            ["accessPackageAssignmentApprovals", rest @ ..] => approvals::route(call, world, rest),
            ["settings", rest @ ..] => borders::settings(call, world, rest),
            ["assignments", rest @ ..] => assignments::route(call, world, rest),
            [] => Err(Fault::not_implemented(
                "This operation target is not yet supported.",
            )),
            [segment, ..] => Err(Fault::no_segment(segment)),
        },
        [.., segment] => Err(Fault::no_segment(segment)),
        [] => Err(Fault::no_segment("")),
    }
}

/// Refuses who holds no administrative role.
pub(super) fn needs_governance(call: &ApiCall<'_>, world: &TenantWorld) -> Result<(), Fault> {
    if world.admin(call.caller).is_some_and(|admin| admin.governs) {
        Ok(())
    } else {
        Err(Fault::forbidden(
            "Insufficient privileges to complete the operation.",
        ))
    }
}

/// List, get and follow-a-relation of the entitlement management collections that are only read so far.
pub(super) fn collection<T: Entity + EntityRow>(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
    listing: &Listing<'_>,
    what: &str,
    table: &EntityTable<T>,
    catalog: &dyn Fn(&T) -> Option<Uuid>,
) -> Result<ApiAnswer, Fault> {
    if call.method != "GET" {
        return Err(Fault::not_implemented(format!(
            "Changing a {what} is not emulated."
        )));
    }
    // Who owns catalogs sees what is in them.
    let owned = match needs_governance(call, world) {
        Ok(()) => None,
        Err(fault) => Some(world.owners.get(&call.caller).ok_or(fault)?),
    };
    let seen = |row: &&T| {
        owned.is_none_or(|owned| catalog(row).is_some_and(|catalog| owned.contains(&catalog)))
    };
    match rest {
        [] => odata::list(call, world, listing, table.len(), &|at| {
            table.at(at).filter(seen).map(|row| row as &dyn Entity)
        }),
        ["$count"] => odata::count(call, listing.kind, table.len(), &|at| {
            table.at(at).filter(seen).map(|row| row as &dyn Entity)
        }),
        [id, rest @ ..] => {
            let row = table
                .get(guid(id)?)
                .filter(seen)
                .ok_or_else(|| Fault::not_found(what, id))?;
            let [relation] = rest else {
                return match rest {
                    [] => odata::one(call, world, listing, row),
                    _ => Err(Fault::no_segment(rest[1])),
                };
            };
            let known = listing
                .kind
                .relations
                .iter()
                .find(|(name, _)| name == relation);
            let (_, kind) = known.ok_or_else(|| Fault::no_segment(relation))?;
            let context = format!("{}('{id}')/{relation}", listing.context);
            let inner = Listing {
                kind,
                context: &context,
                typed: kind.directory,
            };
            match row.follow(world, relation) {
                Follow::Many(rows) => {
                    odata::list(call, world, &inner, rows.len(), &|at| rows.get(at).copied())
                }
                Follow::One(Some(row)) => odata::one(call, world, &inner, row),
                Follow::One(None) => Err(Fault::not_found(relation, id)),
            }
        }
    }
}

/// The word in `filterByCurrentUser(on='approver')`.
pub(super) fn filter_by(function: &str) -> Result<String, Fault> {
    let word = function
        .strip_prefix("filterByCurrentUser(on='")
        .and_then(|rest| rest.strip_suffix("')"))
        .ok_or_else(|| Fault::no_segment(function))?;
    if ["approver", "target", "createdBy", "targetOrRequestor"].contains(&word) {
        Ok(word.to_owned())
    } else {
        Err(Fault::bad(format!(
            "The value '{word}' of 'on' is not supported."
        )))
    }
}
