//! What the rules know of the tenant before they look at a request: whom it trusts.

use std::collections::HashMap;

use super::consumer;
use super::lookalike::{Looks, Trick};
use super::reading::unicode;
use crate::domain::id::OrganizationId;
use crate::domain::package::{Organization, OrganizationState};
use crate::domain::person::Person;
use crate::domain::text::Text;

/// Whose a trusted domain is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The tenant's own.
    Own,
    /// A connected organization's, with its name.
    Connected(Text),
    /// Nobody's by any word of ours, but so many guests come from it.
    Guests(usize),
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
            Self::Guests(guests) => format!("where {guests} guests come from"),
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

    /// Whether `domain` is trusted itself, or stands below one that is.
    pub fn trusts(&self, domain: &str) -> bool {
        self.looks.genuine(&unicode(domain))
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
