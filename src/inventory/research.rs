//! What is found out beside the lists, one thing at a time and in the background: whom the tenant lets in, what must
//! not be held together, what those who wait hold and held, and what went before the request that Detail shows.
//!
//! Nothing of it is needed to work the queue. What cannot be read is not asked for again before a refresh, and not
//! complained of.

use std::collections::{BTreeSet, HashSet};

use super::Inventory;
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::person::Person;
use crate::domain::request::Request;
use crate::worker::protocol::{AccountKey, Ask, Earlier};

/// So many people are looked up after each read of the queue; of others one learns when Detail shows them.
const PEOPLE: usize = 400;
/// So many packages.
const PACKAGES: usize = 200;
/// So many verdicts of earlier requests are read for one Detail: one call.
const VERDICTS: usize = 12;

/// How the finding out stands.
#[derive(Clone, Debug, Default)]
pub struct Research {
    /// What is asked may change signals.
    judged: bool,
    /// Something has come in that may raise new questions.
    wanted: bool,
    /// The only request that is asked about; all that wait where there is none.
    about: Option<RequestId>,
    borders: bool,
    packages: HashSet<PackageId>,
    accounts: HashSet<UserId>,
    roles: HashSet<UserId>,
    people: HashSet<UserId>,
    before: HashSet<PackageId>,
    verdicts: HashSet<RequestId>,
}

impl Research {
    /// Forgets what was asked: it is asked again.
    pub fn renew(&mut self) {
        *self = Self {
            judged: self.judged,
            wanted: true,
            about: self.about.take(),
            ..Self::default()
        };
    }

    /// Finds out about one request, and about nothing else.
    pub fn about(request: RequestId) -> Self {
        Self {
            about: Some(request),
            ..Self::default()
        }
    }

    /// Something has come in that may raise new questions.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// What [`Self::next`] gave has been asked, well or not: whether signals are to be judged anew.
    pub fn ended(&mut self) -> bool {
        std::mem::take(&mut self.judged)
    }

    /// The directory roles of those from whom something is to be taken, as far as they were not asked for.
    pub fn roles(&mut self, of: impl Iterator<Item = UserId>) -> Option<Ask> {
        let unasked: Vec<UserId> = of.filter(|id| self.roles.insert(id.clone())).collect();
        (!unasked.is_empty()).then_some(Ask::Roles(unasked))
    }

    /// The next thing to find out: for the request that is looked at, else for the queue.
    pub fn next(&mut self, inventory: &Inventory, looked_at: Option<&Request>) -> Option<Ask> {
        let ask = looked_at
            .and_then(|request| self.for_detail(inventory, request))
            .or_else(|| self.for_queue(inventory))?;
        self.judged = !matches!(ask, Ask::Before(_));
        Some(ask)
    }

    /// What Detail lacks of the request it shows.
    fn for_detail(&mut self, inventory: &Inventory, request: &Request) -> Option<Ask> {
        let missing = self.missing(inventory, request);
        if missing != Earlier::default() {
            self.before.extend(missing.package.clone());
            self.verdicts.extend(missing.verdicts.clone());
            return Some(Ask::Before(missing));
        }
        let unknown = inventory.unknown_account(request.subject());
        if let Some(id) = unknown.filter(|id| self.accounts.insert(id.clone())) {
            return Some(Ask::Accounts(vec![AccountKey::Id(id)]));
        }
        let person = inventory.account(request.subject())?;
        if !self.people.insert(person.clone()) {
            return None;
        }
        let groups = inventory.groups_matter(request).then(|| person.clone());
        Some(Ask::Held(vec![person], groups.into_iter().collect()))
    }

    /// What is not known yet of what went before a request.
    fn missing(&self, inventory: &Inventory, request: &Request) -> Earlier {
        let past = &inventory.past;
        let package = request
            .package
            .clone()
            .filter(|package| past.of_package(package).is_none() && !self.before.contains(package));
        // Until the package's requests are there, nobody knows whose verdicts will be shown.
        let person = past.of_person(request.subject()).into_iter();
        let domain = past.of_domain(request.subject()).into_iter();
        let shown = person.take(VERDICTS / 2).chain(domain.take(VERDICTS / 2));
        let unknown =
            shown.filter(|past| past.stages.is_none() && !self.verdicts.contains(&past.id));
        let verdicts = match package {
            Some(_) => Vec::new(),
            None => unknown.map(|past| past.id.clone()).collect(),
        };
        Earlier { package, verdicts }
    }

    /// What the signals of the queue lack.
    fn for_queue(&mut self, inventory: &Inventory) -> Option<Ask> {
        if !std::mem::take(&mut self.wanted) {
            return None;
        }
        let ask = self.unknown(inventory)?;
        // One answer raises the next question; more people are looked up after the next read of the queue.
        self.wanted = !matches!(ask, Ask::Held(..));
        Some(ask)
    }

    fn unknown(&mut self, inventory: &Inventory) -> Option<Ask> {
        if !std::mem::replace(&mut self.borders, true) {
            return Some(Ask::Borders);
        }
        let about = self.about.clone();
        let rows = || {
            let rows = inventory.requests.rows().map(|row| &row.request);
            let about = about.as_ref();
            rows.filter(move |request| {
                request.pending() && about.is_none_or(|id| *id == request.id)
            })
        };
        let packages: BTreeSet<PackageId> = rows()
            .filter_map(|request| request.package.clone())
            .filter(|package| !self.packages.contains(package))
            .take(PACKAGES)
            .collect();
        if !packages.is_empty() {
            self.packages.extend(packages.iter().cloned());
            return Some(Ask::Incompatible(packages.into_iter().collect()));
        }
        if !inventory.loads.guests.ever() {
            return None;
        }
        let unknown = rows().filter_map(|request| inventory.unknown_account(request.subject()));
        let unknown: BTreeSet<UserId> = unknown
            .filter(|id| !self.accounts.contains(id))
            .take(PEOPLE)
            .collect();
        if !unknown.is_empty() {
            self.accounts.extend(unknown.iter().cloned());
            return Some(Ask::Accounts(
                unknown.into_iter().map(AccountKey::Id).collect(),
            ));
        }
        let mut people = Vec::new();
        let mut with_groups = BTreeSet::new();
        let mut new: HashSet<UserId> = HashSet::new();
        for request in rows() {
            let Some(person) = inventory.account(request.subject()) else {
                continue;
            };
            if self.people.contains(&person) {
                continue;
            }
            if inventory.groups_matter(request) {
                with_groups.insert(person.clone());
            }
            if new.insert(person.clone()) {
                people.push(person);
            }
            if people.len() == PEOPLE {
                break;
            }
        }
        self.people.extend(people.iter().cloned());
        (!people.is_empty()).then_some(Ask::Held(people, with_groups))
    }
}

impl Inventory {
    /// The account of somebody, or what else in the directory they are.
    fn account(&self, person: &Person) -> Option<UserId> {
        let known = || self.guest_of(person).map(|row| row.guest.id.clone());
        person.object.clone().or_else(known)
    }

    /// Somebody's account of which it is not known whose it counts as.
    fn unknown_account(&self, person: &Person) -> Option<UserId> {
        let id = person.user().filter(|_| self.loads.guests.ever())?;
        let known = self.guests.get(id).is_some() || self.others.contains_key(id);
        (!known).then(|| id.clone())
    }

    /// Whether it matters in which groups somebody is who asks for this.
    fn groups_matter(&self, request: &Request) -> bool {
        let package = request.package.as_ref();
        let excluded = package.and_then(|id| self.incompatible.get(id));
        request.subject().is_person()
            && excluded.is_some_and(|excluded| !excluded.groups.is_empty())
    }
}
