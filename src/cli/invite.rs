//! `guestlist invite …`

use super::args::Invite;
use super::confirm::{Question, confirm};
use super::connect::Link;
use super::failure::Failure;
use super::out::say;
use super::send::send;
use crate::domain::act::{Act, Deed};
use crate::domain::guest::{Guest, Redemption};
use crate::domain::invitation::{Invitation, LONG_MESSAGE};
use crate::domain::mail;
use crate::domain::text::Text;
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// Invites one person.
pub(super) fn run(invite: Invite, settings: &Settings) -> Result<(), Failure> {
    let address = invite.mail.trim().to_string();
    mail::check(&address).map_err(|why| {
        Failure::Usage(format!("{} cannot be invited: {why}.", Text::new(&address)))
    })?;
    let redirect = invite.redirect.map(|url| link_target(&url)).transpose()?;
    if invite.message.chars().count() > LONG_MESSAGE {
        say("The message is long: Graph was seen to drop messages of more than 3,000 characters.");
    }
    let mut link = Link::writing(settings)?;
    let mut tenant = String::new();
    link.ask(Ask::Session, |answer| {
        if let Answer::Session(session) = answer {
            tenant = session.tenant.to_string();
        }
        Ok(())
    })?;
    let mut guest = None;
    link.ask(Ask::LookUp(address.clone()), |answer| {
        if let Answer::Found(_, found) = answer {
            guest = found;
        }
        Ok(())
    })?;
    if let Some(guest) = guest {
        return Err(Failure::NotDone(already(&guest)));
    }
    let question = Question {
        verb: "Invite",
        noun: "person",
        names: std::slice::from_ref(&address),
        deletes: false,
    };
    confirm(&question, invite.write.yes)?;
    let name = invite.name.trim();
    let act = Act {
        name: Text::new(if name.is_empty() { &address } else { name }),
        reason: String::new(),
        deed: Deed::Invite(Box::new(Invitation {
            name: name.to_string(),
            message: invite.message.trim().to_string(),
            language: invite.language,
            send_mail: !invite.no_mail,
            redirect: redirect.unwrap_or_else(|| {
                format!("https://myapplications.microsoft.com/?tenantid={tenant}")
            }),
            mail: address,
        })),
    };
    send(&mut link, &[act], invite.write)
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

fn already(guest: &Guest) -> String {
    let state = if !guest.enabled {
        "is a guest already, but blocked"
    } else if guest.redemption == Some(Redemption::Pending) {
        "was invited already and has not come yet"
    } else {
        "has an account already"
    };
    format!(
        "{} {state}, so nothing was sent (id {}).",
        guest.name.or(&guest.address()),
        guest.id
    )
}
