//! How a domain reads: decoded, cut into its parts, and as a quick eye takes its letters.

use unicode_normalization::char::is_combining_mark;

/// Longest name judged, in characters; DNS ends at 63 a label.
const LONGEST: usize = 80;

/// A domain in the form people read, cut where it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The labels before the registered name, joined by dots.
    pub(super) below: String,
    /// The registered name without its ending: `contoso` of `mail.contoso.co.uk`.
    pub(super) name: String,
    /// Its letters; what an edit is counted on.
    pub(super) letters: String,
    /// `name` as it looks.
    pub(super) look: String,
}

/// In lower case, without dots at its ends, `xn--` decoded where that can be done.
pub(super) fn unicode(domain: &str) -> String {
    let domain = domain.trim().trim_matches('.');
    if domain.len() > 4 * 255 {
        return domain.chars().take(255).collect::<String>().to_lowercase();
    }
    idna::domain_to_unicode(domain).0
}

/// Second labels that stand between a country's ending and the registered name.
const SECOND: [&str; 20] = [
    "ac", "co", "com", "edu", "gob", "gouv", "gov", "gv", "id", "in", "ltd", "me", "ne", "net",
    "nom", "or", "org", "plc", "sch", "go",
];

/// Endings under which anybody gets a name from somebody else than a registry.
const SHARED: [&str; 4] = [
    "onmicrosoft.com",
    "onmicrosoft.us",
    "partner.onmschina.cn",
    "onmicrosoft.de",
];

/// How many labels of `labels` belong to the ending.
fn ending(labels: &[&str]) -> usize {
    let whole = labels.join(".");
    for shared in SHARED {
        if whole.ends_with(&format!(".{shared}")) {
            return shared.split('.').count();
        }
    }
    match labels {
        [_, .., second, top] if labels.len() > 2 && top.len() == 2 && SECOND.contains(second) => 2,
        [_, _, ..] => 1,
        _ => 0,
    }
}

impl Reading {
    pub(super) fn new(unicode: &str) -> Self {
        let labels: Vec<&str> = unicode.split('.').collect();
        let registered = labels.len() - ending(&labels);
        let (below, name) = match &labels[..registered] {
            [below @ .., name] => (below.join("."), (*name).to_string()),
            [] => (String::new(), unicode.to_string()),
        };
        Self {
            below,
            letters: letters(&name),
            look: look(&name),
            name,
        }
    }
}

/// The letters of `name` as a quick eye takes them: letters of other scripts, accents, look-alike digits and
/// hyphens are gone.
fn letters(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut buffer = [0; 4];
    for c in name.chars().take(LONGEST).flat_map(char::to_lowercase) {
        match c {
            '-' | '_' | '\u{2010}'..='\u{2015}' => {}
            '0' => out.push('o'),
            '1' | 'i' => out.push('l'),
            '3' => out.push('e'),
            '5' => out.push('s'),
            c if c.is_ascii() => out.push(c),
            c => out.extend(
                unicode_security::skeleton(c.encode_utf8(&mut buffer))
                    .flat_map(char::to_lowercase)
                    .filter(|c| !is_combining_mark(*c))
                    .map(|c| if matches!(c, 'i' | '|') { 'l' } else { c }),
            ),
        }
    }
    out
}

/// What `name` looks like at a glance: its letters, with two that read as one taken together. Two names with
/// the same look are easily taken for each other.
pub(super) fn look(name: &str) -> String {
    let letters = letters(name);
    let mut out = String::with_capacity(letters.len());
    for c in letters.chars() {
        let one = match (out.chars().next_back(), c) {
            (Some('r'), 'n') => Some('m'),
            (Some('v'), 'v') => Some('w'),
            (Some('c'), 'l') => Some('d'),
            _ => None,
        };
        if one.is_some() {
            out.pop();
        }
        out.push(one.unwrap_or(c));
    }
    out
}
