//! `POST /invitations`: a guest by mail, or by a link that goes through any other channel.
//!
//! `api-reference/v1.0/api/invitation-post.md`, `resources/invitation.md`, `resources/invitedusermessageinfo.md`;
//! resetting: entra-docs `external-id/reset-redemption-status.md`.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall};
use super::fault::Fault;
use super::ids;
use super::users::{DirectoryUser, GUEST_TYPE, MEMBER_TYPE, Redemption};
use super::world::TenantWorld;

/// What the emulator remembers of an invitation; Graph itself keeps no list.
#[derive(Debug, Clone)]
pub(super) struct SentInvitation {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) user: Uuid,
    pub(super) by: Uuid,
    pub(super) mail_sent: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewInvitation {
    #[serde(rename = "@odata.type")]
    _odata_type: Option<String>,
    invited_user_email_address: Option<String>,
    invite_redirect_url: Option<String>,
    invited_user_display_name: Option<String>,
    #[serde(default)]
    send_invitation_message: bool,
    invited_user_message_info: Option<MessageInfo>,
    invited_user_type: Option<String>,
    #[serde(default)]
    invited_user_sponsors: Vec<Map<String, Value>>,
    #[serde(default)]
    reset_redemption: bool,
    invited_user: Option<Map<String, Value>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MessageInfo {
    #[serde(rename = "@odata.type")]
    _odata_type: Option<String>,
    message_language: Option<String>,
    #[serde(default)]
    cc_recipients: Vec<Value>,
    customized_message_body: Option<String>,
}

/// The characters that `resources/invitation.md` rules out, and where dots and hyphens may not be.
pub(super) fn check_address(address: &str) -> Result<(), Fault> {
    let bad = || {
        Fault::bad(format!(
            "The invited user's email address '{address}' is not valid."
        ))
    };
    let (local, domain) = address.split_once('@').ok_or_else(bad)?;
    let forbidden = |c: char| {
        "~!#$%^&*()+=[]{}\\/|;:\"<>?,@".contains(c) || c.is_whitespace() || c.is_control()
    };
    let edge = |text: &str| text.starts_with(['.', '-']) || text.ends_with(['.', '-']);
    let wrong = |text: &str| text.is_empty() || text.contains(forbidden) || edge(text);
    if wrong(local) || wrong(domain) || domain.contains("..") || !domain.contains('.') {
        return Err(bad());
    }
    Ok(())
}

pub(super) fn route(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    rest: &[&str],
) -> Result<ApiAnswer, Fault> {
    match (call.method, rest) {
        ("POST", []) => invite(call, world),
        // There is no list; the service answers with a web server's page.
        ("GET", []) => Err(Fault::new(
            404,
            "UnknownError",
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"><html><head><title>404 - File or directory not found.</title></head><body><h1>Server Error</h1></body></html>",
        )),
        (_, []) => Err(Fault::method()),
        (_, [segment, ..]) => Err(Fault::no_segment(segment)),
    }
}

/// Whom an invitation leads to.
struct Invitee {
    user: Uuid,
    accepted: bool,
    /// Whoever is there already gets no mail (`customize-invitation-api.md`).
    gets_mail: bool,
}

fn invite(call: &ApiCall<'_>, world: &mut TenantWorld) -> Result<ApiAnswer, Fault> {
    call.no_options()?;
    let body: NewInvitation = call.read()?;
    let email = check(call, world, &body)?;
    let invitee = invitee(call, world, &body, &email)?;
    let id = world.issue("invitation");
    world.invitations.push(SentInvitation {
        id,
        email: email.clone(),
        user: invitee.user,
        by: call.caller,
        mail_sent: body.send_invitation_message && invitee.gets_mail,
    });
    let ticket = ids::derived("ticket", id).simple().to_string();
    let redeem = format!(
        "https://login.microsoftonline.com/redeem?rd=https%3a%2f%2finvitations.microsoft.com%2fredeem%2f%3ftenant%3d{}%26user%3d{id}%26ticket%3d{ticket}%26ver%3d2.0",
        world.tenant.id
    );
    let info = body.invited_user_message_info.unwrap_or_default();
    let mut cc = info.cc_recipients;
    if cc.is_empty() {
        // Documented examples print an empty recipient, not an empty list.
        cc.push(json!({"emailAddress": {"name": null, "address": null}}));
    }
    Ok(ApiAnswer::created(json!({
        "@odata.context": format!("{}/v1.0/$metadata#invitations/$entity", call.base),
        "id": id,
        "inviteRedeemUrl": redeem,
        "invitedUserDisplayName": body.invited_user_display_name,
        "invitedUserType": body.invited_user_type.as_deref().unwrap_or("Guest"),
        "invitedUserEmailAddress": email,
        "sendInvitationMessage": body.send_invitation_message,
        "resetRedemption": body.reset_redemption,
        "inviteRedirectUrl": body.invite_redirect_url,
        "status": if invitee.accepted { "Completed" } else { "PendingAcceptance" },
        "invitedUserMessageInfo": {
            "messageLanguage": info.message_language,
            "ccRecipients": cc,
            "customizedMessageBody": info.customized_message_body,
        },
        "invitedUser": {"id": invitee.user},
    })))
}

/// The rules of the body; gives the address.
fn check(call: &ApiCall<'_>, world: &TenantWorld, body: &NewInvitation) -> Result<String, Fault> {
    let required = |what: &str| Fault::bad(format!("The property '{what}' is required."));
    let email = body
        .invited_user_email_address
        .clone()
        .ok_or_else(|| required("invitedUserEmailAddress"))?;
    check_address(&email)?;
    let redirect = body
        .invite_redirect_url
        .as_deref()
        .ok_or_else(|| required("inviteRedirectUrl"))?;
    if !redirect.starts_with("https://") && !redirect.starts_with("http://") {
        return Err(Fault::bad(
            "The property 'inviteRedirectUrl' is not a valid URL.",
        ));
    }
    let info = body.invited_user_message_info.as_ref();
    if info.is_some_and(|info| info.cc_recipients.len() > 1) {
        return Err(Fault::bad(
            "Only one recipient is supported in 'ccRecipients'.",
        ));
    }
    match body.invited_user_type.as_deref() {
        None | Some("Guest") => {}
        Some("Member") => super::route::needs_governance(call, world)?,
        Some(other) => {
            return Err(Fault::bad(format!(
                "The invitedUserType '{other}' is not valid."
            )));
        }
    }
    Ok(email)
}

/// Finds whom the invitation is for, or makes them.
fn invitee(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    body: &NewInvitation,
    email: &str,
) -> Result<Invitee, Fault> {
    let mut sponsors = sponsors(&body.invited_user_sponsors, world)?;
    if body.reset_redemption {
        return Ok(Invitee {
            user: reset(call, world, body, email)?,
            accepted: false,
            gets_mail: true,
        });
    }
    if let Some(user) = world.user_by_address(email) {
        return Ok(Invitee {
            user: user.id,
            accepted: user.redemption.is_none_or(|redemption| redemption.accepted),
            gets_mail: false,
        });
    }
    let own = email
        .rsplit_once('@')
        .map(|(_, domain)| domain.to_lowercase());
    if world
        .domains
        .iter()
        .any(|domain| Some(domain.name.to_lowercase()) == own)
    {
        return Err(Fault::bad(
            "The invited user's domain is a verified domain of this directory.",
        ));
    }
    if sponsors.is_empty() {
        sponsors.push(call.caller);
    }
    Ok(Invitee {
        user: add(world, body, email, sponsors),
        accepted: false,
        gets_mail: true,
    })
}

fn sponsors(given: &[Map<String, Value>], world: &TenantWorld) -> Result<Vec<Uuid>, Fault> {
    if given.len() > 5 {
        return Err(Fault::bad("A guest can have at most 5 sponsors."));
    }
    given
        .iter()
        .map(|sponsor| {
            sponsor
                .get("id")
                .and_then(Value::as_str)
                .and_then(|id| Uuid::parse_str(id).ok())
                .filter(|id| world.user(*id).is_some() || world.groups.get(*id).is_some())
                .ok_or_else(|| Fault::bad("A sponsor does not exist in the directory."))
        })
        .collect()
}

fn add(world: &mut TenantWorld, body: &NewInvitation, email: &str, sponsors: Vec<Uuid>) -> Uuid {
    let local = email.split('@').next().unwrap_or_default();
    let user = DirectoryUser {
        id: world.issue("user"),
        display_name: body
            .invited_user_display_name
            .clone()
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| local.to_owned()),
        mail: Some(email.to_owned()),
        upn: world.guest_name(email),
        other_mails: vec![email.to_owned()],
        user_type: Some(match body.invited_user_type.as_deref() {
            Some(MEMBER_TYPE) => MEMBER_TYPE,
            _ => GUEST_TYPE,
        }),
        enabled: true,
        created: world.now,
        creation: Some("Invitation"),
        redemption: Some(Redemption {
            accepted: false,
            since: world.now,
        }),
        sponsors,
        ..DirectoryUser::default()
    };
    let id = user.id;
    world.users.push(user);
    id
}

/// Puts a guest back to before the redemption; id, groups and app roles stay.
fn reset(
    call: &ApiCall<'_>,
    world: &mut TenantWorld,
    body: &NewInvitation,
    email: &str,
) -> Result<Uuid, Fault> {
    super::route::needs_governance(call, world)?;
    let id = body
        .invited_user
        .as_ref()
        .and_then(|user| user.get("id"))
        .and_then(Value::as_str)
        .and_then(|id| Uuid::parse_str(id).ok())
        .ok_or_else(|| {
            Fault::bad("The property 'invitedUser/id' is required to reset a redemption.")
        })?;
    let now = world.now;
    let user = world
        .user(id)
        .ok_or_else(|| Fault::missing(&id.to_string()))?;
    if !user.has_address(email) {
        return Err(Fault::bad(
            "The email address must be one of the user's mail or otherMails.",
        ));
    }
    if let Some(user) = world.users.get_mut(id) {
        user.redemption = Some(Redemption {
            accepted: false,
            since: now,
        });
        user.issuer = None;
    }
    Ok(id)
}
