//! The client and the worker, over loopback HTTP.

mod arrival;
mod capabilities;
mod client;
mod emulated;
mod examples;
mod log;
mod lost;
mod network;
mod one_graph;
mod request_acts;
mod step;
mod table;
mod weather;

use std::sync::Arc;
use std::time::Duration;

use guestlist::acts::{Act, ApprovalDecision, Approve, Deny, Invite, Outcome, Plan};
use guestlist::domain::id::{RequestId, UserId};
use guestlist::domain::invitation::Invitation;
use guestlist::domain::problem::Problem;
use guestlist::graph::{ClientConfig, Patience};
use guestlist::journal::{Journal, OutcomeWord, Record, RecordKind};
use guestlist::signin::StaticToken;
use guestlist::worker::plain::Plain;
use guestlist::worker::protocol::{Answer, Ask};

/// Not a word that stands in anything else.
pub const TOKEN: &str = "eyJ0b2tlbg.c2VjcmV0.dG9rZW4";

/// Patience for tests: as many tries, in milliseconds.
pub fn quick() -> Patience {
    Patience {
        connect: Duration::from_secs(2),
        exchange: Duration::from_secs(2),
        first: Duration::from_millis(5),
        longest: Duration::from_millis(40),
        tries: 5,
        overall: Duration::from_secs(5),
        read_back: Duration::from_secs(4),
        arrival: Duration::from_secs(4),
    }
}

pub fn config(url: &str, token: &str, patience: Patience) -> ClientConfig {
    ClientConfig {
        patience,
        ..ClientConfig::new(url, Arc::new(StaticToken::new(token).unwrap()))
    }
}

/// A plain worker with a journal of its own.
pub struct Desk {
    plain: Plain,
    pub dir: tempfile::TempDir,
}

impl std::ops::Deref for Desk {
    type Target = Plain;
    fn deref(&self) -> &Plain {
        &self.plain
    }
}

impl std::ops::DerefMut for Desk {
    fn deref_mut(&mut self) -> &mut Plain {
        &mut self.plain
    }
}

impl Desk {
    /// Each intent in the journal with the word of its last outcome.
    pub fn journal(&self) -> Vec<(Record, Option<OutcomeWord>)> {
        let (journal, _) = Journal::open(self.dir.path()).unwrap();
        assert!(journal.verify().unwrap().damage.is_empty());
        let records = journal.read_all().unwrap().records;
        let last = |seq| {
            records
                .iter()
                .rfind(|r| r.intent == Some(seq))
                .and_then(|r| r.outcome)
                // Sent is sent; `outcomes` tells more.
                .map(|word| match word {
                    OutcomeWord::Accepted => OutcomeWord::Done,
                    word => word,
                })
        };
        let intents = records.iter().filter(|r| r.kind == RecordKind::Intent);
        intents
            .map(|intent| (intent.clone(), last(intent.seq)))
            .collect()
    }

    /// The words of all outcomes in the journal, in its order.
    pub fn outcomes(&self) -> Vec<OutcomeWord> {
        let (journal, _) = Journal::open(self.dir.path()).unwrap();
        let records = journal.read_all().unwrap().records;
        records.iter().filter_map(|record| record.outcome).collect()
    }

    /// Another run with the same journal, beside this one.
    pub fn beside(&self, config: ClientConfig) -> Plain {
        let journal = Journal::open(self.dir.path()).unwrap();
        Plain::start(config, Some(journal), Box::new(jiff::Timestamp::now)).unwrap()
    }

    /// The same journal after a new start.
    pub fn restart(self, config: ClientConfig) -> Self {
        drop(self.plain);
        desk_in(self.dir, config)
    }
}

pub fn desk_in(dir: tempfile::TempDir, config: ClientConfig) -> Desk {
    desk_at(dir, config, jiff::Timestamp::now)
}

/// A desk with a clock of its own.
pub fn desk_at(
    dir: tempfile::TempDir,
    config: ClientConfig,
    clock: impl Fn() -> jiff::Timestamp + Send + 'static,
) -> Desk {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let journal = Journal::open(dir.path()).unwrap();
    let plain = Plain::start(config, Some(journal), Box::new(clock)).unwrap();
    Desk { plain, dir }
}

pub fn plain(url: &str) -> Desk {
    plain_with(url, TOKEN, quick())
}

pub fn plain_with(url: &str, token: &str, patience: Patience) -> Desk {
    desk_in(tempfile::tempdir().unwrap(), config(url, token, patience))
}

/// All answers to one question.
pub fn ask(plain: &mut Plain, ask: Ask) -> Vec<Answer> {
    plain.run(ask).collect()
}

/// The problem a job ended with.
pub fn failed(answers: &[Answer]) -> Problem {
    let problem = answers.iter().find_map(|answer| match answer {
        Answer::Failed(problem) => Some((**problem).clone()),
        _ => None,
    });
    problem.unwrap_or_else(|| panic!("nothing failed: {answers:?}"))
}

/// The outcomes of a job, in the acts' order as they came.
pub fn outcomes(answers: &[Answer]) -> Vec<(String, Outcome)> {
    let settled = answers.iter().filter_map(|answer| match answer {
        Answer::Settled(target, end) => {
            Some((target.as_str().to_owned(), as_sent(end.outcome.clone())))
        }
        _ => None,
    });
    settled.collect()
}

/// An outcome as far as sending goes: what Graph has taken is done with that. `arrival` is about what becomes of it.
pub fn as_sent(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Accepted(taken) => Outcome::Done { found: taken.found },
        other => other,
    }
}

/// The one outcome of a job.
pub fn outcome(answers: &[Answer]) -> Outcome {
    match outcomes(answers).as_slice() {
        [(_, one)] => one.clone(),
        other => panic!("not one outcome: {other:?} in {answers:?}"),
    }
}

pub fn act(act: impl Into<Act>) -> Plan {
    Plan::of(act, "asked by their project", "Somebody".into())
}

pub fn decide(id: &str, approve: bool) -> Plan {
    let decision = ApprovalDecision {
        request: RequestId::new(id).unwrap(),
        stage: None,
    };
    if approve {
        act(Approve(decision))
    } else {
        act(Deny(decision))
    }
}

/// It needed no writing: what was wanted is so.
pub fn moot(why: &str) -> Outcome {
    Outcome::Moot {
        why: why.into(),
        so: true,
    }
}

pub fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

pub fn invite(mail: &str) -> Plan {
    act(Invite(Box::new(Invitation {
        mail: mail.into(),
        ..Invitation::default()
    })))
}
