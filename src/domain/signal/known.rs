//! What the rules know of the tenant before they look at a request: whom it trusts, and whom it has denied.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::consumer;
use super::lookalike::{Looks, Trick};
use super::reading::unicode;
use crate::domain::id::{OrganizationId, RequestId, UserId};
use crate::domain::package::{Organization, OrganizationState};
use crate::domain::request::{Person, Request, RequestState, ReviewResult};
use crate::domain::text::Text;

/// Whose a trusted domain is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The tenant's own.
    Own,
    /// A connected organization's, with its name.
    Connected(Text),
}

impl Owner {
    /// In a sentence: `your own domain`.
    pub fn words(&self) -> String {
        match self {
            Self::Own => "your own domain".into(),
            Self::Connected(name) => format!(
                "the domain of the connected organization {}",
                name.or("(unnamed)")
            ),
        }
    }
}

/// The tenant's own domains and the connected organizations, prepared once for all requests.
///
/// Only a *configured* organization is trusted. A proposed one came by itself with somebody's request: were
/// it trusted, a forger's first request would whitewash the second.
#[derive(Clone, Debug, Default)]
pub struct KnownDomains {
    own: Looks,
    trusted: Vec<(Text, Owner)>,
    looks: Looks,
    organizations: Vec<Organization>,
    by_id: HashMap<OrganizationId, usize>,
    by_domain: HashMap<String, usize>,
}

impl KnownDomains {
    /// Prepares them.
    pub fn new(own: &[String], organizations: &[Organization]) -> Self {
        let mut trusted: Vec<(Text, Owner)> = own
            .iter()
            .map(|domain| (Text::new(domain), Owner::Own))
            .collect();
        let mut by_id = HashMap::new();
        let mut by_domain = HashMap::new();
        for (index, organization) in organizations.iter().enumerate() {
            by_id.insert(organization.id.clone(), index);
            let configured = organization.state == OrganizationState::Configured;
            for domain in &organization.domains {
                if configured {
                    let owner = Owner::Connected(organization.name.clone());
                    trusted.push((Text::new(domain), owner));
                    by_domain.insert(unicode(domain), index);
                } else {
                    by_domain.entry(unicode(domain)).or_insert(index);
                }
            }
        }
        Self {
            own: Looks::new(own.iter().map(String::as_str)),
            looks: Looks::new(trusted.iter().map(|(domain, _)| domain.as_str())),
            trusted,
            organizations: organizations.to_vec(),
            by_id,
            by_domain,
        }
    }

    /// Learns the domains of organizations that are known by their tenant only: the service sorts people into
    /// those by where they sign in, so that their mail domain is the organization's.
    #[must_use]
    pub fn learn<'a>(mut self, people: impl IntoIterator<Item = &'a Person>) -> Self {
        let mut learned = false;
        for person in people {
            let domain = person.domain();
            let organization = person
                .organization
                .as_ref()
                .and_then(|id| self.by_id.get(id));
            let Some(index) = organization.copied() else {
                continue;
            };
            let Some(organization) = self.organizations.get(index) else {
                continue;
            };
            let fits = organization.state == OrganizationState::Configured
                && organization.domains.is_empty()
                && !domain.is_empty()
                && consumer::kind(&domain).is_none();
            if fits && !self.by_domain.contains_key(&unicode(&domain)) {
                self.by_domain.insert(unicode(&domain), index);
                let owner = Owner::Connected(organization.name.clone());
                self.trusted.push((Text::new(&domain), owner));
                learned = true;
            }
        }
        if learned {
            self.looks = Looks::new(self.trusted.iter().map(|(domain, _)| domain.as_str()));
        }
        self
    }

    /// The trusted domain `domain` can be taken for, whose it is, and how.
    pub fn looks_like(&self, domain: &str) -> Option<(&Text, &Owner, Trick)> {
        let found = self.looks.find(&unicode(domain))?;
        let (of, owner) = self.trusted.get(found.index)?;
        Some((of, owner, found.trick))
    }

    /// Whether `domain` is one of the tenant's own, or stands below one.
    pub fn own(&self, domain: &str) -> bool {
        self.own.genuine(&unicode(domain))
    }

    /// The organization `person` is of: the one the service sorted them into, else the one with their domain.
    pub fn organization(&self, person: &Person) -> Option<&Organization> {
        let index = person
            .organization
            .as_ref()
            .and_then(|id| self.by_id.get(id))
            .or_else(|| self.by_domain.get(&unicode(&person.domain())))?;
        self.organizations.get(*index)
    }
}

/// What is known of somebody's denied requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Denial {
    /// How many.
    pub times: usize,
    /// When the last was.
    pub last: Option<Timestamp>,
    /// Who denied that one; empty where nobody did in time, or it is not known.
    pub by: Text,
    /// The reason they gave, where it is known.
    pub reason: Text,
}

impl Denial {
    /// In words: `Denied twice, last on 12 Mar 2026 by Megan Bowen: "no contract"`.
    pub fn sentence(&self) -> String {
        let times = match self.times {
            0 | 1 => "once".to_string(),
            2 => "twice".to_string(),
            n => format!("{n} times"),
        };
        let when = match (self.last, self.times) {
            (Some(at), 2..) => format!(", last on {}", at.strftime("%-d %b %Y")),
            (Some(at), _) => format!(", on {}", at.strftime("%-d %b %Y")),
            (None, _) => String::new(),
        };
        let part = |before: &str, text: &Text, after: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("{before}{text}{after}")
            }
        };
        let by = part(" by ", &self.by, "");
        let reason = part(": \"", &self.reason, "\"");
        format!("Denied {times}{when}{by}{reason}")
    }
}

/// Past denials by person. Pages of past requests are added as they arrive, in any order, also twice.
#[derive(Clone, Debug, Default)]
pub struct Denials {
    by_mail: HashMap<String, Denial>,
    by_user: HashMap<UserId, Denial>,
    seen: HashSet<RequestId>,
}

impl Denials {
    /// Notes `request` if it was denied.
    pub fn add(&mut self, request: &Request) {
        if request.state != RequestState::Denied || !self.seen.insert(request.id.clone()) {
            return;
        }
        let verdict = request
            .stages
            .iter()
            .flatten()
            .rev()
            .find(|stage| stage.result == ReviewResult::Denied);
        let one = Denial {
            times: 1,
            last: verdict
                .and_then(|stage| stage.reviewed)
                .or(request.completed)
                .or(request.created),
            by: verdict
                .map(|stage| stage.reviewer.clone())
                .unwrap_or_default(),
            reason: verdict
                .map(|stage| stage.justification.clone())
                .unwrap_or_default(),
        };
        let person = &request.requestor;
        if let Some(user) = &person.user {
            merge(self.by_user.entry(user.clone()).or_default(), &one);
        }
        if !person.mail.is_empty() {
            merge(
                self.by_mail.entry(person.mail.to_lowercase()).or_default(),
                &one,
            );
        }
    }

    /// What is known of `person`.
    pub fn of(&self, person: &Person) -> Option<&Denial> {
        let mail = (!person.mail.is_empty())
            .then(|| self.by_mail.get(&person.mail.to_lowercase()))
            .flatten();
        let user = person.user.as_ref().and_then(|id| self.by_user.get(id));
        // One and the same person: whichever key has seen more of them.
        match (mail, user) {
            (Some(a), Some(b)) => Some(if b.times > a.times { b } else { a }),
            (a, b) => a.or(b),
        }
    }
}

fn merge(into: &mut Denial, one: &Denial) {
    let times = into.times + 1;
    if into.times == 0 || one.last > into.last {
        *into = one.clone();
    }
    into.times = times;
}

impl<'a> FromIterator<&'a Request> for Denials {
    fn from_iter<I: IntoIterator<Item = &'a Request>>(requests: I) -> Self {
        let mut denials = Self::default();
        for request in requests {
            denials.add(request);
        }
        denials
    }
}
