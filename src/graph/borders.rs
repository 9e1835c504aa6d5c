//! Whom the tenant lets in at all: the list of domains for invitations (b2bManagementPolicies, beta only), the
//! cross-tenant access settings (crosstenantaccesspolicyconfigurationdefault, -partner), and what becomes of guests
//! who have lost their access (entitlementmanagementsettings).
//!
//! The first wants Policy.Read.B2BManagementPolicy, the second Policy.Read.All; guestlist asks for neither, and
//! reads them where the sign-in brings them along.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

use super::ENTITLEMENT;
use super::call::{Call, Response};
use super::json::{self, FromWire};
use crate::domain::border::{CrossTenant, DomainList, Leaving, Lifecycle};
use crate::domain::id::TenantId;
use crate::domain::mail;
use crate::domain::problem::Problem;

/// The tenant's list of domains. There is no v1.0 of it, and it cannot stand in a batch of v1.0.
pub fn domains() -> Call {
    Call::beta("/policies/b2bManagementPolicies")
}

/// What [`domains`] wants, any of it (policyroot-list-b2bmanagementpolicies). Nothing else here does, so that a sign-in
/// rarely has it.
pub const DOMAINS_NEED: [&str; 3] = [
    "Policy.Read.B2BManagementPolicy",
    "Policy.ReadWrite.B2BManagementPolicy",
    AS_USER,
];

/// What the cross-tenant access settings want, any of it (crosstenantaccesspolicyconfigurationdefault-get).
pub const TENANTS_NEED: [&str; 3] = [
    "Policy.Read.All",
    "Policy.ReadWrite.CrossTenantAccess",
    AS_USER,
];

/// All that the person may do in the directory.
const AS_USER: &str = "Directory.AccessAsUser.All";

/// Settings of entitlement management, and the cross-tenant access settings: the default, then the partners.
pub fn settings() -> [Call; 3] {
    [
        Call::get(format!("{ENTITLEMENT}/settings")),
        Call::get("/policies/crossTenantAccessPolicy/default"),
        Call::get("/policies/crossTenantAccessPolicy/partners"),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct B2bPolicyWire {
    #[serde(default, deserialize_with = "json::list")]
    definition: Vec<String>,
    #[serde(default, deserialize_with = "json::flag")]
    is_organization_default: bool,
}

struct B2bPolicy(B2bPolicyWire);

impl FromWire for B2bPolicy {
    type Wire = B2bPolicyWire;
    fn read(wire: B2bPolicyWire) -> Option<Self> {
        Some(Self(wire))
    }
}

/// The list in an answer to [`domains`]: of the policy that is enforced, which is the organization's default one.
/// `None` where there is none, or neither kind of list in it.
pub fn read_domains(answer: &Response) -> Result<Option<DomainList>, Problem> {
    let policies = json::collection::<B2bPolicy>(answer)?.rows;
    let enforced = policies
        .into_iter()
        .find(|row| row.0.is_organization_default);
    let texts = enforced.map(|row| row.0.definition).unwrap_or_default();
    Ok(texts.iter().find_map(|text| list(text)))
}

/// The list in a policy's text. The documentation's example prints the key otherwise than the service does.
fn list(text: &str) -> Option<DomainList> {
    let policy: Value = serde_json::from_str(text).ok()?;
    let policy = policy.get("B2BManagementPolicy").unwrap_or(&policy);
    let lists = policy
        .get("InvitationsAllowedAndBlockedDomainsPolicy")
        .or_else(|| policy.get("invitationsAllowedAndBlockedDomainsPolicy"))
        .or_else(|| policy.get("invitationsAllowedAndBlocked"))?;
    let of = |key: &str, other: &str| -> Option<BTreeSet<String>> {
        let domains = lists.get(key).or_else(|| lists.get(other))?.as_array()?;
        let domains = domains.iter().filter_map(Value::as_str);
        Some(domains.map(mail::one_form).collect())
    };
    let allowed = of("AllowedDomains", "allowedDomains").map(DomainList::Allowed);
    allowed.or_else(|| of("BlockedDomains", "blockedDomains").map(DomainList::Blocked))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SettingsWire {
    #[serde(default)]
    external_user_lifecycle_action: Lifecycle,
    #[serde(default, deserialize_with = "json::period")]
    duration_until_external_user_deleted_after_blocked: Option<SignedDuration>,
}

/// What becomes of guests, from the first answer to [`settings`].
pub fn read_leaving(answer: &Response) -> Result<Leaving, Problem> {
    let wire: SettingsWire = json::object(answer)?;
    Ok(Leaving {
        action: wire.external_user_lifecycle_action,
        delete_after: wire.duration_until_external_user_deleted_after_blocked,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigurationWire {
    #[serde(default, deserialize_with = "json::maybe")]
    tenant_id: Option<TenantId>,
    #[serde(default, deserialize_with = "json::maybe")]
    b2b_collaboration_inbound: Option<InboundWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InboundWire {
    #[serde(default, deserialize_with = "json::maybe")]
    users_and_groups: Option<TargetsWire>,
    #[serde(default, deserialize_with = "json::maybe")]
    applications: Option<TargetsWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TargetsWire {
    #[serde(default)]
    access_type: String,
    #[serde(default, deserialize_with = "json::list")]
    targets: Vec<TargetWire>,
}

#[derive(Deserialize)]
struct TargetWire {
    #[serde(default)]
    target: String,
}

impl TargetsWire {
    /// Whether it shuts out all of its kind, which has a word of its own.
    fn shut(&self, all: &str) -> bool {
        let is_all = |target: &TargetWire| target.target.eq_ignore_ascii_case(all);
        self.access_type.eq_ignore_ascii_case("blocked") && self.targets.iter().any(is_all)
    }
}

impl InboundWire {
    fn shut(&self) -> bool {
        let users = self.users_and_groups.as_ref();
        let apps = self.applications.as_ref();
        users.is_some_and(|users| users.shut("AllUsers"))
            || apps.is_some_and(|apps| apps.shut("AllApplications"))
    }
}

struct PartnerRow(TenantId, Option<bool>);

impl FromWire for PartnerRow {
    type Wire = ConfigurationWire;
    fn read(wire: ConfigurationWire) -> Option<Self> {
        let shut = wire.b2b_collaboration_inbound.map(|inbound| inbound.shut());
        Some(Self(wire.tenant_id?, shut))
    }
}

/// The cross-tenant access settings, from the second and third answer to [`settings`]. A partner that sets nothing
/// inherits the default.
pub fn read_tenants(default: &Response, partners: &Response) -> Result<CrossTenant, Problem> {
    let default: ConfigurationWire = json::object(default)?;
    let inbound = default.b2b_collaboration_inbound;
    let others_blocked = inbound.is_some_and(|inbound| inbound.shut());
    let partners = json::collection::<PartnerRow>(partners)?.rows.into_iter();
    let partners =
        partners.map(|PartnerRow(tenant, shut)| (tenant, shut.unwrap_or(others_blocked)));
    Ok(CrossTenant {
        others_blocked,
        partners: partners.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_found_under_either_key_and_in_lower_case() {
        let of = |domains: &[&str]| domains.iter().map(|&domain| domain.to_owned()).collect();
        let text = r#"{"B2BManagementPolicy":{"InvitationsAllowedAndBlockedDomainsPolicy":{"BlockedDomains":["Evil.Example"]},"AutoRedeemPolicy":{}}}"#;
        assert_eq!(list(text), Some(DomainList::Blocked(of(&["evil.example"]))));
        let text = r#"{"B2BManagementPolicy":{"invitationsAllowedAndBlocked":{"allowedDomains":["a.example","b.example"]}}}"#;
        assert_eq!(
            list(text),
            Some(DomainList::Allowed(of(&["a.example", "b.example"])))
        );
        for none in [
            "",
            "{}",
            "[]",
            r#"{"B2BManagementPolicy":{"PreviewPolicy":{}}}"#,
        ] {
            assert_eq!(list(none), None, "{none}");
        }
    }
}
