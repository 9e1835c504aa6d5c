//! Joining the queue: signals and all, at 5,000 pending requests and 100,000 guests.

use guestlist::app::state::State;
use guestlist::app::{Effect, Event, What, update};
use guestlist::domain::id::{PackageId, RequestId, StageId};
use guestlist::domain::person::{Person, SubjectKind, SubjectLifecycle};
use guestlist::domain::request::{
    QuestionAnswer, Request, RequestKind, RequestState, ReviewResult, Stage, StageStatus,
};
use guestlist::domain::text::Text;
use guestlist::worker::protocol::{Answer, Ask, JobId, Reply};
use jiff::{SignedDuration, Timestamp};

use crate::{Times, lists, report};

/// One of a queue in which some ask twice, some come in crowds and some say the same.
fn request(number: usize, now: Timestamp) -> Request {
    let domain = match number % 7 {
        0 => "fabrikarn.com".to_owned(),
        1 => format!("company{}.example", number / 40),
        2 => "gmail.com".into(),
        n => ["fabrikam.com", "woodgrove.com", "adatum.com", "litware.com"][n - 3].into(),
    };
    Request {
        id: RequestId::new(&format!("r{number}")).unwrap(),
        kind: RequestKind::UserAdd,
        state: RequestState::PendingApproval,
        status: Text::default(),
        created: Some(now - SignedDuration::from_mins(i64::try_from(number).unwrap())),
        completed: None,
        justification: format!("Quarterly review number {}", number / 3)
            .as_str()
            .into(),
        requestor: Person {
            kind: SubjectKind::Person,
            object: None,
            name: format!("Ada Lovelace {number}").as_str().into(),
            mail: format!("ada.{}@{domain}", number - number % 3)
                .as_str()
                .into(),
            principal: Text::default(),
            lifecycle: SubjectLifecycle::default(),
            organization: None,
        },
        target: None,
        package: PackageId::new(&format!("p{}", number % 20)).ok(),
        package_name: "Supplier Hub".into(),
        policy: None,
        until: None,
        answers: vec![QuestionAnswer {
            question: "What for?".into(),
            answer: "Deliveries of the coming spring".into(),
            inner: Text::default(),
        }],
        stages: None,
    }
}

fn stage(number: usize) -> Vec<Stage> {
    vec![Stage {
        id: StageId::new(&format!("s{number}")).unwrap(),
        status: StageStatus::InProgress,
        result: ReviewResult::NotReviewed,
        mine: true,
        reviewer: Text::default(),
        reviewed: None,
        justification: Text::default(),
    }]
}

fn say(state: &mut State, job: JobId, answer: Answer) -> Vec<Effect> {
    let at = state.now;
    let what = What::Reply(Reply { job, answer });
    update(state, Event { at, what })
}

/// Begins to read the queue anew; the job.
fn begin(state: &mut State) -> JobId {
    let at = state.now;
    let effects = update(
        state,
        Event {
            at,
            what: What::Started,
        },
    );
    let job = effects.iter().find_map(|effect| match effect {
        Effect::Ask(job) if job.ask == Ask::Requests => Some(job.id),
        _ => None,
    });
    job.unwrap()
}

/// A whole read of so many requests, as it comes: pages of a hundred, stages by twenty.
fn load(state: &mut State, job: JobId, requests: usize) {
    let now = state.now;
    for first in (0..requests).step_by(100) {
        let page = (first..first + 100).map(|number| request(number, now));
        say(state, job, Answer::Requests(page.collect()));
    }
    for first in (0..requests).step_by(20) {
        let stages = (first..first + 20).map(|number| (request(number, now).id, stage(number)));
        say(state, job, Answer::Stages(stages.collect()));
    }
    say(state, job, Answer::Done);
}

pub(crate) fn run() {
    let mut few = lists::console(100_000);
    let mut many = lists::console(100_000);
    let floor = Times::of(
        3,
        || (),
        |()| {
            let job = begin(&mut few);
            load(&mut few, job, 1_000);
        },
    );
    let times = Times::of(
        3,
        || (),
        |()| {
            let job = begin(&mut many);
            load(&mut many, job, 5_000);
        },
    );
    assert_eq!(many.data.requests.total(), 5_000);
    report(
        "a whole read of 5,000 requests, joined as it comes",
        &times,
        ("1,000 requests", &floor),
    );
    let loud: usize = many.data.requests.rows().map(|row| row.signals.len()).sum();
    println!("  {loud} signals in all");
    let times = Times::of(
        5,
        || (),
        |()| {
            // The end of any list joins everything.
            let at = many.now;
            let effects = update(
                &mut many,
                Event {
                    at,
                    what: What::Started,
                },
            );
            let job = effects.iter().find_map(|effect| match effect {
                Effect::Ask(job) if job.ask == Ask::Past => Some(job.id),
                _ => None,
            });
            say(&mut many, job.unwrap(), Answer::Done);
        },
    );
    report("one join of all 5,000", &times, ("1,000 requests", &floor));
}
