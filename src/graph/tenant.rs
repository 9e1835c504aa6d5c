//! Who is signed in, and where: `me`, `organization`, `domains`.

use serde::Deserialize;

use super::call::{Call, Response};
use super::json::{self, FromWire};
use crate::domain::id::{TenantId, UserId};
use crate::domain::mail;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::signin::Claims;

/// What is asked to know the session, in the order in which [`read`] wants the answers.
pub fn session() -> [Call; 3] {
    [
        Call::get("/me").query("$select", "id,displayName,userPrincipalName"),
        Call::get("/organization").query("$select", "id,displayName,verifiedDomains"),
        Call::get("/domains").query("$select", "id,isDefault,isInitial,isVerified"),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    id: UserId,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    user_principal_name: Text,
}

struct OwnOrganization(OwnOrganizationWire);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OwnOrganizationWire {
    id: TenantId,
    #[serde(default)]
    display_name: Text,
    #[serde(default, deserialize_with = "json::list")]
    verified_domains: Vec<DomainWire>,
}

impl FromWire for OwnOrganization {
    type Wire = OwnOrganizationWire;
    fn read(wire: OwnOrganizationWire) -> Option<Self> {
        Some(Self(wire))
    }
}

struct OwnDomain(DomainWire);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DomainWire {
    /// Of a verified domain.
    #[serde(default)]
    name: Text,
    /// Of a domain.
    #[serde(default)]
    id: Text,
    #[serde(default, deserialize_with = "json::flag")]
    is_default: bool,
    #[serde(default, deserialize_with = "json::maybe")]
    is_verified: Option<bool>,
}

impl DomainWire {
    fn called(&self) -> &str {
        self.name.or(&self.id)
    }
}

impl FromWire for OwnDomain {
    type Wire = DomainWire;
    fn read(wire: DomainWire) -> Option<Self> {
        let usable = !wire.called().is_empty() && wire.is_verified != Some(false);
        usable.then_some(Self(wire))
    }
}

/// The app that is signed in, in the place of a person: it has no `/me` (get-me: delegated only), and its acts are
/// its own.
fn app(claims: Option<&Claims>) -> Option<Me> {
    let claims = claims.filter(|claims| claims.is_app_only())?;
    let id = claims.app_id.as_ref()?;
    Some(Me {
        id: UserId::new(id).ok()?,
        display_name: claims.app.clone().unwrap_or_default(),
        user_principal_name: Text::new(&format!("app {id}")),
    })
}

/// The session, from the answers to [`session`] and the token's own words. Who may not list domains gets those the
/// organization names.
///
/// # Errors
/// Where one's own account or the organization cannot be read.
pub fn read(
    answers: Vec<Result<Response, Problem>>,
    claims: Option<&Claims>,
) -> Result<Session, Problem> {
    let mut answers = answers.into_iter();
    let mut next = || answers.next().unwrap_or_else(|| Err(missing()));
    let (me, organization, domains) = (next(), next(), next());
    let me: Me = match (me, app(claims)) {
        (Err(problem), Some(app)) if problem.kind != ProblemKind::SignIn => app,
        (me, _) => json::object(&me?)?,
    };
    let organization = organization?;
    let Some(OwnOrganization(organization)) = json::collection::<OwnOrganization>(&organization)?
        .rows
        .into_iter()
        .next()
    else {
        return Err(json::odd(&organization));
    };
    let listed = domains.and_then(|answer| json::collection::<OwnDomain>(&answer));
    let mut domains: Vec<DomainWire> = match listed {
        Ok(listed) if !listed.rows.is_empty() => listed.rows.into_iter().map(|d| d.0).collect(),
        _ => organization.verified_domains,
    };
    domains.sort_by_key(|domain| !domain.is_default);
    Ok(Session {
        me: me.id,
        my_name: me.display_name,
        my_upn: me.user_principal_name,
        tenant: organization.id,
        tenant_name: organization.display_name,
        domains: domains
            .iter()
            .map(|domain| mail::one_form(domain.called()))
            .collect(),
    })
}

fn missing() -> Problem {
    Problem::new(
        ProblemKind::NotGraph,
        "Graph did not say who is signed in",
        "Sign in again",
    )
}
