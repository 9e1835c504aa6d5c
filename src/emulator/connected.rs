//! Connected organizations: the directories and domains that the tenant works with.
//!
//! `api-reference/v1.0/resources/connectedorganization.md`.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::odata::{Entity, EntityKind, FilterValue, Follow, Listing, Op};
use super::users::USER;
use super::world::{EntityRow, TenantWorld};

#[derive(Debug, Clone)]
pub(super) struct ConnectedOrganization {
    pub(super) id: Uuid,
    pub(super) doc: Map<String, Value>,
    /// The mail domains of its people, in lower case: Graph finds the organization of a requestor by them.
    pub(super) domains: Vec<String>,
    pub(super) internal_sponsors: Vec<Uuid>,
}

pub(super) static ORGANIZATION: EntityKind = EntityKind {
    name: "connectedOrganization",
    properties: &[
        "id",
        "displayName",
        "description",
        "createdDateTime",
        "modifiedDateTime",
        "state",
        "identitySources",
    ],
    default: &[],
    unselectable: &[],
    filters: &[("displayName", &[Op::Eq])],
    relations: &[("internalSponsors", &USER), ("externalSponsors", &USER)],
    order: &[],
    directory: false,
};

impl EntityRow for ConnectedOrganization {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Entity for ConnectedOrganization {
    fn kind(&self) -> &'static EntityKind {
        &ORGANIZATION
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
        let sponsors = self
            .internal_sponsors
            .iter()
            .filter(|_| relation == "internalSponsors");
        Follow::Many(
            sponsors
                .filter_map(|id| world.user(*id))
                .map(|user| user as &dyn Entity)
                .collect(),
        )
    }
}

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    let listing = Listing {
        kind: &ORGANIZATION,
        context: "identityGovernance/entitlementManagement/connectedOrganizations",
        typed: false,
    };
    super::route::collection(
        call,
        world,
        rest,
        &listing,
        "connectedOrganization",
        &world.organizations,
        &|_| None,
    )
}
