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
use crate::domain::mail::{self, MailAddress};
use crate::domain::text::Text;
use crate::settings::Settings;

/// Invites one person.
pub(super) fn run(invite: InviteArgs, settings: &Settings) -> Result<(), Failure> {
    // What is wrong with it by itself is said before anybody signs in.
    outside(&invite.mail, &[])?;
    let redirect = invite.redirect.map(|url| link_target(&url)).transpose()?;
    if invite.message.chars().count() > LONG_MESSAGE {
        say("The message is long: Graph was seen to drop messages of more than 3,000 characters.");
    }
    let mut link = Link::writing(settings)?;
    let session = link.session()?;
    let mut found = outside(&invite.mail, &session.domains)?;
    if !invite.name.trim().is_empty() {
        found.name = Text::new(&invite.name);
    }
    found.told(&invite.mail).iter().for_each(|words| say(words));
    let MailAddress { address, name } = found;
    if let Some(guest) = all(&mut link, &address)?.first() {
        return Err(Failure::NotDone(format!(
            "{}, so nothing was sent (id {}).",
            guest.in_already(),
            guest.id
        )));
    }
    let asked = ConfirmQuestion::of(ActKind::Invite, std::slice::from_ref(&address));
    confirm(&asked, invite.write.yes)?;
    let invitation = Invitation {
        name: name.to_string(),
        message: invite.message.trim().to_string(),
        language: invite.language,
        send_mail: !invite.no_mail,
        redirect: redirect.unwrap_or_else(|| my_apps(session.tenant.as_str())),
        mail: address.clone(),
    };
    let name = Text::new(name.or(&address));
    let plan = Plan::of(acts::Invite(Box::new(invitation)), "", name);
    send(&mut link, vec![plan], invite.write)
}

/// The address of somebody from outside in what was given; `own` are the tenant's domains. Refused before anything is
/// sent.
pub(super) fn outside(given: &str, own: &[String]) -> Result<MailAddress, Failure> {
    mail::from_outside(given, own).map_err(|why| {
        Failure::Usage(format!(
            "{} cannot be a guest: {why}. Nothing was sent.",
            Text::new(given)
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
