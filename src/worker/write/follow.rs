//! Following what Graph has only taken to its end, within bounds: the journal knows what that is, so that a later run
//! goes on with what this one did not see the end of.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

use crate::acts::{Act, Arrival, Come, DeliveryWay, Outcome, PlanEnd, Reads, Target, come, looks};
use crate::domain::border::{Barrier, Borders};
use crate::domain::delivery::{DeliveredAccount, DeliveryFacts};
use crate::domain::id::RequestId;
use crate::domain::policy::Policy;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, RequestState};
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::graph::requests::Depth;
use crate::graph::{Call, borders, policies, users};
use crate::journal::Record;
use crate::worker::ledger::{Settles, TakenAct, settlement};
use crate::worker::list::list;
use crate::worker::protocol::{Answer, Arrived, Following};
use crate::worker::words::count;
use crate::worker::work::{Work, cancelled};

/// Between two looks at a delivery it is never longer than this: somebody may be waiting to know.
const LONGEST: Duration = Duration::from_secs(15);

/// A request that is not there so many looks in a row is not to be seen by this sign-in.
const MISSES: u32 = 4;

/// What is older is not followed any more: so long a delivery can be tried again
/// (accesspackageassignmentrequest-reprocess).
const OLD: SignedDuration = SignedDuration::from_hours(14 * 24);

/// An act that Graph has taken, on its way.
struct TakenStep {
    intent: Record,
    act: Act,
    way: DeliveryWay,
    request: RequestId,
    /// Where it was last seen.
    stands: RequestState,
    /// How often in a row it was not there.
    misses: u32,
    /// How much is read with it: a service may refuse to expand that deep.
    depth: Depth,
    /// Why it could not be read at the last look.
    problem: Option<Problem>,
}

/// Follows what was taken until each has come to its end, or patience is over.
pub(crate) async fn follow(work: &Work, following: &Following) -> Result<(), Problem> {
    let session = work.session().await?.clone();
    let mut open = open(work, &session, following)?;
    let of = open.len();
    let patience = work.client().patience();
    let bound = following.patience.min(patience.arrival);
    let begun = Instant::now();
    let mut round = 0;
    while !open.is_empty() {
        if of > 0 {
            let words = format!("following {}", count(of, "delivery").replace("ys", "ies"));
            work.progress(of - open.len(), Some(of), words);
        }
        let ended;
        (open, ended) = look(work, open).await?;
        tell(work, &session, ended).await;
        round += 1;
        let pause = patience.backoff(round).min(LONGEST);
        if open.is_empty() || begun.elapsed() + pause > bound {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = work.stop.pulled() => return Err(cancelled("Stopped while it followed deliveries")),
        }
    }
    // It stays taken in the journal, for the next time.
    for step in open {
        let arrival = match step.problem {
            Some(problem) => Arrival::Unseen(problem),
            None => Arrival::UnderWay(step.stands.clone()),
        };
        say(work, &step.intent, &step.act, step.way, arrival);
    }
    Ok(())
}

/// What is to be followed: of what was just sent, or of earlier runs of the same person that have ended.
fn open(work: &Work, session: &Session, following: &Following) -> Result<Vec<TakenStep>, Problem> {
    let taken = work.shared.ledger.borrow().taken(session)?;
    let meant: BTreeSet<&str> = following.targets.iter().map(Target::as_str).collect();
    let now = work.now();
    let wanted = |one: &TakenAct| {
        if meant.is_empty() {
            let young = now.duration_since(one.intent.time) < OLD;
            young && !one.living && one.intent.actor == session.me.as_str()
        } else {
            meant.contains(one.intent.target.as_str())
        }
    };
    let steps = taken.into_iter().filter(wanted).filter_map(|one| {
        Some(TakenStep {
            way: one.act.rules().follows()?,
            request: RequestId::new(&one.follows).ok()?,
            act: one.act,
            intent: one.intent,
            stands: RequestState::Submitted,
            misses: 0,
            depth: Depth::Nested,
            problem: None,
        })
    });
    Ok(steps.collect())
}

type EndedStep = (TakenStep, Arrival, Option<Box<Request>>, DeliveryFacts);

/// Looks at each once: those that go on, and those that have come to an end.
async fn look(
    work: &Work,
    steps: Vec<TakenStep>,
) -> Result<(Vec<TakenStep>, Vec<EndedStep>), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let calls: Vec<Vec<Call>> = steps
        .iter()
        .map(|step| looks(&step.request, step.depth))
        .collect();
    let counts: Vec<usize> = calls.iter().map(Vec::len).collect();
    let calls: Vec<Call> = calls.into_iter().flatten().collect();
    let mut answers = work.client().read_many(&calls, &say).await.into_iter();
    let (mut on, mut ended) = (Vec::new(), Vec::new());
    for (mut step, count) in steps.into_iter().zip(counts) {
        let mut own = answers.by_ref().take(count).collect::<Vec<_>>().into_iter();
        step.problem = None;
        match come(step.intent.before.as_ref(), &mut Reads(&mut own)) {
            Ok(Come::To(arrival, request, facts)) => {
                ended.push((step, arrival, Some(request), facts));
            }
            Ok(Come::UnderWay(state)) => {
                step.misses = 0;
                step.stands = state;
                on.push(step);
            }
            Ok(Come::NotThere) => {
                step.misses += 1;
                if step.misses < MISSES {
                    on.push(step);
                } else {
                    let unseen = Arrival::Unseen(not_there());
                    ended.push((step, unseen, None, DeliveryFacts::default()));
                }
            }
            Err(problem) if problem.kind == ProblemKind::SignIn => return Err(problem),
            Err(problem) if problem.kind == ProblemKind::NotPermitted => {
                ended.push((
                    step,
                    Arrival::Unseen(problem),
                    None,
                    DeliveryFacts::default(),
                ));
            }
            Err(problem) => {
                if problem.kind == ProblemKind::Refused {
                    step.depth = Depth::Plain;
                }
                step.problem = Some(problem);
                on.push(step);
            }
        }
    }
    Ok((on, ended))
}

fn not_there() -> Problem {
    Problem::new(ProblemKind::NotFound, "Graph shows no such request", "")
}

/// Says of each how it has ended, with why and who is next, and writes it into the journal.
async fn tell(work: &Work, session: &Session, ended: Vec<EndedStep>) {
    if ended.is_empty() {
        return;
    }
    let waits = |one: &EndedStep| matches!(one.1, Arrival::Waits { .. });
    let policies = if ended.iter().any(waits) {
        read_policies(work).await
    } else {
        Vec::new()
    };
    for (step, arrival, request, mut facts) in ended {
        let arrival = match (arrival, &request) {
            (Arrival::Waits { stage, of, .. }, Some(request)) => {
                next(stage, of, request, &policies, session)
            }
            (arrival @ (Arrival::Partly { .. } | Arrival::Failed { .. }), Some(request)) => {
                find_out(work, request, &mut facts).await;
                arrival.because(&facts)
            }
            (arrival, _) => arrival,
        };
        // Another run may have been faster to see it.
        let still = work.shared.ledger.borrow().taken(session);
        let still =
            still.is_ok_and(|taken| taken.iter().any(|one| one.intent.seq == step.intent.seq));
        if still && !matches!(arrival, Arrival::Unseen(_)) {
            let outcome = Outcome::Arrived(Box::new(arrival.clone()), step.way);
            work.write_outcomes(
                vec![(step.intent.clone(), settlement(&outcome, None))],
                Settles::Sent,
            );
        }
        say(work, &step.intent, &step.act, step.way, arrival);
    }
}

fn say(work: &Work, intent: &Record, act: &Act, way: DeliveryWay, arrival: Arrival) {
    let outcome = Outcome::Arrived(Box::new(arrival), way);
    work.reply(Answer::Arrived(Box::new(Arrived {
        target: act.target(),
        name: Text::new(&intent.target_name),
        end: PlanEnd::of(act, outcome),
    })));
}

/// The stage that waits now, with who may decide it.
fn next(
    stage: usize,
    of: usize,
    request: &Request,
    policies: &[Policy],
    session: &Session,
) -> Arrival {
    let policy = policies
        .iter()
        .find(|policy| request.policy.as_ref() == Some(&policy.id));
    let mine = request.current_stage().is_some_and(|(_, stage)| stage.mine);
    let named = policy
        .and_then(|policy| request.stage_rules(policy, stage))
        .map(|stage| stage.deciders(Some(&session.me)));
    Arrival::Waits {
        stage,
        of: request.stage_count(policy).max(of),
        deciders: match named {
            Some(named) if !named.is_empty() => named,
            _ if mine => "you".into(),
            _ => String::new(),
        },
    }
}

/// The policies; none where they are not to be read.
async fn read_policies(work: &Work) -> Vec<Policy> {
    let mut read = Vec::new();
    let listed = list::<Policy>(work, policies::all, |rows, _| read.extend(rows)).await;
    listed.map_or_else(|_| Vec::new(), |()| read)
}

/// Reads what may say why a delivery failed: the account it went to, and where there is none, what keeps it out.
async fn find_out(work: &Work, request: &Request, facts: &mut DeliveryFacts) {
    let say = |pause, why| work.waiting(pause, why);
    let person = request.subject();
    let account = match person.user() {
        Some(id) => work
            .client()
            .read(&users::account(id), &say)
            .await
            .and_then(|answer| users::read_account(&answer))
            .map(Some),
        None if person.mail.is_empty() || !person.is_person() => return,
        None => work
            .client()
            .read(&users::by_address(&person.mail), &say)
            .await
            .and_then(|answer| users::read_accounts(&answer, &person.mail))
            .and_then(|mut found| match found.len() {
                0 | 1 => Ok(found.pop()),
                // Which of them it went to is not said.
                _ => Err(Problem::new(
                    ProblemKind::Refused,
                    "Several accounts have the address",
                    "Look at each",
                )),
            }),
    };
    facts.account = match account {
        Ok(Some(account)) => DeliveredAccount::There(Box::new(account.guest)),
        Ok(None) => DeliveredAccount::None,
        Err(problem) if problem.kind == ProblemKind::NotFound => DeliveredAccount::None,
        Err(_) => DeliveredAccount::Unread,
    };
    if facts.account == DeliveredAccount::None {
        facts.barrier = barrier(work, &person.domain()).await;
    }
}

/// What keeps people of a domain out, where that can be read.
async fn barrier(work: &Work, domain: &str) -> Option<(String, Barrier)> {
    let say = |pause, why| work.waiting(pause, why);
    let read = work.client().read(&borders::domains(), &say).await;
    let domains = read
        .and_then(|answer| borders::read_domains(&answer))
        .ok()?;
    let borders = Borders {
        domains,
        ..Borders::default()
    };
    Some((domain.to_owned(), borders.barrier(domain, None)?))
}
