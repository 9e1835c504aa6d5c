//! Rules about the mail domain: what it looks like, whose it is, and whether its people are let in.

use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection};

use super::SignalFacts;
use crate::domain::package::OrganizationState;
use crate::domain::request::Request;
use crate::domain::signal::reading::unicode;
use crate::domain::signal::{Owner, Signal};
use crate::domain::text::Text;

pub(super) fn rules(request: &Request, facts: &SignalFacts, found: &mut Vec<Signal>) {
    // What is no person has no address that could be taken for another's.
    if !request.subject().is_person() {
        return;
    }
    let domain = request.subject().domain();
    found.extend(organization(request, &domain, facts));
    if domain.is_empty() {
        return;
    }
    found.extend(look_alike(&domain, facts));
    found.extend(mixed_script(&domain));
    found.extend(punycode(&domain));
    found.extend(consumer_domain(&domain, facts));
    found.extend(blocked(request, &domain, facts));
    found.extend(burst(request, &domain, facts));
}

fn look_alike(domain: &str, facts: &SignalFacts) -> Option<Signal> {
    if facts.mail.kind(domain).is_some() {
        return None;
    }
    let trusted = facts.known.looks_like(domain);
    let trusted = trusted.map(|(of, owner, trick)| (of, owner.clone(), trick));
    let (of, owner, trick) = trusted.or_else(|| {
        let (of, guests, trick) = facts.guest_domains.looks_like(domain)?;
        let stranger = !facts.known.trusts(domain);
        stranger.then_some((of, Owner::Guests(guests), trick))
    })?;
    Some(Signal::LookAlike {
        domain: Text::new(&unicode(domain)),
        of: of.clone(),
        owner,
        trick,
    })
}

/// Mixed as no language mixes: Japanese, Chinese and Korean write Latin letters among their own (UTS 39,
/// "highly restrictive"), and each label may have its own script.
fn mixed_script(domain: &str) -> Option<Signal> {
    if domain.is_ascii() && !domain.contains("xn--") {
        return None;
    }
    let shown = unicode(domain);
    let mixed = |label: &str| {
        !label.is_single_script()
            && label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive
    };
    shown.split('.').any(mixed).then(|| Signal::MixedScript {
        domain: Text::new(&shown),
    })
}

fn punycode(domain: &str) -> Option<Signal> {
    let written = domain
        .split('.')
        .any(|label| label.starts_with("xn--") || !label.is_ascii());
    written.then(|| Signal::Punycode {
        ascii: Text::new(&idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_string())),
        shown: Text::new(&unicode(domain)),
    })
}

fn consumer_domain(domain: &str, facts: &SignalFacts) -> Option<Signal> {
    facts.mail.kind(domain).map(|kind| Signal::ConsumerDomain {
        domain: Text::new(domain),
        kind,
    })
}

fn organization(request: &Request, domain: &str, facts: &SignalFacts) -> Option<Signal> {
    if facts.known.own(domain) {
        return None;
    }
    match facts.known.organization(request.subject()) {
        Some(organization) if organization.state == OrganizationState::Proposed => {
            Some(Signal::ProposedOrganization {
                name: organization.name.clone(),
            })
        }
        Some(_) => None,
        // The service knows one that is not in our list: it may not have been read yet.
        None if request.subject().organization.is_some() || domain.is_empty() => None,
        None => Some(Signal::NoOrganization {
            domain: Text::new(domain),
        }),
    }
}

/// Who is in already was let in: such lists do not touch them (allow-deny-list).
fn blocked(request: &Request, domain: &str, facts: &SignalFacts) -> Option<Signal> {
    if facts.known.own(domain) || (facts.guest)(request.subject()).is_some() {
        return None;
    }
    let organization = facts.known.organization(request.subject());
    let mut tenants = organization.into_iter().flat_map(|one| &one.tenants);
    let barrier = match facts.borders.barrier(domain, None) {
        None => tenants.find_map(|tenant| facts.borders.barrier(domain, Some(tenant))),
        listed => listed,
    }?;
    Some(Signal::Blocked {
        domain: Text::new(domain),
        barrier,
    })
}

/// Strangers in a crowd: a domain that nobody is from yet and no administrator has connected.
fn burst(request: &Request, domain: &str, facts: &SignalFacts) -> Option<Signal> {
    let burst = facts.crowd.burst(domain)?;
    let connected = facts
        .known
        .organization(request.subject())
        .is_some_and(|one| one.state == OrganizationState::Configured);
    let known = connected
        || facts.known.own(domain)
        || facts.guest_domains.guests(domain) > 0
        || facts.mail.kind(domain).is_some();
    (!known).then(|| Signal::Burst {
        domain: Text::new(domain),
        burst,
    })
}
