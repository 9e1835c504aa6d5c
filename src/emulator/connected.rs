//! Connected organizations: the directories and domains that the tenant works with.
//!
//! `api-reference/v1.0/resources/connectedorganization.md`.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::call::{Answer, Call};
use super::fault::Fault;
use super::odata::{Entity, Field, Follow, Kind, Listing, Op};
use super::users::USER;
use super::world::{Row, World};

#[derive(Debug, Clone)]
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) doc: Map<String, Value>,
    /// The mail domains of its people, in lower case: Graph finds the organization of a requestor by them.
    pub(super) domains: Vec<String>,
    pub(super) internal_sponsors: Vec<Uuid>,
}

pub(super) static ORGANIZATION: Kind = Kind {
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

impl Row for Organization {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Entity for Organization {
    fn kind(&self) -> &'static Kind {
        &ORGANIZATION
    }

    fn property(&self, name: &str) -> Option<Value> {
        self.doc.get(name).cloned()
    }

    fn field(&self, path: &str) -> Field<'_> {
        self.doc.get(path).map_or(Field::Null, Field::of)
    }

    fn follow<'w>(&'w self, world: &'w World, relation: &str) -> Follow<'w> {
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

pub(super) fn route(call: &Call<'_>, world: &World, rest: &[&str]) -> Result<Answer, Fault> {
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
    )
}
