//! The whole console without a terminal: state, worker and journal on an emulated Graph.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::contract::Contract;
use guestlist::app::key::keys;
use guestlist::app::view::QueueSettings;
use guestlist::app::{Effect, Event, Start, State, What, update};
use guestlist::emulator::{Config, Emulator, LoginConfig};
use guestlist::graph::{ClientConfig, Patience};
use guestlist::journal::{Journal, Record};
use guestlist::settings::rules;
use guestlist::signin::{Cloud, Credential, Pace, SignIn, SignInConfig, StaticToken, Way};
use guestlist::worker::protocol::{Answer, JobId};
use guestlist::worker::{Worker, WorkerConfig};
use jiff::{SignedDuration, Timestamp};

/// The moment at which every journey plays.
pub const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// The demo tenant at [`NOW`]. When it goes, every exchange with it is held against the description of Graph,
/// where that is at hand.
pub struct Tenant {
    emulator: Option<Emulator>,
    dir: tempfile::TempDir,
}

/// Opens the demo tenant.
pub fn tenant() -> Tenant {
    tenant_with(Config::default())
}

/// Opens the demo tenant with this many requests.
pub fn tenant_of(requests: usize) -> Tenant {
    tenant_with(Config {
        requests,
        ..Config::default()
    })
}

/// Opens the demo tenant with this many requests, where one has to sign in.
pub fn tenant_to_sign_in_to(requests: usize, login: LoginConfig) -> Tenant {
    tenant_with(Config {
        requests,
        guests: 30,
        login: Some(login),
        ..Config::default()
    })
}

/// Opens a demo tenant that differs from the usual one.
pub fn tenant_with(config: Config) -> Tenant {
    let dir = tempfile::tempdir().unwrap();
    let config = Config {
        now: Some(NOW),
        record: Some(dir.path().join("record.jsonl")),
        ..config
    };
    Tenant {
        emulator: Some(Emulator::start(config).unwrap()),
        dir,
    }
}

impl std::ops::Deref for Tenant {
    type Target = Emulator;
    fn deref(&self) -> &Emulator {
        self.emulator.as_ref().unwrap()
    }
}

impl Tenant {
    /// Every exchange so far, a line of JSON each.
    pub fn record(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("record.jsonl")).unwrap()
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        drop(self.emulator.take());
        if std::thread::panicking() {
            return;
        }
        if let Some(contract) = Contract::load() {
            let faults = contract.check_record(&self.dir.path().join("record.jsonl"));
            assert!(
                faults.is_empty(),
                "against the description of Graph:\n{}",
                faults.join("\n")
            );
        }
    }
}

/// Patience for tests: as many tries as always, in milliseconds.
pub fn quick() -> Patience {
    Patience {
        connect: Duration::from_secs(2),
        exchange: Duration::from_secs(10),
        first: Duration::from_millis(5),
        longest: Duration::from_millis(40),
        tries: 5,
        overall: Duration::from_secs(10),
        read_back: Duration::from_secs(10),
        arrival: Duration::from_secs(10),
    }
}

/// A console at work.
pub struct Console {
    pub state: State,
    worker: Worker,
    incoming: Receiver<What>,
    /// Where one can sign in.
    pub sign_in: Option<SignIn>,
    /// Seconds that have passed for the sign-in.
    ahead: Arc<AtomicI64>,
    waiting_for: HashSet<JobId>,
    /// The rules file.
    pub rules: Option<PathBuf>,
    /// What was copied, in order.
    pub copied: Vec<String>,
    /// What rang, in order.
    pub rung: Vec<String>,
    at: Timestamp,
    dir: Arc<tempfile::TempDir>,
}

impl Console {
    /// Opens one on the demo tenant as its administrator, at 120x40, and waits until all is read.
    pub fn open(emulator: &Emulator) -> Self {
        Self::open_as(emulator, emulator.token())
    }

    /// Opens one with another's token.
    pub fn open_as(emulator: &Emulator, token: &str) -> Self {
        let mut console = Self::start(emulator, token, (120, 40));
        console.settle();
        console
    }

    /// Opens one and lets nothing come in yet.
    pub fn start(emulator: &Emulator, token: &str, size: (u16, u16)) -> Self {
        let token = StaticToken::new(token).unwrap();
        let dir = Arc::new(private_dir());
        Self::start_with(
            emulator,
            Arc::new(token),
            None,
            size,
            (QueueSettings::default(), dir),
        )
    }

    /// Opens one with a queue as the config has it, and waits until all is read.
    pub fn open_with(emulator: &Emulator, queue: QueueSettings) -> Self {
        let token = Arc::new(StaticToken::new(emulator.token()).unwrap());
        let dir = Arc::new(private_dir());
        let mut console = Self::start_with(emulator, token, None, (120, 40), (queue, dir));
        console.settle();
        console
    }

    /// Ends this one as a lost power line would, without a word to anybody, and opens another of the same
    /// administrator with the same state folder.
    pub fn killed_and_opened_again(self, emulator: &Emulator) -> Self {
        let Self {
            dir, worker, at, ..
        } = self;
        drop(worker);
        let token = Arc::new(StaticToken::new(emulator.token()).unwrap());
        let how = (QueueSettings::default(), dir);
        let mut console = Self::start_with(emulator, token, None, (120, 40), how);
        console.at = at;
        console.settle();
        console
    }

    /// Opens another of the same administrator, beside one that is open, with the same state folder.
    pub fn open_beside(emulator: &Emulator, other: &Self) -> Self {
        let token = Arc::new(StaticToken::new(emulator.token()).unwrap());
        let how = (QueueSettings::default(), Arc::clone(&other.dir));
        let mut console = Self::start_with(emulator, token, None, (120, 40), how);
        console.settle();
        console
    }

    /// The state folder.
    pub fn folder(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Opens one that nobody has signed in to yet, by a profile whose way is `way`.
    pub fn unsigned(emulator: &Emulator, way: Way, size: (u16, u16)) -> Self {
        let cloud = Cloud::custom(&emulator.url(), &emulator.url()).unwrap();
        let ahead = Arc::new(AtomicI64::new(0));
        let mut config =
            SignInConfig::new(cloud, "contoso.com", way, guestlist::acts::asked_for(false));
        let passed = Arc::clone(&ahead);
        config.pace = Pace {
            now: Arc::new(move || NOW + SignedDuration::from_secs(passed.load(Ordering::SeqCst))),
            // Polls come as fast as the tenant answers, and let others have their turn. A pause of minutes is how
            // long somebody is waited for, and no journey takes that long.
            sleep: Arc::new(|pause| {
                let poll = pause < Duration::from_secs(60);
                let pause = if poll {
                    Duration::from_millis(2)
                } else {
                    pause
                };
                Box::pin(tokio::time::sleep(pause))
            }),
        };
        let sign_in = SignIn::new(config).unwrap();
        let credential = Arc::new(sign_in.clone());
        let how = (QueueSettings::default(), Arc::new(private_dir()));
        let mut console = Self::start_with(emulator, credential, Some(sign_in), size, how);
        console.ahead = ahead;
        console
    }

    fn start_with(
        emulator: &Emulator,
        credential: Arc<dyn Credential>,
        sign_in: Option<SignIn>,
        size: (u16, u16),
        (queue, dir): (QueueSettings, Arc<tempfile::TempDir>),
    ) -> Self {
        let client = ClientConfig {
            patience: quick(),
            ..ClientConfig::new(emulator.url(), credential)
        };
        let (sender, incoming) = channel();
        if let Some(sign_in) = &sign_in {
            let sender = sender.clone();
            sign_in.attend(Arc::new(move |step| {
                let _ = sender.send(What::SignIn(step));
            }));
        }
        let worker = Worker::start(WorkerConfig {
            client,
            journal: Some(Journal::open(dir.path()).unwrap()),
            clock: Box::new(|| NOW),
            sink: Box::new(move |reply| {
                let _ = sender.send(What::Reply(reply));
            }),
        })
        .unwrap();
        let state = State::new(Start {
            size,
            my_access: Some("myaccess.microsoft.com"),
            sign_in: sign_in.as_ref().map(SignIn::offer),
            queue,
            ..Start::at(NOW)
        });
        let mut console = Self {
            state,
            worker,
            incoming,
            sign_in,
            ahead: Arc::default(),
            waiting_for: HashSet::new(),
            rules: None,
            copied: Vec::new(),
            rung: Vec::new(),
            at: NOW,
            dir,
        };
        console.happens(What::Started);
        console
    }

    /// Time passes, here and in the tenant.
    pub fn pass(&mut self, emulator: &Emulator, seconds: u32) {
        emulator.advance(Duration::from_secs(seconds.into()));
        self.ahead.fetch_add(seconds.into(), Ordering::SeqCst);
        self.at += SignedDuration::from_secs(seconds.into());
        self.happens(What::Tick);
    }

    /// Lets one thing happen.
    pub fn happens(&mut self, what: What) {
        for effect in update(&mut self.state, Event { at: self.at, what }) {
            match effect {
                Effect::Ask(job) => {
                    self.waiting_for.insert(job.id);
                    self.worker.ask(job);
                }
                Effect::Cancel(job) => self.worker.cancel(job),
                Effect::Ring(_, words) => self.rung.push(words),
                Effect::Copy(secret) => self.copied.push(secret.reveal().to_owned()),
                Effect::Decline => self.sign_in.as_ref().unwrap().decline(),
                Effect::SignOut => {
                    let places = self.sign_in.as_ref().unwrap().forget();
                    let places = places.map(|all| all.iter().map(ToString::to_string).collect());
                    self.happens(What::SignedOut(places));
                }
                Effect::ReadRules => {
                    let rules = rules::for_console(self.rules.as_deref());
                    self.happens(What::Rules(rules));
                }
                Effect::Redraw | Effect::Suspend => {}
            }
        }
    }

    /// Takes the next thing that comes in.
    fn take(&mut self) {
        let what = self
            .incoming
            .recv_timeout(Duration::from_secs(30))
            .unwrap_or_else(|_| panic!("nothing came in; so far:\n{}", self.said()));
        if let What::Reply(reply) = &what
            && reply.answer == Answer::Done
        {
            self.waiting_for.remove(&reply.job);
        }
        self.happens(what);
    }

    /// Takes what comes in until it is so.
    pub fn until(&mut self, so: impl Fn(&State) -> bool) {
        while !so(&self.state) {
            self.take();
        }
    }

    /// Presses a run of keys, one after another, without waiting for anything.
    pub fn type_keys(&mut self, run: &str) {
        for key in keys(run) {
            self.happens(What::Key(key));
        }
    }

    /// Takes replies until every job has ended.
    pub fn settle(&mut self) {
        while !self.waiting_for.is_empty() {
            self.take();
        }
        self.rest();
    }

    /// Lets the cursor come to rest, so that Detail follows it.
    fn rest(&mut self) {
        self.at += guestlist::app::state::REST;
        self.happens(What::Tick);
    }

    /// Presses keys, then waits until all they began has ended.
    pub fn press(&mut self, run: &str) {
        self.type_keys(run);
        self.settle();
    }

    /// The journal's records.
    pub fn journal(&self) -> Vec<Record> {
        let (journal, warnings) = Journal::open(self.dir.path()).unwrap();
        assert!(warnings.is_empty());
        journal.read_all().unwrap().records
    }

    /// Everything that was said so far, as one text.
    pub fn said(&self) -> String {
        self.state
            .said
            .notices
            .past
            .iter()
            .map(|notice| notice.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// A folder that only its owner may look into, as the journal wants it.
pub fn private_dir() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    dir
}
