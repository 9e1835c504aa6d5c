//! Access packages and the resource roles they give.
//!
//! `api-reference/v1.0/resources/accesspackage.md`, `api/accesspackage-list-resourcerolescopes.md`.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::catalogs::CATALOG;
use super::fault::Fault;
use super::groups::GROUP;
use super::odata::{Entity, EntityKind, FilterValue, Follow, Listing, Op};
use super::policies::POLICY;
use super::world::{EntityRow, TenantWorld, stamp};

#[derive(Debug, Clone)]
pub(super) struct AccessPackage {
    pub(super) id: Uuid,
    pub(super) catalog: Uuid,
    pub(super) doc: Map<String, Value>,
    pub(super) gives: Vec<RoleScope>,
    /// Packages marked as incompatible with this one.
    pub(super) incompatible: Vec<Uuid>,
    /// Groups marked so.
    pub(super) incompatible_groups: Vec<Uuid>,
}

/// One resource role: a group's members, an application's role, a SharePoint site's.
#[derive(Debug, Clone)]
pub(super) struct RoleScope {
    /// `<roleId>_<scopeId>`.
    pub(super) id: String,
    pub(super) created: jiff::Timestamp,
    pub(super) role: RoleOrScope,
    pub(super) scope: RoleOrScope,
    pub(super) target: ResourceTarget,
}

/// What delivery does with a resource role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResourceTarget {
    Group(Uuid),
    Application(Uuid, Uuid),
    Site,
}

/// A role or a scope, as Graph prints it.
#[derive(Debug, Clone)]
pub(super) struct RoleOrScope {
    pub(super) kind: &'static EntityKind,
    pub(super) doc: Map<String, Value>,
}

impl std::fmt::Debug for EntityKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn part(name: &'static str, properties: &'static [&'static str]) -> EntityKind {
    EntityKind {
        name,
        properties,
        default: &[],
        unselectable: &[],
        filters: &[],
        relations: &[],
        order: &[],
        directory: false,
    }
}

pub(super) static ROLE: EntityKind = part(
    "accessPackageResourceRole",
    &[
        "id",
        "displayName",
        "description",
        "originSystem",
        "originId",
    ],
);

pub(super) static SCOPE: EntityKind = part(
    "accessPackageResourceScope",
    &[
        "id",
        "displayName",
        "description",
        "originId",
        "originSystem",
        "isRootScope",
    ],
);

pub(super) static ROLE_SCOPE: EntityKind = EntityKind {
    relations: &[("role", &ROLE), ("scope", &SCOPE)],
    ..part("accessPackageResourceRoleScope", &["id", "createdDateTime"])
};

pub(super) static PACKAGE: EntityKind = EntityKind {
    name: "accessPackage",
    properties: &[
        "id",
        "displayName",
        "description",
        "isHidden",
        "createdDateTime",
        "modifiedDateTime",
    ],
    default: &[],
    unselectable: &[],
    filters: &[("displayName", &[Op::Eq, Op::Contains])],
    relations: &[
        ("catalog", &CATALOG),
        ("assignmentPolicies", &POLICY),
        ("resourceRoleScopes", &ROLE_SCOPE),
        ("incompatibleAccessPackages", &PACKAGE),
        ("accessPackagesIncompatibleWith", &PACKAGE),
        ("incompatibleGroups", &GROUP),
    ],
    order: &[],
    directory: false,
};

impl EntityRow for AccessPackage {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Entity for AccessPackage {
    fn kind(&self) -> &'static EntityKind {
        &PACKAGE
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, path: &str) -> FilterValue<'_> {
        self.doc
            .get(path)
            .map_or(FilterValue::Null, FilterValue::of)
    }

    fn follow<'w>(&'w self, world: &'w TenantWorld, relation: &str) -> Follow<'w> {
        match relation {
            "catalog" => Follow::One(
                world
                    .catalogs
                    .get(self.catalog)
                    .map(|catalog| catalog as &dyn Entity),
            ),
            "assignmentPolicies" => {
                let policies = world
                    .policies
                    .iter()
                    .filter(|policy| policy.package == self.id);
                Follow::Many(policies.map(|policy| policy as &dyn Entity).collect())
            }
            "incompatibleAccessPackages" => {
                let packages = self.incompatible.iter();
                let packages = packages.filter_map(|id| world.packages.get(*id));
                Follow::Many(packages.map(|package| package as &dyn Entity).collect())
            }
            "accessPackagesIncompatibleWith" => {
                let packages = world.packages.iter();
                let packages = packages.filter(|package| package.incompatible.contains(&self.id));
                Follow::Many(packages.map(|package| package as &dyn Entity).collect())
            }
            "incompatibleGroups" => {
                let groups = self.incompatible_groups.iter();
                let groups = groups.filter_map(|id| world.groups.get(*id));
                Follow::Many(groups.map(|group| group as &dyn Entity).collect())
            }
            _ => Follow::Many(
                self.gives
                    .iter()
                    .map(|scope| scope as &dyn Entity)
                    .collect(),
            ),
        }
    }
}

impl Entity for RoleScope {
    fn kind(&self) -> &'static EntityKind {
        &ROLE_SCOPE
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            _ => stamp(self.created),
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }

    fn follow<'w>(&'w self, _: &'w TenantWorld, relation: &str) -> Follow<'w> {
        Follow::One(Some(if relation == "role" {
            &self.role
        } else {
            &self.scope
        }))
    }
}

impl Entity for RoleOrScope {
    fn kind(&self) -> &'static EntityKind {
        self.kind
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }
}

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    let listing = Listing {
        kind: &PACKAGE,
        context: "identityGovernance/entitlementManagement/accessPackages",
        typed: false,
    };
    super::route::collection(
        call,
        world,
        rest,
        &listing,
        "accessPackage",
        &world.packages,
        &|package| Some(package.catalog),
    )
}
