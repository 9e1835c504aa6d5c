//! Assignments: who holds which package, until when.
//!
//! `api-reference/v1.0/resources/accesspackageassignment.md`, `api/entitlementmanagement-list-assignments.md`.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall, guid};
use super::fault::Fault;
use super::odata::{self, Entity, EntityKind, FilterValue, Follow, Listing, Op};
use super::packages::PACKAGE;
use super::policies::POLICY;
use super::requests::{AccessPackageSubject, SUBJECT};
use super::route::{filter_by, needs_governance};
use super::world::{EntityRow, TenantWorld, stamp_or_null};

#[derive(Debug, Clone)]
pub(super) struct AccessPackageAssignment {
    pub(super) id: Uuid,
    pub(super) package: Uuid,
    pub(super) policy: Uuid,
    pub(super) target: AccessPackageSubject,
    pub(super) standing: AssignmentStanding,
    pub(super) starts: Option<Timestamp>,
    pub(super) ends: Option<Timestamp>,
    pub(super) expired: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AssignmentStanding {
    /// Asked for, not given: only its request shows it, without a state.
    Planned,
    Delivered,
    PartiallyDelivered,
    DeliveryFailed,
    Expired,
}

impl AssignmentStanding {
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

pub(super) static ASSIGNMENT: EntityKind = EntityKind {
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

impl EntityRow for AccessPackageAssignment {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl AccessPackageAssignment {
    /// Gives its target something now.
    pub(super) fn holds(&self) -> bool {
        matches!(
            self.standing,
            AssignmentStanding::Delivered | AssignmentStanding::PartiallyDelivered
        )
    }
}

impl Entity for AccessPackageAssignment {
    fn kind(&self) -> &'static EntityKind {
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

    fn field(&self, path: &str) -> FilterValue<'_> {
        match path {
            "state" => FilterValue::maybe(self.standing.words().map(|(state, _)| state)),
            "accessPackage/id" => FilterValue::text(self.package.to_string()),
            "assignmentPolicy/id" => FilterValue::text(self.policy.to_string()),
            "target/objectId" => self
                .target
                .user
                .map_or(FilterValue::Null, |id| FilterValue::text(id.to_string())),
            _ => FilterValue::Null,
        }
    }

    fn follow<'w>(&'w self, world: &'w TenantWorld, relation: &str) -> Follow<'w> {
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

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
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
                .filter(|assignment| assignment.standing != AssignmentStanding::Planned)
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

fn given(world: &TenantWorld, at: usize) -> Option<&AccessPackageAssignment> {
    world
        .assignments
        .at(at)
        .filter(|assignment| assignment.standing != AssignmentStanding::Planned)
}
