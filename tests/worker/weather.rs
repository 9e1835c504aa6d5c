//! The client and the worker while the emulated Graph throttles, stumbles and lags: what is retried, when, and what
//! is said meanwhile. When is read from the emulator's record, not from a clock of the client's.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use guestlist::acts::{Block, Outcome, Plan};
use guestlist::domain::id::UserId;
use guestlist::domain::problem::ProblemKind;
use guestlist::emulator::faults::{FaultEffect as Effect, FaultRule as Rule, RetryAfter};
use guestlist::emulator::{Config, Emulator};
use guestlist::graph::Patience;
use guestlist::journal::Journal;
use guestlist::worker::protocol::{Answer, Ask, Job, JobId, Reply, Whose};
use guestlist::worker::{Worker, WorkerConfig};
use serde_json::Value;

use super::{Desk, act, ask, config, decide, desk_in, failed, invite, outcome, outcomes, quick};
use crate::support::console::private_dir;

const MAIL: &str = "grace.hopper@fabrikam.com";

struct Tenant {
    emulator: Emulator,
    dir: tempfile::TempDir,
}

impl std::ops::Deref for Tenant {
    type Target = Emulator;
    fn deref(&self) -> &Emulator {
        &self.emulator
    }
}

impl Tenant {
    fn open() -> Self {
        let dir = private_dir();
        let emulator = Emulator::start(Config {
            record: Some(dir.path().join("record.jsonl")),
            ..Config::default()
        })
        .unwrap();
        Self { emulator, dir }
    }

    fn desk(&self) -> Desk {
        self.desk_with(patient())
    }

    fn desk_with(&self, patience: Patience) -> Desk {
        let client = config(&self.url(), self.token(), patience);
        desk_in(tempfile::tempdir().unwrap(), client)
    }

    /// The exchanges so far, items of batches among them.
    fn exchanges(&self) -> Vec<Exchange> {
        let text = std::fs::read_to_string(self.dir.path().join("record.jsonl")).unwrap();
        let lines = text
            .lines()
            .map(|line| Exchange(serde_json::from_str(line).unwrap()));
        lines.collect()
    }

    fn invited(&self) -> usize {
        self.snapshot()["invitations"].as_array().unwrap().len()
    }
}

#[derive(Clone, Debug)]
struct Exchange(Value);

impl Exchange {
    fn is(&self, method: &str, path: &str) -> bool {
        self.0["method"] == method && self.0["path"].as_str().unwrap().contains(path)
    }

    fn arrived(&self) -> f64 {
        self.0["arrivedMs"].as_f64().unwrap()
    }

    fn answered(&self) -> f64 {
        self.0["answeredMs"].as_f64().unwrap()
    }

    fn faulty(&self) -> bool {
        !self.0["fault"].is_null()
    }

    fn item(&self) -> bool {
        !self.0["item"].is_null()
    }
}

/// Patience that a busy machine does not end.
fn patient() -> Patience {
    Patience {
        exchange: Duration::from_secs(10),
        overall: Duration::from_secs(20),
        ..quick()
    }
}

fn throttle(seconds: f64) -> Effect {
    Effect::Throttle {
        retry_after: Some(RetryAfter::Seconds(seconds)),
    }
}

fn fail(status: u16, after: bool) -> Effect {
    Effect::Fail {
        status,
        after,
        retry_after: None,
    }
}

fn waits(answers: &[Answer]) -> Vec<(Duration, &str)> {
    let waits = answers.iter().filter_map(|answer| match answer {
        Answer::Waiting { pause, why } => Some((*pause, why.as_str())),
        _ => None,
    });
    waits.collect()
}

fn guests(answers: &[Answer]) -> usize {
    assert!(
        !answers
            .iter()
            .any(|answer| matches!(answer, Answer::Failed(_))),
        "{answers:?}"
    );
    let pages = answers.iter().map(|answer| match answer {
        Answer::Guests(page) => page.len(),
        _ => 0,
    });
    pages.sum()
}

#[test]
fn every_passing_trouble_of_a_read_is_waited_out() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk();
    for effect in [
        fail(500, false),
        fail(502, false),
        fail(503, false),
        fail(504, false),
        Effect::Drop { after: false },
        Effect::Truncate,
        Effect::Page {
            status: 502,
            after: false,
        },
        Effect::Throttle { retry_after: None },
        Effect::Throttle {
            retry_after: Some(RetryAfter::Words("soon".into())),
        },
    ] {
        // The second page: what was read before stays read.
        tenant.inject(
            Rule::new(effect.clone())
                .on("GET", "*/users")
                .from(2)
                .times(1),
        );
        let answers = ask(&mut desk, Ask::Guests(Whose::Guests));
        assert_eq!(guests(&answers), 1_200, "{effect:?}");
        assert_eq!(waits(&answers).len(), 1, "{effect:?}");
        tenant.heal();
    }
    // One garbled answer is read again, the second is what there is.
    tenant.inject(Rule::new(Effect::Malformed).times(1));
    assert_eq!(guests(&ask(&mut desk, Ask::Guests(Whose::Guests))), 1_200);
    tenant.inject(Rule::new(Effect::Malformed).times(2));
    let problem = failed(&ask(&mut desk, Ask::Guests(Whose::Guests)));
    assert_eq!(problem.kind, ProblemKind::NotGraph, "{problem}");
}

#[test]
fn a_pause_is_kept_to_the_millisecond_in_every_form() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk();
    for (says, status, millis) in [
        (RetryAfter::Seconds(0.128), 429, 128),
        (RetryAfter::Seconds(0.2), 503, 200),
        (RetryAfter::Seconds(1.0), 429, 1_000),
        (RetryAfter::Date { date: 1.0 }, 429, 1_000),
    ] {
        let retry_after = Some(says);
        let effect = match status {
            429 => Effect::Throttle { retry_after },
            status => Effect::Fail {
                status,
                after: false,
                retry_after,
            },
        };
        let before = tenant.exchanges().len();
        tenant.inject(Rule::new(effect).on("GET", "*/users").times(1));
        let answers = ask(&mut desk, Ask::Guests(Whose::Guests));
        assert_eq!(guests(&answers), 1_200);
        assert_eq!(waits(&answers)[0].0, Duration::from_millis(millis));
        let seen = &tenant.exchanges()[before..];
        let waited = seen[1].arrived() - seen[0].answered();
        #[allow(clippy::cast_precision_loss)] // small numbers
        let asked = millis as f64;
        assert!(seen[0].faulty() && waited >= asked, "{waited} of {asked}");
    }
}

/// A worker whose replies come as they are said.
struct Busy {
    worker: Worker,
    replies: Receiver<Reply>,
}

impl Busy {
    fn at(tenant: &Tenant) -> Self {
        let (sender, replies) = channel();
        let worker = Worker::start(WorkerConfig {
            client: config(&tenant.url(), tenant.token(), patient()),
            journal: Some(Journal::open(tenant.dir.path()).unwrap()),
            clock: Box::new(jiff::Timestamp::now),
            sink: Box::new(move |reply| {
                let _ = sender.send(reply);
            }),
        })
        .unwrap();
        Self { worker, replies }
    }

    fn ask(&self, id: u64, ask: Ask) {
        self.worker.ask(Job::new(JobId(id), ask));
    }

    fn next(&self) -> (u64, Answer) {
        let reply = self.replies.recv_timeout(Duration::from_secs(30)).unwrap();
        (reply.job.0, reply.answer)
    }

    /// Takes replies until these jobs have ended; the order in which they did.
    fn until(&self, mut jobs: Vec<u64>) -> Vec<u64> {
        let mut ended = Vec::new();
        while !jobs.is_empty() {
            let (job, answer) = self.next();
            assert!(!matches!(answer, Answer::Failed(_)), "{job}: {answer:?}");
            if answer == Answer::Done {
                jobs.retain(|waited_for| *waited_for != job);
                ended.push(job);
            }
        }
        ended
    }

    fn until_waiting(&self) {
        while !matches!(self.next().1, Answer::Waiting { .. }) {}
    }
}

#[test]
fn a_pause_holds_for_all_that_talk_to_the_area_and_for_no_other() {
    let tenant = Tenant::open();
    let id = UserId::new(tenant.snapshot()["users"][20]["id"].as_str().unwrap()).unwrap();
    let busy = Busy::at(&tenant);
    tenant.inject(Rule::new(throttle(1.0)).on("GET", "*/users").times(1));
    busy.ask(1, Ask::Guests(Whose::Guests));
    busy.until_waiting();
    busy.ask(2, Ask::LookUp(MAIL.into()));
    busy.ask(3, Ask::GuestDetail(id.clone()));
    busy.ask(4, Ask::Past);
    busy.ask(5, Ask::send(vec![act(Block(id))]));
    let ended = busy.until(vec![1, 2, 3, 4, 5]);
    assert_eq!(ended[0], 4, "entitlement management has no pause");
    let seen = tenant.exchanges();
    let at = seen.iter().position(Exchange::faulty).unwrap();
    let over = seen[at].answered() + 1_000.0;
    for later in seen.iter().skip(at + 1) {
        let elsewhere = later.is("GET", "/assignmentRequests");
        assert_eq!(elsewhere, later.arrived() < over, "{later:?}");
    }
}

#[test]
fn nothing_is_sent_early_while_everything_is_throttled() {
    let tenant = Tenant::open();
    let busy = Busy::at(&tenant);
    tenant.inject(Rule::new(throttle(0.15)).lasting(0.5));
    let asks = [
        Ask::Session,
        Ask::Policies,
        Ask::Requests,
        Ask::Past,
        Ask::Guests(Whose::Guests),
    ];
    for (id, ask) in (1..).zip(asks) {
        busy.ask(id, ask);
    }
    busy.until(vec![1, 2, 3, 4, 5]);
    let seen: Vec<Exchange> = tenant
        .exchanges()
        .into_iter()
        .filter(|one| !one.item())
        .collect();
    assert!(seen.iter().any(Exchange::faulty));
    for refused in seen.iter().filter(|one| one.faulty()) {
        let again = seen.iter().find(|one| {
            one.arrived() > refused.answered()
                && one.0["path"] == refused.0["path"]
                && one.0["query"] == refused.0["query"]
                && one.0["requestBody"] == refused.0["requestBody"]
        });
        let again = again.expect("it is asked again").arrived();
        assert!(again - refused.answered() >= 150.0, "{refused:?} {again}");
    }
}

#[test]
fn a_pause_longer_than_anybody_waits_is_said_and_kept() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk();
    tenant.inject(Rule::new(throttle(3_600.0)).on("GET", "*/users").times(1));
    let problem = failed(&ask(&mut desk, Ask::Guests(Whose::Guests)));
    assert_eq!(problem.kind, ProblemKind::Throttled, "{problem}");
    assert_eq!(tenant.exchanges().len(), 1);
    let problem = failed(&ask(&mut desk, Ask::LookUp(MAIL.into())));
    assert!(problem.what.contains("wait 3600 s"), "{problem}");
    assert_eq!(tenant.exchanges().len(), 1, "the area is left alone");
    assert!(matches!(
        ask(&mut desk, Ask::Past)[..],
        [Answer::Past(_), ..]
    ));
}

#[test]
fn a_pause_can_be_cancelled_and_then_nothing_was_sent() {
    let tenant = Tenant::open();
    let busy = Busy::at(&tenant);
    tenant.inject(
        Rule::new(throttle(15.0))
            .on("POST", "*/invitations")
            .times(1),
    );
    busy.ask(1, Ask::send(vec![invite(MAIL)]));
    busy.until_waiting();
    // Another that finds the door closed.
    busy.ask(2, Ask::send(vec![invite("another@fabrikam.com")]));
    for job in [1, 2] {
        busy.worker.cancel(JobId(job));
        loop {
            let (from, answer) = busy.next();
            if let Answer::Settled(_, outcome) = &answer {
                assert!(matches!(outcome.outcome, Outcome::Failed(_)), "{outcome:?}");
            }
            if (from, answer) == (job, Answer::Done) {
                break;
            }
        }
    }
    let sent = tenant.exchanges();
    assert_eq!(
        sent.iter()
            .filter(|one| one.is("POST", "/invitations"))
            .count(),
        1
    );
    assert_eq!(tenant.invited(), 0);
}

#[test]
fn of_a_batch_only_what_was_throttled_goes_again_and_after_the_longest_pause() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk();
    let mut mine = Vec::new();
    for answer in ask(&mut desk, Ask::Requests) {
        if let Answer::Stages(some) = answer {
            let assigned = |(_, stages): &(_, Vec<guestlist::domain::request::Stage>)| {
                stages.iter().any(|stage| stage.mine)
            };
            mine.extend(some.into_iter().filter(assigned).map(|(id, _)| id));
        }
    }
    let acts: Vec<Plan> = mine
        .iter()
        .take(10)
        .map(|id| decide(id.as_str(), true))
        .collect();
    let before = tenant.exchanges().len();
    for (nth, seconds) in [(2, 0.05), (3, 0.3), (4, 0.1)] {
        tenant.inject(
            Rule::new(throttle(seconds))
                .on("PATCH", "*/stages/*")
                .items(true)
                .from(nth)
                .times(1),
        );
    }
    let ended = outcomes(&ask(&mut desk, Ask::send(acts)));
    assert_eq!(ended.len(), 10);
    assert!(
        ended
            .iter()
            .all(|(_, outcome)| *outcome == Outcome::Done { found: false }),
        "{ended:?}"
    );
    let seen = tenant.exchanges().split_off(before);
    let patches: Vec<&Exchange> = seen
        .iter()
        .filter(|one| one.is("PATCH", "/stages/"))
        .collect();
    let refused: Vec<&&Exchange> = patches.iter().filter(|one| one.faulty()).collect();
    assert_eq!((patches.len(), refused.len()), (13, 3));
    let last = refused.iter().map(|one| one.answered()).fold(0.0, f64::max);
    let again: Vec<&&Exchange> = patches.iter().filter(|one| one.arrived() > last).collect();
    let first_batch = &patches[0].0["batch"];
    let again: Vec<_> = again
        .into_iter()
        .filter(|one| one.0["batch"] != *first_batch)
        .collect();
    assert_eq!(again.len(), 3);
    for one in again {
        assert!(
            refused
                .iter()
                .any(|before| before.0["path"] == one.0["path"])
        );
        assert!(one.arrived() - last >= 300.0);
    }
}

#[test]
fn writes_of_unknown_outcome_are_found_and_done_once() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk();
    for (number, effect) in [
        fail(503, true),
        fail(504, true),
        Effect::Drop { after: true },
        Effect::Truncate,
        Effect::Page {
            status: 200,
            after: true,
        },
    ]
    .into_iter()
    .enumerate()
    {
        tenant.inject(
            Rule::new(effect.clone())
                .on("POST", "*/invitations")
                .times(1),
        );
        let mail = format!("guest{number}@fabrikam.com");
        let answers = ask(&mut desk, Ask::send(vec![invite(&mail)]));
        assert_eq!(
            outcome(&answers),
            Outcome::Done { found: true },
            "{effect:?}"
        );
        assert!(
            answers
                .iter()
                .any(|a| matches!(a, Answer::Note(words) if words.contains("was invited")))
        );
        assert_eq!(tenant.invited(), number + 1);
    }
    // Refused before anything was done, it is sent again.
    tenant.inject(
        Rule::new(throttle(0.05))
            .on("POST", "*/invitations")
            .times(2),
    );
    assert!(outcome(&ask(&mut desk, Ask::send(vec![invite(MAIL)]))).done());
    assert_eq!(tenant.invited(), 6);
}

#[test]
fn a_new_guest_is_waited_for_before_they_are_written_to() {
    for shown in [false, true] {
        let tenant = Tenant::open();
        let mut desk = tenant.desk();
        let lag = |requests, seconds| {
            Rule::new(Effect::Lag {
                requests,
                seconds,
                shown,
            })
            .times(1)
        };
        tenant.inject(lag(Some(4), None));
        let Outcome::Invited(invited) = outcome(&ask(&mut desk, Ask::send(vec![invite(MAIL)])))
        else {
            panic!()
        };
        let block = || Ask::send(vec![act(Block(invited.user.clone()))]);
        let answers = ask(&mut desk, block());
        assert_eq!(
            outcome(&answers),
            Outcome::Done { found: false },
            "{answers:?}"
        );
        let said = waits(&answers);
        assert_eq!(said.len(), 4, "{said:?}");
        assert!(
            said.iter().all(|(_, why)| why.contains("new guest")),
            "{said:?}"
        );

        // Not for ever.
        let mut desk = tenant.desk_with(Patience {
            read_back: Duration::from_millis(100),
            ..patient()
        });
        tenant.inject(lag(None, Some(3_600.0)));
        let Outcome::Invited(invited) = outcome(&ask(
            &mut desk,
            Ask::send(vec![invite("another@fabrikam.com")]),
        )) else {
            panic!()
        };
        let answers = ask(&mut desk, Ask::send(vec![act(Block(invited.user.clone()))]));
        assert!(!outcome(&answers).done(), "{answers:?}");
        assert!(!waits(&answers).is_empty());
    }
}

#[test]
fn what_nobody_waits_for_says_so() {
    let tenant = Tenant::open();
    let busy = Busy::at(&tenant);
    busy.worker.ask(Job {
        background: true,
        ..Job::new(JobId(1), Ask::Requests)
    });
    busy.until(vec![1]);
    let low = tenant.exchanges();
    assert!(low.iter().any(Exchange::item) && low.iter().all(|one| one.0["priority"] == "low"));
    busy.ask(2, Ask::Requests);
    busy.until(vec![2]);
    let all = tenant.exchanges();
    assert!(
        all.len() > low.len()
            && all[low.len()..]
                .iter()
                .all(|one| one.0["priority"].is_null())
    );
}

#[test]
fn connections_are_used_again() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk();
    for question in [
        Ask::Session,
        Ask::Guests(Whose::Guests),
        Ask::SignIns,
        Ask::Past,
        Ask::Requests,
        Ask::Policies,
    ] {
        ask(&mut desk, question);
    }
    let calls = tenant.exchanges().iter().filter(|one| !one.item()).count();
    // Three lists side by side at most.
    assert!(
        calls > 10 && tenant.connections() <= 3,
        "{calls} calls, {}",
        tenant.connections()
    );
}
