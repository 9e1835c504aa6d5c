//! Whom the tenant lets in: the list of domains for invitations, the cross-tenant access settings, and what becomes
//! of guests who have lost their access.
//!
//! `api-reference/beta/api/policyroot-post-b2bmanagementpolicies.md`, `v1.0/resources/crosstenantaccesspolicyconfigurationdefault.md`,
//! `crosstenantaccesspolicyconfigurationpartner.md`, `entitlementmanagementsettings.md`.

use serde_json::{Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::odata::{self, Entity, EntityKind, FilterValue, Listing};
use super::requests::AccessPackageSubject;
use super::route::needs_governance;
use super::world::TenantWorld;

/// The settings, as the demo's data gives them.
#[derive(Debug, Clone, Default)]
pub(super) struct TenantBorders {
    /// The policy's id.
    pub(super) id: Uuid,
    /// Domains nobody can be invited from, in lower case.
    pub(super) blocked_domains: Vec<String>,
    /// Cross-tenant settings by tenant.
    pub(super) partners: Vec<CrossTenantPartner>,
    /// How long a guest is kept after the block, as ISO 8601.
    pub(super) delete_after: String,
}

/// The cross-tenant settings for one tenant.
#[derive(Debug, Clone)]
pub(super) struct CrossTenantPartner {
    pub(super) tenant: Uuid,
    /// The connected organization that is this tenant.
    pub(super) organization: Uuid,
    pub(super) blocked: bool,
}

impl TenantBorders {
    /// Whether nobody like this can be brought in.
    pub(super) fn keep_out(&self, subject: &AccessPackageSubject) -> bool {
        let domain = subject
            .email
            .rsplit_once('@')
            .map(|(_, domain)| domain.to_lowercase());
        let listed = domain.is_some_and(|domain| self.blocked_domains.contains(&domain));
        let mut partners = self.partners.iter().filter(|partner| partner.blocked);
        listed || partners.any(|partner| subject.organization == Some(partner.organization))
    }
}

const fn kind(name: &'static str, properties: &'static [&'static str]) -> EntityKind {
    EntityKind {
        name,
        properties,
        default: &[],
        unselectable: &[],
        filters: &[],
        relations: &[],
        order: &[],
        directory: false,
    }
}

static DEFAULT: EntityKind = kind(
    "crossTenantAccessPolicyConfigurationDefault",
    &["isServiceDefault", "b2bCollaborationInbound"],
);
static PARTNER: EntityKind = kind(
    "crossTenantAccessPolicyConfigurationPartner",
    &["tenantId", "isServiceProvider", "b2bCollaborationInbound"],
);
static SETTINGS: EntityKind = kind(
    "entitlementManagementSettings",
    &[
        "id",
        "durationUntilExternalUserDeletedAfterBlocked",
        "externalUserLifecycleAction",
    ],
);

/// What is allowed or blocked: everybody and everything.
fn inbound(blocked: bool) -> Value {
    let all = |target: &str, kind: &str| {
        json!({
            "accessType": if blocked { "blocked" } else { "allowed" },
            "targets": [{"target": target, "targetType": kind}],
        })
    };
    json!({
        "usersAndGroups": all("AllUsers", "user"),
        "applications": all("AllApplications", "application"),
    })
}

struct Unnamed;

impl Entity for Unnamed {
    fn kind(&self) -> &'static EntityKind {
        &DEFAULT
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "isServiceDefault" => json!(true),
            _ => inbound(false),
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }
}

impl Entity for CrossTenantPartner {
    fn kind(&self) -> &'static EntityKind {
        &PARTNER
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "tenantId" => json!(self.tenant),
            "isServiceProvider" => Value::Null,
            // What a partner does not set itself is null: the default holds.
            _ if self.blocked => inbound(true),
            _ => Value::Null,
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }
}

impl Entity for TenantBorders {
    fn kind(&self) -> &'static EntityKind {
        &SETTINGS
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "externalUserLifecycleAction" => json!("blockSignInAndDelete"),
            _ => json!(self.delete_after),
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::Null
    }
}

fn only_read(call: &ApiCall<'_>, what: &str) -> Result<(), Fault> {
    if call.method == "GET" {
        return Ok(());
    }
    Err(Fault::not_implemented(format!(
        "Changing {what} is not emulated."
    )))
}

/// `/policies/crossTenantAccessPolicy`
pub(super) fn cross_tenant(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    only_read(call, "cross-tenant access settings")?;
    needs_governance(call, world)?;
    let listing = |kind, context| Listing {
        kind,
        context,
        typed: false,
    };
    let partners = &world.borders.partners;
    let context = "policies/crossTenantAccessPolicy/partners";
    match rest {
        ["default"] => {
            let listing = listing(&DEFAULT, "policies/crossTenantAccessPolicy/default");
            odata::one(call, world, &listing, &Unnamed)
        }
        ["partners"] => odata::list(
            call,
            world,
            &listing(&PARTNER, context),
            partners.len(),
            &|at| partners.get(at).map(|partner| partner as &dyn Entity),
        ),
        ["partners", tenant] => {
            let partner = partners
                .iter()
                .find(|partner| partner.tenant.to_string().eq_ignore_ascii_case(tenant));
            let partner = partner.ok_or_else(|| Fault::missing(tenant))?;
            odata::one(call, world, &listing(&PARTNER, context), partner)
        }
        [.., segment] => Err(Fault::no_segment(segment)),
        [] => Err(Fault::not_implemented(
            "The cross-tenant access policy itself is not emulated.",
        )),
    }
}

/// `/identityGovernance/entitlementManagement/settings`
pub(super) fn settings(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    only_read(call, "the settings of entitlement management")?;
    needs_governance(call, world)?;
    if let [segment, ..] = rest {
        return Err(Fault::no_segment(segment));
    }
    let listing = Listing {
        kind: &SETTINGS,
        context: "identityGovernance/entitlementManagement/settings",
        typed: false,
    };
    odata::one(call, world, &listing, &world.borders)
}

/// `/beta/policies/b2bManagementPolicies`: the one resource of beta that is emulated. No query options are
/// documented for it.
pub(super) fn domains(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    only_read(call, "the list of domains")?;
    needs_governance(call, world)?;
    call.no_options()?;
    let borders = &world.borders;
    let definition = json!({
        "B2BManagementPolicy": {
            "InvitationsAllowedAndBlockedDomainsPolicy": {"BlockedDomains": borders.blocked_domains},
            "AutoRedeemPolicy": {"AdminConsentedForUsersIntoTenantIds": []},
        }
    });
    let policy = json!({
        "id": borders.id,
        "deletedDateTime": null,
        "definition": [definition.to_string()],
        "displayName": "B2BManagementPolicy",
        "isOrganizationDefault": true,
    });
    match rest {
        [] => Ok(ApiAnswer::ok(json!({
            "@odata.context": format!("{}/beta/$metadata#policies/b2bManagementPolicies", call.base),
            "value": [policy],
        }))),
        [id] if Uuid::parse_str(id) == Ok(borders.id) => Ok(ApiAnswer::ok(policy)),
        [id] => Err(Fault::missing(id)),
        [.., segment] => Err(Fault::no_segment(segment)),
    }
}
