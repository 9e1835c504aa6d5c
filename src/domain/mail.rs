//! Mail addresses and their domains.

use percent_encoding::percent_decode_str;
use unicode_normalization::char::is_combining_mark;

use super::text::Text;

/// The domain of a mail address in its [`one_form`]; empty where there is none.
pub fn domain(mail: &str) -> String {
    mail.rsplit_once('@')
        .map(|(_, domain)| one_form(domain))
        .unwrap_or_default()
}

/// A domain in the one form in which domains are compared: lower case, without a trailing dot, and what has other
/// letters than a to z in punycode, as it goes over the wire. One that has no such form stays as it is.
pub fn one_form(domain: &str) -> String {
    let domain = domain.trim().trim_end_matches('.');
    let plain = || domain.to_lowercase();
    if domain.is_ascii() {
        return plain();
    }
    idna::domain_to_ascii(domain).unwrap_or_else(|_| plain())
}

/// An address in the form in which addresses are compared: lower case, with its domain in [`one_form`].
pub fn key(address: &str) -> String {
    let lower = address.to_lowercase();
    match lower.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => format!("{local}@{}", one_form(domain)),
        _ => lower,
    }
}

/// Whether two addresses are the same one.
pub fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || key(one) == key(other)
}

/// The ways in which an address may be on record somewhere: as it is, and with its domain in the other form where it
/// has two.
pub fn spellings(address: &str) -> Vec<String> {
    let mut all = vec![address.to_owned()];
    if let Some((local, domain)) = address.rsplit_once('@') {
        let ascii = one_form(domain);
        let unicode = idna::domain_to_unicode(&ascii).0;
        let others = [ascii, unicode].map(|form| format!("{local}@{form}"));
        let new = |other: &String| other.to_lowercase() != address.to_lowercase();
        all.extend(others.into_iter().filter(new));
        all.dedup();
    }
    all
}

/// The address a principal name was made of: `ada_fabrikam.com#EXT#@contoso.onmicrosoft.com` is of
/// `ada@fabrikam.com` (user-properties). Others are addresses themselves.
pub fn of_principal(principal: &str) -> String {
    let marked = principal.to_ascii_uppercase().find("#EXT#");
    let made_of = marked.and_then(|at| principal.get(..at)?.rsplit_once('_'));
    match made_of {
        Some((name, domain)) if domain.contains('.') => format!("{name}@{domain}"),
        _ => principal.to_owned(),
    }
}

/// An address taken out of what somebody wrote or pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAddress {
    /// The address alone. It is shown, and it is what is sent, to the letter.
    pub address: String,
    /// The name that stood with it; empty where none did.
    pub name: Text,
}

impl MailAddress {
    /// What was taken out of `written`, in a sentence; `None` where it is the address and nothing else.
    pub fn told(&self, written: &str) -> Option<String> {
        let address = &self.address;
        let name = self.name.or("");
        match (written.trim() == address, name) {
            (true, _) => None,
            (false, "") => Some(format!("Read as {address}.")),
            (false, name) => Some(format!("Read as {address}, with the name {name}.")),
        }
    }
}

/// Takes apart what somebody wrote or pasted: `Ada <ada@fabrikam.com>`, `mailto:…`, with blanks, quotes or brackets
/// around it, and a dot or comma behind. A domain with other letters than a to z is turned into its [`one_form`].
///
/// # Errors
/// A sentence without its end that says why there is no one address in it.
pub fn read(written: &str) -> Result<MailAddress, String> {
    let whole = peel(written);
    let (name, bare) = match (whole.rfind('<'), whole.find('(')) {
        (Some(at), _) if whole.ends_with('>') => (&whole[..at], &whole[at..]),
        (_, Some(at)) if whole.ends_with(')') && at > 0 => (&whole[at..], &whole[..at]),
        _ => ("", whole),
    };
    let bare = bare_of(bare);
    let (local, domain) = bare
        .rsplit_once('@')
        .ok_or("A mail address has an @ in it")?;
    if bare.contains([',', ';', '<']) && local.contains('@') {
        return Err(SEVERAL.into());
    }
    if bare.contains(char::is_whitespace) {
        return Err("A mail address has no spaces".into());
    }
    if bare.len() > 254 {
        return Err("A mail address has at most 254 characters".into());
    }
    if Text::new(&bare).as_str() != bare {
        return Err("There are characters in it that nobody sees; type it instead".into());
    }
    let address = if domain.is_ascii() {
        bare.clone()
    } else {
        let domain = idna::domain_to_ascii(domain)
            .map_err(|_| "The domain after the @ is none that mail can go to")?;
        format!("{local}@{domain}")
    };
    let name = peel(name);
    if name.contains('@') {
        // Some programs repeat the address as the name; any other one is not what it seems.
        return match read(name) {
            Ok(same) if same.address.to_lowercase() == address.to_lowercase() => Ok(MailAddress {
                address,
                name: Text::default(),
            }),
            _ => Err(SEVERAL.into()),
        };
    }
    let name = Text::new(name);
    Ok(MailAddress { address, name })
}

const SEVERAL: &str = "There are several addresses in it; give one at a time";

/// Without what surrounds an address in a mail, a document or a list.
fn peel(written: &str) -> &str {
    const PAIRS: [(char, char); 10] = [
        ('<', '>'),
        ('(', ')'),
        ('[', ']'),
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('“', '”'),
        ('„', '“'),
        ('‘', '’'),
        ('«', '»'),
    ];
    let mut rest = written;
    loop {
        let blank = |c: char| {
            let gone = Text::new(c.encode_utf8(&mut [0; 4])).removed();
            c.is_whitespace() || gone.controls || gone.bidi || gone.invisible
        };
        let mut next = rest.trim_matches(blank).trim_end_matches(['.', ',', ';']);
        let inner = PAIRS.iter().find_map(|(open, close)| {
            let inner = next.strip_prefix(*open)?.strip_suffix(*close)?;
            (!inner.contains([*open, *close])).then_some(inner)
        });
        next = inner.unwrap_or(next);
        if next == rest {
            return rest;
        }
        rest = next;
    }
}

/// The address inside its brackets and quotes, or behind `mailto:`.
fn bare_of(written: &str) -> String {
    const SCHEME: &str = "mailto:";
    let bare = peel(written);
    match bare.get(..SCHEME.len()) {
        Some(scheme) if scheme.eq_ignore_ascii_case(SCHEME) => {
            let link = bare[SCHEME.len()..].split('?').next().unwrap_or_default();
            peel(&percent_decode_str(link).decode_utf8_lossy()).to_owned()
        }
        _ => bare.to_owned(),
    }
}

/// Whether `part` stands only in places where Graph allows it. See [`check`].
fn edge_safe(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with(['.', '-'])
        && !part.ends_with(['.', '-'])
        && !part.contains("..")
}

/// Checks an address as Graph checks the one of an invitation: no special characters (so no
/// plus-addressing), `.` and `-` neither first nor last.
///
/// # Errors
/// A sentence that says what is wrong (invitation resource, "invitedUserEmailAddress").
pub fn check(address: &str) -> Result<(), String> {
    const FORBIDDEN: &str = "~!#$%^&*()+=[]{}\\/|;:\"<>?,";
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Err("A mail address has an @ in it".into());
    };
    if local.contains('@') {
        return Err("A mail address has one @ only".into());
    }
    let sign = |c: &char| !c.is_ascii() && !c.is_alphanumeric() && !is_combining_mark(*c);
    let odd = |c: &char| FORBIDDEN.contains(*c) || c.is_whitespace() || c.is_control() || sign(c);
    if let Some(bad) = address.chars().find(odd) {
        return Err(match bad {
            '+' => "Graph does not invite addresses with a +".into(),
            bad if bad.is_whitespace() => "A mail address has no spaces".into(),
            '‘' | '’' => "The apostrophe in it is a typographic one; write '".into(),
            bad => format!("Graph does not invite addresses with {bad:?}"),
        });
    }
    if !edge_safe(local) || !edge_safe(domain) {
        return Err("A dot or a hyphen stands neither first nor last in an address".into());
    }
    if !domain.contains('.') {
        return Err("The domain after the @ is not complete".into());
    }
    if !domain
        .split('.')
        .all(|label| edge_safe(label) && label.len() <= 63)
    {
        return Err("The domain after the @ is none that mail can go to".into());
    }
    if address.len() > 254 {
        return Err("A mail address has at most 254 characters".into());
    }
    Ok(())
}

/// Takes apart what somebody wrote, as [`read`] does, and looks whether it can be somebody's from outside; `own` are
/// the tenant's domains.
///
/// # Errors
/// Why not: what is wrong with it, or that it is of one of the tenant's own domains.
pub fn from_outside(written: &str, own: &[String]) -> Result<MailAddress, String> {
    let found = read(written)?;
    check(&found.address)?;
    let domain = domain(&found.address);
    if own.iter().any(|own| one_form(own) == domain) {
        return Err(format!(
            "{domain} is your own domain; its people are no guests"
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_what_follows_the_last_at() {
        assert_eq!(domain("Ada@Fabrikam.COM."), "fabrikam.com");
        assert_eq!(domain("\"a@b\"@fabrikam.com"), "fabrikam.com");
        assert_eq!(domain("nobody"), "");
    }

    #[test]
    fn a_domain_has_one_form_however_it_is_written() {
        for same in [
            "ada@bücher.example",
            "Ada@BÜCHER.example.",
            "ada@bu\u{308}cher.example",
            "ada@xn--bcher-kva.example",
            "ada@XN--BCHER-KVA.EXAMPLE",
        ] {
            assert_eq!(domain(same), "xn--bcher-kva.example", "{same}");
        }
        assert_eq!(
            spellings("Ada@xn--bcher-kva.example"),
            ["Ada@xn--bcher-kva.example", "Ada@bücher.example"]
        );
        assert_eq!(spellings("Ada@fabrikam.com"), ["Ada@fabrikam.com"]);
        assert_eq!(spellings("ada"), ["ada"]);
        assert!(same("Ada@Bücher.example", "ada@xn--bcher-kva.example"));
        assert!(same("Ada@fabrikam.com", "ada@FABRIKAM.com"));
        assert!(!same("ada@bücher.example", "ada@bucher.example"));
    }

    #[test]
    fn what_is_pasted_is_taken_apart() {
        for (written, name) in [
            ("ada@fabrikam.com", ""),
            ("  ada@fabrikam.com\t", ""),
            ("\u{a0}\u{200b}ada@fabrikam.com\u{feff}", ""),
            ("ada@fabrikam.com.", ""),
            ("ada@fabrikam.com,", ""),
            ("<ada@fabrikam.com>;", ""),
            ("\"ada@fabrikam.com\"", ""),
            ("'ada@fabrikam.com'", ""),
            ("“ada@fabrikam.com”", ""),
            ("(ada@fabrikam.com)", ""),
            ("'<ada@fabrikam.com>'.", ""),
            ("mailto:ada@fabrikam.com", ""),
            (
                "MAILTO:ada%40fabrikam.com?subject=Hello&cc=bob@fabrikam.com",
                "",
            ),
            ("<mailto:ada@fabrikam.com>", ""),
            ("Ada <ada@fabrikam.com>", "Ada"),
            ("Ada<ada@fabrikam.com>", "Ada"),
            ("\"Lovelace, Ada\" <ada@fabrikam.com>;", "Lovelace, Ada"),
            ("Lovelace, Ada <mailto:ada@fabrikam.com>", "Lovelace, Ada"),
            ("ada@fabrikam.com (Ada Lovelace)", "Ada Lovelace"),
            ("ada@fabrikam.com <ada@fabrikam.com>", ""),
            ("'ada@fabrikam.com' <ada@fabrikam.com>", ""),
            ("Ada\u{202e} <ada@fabrikam.com>", "Ada"),
        ] {
            let found = read(written).unwrap();
            assert_eq!(found.address, "ada@fabrikam.com", "{written}");
            assert_eq!(found.name.as_str(), name, "{written}");
        }
        // As it was written, or as it goes over the wire.
        assert_eq!(
            read("Ada@Fabrikam.com").unwrap().address,
            "Ada@Fabrikam.com"
        );
        let address = read("Ada <ada@Bücher.example>").unwrap().address;
        assert_eq!(address, "ada@xn--bcher-kva.example");
        // Who is in already may have what nobody could be invited with.
        assert_eq!(
            read("ada+x@fabrikam.com").unwrap().address,
            "ada+x@fabrikam.com"
        );
    }

    #[test]
    fn what_is_no_one_address_is_refused() {
        for wrong in [
            "",
            "ada",
            "Ada <ada>",
            "ada@fabrikam.com, bob@fabrikam.com",
            "ada@fabrikam.com;bob@fabrikam.com",
            "Ada <ada@fabrikam.com>, Bob <bob@fabrikam.com>",
            "mailto:ada@fabrikam.com,bob@fabrikam.com",
            "ada@contoso.com <mallory@fabrikam.com>",
            "ada@fabrikam.com bob",
            "a\u{200b}da@fabrikam.com",
            "ada@fabri\u{202e}kam.com",
            "ada＠fabrikam.com",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nobody_of_a_domain_of_ones_own_comes_from_outside() {
        let own = ["contoso.com".to_owned(), "bücher.example".to_owned()];
        for inside in [
            "ada@contoso.com",
            "Ada <Ada@CONTOSO.com.>",
            "mailto:ada@contoso.com",
            "ada@xn--bcher-kva.example",
            "ada@Bücher.example",
        ] {
            assert!(from_outside(inside, &own).is_err(), "{inside}");
        }
        for outside in ["ada@notcontoso.com", "ada@contoso.com.fabrikam.com"] {
            assert!(from_outside(outside, &own).is_ok(), "{outside}");
        }
    }

    #[test]
    fn a_principal_name_tells_the_address_it_was_made_of() {
        for (principal, address) in [
            (
                "ida_l_north.example#EXT#@contoso.onmicrosoft.com",
                "ida_l@north.example",
            ),
            ("ida_north.example#ext#@contoso.com", "ida@north.example"),
            ("ida_n.o@contoso.com", "ida_n.o@contoso.com"),
            ("ida#EXT#@contoso.com", "ida#EXT#@contoso.com"),
            ("", ""),
        ] {
            assert_eq!(of_principal(principal), address);
        }
    }

    #[test]
    fn refuses_what_graph_refuses() {
        for bad in [
            "ada",
            "ada+x@fabrikam.com",
            ".ada@fabrikam.com",
            "ada@-fabrikam.com",
            "a b@c.de",
            "ada@fabrikam",
            "a@b@c.de",
            "o’neill@fabrikam.com",
            "ada@fabrikam-.com",
            "ada@fabrikam..com",
            "ada@fabrikam.com-",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        for good in [
            "ada@fabrikam.com",
            "_ada.l-x@sub.fabrikam.com",
            "žofie@fabrikam.cz",
            "o'neill@fabrikam.com",
            "ada@xn--bcher-kva.example",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }
}
