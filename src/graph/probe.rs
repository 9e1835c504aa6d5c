//! What may one do here: one cheap read of each area, the licences (`subscribedSkus`), and the token's own words.

use serde::Deserialize;

use super::ENTITLEMENT;
use super::call::{Answer, Call, quoted};
use super::json::{self, Row};
use crate::domain::capability::{Area, Candidate, Capabilities, Facts, Finding, Lack, Licences};
use crate::domain::problem::Problem;
use crate::domain::request::RequestState;
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::signin::Claims;
use crate::signin::scopes::{self, NEEDS, Need};

/// Service plans with entitlement management: Entra ID P2, and ID Governance with the Entra Suite.
const GOVERNANCE: [&str; 2] = ["AAD_PREMIUM_P2", "Entra_Identity_Governance"];
/// Those with sign-in activity.
const PREMIUM: [&str; 2] = ["AAD_PREMIUM", "AAD_PREMIUM_P2"];

/// The probes, in the order in which [`judge`] wants the answers: ids only, and of users one.
pub fn calls() -> Vec<Call> {
    PROBES.iter().map(|(_, call)| call()).collect()
}

// Entitlement management promises no $top (FACTS 1.4): its probes read a page of ids.
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

/// What follows from the answers. `claims` are the token's own words; `None` where it cannot be read.
pub fn judge(
    session: Result<Session, Problem>,
    claims: Option<&Claims>,
    answers: Vec<Result<Answer, Problem>>,
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
    let candidates = NEEDS
        .iter()
        .map(|need| candidate(need, carried.map(Vec::as_slice), app_only));
    let facts = Facts {
        session: session.map(Box::new),
        app_only,
        carried: carried.cloned(),
        licences,
        areas,
    };
    Capabilities::judge(facts, candidates.collect())
}

fn candidate(need: &Need, carried: Option<&[String]>, app_only: bool) -> Candidate {
    let lack = match carried.map(|carried| scopes::missing(need, carried, app_only)) {
        None => Lack::Unreadable,
        Some(None) => Lack::NotForApps,
        Some(Some(names)) => Lack::Permissions(names),
    };
    Candidate {
        command: need.command,
        does: need.does,
        writes: need.writes,
        area: area(need.command),
        lack,
    }
}

/// The area a command works in, where it is probed.
fn area(command: &str) -> Option<Area> {
    Some(match command {
        "requests list" | "requests cancel" | "requests reprocess" | "requests remove"
        | "requests assign" => Area::Requests,
        "requests show" | "requests approve" | "requests deny" => Area::Inbox,
        "policies list" => Area::Policies,
        "guests list" | "guests show" | "guests revoke --block" | "guests revoke --delete" => {
            Area::Guests
        }
        "guests list --sign-ins" => Area::SignIns,
        "doctor" => Area::Licences,
        _ => return None,
    })
}

/// A row whose contents do not matter.
struct Anything;

impl Row for Anything {
    type Wire = serde::de::IgnoredAny;
    fn read(_: Self::Wire) -> Option<Self> {
        Some(Self)
    }
}

struct Sku(SkuWire);

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

impl Row for Sku {
    type Wire = SkuWire;
    fn read(wire: SkuWire) -> Option<Self> {
        Some(Self(wire))
    }
}

/// The licences in an answer to `subscribedSkus`: of products that work, plans that are not switched off.
fn read_licences(answer: &Answer) -> Result<Licences, Problem> {
    let skus = json::collection::<Sku>(answer)?
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
