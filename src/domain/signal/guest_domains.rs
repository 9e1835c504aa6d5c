//! Domains one has come to know by their people: a guest or two prove nothing, several of them are an
//! acquaintance that a forger may want to be taken for.

use std::collections::HashMap;

use super::lookalike::{Looks, Trick};
use super::reading::unicode;
use crate::domain::text::Text;

/// From so many guests on a domain counts as known by its people.
const ACQUAINTED: usize = 3;

/// The domains of the guests, prepared once for all requests.
#[derive(Clone, Debug, Default)]
pub struct GuestDomains {
    looks: Looks,
    known: Vec<(Text, usize)>,
    guests: HashMap<Box<str>, usize>,
}

impl GuestDomains {
    /// Prepares domains (in lower case) with how many guests come from each.
    pub fn new<'a>(domains: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let guests: HashMap<Box<str>, usize> = domains
            .into_iter()
            .filter(|(domain, guests)| !domain.is_empty() && *guests > 0)
            .map(|(domain, guests)| (domain.into(), guests))
            .collect();
        let mut known: Vec<(Text, usize)> = guests
            .iter()
            .filter(|(_, guests)| **guests >= ACQUAINTED)
            .map(|(domain, guests)| (Text::new(domain), *guests))
            .collect();
        // Of two that fit, the one with more people is named.
        known.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Self {
            looks: Looks::new(known.iter().map(|(domain, _)| domain.as_str())),
            known,
            guests,
        }
    }

    /// How many guests come from `domain`.
    pub fn guests(&self, domain: &str) -> usize {
        self.guests.get(domain).copied().unwrap_or_default()
    }

    /// The known domain that `domain` can be taken for, how many guests it has, and how.
    pub fn looks_like(&self, domain: &str) -> Option<(&Text, usize, Trick)> {
        let found = self.looks.find(&unicode(domain))?;
        let (of, guests) = self.known.get(found.index)?;
        Some((of, *guests, found.trick))
    }
}
