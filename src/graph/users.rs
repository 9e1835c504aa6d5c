//! Guests: `users` and what hangs on them (user-list, user-get, user-update, user-delete,
//! directory-deleteditems-restore).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::call::{Call, Response, quoted};
use super::json::{self, FromWire};
use crate::domain::account_class::{AccountClass, AccountMarks};
use crate::domain::guest::{Guest, Redemption};
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

/// Groups, apps and sponsors of an account, in this order. What comes are directory objects of several kinds,
/// and a selection may name only what all kinds have (user-list-memberof): so none is made.
pub fn detail(id: &UserId) -> [Call; 3] {
    [
        Call::get(format!("/users/{id}/memberOf")),
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

/// A group, app or sponsor: its name is all that is shown. Those the caller may not read have only an id.
struct Membership(Text);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MembershipWire {
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
        let first = [wire.resource_display_name, wire.display_name, wire.id];
        first.into_iter().find(|name| !name.is_empty()).map(Self)
    }
}

/// The names in one of the answers to [`detail`].
pub fn names(answer: &Response) -> Result<Vec<Text>, Problem> {
    let mut names: Vec<Text> = json::collection::<Membership>(answer)?
        .rows
        .into_iter()
        .map(|named| named.0)
        .collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// The account in an answer to [`account`].
pub fn read_account(answer: &Response) -> Result<Account, Problem> {
    json::one(answer)?.ok_or_else(|| json::odd(answer))
}

/// The accounts in an answer to [`by_address`]; the one whose mail it is comes first.
pub fn read_accounts(answer: &Response, mail: &str) -> Result<Vec<Account>, Problem> {
    let mut found = json::collection::<Account>(answer)?.rows;
    found.sort_by_key(|account| !account.guest.mail.eq_ignore_ascii_case(mail.trim()));
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
}
