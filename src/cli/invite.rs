//! `guestlist invite …`

use super::args::InviteArgs;
use super::by_ids::all;
use super::confirm::{ConfirmQuestion, confirm};
use super::connect::Link;
use super::failure::Failure;
use super::out::say;
use super::send::send;
use crate::acts::{self, ActKind, Plan};
use crate::domain::invitation::{Invitation, LONG_MESSAGE, my_apps};
use crate::domain::mail;
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::settings::Settings;

/// Invites one person.
pub(super) fn run(invite: InviteArgs, settings: &Settings) -> Result<(), Failure> {
    let address = invite.mail.trim().to_string();
    mail::check(&address).map_err(|why| {
        Failure::Usage(format!("{} cannot be invited: {why}.", Text::new(&address)))
    })?;
    let redirect = invite.redirect.map(|url| link_target(&url)).transpose()?;
    if invite.message.chars().count() > LONG_MESSAGE {
        say("The message is long: Graph was seen to drop messages of more than 3,000 characters.");
    }
    let mut link = Link::writing(settings)?;
    let session = link.session()?;
    outside(&address, &session)?;
    if let Some(guest) = all(&mut link, &address)?.first() {
        return Err(Failure::NotDone(format!(
            "{}, so nothing was sent (id {}).",
            guest.in_already(),
            guest.id
        )));
    }
    let asked = ConfirmQuestion::of(ActKind::Invite, std::slice::from_ref(&address));
    confirm(&asked, invite.write.yes)?;
    let name = invite.name.trim();
    let invitation = Invitation {
        name: name.to_string(),
        message: invite.message.trim().to_string(),
        language: invite.language,
        send_mail: !invite.no_mail,
        redirect: redirect.unwrap_or_else(|| my_apps(session.tenant.as_str())),
        mail: address.clone(),
    };
    let name = Text::new(if name.is_empty() { &address } else { name });
    let plan = Plan::of(acts::Invite(Box::new(invitation)), "", name);
    send(&mut link, vec![plan], invite.write)
}

/// Refuses an address of the tenant's own, before anything is sent.
pub(super) fn outside(address: &str, session: &Session) -> Result<(), Failure> {
    mail::from_outside(address, &session.domains).map_err(|why| {
        Failure::Usage(format!(
            "{} cannot be a guest: {why}. Nothing was sent.",
            Text::new(address)
        ))
    })
}

fn link_target(url: &str) -> Result<String, Failure> {
    match reqwest::Url::parse(url.trim()) {
        Ok(parsed) if parsed.scheme() == "https" || parsed.scheme() == "http" => Ok(parsed.into()),
        _ => Err(Failure::Usage(format!(
            "\"{}\" is no web address. Give --redirect one that begins with https://.",
            Text::new(url)
        ))),
    }
}
