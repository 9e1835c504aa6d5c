//! What went before: the person's own access and requests, then those of others from their domain.

use super::{Detail, request::verdict};
use crate::app::state::State;
use crate::domain::access::Access;
use crate::domain::guest::GuestStanding;
use crate::domain::request::{Request, RequestState, ReviewResult};
use crate::inventory::past::ended;

/// So many earlier requests of the person are shown.
const OWN: usize = 6;
/// So many of others from the domain.
const OTHERS: usize = 5;

pub(super) fn history(state: &State, request: &Request, detail: &mut Detail) {
    own(state, request, detail);
    others(state, request, detail);
}

fn own(state: &State, request: &Request, detail: &mut Detail) {
    let person = request.subject();
    let account = person.object.as_ref();
    let guest = || state.guest_of(person).map(|row| &row.guest.id);
    let held = account
        .or_else(guest)
        .and_then(|id| state.data.held.get(id));
    let access = held.map_or(&[][..], |held| &held.access);
    let past = state.data.past.of_person(person);
    let past: Vec<&Request> = past
        .into_iter()
        .filter(|past| past.id != request.id)
        .collect();
    detail.heading("History");
    for access in access {
        detail.line(self::access(state, access));
    }
    for earlier in past.iter().take(OWN) {
        detail.line(line(state, earlier, false));
    }
    if past.len() > OWN {
        detail.line(format!("and {} older ones", past.len() - OWN));
    }
    if access.is_empty() && past.is_empty() {
        detail.line(if state.data.loads.past.ever() {
            "No earlier request of theirs is known"
        } else {
            "Earlier requests are being read"
        });
    }
}

/// `Held Partner Portal from 3 Jan 2026 until 4 Apr 2026; it ran out`.
fn access(state: &State, access: &Access) -> String {
    let at = |word: &str, at: Option<jiff::Timestamp>| {
        at.map_or(String::new(), |at| format!(" {word} {}", state.clock(at)))
    };
    let name = access.package_name.or("a package");
    let since = at("since", access.since);
    match access.ending() {
        None if access.holds() => format!("Holds {name}{since}{}", at("until", access.until)),
        None => format!("{name}: {}{since}", access.state),
        Some(ending) => format!(
            "Held {name}{}{}; {}",
            at("from", access.since),
            at("until", access.ended.or(access.until)),
            ending.words()
        ),
    }
}

fn others(state: &State, request: &Request, detail: &mut Detail) {
    let person = request.subject();
    let domain = person.domain();
    // Of everybody's mail provider nothing follows for one of them.
    if domain.is_empty() || state.data.mail.kind(&domain).is_some() {
        return;
    }
    let past = state.data.past.of_domain(person);
    let guests = state.linked_guest_count();
    detail.heading("From the same domain");
    if state.data.loads.guests.ever() {
        let blocked = state.data.guests_of_domain.get(domain.as_str());
        let blocked = blocked.into_iter().flatten().filter(|id| {
            let guest = state.data.guests.get(id);
            guest.is_some_and(|guest| guest.standing == GuestStanding::Blocked)
        });
        let words = match (guests, blocked.count()) {
            (0, _) => format!("Nobody from {domain} is in"),
            (1, 0) => format!("One guest is from {domain}"),
            (n, 0) => format!("{n} guests are from {domain}"),
            (n, blocked) => format!("{n} guests are from {domain}, {blocked} of them blocked"),
        };
        detail.line(words);
    }
    for earlier in past.iter().take(OTHERS) {
        detail.line(line(state, earlier, true));
    }
    if past.len() > OTHERS {
        let count = |of: RequestState| past.iter().filter(|past| past.state == of).count();
        detail.line(format!(
            "{} in all: {} denied, {} delivered",
            past.len(),
            count(RequestState::Denied),
            count(RequestState::Delivered)
        ));
    }
    let package = request.package.as_ref();
    match package.map(|package| state.data.past.of_package(package)) {
        Some(None) => detail.line("Other outcomes than denials are being read, or cannot be"),
        Some(Some(false)) => detail.line(
            "This package has more past requests than are read; older outcomes may be missing",
        ),
        _ => {}
    }
}

/// `12 Mar, Supplier Hub: denied by Miriam Graham: "no open orders"`.
fn line(state: &State, past: &Request, whose: bool) -> String {
    let when = ended(past).map(|at| state.clock(at)).unwrap_or_default();
    let who = if whose {
        let name = past.subject().name.or("somebody");
        let local = past.subject().mail.split('@').next().unwrap_or_default();
        format!(
            " {}",
            super::brief(if local.is_empty() { name } else { local })
        )
    } else {
        String::new()
    };
    let package = past.package_name.or("a package");
    let decided = past.stages.iter().flatten().rev();
    let said = decided
        .filter(|stage| stage.result != ReviewResult::NotReviewed)
        .find_map(|stage| verdict(state, &without_time(stage)));
    let how = match (&past.state, said) {
        (RequestState::Denied, Some(said)) => said,
        (RequestState::Denied, None) if past.stages.is_some() => {
            "✗ denied by itself, nobody decided in time".into()
        }
        (state, Some(said)) => format!("{state}, {said}"),
        (state, None) => state.to_string(),
    };
    format!("{when}{who}, {package}: {how}")
}

/// The day stands before it already.
fn without_time(stage: &crate::domain::request::Stage) -> crate::domain::request::Stage {
    crate::domain::request::Stage {
        reviewed: None,
        ..stage.clone()
    }
}
