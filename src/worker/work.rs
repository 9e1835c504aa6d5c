//! What all jobs share, and what one job has in hand.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OnceCell;

use super::keep::KeptBasketFile;
use super::ledger::{Ledger, Settles};
use super::protocol::{Answer, JobId, Reply};
use super::queue::Rounds;
use super::stop::Stop;
use super::write::TokenHint;
use crate::domain::id::{RequestId, UserId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::graph::{Client, tenant};
use crate::journal::{Record, Settlement};

/// Tells the time; tests have their own.
pub type Clock = Box<dyn Fn() -> Timestamp + Send>;

/// Takes the replies.
pub type Sink = Box<dyn Fn(Reply) + Send>;

/// What all jobs share. It never leaves the worker's thread.
pub(super) struct WorkerShared {
    pub(super) client: Client,
    pub(super) ledger: RefCell<Ledger>,
    pub(super) clock: Clock,
    pub(super) sink: Sink,
    pub(super) session: OnceCell<Session>,
    /// Who was invited in this session, and when: Graph may not know them everywhere yet.
    pub(super) fresh: RefCell<HashMap<UserId, Timestamp>>,
    /// What the token says of acts.
    pub(super) permitted: RefCell<TokenHint>,
    /// The kept basket, once it is in hand.
    pub(super) kept_basket: RefCell<Option<KeptBasketFile>>,
    /// The requests on the screen: what is read of many is read of these first.
    pub(super) in_sight: RefCell<Vec<RequestId>>,
    /// Which stages are read again by themselves.
    pub(super) rounds: RefCell<Rounds>,
}

/// One job under way.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) shared: Rc<WorkerShared>,
    pub(super) client: Client,
    /// Nobody waits for it.
    pub(super) background: bool,
    pub(super) job: JobId,
    pub(super) stop: Stop,
}

impl Work {
    /// The client.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The time.
    pub(super) fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    /// Says something.
    pub(super) fn reply(&self, answer: Answer) {
        (self.shared.sink)(Reply {
            job: self.job,
            answer,
        });
    }

    /// Says how far it is.
    pub(super) fn progress(&self, done: usize, of: Option<usize>, words: impl Into<String>) {
        let words = words.into();
        self.reply(Answer::Progress { done, of, words });
    }

    /// Says something worth knowing.
    pub(super) fn note(&self, words: impl Into<String>) {
        self.reply(Answer::Note(words.into()));
    }

    /// Says how many rows of a list could not be read.
    pub(super) fn lost(&self, rows: usize) {
        if rows > 0 {
            self.reply(Answer::Unread(rows));
        }
    }

    /// Says that one waits, and why.
    pub(super) fn waiting(&self, pause: Duration, why: String) {
        self.reply(Answer::Waiting { pause, why });
    }

    /// Waits, unless the job should end; `false` where it should.
    pub(super) async fn pause(&self, pause: Duration, why: String) -> bool {
        if self.stop.asked() {
            return false;
        }
        self.waiting(pause, why);
        tokio::select! {
            () = tokio::time::sleep(pause) => true,
            () = self.stop.pulled() => false,
        }
    }

    /// The newest records of the journal.
    pub(super) fn journal(&self, newest: usize) -> Result<(), Problem> {
        let (records, warnings) = self.shared.ledger.borrow_mut().newest(newest)?;
        self.reply(Answer::Journal { records, warnings });
        Ok(())
    }

    /// Writes outcomes. Where that fails what happened has happened all the same: it is said, and the intents
    /// stay open, to be read back at the next start.
    pub(super) fn write_outcomes(&self, outcomes: Vec<(Record, Settlement)>, which: Settles) {
        let mut ledger = self.shared.ledger.borrow_mut();
        if let Err(problem) = ledger.settle(self.now(), outcomes, which) {
            self.note(format!(
                "Outcomes could not be written to the journal: {problem}"
            ));
        }
    }

    /// Who is signed in, read once.
    pub(super) async fn session(&self) -> Result<&Session, Problem> {
        let read = || async {
            let say = |pause, why| self.waiting(pause, why);
            let answers = self.client().read_many(&tenant::session(), &say).await;
            // A hint, and none is no harm: what is wrong with the token, the answers say.
            let claims = self.client().claims().await.ok().flatten();
            tenant::read(answers, claims.as_ref())
        };
        self.shared.session.get_or_try_init(read).await
    }
}

/// The problem of a job that was stopped.
pub(super) fn cancelled(what: &str) -> Problem {
    Problem::new(ProblemKind::Cancelled, what, "")
}
