//! `/users/{id}/sponsors`: who answers for a guest.
//!
//! `api-reference/v1.0/api/user-list-sponsors.md`, `user-post-sponsors.md`, `user-delete-sponsors.md`.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::odata::{self, Listing};
use super::route::needs_governance;
use super::user_routes::{OBJECTS, delete, find, known};
use super::users::{USER, sponsors};
use super::world::TenantWorld;

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    id: Uuid,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    match (call.method, rest) {
        ("GET", []) => {
            let sponsors = sponsors(known(world, id)?, world);
            let listing = Listing {
                kind: &USER,
                context: OBJECTS,
                typed: true,
            };
            odata::list(call, world, &listing, sponsors.len(), &|at| {
                sponsors.get(at).copied()
            })
        }
        ("POST", ["$ref"]) => {
            needs_governance(call, world)?;
            let reference: Map<String, Value> = call.read()?;
            let target = reference
                .get("@odata.id")
                .and_then(Value::as_str)
                .and_then(|url| url.rsplit('/').next())
                .and_then(|id| Uuid::parse_str(id).ok())
                .filter(|id| world.user(*id).is_some() || world.groups.get(*id).is_some())
                .ok_or_else(|| {
                    Fault::new(400, "Request_BadRequest", "Not a valid reference update.")
                })?;
            let user = world
                .users
                .get_mut(id)
                .ok_or_else(|| Fault::missing(&id.to_string()))?;
            if user.sponsors.contains(&target) {
                return Err(Fault::new(
                    400,
                    "Request_BadRequest",
                    "One or more added object references already exist for the following modified properties: 'sponsors'.",
                ));
            }
            if user.sponsors.len() >= 5 {
                return Err(Fault::new(
                    400,
                    "Request_BadRequest",
                    "A user can have at most 5 sponsors.",
                ));
            }
            user.sponsors.push(target);
            Ok(ApiAnswer::empty(204))
        }
        ("DELETE", [sponsor, "$ref"]) => {
            needs_governance(call, world)?;
            let target = Uuid::parse_str(sponsor).map_err(|_| Fault::missing(sponsor))?;
            let user = world
                .users
                .get_mut(id)
                .ok_or_else(|| Fault::missing(&id.to_string()))?;
            let place = user.sponsors.iter().position(|id| *id == target);
            user.sponsors
                .remove(place.ok_or_else(|| Fault::missing(sponsor))?);
            Ok(ApiAnswer::empty(204))
        }
        // Without `/$ref` Graph deletes the sponsor, not the reference (user-delete-sponsors.md): so does this.
        ("DELETE", [sponsor]) => {
            let target = find(world, sponsor)?;
            if !known(world, id)?.sponsors.contains(&target) {
                return Err(Fault::missing(sponsor));
            }
            delete(call, world, target)
        }
        (_, [] | [_] | [_, "$ref"]) => Err(Fault::method()),
        (_, [.., segment]) => Err(Fault::no_segment(segment)),
    }
}
