//! Invitations: `invitations` (invitation-post). They can be made and not listed.

use serde::Deserialize;
use serde_json::json;

use super::call::{Call, Response};
use super::{address, json};
use crate::domain::id::UserId;
use crate::domain::invitation::{Invitation, Invited, Secret};
use crate::domain::problem::Problem;
use crate::domain::text::Text;

/// Where a guest lands where the inviter names no place.
const MY_APPS: &str = "https://myapplications.microsoft.com";

/// Invites somebody.
pub fn invite(invitation: &Invitation) -> Call {
    let mut body = json!({
        "invitedUserEmailAddress": invitation.mail.trim(),
        "inviteRedirectUrl": match invitation.redirect.trim() {
            "" => MY_APPS,
            redirect => redirect,
        },
        "sendInvitationMessage": invitation.send_mail,
    });
    if !invitation.name.trim().is_empty() {
        body["invitedUserDisplayName"] = invitation.name.trim().into();
    }
    // The language is ignored where there is a text (invitedusermessageinfo), so only one of them is sent.
    let message = invitation.message.trim();
    if invitation.send_mail && !message.is_empty() {
        body["invitedUserMessageInfo"] = json!({ "customizedMessageBody": message });
    } else if invitation.send_mail && !invitation.language.is_empty() {
        body["invitedUserMessageInfo"] = json!({ "messageLanguage": invitation.language });
    }
    Call::post("/invitations", body)
}

/// Whether an answer says that nobody is invited, though there is an account now (invitation resource, `status`).
pub fn failed(answer: &Response) -> bool {
    #[derive(Deserialize)]
    struct InvitationStatusWire {
        status: Text,
    }
    let wire: Result<InvitationStatusWire, _> = answer.decode();
    wire.is_ok_and(|wire| wire.status.eq_ignore_ascii_case("Error"))
}

/// What Graph made of it.
pub fn read(answer: &Response) -> Result<Invited, Problem> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct InvitationWire {
        invited_user: InvitedUserWire,
        #[serde(default)]
        invited_user_email_address: Text,
        #[serde(default, deserialize_with = "json::maybe")]
        invite_redeem_url: Option<String>,
        #[serde(default, deserialize_with = "json::flag")]
        send_invitation_message: bool,
    }
    #[derive(Deserialize)]
    struct InvitedUserWire {
        id: UserId,
    }
    let wire: InvitationWire = answer.decode()?;
    let link = wire.invite_redeem_url;
    let link = link.filter(|link| address::of_cloud(link, &answer.host));
    Ok(Invited {
        user: wire.invited_user.id,
        mail: wire.invited_user_email_address,
        redeem: Secret::new(&link.unwrap_or_default()),
        mailed: wire.send_invitation_message,
    })
}
