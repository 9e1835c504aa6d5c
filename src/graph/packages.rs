//! Access packages: `accessPackages`, with their catalog and what they give (accesspackage,
//! accesspackage-list-resourcerolescopes).

use serde::Deserialize;

use super::ENTITLEMENT;
use super::call::Call;
use super::json::{self, FromWire};
use super::requests::Depth;
use crate::domain::id::{CatalogId, PackageId};
use crate::domain::package::{Package, Resource, ResourceKind};
use crate::domain::text::Text;

/// All of them.
pub fn all(depth: Depth) -> Call {
    Call::get(format!("{ENTITLEMENT}/accessPackages")).query(
        "$expand",
        match depth {
            Depth::Nested => "catalog,resourceRoleScopes($expand=role,scope)",
            Depth::Plain => "catalog",
        },
    )
}

/// A package's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageWire {
    id: PackageId,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    description: Text,
    #[serde(default, deserialize_with = "json::flag")]
    is_hidden: bool,
    #[serde(default, deserialize_with = "json::maybe")]
    catalog: Option<CatalogWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    catalog_id: Option<CatalogId>,
    #[serde(default, deserialize_with = "json::list")]
    resource_role_scopes: Vec<RoleScopeWire>,
}

/// A catalog's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CatalogWire {
    pub(super) id: CatalogId,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    state: Text,
    #[serde(default, deserialize_with = "json::maybe")]
    is_externally_visible: Option<bool>,
}

#[derive(Deserialize)]
struct RoleScopeWire {
    #[serde(default, deserialize_with = "json::maybe")]
    role: Option<PartWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    scope: Option<PartWire>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct PartWire {
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    origin_system: ResourceKind,
    #[serde(default, deserialize_with = "json::maybe")]
    resource: Option<RoleWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoleWire {
    #[serde(default)]
    display_name: Text,
}

impl CatalogWire {
    /// Published and open to people from outside; `None` where Graph does not say.
    fn open(&self) -> Option<bool> {
        let published =
            (!self.state.is_empty()).then(|| self.state.eq_ignore_ascii_case("published"));
        Some(published? && self.is_externally_visible?)
    }
}

impl RoleScopeWire {
    fn read(self) -> Option<Resource> {
        let role = self.role.unwrap_or_default();
        let scope = self.scope.unwrap_or_default();
        // The scope of a group is called "Root"; the resource's own name says more where it is given.
        let named = [role.resource, scope.resource]
            .into_iter()
            .flatten()
            .map(|named| named.display_name);
        let name = named
            .chain([scope.display_name])
            .find(|name| !name.is_empty())?;
        let kinds = [role.origin_system, scope.origin_system];
        Some(Resource {
            kind: kinds
                .into_iter()
                .find(|kind| !kind.as_str().is_empty())
                .unwrap_or_default(),
            name,
            role: role.display_name,
        })
    }
}

impl FromWire for Package {
    type Wire = PackageWire;

    fn read(wire: PackageWire) -> Option<Self> {
        let open = wire.catalog.as_ref().and_then(CatalogWire::open);
        let (catalog, catalog_name) = wire
            .catalog
            .map_or((wire.catalog_id, Text::default()), |c| {
                (Some(c.id), c.display_name)
            });
        Some(Self {
            id: wire.id,
            name: wire.display_name,
            description: wire.description,
            hidden: wire.is_hidden,
            catalog,
            catalog_name,
            catalog_open: open,
            resources: wire
                .resource_role_scopes
                .into_iter()
                .filter_map(RoleScopeWire::read)
                .collect(),
        })
    }
}
