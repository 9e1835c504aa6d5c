//! A small tenant with what the drawing must show of one: every signal's kind of person, two stages, other
//! people's stages, long and wide names.

use jiff::{SignedDuration, Timestamp};

use crate::acts::needs;
use crate::app::key::keys;
use crate::app::state::{REST, Start, State};
use crate::app::{Effect, Event, What, update};
use crate::domain::account_class::AccountClass;
use crate::domain::capability::{Area, Capabilities, Finding, Licences, TenantFacts};
use crate::domain::guest::{Guest, GuestDetail, Memberships, Redemption};
use crate::domain::id::{
    OrganizationId, PackageId, PolicyId, RequestId, StageId, TenantId, UserId,
};
use crate::domain::invitation::Secret;
use crate::domain::package::{Organization, OrganizationState, Package, Resource, ResourceKind};
use crate::domain::permission;
use crate::domain::person::{Person, SubjectKind, SubjectLifecycle};
use crate::domain::policy::{Expiration, Policy, PolicyStage, Scope};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{
    QuestionAnswer, Request, RequestKind, RequestState, ReviewResult, Stage, StageStatus,
};
use crate::domain::subject_set::SubjectSet;
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::inventory::rows::JournalRow;
use crate::signin::{DEFAULT_CLIENT, SignInOffer, SignInStep, Way};
use crate::worker::protocol::{Answer, Ask, Job, JobId, Reply};

/// Tuesday, 12 May 2026, 09:41 UTC.
pub(super) fn now() -> Timestamp {
    "2026-05-12T09:41:00Z".parse().unwrap()
}

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

pub(super) fn start(size: (u16, u16)) -> State {
    State::new(Start {
        size,
        my_access: Some("myaccess.microsoft.com"),
        sign_in: Some(SignInOffer {
            tenant: "contoso.com".into(),
            app: DEFAULT_CLIENT.into(),
            way: Way::Browser,
        }),
        ..Start::at(now())
    })
}

fn session() -> Session {
    Session {
        me: UserId::new("me").unwrap(),
        my_name: "Adele Vance".into(),
        my_upn: "adele@contoso.com".into(),
        tenant: TenantId::new("t").unwrap(),
        tenant_name: "Contoso".into(),
        domains: vec!["contoso.com".into(), "contoso.onmicrosoft.com".into()],
    }
}

/// All areas open: Adele decides, and sees everything.
fn capabilities() -> Capabilities {
    let open = |area| (area, Finding::Open { any: true });
    let areas = [Area::Requests, Area::Inbox, Area::Policies, Area::Guests];
    let carried = permission::asked_for(needs().iter().copied(), false);
    Capabilities {
        facts: TenantFacts {
            session: Ok(Box::new(session())),
            app_only: false,
            fixed_app: false,
            carried: Some(carried.iter().map(ToString::to_string).collect()),
            licences: Licences::default(),
            areas: areas.into_iter().map(open).collect(),
        },
        needs: needs().to_vec(),
    }
}

const PACKAGES: [&str; 3] = ["Partner Portal", "Supplier Hub", "Design Review"];

fn packages() -> Vec<Package> {
    let package = |(at, name): (usize, &&str)| Package {
        id: PackageId::new(&format!("p{at}")).unwrap(),
        name: (**name).into(),
        description: "What partners need for their work with us".into(),
        hidden: at == 2,
        catalog: None,
        catalog_name: "Partners".into(),
        catalog_open: Some(true),
        resources: vec![Resource {
            kind: ResourceKind::Group,
            name: format!("{name} members").into(),
            role: "Member".into(),
        }],
    };
    PACKAGES.iter().enumerate().map(package).collect()
}

fn policies() -> Vec<Policy> {
    let policy = |at: usize, name: &str, scope, stages: usize, package: usize| Policy {
        id: PolicyId::new(&format!("pol{at}")).unwrap(),
        name: name.into(),
        description: Text::default(),
        package: PackageId::new(&format!("p{package}")).ok(),
        package_name: PACKAGES[package].into(),
        catalog: None,
        scope,
        targets: Vec::new(),
        accepts_requests: at != 3,
        on_behalf: None,
        automatic: false,
        approval_required: Some(stages > 0),
        requestor_justification: true,
        stages: (0..stages)
            .map(|_| PolicyStage {
                deny_after: Some(days(14)),
                justification_required: false,
                approvers: vec![SubjectSet::User {
                    id: UserId::new("miriam").ok(),
                    name: "Miriam Graham".into(),
                }],
                ..PolicyStage::default()
            })
            .collect(),
        expiration: Expiration::After(days(180)),
        questions: Vec::new(),
    };
    vec![
        policy(
            0,
            "Connected partners",
            Scope::AllConfiguredOrganizations,
            2,
            0,
        ),
        policy(1, "Anybody from outside", Scope::AllExternal, 1, 1),
        policy(2, "Reviewers", Scope::SpecificOrganizations, 1, 2),
        policy(3, "Last year's audit", Scope::AllExternal, 0, 1),
    ]
}

fn organizations() -> Vec<Organization> {
    let organization = |id: &str, name: &str, state, domain: &str| Organization {
        id: OrganizationId::new(id).unwrap(),
        name: name.into(),
        state,
        domains: vec![domain.into()],
        tenants: Vec::new(),
    };
    vec![
        organization(
            "o1",
            "Fabrikam",
            OrganizationState::Configured,
            "fabrikam.com",
        ),
        organization("o2", "Adatum", OrganizationState::Proposed, "adatum.com"),
    ]
}

pub(super) struct Asker<'a>(
    pub(super) &'a str,
    pub(super) &'a str,
    /// Hours ago.
    pub(super) i64,
    /// Package.
    pub(super) usize,
    /// Mine to decide.
    pub(super) bool,
);

pub(super) const ASKERS: [Asker<'_>; 9] = [
    Asker(
        "Dieter Baumgartner-Wenzel",
        "d.baumgartner@fabrikam.com",
        314,
        0,
        true,
    ),
    Asker("Ada Lovelace", "ada@fabrikam.com", 150, 0, true),
    Asker("Grace Hopper", "grace@c0ntoso.com", 50, 1, true),
    Asker("Mallory", "mallory@mail.example", 30, 1, true),
    Asker(
        "グレース・ホッパー",
        "grace.h@litware.example",
        29,
        1,
        false,
    ),
    Asker(
        "Zoë Ångström",
        "zoe@sub.division.of.woodgrove.example",
        26,
        2,
        true,
    ),
    Asker("Ngọc Trần", "ngoc@adatum.com", 20, 1, true),
    Asker(
        "Evil\u{202e}gpj",
        "evil@xn--fabrkam-9za.example",
        3,
        1,
        true,
    ),
    Asker("Omar Haddad", "omar@outlook.com", 1, 1, false),
];

pub(super) fn request(at: usize, asker: &Asker<'_>) -> Request {
    let Asker(name, mail, hours, package, mine) = *asker;
    let stage = |number: usize, status, result: ReviewResult| {
        let done = result == ReviewResult::Approved;
        Stage {
            id: StageId::new(&format!("s{number}")).unwrap(),
            status,
            result,
            mine,
            reviewer: Text::new(if done { "Miriam Graham" } else { "" }),
            reviewed: done.then(|| now() - SignedDuration::from_mins(23 * 60 + 30)),
            justification: Text::default(),
        }
    };
    let waits = |number| stage(number, StageStatus::InProgress, ReviewResult::NotReviewed);
    let stages = if at == 1 {
        vec![
            stage(1, StageStatus::Completed, ReviewResult::Approved),
            waits(2),
        ]
    } else if package == 0 {
        let later = stage(2, StageStatus::Initializing, ReviewResult::NotReviewed);
        vec![waits(1), later]
    } else {
        vec![waits(1)]
    };
    Request {
        id: RequestId::new(&format!("r{at}")).unwrap(),
        kind: RequestKind::UserAdd,
        state: RequestState::PendingApproval,
        status: Text::default(),
        // Half an hour off the full one, so that the seconds a test takes change no age.
        created: Some(now() - SignedDuration::from_mins(60 * hours + 30)),
        completed: None,
        justification: Text::new(&format!(
            "Q3 audit of the {} site, together with the finance team",
            ["Lyon", "Oslo", "Kyiv", "Rome", "Bonn"][at % 5]
        )),
        requestor: Person {
            kind: SubjectKind::Person,
            object: None,
            name: name.into(),
            mail: mail.into(),
            principal: Text::default(),
            lifecycle: SubjectLifecycle::default(),
            organization: None,
        },
        target: None,
        package: PackageId::new(&format!("p{package}")).ok(),
        package_name: PACKAGES[package].into(),
        policy: None,
        until: None,
        answers: vec![QuestionAnswer {
            question: "Which site?".into(),
            answer: "Lyon".into(),
            inner: Text::default(),
        }],
        stages: Some(stages),
    }
}

fn past() -> Vec<Request> {
    let mut denied = request(90, &ASKERS[2]);
    denied.state = RequestState::Denied;
    denied.created = Some(now() - days(61));
    denied.completed = Some(now() - days(60));
    denied.stages = Some(vec![Stage {
        id: StageId::new("s1").unwrap(),
        status: StageStatus::Completed,
        result: ReviewResult::Denied,
        mine: false,
        reviewer: "Miriam Graham".into(),
        reviewed: Some(now() - days(60)),
        justification: "Not one of ours".into(),
    }]);
    vec![denied]
}

pub(super) fn guest(at: usize) -> Guest {
    const NAMES: [&str; 5] = [
        "Lidia Holloway",
        "Pradeep Gupta",
        "Irvin Sayers",
        "木村 花子",
        "Isaiah Langer",
    ];
    const DOMAINS: [&str; 3] = ["fabrikam.com", "woodgrove.example", "adatum.com"];
    let name = NAMES[at % NAMES.len()];
    let mail = format!("guest{at}@{}", DOMAINS[at % DOMAINS.len()]);
    Guest {
        id: UserId::new(&format!("g{at}")).unwrap(),
        name: name.into(),
        other_mail: Text::default(),
        upn: format!("{}#EXT#@contoso.onmicrosoft.com", mail.replace('@', "_")).into(),
        mail: mail.into(),
        class: AccountClass::Guest,
        company: if at % 4 == 1 {
            Text::default()
        } else {
            "Woodgrove Bank".into()
        },
        enabled: at % 7 != 3,
        created: Some(now() - days(10 + 9 * i64::try_from(at % 400).unwrap())),
        creation: "Invitation".into(),
        redemption: Some(if at % 5 == 2 {
            Redemption::Pending
        } else {
            Redemption::Accepted
        }),
        redemption_changed: None,
        last_sign_in: None,
    }
}

fn sign_in(at: usize) -> (UserId, Option<Timestamp>) {
    let seen = (at % 5 != 2).then(|| now() - days(i64::try_from(at % 50).unwrap()));
    (guest(at).id, seen)
}

fn act(seq: u64, act: &str, name: &str, outcome: &str) -> JournalRow {
    JournalRow {
        seq,
        time: now() - SignedDuration::from_mins(40 * i64::try_from(20 - seq).unwrap()),
        act: act.into(),
        name: name.into(),
        target: format!("r{seq}").into(),
        actor: "adele@contoso.com".into(),
        reason: if act == "deny" {
            "Not one of ours".into()
        } else {
            Text::default()
        },
        outcome: outcome.into(),
        detail: if outcome == "failed" {
            "Graph refused it".into()
        } else {
            Text::default()
        },
        ended: None,
        outcome_seq: None,
        client_request_id: "c".into(),
        request_id: Text::default(),
    }
}

pub(super) fn happens(state: &mut State, what: What) -> Vec<Effect> {
    update(state, Event { at: now(), what })
}

pub(super) fn answer(state: &mut State, job: JobId, answer: Answer) -> Vec<Effect> {
    happens(state, What::Reply(Reply { job, answer }))
}

/// Presses keys, and waits until Detail has followed the cursor.
pub(super) fn press(state: &mut State, run: &str) -> Vec<Effect> {
    let keys = keys(run).into_iter();
    let mut effects: Vec<Effect> = keys
        .flat_map(|key| happens(state, What::Key(key)))
        .collect();
    let at = state.now + REST;
    effects.extend(update(
        state,
        Event {
            at,
            what: What::Tick,
        },
    ));
    effects
}

/// Answers whoever asks whether somebody is in already: they are not.
pub(super) fn not_in_yet(state: &mut State, effects: Vec<Effect>) {
    for effect in effects {
        let Effect::Ask(Job { id, ask, .. }) = effect else {
            continue;
        };
        if let Ask::LookUp(who) = ask {
            answer(state, id, Answer::Found(who, Vec::new()));
        }
    }
}

/// Everything read.
pub(super) fn loaded(size: (u16, u16)) -> State {
    with(
        size,
        ASKERS
            .iter()
            .enumerate()
            .map(|(at, asker)| request(at, asker))
            .collect(),
        30,
    )
}

/// These requests and so many guests, everything read.
pub(super) fn with(size: (u16, u16), requests: Vec<Request>, guests: usize) -> State {
    let mut state = start(size);
    let mut requests = Some(requests);
    let mut effects = happens(&mut state, What::Started);
    while let Some(effect) = effects.pop() {
        let Effect::Ask(Job { id, ask, .. }) = effect else {
            continue;
        };
        let answers = match ask {
            Ask::Session => vec![Answer::Session(Box::new(session()))],
            Ask::Capabilities => vec![Answer::Capabilities(Box::new(capabilities()))],
            Ask::Policies => vec![
                Answer::Policies(policies()),
                Answer::Packages(packages()),
                Answer::Organizations(organizations()),
            ],
            Ask::Requests => vec![Answer::Requests(requests.take().unwrap_or_default())],
            Ask::Past => vec![Answer::Past(past())],
            Ask::Guests(_) => vec![Answer::Guests((0..guests).map(guest).collect())],
            Ask::Kept => vec![Answer::Kept(None)],
            Ask::SignIns => vec![Answer::SignIns((0..guests).map(sign_in).collect())],
            _ => Vec::new(),
        };
        for said in answers.into_iter().chain([Answer::Done]) {
            effects.extend(answer(&mut state, id, said));
        }
    }
    state.data.journal.upsert([
        act(11, "approve", "Ada Lovelace", "done"),
        act(12, "deny", "Mallory", "already"),
        act(13, "block", "Irvin Sayers", "failed"),
        act(14, "invite", "木村 花子", "done"),
        act(15, "approve", "Grace Hopper", "unknown"),
    ]);
    let resize = What::Resize(size.0, size.1);
    happens(&mut state, resize);
    state
}

/// Answers the question for what Detail shows of a guest, if one was asked.
pub(super) fn look(state: &mut State, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Ask(Job {
            id,
            ask: Ask::GuestDetail(guest),
            ..
        }) = effect
        {
            let more = GuestDetail {
                memberships: Some(Memberships {
                    groups: vec!["Partner Portal members".into()],
                    ..Memberships::default()
                }),
                apps: Some(vec!["Partner Portal".into(), "Invoices".into()]),
                sponsors: Some(vec!["Adele Vance".into()]),
            };
            answer(state, id, Answer::GuestDetail(guest, Box::new(more)));
            answer(state, id, Answer::Done);
        }
    }
}

/// What a sign-in says: that it is needed, a code, an address, or why not.
pub(super) fn sign_in_step(name: &str) -> SignInStep {
    let problem = |what, remedy| Problem::new(ProblemKind::SignIn, what, remedy);
    match name {
        "need" => SignInStep::Need {
            problem: problem("The sign-in has ended", "Sign in again"),
            way: Way::Browser,
            more_proof: false,
        },
        "code" => SignInStep::DeviceCode {
            tenant: "contoso.com".into(),
            app: DEFAULT_CLIENT.into(),
            code: Secret::new("GQ7RKLM2P"),
            link: "https://login.microsoft.com/device".into(),
            expires: now() + SignedDuration::from_secs(900),
        },
        "browser" => SignInStep::Browser {
            url: Secret::new(&format!(
                "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize?response_type=code&client_id={DEFAULT_CLIENT}&state=aGVsbG8gd29ybGQ&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&redirect_uri=http%3A%2F%2Flocalhost%3A8400&scope=https%3A%2F%2Fgraph.microsoft.com%2FEntitlementManagement.ReadWrite.All+https%3A%2F%2Fgraph.microsoft.com%2FUser.Invite.All+https%3A%2F%2Fgraph.microsoft.com%2FUser.Read.All+https%3A%2F%2Fgraph.microsoft.com%2FAuditLog.Read.All+https%3A%2F%2Fgraph.microsoft.com%2FDirectory.Read.All+https%3A%2F%2Fgraph.microsoft.com%2FUser.EnableDisableAccount.All+https%3A%2F%2Fgraph.microsoft.com%2FUser.DeleteRestore.All+offline_access&response_mode=query&prompt=select_account"
            )),
            ssh_line: "ssh -L 8400:localhost:8400 adele@192.0.2.1".into(),
            expires: now() + SignedDuration::from_secs(600),
        },
        "refused" => SignInStep::Refused(problem(
            "Conditional access of the tenant does not allow this sign-in (AADSTS53003)",
            "Sign in another way: with a browser (--browser), or by an Azure CLI that is signed in on a managed device (--az)",
        )),
        _ => SignInStep::Done {
            account: Some("adele@contoso.com".into()),
        },
    }
}
