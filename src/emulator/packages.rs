//! Access packages and the resource roles they give.
//!
//! `api-reference/v1.0/resources/accesspackage.md`, `api/accesspackage-list-resourcerolescopes.md`.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::call::{Answer, Call};
use super::catalogs::CATALOG;
use super::fault::Fault;
use super::groups::GROUP;
use super::odata::{Entity, Field, Follow, Kind, Listing, Op};
use super::policies::POLICY;
use super::world::{Row, World, stamp};

#[derive(Debug, Clone)]
pub(super) struct Package {
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
    pub(super) role: Part,
    pub(super) scope: Part,
    pub(super) target: Target,
}

/// What delivery does with a resource role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Group(Uuid),
    Application(Uuid, Uuid),
    Site,
}

/// A role or a scope, as Graph prints it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) kind: &'static Kind,
    pub(super) doc: Map<String, Value>,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn part(name: &'static str, properties: &'static [&'static str]) -> Kind {
    Kind {
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

pub(super) static ROLE: Kind = part(
    "accessPackageResourceRole",
    &[
        "id",
        "displayName",
        "description",
        "originSystem",
        "originId",
    ],
);

pub(super) static SCOPE: Kind = part(
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

pub(super) static ROLE_SCOPE: Kind = Kind {
    relations: &[("role", &ROLE), ("scope", &SCOPE)],
    ..part("accessPackageResourceRoleScope", &["id", "createdDateTime"])
};

pub(super) static PACKAGE: Kind = Kind {
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

impl Row for Package {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Entity for Package {
    fn kind(&self) -> &'static Kind {
        &PACKAGE
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, path: &str) -> Field<'_> {
        self.doc.get(path).map_or(Field::Null, Field::of)
    }

    fn follow<'w>(&'w self, world: &'w World, relation: &str) -> Follow<'w> {
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
    fn kind(&self) -> &'static Kind {
        &ROLE_SCOPE
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            _ => stamp(self.created),
        })
    }

    fn field(&self, _: &str) -> Field<'_> {
        Field::Null
    }

    fn follow<'w>(&'w self, _: &'w World, relation: &str) -> Follow<'w> {
        Follow::One(Some(if relation == "role" {
            &self.role
        } else {
            &self.scope
        }))
    }
}

impl Entity for Part {
    fn kind(&self) -> &'static Kind {
        self.kind
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, _: &str) -> Field<'_> {
        Field::Null
    }
}

pub(super) fn route(call: &Call<'_>, world: &World, rest: &[&str]) -> Result<Answer, Fault> {
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
    )
}
