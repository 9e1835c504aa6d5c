use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::domain::access::{AccessState, Held, Incompatible};
use crate::domain::account_class::AccountClass;
use crate::domain::border::{Borders, CrossTenant, DomainList};
use crate::domain::guest::{Guest, Redemption};
use crate::domain::id::{
    OrganizationId, PackageId, PolicyId, RequestId, StageId, TenantId, UserId,
};
use crate::domain::package::{Organization, OrganizationState};
use crate::domain::person::{Person, SubjectKind, SubjectLifecycle};
use crate::domain::policy::{Expiration, Policy, PolicyStage, Question, Scope};
use crate::domain::request::{
    QuestionAnswer, Request, RequestKind, RequestState, ReviewResult, Stage, StageStatus,
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
            kind: SubjectKind::Person,
            object: None,
            name: "Ada Lovelace".into(),
            mail: mail.into(),
            principal: Text::default(),
            lifecycle: SubjectLifecycle::default(),
            organization: None,
        },
        target: None,
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
        tenants: Vec::new(),
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
        on_behalf: None,
        automatic: false,
        approval_required: Some(true),
        requestor_justification: false,
        stages: vec![PolicyStage {
            deny_after: Some(SignedDuration::from_hours(24 * days)),
            ..PolicyStage::default()
        }],
        expiration: Expiration::Never,
        questions: Vec::new(),
    }
}

/// What is known beside the request; each test changes what it is about.
#[derive(Default)]
struct Desk {
    denials: Denials,
    guest: Option<Guest>,
    guest_domains: GuestDomains,
    mail: MailDomains,
    borders: Borders,
    crowd: Crowd,
    held: HashMap<UserId, Held>,
    incompatible: HashMap<PackageId, Incompatible>,
    policy: Option<Policy>,
    me: Option<UserId>,
    hours: i64,
}

impl Desk {
    fn judge(&self, request: &Request) -> Vec<Signal> {
        signals(
            request,
            &SignalFacts {
                known: &known(),
                guest_domains: &self.guest_domains,
                mail: &self.mail,
                borders: &self.borders,
                denials: &self.denials,
                crowd: &self.crowd,
                guest: &|_| self.guest.as_ref(),
                held: &self.held,
                incompatible: &self.incompatible,
                policy: self.policy.as_ref(),
                me: self.me.as_ref(),
                now: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(self.hours),
            },
        )
    }

    /// The sentence of the signal with this word.
    fn why(&self, request: &Request, word: &str) -> Option<String> {
        let found = self.judge(request);
        let signal = found.iter().find(|signal| signal.word() == word)?;
        Some(signal.why())
    }
}

fn judge(request: &Request, denials: &Denials, guest: Option<&Guest>) -> Vec<Signal> {
    let desk = Desk {
        denials: denials.clone(),
        guest: guest.cloned(),
        ..Desk::default()
    };
    desk.judge(request)
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
        ("", &[]),
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
    assert!(judge(&request("adal@fabrikam.com"), &denials, None).is_empty());
}

#[test]
fn who_is_in_already_is_said() {
    let mut guest = Guest {
        id: UserId::new("g1").unwrap(),
        name: "Ada".into(),
        mail: "ada@fabrikam.com".into(),
        other_mail: Text::default(),
        upn: Text::default(),
        class: AccountClass::Guest,
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
    request.answers = vec![QuestionAnswer {
        question: "Which site?".into(),
        answer: "Ly\u{200b}on".into(),
        inner: Text::default(),
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
        let desk = Desk {
            policy: Some(policy(days)),
            hours,
            ..Desk::default()
        };
        let found = desk.judge(&request("ada@fabrikam.com"));
        found.first().map(Signal::short)
    };
    assert_eq!(near(14, 24), None);
    assert_eq!(near(14, 12 * 24), None);
    assert_eq!(near(14, 13 * 24).as_deref(), Some("denied in 1d"));
    assert_eq!(near(14, 13 * 24 + 10).as_deref(), Some("denied in 14h"));
    assert_eq!(near(14, 15 * 24).as_deref(), Some("denial due"));
}

fn package(id: &str) -> PackageId {
    PackageId::new(id).unwrap()
}

fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

/// One of a queue: somebody's request for a package, so many hours after the first.
fn asks(id: &str, mail: &str, wants: &str, hours: i64) -> Request {
    Request {
        id: RequestId::new(id).unwrap(),
        created: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)),
        package: Some(package(wants)),
        package_name: wants.into(),
        justification: Text::default(),
        ..request(mail)
    }
}

#[test]
fn a_domain_that_guests_come_from_can_be_forged_too() {
    let desk = Desk {
        guest_domains: GuestDomains::new([
            ("northwind.example", 12),
            ("adatum.example", 2),
            ("gmail.com", 40),
        ]),
        ..Desk::default()
    };
    let why = |mail: &str| desk.why(&request(mail), "lookalike");
    assert_eq!(
        why("ada@northwlnd.example").as_deref(),
        Some("northwlnd.example looks like northwind.example, where 12 guests come from")
    );
    assert_eq!(
        why("ada@nortwhind.example").as_deref(),
        Some(
            "nortwhind.example is northwind.example, where 12 guests come from, with two letters swapped"
        )
    );
    assert!(why("ada@gmial.com").is_some(), "free mail can be forged");
    for mail in [
        "ada@northwind.example",
        "ada@mail.northwind.example",
        // Two guests are no acquaintance, and whom an administrator has connected is no forger.
        "ada@adatvm.example",
        "ada@fabrikam.com",
    ] {
        assert_eq!(why(mail), None, "{mail}");
    }
    let own = desk.judge(&request("ada@c0ntoso.com"));
    let seen = desk.judge(&request("ada@northwlnd.example"));
    assert!(own[0].weight() > seen[0].weight());
}

#[test]
fn a_config_can_add_mail_domains() {
    let desk = Desk {
        mail: MailDomains::new(&[], &["wegwerf.example".into()]),
        ..Desk::default()
    };
    assert_eq!(
        desk.why(&request("ada@wegwerf.example"), "consumer")
            .as_deref(),
        Some("Addresses at wegwerf.example are made to be thrown away")
    );
}

#[test]
fn who_is_not_let_in_cannot_be_delivered() {
    let blocked = |domain: &str| DomainList::Blocked([domain.to_owned()].into());
    let mut desk = Desk {
        borders: Borders {
            domains: Some(blocked("shut.example")),
            ..Borders::default()
        },
        ..Desk::default()
    };
    assert_eq!(
        desk.why(&request("ada@shut.example"), "blocked").as_deref(),
        Some("Cannot be delivered: shut.example is on the tenant's block list")
    );
    assert_eq!(desk.why(&request("ada@open.example"), "blocked"), None);
    // The list is about invitations: a guest is in already.
    desk.guest = Some(guest());
    assert_eq!(desk.why(&request("ada@shut.example"), "blocked"), None);

    let tenant = TenantId::new("t1").unwrap();
    let mut from = organization("o9", "Shut", OrganizationState::Configured, "shut.example");
    from.tenants = vec![tenant.clone()];
    let borders = Borders {
        tenants: Some(CrossTenant {
            others_blocked: false,
            partners: [(tenant, true)].into(),
        }),
        ..Borders::default()
    };
    let known = KnownDomains::new(&[], &[from]);
    let desk = Desk::default();
    let found = signals(
        &request("ada@shut.example"),
        &SignalFacts {
            known: &known,
            borders: &borders,
            guest_domains: &desk.guest_domains,
            mail: &desk.mail,
            denials: &desk.denials,
            crowd: &desk.crowd,
            guest: &|_| None,
            held: &desk.held,
            incompatible: &desk.incompatible,
            policy: None,
            me: None,
            now: Timestamp::UNIX_EPOCH,
        },
    );
    assert_eq!(found[0].short(), "undeliverable");
}

fn guest() -> Guest {
    Guest {
        id: user("g1"),
        name: "Ada".into(),
        mail: "ada@fabrikam.com".into(),
        other_mail: Text::default(),
        upn: Text::default(),
        class: AccountClass::Guest,
        company: Text::default(),
        enabled: true,
        created: Some(Timestamp::UNIX_EPOCH),
        creation: Text::default(),
        redemption: Some(Redemption::Accepted),
        redemption_changed: None,
        last_sign_in: None,
    }
}

fn access(of: &str, state: AccessState, ended: Option<i64>) -> Access {
    let day = |day: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day);
    Access {
        package: Some(package(of)),
        package_name: of.into(),
        state,
        since: Some(day(0)),
        until: Some(day(30)),
        ended: ended.map(day),
    }
}

#[test]
fn what_somebody_had_and_has_is_told_from_their_account() {
    let mut desk = Desk {
        guest: Some(guest()),
        held: [(
            user("g1"),
            Held {
                access: vec![
                    access("Portal", AccessState::Expired, Some(30)),
                    access("Hub", AccessState::Expired, Some(10)),
                    access("Audit", AccessState::Delivered, None),
                ],
                groups: None,
            },
        )]
        .into(),
        ..Desk::default()
    };
    let why =
        |desk: &Desk, wants: &str, word| desk.why(&asks("r", "ada@fabrikam.com", wants, 0), word);
    assert_eq!(
        why(&desk, "Hub", "had-access").as_deref(),
        Some(
            "Had this package before until 11 Jan 1970; it was taken away or given back before its time. One more has ended"
        )
    );
    assert_eq!(
        why(&desk, "Other", "had-access").as_deref(),
        Some("Had Portal before until 31 Jan 1970; it ran out. One more has ended")
    );
    assert_eq!(
        why(&desk, "Audit", "has-access").as_deref(),
        Some("Holds this package already since 1 Jan 1970 until 31 Jan 1970")
    );
    assert_eq!(why(&desk, "Hub", "has-access"), None);
    desk.held.clear();
    assert_eq!(why(&desk, "Hub", "had-access"), None);
}

#[test]
fn what_cannot_be_held_together_is_found_wherever_it_is() {
    let held = |access: Vec<Access>, groups: Option<Vec<Text>>| Desk {
        guest: Some(guest()),
        held: [(user("g1"), Held { access, groups })].into(),
        incompatible: [(
            package("Hub"),
            Incompatible {
                packages: vec![(package("Audit"), "Audit".into())],
                groups: vec![("g-42".into(), "Buyers".into())],
            },
        )]
        .into(),
        ..Desk::default()
    };
    let why = |desk: &Desk| desk.why(&asks("r", "ada@fabrikam.com", "Hub", 0), "incompatible");
    let holds = held(vec![access("Audit", AccessState::Delivered, None)], None);
    assert_eq!(
        why(&holds).as_deref(),
        Some("Holds Audit, which must not be held together with this package")
    );
    let had = held(vec![access("Audit", AccessState::Expired, Some(3))], None);
    assert_eq!(why(&had), None);
    let is_in = held(Vec::new(), Some(vec!["g-42".into()]));
    assert_eq!(
        why(&is_in).as_deref(),
        Some("Is in the group Buyers, which rules this package out")
    );
    let mut asking = held(Vec::new(), Some(Vec::new()));
    let queue = [
        asks("r", "ada@fabrikam.com", "Hub", 0),
        asks("s", "ADA@fabrikam.com", "Audit", 1),
    ];
    asking.crowd = Crowd::of(&queue);
    assert_eq!(
        why(&asking).as_deref(),
        Some("Asks for Audit too, which must not be held together with this package")
    );
}

#[test]
fn who_asks_twice_is_told_of_the_other_request() {
    let queue = [
        asks("r1", "ada@fabrikam.com", "Hub", 0),
        asks("r2", "Ada@fabrikam.com", "Hub", 3),
        asks("r3", "ada@fabrikam.com", "Portal", 5),
        asks("r4", "bob@fabrikam.com", "Hub", 5),
        Request {
            state: RequestState::Canceled,
            ..asks("r5", "bob@fabrikam.com", "Hub", 6)
        },
    ];
    let desk = Desk {
        crowd: Crowd::of(&queue),
        ..Desk::default()
    };
    let why = |at: usize| desk.why(&queue[at], "duplicate");
    assert_eq!(
        why(0).as_deref(),
        Some("2 other requests of theirs wait, the newest for the same package, 1 Jan 03:00")
    );
    assert_eq!(why(3), None);
    assert_eq!(desk.judge(&queue[0])[0].short(), "asks 3x");
}

#[test]
fn a_crowd_of_strangers_is_noticed_and_colleagues_are_not() {
    let crowd = |domain: &str, every: i64| -> Vec<Request> {
        (0..6)
            .map(|n| {
                asks(
                    &format!("r{n}"),
                    &format!("p{n}@{domain}"),
                    "Hub",
                    n * every,
                )
            })
            .collect()
    };
    let of = |queue: &[Request]| Desk {
        crowd: Crowd::of(queue),
        guest_domains: GuestDomains::new([("adatum.example", 1)]),
        ..Desk::default()
    };
    let new = crowd("new.example", 1);
    assert_eq!(
        of(&new).why(&new[0], "burst").as_deref(),
        Some("6 people of new.example, from where nobody is in yet, asked within 5 hours")
    );
    for queue in [
        crowd("new.example", 12),
        crowd("adatum.example", 1),
        crowd("fabrikam.com", 1),
        crowd("gmail.com", 1),
        crowd("contoso.com", 1),
        crowd("new.example", 1)[..4].to_vec(),
    ] {
        assert_eq!(of(&queue).why(&queue[0], "burst"), None, "{queue:?}");
    }
    // One person's many requests are not many people's.
    let mut one = crowd("new.example", 1);
    for request in &mut one {
        request.requestor.mail = "ada@new.example".into();
    }
    assert_eq!(of(&one).why(&one[0], "burst"), None);
}

#[test]
fn answers_that_say_nothing_or_the_same_are_noticed() {
    let mut rules = policy(14);
    rules.requestor_justification = true;
    let question = |text: &str, required, choice| Question {
        text: text.into(),
        required,
        choice,
    };
    rules.questions = vec![
        question("Which site?", true, true),
        question("What for?", true, false),
        question("Number?", false, false),
    ];
    let answered = |id: &str, mail: &str, why: &str, site: &str, what: &str| Request {
        justification: why.into(),
        answers: [("Which site?", site), ("What for?", what), ("Number?", "")]
            .map(|(question, answer)| QuestionAnswer {
                question: question.into(),
                answer: answer.into(),
                inner: Text::default(),
            })
            .into(),
        ..asks(id, mail, "Hub", 0)
    };
    let desk = |crowd| Desk {
        policy: Some(rules.clone()),
        crowd,
        ..Desk::default()
    };
    let alone = desk(Crowd::default());
    let empty = |why: &str, what: &str| {
        alone.why(
            &answered("r", "ada@fabrikam.com", why, "Lyon", what),
            "empty-answer",
        )
    };
    assert_eq!(empty("Audit", "Counting"), None);
    for nothing in ["", " - ", "N/A", "xxx", "asdf", "..."] {
        assert_eq!(
            empty("Audit", nothing).as_deref(),
            Some("The answer to \"What for?\" says nothing"),
            "{nothing}"
        );
    }
    assert_eq!(
        empty("?", "Counting").as_deref(),
        Some("No reason is given, and the policy asks for one")
    );
    // A number, a name of two letters or a sum are answers.
    for something in ["7", "4711", "AA", "Li", "1111"] {
        assert_eq!(empty("Audit", something), None, "{something}");
    }

    let site = "The warehouse in Lyon, gate 4";
    let queue: Vec<Request> = ["ada", "bob", "eve"]
        .iter()
        .map(|who| {
            answered(
                who,
                &format!("{who}@x.example"),
                "Please let us in!",
                site,
                who,
            )
        })
        .collect();
    let why = |queue: &[Request]| desk(Crowd::of(queue)).why(&queue[0], "same-answer");
    assert_eq!(why(&queue), None, "a choice, and a short reason");
    let mut queue = queue;
    for request in &mut queue {
        request.answers[1].answer = "Quarterly review of the supplies!".into();
    }
    queue[1].answers[1].answer = "quarterly  review of the supplies".into();
    assert_eq!(
        why(&queue).as_deref(),
        Some("3 people who wait gave the same answer to \"What for?\", word for word")
    );
    queue[1].requestor.mail = queue[0].requestor.mail.clone();
    assert_eq!(why(&queue), None, "two people, one of them twice");
}

#[test]
fn ones_own_request_a_strange_address_and_a_wanted_reason_are_said() {
    let mut rules = policy(14);
    rules.stages[0].justification_required = true;
    let mut desk = Desk {
        me: Some(user("me")),
        policy: Some(rules),
        ..Desk::default()
    };
    let mut request = request("ada@fabrikam.com");
    let words = |desk: &Desk, request: &Request| -> Vec<&str> {
        desk.judge(request).iter().map(Signal::word).collect()
    };
    assert_eq!(words(&desk, &request), ["reason-needed"]);
    request.requestor.object = Some(user("me"));
    request.requestor.mail = "crypto.desk@fabrikam.com".into();
    assert_eq!(
        words(&desk, &request),
        ["own", "name-mismatch", "reason-needed"]
    );
    desk.me = None;
    desk.policy = None;
    assert_eq!(words(&desk, &request), ["name-mismatch"]);
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
                prop_assert!(why.chars().count() < 2_000, "{}", why);
            }
        }
    }
}

#[test]
fn signals_are_about_who_gets_the_access() {
    let desk = Desk::default();
    let mut one = request("mia@contoso.com");
    one.requestor.object = Some(user("mia"));
    one.kind = RequestKind::OnBehalfAdd;
    one.target = Some(request("gus@nowhere.example").requestor);
    let found = desk.judge(&one);
    assert!(found.contains(&Signal::NoOrganization {
        domain: "nowhere.example".into()
    }));
    // Of somebody who is not named nothing follows from who asks.
    one.target = Some(Person::default());
    one.requestor.mail = "mia@contos0.com".into();
    assert_eq!(desk.judge(&one), []);
}

#[test]
fn of_what_is_no_person_nothing_follows_from_an_address() {
    let desk = Desk::default();
    for kind in [
        SubjectKind::App,
        SubjectKind::Agent,
        SubjectKind::Group,
        SubjectKind::Odd("x".into()),
        SubjectKind::Unsaid,
    ] {
        let mut one = request("team@c0ntoso.com");
        one.requestor.kind = kind;
        assert_eq!(desk.judge(&one), []);
    }
    // A person whose address is not known belongs to no domain.
    assert_eq!(desk.judge(&request("")), []);
}
