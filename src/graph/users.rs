//! Guests: `users` and what hangs on them (user-list, user-get, user-update, user-delete,
//! directory-deleteditems-restore).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::call::{Call, Response, quoted};
use super::json::{self, FromWire};
use crate::domain::account_class::{AccountClass, AccountMarks};
use crate::domain::guest::{Guest, Memberships, Redemption};
use crate::domain::id::UserId;
use crate::domain::mail;
use crate::domain::problem::Problem;
use crate::domain::text::Text;

/// What is asked of each guest. Not `signInActivity`: with it a page has 500 rows instead of 999 (user-list),
/// which doubles the calls before the list is whole. It is read afterwards, see [`sign_ins`].
const SELECT: &str = "id,displayName,mail,userPrincipalName,userType,accountEnabled,createdDateTime,\
    creationType,externalUserState,externalUserStateChangeDateTime,companyName,otherMails";

/// All guests. `userType eq` needs no advanced query (aad-advanced-queries).
pub fn guests() -> Call {
    Call::get("/users")
        .query("$filter", "userType eq 'Guest'")
        .query("$select", SELECT)
        .query("$top", "999")
}

/// Accounts of people from outside that are no guests', and others: what they are follows from the rest that is said of
/// them. Graph finds no `#EXT#` in the midst of a name, so those go by how they were made; the oldest accounts have no
/// type (user).
pub fn others() -> Call {
    let filter = "externalUserState eq 'Accepted' or externalUserState eq 'PendingAcceptance' \
        or creationType eq 'Invitation' or creationType eq 'SelfServiceSignUp' or userType eq null";
    Call::get("/users")
        .query("$filter", filter)
        .query("$select", SELECT)
        .query("$top", "999")
}

/// When each guest last signed in. Needs Entra ID P1 and AuditLog.Read.All (signinactivity).
pub fn sign_ins() -> Call {
    Call::get("/users")
        .query("$filter", "userType eq 'Guest'")
        .query("$select", "id,signInActivity")
        .query("$top", "500")
}

/// One account by its id.
pub fn account(id: &UserId) -> Call {
    Call::get(format!("/users/{id}")).query("$select", SELECT)
}

/// One account with the time from which its sessions count, which is read only where it is asked for (user).
pub fn sessions(id: &UserId) -> Call {
    let select = format!("{SELECT},signInSessionsValidFromDateTime");
    Call::get(format!("/users/{id}")).query("$select", &select)
}

/// The accounts that have an address, in any of the places where it can stand (customize-invitation-api); in the
/// principal name of somebody from outside an underscore stands for the `@` (user-properties).
pub fn by_address(mail: &str) -> Call {
    let places = mail::spellings(mail.trim()).into_iter().map(|mail| {
        let (plain, proxy) = (quoted(&mail), quoted(&format!("SMTP:{mail}")));
        let outside = quoted(&format!("{}#EXT#@", mail.replace('@', "_")));
        format!(
            "userPrincipalName eq {plain} or mail eq {plain} \
             or proxyAddresses/any(x:x eq {proxy}) or otherMails/any(x:x eq {plain}) \
             or startsWith(userPrincipalName,{outside})"
        )
    });
    Call::get("/users")
        .query("$filter", &places.collect::<Vec<_>>().join(" or "))
        .query("$select", SELECT)
}

/// Lets an account sign in, or not (user-update).
pub fn enable(id: &UserId, enabled: bool) -> Call {
    Call::patch(format!("/users/{id}"), json!({ "accountEnabled": enabled }))
}

/// Ends an account's sessions here. Somebody from outside signs in at home and keeps those, so this alone is no
/// block (user-revokesigninsessions).
pub fn end_sessions(id: &UserId) -> Call {
    Call::act(format!("/users/{id}/revokeSignInSessions"))
}

/// Whether an answer to [`end_sessions`] says that nothing was ended.
pub fn sessions_stay(answer: &Response) -> bool {
    #[derive(Deserialize)]
    struct RevokedWire {
        value: bool,
    }
    answer.decode::<RevokedWire>().is_ok_and(|said| !said.value)
}

/// Deletes an account; it can be restored for 30 days (user-delete).
pub fn delete(id: &UserId) -> Call {
    Call::delete(format!("/users/{id}"))
}

/// Brings a deleted account back (directory-deleteditems-restore).
pub fn restore(id: &UserId) -> Call {
    Call::act(format!("/directory/deletedItems/{id}/restore"))
}

/// What an account is a member of: roles, groups and administrative units.
pub fn member_of(id: &UserId) -> Call {
    Call::get(format!("/users/{id}/memberOf"))
}

/// Memberships, apps and sponsors of an account, in this order. What comes are directory objects of several kinds,
/// and a selection may name only what all kinds have (user-list-memberof): so none is made.
pub fn detail(id: &UserId) -> [Call; 3] {
    [
        member_of(id),
        Call::get(format!("/users/{id}/appRoleAssignments")),
        Call::get(format!("/users/{id}/sponsors")),
    ]
}

/// A guest's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuestWire {
    id: UserId,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    mail: Text,
    #[serde(default)]
    user_principal_name: Text,
    #[serde(default)]
    user_type: Text,
    account_enabled: Option<bool>,
    #[serde(default, deserialize_with = "json::when")]
    created_date_time: Option<Timestamp>,
    #[serde(default)]
    creation_type: Text,
    external_user_state: Option<Redemption>,
    #[serde(default, deserialize_with = "json::when")]
    external_user_state_change_date_time: Option<Timestamp>,
    #[serde(default)]
    company_name: Text,
    #[serde(default, deserialize_with = "json::list")]
    other_mails: Vec<Text>,
    sign_in_activity: Option<Activity>,
    #[serde(default, deserialize_with = "json::when")]
    sign_in_sessions_valid_from_date_time: Option<Timestamp>,
}

impl FromWire for Guest {
    type Wire = GuestWire;

    fn read(wire: GuestWire) -> Option<Self> {
        let state = wire.external_user_state.as_ref();
        let class = AccountClass::of(&AccountMarks {
            user_type: &wire.user_type,
            principal: &wire.user_principal_name,
            external_state: state.map_or("", Redemption::as_str),
            creation: &wire.creation_type,
        });
        Some(Self {
            id: wire.id,
            class,
            name: wire.display_name,
            other_mail: wire.other_mails.into_iter().next().unwrap_or_default(),
            mail: wire.mail,
            upn: wire.user_principal_name,
            company: wire.company_name,
            // Null where the caller may not see it; calling somebody blocked on no ground would mislead.
            enabled: wire.account_enabled.unwrap_or(true),
            created: wire.created_date_time,
            creation: wire.creation_type,
            redemption: wire
                .external_user_state
                .filter(|word| !word.as_str().is_empty()),
            redemption_changed: wire.external_user_state_change_date_time,
            last_sign_in: wire.sign_in_activity.and_then(|activity| activity.last()),
        })
    }
}

/// Any account, with what is read of it before and after an act.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose it is, a guest's or not.
    pub guest: Guest,
    /// From when on its sessions count; `None` where that was not asked for.
    pub sessions_from: Option<Timestamp>,
}

impl FromWire for Account {
    type Wire = GuestWire;

    fn read(wire: GuestWire) -> Option<Self> {
        let sessions_from = wire.sign_in_sessions_valid_from_date_time;
        Guest::read(wire).map(|guest| Self {
            guest,
            sessions_from,
        })
    }
}

#[derive(Deserialize)]
struct Activity {
    #[serde(
        default,
        rename = "lastSignInDateTime",
        deserialize_with = "json::when"
    )]
    interactive: Option<Timestamp>,
    #[serde(
        default,
        rename = "lastNonInteractiveSignInDateTime",
        deserialize_with = "json::when"
    )]
    without_interaction: Option<Timestamp>,
    #[serde(
        default,
        rename = "lastSuccessfulSignInDateTime",
        deserialize_with = "json::when"
    )]
    successful: Option<Timestamp>,
}

impl Activity {
    /// The newest of any kind: those without interaction are of somebody who works here too, and ones that worked are
    /// recorded since December 2023 only (signinactivity).
    fn last(&self) -> Option<Timestamp> {
        let kinds = [self.interactive, self.without_interaction, self.successful];
        kinds.into_iter().flatten().max()
    }
}

/// When a guest last signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSignIn {
    /// The guest.
    pub user: UserId,
    /// When, of any kind; `None` where none is on record.
    pub at: Option<Timestamp>,
}

/// A sign-in's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInWire {
    id: UserId,
    #[serde(default, deserialize_with = "json::maybe")]
    sign_in_activity: Option<Activity>,
}

impl FromWire for LastSignIn {
    type Wire = SignInWire;

    fn read(wire: SignInWire) -> Option<Self> {
        Some(Self {
            user: wire.id,
            at: wire.sign_in_activity.and_then(|activity| activity.last()),
        })
    }
}

/// An app or sponsor: its name is all that is shown. Those the caller may not read have only an id.
struct OnlyNamed(Text);

/// What an account is a member of: a role, a group, an administrative unit (user-list-memberof).
pub struct Membership {
    kind: Text,
    name: Text,
}

/// Its JSON, and an app's or a sponsor's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MembershipWire {
    #[serde(default, rename = "@odata.type")]
    kind: Text,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    resource_display_name: Text,
    #[serde(default)]
    id: Text,
}

impl FromWire for Membership {
    type Wire = MembershipWire;

    fn read(wire: MembershipWire) -> Option<Self> {
        let name = json::first([wire.resource_display_name, wire.display_name, wire.id]);
        let kind = wire.kind;
        (!name.is_empty()).then_some(Self { kind, name })
    }
}

impl FromWire for OnlyNamed {
    type Wire = MembershipWire;

    fn read(wire: MembershipWire) -> Option<Self> {
        Membership::read(wire).map(|one| Self(one.name))
    }
}

/// Sorts rows of the first answer to [`detail`] into what they are. Two groups with one name are two.
pub fn sort_memberships(rows: Vec<Membership>) -> Memberships {
    let mut sorted = Memberships::default();
    for Membership { kind, name } in rows {
        let kind = json::type_name(&kind);
        if kind.eq_ignore_ascii_case("directoryRole") {
            sorted.roles.push(name);
        } else if kind.eq_ignore_ascii_case("administrativeUnit") {
            sorted.units.push(name);
        } else {
            sorted.groups.push(name);
        }
    }
    for names in [&mut sorted.roles, &mut sorted.groups, &mut sorted.units] {
        names.sort();
    }
    sorted
}

/// The names in one of the other answers to [`detail`].
pub fn names(answer: &Response) -> Result<Vec<Text>, Problem> {
    let rows = json::collection::<OnlyNamed>(answer)?.rows;
    let mut names: Vec<Text> = rows.into_iter().map(|named| named.0).collect();
    names.sort();
    Ok(names)
}

/// The account in an answer to [`account`].
pub fn read_account(answer: &Response) -> Result<Account, Problem> {
    json::one(answer)?.ok_or_else(|| json::odd(answer))
}

/// The accounts in an answer to [`by_address`]; the one whose mail it is comes first.
pub fn read_accounts(answer: &Response, mail: &str) -> Result<Vec<Account>, Problem> {
    let mut found = json::collection::<Account>(answer)?.rows;
    found.sort_by_key(|account| !mail::same(&account.guest.mail, mail.trim()));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_sign_in_of_any_kind_counts() {
        let last = |activity: serde_json::Value| {
            let wire = json!({ "id": "g1", "signInActivity": activity });
            let wire = serde_json::from_value(wire).unwrap();
            LastSignIn::read(wire).unwrap().at.map(|at| at.to_string())
        };
        let kinds = [
            "lastSignInDateTime",
            "lastNonInteractiveSignInDateTime",
            "lastSuccessfulSignInDateTime",
        ];
        for newest in kinds {
            let mut activity = json!({});
            for kind in kinds {
                activity[kind] = "2025-05-01T00:00:00Z".into();
            }
            activity[newest] = "2026-11-20T00:00:00Z".into();
            assert_eq!(
                last(activity).as_deref(),
                Some("2026-11-20T00:00:00Z"),
                "{newest}"
            );
        }
        assert_eq!(last(json!(null)), None);
        assert_eq!(
            last(json!({ "lastSignInDateTime": "0001-01-01T00:00:00Z" })),
            None
        );
    }

    #[test]
    fn a_role_is_no_group_and_two_groups_with_one_name_are_two() {
        let rows = [
            (
                "#microsoft.graph.directoryRole",
                json!("Global Administrator"),
            ),
            ("microsoft.graph.directoryRole", json!(null)),
            ("#microsoft.graph.administrativeUnit", json!("North")),
            ("#microsoft.graph.group", json!("Project")),
            ("#microsoft.graph.group", json!("Project")),
        ];
        let rows = rows.into_iter().enumerate().map(|(id, (kind, name))| {
            let id = format!("id{id}");
            let wire = json!({ "@odata.type": kind, "id": id, "displayName": name });
            Membership::read(serde_json::from_value(wire).unwrap()).unwrap()
        });
        let found = sort_memberships(rows.collect());
        // Of what one may not read there is an id.
        let roles = ["Global Administrator", "id1"].map(Text::new);
        assert_eq!(found.roles, roles);
        assert_eq!(found.groups, ["Project", "Project"].map(Text::new));
        assert_eq!(found.units, ["North"].map(Text::new));
        let roles = crate::domain::guest::role_warning(Some(&found.roles));
        assert_eq!(
            roles.as_deref(),
            Some("holds the directory roles Global Administrator, id1")
        );
    }
}
