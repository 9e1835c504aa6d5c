//! Catalogs: who owns which packages, and whether the outside may see them.
//!
//! `api-reference/v1.0/resources/accesspackagecatalog.md`.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::odata::{Entity, EntityKind, FilterValue, Follow, Listing, Op};
use super::packages::PACKAGE;
use super::world::{EntityRow, TenantWorld};

#[derive(Debug, Clone)]
pub(super) struct AccessPackageCatalog {
    pub(super) id: Uuid,
    /// As Graph prints it.
    pub(super) doc: Map<String, Value>,
}

pub(super) static CATALOG: EntityKind = EntityKind {
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

impl EntityRow for AccessPackageCatalog {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Entity for AccessPackageCatalog {
    fn kind(&self) -> &'static EntityKind {
        &CATALOG
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, path: &str) -> FilterValue<'_> {
        self.doc
            .get(path)
            .map_or(FilterValue::Null, FilterValue::of)
    }

    fn follow<'w>(&'w self, world: &'w TenantWorld, _: &str) -> Follow<'w> {
        let packages = world
            .packages
            .iter()
            .filter(|package| package.catalog == self.id);
        Follow::Many(packages.map(|package| package as &dyn Entity).collect())
    }
}

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    let listing = Listing {
        kind: &CATALOG,
        context: "identityGovernance/entitlementManagement/catalogs",
        typed: false,
    };
    super::route::collection(
        call,
        world,
        rest,
        &listing,
        "catalog",
        &world.catalogs,
        &|catalog| Some(catalog.id),
    )
}
