//! `/organization` and `/domains`: whose tenant this is.
//!
//! `api-reference/v1.0/api/organization-list.md`, `domain-list.md`.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::odata::{self, Entity, EntityKind, FilterValue, Listing};
use super::world::{TenantWorld, stamp};

#[derive(Debug, Clone)]
pub(super) struct Tenant {
    pub(super) id: Uuid,
    pub(super) display_name: String,
    pub(super) country: String,
    pub(super) language: String,
    pub(super) created: Timestamp,
    /// Named here as well as under `/domains`.
    pub(super) verified: Vec<Value>,
    /// `contoso.onmicrosoft.com`: where the guests' user principal names end.
    pub(super) initial_domain: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TenantDomain {
    pub(super) name: String,
    #[serde(default)]
    pub(super) is_default: bool,
    #[serde(default)]
    pub(super) is_initial: bool,
    #[serde(default = "verified")]
    pub(super) is_verified: bool,
}

const fn verified() -> bool {
    true
}

static TENANT: EntityKind = EntityKind {
    name: "organization",
    properties: &[
        "id",
        "deletedDateTime",
        "businessPhones",
        "city",
        "country",
        "countryLetterCode",
        "createdDateTime",
        "defaultUsageLocation",
        "displayName",
        "onPremisesSyncEnabled",
        "preferredLanguage",
        "technicalNotificationMails",
        "tenantType",
        "verifiedDomains",
    ],
    default: &[],
    unselectable: &[],
    filters: &[],
    relations: &[],
    order: &[],
    directory: false,
};

static DOMAIN: EntityKind = EntityKind {
    name: "domain",
    properties: &[
        "id",
        "authenticationType",
        "availabilityStatus",
        "isAdminManaged",
        "isDefault",
        "isInitial",
        "isRoot",
        "isVerified",
        "supportedServices",
    ],
    default: &[],
    unselectable: &[],
    filters: &[],
    relations: &[],
    order: &[],
    directory: false,
};

impl Entity for Tenant {
    fn kind(&self) -> &'static EntityKind {
        &TENANT
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "businessPhones" | "technicalNotificationMails" => json!([]),
            "countryLetterCode" | "defaultUsageLocation" => json!(self.country),
            "createdDateTime" => stamp(self.created),
            "displayName" => json!(self.display_name),
            "preferredLanguage" => json!(self.language),
            "tenantType" => json!("AAD"),
            "verifiedDomains" => json!(self.verified),
            _ => Value::Null,
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }
}

impl Entity for TenantDomain {
    fn kind(&self) -> &'static EntityKind {
        &DOMAIN
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.name),
            "authenticationType" => json!("Managed"),
            "isAdminManaged" | "isRoot" => json!(true),
            "isDefault" => json!(self.is_default),
            "isInitial" => json!(self.is_initial),
            "isVerified" => json!(self.is_verified),
            "supportedServices" => json!(["Email", "OfficeCommunicationsOnline"]),
            _ => Value::Null,
        })
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
        kind: &TENANT,
        context: "organization",
        typed: false,
    };
    match (call.method, rest) {
        ("GET", []) => odata::list(call, world, &listing, 1, &|_| Some(&world.tenant)),
        ("GET", [id]) if Uuid::parse_str(id) == Ok(world.tenant.id) => {
            odata::one(call, world, &listing, &world.tenant)
        }
        ("GET", [id]) => Err(Fault::missing(id)),
        (_, [] | [_]) => Err(Fault::method()),
        (_, [.., segment]) => Err(Fault::no_segment(segment)),
    }
}

pub(super) fn domains(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    let listing = Listing {
        kind: &DOMAIN,
        context: "domains",
        typed: false,
    };
    let get = |at: usize| world.domains.get(at).map(|domain| domain as &dyn Entity);
    match (call.method, rest) {
        ("GET", []) => odata::list(call, world, &listing, world.domains.len(), &get),
        ("GET", [name]) => {
            let domain = world
                .domains
                .iter()
                .find(|domain| domain.name.eq_ignore_ascii_case(name));
            odata::one(
                call,
                world,
                &listing,
                domain.ok_or_else(|| Fault::missing(name))?,
            )
        }
        (_, [] | [_]) => Err(Fault::method()),
        (_, [.., segment]) => Err(Fault::no_segment(segment)),
    }
}
