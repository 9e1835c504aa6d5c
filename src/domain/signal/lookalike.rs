//! Domains that are made to be taken for another one.
//!
//! A domain is judged by what a person reads, not by how it is written: `xn--` names are decoded, letters of
//! other scripts become the Latin letter they look like (the skeleton of UTS 39), accents fall, and `0` is an
//! `o`. What is left of the name one registers, its *look*, is compared with the looks of the domains the
//! tenant trusts. All that can be computed of the trusted ones is computed once; a question costs a few
//! look-ups, however many are trusted.

use std::collections::{HashMap, HashSet};

use super::reading::{Reading, look, unicode};

/// Below this a name one edit away is more likely another company than a forgery.
const SHORTEST_EDITED: usize = 5;
/// Below this a name glued to another word without a hyphen is more likely part of a longer word.
const SHORTEST_GLUED: usize = 6;

/// How a domain comes to be taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trick {
    /// Reads the same: `c0ntoso.com`, `ϲontoso.com`.
    SameLook,
    /// Stands in front of a domain that is somebody else's: `contoso.com.evil.example`.
    Subdomain,
    /// Another ending: `contoso.co`.
    OtherEnding,
    /// One letter more, less or other: `contosso.com`.
    OneEdit,
    /// Two neighbouring letters swapped: `contsoo.com`.
    Swapped,
    /// A hyphen or a word more: `contoso-partners.com`.
    Added,
}

/// A trusted domain that another one looks like, by its place in the list it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// Its place.
    pub(super) index: usize,
    /// How.
    pub(super) trick: Trick,
}

/// Trusted domains, ready to be compared with.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    readings: Vec<Reading>,
    /// The domains themselves, as people read them.
    exact: HashSet<String>,
    by_look: HashMap<String, usize>,
    /// The letters of each long enough name, and those with one taken out: two names one edit apart meet here.
    by_gap: HashMap<String, Vec<usize>>,
}

impl Looks {
    /// Prepares `domains`; where two look the same the earlier one is named.
    pub(super) fn new<'a>(domains: impl IntoIterator<Item = &'a str>) -> Self {
        let mut looks = Self::default();
        for (index, domain) in domains.into_iter().enumerate() {
            let domain = unicode(domain);
            let reading = Reading::new(&domain);
            looks.exact.insert(domain);
            if reading.letters.chars().count() >= SHORTEST_EDITED {
                for gap in gaps(&reading.letters) {
                    looks.by_gap.entry(gap).or_default().push(index);
                }
            }
            if !reading.look.is_empty() {
                looks.by_look.entry(reading.look.clone()).or_insert(index);
            }
            looks.readings.push(reading);
        }
        looks
    }

    /// Whether `domain`, as [`unicode`] gives it, is one of the trusted ones or stands below one.
    pub(super) fn genuine(&self, domain: &str) -> bool {
        let mut rest = domain;
        loop {
            if self.exact.contains(rest) {
                return true;
            }
            match rest.split_once('.') {
                Some((_, above)) => rest = above,
                None => return false,
            }
        }
    }

    /// The trusted domain that `domain`, as [`unicode`] gives it, can be taken for; `None` for the trusted ones
    /// themselves and what stands below them.
    pub(super) fn find(&self, domain: &str) -> Option<Match> {
        if domain.is_empty() || self.readings.is_empty() || self.genuine(domain) {
            return None;
        }
        let reading = Reading::new(domain);
        self.same_look(&reading)
            .or_else(|| self.below(&reading))
            .or_else(|| self.one_edit(&reading))
            .or_else(|| self.added(&reading))
    }

    fn same_look(&self, reading: &Reading) -> Option<Match> {
        let index = *self.by_look.get(&reading.look)?;
        let known = self.readings.get(index)?;
        let trick = if known.name == reading.name {
            Trick::OtherEnding
        } else if bare(&known.name) == bare(&reading.name) {
            Trick::Added
        } else {
            Trick::SameLook
        };
        // Of two-letter names too many read alike.
        (reading.look.chars().count() > 2).then_some(Match { index, trick })
    }

    fn below(&self, reading: &Reading) -> Option<Match> {
        reading
            .below
            .split('.')
            .find_map(|label| self.word(label))
            .map(|index| Match {
                index,
                trick: Trick::Subdomain,
            })
    }

    /// A trusted name that `label` is, or has between hyphens.
    fn word(&self, label: &str) -> Option<usize> {
        std::iter::once(label)
            .chain(label.split('-'))
            .find_map(|word| {
                let look = look(word);
                (look.chars().count() >= SHORTEST_EDITED)
                    .then(|| self.by_look.get(&look).copied())
                    .flatten()
            })
    }

    fn one_edit(&self, reading: &Reading) -> Option<Match> {
        if reading.letters.chars().count() < SHORTEST_EDITED {
            return None;
        }
        let near = gaps(&reading.letters)
            .filter_map(|gap| self.by_gap.get(&gap))
            .flatten()
            .filter_map(|&index| {
                let known = self.readings.get(index)?;
                let trick = one_apart(&known.letters, &reading.letters)?;
                Some(Match { index, trick })
            });
        near.min_by_key(|near| near.index)
    }

    fn added(&self, reading: &Reading) -> Option<Match> {
        let glued = || {
            let look = &reading.look;
            let cuts = look.char_indices().map(|(at, _)| at);
            cuts.flat_map(|at| [&look[..at], &look[at..]])
                .filter(|part| part.len() < look.len() && part.chars().count() >= SHORTEST_GLUED)
                .find_map(|part| self.by_look.get(part).copied())
        };
        self.word(&reading.name).or_else(glued).map(|index| Match {
            index,
            trick: Trick::Added,
        })
    }
}

/// `name` without hyphens.
fn bare(name: &str) -> String {
    name.replace('-', "")
}

/// `letters`, and `letters` with each one taken out.
fn gaps(letters: &str) -> impl Iterator<Item = String> + '_ {
    let without = letters.char_indices().map(|(at, c)| {
        let mut gap = String::with_capacity(letters.len());
        gap.push_str(&letters[..at]);
        gap.push_str(&letters[at + c.len_utf8()..]);
        gap
    });
    std::iter::once(letters.to_string()).chain(without)
}

/// What one insertion, deletion, replacement or swap of neighbours makes one of the other.
fn one_apart(a: &str, b: &str) -> Option<Trick> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let (short, long) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 => {
            let (s, l) = (short.get(same + 1..)?, long.get(same + 1..)?);
            let swapped = short.get(same) == long.get(same + 1)
                && short.get(same + 1) == long.get(same)
                && short.get(same + 2..) == long.get(same + 2..);
            match (s == l, swapped) {
                (true, _) => Some(Trick::OneEdit),
                (false, true) => Some(Trick::Swapped),
                (false, false) => None,
            }
        }
        1 => (short.get(same..) == long.get(same + 1..)).then_some(Trick::OneEdit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRUSTED: [&str; 6] = [
        "contoso.com",
        "contoso.onmicrosoft.com",
        "fabrikam.com",
        "woodgrove.co.uk",
        "sap.com",
        "modern-bank.example",
    ];

    fn judge(domain: &str) -> Option<(&'static str, Trick)> {
        let looks = Looks::new(TRUSTED);
        let found = looks.find(&unicode(domain))?;
        Some((TRUSTED[found.index], found.trick))
    }

    #[test]
    fn forgeries_are_seen_through() {
        use Trick::{Added, OneEdit, OtherEnding, SameLook, Subdomain, Swapped};
        for (domain, of, trick) in [
            ("c0ntoso.com", "contoso.com", SameLook),
            ("C0NT0S0.com", "contoso.com", SameLook),
            ("fabrlkam.com", "fabrikam.com", SameLook),
            ("fabr1kam.de", "fabrikam.com", SameLook),
            ("vvoodgrove.co.uk", "woodgrove.co.uk", SameLook),
            ("woodgrove.uk", "woodgrove.co.uk", OtherEnding),
            ("modembank.example", "modern-bank.example", SameLook),
            ("contóso.com", "contoso.com", SameLook),
            // Cyrillic letters in part, then throughout.
            ("сontoso.com", "contoso.com", SameLook),
            ("xn--ontoso-hrf.com", "contoso.com", SameLook),
            ("ѕар.com", "sap.com", SameLook),
            ("contoso.co", "contoso.com", OtherEnding),
            ("contoso.com.au", "contoso.com", OtherEnding),
            ("contsoo.com", "contoso.com", Swapped),
            ("afbrikam.com", "fabrikam.com", Swapped),
            ("contosso.com", "contoso.com", OneEdit),
            ("contos.com", "contoso.com", OneEdit),
            ("fabricam.com", "fabrikam.com", OneEdit),
            ("contoso-partners.com", "contoso.com", Added),
            ("con-toso.com", "contoso.com", Added),
            ("secure-fabrikam.com", "fabrikam.com", Added),
            ("my-c0ntoso-login.net", "contoso.com", Added),
            ("fabrikamgroup.com", "fabrikam.com", Added),
            ("thewoodgrove.com", "woodgrove.co.uk", Added),
            ("contoso.com.evil.example", "contoso.com", Subdomain),
            ("login.c0ntoso.evil.example", "contoso.com", Subdomain),
            ("contoso-com.evil.example", "contoso.com", Subdomain),
        ] {
            assert_eq!(judge(domain), Some((of, trick)), "{domain}");
        }
    }

    #[test]
    fn others_are_left_alone() {
        for domain in [
            "contoso.com",
            "CONTOSO.COM.",
            "mail.contoso.com",
            "eu.mail.fabrikam.com",
            "woodgrove.co.uk",
            "adatum.com",
            "litware.example",
            "sapo.pt",
            "saps.com",
            "confetti.com",
            "fabrication.com",
            "co.uk",
            "com",
            "",
            ".",
            "..",
            "-",
            "a",
        ] {
            assert_eq!(judge(domain), None, "{domain:?}");
        }
    }

    #[test]
    fn many_questions_against_many_trusted_ones_are_cheap() {
        let trusted: Vec<String> = (0..2_000)
            .map(|n| format!("partner{n}company.com"))
            .collect();
        let looks = Looks::new(trusted.iter().map(String::as_str));
        let found = (0..5_000)
            .filter(|n| {
                looks
                    .find(&unicode(&format!("partner{n}compamy.com")))
                    .is_some()
            })
            .count();
        assert!(found >= 2_000);
    }

    proptest! {
        #[test]
        fn any_words_can_be_judged(domain in any::<String>(), trusted in prop::collection::vec(any::<String>(), 0..4)) {
            let looks = Looks::new(trusted.iter().map(String::as_str));
            let _ = looks.find(&unicode(&domain));
            let _ = looks.find(&domain);
        }

        #[test]
        fn nothing_looks_like_itself_or_its_parent(
            domain in "[a-z0-9äоа-]{1,12}(\\.[a-z0-9]{1,8}){0,3}",
            below in "[a-z]{1,5}",
        ) {
            let looks = Looks::new([domain.as_str()]);
            prop_assert_eq!(looks.find(&unicode(&domain)), None);
            prop_assert_eq!(looks.find(&unicode(&format!("{below}.{domain}"))), None);
        }

        #[test]
        fn one_edit_is_seen(at in 0usize..7, c in "[a-z]") {
            let mut name: Vec<char> = "contoso".chars().collect();
            name[at] = c.chars().next().unwrap();
            let domain = format!("{}.com", name.iter().collect::<String>());
            if domain != "contoso.com" {
                prop_assert!(judge(&domain).is_some(), "{}", domain);
            }
        }

        #[test]
        fn one_apart_both_ways(a in "[ab]{0,5}", b in "[ab]{0,5}") {
            prop_assert_eq!(one_apart(&a, &b), one_apart(&b, &a));
            prop_assert!(a != b || one_apart(&a, &b).is_none());
        }
    }
}
