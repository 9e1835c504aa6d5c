//! Catalogs: who owns which packages, and whether the outside may see them.
//!
//! `api-reference/v1.0/resources/accesspackagecatalog.md`.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::call::{Answer, Call};
use super::fault::Fault;
use super::odata::{Entity, Field, Follow, Kind, Listing, Op};
use super::packages::PACKAGE;
use super::world::{Row, World};

#[derive(Debug, Clone)]
pub(super) struct Catalog {
    pub(super) id: Uuid,
    /// As Graph prints it.
    pub(super) doc: Map<String, Value>,
}

pub(super) static CATALOG: Kind = Kind {
    name: "accessPackageCatalog",
    properties: &[
        "id",
        "displayName",
        "description",
        "catalogType",
        "state",
        "isExternallyVisible",
        "createdDateTime",
        "modifiedDateTime",
    ],
    default: &[],
    unselectable: &[],
    filters: &[("displayName", &[Op::Eq, Op::Contains])],
    relations: &[("accessPackages", &PACKAGE)],
    order: &[],
    directory: false,
};

impl Row for Catalog {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Entity for Catalog {
    fn kind(&self) -> &'static Kind {
        &CATALOG
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, path: &str) -> Field<'_> {
        self.doc.get(path).map_or(Field::Null, Field::of)
    }

    fn follow<'w>(&'w self, world: &'w World, _: &str) -> Follow<'w> {
        let packages = world
            .packages
            .iter()
            .filter(|package| package.catalog == self.id);
        Follow::Many(packages.map(|package| package as &dyn Entity).collect())
    }
}

pub(super) fn route(call: &Call<'_>, world: &World, rest: &[&str]) -> Result<Answer, Fault> {
    let listing = Listing {
        kind: &CATALOG,
        context: "identityGovernance/entitlementManagement/catalogs",
        typed: false,
    };
    super::route::collection(call, world, rest, &listing, "catalog", &world.catalogs)
}
