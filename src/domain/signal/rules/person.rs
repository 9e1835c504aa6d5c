//! Rules about the person: what they had, were refused, and ask for beside this.

use super::SignalFacts;
use crate::domain::access::Access;
use crate::domain::person::Person;
use crate::domain::request::Request;
use crate::domain::signal::{Conflict, Signal, Twin, name};

pub(super) fn rules(request: &Request, facts: &SignalFacts, found: &mut Vec<Signal>) {
    found.extend(denied_before(request, facts));
    found.extend(already_guest(request, facts));
    found.extend(had_access(request, facts));
    found.extend(has_access(request, facts));
    found.extend(duplicate(request, facts));
    found.extend(incompatible(request, facts));
    found.extend(name_mismatch(request));
    found.extend(own(request, facts));
}

fn denied_before(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let denial = facts.denials.of(request.subject())?;
    Some(Signal::DeniedBefore(denial.clone()))
}

fn already_guest(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let guest = (facts.guest)(request.subject())?;
    let standing = guest.standing(facts.now);
    Some(Signal::AlreadyGuest {
        since: guest.created,
        standing,
    })
}

/// One of the package asked for says more than a later one of another.
fn had_access(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let held = facts.held(request)?;
    let same = |access: &Access| access.package.is_some() && access.package == request.package;
    let ended = || {
        held.access
            .iter()
            .filter(|access| access.ending().is_some())
    };
    let last = ended().max_by_key(|access| (same(access), access.ended.or(access.until)))?;
    Some(Signal::HadAccess {
        access: Box::new(last.clone()),
        same: same(last),
        times: ended().count(),
    })
}

fn has_access(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let package = request.package.as_ref()?;
    let held = facts.held(request)?;
    let of_it = |access: &&Access| access.holds() && access.package.as_ref() == Some(package);
    let access = held.access.iter().find(of_it)?;
    Some(Signal::HasAccess {
        since: access.since,
        until: access.until,
    })
}

fn duplicate(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let same = |twin: &Twin| twin.package.is_some() && twin.package == request.package;
    let newest = facts
        .crowd
        .twins(request)
        .max_by_key(|twin| (same(twin), twin.created))?;
    Some(Signal::Duplicate {
        others: facts.crowd.twins(request).count(),
        package: newest.package_name.clone(),
        same: same(newest),
        created: newest.created,
    })
}

fn incompatible(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let excluded = facts.incompatible.get(request.package.as_ref()?)?;
    let held = facts.held(request);
    let of = |id: Option<&_>| {
        excluded
            .packages
            .iter()
            .find(|(package, _)| Some(package) == id)
    };
    let holds = || {
        let mut access = held?.access.iter().filter(|access| access.holds());
        access.find_map(|access| of(access.package.as_ref()))
    };
    let is_in = || {
        let groups = held?.groups.as_ref()?;
        excluded.groups.iter().find(|(id, _)| groups.contains(id))
    };
    let asks = || {
        let mut twins = facts.crowd.twins(request);
        twins.find_map(|twin| of(twin.package.as_ref()))
    };
    let (with, conflict) = holds()
        .map(|(_, name)| (name, Conflict::Held))
        .or_else(|| is_in().map(|(_, name)| (name, Conflict::Group)))
        .or_else(|| asks().map(|(_, name)| (name, Conflict::Asked)))?;
    Some(Signal::Incompatible {
        with: with.clone(),
        conflict,
    })
}

fn name_mismatch(request: &Request) -> Option<Signal> {
    let person = request.subject();
    let (local, _) = person
        .mail
        .rsplit_once('@')
        .filter(|_| person.is_person())?;
    name::strange(&person.name, local).then(|| Signal::NameMismatch {
        name: person.name.clone(),
        mail: person.mail.clone(),
    })
}

fn own(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let me = |person: &Person| facts.me.is_some() && person.user() == facts.me;
    let asks = me(&request.requestor);
    (asks || me(request.subject())).then_some(Signal::Own { asks })
}
