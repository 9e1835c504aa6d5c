//! Assignments: who holds which package, until when.
//!
//! `api-reference/v1.0/resources/accesspackageassignment.md`, `api/entitlementmanagement-list-assignments.md`.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::call::{Answer, Call, guid};
use super::fault::Fault;
use super::odata::{self, Entity, Field, Follow, Kind, Listing, Op};
use super::packages::PACKAGE;
use super::policies::POLICY;
use super::requests::{SUBJECT, Subject};
use super::route::{filter_by, needs_governance};
use super::world::{Row, World, stamp_or_null};

#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub(super) id: Uuid,
    pub(super) package: Uuid,
    pub(super) policy: Uuid,
    pub(super) target: Subject,
    pub(super) standing: Standing,
    pub(super) starts: Option<Timestamp>,
    pub(super) ends: Option<Timestamp>,
    pub(super) expired: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Asked for, not given: only its request shows it, without a state.
    Planned,
    Delivered,
    PartiallyDelivered,
    DeliveryFailed,
    Expired,
}

impl Standing {
    fn words(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Planned => return None,
            Self::Delivered => ("delivered", "Delivered"),
            Self::PartiallyDelivered => ("partiallyDelivered", "PartiallyDelivered"),
            Self::DeliveryFailed => ("deliveryFailed", "DeliveryFailed"),
            Self::Expired => ("expired", "Expired"),
        })
    }
}

pub(super) static ASSIGNMENT: Kind = Kind {
    name: "accessPackageAssignment",
    properties: &["id", "state", "status", "expiredDateTime", "schedule"],
    default: &[],
    unselectable: &[],
    filters: &[
        ("state", &[Op::Eq]),
        ("accessPackage/id", &[Op::Eq]),
        ("assignmentPolicy/id", &[Op::Eq]),
        ("target/objectId", &[Op::Eq]),
    ],
    relations: &[
        ("target", &SUBJECT),
        ("accessPackage", &PACKAGE),
        ("assignmentPolicy", &POLICY),
    ],
    order: &[],
    directory: false,
};

impl Row for Assignment {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Assignment {
    /// Gives its target something now.
    pub(super) fn holds(&self) -> bool {
        matches!(
            self.standing,
            Standing::Delivered | Standing::PartiallyDelivered
        )
    }
}

impl Entity for Assignment {
    fn kind(&self) -> &'static Kind {
        &ASSIGNMENT
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "state" => json!(self.standing.words()?.0),
            "status" => json!(self.standing.words()?.1),
            "expiredDateTime" => stamp_or_null(self.expired),
            "schedule" => json!({
                "startDateTime": stamp_or_null(self.starts),
                "expiration": {
                    "type": match (self.starts, self.ends) {
                        (None, _) => "notSpecified",
                        (_, None) => "noExpiration",
                        _ => "afterDateTime",
                    },
                    "endDateTime": stamp_or_null(self.ends),
                    "duration": null,
                },
            }),
            _ => Value::Null,
        })
    }

    fn field(&self, path: &str) -> Field<'_> {
        match path {
            "state" => Field::maybe(self.standing.words().map(|(state, _)| state)),
            "accessPackage/id" => Field::text(self.package.to_string()),
            "assignmentPolicy/id" => Field::text(self.policy.to_string()),
            "target/objectId" => self
                .target
                .user
                .map_or(Field::Null, |id| Field::text(id.to_string())),
            _ => Field::Null,
        }
    }

    fn follow<'w>(&'w self, world: &'w World, relation: &str) -> Follow<'w> {
        Follow::One(match relation {
            "target" => Some(&self.target),
            "accessPackage" => world
                .packages
                .get(self.package)
                .map(|package| package as &dyn Entity),
            _ => world
                .policies
                .get(self.policy)
                .map(|policy| policy as &dyn Entity),
        })
    }
}

const LISTING: Listing<'static> = Listing {
    kind: &ASSIGNMENT,
    context: "identityGovernance/entitlementManagement/assignments",
    typed: false,
};

pub(super) fn route(call: &Call<'_>, world: &World, rest: &[&str]) -> Result<Answer, Fault> {
    let get = |at: usize| given(world, at).map(|assignment| assignment as &dyn Entity);
    match (call.method, rest) {
        ("GET", []) => {
            needs_governance(call, world)?;
            odata::list(call, world, &LISTING, world.assignments.len(), &get)
        }
        ("GET", ["$count"]) => {
            needs_governance(call, world)?;
            odata::count(call, &ASSIGNMENT, world.assignments.len(), &get)
        }
        ("GET", [function]) if function.starts_with("filterByCurrentUser") => {
            if filter_by(function)? != "target" {
                return Err(Fault::not_implemented("Only on='target' is emulated."));
            }
            odata::list(call, world, &LISTING, world.assignments.len(), &|at| {
                given(world, at)
                    .filter(|assignment| assignment.target.user == Some(call.caller))
                    .map(|assignment| assignment as &dyn Entity)
            })
        }
        ("GET", [id, relation @ ..]) => {
            needs_governance(call, world)?;
            let assignment = world
                .assignments
                .get(guid(id)?)
                .filter(|assignment| assignment.standing != Standing::Planned)
                .ok_or_else(|| Fault::not_found("assignment", id))?;
            let entity: &dyn Entity = match relation {
                [] => assignment,
                [relation @ ("target" | "accessPackage" | "assignmentPolicy")] => {
                    let Follow::One(Some(entity)) = assignment.follow(world, relation) else {
                        return Err(Fault::not_found(relation, id));
                    };
                    entity
                }
                [segment, ..] => return Err(Fault::no_segment(segment)),
            };
            let listing = Listing {
                kind: entity.kind(),
                ..LISTING
            };
            odata::one(call, world, &listing, entity)
        }
        // Assignments are made and ended by requests (entitlementmanagement-list-assignments.md).
        _ => Err(Fault::method()),
    }
}

fn given(world: &World, at: usize) -> Option<&Assignment> {
    world
        .assignments
        .at(at)
        .filter(|assignment| assignment.standing != Standing::Planned)
}
