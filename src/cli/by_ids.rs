//! Acts on rows given by their ids: `guestlist requests cancel ID…`, `guestlist guests unblock ID|MAIL…`. Which acts
//! these are, and their words, stands in the table of acts.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::{Ids, Write};
use super::confirm::{ConfirmQuestion, confirm};
use super::connect::Link;
use super::failure::Failure;
use super::out::say;
use super::send::send;
use crate::acts::{ActKind, ActSubject, On, Plan, Target, Tone, Wants};
use crate::domain::guest::{Guest, one_of, role_warning};
use crate::domain::id::{RequestId, UserId};
use crate::domain::mail;
use crate::domain::request::Request;
use crate::domain::text::Text;
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// A row to act on: how it is asked about, and what is sent.
struct ChosenRow {
    target: Target,
    /// Whom it is about.
    name: Text,
    /// As it is shown in the question.
    words: String,
}

/// Does an act with each of them. The worker looks at each again before it sends.
pub(super) fn run(kind: ActKind, args: &Ids, settings: &Settings) -> Result<(), Failure> {
    act(kind, &args.ids, &args.reason, args.write, settings)
}

/// Does an act with each of `ids`, which are looked up first, all of them, so that a slip of the pen stops the whole
/// and not half of it.
pub(super) fn act(
    kind: ActKind,
    ids: &[String],
    reason: &str,
    write: Write,
    settings: &Settings,
) -> Result<(), Failure> {
    let about = kind.about();
    let reason = reason.trim();
    if about.reason == Wants::Always && reason.is_empty() {
        return Err(Failure::Usage(format!(
            "To {} somebody needs a reason. Give one with --reason.",
            about.verb
        )));
    }
    for raw in ids {
        known(about.on, raw)?;
    }
    let mut link = Link::writing(settings)?;
    let mut seen = HashSet::new();
    let rows: Vec<ChosenRow> = rows(kind, ids, &mut link)?
        .into_iter()
        .filter(|row| seen.insert(row.target.clone()))
        .collect();
    let plans: Vec<Plan> = rows
        .iter()
        .filter_map(|row| Some(Plan::of(kind.on(&row.target)?, reason, row.name.clone())))
        .collect();
    let shown: Vec<String> = rows.into_iter().map(|row| row.words).collect();
    confirm(&ConfirmQuestion::of(kind, &shown), write.yes)?;
    send(&mut link, plans, write)
}

/// Whether what was typed can name a row of this kind.
fn known(on: On, raw: &str) -> Result<(), Failure> {
    match on {
        On::Request => super::requests::id(raw).map(drop),
        On::Guest if raw.contains('@') => named(raw).map(drop),
        On::Guest | On::Deleted => user(raw).map(drop),
        On::Address | On::Assignment => Err(Failure::Usage(
            "That is not done by id; its own command has what it takes.".into(),
        )),
    }
}

fn user(raw: &str) -> Result<UserId, Failure> {
    UserId::new(raw).map_err(|error| {
        Failure::Usage(format!(
            "\"{}\" is no guest's id: {error}. `guestlist guests list` shows them.",
            Text::new(raw)
        ))
    })
}

fn rows(kind: ActKind, ids: &[String], link: &mut Link) -> Result<Vec<ChosenRow>, Failure> {
    match kind.about().on {
        On::Request => requests(kind, ids, link),
        On::Guest => guests(kind, ids, link),
        // What is deleted is in no list; the look before sending says how it stands.
        On::Deleted => ids.iter().map(|raw| deleted(raw)).collect(),
        On::Address | On::Assignment => Ok(Vec::new()),
    }
}

/// Guests as they are asked about. Of whom something is to be taken from it is said before whether they hold a directory
/// role, also where nobody is asked.
fn guests(kind: ActKind, ids: &[String], link: &mut Link) -> Result<Vec<ChosenRow>, Failure> {
    let found = ids.iter().map(|raw| look_up(link, raw));
    let found: Vec<Guest> = found.collect::<Result<_, _>>()?;
    let mut warnings: HashMap<UserId, String> = HashMap::new();
    if kind.about().tone == Tone::Take {
        let people = found.iter().map(|guest| guest.id.clone()).collect();
        link.ask(Ask::Roles(people), |answer| {
            if let Answer::Roles(roles) = answer {
                let warned = roles.into_iter();
                warnings.extend(warned.filter_map(|(id, roles)| {
                    let warning = role_warning(roles.as_deref())?;
                    Some((id, warning))
                }));
            }
            Ok(())
        })?;
    }
    let rows = found.iter().map(|one| {
        let warning = warnings.get(&one.id);
        if let Some(warning) = warning {
            say(&format!("⚠ {} {warning}.", one.name.or(&one.address())));
        }
        guest(one, warning.map(String::as_str))
    });
    Ok(rows.collect())
}

fn guest(guest: &Guest, warning: Option<&str>) -> ChosenRow {
    let name = Text::new(guest.name.or(&guest.address()));
    let warning = warning.map_or_else(String::new, |warning| format!("  ⚠ {warning}"));
    ChosenRow {
        words: format!("{}  {name}{warning}", guest.id),
        target: Target::Guest(guest.id.clone()),
        name,
    }
}

fn deleted(raw: &str) -> Result<ChosenRow, Failure> {
    let id = user(raw)?;
    Ok(ChosenRow {
        name: Text::new(id.as_str()),
        words: id.to_string(),
        target: Target::Guest(id),
    })
}

fn requests(kind: ActKind, ids: &[String], link: &mut Link) -> Result<Vec<ChosenRow>, Failure> {
    let ids: Vec<RequestId> = ids
        .iter()
        .map(|raw| super::requests::id(raw))
        .collect::<Result<_, _>>()?;
    let mut found: HashMap<RequestId, Request> = HashMap::new();
    link.ask(Ask::Records(ids.clone()), |answer| {
        if let Answer::Records(requests) = answer {
            found.extend(requests.into_iter().map(|one| (one.id.clone(), one)));
        }
        Ok(())
    })?;
    let now = Timestamp::now();
    Ok(ids
        .into_iter()
        .map(|id| {
            let request = found.get(&id);
            let name = request.map(|request| request.subject().name.clone());
            ChosenRow {
                words: words(kind, &id, request, now),
                name: name
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(|| Text::new(id.as_str())),
                target: Target::Request(id),
            }
        })
        .collect())
}

/// A request as it is asked about.
fn words(kind: ActKind, id: &RequestId, request: Option<&Request>, now: Timestamp) -> String {
    let Some(request) = request else {
        return format!("{id}  (there is no such request)");
    };
    let subject = ActSubject::Request {
        request,
        deciders: "",
    };
    let until = (kind.about().until)(&subject, now)
        .map(|until| until.to_zoned(TimeZone::system()))
        .map(|until| format!(", possible until {}", until.strftime("%Y-%m-%d %H:%M")))
        .unwrap_or_default();
    format!(
        "{id}  {}  {}  {}{until}",
        request.subject().name,
        request.package_name,
        request.state
    )
}

/// The id or the address in what was given: an address has an @, an id has none.
pub(super) fn named(who: &str) -> Result<String, Failure> {
    if !who.contains('@') {
        return Ok(who.trim().to_owned());
    }
    let found = mail::read(who)
        .map_err(|why| Failure::Usage(format!("\"{}\" names nobody: {why}.", Text::new(who))))?;
    Ok(found.address)
}

/// The accounts with this id or address.
pub(super) fn all(link: &mut Link, who: &str) -> Result<Vec<Guest>, Failure> {
    let mut accounts = Vec::new();
    link.ask(Ask::LookUp(named(who)?), |answer| {
        if let Answer::Found(_, found) = answer {
            accounts = found;
        }
        Ok(())
    })?;
    Ok(accounts)
}

/// The account with this id or address, if there is one. Of several with one address none is taken.
pub(super) fn find(link: &mut Link, who: &str) -> Result<Option<Guest>, Failure> {
    let accounts = all(link, who)?;
    let one = one_of(who, &accounts);
    one.map(Option::<&Guest>::cloned)
        .map_err(|several| Failure::Usage(format!("{several}; nothing was sent.")))
}

/// The guest with this id or address.
pub(super) fn look_up(link: &mut Link, who: &str) -> Result<Guest, Failure> {
    find(link, who)?.ok_or_else(|| no_guest(who))
}

/// That there is nobody of that id or address.
pub(super) fn no_guest(who: &str) -> Failure {
    Failure::NotDone(format!(
        "There is no guest {}, so nothing was sent. `guestlist guests list` shows them.",
        Text::new(who)
    ))
}
