use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::domain::guest::{Guest, Redemption};
use crate::domain::id::{OrganizationId, PolicyId, RequestId, StageId, UserId};
use crate::domain::package::{Organization, OrganizationState};
use crate::domain::policy::{Expiration, Policy, PolicyStage, Scope};
use crate::domain::request::{
    Answer, Person, Request, RequestKind, RequestState, ReviewResult, Stage, StageStatus,
};

fn request(mail: &str) -> Request {
    Request {
        id: RequestId::new("r1").unwrap(),
        kind: RequestKind::UserAdd,
        state: RequestState::PendingApproval,
        status: Text::default(),
        created: Some(Timestamp::UNIX_EPOCH),
        completed: None,
        justification: "Q3 audit".into(),
        requestor: Person {
            user: None,
            name: "Grace Hopper".into(),
            mail: mail.into(),
            organization: None,
        },
        package: None,
        package_name: "Supplier Hub".into(),
        policy: None,
        until: None,
        answers: Vec::new(),
        stages: None,
    }
}

fn denied(id: &str, mail: &str, day: i64, reason: &str) -> Request {
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day);
    Request {
        id: RequestId::new(id).unwrap(),
        state: RequestState::Denied,
        completed: Some(at),
        stages: Some(vec![Stage {
            id: StageId::new("s").unwrap(),
            status: StageStatus::Completed,
            result: ReviewResult::Denied,
            mine: false,
            reviewer: "Megan Bowen".into(),
            reviewed: Some(at),
            justification: reason.into(),
        }]),
        ..request(mail)
    }
}

fn organization(id: &str, name: &str, state: OrganizationState, domain: &str) -> Organization {
    Organization {
        id: OrganizationId::new(id).unwrap(),
        name: name.into(),
        state,
        domains: vec![domain.into()],
    }
}

fn known() -> KnownDomains {
    KnownDomains::new(
        &["contoso.com".into(), "contoso.onmicrosoft.com".into()],
        &[
            organization(
                "o1",
                "Fabrikam",
                OrganizationState::Configured,
                "fabrikam.com",
            ),
            organization(
                "o2",
                "Tailwind",
                OrganizationState::Proposed,
                "tailwind.example",
            ),
            organization("o3", "Forger", OrganizationState::Proposed, "fabrikarn.com"),
        ],
    )
}

fn policy(days: i64) -> Policy {
    Policy {
        id: PolicyId::new("p1").unwrap(),
        name: "Suppliers".into(),
        description: Text::default(),
        package: None,
        package_name: Text::default(),
        catalog: None,
        scope: Scope::AllExternal,
        targets: Vec::new(),
        accepts_requests: true,
        approval_required: true,
        requestor_justification: false,
        stages: vec![PolicyStage {
            deny_after: Some(SignedDuration::from_hours(24 * days)),
            ..PolicyStage::default()
        }],
        expiration: Expiration::Never,
        questions: Vec::new(),
    }
}

fn judge(request: &Request, denials: &Denials, guest: Option<&Guest>) -> Vec<Signal> {
    signals(
        request,
        &Facts {
            known: &known(),
            denials,
            guest: &|_| guest,
            policy: None,
            now: Timestamp::UNIX_EPOCH,
        },
    )
}

fn words(mail: &str) -> Vec<&'static str> {
    judge(&request(mail), &Denials::default(), None)
        .iter()
        .map(Signal::word)
        .collect()
}

#[test]
fn a_mail_address_tells_a_lot() {
    for (mail, expected) in [
        ("ada@fabrikam.com", &[][..]),
        ("ada@contoso.com", &[]),
        ("ada@eu.contoso.com", &[]),
        ("ada@adatum.com", &["no-org"]),
        ("ada@tailwind.example", &["proposed-org"]),
        ("ada@gmail.com", &["consumer", "no-org"]),
        ("ada@mailinator.com", &["consumer", "no-org"]),
        ("ada@c0ntoso.com", &["lookalike", "no-org"]),
        ("ada@fabrikam.co", &["lookalike", "no-org"]),
        // A proposed organization is not yet trusted, and can itself be a forgery.
        ("ada@fabrikarn.com", &["lookalike", "proposed-org"]),
        ("ada@tailwlnd.example", &["no-org"]),
        ("ada@münchen.example", &["punycode", "no-org"]),
        ("ada@xn--mnchen-3ya.example", &["punycode", "no-org"]),
        ("ada@日本語とabc.example", &["punycode", "no-org"]),
        (
            "ada@fabrikаm.com",
            &["lookalike", "mixed-script", "punycode", "no-org"],
        ),
        ("", &["no-org"]),
    ] {
        assert_eq!(words(mail), expected, "{mail}");
    }
}

#[test]
fn a_look_alike_of_ones_own_weighs_most_and_says_why() {
    let why = |mail| judge(&request(mail), &Denials::default(), None)[0].why();
    assert_eq!(
        why("ada@c0ntoso.com"),
        "c0ntoso.com looks like contoso.com, your own domain"
    );
    assert_eq!(
        why("ada@fabrikam-pay.com"),
        "fabrikam-pay.com is fabrikam.com, the domain of the connected organization Fabrikam, with something added"
    );
    let weight = |mail| judge(&request(mail), &Denials::default(), None)[0].weight();
    assert!(weight("ada@c0ntoso.com") > weight("ada@fabr1kam.com"));
}

#[test]
fn the_organization_the_service_names_counts_even_without_a_domain() {
    let mut request = request("ada@new.example");
    request.requestor.organization = Some(OrganizationId::new("o1").unwrap());
    assert!(judge(&request, &Denials::default(), None).is_empty());
    request.requestor.organization = Some(OrganizationId::new("o2").unwrap());
    assert_eq!(
        judge(&request, &Denials::default(), None)[0].word(),
        "proposed-org"
    );
}

#[test]
fn an_organization_known_by_its_tenant_gets_its_domain_from_its_people() {
    let tenant_only = Organization {
        domains: Vec::new(),
        ..organization("o4", "Woodgrove Bank", OrganizationState::Configured, "")
    };
    let known = KnownDomains::new(&[], &[tenant_only]);
    let mut person = request("erin@woodgrovebank.com").requestor;
    person.organization = Some(OrganizationId::new("o4").unwrap());
    assert_eq!(known.looks_like("woodgr0vebank.com"), None);
    let known = known.learn([&person]);
    let (of, _, trick) = known.looks_like("woodgr0vebank.com").unwrap();
    assert_eq!((of.as_str(), trick), ("woodgrovebank.com", Trick::SameLook));
    assert_eq!(known.looks_like("woodgrovebank.com"), None);
}

#[test]
fn earlier_denials_are_counted_once_each_and_the_last_is_quoted() {
    let past = [
        denied("a", "Ada@Fabrikam.com", 30, "no contract"),
        denied("b", "ada@fabrikam.com", 10, "wrong package"),
        denied("b", "ada@fabrikam.com", 10, "wrong package"),
        denied("c", "bob@fabrikam.com", 40, "unknown"),
        request("ada@fabrikam.com"),
    ];
    let denials: Denials = past.iter().collect();
    let found = judge(&request("ada@fabrikam.com"), &denials, None);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].short(), "denied 2x");
    assert_eq!(
        found[0].why(),
        "Denied twice, last on 31 Jan 1970 by Megan Bowen: \"no contract\""
    );
    assert!(judge(&request("eve@fabrikam.com"), &denials, None).is_empty());
}

#[test]
fn who_is_in_already_is_said() {
    let mut guest = Guest {
        id: UserId::new("g1").unwrap(),
        name: "Ada".into(),
        mail: "ada@fabrikam.com".into(),
        upn: Text::default(),
        company: Text::default(),
        enabled: true,
        created: Some(Timestamp::UNIX_EPOCH),
        creation: Text::default(),
        redemption: Some(Redemption::Accepted),
        redemption_changed: None,
        last_sign_in: None,
    };
    let found = judge(
        &request("ada@fabrikam.com"),
        &Denials::default(),
        Some(&guest),
    );
    assert_eq!(found[0].why(), "A guest since 1 Jan 1970 already");
    guest.enabled = false;
    let found = judge(
        &request("ada@fabrikam.com"),
        &Denials::default(),
        Some(&guest),
    );
    assert_eq!(found[0].short(), "blocked guest");
}

#[test]
fn hidden_characters_are_named_by_field() {
    let mut request = request("ada@fabrikam.com");
    request.requestor.name = "Ada\u{202e}\u{1b}[2J".into();
    request.answers = vec![Answer {
        question: "Which site?".into(),
        answer: "Ly\u{200b}on".into(),
    }];
    let found = judge(&request, &Denials::default(), None);
    assert_eq!(
        found[0].why(),
        "There were control, direction-changing and invisible characters in the name and the answers; they are left out here"
    );
}

#[test]
fn automatic_denial_is_near_under_two_days() {
    let near = |days, hours| {
        let policy = policy(days);
        let found = signals(
            &request("ada@fabrikam.com"),
            &Facts {
                known: &known(),
                denials: &Denials::default(),
                guest: &|_| None,
                policy: Some(&policy),
                now: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours),
            },
        );
        found.first().map(Signal::short)
    };
    assert_eq!(near(14, 24), None);
    assert_eq!(near(14, 12 * 24), None);
    assert_eq!(near(14, 13 * 24).as_deref(), Some("denied in 1d"));
    assert_eq!(near(14, 13 * 24 + 10).as_deref(), Some("denied in 14h"));
    assert_eq!(near(14, 15 * 24).as_deref(), Some("denial due"));
}

proptest! {
    #[test]
    fn any_request_can_be_judged(name in any::<String>(), mail in any::<String>(), domain in any::<String>()) {
        for mail in [mail, format!("a@{domain}")] {
            let mut request = request(&mail);
            request.requestor.name = Text::new(&name);
            let found = judge(&request, &Denials::default(), None);
            for pair in found.windows(2) {
                prop_assert!(pair[0].weight() >= pair[1].weight());
            }
            for signal in &found {
                prop_assert!(Signal::WORDS.contains(&signal.word()));
                prop_assert!(signal.short().chars().count() <= 16);
                let why = signal.why();
                prop_assert_eq!(Text::new(&why).removed().controls, false);
            }
        }
    }
}
