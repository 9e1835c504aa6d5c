//! Mail domains that say nothing about where a person works: free mail, and addresses made to be thrown away.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::mail;

/// The list, with its date, for people to read and change.
static LIST: &str = include_str!("../../../assets/consumer-domains.txt");

/// Sorted by domain.
static DOMAINS: LazyLock<Box<[(&str, Kind)]>> = LazyLock::new(|| parse(LIST));

/// What sort of mail domain it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Free personal mail, or the mail of an access provider.
    Consumer,
    /// An address that lasts minutes, or that anybody can read.
    Disposable,
}

fn parse(list: &str) -> Box<[(&str, Kind)]> {
    let mut kind = Kind::Consumer;
    let mut domains = Vec::new();
    for line in list.lines().map(str::trim) {
        match line {
            "[consumer]" => kind = Kind::Consumer,
            "[disposable]" => kind = Kind::Disposable,
            _ if line.is_empty() || line.starts_with('#') => {}
            domain => domains.push((domain, kind)),
        }
    }
    domains.sort_unstable();
    domains.into()
}

/// The list, with what the user's config adds to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailDomains {
    own: HashMap<String, Kind>,
}

impl MailDomains {
    /// The list with more domains of each kind, in any case; they count before those of the list.
    pub fn new(consumer: &[String], disposable: &[String]) -> Self {
        let of = |domains: &[String], kind| -> Vec<(String, Kind)> {
            let domains = domains.iter().map(|domain| (mail::one_form(domain), kind));
            domains.collect()
        };
        let own = of(consumer, Kind::Consumer)
            .into_iter()
            .chain(of(disposable, Kind::Disposable));
        Self { own: own.collect() }
    }

    /// What `domain` (in lower case) counts as: by itself, or by a domain above it.
    pub fn kind(&self, domain: &str) -> Option<Kind> {
        let mut rest = domain;
        loop {
            if let Some(kind) = self.own.get(rest) {
                return Some(*kind);
            }
            if let Ok(at) = DOMAINS.binary_search_by(|(known, _)| (*known).cmp(rest)) {
                return DOMAINS.get(at).map(|(_, kind)| *kind);
            }
            rest = rest.split_once('.')?.1;
        }
    }
}

/// What `domain` (in lower case) is on the list as: itself, or a domain above it.
pub(super) fn kind(domain: &str) -> Option<Kind> {
    MailDomains::default().kind(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sound() {
        assert!(DOMAINS.len() > 200);
        for pair in DOMAINS.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "listed twice");
        }
        for (domain, _) in DOMAINS.iter() {
            assert!(
                domain.contains('.')
                    && domain.bytes().all(|b| b.is_ascii_lowercase()
                        || b.is_ascii_digit()
                        || b".-".contains(&b)),
                "{domain}"
            );
        }
    }

    #[test]
    fn free_mail_is_known_and_companies_are_not() {
        assert_eq!(kind("gmail.com"), Some(Kind::Consumer));
        assert_eq!(kind("yahoo.co.uk"), Some(Kind::Consumer));
        assert_eq!(kind("mailinator.com"), Some(Kind::Disposable));
        assert_eq!(kind("box.mailinator.com"), Some(Kind::Disposable));
        for other in [
            "fabrikam.com",
            "com",
            "",
            "gmail.com.evil.example",
            "notgmail.com",
        ] {
            assert_eq!(kind(other), None, "{other}");
        }
    }

    #[test]
    fn a_config_adds_to_the_list_and_comes_first() {
        let more = MailDomains::new(
            &["Dorfmail.example".into(), "mailinator.com".into()],
            &["wegwerf.example".into()],
        );
        assert_eq!(more.kind("dorfmail.example"), Some(Kind::Consumer));
        assert_eq!(more.kind("box.wegwerf.example"), Some(Kind::Disposable));
        assert_eq!(more.kind("mailinator.com"), Some(Kind::Consumer));
        assert_eq!(more.kind("gmail.com"), Some(Kind::Consumer));
        assert_eq!(more.kind("fabrikam.com"), None);
    }
}
