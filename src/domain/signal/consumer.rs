//! Mail domains that say nothing about where a person works: free mail, and addresses made to be thrown away.

use std::sync::LazyLock;

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

/// What `domain` (in lower case) is on the list as: itself, or a domain above it.
pub(super) fn kind(domain: &str) -> Option<Kind> {
    let mut rest = domain;
    loop {
        if let Ok(at) = DOMAINS.binary_search_by(|(known, _)| (*known).cmp(rest)) {
            return DOMAINS.get(at).map(|(_, kind)| *kind);
        }
        rest = rest.split_once('.')?.1;
    }
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
}
