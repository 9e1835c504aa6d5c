//! The shape of `assets/demo.toml` and `assets/demo-people.toml`. People are referred to by a short key.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::{Deserialize, Deserializer};

use crate::emulator::organization::TenantDomain;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Demo {
    pub(super) tenant: TenantData,
    pub(super) domains: Vec<TenantDomain>,
    pub(super) members: Vec<Member>,
    pub(super) groups: Vec<GroupData>,
    pub(super) applications: Vec<NamedData>,
    pub(super) sites: Vec<Site>,
    pub(super) catalogs: Vec<CatalogData>,
    pub(super) packages: Vec<PackageData>,
    pub(super) organizations: Vec<OrganizationData>,
    pub(super) policies: Vec<PolicyData>,
    pub(super) guests: Vec<GuestData>,
    pub(super) borders: BordersData,
    /// The requests that wait for approval, oldest decisions first in the file's own order.
    pub(super) requests: Vec<RequestData>,
    /// More of those, for a longer queue: what else there is to notice.
    pub(super) cases: Vec<RequestData>,
    /// Requests in every other state.
    pub(super) history: Vec<HistoryData>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TenantData {
    pub(super) display_name: String,
    pub(super) country: String,
    pub(super) language: String,
    pub(super) age: Age,
}

/// Whom the tenant lets in.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BordersData {
    /// The block list for invitations.
    pub(super) blocked_domains: Vec<String>,
    /// Connected organizations, known by their tenant, whose people the cross-tenant settings block.
    pub(super) blocked_organizations: Vec<String>,
    /// How long a guest is kept after the block, as ISO 8601.
    pub(super) delete_after: String,
}

/// Someone who works here. The first one is the signed-in administrator.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) mail: String,
    pub(super) job_title: String,
    pub(super) department: String,
    /// May sign in to the emulator.
    #[serde(default)]
    pub(super) signs_in: bool,
    /// Holds the administrative roles, beside whatever they approve.
    #[serde(default)]
    pub(super) governs: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct GroupData {
    pub(super) key: String,
    pub(super) display_name: String,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) unified: bool,
    #[serde(default)]
    pub(super) members: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NamedData {
    pub(super) key: String,
    pub(super) display_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Site {
    pub(super) key: String,
    pub(super) display_name: String,
    pub(super) url: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CatalogData {
    pub(super) key: String,
    pub(super) display_name: String,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PackageData {
    pub(super) key: String,
    pub(super) catalog: String,
    pub(super) display_name: String,
    pub(super) description: String,
    #[serde(default)]
    pub(super) is_hidden: bool,
    pub(super) gives: Vec<Gift>,
    /// Packages that must not be held together with this one.
    #[serde(default)]
    pub(super) incompatible: Vec<String>,
    /// Groups whose members must not hold it.
    #[serde(default)]
    pub(super) incompatible_groups: Vec<String>,
}

/// A resource role: of exactly one group, application or site.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Gift {
    pub(super) group: Option<String>,
    pub(super) application: Option<String>,
    pub(super) site: Option<String>,
    pub(super) role: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OrganizationData {
    pub(super) key: String,
    pub(super) display_name: String,
    pub(super) description: String,
    pub(super) state: String,
    /// `domain` or `tenant`: how the directory is known.
    pub(super) known_by: String,
    pub(super) domains: Vec<String>,
    #[serde(default)]
    pub(super) sponsors: Vec<String>,
    pub(super) age: Age,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PolicyData {
    pub(super) key: String,
    pub(super) package: String,
    pub(super) display_name: String,
    pub(super) description: String,
    pub(super) scope: String,
    /// Connected organizations, when the scope names some.
    #[serde(default)]
    pub(super) targets: Vec<String>,
    /// Whether people may ask for themselves; without it the policy is closed.
    #[serde(default)]
    pub(super) open: bool,
    /// ISO 8601; without it an assignment does not end.
    pub(super) lasts: Option<String>,
    #[serde(default)]
    pub(super) stages: Vec<StageData>,
    #[serde(default)]
    pub(super) questions: Vec<QuestionData>,
    #[serde(default)]
    pub(super) requestor_justification: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StageData {
    /// Members, or groups with `group:` before the key.
    pub(super) approvers: Vec<String>,
    #[serde(default)]
    pub(super) fallback: Vec<String>,
    pub(super) deny_after: String,
    #[serde(default)]
    pub(super) justification: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct QuestionData {
    pub(super) text: String,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) choices: Vec<String>,
    #[serde(default)]
    pub(super) long: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct GuestData {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) mail: String,
    pub(super) company: Option<String>,
    pub(super) job_title: Option<String>,
    pub(super) age: Age,
    /// When the invitation was taken up; without it, it was not.
    pub(super) accepted: Option<Age>,
    pub(super) last_sign_in: Option<Age>,
    #[serde(default)]
    pub(super) blocked: bool,
    pub(super) sponsor: Option<String>,
    /// Deleted so long ago.
    pub(super) deleted: Option<Age>,
    /// Asked for access through a user flow and was not invited.
    #[serde(default)]
    pub(super) self_service: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RequestData {
    pub(super) name: String,
    pub(super) mail: String,
    pub(super) policy: String,
    pub(super) age: Age,
    pub(super) justification: Option<String>,
    #[serde(default)]
    pub(super) answers: Vec<String>,
    /// The guest who asks, when they already are one.
    pub(super) guest: Option<String>,
    /// The name is repeated until it has so many characters.
    pub(super) stretch: Option<usize>,
    /// The stages that are already approved.
    #[serde(default)]
    pub(super) approved: Vec<Approved>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Approved {
    pub(super) by: String,
    pub(super) ago: Age,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct HistoryData {
    pub(super) name: String,
    pub(super) mail: String,
    pub(super) policy: String,
    pub(super) age: Age,
    /// A state of `accessPackageRequestState`; `expired` is a denial that nobody made.
    pub(super) state: String,
    /// How long it took until it was completed.
    pub(super) took: Option<Age>,
    /// For what the service will do by itself: in how long.
    pub(super) due: Option<Age>,
    pub(super) justification: Option<String>,
    #[serde(default)]
    pub(super) answers: Vec<String>,
    pub(super) by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) guest: Option<String>,
    #[serde(default)]
    pub(super) direct: bool,
    /// What was delivered ended so long ago.
    pub(super) ended: Option<Age>,
    /// It ended by itself, and not by somebody's hand.
    #[serde(default)]
    pub(super) ran_out: bool,
}

/// A length of time in words: `6d 3h`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Age(pub(super) SignedDuration);

impl<'de> Deserialize<'de> for Age {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let span: Span = text.parse().map_err(serde::de::Error::custom)?;
        span.to_duration(SpanRelativeTo::days_are_24_hours())
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// The crowd: what generated guests and arrivals are made of.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct People {
    pub(super) job_titles: Vec<String>,
    pub(super) companies: Vec<Company>,
    pub(super) cultures: Vec<Culture>,
    /// By the key of a policy: what people say who ask under it.
    pub(super) sayings: BTreeMap<String, Sayings>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Company {
    /// Nothing for a mail provider.
    pub(super) name: Option<String>,
    pub(super) domain: String,
    pub(super) weight: u32,
    /// Who signs its people in.
    #[serde(default)]
    pub(super) issuer: Issuer,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) enum Issuer {
    #[default]
    #[serde(rename = "ExternalAzureAD")]
    Entra,
    MicrosoftAccount,
    #[serde(rename = "google.com")]
    Google,
    #[serde(rename = "mail")]
    Mail,
}

impl Issuer {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Entra => "ExternalAzureAD",
            Self::MicrosoftAccount => "MicrosoftAccount",
            Self::Google => "google.com",
            Self::Mail => "mail",
        }
    }
}

/// Names of one part of the world; `|` separates a name from how it is written in an address.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Culture {
    pub(super) weight: u32,
    #[serde(default)]
    pub(super) family_first: bool,
    /// Between the two names: a space, or nothing.
    #[serde(default = "space")]
    pub(super) between: String,
    pub(super) given: Vec<String>,
    pub(super) family: Vec<String>,
}

fn space() -> String {
    " ".to_owned()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Sayings {
    /// Companies (by domain) whose people ask under this policy; none for any of them.
    #[serde(default)]
    pub(super) domains: Vec<String>,
    pub(super) justifications: Vec<String>,
    /// For each question of the policy, what people answer.
    #[serde(default)]
    pub(super) answers: Vec<Vec<String>>,
}
