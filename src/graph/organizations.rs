//! Connected organizations: `connectedOrganizations` (connectedorganization).

use serde::Deserialize;

use super::ENTITLEMENT;
use super::call::Call;
use super::json::{self, FromWire};
use crate::domain::id::{OrganizationId, TenantId};
use crate::domain::package::{Organization, OrganizationState};
use crate::domain::text::Text;

/// All of them.
pub fn all() -> Call {
    Call::get(format!("{ENTITLEMENT}/connectedOrganizations"))
}

/// An organization's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationWire {
    id: OrganizationId,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    state: OrganizationState,
    #[serde(default, deserialize_with = "json::list")]
    identity_sources: Vec<SourceWire>,
}

/// A source of identities: those with a domain name say which addresses belong to it, the others which tenant.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceWire {
    #[serde(default)]
    domain_name: Text,
    #[serde(default, deserialize_with = "json::maybe")]
    tenant_id: Option<TenantId>,
}

impl FromWire for Organization {
    type Wire = OrganizationWire;

    fn read(wire: OrganizationWire) -> Option<Self> {
        let domains = wire
            .identity_sources
            .iter()
            .map(|source| source.domain_name.to_lowercase());
        Some(Self {
            id: wire.id,
            name: wire.display_name,
            state: wire.state,
            domains: domains.filter(|domain| !domain.is_empty()).collect(),
            tenants: wire
                .identity_sources
                .iter()
                .filter_map(|source| source.tenant_id.clone())
                .collect(),
        })
    }
}
