//! `/subscribedSkus`: what the tenant has bought, and what is closed without it.
//!
//! `api-reference/v1.0/api/subscribedsku-list.md`; service plans as `licensing-service-plan-reference` names them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::ids;
use super::odata::{self, Entity, EntityKind, FilterValue, Listing};
use super::world::TenantWorld;

static SKU: EntityKind = EntityKind {
    name: "subscribedSku",
    properties: &[
        "id",
        "accountId",
        "accountName",
        "appliesTo",
        "capabilityStatus",
        "consumedUnits",
        "prepaidUnits",
        "servicePlans",
        "skuId",
        "skuPartNumber",
        "subscriptionIds",
    ],
    default: &[],
    unselectable: &[],
    filters: &[],
    relations: &[],
    order: &[],
    directory: false,
};

struct SubscribedSku {
    tenant: Uuid,
    id: Uuid,
    name: &'static str,
    plans: &'static [&'static str],
}

impl Entity for SubscribedSku {
    fn kind(&self) -> &'static EntityKind {
        &SKU
    }

    fn property(&self, name: &str) -> Option<Value> {
        let plan = |plan: &&str| {
            json!({
                "servicePlanId": ids::guid(0, plan, 0),
                "servicePlanName": plan,
                "provisioningStatus": "Success",
                "appliesTo": "User",
            })
        };
        Some(match name {
            "id" => json!(format!("{}_{}", self.tenant, self.id)),
            "accountId" => json!(self.tenant),
            "accountName" => json!("contoso"),
            "appliesTo" => json!("User"),
            "capabilityStatus" => json!("Enabled"),
            "consumedUnits" => json!(40),
            "prepaidUnits" => json!({"enabled": 50, "suspended": 0, "warning": 0, "lockedOut": 0}),
            "servicePlans" => self.plans.iter().map(plan).collect(),
            "skuId" => json!(self.id),
            "skuPartNumber" => json!(self.name),
            "subscriptionIds" => json!([ids::guid(1, self.name, 0)]),
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
    let sku = |name, plans| SubscribedSku {
        tenant: world.tenant.id,
        id: ids::guid(2, name, 0),
        name,
        plans,
    };
    let mut skus = vec![sku("SPE_E3", &["AAD_PREMIUM", "EXCHANGE_S_ENTERPRISE"])];
    if world.governance {
        skus.push(sku("AAD_PREMIUM_P2", &["AAD_PREMIUM", "AAD_PREMIUM_P2"]));
    }
    let listing = Listing {
        kind: &SKU,
        context: "subscribedSkus",
        typed: false,
    };
    match (call.method, rest) {
        ("GET", []) => odata::list(call, world, &listing, skus.len(), &|at| {
            skus.get(at).map(|sku| sku as &dyn Entity)
        }),
        (_, []) => Err(Fault::method()),
        (_, [.., segment]) => Err(Fault::no_segment(segment)),
    }
}

/// What entitlement management answers to a tenant without the licence.
pub(super) fn unlicensed() -> Fault {
    Fault::forbidden(
        "User is not authorized to perform the operation. Reason: Tenant does not meet license requirement!",
    )
}
