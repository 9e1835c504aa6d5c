//! Users, as they are kept and as Graph shows them: members and guests of the directory.
//!
//! Which property comes by default, which operator each takes: `api-reference/v1.0/resources/user.md`,
//! `api-reference/v1.0/api/user-list.md`.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::groups::GROUP;
use super::odata::{Entity, EntityKind, FilterValue, Follow, Op, same};
use super::world::{EntityRow, TenantWorld, stamp, stamp_or_null};

#[derive(Debug, Clone, Default)]
pub(super) struct DirectoryUser {
    pub(super) id: Uuid,
    pub(super) display_name: String,
    pub(super) given_name: Option<String>,
    pub(super) surname: Option<String>,
    pub(super) mail: Option<String>,
    pub(super) upn: String,
    pub(super) other_mails: Vec<String>,
    pub(super) job_title: Option<String>,
    pub(super) department: Option<String>,
    pub(super) company: Option<String>,
    pub(super) language: Option<String>,
    pub(super) usage_location: Option<String>,
    /// `userType`: the oldest accounts have none.
    pub(super) user_type: Option<&'static str>,
    pub(super) enabled: bool,
    pub(super) created: Timestamp,
    /// `Invitation`, `SelfServiceSignUp` or nothing.
    pub(super) creation: Option<&'static str>,
    /// Entitlement management made the account, and looks after it.
    pub(super) governed: bool,
    pub(super) redemption: Option<Redemption>,
    /// Who signs a redeemed guest in: `ExternalAzureAD`, `MicrosoftAccount`, `mail` …
    pub(super) issuer: Option<&'static str>,
    pub(super) last_sign_in: Option<Timestamp>,
    pub(super) sessions_from: Option<Timestamp>,
    pub(super) sponsors: Vec<Uuid>,
    pub(super) groups: Vec<Uuid>,
    pub(super) grants: Vec<AppRoleAssignment>,
    pub(super) deleted: Option<Timestamp>,
    /// Removed for good: nothing finds it any more.
    pub(super) purged: bool,
}

/// `externalUserState` and when it last changed; members have none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Redemption {
    pub(super) accepted: bool,
    pub(super) since: Timestamp,
}

/// An app role that a user holds.
#[derive(Debug, Clone)]
pub(super) struct AppRoleAssignment {
    pub(super) id: String,
    pub(super) principal: Uuid,
    pub(super) principal_name: String,
    pub(super) application: Uuid,
    pub(super) application_name: String,
    pub(super) role: Uuid,
    pub(super) created: Timestamp,
}

pub(super) const GUEST_TYPE: &str = "Guest";
pub(super) const MEMBER_TYPE: &str = "Member";

const EQ: &[Op] = &[Op::Eq, Op::Ne, Op::In];
const TEXT: &[Op] = &[Op::Eq, Op::Ne, Op::Ge, Op::Le, Op::In, Op::StartsWith];
const ADDRESS: &[Op] = &[
    Op::Eq,
    Op::Ne,
    Op::Ge,
    Op::Le,
    Op::In,
    Op::StartsWith,
    Op::EndsWith,
];
const TIME: &[Op] = &[Op::Eq, Op::Ne, Op::Ge, Op::Le];

pub(super) static USER: EntityKind = EntityKind {
    name: "user",
    properties: &[
        "id",
        "deletedDateTime",
        "accountEnabled",
        "businessPhones",
        "companyName",
        "createdDateTime",
        "creationType",
        "department",
        "displayName",
        "externalUserState",
        "externalUserStateChangeDateTime",
        "givenName",
        "identities",
        "jobTitle",
        "mail",
        "mailNickname",
        "mobilePhone",
        "officeLocation",
        "onPremisesSyncEnabled",
        "otherMails",
        "preferredLanguage",
        "proxyAddresses",
        "signInActivity",
        "signInSessionsValidFromDateTime",
        "surname",
        "usageLocation",
        "userPrincipalName",
        "userType",
    ],
    default: &[
        "businessPhones",
        "displayName",
        "givenName",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
        "id",
        "deletedDateTime",
    ],
    unselectable: &[
        "aboutMe",
        "birthday",
        "hireDate",
        "interests",
        "mailboxSettings",
        "mySite",
        "pastProjects",
        "preferredName",
        "responsibilities",
        "schools",
        "skills",
    ],
    filters: &[
        ("id", &[Op::Eq, Op::In]),
        ("accountEnabled", EQ),
        ("companyName", TEXT),
        ("createdDateTime", TIME),
        ("creationType", EQ),
        ("department", TEXT),
        ("displayName", TEXT),
        ("externalUserState", EQ),
        ("givenName", TEXT),
        ("identities/any/issuer", &[Op::Eq]),
        ("identities/any/issuerAssignedId", &[Op::Eq]),
        ("jobTitle", TEXT),
        ("mail", ADDRESS),
        ("otherMails/any", &[Op::Eq, Op::StartsWith, Op::EndsWith]),
        (
            "proxyAddresses/any",
            &[Op::Eq, Op::StartsWith, Op::EndsWith],
        ),
        ("signInActivity/lastSignInDateTime", TIME),
        ("surname", TEXT),
        ("userPrincipalName", ADDRESS),
        ("userType", EQ),
    ],
    relations: &[("sponsors", &USER), ("memberOf", &GROUP)],
    order: &[
        "displayName",
        "userPrincipalName",
        "createdDateTime",
        "deletedDateTime",
    ],
    directory: true,
};

pub(super) static GRANT: EntityKind = EntityKind {
    name: "appRoleAssignment",
    properties: &[
        "id",
        "deletedDateTime",
        "appRoleId",
        "createdDateTime",
        "principalDisplayName",
        "principalId",
        "principalType",
        "resourceDisplayName",
        "resourceId",
    ],
    default: &[],
    unselectable: &[],
    filters: &[("resourceId", &[Op::Eq])],
    relations: &[],
    order: &[],
    directory: true,
};

impl EntityRow for DirectoryUser {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl DirectoryUser {
    pub(super) fn is_guest(&self) -> bool {
        self.user_type == Some(GUEST_TYPE)
    }

    pub(super) fn has_address(&self, address: &str) -> bool {
        let same = |other: &str| same(other, address);
        self.mail.as_deref().is_some_and(same)
            || same(&self.upn)
            || self.other_mails.iter().any(|mail| same(mail))
    }

    /// The primary address is marked by capitals.
    fn proxies(&self) -> impl Iterator<Item = String> {
        self.mail.iter().map(|mail| format!("SMTP:{mail}"))
    }

    fn state(&self) -> Option<&'static str> {
        self.redemption.map(|redemption| {
            if redemption.accepted {
                "Accepted"
            } else {
                "PendingAcceptance"
            }
        })
    }

    fn identities(&self) -> Vec<[(&'static str, Option<&str>); 3]> {
        let federated = self.issuer.map(|issuer| {
            [
                ("signInType", Some("federated")),
                ("issuer", Some(issuer)),
                ("issuerAssignedId", None),
            ]
        });
        let tenant = self.upn.rsplit_once('@').map(|(_, domain)| domain);
        federated
            .into_iter()
            .chain([[
                ("signInType", Some("userPrincipalName")),
                ("issuer", tenant),
                ("issuerAssignedId", Some(self.upn.as_str())),
            ]])
            .collect()
    }
}

impl Entity for DirectoryUser {
    fn kind(&self) -> &'static EntityKind {
        &USER
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "deletedDateTime" => stamp(self.deleted?),
            "accountEnabled" => json!(self.enabled),
            "businessPhones" => json!([]),
            "companyName" => json!(self.company),
            "createdDateTime" => stamp(self.created),
            "creationType" => json!(self.creation),
            "department" => json!(self.department),
            "displayName" => json!(self.display_name),
            "externalUserState" => json!(self.state()),
            "externalUserStateChangeDateTime" => {
                stamp_or_null(self.redemption.map(|redemption| redemption.since))
            }
            "givenName" => json!(self.given_name),
            "identities" => self
                .identities()
                .into_iter()
                .map(|identity| {
                    let members = identity
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), json!(value)));
                    Value::Object(members.collect())
                })
                .collect(),
            "jobTitle" => json!(self.job_title),
            "mail" => json!(self.mail),
            "mailNickname" => json!(self.upn.split('@').next()),
            "otherMails" => json!(self.other_mails),
            "preferredLanguage" => json!(self.language),
            "proxyAddresses" => self.proxies().map(Value::String).collect(),
            // Absent for those who never signed in (resources/signinactivity.md).
            "signInActivity" => {
                let last = stamp(self.last_sign_in?);
                json!({
                    "lastSignInDateTime": last,
                    "lastSignInRequestId": super::ids::derived("sign-in", self.id),
                    "lastNonInteractiveSignInDateTime": null,
                    "lastNonInteractiveSignInRequestId": null,
                    "lastSuccessfulSignInDateTime": last,
                    "lastSuccessfulSignInRequestId": super::ids::derived("sign-in", self.id),
                })
            }
            "signInSessionsValidFromDateTime" => stamp(self.sessions_from.unwrap_or(self.created)),
            "surname" => json!(self.surname),
            "usageLocation" => json!(self.usage_location),
            "userPrincipalName" => json!(self.upn),
            "userType" => json!(self.user_type),
            _ => Value::Null,
        })
    }

    fn field(&self, path: &str) -> FilterValue<'_> {
        match path {
            "id" => FilterValue::text(self.id.to_string()),
            "accountEnabled" => FilterValue::Bool(self.enabled),
            "companyName" => FilterValue::maybe(self.company.as_deref()),
            "createdDateTime" => FilterValue::Time(self.created),
            "creationType" => FilterValue::maybe(self.creation),
            "department" => FilterValue::maybe(self.department.as_deref()),
            "displayName" => FilterValue::text(self.display_name.as_str()),
            "externalUserState" => FilterValue::maybe(self.state()),
            "givenName" => FilterValue::maybe(self.given_name.as_deref()),
            "identities" => FilterValue::List(
                self.identities()
                    .into_iter()
                    .map(|identity| {
                        FilterValue::Members(
                            identity
                                .into_iter()
                                .map(|(name, value)| {
                                    (
                                        name,
                                        value.map_or(FilterValue::Null, |value| {
                                            FilterValue::text(value.to_owned())
                                        }),
                                    )
                                })
                                .collect(),
                        )
                    })
                    .collect(),
            ),
            "jobTitle" => FilterValue::maybe(self.job_title.as_deref()),
            "mail" => FilterValue::maybe(self.mail.as_deref()),
            "otherMails" => FilterValue::List(
                self.other_mails
                    .iter()
                    .map(|mail| FilterValue::text(mail.as_str()))
                    .collect(),
            ),
            "proxyAddresses" => FilterValue::List(self.proxies().map(FilterValue::text).collect()),
            "signInActivity/lastSignInDateTime" => FilterValue::time(self.last_sign_in),
            "surname" => FilterValue::maybe(self.surname.as_deref()),
            "userPrincipalName" => FilterValue::text(self.upn.as_str()),
            "userType" => FilterValue::maybe(self.user_type),
            _ => FilterValue::Null,
        }
    }

    fn follow<'w>(&'w self, world: &'w TenantWorld, relation: &str) -> Follow<'w> {
        // An expanded relation of a directory object carries 20 at most (concepts/query-parameters.md).
        let mut related = if relation == "sponsors" {
            sponsors(self, world)
        } else {
            member_of(self, world)
        };
        related.truncate(20);
        Follow::Many(related)
    }
}

impl Entity for AppRoleAssignment {
    fn kind(&self) -> &'static EntityKind {
        &GRANT
    }

    fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "id" => json!(self.id),
            "appRoleId" => json!(self.role),
            "createdDateTime" => stamp(self.created),
            "principalDisplayName" => json!(self.principal_name),
            "principalId" => json!(self.principal),
            "principalType" => json!("User"),
            "resourceDisplayName" => json!(self.application_name),
            "resourceId" => json!(self.application),
            _ => Value::Null,
        })
    }

    fn field(&self, _: &str) -> FilterValue<'_> {
        FilterValue::text(self.application.to_string())
    }
}

/// The groups somebody is in.
pub(super) fn member_of<'w>(user: &DirectoryUser, world: &'w TenantWorld) -> Vec<&'w dyn Entity> {
    user.groups
        .iter()
        .filter_map(|id| world.groups.get(*id))
        .map(|group| group as &dyn Entity)
        .collect()
}

/// Who answers for somebody: users, or groups.
pub(super) fn sponsors<'w>(user: &DirectoryUser, world: &'w TenantWorld) -> Vec<&'w dyn Entity> {
    user.sponsors
        .iter()
        .filter_map(|id| {
            let user = world.user(*id).map(|user| user as &dyn Entity);
            user.or_else(|| world.groups.get(*id).map(|group| group as &dyn Entity))
        })
        .collect()
}
