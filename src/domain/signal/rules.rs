//! The rules, each on its own.

use jiff::{SignedDuration, Timestamp};
use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection};

use super::reading::unicode;
use super::{Denials, KnownDomains, Signal, consumer};
use crate::domain::guest::{Guest, Standing};
use crate::domain::package::OrganizationState;
use crate::domain::policy::Policy;
use crate::domain::request::{Person, Request};
use crate::domain::text::{Removed, Text};

/// Automatic denial counts as near from here on.
pub const NEAR: SignedDuration = SignedDuration::from_hours(48);

/// What the rules look at beside the request itself. Cheap to make for each request.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The tenant's own domains and the connected organizations.
    pub known: &'a KnownDomains,
    /// Who was denied before.
    pub denials: &'a Denials,
    /// The account of a person, if there is one.
    pub guest: &'a dyn Fn(&Person) -> Option<&'a Guest>,
    /// The policy that governs this request, where it is known.
    pub policy: Option<&'a Policy>,
    /// The time.
    pub now: Timestamp,
}

/// All signals of `request`, the heaviest first.
pub fn signals(request: &Request, facts: &Facts) -> Vec<Signal> {
    let domain = request.requestor.domain();
    let found = [
        look_alike(&domain, facts),
        mixed_script(&domain),
        punycode(&domain),
        consumer_domain(&domain),
        organization(request, &domain, facts),
        denied_before(request, facts),
        already_guest(request, facts),
        hidden_characters(request),
        denial_near(request, facts),
    ];
    let mut signals: Vec<Signal> = found.into_iter().flatten().collect();
    signals.sort_by_key(|signal| std::cmp::Reverse(signal.weight()));
    signals
}

fn look_alike(domain: &str, facts: &Facts) -> Option<Signal> {
    if consumer::kind(domain).is_some() {
        return None;
    }
    let (of, owner, trick) = facts.known.looks_like(domain)?;
    Some(Signal::LookAlike {
        domain: Text::new(&unicode(domain)),
        of: of.clone(),
        owner: owner.clone(),
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

fn consumer_domain(domain: &str) -> Option<Signal> {
    consumer::kind(domain).map(|kind| Signal::ConsumerDomain {
        domain: Text::new(domain),
        kind,
    })
}

fn organization(request: &Request, domain: &str, facts: &Facts) -> Option<Signal> {
    if facts.known.own(domain) {
        return None;
    }
    match facts.known.organization(&request.requestor) {
        Some(organization) if organization.state == OrganizationState::Proposed => {
            Some(Signal::ProposedOrganization {
                name: organization.name.clone(),
            })
        }
        Some(_) => None,
        // The service knows one that is not in our list: it may not have been read yet.
        None if request.requestor.organization.is_some() => None,
        None => Some(Signal::NoOrganization {
            domain: Text::new(domain),
        }),
    }
}

fn denied_before(request: &Request, facts: &Facts) -> Option<Signal> {
    let denial = facts.denials.of(&request.requestor)?;
    Some(Signal::DeniedBefore(denial.clone()))
}

fn already_guest(request: &Request, facts: &Facts) -> Option<Signal> {
    let guest = (facts.guest)(&request.requestor)?;
    let standing = match guest.standing(facts.now) {
        // Without a sign-in that was read nobody knows whether they stay away.
        Standing::Stale if guest.last_sign_in.is_none() => Standing::Active,
        standing => standing,
    };
    Some(Signal::AlreadyGuest {
        since: guest.created,
        standing,
    })
}

fn hidden_characters(request: &Request) -> Option<Signal> {
    let person = &request.requestor;
    let answers = request
        .answers
        .iter()
        .map(|answer| ("answers", &answer.answer));
    let all = [
        ("name", &person.name),
        ("mail address", &person.mail),
        ("justification", &request.justification),
    ];
    let mut fields: Vec<&'static str> = Vec::new();
    let mut removed = Removed::default();
    for (field, text) in all.into_iter().chain(answers) {
        let part = text.removed();
        if part.any() {
            removed.controls |= part.controls;
            removed.bidi |= part.bidi;
            removed.invisible |= part.invisible;
            removed.excess |= part.excess;
            if fields.last() != Some(&field) {
                fields.push(field);
            }
        }
    }
    (!fields.is_empty()).then_some(Signal::HiddenCharacters { fields, removed })
}

fn denial_near(request: &Request, facts: &Facts) -> Option<Signal> {
    let left = request.denial_at(facts.policy)?.duration_since(facts.now);
    (left < NEAR).then(|| Signal::DenialNear {
        left: left.max(SignedDuration::ZERO),
    })
}
