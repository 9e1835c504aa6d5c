//! Those who ask: the requests of the data file, more of them when more are wanted, and those who come later.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::crowd::Pool;
use super::data::{Approved, Demo, HistoryData, People, RequestData};
use super::{SeedKeys, StartError, fold};
use crate::emulator::assignments::{AccessPackageAssignment, AssignmentStanding};
use crate::emulator::ids::{derived, guid};
use crate::emulator::requests::{
    AccessPackageSubject, ApprovalStage, AssignmentRequest, RequestState, StageProgress,
};
use crate::emulator::world::TenantWorld;

/// Whoever comes next, in a sequence that follows from the seed.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct Arrivals {
    pub(super) pool: Pool,
    /// Policies under which people ask, by the key of what they say.
    policies: Vec<(String, Uuid)>,
    count: u64,
}

impl Arrivals {
    pub(super) fn new(seed: u64, people: People) -> Self {
        Self {
            pool: Pool::new(seed, people),
            policies: Vec::new(),
            count: 0,
        }
    }
}

/// What one request is made of.
struct Asking {
    id: Uuid,
    policy: Uuid,
    subject: AccessPackageSubject,
    created: Timestamp,
    justification: Option<String>,
    answers: Vec<String>,
}

/// Adds a request (submitted, nothing decided) and the assignment it may become.
fn ask(world: &mut TenantWorld, asking: Asking) -> Result<&mut AssignmentRequest, StartError> {
    let missing = || StartError::Data("a request has no policy".to_owned());
    let policy = world.policies.get(asking.policy).ok_or_else(missing)?;
    let answers = policy
        .questions
        .iter()
        .zip(&asking.answers)
        .filter(|(_, answer)| !answer.is_empty())
        .map(|(question, answer)| answer_to(&question.doc, answer))
        .collect();
    let stages: Vec<ApprovalStage> = policy
        .stages(world)
        .into_iter()
        .enumerate()
        .map(|(number, rule)| ApprovalStage {
            id: derived(&format!("stage {number}"), asking.id),
            rule,
            progress: StageProgress::Waiting,
        })
        .collect();
    let assignment = AccessPackageAssignment {
        id: derived("assignment", asking.id),
        package: policy.package,
        policy: policy.id,
        target: asking.subject.clone(),
        standing: AssignmentStanding::Planned,
        starts: None,
        ends: None,
        expired: None,
    };
    let request = AssignmentRequest {
        id: asking.id,
        kind: "userAdd",
        state: RequestState::Submitted,
        created: asking.created,
        completed: None,
        justification: asking.justification,
        answers,
        package: policy.package,
        policy: policy.id,
        assignment: assignment.id,
        requestor: asking.subject,
        created_by: None,
        stages,
        ready: None,
        fate: None,
    };
    world.assignments.push(assignment);
    world.requests.push(request);
    world.requests.get_mut(asking.id).ok_or_else(missing)
}

fn answer_to(question: &serde_json::Map<String, Value>, answer: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.accessPackageAnswerString",
        "displayValue": answer,
        "value": answer,
        "answeredQuestion": {
            "@odata.type": question.get("@odata.type"),
            "id": question.get("id"),
        },
    })
}

fn subject(
    world: &TenantWorld,
    keys: &SeedKeys,
    name: &str,
    mail: &str,
    guest: Option<&String>,
) -> Result<AccessPackageSubject, StartError> {
    if let Some(key) = guest {
        let id = keys.get("user", key)?;
        let user = world.users.get(id);
        return user
            .map(|user| AccessPackageSubject::of(user, world))
            .ok_or_else(|| StartError::Data(format!("there is no guest '{key}'")));
    }
    Ok(AccessPackageSubject {
        id: guid(keys.seed, "subject", fold(mail)),
        user: None,
        name: name.to_owned(),
        email: mail.to_owned(),
        principal: None,
        lifecycle: "notDefined",
        organization: world.organization_of(mail),
    })
}

pub(super) fn pending(
    world: &mut TenantWorld,
    keys: &SeedKeys,
    demo: &Demo,
    wanted: usize,
) -> Result<(), StartError> {
    world.arrivals.policies = demo
        .policies
        .iter()
        .filter(|policy| {
            world
                .arrivals
                .pool
                .people()
                .sayings
                .contains_key(&policy.key)
        })
        .map(|policy| Ok((policy.key.clone(), keys.get("policy", &policy.key)?)))
        .collect::<Result<_, StartError>>()?;
    let written = demo.requests.iter().chain(&demo.cases);
    for data in written.clone().take(wanted) {
        waiting(world, keys, data)?;
    }
    for number in written.count()..wanted {
        let id = guid(keys.seed, "request", number as u64);
        if let Some(asking) = somebody(world, id, keys.now) {
            let latest = world.arrivals.pool.rng().f64();
            let request = ask(world, asking)?;
            // At any time since which it would not yet have been denied for want of a decision.
            let patience = request.stages.first().map(|stage| stage.rule.time_out);
            let patience = patience.unwrap_or_default().as_secs_f64() * 0.95;
            request.created = keys.before(SignedDuration::from_secs_f64(patience * latest));
            start(request);
        }
    }
    Ok(())
}

fn waiting(world: &mut TenantWorld, keys: &SeedKeys, data: &RequestData) -> Result<(), StartError> {
    let approved = data
        .approved
        .iter()
        .map(|approved| Ok((keys.get("user", &approved.by)?, approved.clone())))
        .collect::<Result<Vec<(Uuid, Approved)>, StartError>>()?;
    let name: String = match data.stretch {
        Some(length) => data.name.chars().cycle().take(length).collect(),
        None => data.name.clone(),
    };
    let asking = Asking {
        id: guid(
            keys.seed,
            "request",
            fold(&format!("{} {}", data.mail, data.policy)),
        ),
        policy: keys.get("policy", &data.policy)?,
        subject: subject(world, keys, &name, &data.mail, data.guest.as_ref())?,
        created: keys.ago(data.age),
        justification: data.justification.clone(),
        answers: data.answers.clone(),
    };
    let request = ask(world, asking)?;
    start(request);
    for (number, (by, approved)) in approved.into_iter().enumerate() {
        let at = keys.ago(approved.ago);
        let Some(stage) = request.stages.get_mut(number) else {
            break;
        };
        stage.progress = StageProgress::Completed {
            approved: true,
            by,
            at,
            reason: approved.reason,
        };
        if let Some(next) = request.stages.get_mut(number + 1) {
            next.progress = StageProgress::Running { since: at };
        }
    }
    Ok(())
}

/// Puts a submitted request where the service puts it at once: before its first approver, or on its way.
fn start(request: &mut AssignmentRequest) {
    if let Some(first) = request.stages.first_mut() {
        first.progress = StageProgress::Running {
            since: request.created,
        };
        request.state = RequestState::PendingApproval;
    } else {
        request.ready = Some(request.created);
    }
}

pub(super) fn history(
    world: &mut TenantWorld,
    keys: &SeedKeys,
    demo: &Demo,
) -> Result<(), StartError> {
    for data in &demo.history {
        past(world, keys, data)?;
    }
    Ok(())
}

fn past(world: &mut TenantWorld, keys: &SeedKeys, data: &HistoryData) -> Result<(), StartError> {
    let created = keys.ago(data.age);
    let by = data
        .by
        .as_ref()
        .map(|key| keys.get("user", key))
        .transpose()?;
    let asking = Asking {
        id: guid(
            keys.seed,
            "request",
            fold(&format!("{} {} {}", data.mail, data.policy, data.state)),
        ),
        policy: keys.get("policy", &data.policy)?,
        subject: subject(world, keys, &data.name, &data.mail, data.guest.as_ref())?,
        created,
        justification: data.justification.clone(),
        answers: data.answers.clone(),
    };
    let lasts = world
        .policies
        .get(asking.policy)
        .and_then(crate::emulator::policies::AssignmentPolicy::lasts);
    let request = ask(world, asking)?;
    if data.direct {
        request.kind = "adminAdd";
        request.created_by = by;
        request.stages.clear();
    }
    let completed = data.took.map(|took| created + took.0);
    let (state, expired) = match data.state.as_str() {
        "expired" => (RequestState::Denied, true),
        name => {
            let state = RequestState::parse(name)
                .ok_or_else(|| StartError::Data(format!("'{name}' is not a state")))?;
            (state, false)
        }
    };
    request.state = state;
    request.completed = completed;
    request.ready = data.due.map(|due| keys.now + due.0);
    let (id, package, user) = (request.assignment, request.package, request.requestor.user);
    decide_past(request, by, data.reason.as_ref(), expired);
    let standing = match state {
        RequestState::Delivered => AssignmentStanding::Delivered,
        RequestState::PartiallyDelivered => AssignmentStanding::PartiallyDelivered,
        RequestState::DeliveryFailed => AssignmentStanding::DeliveryFailed,
        _ => return Ok(()),
    };
    if let Some(assignment) = world.assignments.get_mut(id) {
        assignment.standing = standing;
        assignment.starts = completed;
        assignment.ends = completed.zip(lasts).map(|(starts, lasts)| starts + lasts);
        if let Some(ended) = data.ended {
            let ended = keys.ago(ended);
            assignment.standing = AssignmentStanding::Expired;
            assignment.expired = Some(ended);
            assignment.ends = assignment.ends.filter(|_| !data.ran_out).or(Some(ended));
            return Ok(());
        }
    }
    if let (RequestState::Delivered, Some(user), Some(at)) = (state, user, completed) {
        world.grant(user, package, at);
    }
    Ok(())
}

/// How the stages of a finished request look.
fn decide_past(
    request: &mut AssignmentRequest,
    by: Option<Uuid>,
    reason: Option<&String>,
    expired: bool,
) {
    let created = request.created;
    let denied = request.state == RequestState::Denied;
    let canceled = matches!(
        request.state,
        RequestState::Canceled | RequestState::Submitted
    );
    let at = request.completed.unwrap_or(created);
    let last = request.stages.len();
    for (number, stage) in request.stages.iter_mut().enumerate() {
        let deciding = denied || number + 1 == last;
        stage.progress = if expired {
            StageProgress::Expired
        } else if canceled {
            StageProgress::Running { since: created }
        } else {
            StageProgress::Completed {
                approved: !denied,
                by: by
                    .or_else(|| stage.rule.approvers.first().copied())
                    .unwrap_or_default(),
                at,
                reason: reason.filter(|_| deciding).cloned(),
            }
        };
        if denied || canceled {
            break;
        }
    }
}

/// A person nobody wrote down.
fn somebody(world: &mut TenantWorld, id: Uuid, created: Timestamp) -> Option<Asking> {
    let arrivals = &mut world.arrivals;
    let chosen = arrivals.pool.rng().usize(..arrivals.policies.len().max(1));
    let (key, policy) = arrivals.policies.get(chosen)?.clone();
    let sayings = arrivals.pool.people().sayings.get(&key)?.clone();
    let person = arrivals.pool.draw(&sayings.domains);
    let rng = arrivals.pool.rng();
    // Nobody writes quite the same as another.
    let reference = 1_000 + id.as_u128() % 9_000;
    let justification = rng.choice(&sayings.justifications);
    let justification = justification.map(|why| format!("{why} Ref. {reference}."));
    let answers = sayings.answers.iter().map(|answers| {
        let answer = rng.choice(answers).cloned().unwrap_or_default();
        if answer.chars().count() < 16 {
            answer
        } else {
            format!("{answer}, sheet {reference}")
        }
    });
    let answers = answers.collect();
    let already = world
        .user_by_address(&person.mail)
        .map(|user| AccessPackageSubject::of(user, world));
    Some(Asking {
        id,
        policy,
        subject: already.unwrap_or_else(|| AccessPackageSubject {
            id: derived("subject", id),
            user: None,
            name: person.name,
            organization: world.organization_of(&person.mail),
            email: person.mail,
            principal: None,
            lifecycle: "notDefined",
        }),
        created,
        justification,
        answers,
    })
}

/// Somebody new asks, now.
pub(in crate::emulator) fn arrive(world: &mut TenantWorld) {
    world.arrivals.count += 1;
    let id = guid(world.seed, "arrival", world.arrivals.count);
    let now = world.now;
    if let Some(asking) = somebody(world, id, now)
        && let Ok(request) = ask(world, asking)
    {
        start(request);
    }
}
