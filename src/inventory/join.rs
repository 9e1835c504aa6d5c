//! Joins what Graph said in separate lists: a request with its policy, organization, signals and deciders.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::Inventory;
use super::rows::{GuestRow, RequestRow};
use super::table::Row as _;
use crate::domain::account_class::AccountClass;
use crate::domain::guest::Guest;
use jiff::Timestamp;

use crate::domain::id::{PackageId, PolicyId, RequestId};
use crate::domain::mail::{self, MailAddress};
use crate::domain::person::{Person, SubjectKind};
use crate::domain::policy::{Policy, PolicyStage};
use crate::domain::request::Request;
use crate::domain::signal::{Crowd, GuestDomains, KnownDomains, SignalFacts, signals};

/// What is known of the account of somebody who asks.
#[derive(Clone, Copy, Debug)]
pub enum AccountKnown<'a> {
    /// They are a guest.
    Guest(&'a GuestRow),
    /// They have an account, which is no guest's.
    Other(AccountClass),
    /// They have one; whose it counts as is not known.
    Some,
    /// They had one, and it is not there any more.
    Gone,
    /// So many accounts have their address, and which is theirs is not known.
    Several(usize),
    /// Who asks is no person.
    NoPerson(&'a SubjectKind),
    /// They have none.
    None,
    /// The guests are still being read.
    Unread,
    /// The guests could not be read.
    Unreadable,
}

impl AccountKnown<'_> {
    /// What it is, as a sentence without its end; nothing of a guest, of whom there is more to say.
    pub fn words(&self) -> Option<String> {
        Some(match self {
            Self::Guest(_) => return None,
            Self::Other(class @ AccountClass::CannotBeTold) => class.words().into(),
            Self::Other(class) => format!("{}, not a guest", class.words()),
            Self::Some => "has an account here; whether as a guest is not known".into(),
            Self::Gone => "their account is not there any more".into(),
            Self::Several(count) => {
                format!("{count} accounts have this address; which is theirs is not known")
            }
            Self::NoPerson(kind) => kind.no_person()?,
            Self::None => "not yet a guest".into(),
            Self::Unread => "guests are still being read".into(),
            Self::Unreadable => "whether a guest is not known: guests could not be read".into(),
        })
    }
}

fn hash(address: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    hasher.finish()
}

impl Inventory {
    /// The guest with this address, where one alone has it.
    pub fn guest_by_mail(&self, address: &str) -> Option<&GuestRow> {
        match self.guests_by_mail(address).as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// All guests with this address.
    pub fn guests_by_mail(&self, address: &str) -> Vec<&GuestRow> {
        let address = mail::key(address);
        let key = hash(&address);
        let more = self.more_by_mail.get(&key).into_iter().flatten();
        let ids = self.guest_by_mail.get(&key).into_iter().chain(more);
        ids.filter_map(|id| self.guests.get(id))
            .filter(|row| mail::key(&row.guest.address()) == address)
            .collect()
    }

    /// The guest a person is already. Who has an account is that account, whoever else has their address.
    pub fn guest_of(&self, person: &Person) -> Option<&GuestRow> {
        match person.user() {
            Some(id) => self.guests.get(id).filter(|row| row.guest.class.is_guest()),
            None if person.is_person() => self.guest_by_mail(&person.mail),
            None => None,
        }
    }

    /// What is known of the account of whom a request is about.
    pub fn account_of<'a>(&'a self, request: &'a Request) -> AccountKnown<'a> {
        let person = request.subject();
        if !person.is_person() {
            return AccountKnown::NoPerson(&person.kind);
        }
        if let Some(guest) = self.guest_of(person) {
            return AccountKnown::Guest(guest);
        }
        if let Some(id) = person.user() {
            if let Some(row) = self.guests.get(id) {
                return AccountKnown::Other(row.guest.class);
            }
            return match self.others.get(id) {
                Some(Some(class)) => AccountKnown::Other(*class),
                Some(None) => AccountKnown::Gone,
                None => AccountKnown::Some,
            };
        }
        let load = &self.loads.guests;
        let others = self.others_by_mail.get(&mail::key(&person.mail));
        let others = others.map_or(&[][..], Vec::as_slice);
        match (self.guests_by_mail(&person.mail).len(), others) {
            (0, [only]) => AccountKnown::Other(*only),
            (0, []) if load.fresh.is_some() => AccountKnown::None,
            (0, []) if load.failed.is_some() => AccountKnown::Unreadable,
            (0, []) => AccountKnown::Unread,
            (guests, others) => AccountKnown::Several(guests + others.len()),
        }
    }

    /// The address of somebody from outside in what was written.
    ///
    /// # Errors
    /// Why there is none: what is wrong with it, that it is of one of the tenant's own domains, or that these are not
    /// known yet.
    pub fn can_be_invited(&self, written: &str) -> Result<MailAddress, String> {
        let session = self.session.as_ref();
        let session = session
            .ok_or("Which domains are your own is still being read; try again in a moment")?;
        mail::from_outside(written, &session.domains)
    }

    /// The policy with this id.
    pub fn policy(&self, id: &PolicyId) -> Option<&Policy> {
        self.policies.get(id).map(|row| &row.policy)
    }

    /// The My Access link people ask with under this policy, once tenant and package are known.
    pub fn request_link(&self, policy: &PolicyId) -> Option<String> {
        let package = self.packages.get(self.policy(policy)?.package.as_ref()?)?;
        Some(package.request_link(self.my_access?, self.session.as_ref()?.default_domain()))
    }

    /// How many policies a request may be under, where Graph does not say which.
    pub fn policy_candidates(&self, request: &Request) -> usize {
        let policies = self.policies.rows().map(|row| &row.policy);
        policies
            .filter(|policy| {
                request.package.is_some()
                    && policy.package == request.package
                    && waits_under(policy)
            })
            .count()
    }

    /// Makes the indexes of guests anew.
    pub(crate) fn index_guests(&mut self) {
        self.guest_by_mail.clear();
        self.more_by_mail.clear();
        self.guests_of_domain.clear();
        let guests = self.guests.rows();
        for row in guests.filter(|row| row.guest.class.is_guest()) {
            let (id, address) = (row.guest.id.clone(), mail::key(&row.guest.address()));
            let domain = mail::domain(&address);
            match self.guests_of_domain.get_mut(domain.as_str()) {
                Some(guests) => guests.push(id.clone()),
                None => {
                    self.guests_of_domain
                        .insert(domain.into(), vec![id.clone()]);
                }
            }
            let key = hash(&address);
            match self.guest_by_mail.entry(key) {
                Entry::Vacant(free) => drop(free.insert(id)),
                Entry::Occupied(_) => self.more_by_mail.entry(key).or_default().push(id),
            }
        }
        let domains = self.guests_of_domain.iter();
        self.guest_domains =
            GuestDomains::new(domains.map(|(domain, guests)| (&**domain, guests.len())));
    }
    /// Makes the joined parts of every request anew, and the counts on the policies.
    pub(crate) fn join(&mut self, now: Timestamp) {
        let own = self.session.as_ref();
        let own: &[String] = own.map_or(&[], |session| &session.domains);
        let known = KnownDomains::new(own, &self.organizations);
        // What has ended is shown by some views; only what waits is judged, and judged by.
        let waiting = || {
            let requests = self.requests.rows().map(|row| &row.request);
            requests.filter(|request| request.pending())
        };
        let known = known.learn(waiting().map(Request::subject));
        let crowd = Crowd::of(waiting());
        (self.known, self.crowd) = (known, crowd);
        self.crowd_pages = self.loads.requests.pages;

        // Nothing that is looked at meanwhile is a request.
        let mut requests = std::mem::take(&mut self.requests);
        let mut pending: HashMap<PolicyId, usize> = HashMap::new();
        let desk = Joining::of(self, now);
        requests.revise(|row| {
            desk.join(row);
            if let Some(policy) = row.policy.as_ref().filter(|_| row.request.pending()) {
                *pending.entry(policy.clone()).or_default() += 1;
            }
        });
        self.requests = requests;
        self.policies
            .revise(|row| row.pending = pending.get(row.id()).copied().unwrap_or(0));
    }

    /// Makes the joined parts of some requests anew, where nothing has changed that others are judged by.
    pub(crate) fn join_some(&mut self, ids: &[RequestId], now: Timestamp) {
        let rows = ids.iter().filter_map(|id| self.requests.get(id));
        let mut rows: Vec<RequestRow> = rows.cloned().collect();
        let known = std::mem::take(&mut self.known);
        self.known = known.learn(rows.iter().map(|row| row.request.subject()));
        let desk = Joining::of(self, now);
        for row in &mut rows {
            desk.join(row);
        }
        self.requests.replace(rows);
    }
}

/// What requests are joined with, laid out once.
struct Joining<'a> {
    inventory: &'a Inventory,
    now: Timestamp,
    /// The open policies that ask for approval, by their package.
    fitting: HashMap<&'a PackageId, Vec<&'a Policy>>,
}

impl<'a> Joining<'a> {
    fn of(inventory: &'a Inventory, now: Timestamp) -> Self {
        let mut fitting: HashMap<&PackageId, Vec<&Policy>> = HashMap::new();
        for policy in inventory.policies.rows().map(|row| &row.policy) {
            if let Some(package) = policy.package.as_ref().filter(|_| waits_under(policy)) {
                fitting.entry(package).or_default().push(policy);
            }
        }
        Self {
            inventory,
            now,
            fitting,
        }
    }

    /// The policy a request says it is under; else the only one of its package that asks for approval. A
    /// pending request may come without its assignment, and so without its policy.
    fn policy(&self, request: &Request) -> Option<&'a Policy> {
        let named = request.policy.as_ref();
        named.and_then(|id| self.inventory.policy(id)).or_else(|| {
            match self.fitting.get(request.package.as_ref()?)?.as_slice() {
                [only] => Some(*only),
                _ => None,
            }
        })
    }

    fn join(&self, row: &mut RequestRow) {
        let (data, request) = (self.inventory, &row.request);
        let me = data.session.as_ref().map(|session| &session.me);
        let policy = self.policy(request);
        let guest =
            |person: &Person| -> Option<&Guest> { data.guest_of(person).map(|row| &row.guest) };
        let facts = SignalFacts {
            known: &data.known,
            guest_domains: &data.guest_domains,
            mail: &data.mail,
            borders: &data.borders,
            denials: &data.denials,
            crowd: &data.crowd,
            guest: &guest,
            held: &data.held,
            incompatible: &data.incompatible,
            policy,
            me,
            now: self.now,
        };
        let organization = data.known.organization(request.subject());
        let count = request.stage_count(policy);
        let current = request.current_stage();
        let number = current.map_or(1, |(number, _)| number);
        let stage_policy = policy.and_then(|policy| request.stage_rules(policy, number));
        let stage = match current {
            Some((number, _)) => format!("{number}/{}", count.max(1)),
            None if request.stages.is_none() => "?".into(),
            None => format!("-/{}", count.max(1)),
        };
        let denial_at = request.denial_at(policy);
        let signals = if request.pending() {
            signals(request, &facts)
        } else {
            Vec::new()
        };
        row.domain = request.subject().domain();
        row.organization = organization
            .map(|organization| organization.name.clone())
            .unwrap_or_default();
        row.policy = policy.map(|policy| policy.id.clone());
        row.stage = stage;
        row.denial_at = denial_at;
        row.signals = signals;
        // Who stands in the policy need not be asked: nobody decides what they asked for themselves.
        let me = me.filter(|_| row.request.mine());
        let named = stage_policy.filter(|stage| !stage.approvers.is_empty());
        row.deciders = named.map(|stage| stage.deciders(me)).unwrap_or_default();
        row.others = stage_policy.map(PolicyStage::others).unwrap_or_default();
        row.reason_required = stage_policy.is_some_and(|stage| stage.justification_required);
    }
}

/// Whether a request can wait for approval under this policy.
fn waits_under(policy: &Policy) -> bool {
    policy.approval_required != Some(false) && policy.open()
}
