//! The rules, each on its own: about the mail domain, the person, and the request.

mod domain;
mod person;
mod request;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{Crowd, Denials, GuestDomains, KnownDomains, MailDomains, Signal};
use crate::domain::access::{Held, Incompatible};
use crate::domain::border::Borders;
use crate::domain::guest::Guest;
use crate::domain::id::{PackageId, UserId};
use crate::domain::person::Person;
use crate::domain::policy::Policy;
use crate::domain::request::Request;

/// Automatic denial counts as near from here on.
pub const NEAR: SignedDuration = SignedDuration::from_hours(48);

/// What the rules look at beside the request itself. Cheap to make for each request.
#[derive(Clone, Copy)]
pub struct SignalFacts<'a> {
    /// The tenant's own domains and the connected organizations.
    pub known: &'a KnownDomains,
    /// The domains guests come from.
    pub guest_domains: &'a GuestDomains,
    /// Consumer and disposable mail domains.
    pub mail: &'a MailDomains,
    /// Whom the tenant lets in at all.
    pub borders: &'a Borders,
    /// Who was denied before.
    pub denials: &'a Denials,
    /// The pending requests, counted.
    pub crowd: &'a Crowd,
    /// The account of a person, if there is one.
    pub guest: &'a dyn Fn(&Person) -> Option<&'a Guest>,
    /// What people hold and held, as far as it was read.
    pub held: &'a HashMap<UserId, Held>,
    /// What must not be held together with a package, as far as it was read.
    pub incompatible: &'a HashMap<PackageId, Incompatible>,
    /// The policy that governs this request, where it is known.
    pub policy: Option<&'a Policy>,
    /// Who is signed in.
    pub me: Option<&'a UserId>,
    /// The time.
    pub now: Timestamp,
}

impl<'a> SignalFacts<'a> {
    /// What the person of `request` holds and held.
    fn held(&self, request: &Request) -> Option<&'a Held> {
        let person = request.subject();
        let by_account = || (self.guest)(person).map(|guest| &guest.id);
        self.held.get(person.object.as_ref().or_else(by_account)?)
    }
}

/// All signals of `request`, the heaviest first.
pub fn signals(request: &Request, facts: &SignalFacts) -> Vec<Signal> {
    let mut found = Vec::new();
    domain::rules(request, facts, &mut found);
    person::rules(request, facts, &mut found);
    request::rules(request, facts, &mut found);
    found.sort_by_key(|signal| std::cmp::Reverse(signal.weight()));
    found
}
