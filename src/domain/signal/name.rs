//! Whether a name and a mail address can be one person's.
//!
//! The rule speaks only where it can read both: names in other than Latin letters, numbers, initials and role
//! mailboxes say nothing either way, and one part in common is enough.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Shortest part that is compared: two letters are found in anything.
const PART: usize = 3;

/// Mailboxes of a task, not of a person.
const ROLES: [&str; 16] = [
    "accounting",
    "accounts",
    "admin",
    "billing",
    "contact",
    "finance",
    "hello",
    "help",
    "info",
    "invoices",
    "mail",
    "office",
    "orders",
    "sales",
    "support",
    "team",
];

/// Whether nothing of `name` is to be found in `local`, the part of the address before the `@`.
pub(super) fn strange(name: &str, local: &str) -> bool {
    let (plain, spelt) = (fold(name, false), fold(name, true));
    let local = fold(local, false);
    let names: Vec<&str> = parts(&plain).chain(parts(&spelt)).collect();
    let locals: Vec<&str> = parts(&local).collect();
    let readable = |letters: &str| letters.chars().all(|c| c.is_ascii() || !c.is_alphabetic());
    // Fewer than two names are a nickname, a company or a mailbox.
    let judged = readable(&plain)
        && readable(&local)
        && parts(&plain).count() > 1
        && !locals.is_empty()
        && !locals.iter().any(|part| ROLES.contains(part));
    judged && !shares(&names, &locals, &joined(&local)) && !initials(&plain, &joined(&local))
}

/// Whether a part of the one begins, or stands in, a part of the other: `ben` is Benjamin.
fn shares(names: &[&str], locals: &[&str], joined: &str) -> bool {
    names.iter().any(|name| {
        let start: String = name.chars().take(4).collect();
        joined.contains(&start) || locals.iter().any(|part| name.contains(part))
    })
}

/// Whether `local` is made of beginnings of the names, each used once: `glh` and `ghopp` for Grace Lee Hopper.
fn initials(name: &str, local: &str) -> bool {
    let names = name.split(|c: char| !c.is_alphanumeric());
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).take(5).collect();
    made_of(local, &names)
}

fn made_of(local: &str, names: &[&str]) -> bool {
    local.is_empty()
        || names.iter().enumerate().any(|(at, name)| {
            let (mut rest, mut shared) = (names.to_vec(), 0);
            rest.remove(at);
            let same = local.chars().zip(name.chars());
            same.take_while(|(a, b)| a == b).any(|(c, _)| {
                shared += c.len_utf8();
                made_of(&local[shared..], &rest)
            })
        })
}

/// The parts long enough to compare, letters only.
fn parts(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !c.is_alphabetic())
        .filter(|part| part.chars().count() >= PART)
}

fn joined(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphabetic()).collect()
}

/// In lower case and without accents; with `spelt`, umlauts as two letters: `mueller`.
fn fold(words: &str, spelt: bool) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars().flat_map(char::to_lowercase) {
        let two = match (c, spelt) {
            ('ä', true) | ('æ', _) => "ae",
            ('ö' | 'ø', true) | ('œ', _) => "oe",
            ('ü', true) => "ue",
            ('å', true) => "aa",
            ('ß', _) => "ss",
            ('ł', _) => "l",
            ('ø', false) => "o",
            ('đ' | 'ð', _) => "d",
            ('þ', _) => "th",
            ('ı', _) => "i",
            _ => {
                let bare = std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c));
                out.extend(bare);
                continue;
            }
        };
        out.push_str(two);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_in_common_is_enough() {
        for (name, local) in [
            ("Grace Hopper", "grace.hopper"),
            ("Grace Hopper", "hopper"),
            ("Grace Hopper", "g.hopper"),
            ("Grace Hopper", "ghopper2"),
            ("Grace Hopper", "grace1906"),
            ("Grace Lee Hopper", "glh"),
            ("Grace Hopper", "gh"),
            ("Benjamin Fairbanks", "ben.f"),
            ("Dr. Jörg Müller", "joerg.mueller"),
            ("Jörg Müller", "muller"),
            ("Søren Nørgaard", "soren"),
            ("Łukasz Święcicki", "lukasz_swiecicki"),
            ("Nguyễn Thị Hạnh", "hanh.nguyenthi"),
            ("Katarzyna Żak", "katarzyna.zak"),
            ("Hopper, Grace (Fabrikam)", "ghop"),
            // Nothing can be said of these.
            ("芳川 ひな", "hina.yoshikawa"),
            ("Дмитро Коваленко", "x.y"),
            ("Grace", "amazing"),
            ("Grace Hopper", "info"),
            ("Grace Hopper", "4711"),
            ("Grace Hopper", "u004711"),
            ("", "ada"),
            ("Fabrikam Accounts", "accounts"),
        ] {
            assert!(!strange(name, local), "{name} {local}");
        }
    }

    #[test]
    fn somebody_else_s_address_is_noticed() {
        for (name, local) in [
            ("Grace Hopper", "bob.miller"),
            ("Brandon Whitlock", "xk.trading"),
            ("Jörg Müller", "sabine.kessler"),
            ("Adele Vance", "crypto-desk"),
        ] {
            assert!(strange(name, local), "{name} {local}");
        }
    }
}
