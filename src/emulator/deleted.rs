//! `/directory/deletedItems`: users for 30 days after their deletion.
//!
//! `api-reference/v1.0/api/directory-deleteditems-list.md`, `-get.md`, `-restore.md`, `-delete.md`.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall, Body};
use super::fault::Fault;
use super::odata::{self, Entity, Listing};
use super::settle::KEPT;
use super::users::{DirectoryUser, USER};
use super::world::TenantWorld;

const DELETED: Listing<'static> = Listing {
    kind: &USER,
    context: "users",
    typed: false,
};

const OBJECT: Listing<'static> = Listing {
    kind: &USER,
    context: "directoryObjects",
    typed: true,
};

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    super::route::needs_governance(call, world)?;
    match (call.method, rest) {
        ("GET", ["microsoft.graph.user"]) => {
            odata::list(call, world, &DELETED, world.users.len(), &|at| {
                gone(world, at)
            })
        }
        ("GET", ["microsoft.graph.user", "$count"]) => {
            odata::count(call, &USER, world.users.len(), &|at| gone(world, at))
        }
        ("GET", [id]) => odata::one(call, world, &OBJECT, find(world, id)?),
        ("DELETE", [id]) => {
            call.no_options()?;
            let id = find(world, id)?.id;
            if let Some(user) = world.users.get_mut(id) {
                user.purged = true;
            }
            Ok(ApiAnswer::empty(204))
        }
        ("POST", [id, "restore"]) => restore(call, world, id),
        (_, ["microsoft.graph.user", ..] | [_] | [_, "restore"]) => Err(Fault::method()),
        (_, []) => Err(Fault::bad(
            "The resource type of the deleted items is missing.",
        )),
        (_, [.., segment]) => Err(Fault::no_segment(segment)),
    }
}

fn gone(world: &TenantWorld, at: usize) -> Option<&dyn Entity> {
    world
        .users
        .at(at)
        .filter(|user| restorable(user, world))
        .map(|user| user as &dyn Entity)
}

fn find<'w>(world: &'w TenantWorld, id: &str) -> Result<&'w DirectoryUser, Fault> {
    Uuid::parse_str(id)
        .ok()
        .and_then(|id| world.users.get(id))
        .filter(|user| restorable(user, world))
        .ok_or_else(|| Fault::missing(id))
}

fn restore(call: &ApiCall<'_>, world: &mut TenantWorld, id: &str) -> Result<ApiAnswer, Fault> {
    call.no_options()?;
    if let Some(body) = &call.body
        && body.as_object().is_none_or(|body| !body.is_empty())
    {
        return Err(Fault::not_implemented(
            "Restoring with a new name is not emulated.",
        ));
    }
    let user = find(world, id)?;
    let id = user.id;
    if world
        .live_users()
        .any(|other| other.upn.eq_ignore_ascii_case(&user.upn))
    {
        return Err(Fault::new(
            400,
            "Request_BadRequest",
            "Another object with the same value for property userPrincipalName already exists.",
        ));
    }
    if let Some(user) = world.users.get_mut(id) {
        user.deleted = None;
    }
    let user = world
        .user(id)
        .ok_or_else(|| Fault::missing(&id.to_string()))?;
    let rendered = odata::render(user, world, &odata::Shape::default(), OBJECT.typed);
    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        json!(format!(
            "{}/v1.0/$metadata#directoryObjects/$entity",
            call.base
        )),
    );
    if let Value::Object(rendered) = rendered {
        body.extend(rendered);
    }
    Ok(ApiAnswer {
        status: 200,
        body: Body::Json(Value::Object(body)),
    })
}

fn restorable(user: &DirectoryUser, world: &TenantWorld) -> bool {
    !user.purged
        && user
            .deleted
            .is_some_and(|deleted| world.now.duration_since(deleted) < KEPT)
}
