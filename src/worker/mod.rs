//! The worker: the one thread that talks to Graph and writes the journal. [`protocol::Job`]s go in,
//! [`protocol::Reply`]s come out; tokio lives here and nowhere else.
//!
//! Reads run side by side. Writes run one job after another, so that the journal tells them in the order in
//! which they happened; how one is written is [`write`]'s.

#![deny(clippy::wildcard_enum_match_arm)]

mod beyond;
mod chosen;
mod facts;
mod keep;
mod ledger;
pub mod plain;
pub mod protocol;
mod queue;
mod reads;
mod records;
mod stop;
mod words;
mod work;
mod write;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::Duration;

use tokio::sync::{OnceCell, mpsc, watch};
use tokio::task::LocalSet;

use crate::acts::Plan;
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::{Client, ClientConfig};
use crate::journal::{Journal, Warning};
use ledger::Ledger;
use protocol::{Answer, Ask, Job, JobId};
use stop::{Halt, Stop};
pub use work::{Clock, Sink};
use work::{Work, WorkerShared, cancelled};

/// How long [`Worker::shutdown`] waits for a write in flight to get its outcome into the journal.
const LAST_WORD: Duration = Duration::from_secs(1);

/// What a worker is made of.
pub struct WorkerConfig {
    /// How to reach Graph.
    pub client: ClientConfig,
    /// The journal as [`Journal::open`] gave it. Without one everything can be read and nothing written.
    pub journal: Option<(Journal, Vec<Warning>)>,
    /// Tells the time.
    pub clock: Clock,
    /// Takes the replies; it is called on the worker's thread and must not wait.
    pub sink: Sink,
}

enum Message {
    Job(Job),
    Cancel(JobId),
    Quit,
}

/// A running worker. Dropping it shuts it down.
pub struct Worker {
    inbox: mpsc::UnboundedSender<Message>,
    ended: std_mpsc::Receiver<()>,
}

impl Worker {
    /// Starts a worker. Nothing is sent to Graph before the first job.
    ///
    /// # Errors
    /// A sentence about an address that cannot be used, or a thread that cannot be started.
    pub fn start(config: WorkerConfig) -> Result<Self, Problem> {
        let client = Client::new(config.client)?;
        let local = |_| {
            let what = "The thread that talks to Graph could not be started";
            Problem::new(
                ProblemKind::Local,
                what,
                "Close other programs and try again",
            )
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(local)?;
        let (inbox, messages) = mpsc::unbounded_channel();
        let (ending, ended) = std_mpsc::channel();
        let (journal, clock, sink) = (config.journal, config.clock, config.sink);
        thread::Builder::new()
            .name("worker".into())
            .spawn(move || {
                let shared = Rc::new(WorkerShared {
                    client,
                    ledger: RefCell::new(Ledger::new(journal)),
                    clock,
                    sink,
                    session: OnceCell::new(),
                    fresh: RefCell::default(),
                    kept_basket: RefCell::default(),
                    in_sight: RefCell::default(),
                    rounds: RefCell::default(),
                });
                LocalSet::new().block_on(&runtime, serve(shared, messages));
                // Whatever still runs has had its time.
                runtime.shutdown_background();
                drop(ending);
            })
            .map_err(local)?;
        Ok(Self { inbox, ended })
    }

    /// Hands in a job.
    pub fn ask(&self, job: Job) {
        // Nobody takes it only where the thread has ended; then nobody waits for its replies either.
        let _ = self.inbox.send(Message::Job(job));
    }

    /// Ends a job at the next good place: a read at once, a write after the call that is under way.
    pub fn cancel(&self, job: JobId) {
        let _ = self.inbox.send(Message::Cancel(job));
    }

    /// Ends everything. A write in flight is given a moment to be answered; then its outcome goes to the journal
    /// as unknown. Takes a second at most.
    pub fn shutdown(&self) {
        let _ = self.inbox.send(Message::Quit);
        // An error is what is waited for: it says that the thread has let go of its end.
        let _ = self.ended.recv_timeout(LAST_WORD);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shutdown();
    }
}

/// Takes messages until the program ends.
async fn serve(shared: Rc<WorkerShared>, mut messages: mpsc::UnboundedReceiver<Message>) {
    let mut pulls: HashMap<JobId, watch::Sender<Halt>> = HashMap::new();
    let (writes, queue) = mpsc::unbounded_channel();
    let scribe = tokio::task::spawn_local(write_in_turn(queue));
    while let Some(message) = messages.recv().await {
        match message {
            Message::Quit => break,
            Message::Cancel(id) => {
                if let Some(pull) = pulls.get(&id) {
                    pull.send_replace(Halt::Cancel);
                }
            }
            Message::Job(Job {
                id,
                ask,
                background,
            }) => {
                // Jobs that have ended hold no end of their channel any more.
                pulls.retain(|_, pull| !pull.is_closed());
                let (pull, stop) = Stop::new();
                pulls.insert(id, pull);
                let work = Work {
                    client: if background {
                        shared.client.in_background()
                    } else {
                        shared.client.clone()
                    },
                    shared: Rc::clone(&shared),
                    background,
                    job: id,
                    stop,
                };
                tracing::debug!(job = id.0, ask = name(&ask), "asked");
                if let Ask::Send { plans, again } = ask {
                    let _ = writes.send((work, WriteJob::Send(plans, again)));
                } else if ask == Ask::Settle {
                    let _ = writes.send((work, WriteJob::Settle));
                } else if ask == Ask::HalfDone {
                    let _ = writes.send((work, WriteJob::HalfDone));
                } else if let Ask::Keep(kept) = ask {
                    // At once and in order: what follows may be the end of the program.
                    end(&work, work.keep(&kept));
                } else {
                    tokio::task::spawn_local(read(work, ask));
                }
            }
        }
    }
    for pull in pulls.values() {
        pull.send_replace(Halt::Quit);
    }
    drop(writes);
    // The scribe ends by itself within the grace; what it is at goes to the journal.
    let _ = tokio::time::timeout(LAST_WORD, scribe).await;
}

async fn read(work: Work, ask: Ask) {
    let result = tokio::select! {
        biased;
        () = work.stop.pulled() => Err(cancelled("Stopped")),
        result = reads::perform(&work, ask) => result,
    };
    end(&work, result);
}

/// What is done one after another: it writes, or rests on what was written.
enum WriteJob {
    Send(Vec<Plan>, bool),
    Settle,
    HalfDone,
}

async fn write_in_turn(mut queue: mpsc::UnboundedReceiver<(Work, WriteJob)>) {
    while let Some((work, job)) = queue.recv().await {
        let result = match job {
            WriteJob::Send(plans, again) => write::send(&work, plans, again).await,
            WriteJob::Settle => write::settle_earlier(&work).await,
            WriteJob::HalfDone => write::half_done(&work).await,
        };
        end(&work, result);
    }
}

fn end(work: &Work, result: Result<(), Problem>) {
    if let Err(problem) = result {
        tracing::debug!(job = work.job.0, kind = ?problem.kind, "failed");
        work.reply(Answer::Failed(Box::new(problem)));
    }
    work.reply(Answer::Done);
}

/// The name of what is asked, for the log: never its contents.
fn name(ask: &Ask) -> &'static str {
    match ask {
        Ask::Session => "session",
        Ask::Capabilities => "capabilities",
        Ask::Requests => "requests",
        Ask::Past => "past",
        Ask::Beyond(_) => "beyond",
        Ask::Stages(_) => "stages",
        Ask::RowsInSight(_) => "sight",
        Ask::Records(_) => "records",
        Ask::Chosen { .. } => "chosen",
        Ask::Policies => "policies",
        Ask::Borders => "borders",
        Ask::Accounts(_) => "accounts",
        Ask::Roles(_) => "roles",
        Ask::Held(..) => "held",
        Ask::Incompatible(_) => "incompatible",
        Ask::Before(_) => "before",
        Ask::Guests(_) => "guests",
        Ask::SignIns => "sign-ins",
        Ask::GuestDetail(_) => "guest detail",
        Ask::LookUp(_) => "look up",
        Ask::Send { .. } => "send",
        Ask::Settle => "settle",
        Ask::HalfDone => "half done",
        Ask::Follow(_) => "follow",
        Ask::Look(_) => "look",
        Ask::Kept => "kept",
        Ask::Keep(_) => "keep",
        Ask::Save { .. } => "save",
        Ask::Journal(_) => "journal",
        Ask::SignIn(_) => "sign in",
    }
}
