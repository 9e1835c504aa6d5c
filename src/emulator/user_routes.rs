//! `/users` and `/me`: list, read, update, delete, and what belongs to one user.
//!
//! `api-reference/v1.0/api/user-list.md`, `user-update.md`, `user-delete.md`, `user-revokesigninsessions.md`.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::groups::GROUP;
use super::odata::{self, Entity, Listing};
use super::route::needs_governance;
use super::users::{DirectoryUser, GRANT, USER, member_of};
use super::world::TenantWorld;

const USERS: Listing<'static> = Listing {
    kind: &USER,
    context: "users",
    typed: false,
};

pub(super) const OBJECTS: &str = "directoryObjects";

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    match (call.method, rest) {
        ("GET", []) => odata::list(call, world, &USERS, world.users.len(), &|at| {
            live(world, at)
        }),
        ("GET", ["$count"]) => odata::count(call, &USER, world.users.len(), &|at| live(world, at)),
        (_, []) => Err(Fault::not_implemented(
            "Creating users is not emulated; use /invitations.",
        )),
        (_, ["$count"]) => Err(Fault::method()),
        (_, ["delta" | "delta()"]) => {
            Err(Fault::not_implemented("Delta queries are not emulated."))
        }
        (_, [key, rest @ ..]) => {
            let id = find(world, key)?;
            of_user(call, world, id, rest)
        }
    }
}

/// Everything below one user; `/me` comes here too.
pub(super) fn of_user(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    id: Uuid,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    match (call.method, rest) {
        ("GET", []) => odata::one(call, world, &USERS, known(world, id)?),
        ("PATCH", []) => update(call, world, id),
        ("DELETE", []) => delete(call, world, id),
        ("POST", ["revokeSignInSessions"]) => {
            needs_governance(call, world)?;
            call.no_options()?;
            let now = world.now;
            if let Some(user) = world.users.get_mut(id) {
                user.sessions_from = user.sessions_from.max(Some(now));
            }
            Ok(ApiAnswer::ok(json!({
                "@odata.context": format!("{}/v1.0/$metadata#Edm.Boolean", call.base),
                "value": true,
            })))
        }
        ("GET", ["memberOf" | "transitiveMemberOf", cast @ ..]) => {
            let groups = member_of(known(world, id)?, world);
            let get = |at: usize| groups.get(at).copied();
            match cast {
                [] | ["microsoft.graph.group"] => {
                    let typed = cast.is_empty();
                    let context = if cast.is_empty() { OBJECTS } else { "groups" };
                    let listing = Listing {
                        kind: &GROUP,
                        context,
                        typed,
                    };
                    odata::list(call, world, &listing, groups.len(), &get)
                }
                ["$count"] => odata::count(call, &GROUP, groups.len(), &get),
                [segment, ..] => Err(Fault::no_segment(segment)),
            }
        }
        ("GET", ["appRoleAssignments"]) => {
            let grants = &known(world, id)?.grants;
            let listing = Listing {
                kind: &GRANT,
                context: "appRoleAssignments",
                typed: false,
            };
            odata::list(call, world, &listing, grants.len(), &|at| {
                grants.get(at).map(|grant| grant as &dyn Entity)
            })
        }
        (_, ["sponsors", rest @ ..]) => super::sponsors::route(call, world, id, rest),
        (
            _,
            []
            | [
                "revokeSignInSessions" | "memberOf" | "transitiveMemberOf" | "appRoleAssignments",
                ..,
            ],
        ) => Err(Fault::method()),
        (_, [segment, ..]) => Err(Fault::no_segment(segment)),
    }
}

fn live(world: &TenantWorld, at: usize) -> Option<&dyn Entity> {
    world
        .users
        .at(at)
        .filter(|user| user.deleted.is_none())
        .map(|user| user as &dyn Entity)
}

/// A user by object id or by user principal name.
pub(super) fn find(world: &TenantWorld, key: &str) -> Result<Uuid, Fault> {
    let user = match Uuid::parse_str(key) {
        Ok(id) => world.user(id),
        Err(_) => world
            .live_users()
            .find(|user| user.upn.eq_ignore_ascii_case(key)),
    };
    user.map(|user| user.id).ok_or_else(|| Fault::missing(key))
}

pub(super) fn known(world: &TenantWorld, id: Uuid) -> Result<&DirectoryUser, Fault> {
    world
        .user(id)
        .ok_or_else(|| Fault::missing(&id.to_string()))
}

/// `PATCH /users/{id}` (`api-reference/v1.0/api/user-update.md`): all of it, or nothing.
fn update(call: &ApiCall<'_>, world: &mut TenantWorld, id: Uuid) -> Result<ApiAnswer, Fault> {
    needs_governance(call, world)?;
    call.no_options()?;
    let changes: Map<String, Value> = call.read()?;
    let mut user = known(world, id)?.clone();
    for (name, value) in &changes {
        set(&mut user, name, value)?;
    }
    if user.mail != known(world, id)?.mail
        && let Some(mail) = &user.mail
        && world
            .user_by_address(mail)
            .is_some_and(|other| other.id != id)
    {
        return Err(Fault::new(
            400,
            "Request_BadRequest",
            "Another object with the same value for property proxyAddresses already exists.",
        ));
    }
    if let Some(row) = world.users.get_mut(id) {
        *row = user;
    }
    Ok(ApiAnswer::empty(204))
}

fn set(user: &mut DirectoryUser, name: &str, value: &Value) -> Result<(), Fault> {
    let wrong = || {
        Fault::new(
            400,
            "Request_BadRequest",
            format!("A value provided for property '{name}' of resource 'User' is not valid."),
        )
    };
    let text = || match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(wrong()),
    };
    match name {
        "@odata.type" => {}
        "accountEnabled" => user.enabled = value.as_bool().ok_or_else(wrong)?,
        "companyName" => user.company = text()?,
        "department" => user.department = text()?,
        "displayName" => {
            user.display_name = text()?.filter(|name| !name.is_empty()).ok_or_else(wrong)?;
        }
        "givenName" => user.given_name = text()?,
        "jobTitle" => user.job_title = text()?,
        "mail" => user.mail = text()?,
        "otherMails" => {
            user.other_mails = serde_json::from_value(value.clone()).map_err(|_| wrong())?;
        }
        "preferredLanguage" => user.language = text()?,
        "surname" => user.surname = text()?,
        "usageLocation" => user.usage_location = text()?,
        "id"
        | "createdDateTime"
        | "creationType"
        | "externalUserState"
        | "identities"
        | "proxyAddresses"
        | "signInActivity"
        | "signInSessionsValidFromDateTime"
        | "deletedDateTime" => {
            return Err(Fault::new(
                400,
                "Request_BadRequest",
                format!("Property '{name}' is read-only and cannot be set."),
            ));
        }
        _ => {
            return Err(Fault::not_implemented(format!(
                "Updating '{name}' is not emulated."
            )));
        }
    }
    Ok(())
}

/// Deleting is soft: 30 days in `/directory/deletedItems` (`api-reference/v1.0/api/user-delete.md`).
pub(super) fn delete(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    id: Uuid,
) -> Result<ApiAnswer, Fault> {
    needs_governance(call, world)?;
    call.no_options()?;
    known(world, id)?;
    if world.admin(id).is_some() {
        // The target holds a role: only a higher one may touch it.
        return Err(Fault::forbidden(
            "Insufficient privileges to complete the operation.",
        ));
    }
    let now = world.now;
    if let Some(user) = world.users.get_mut(id) {
        user.deleted = Some(now);
    }
    Ok(ApiAnswer::empty(204))
}
