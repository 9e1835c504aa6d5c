//! Mail addresses and their domains.

/// The domain of a mail address in lower case, without a trailing dot; empty where there is none.
pub fn domain(mail: &str) -> String {
    mail.rsplit_once('@')
        .map(|(_, domain)| domain.trim().trim_end_matches('.').to_lowercase())
        .unwrap_or_default()
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
    if let Some(bad) = address
        .chars()
        .find(|c| FORBIDDEN.contains(*c) || c.is_whitespace() || c.is_control())
    {
        return Err(if bad == '+' {
            "Graph does not invite addresses with a +".into()
        } else if bad.is_whitespace() {
            "A mail address has no spaces".into()
        } else {
            format!("Graph does not invite addresses with {bad:?}")
        });
    }
    if !edge_safe(local) || !edge_safe(domain) {
        return Err("A dot or a hyphen stands neither first nor last in an address".into());
    }
    if !domain.contains('.') {
        return Err("The domain after the @ is not complete".into());
    }
    if address.len() > 254 {
        return Err("A mail address has at most 254 characters".into());
    }
    Ok(())
}

/// Whether an address can be one of somebody from outside; `own` are the tenant's domains.
///
/// # Errors
/// Why not: what is wrong with it, or that it is of one of the tenant's own domains.
pub fn from_outside(address: &str, own: &[String]) -> Result<(), String> {
    check(address)?;
    let domain = domain(address);
    if own.contains(&domain) {
        return Err(format!(
            "{domain} is your own domain; its people are no guests"
        ));
    }
    Ok(())
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
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        for good in [
            "ada@fabrikam.com",
            "_ada.l-x@sub.fabrikam.com",
            "žofie@fabrikam.cz",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }
}
