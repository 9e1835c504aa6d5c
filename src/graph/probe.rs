//! What may one do here: one cheap read of each area, the licences (`subscribedSkus`), and the token's own words.

use serde::Deserialize;

use super::ENTITLEMENT;
use super::call::{Call, Response, quoted};
use super::json::{self, FromWire};
use crate::domain::capability::{Area, Capabilities, Finding, Licences, TenantFacts};
use crate::domain::permission::Need;
use crate::domain::problem::Problem;
use crate::domain::request::RequestState;
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::signin::Claims;

/// Service plans with entitlement management: Entra ID P2, and ID Governance with the Entra Suite.
const GOVERNANCE: [&str; 2] = ["AAD_PREMIUM_P2", "Entra_Identity_Governance"];
/// Those with sign-in activity.
const PREMIUM: [&str; 2] = ["AAD_PREMIUM", "AAD_PREMIUM_P2"];

/// The probes, in the order in which [`judge`] wants the answers: ids only, and of users one.
pub fn calls() -> Vec<Call> {
    PROBES.iter().map(|(_, call)| call()).collect()
}

// Entitlement management promises no $top (entitlementmanagement-list-assignmentrequests): its probes read a page of
// ids.
const PROBES: [(Area, fn() -> Call); 7] = [
    (Area::Requests, || {
        let state = quoted(RequestState::PendingApproval.as_str());
        ids(&format!("{ENTITLEMENT}/assignmentRequests"))
            .query("$filter", &format!("state eq {state}"))
    }),
    (Area::Inbox, || {
        ids(&format!(
            "{ENTITLEMENT}/assignmentRequests/filterByCurrentUser(on='approver')"
        ))
    }),
    (Area::Policies, || {
        ids(&format!("{ENTITLEMENT}/assignmentPolicies"))
    }),
    (Area::Guests, || {
        ids("/users")
            .query("$filter", "userType eq 'Guest'")
            .query("$top", "1")
    }),
    (Area::SignIns, || {
        Call::get("/users")
            .query("$select", "id,signInActivity")
            .query("$top", "1")
    }),
    (Area::Deleted, || {
        ids("/directory/deletedItems/microsoft.graph.user").query("$top", "1")
    }),
    // It knows $select and no other option (subscribedsku-list).
    (Area::Licences, || {
        Call::get("/subscribedSkus").query("$select", "skuPartNumber,capabilityStatus,servicePlans")
    }),
];

fn ids(path: &str) -> Call {
    Call::get(path).query("$select", "id")
}

/// What follows from the answers for what has these `needs`. `claims` are the token's own words; `None` where it
/// cannot be read.
pub fn judge(
    session: Result<Session, Problem>,
    claims: Option<&Claims>,
    answers: Vec<Result<Response, Problem>>,
    needs: &[&'static Need],
) -> Capabilities {
    let mut licences = Licences::default();
    let areas = PROBES.iter().zip(answers).map(|((area, _), answer)| {
        let finding = match answer {
            Ok(answer) if *area == Area::Licences => read_licences(&answer)
                .map(|found| licences = found)
                .map(|()| Finding::Open { any: true }),
            Ok(answer) => json::collection::<Anything>(&answer).map(|found| Finding::Open {
                any: !found.rows.is_empty(),
            }),
            Err(problem) => Err(problem),
        };
        (*area, finding.unwrap_or_else(Finding::of))
    });
    let areas = areas.collect();
    let app_only = claims.is_some_and(Claims::is_app_only);
    let carried = claims.map(|claims| {
        if app_only {
            &claims.roles
        } else {
            &claims.scopes
        }
    });
    let facts = TenantFacts {
        session: session.map(Box::new),
        app_only,
        fixed_app: claims.is_some_and(Claims::is_of_a_fixed_app),
        carried: carried.cloned(),
        licences,
        areas,
    };
    Capabilities {
        facts,
        needs: needs.to_vec(),
    }
}

/// A row whose contents do not matter.
struct Anything;

impl FromWire for Anything {
    type Wire = serde::de::IgnoredAny;
    fn read(_: Self::Wire) -> Option<Self> {
        Some(Self)
    }
}

struct SkuRow(SkuWire);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SkuWire {
    #[serde(default)]
    sku_part_number: Text,
    #[serde(default)]
    capability_status: Text,
    #[serde(default, deserialize_with = "json::list")]
    service_plans: Vec<PlanWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlanWire {
    #[serde(default)]
    service_plan_name: Text,
    #[serde(default)]
    provisioning_status: Text,
}

impl FromWire for SkuRow {
    type Wire = SkuWire;
    fn read(wire: SkuWire) -> Option<Self> {
        Some(Self(wire))
    }
}

/// The licences in an answer to `subscribedSkus`: of products that work, plans that are not switched off.
fn read_licences(answer: &Response) -> Result<Licences, Problem> {
    let skus = json::collection::<SkuRow>(answer)?
        .rows
        .into_iter()
        .map(|sku| sku.0);
    // In its grace period (Warning) a product works on (subscribedsku).
    let is = |text: &Text, words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    let skus: Vec<SkuWire> = skus
        .filter(|sku| is(&sku.capability_status, &["Enabled", "Warning"]))
        .collect();
    let has = |names: &[&str]| {
        let mut plans = skus.iter().flat_map(|sku| &sku.service_plans);
        plans.any(|plan| {
            is(&plan.service_plan_name, names) && !is(&plan.provisioning_status, &["Disabled"])
        })
    };
    Ok(Licences {
        governance: has(&GOVERNANCE),
        premium: has(&PREMIUM),
        products: Some(skus.iter().map(|sku| sku.sku_part_number.clone()).collect()),
    })
}
