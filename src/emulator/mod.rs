//! Microsoft Graph on loopback HTTP, for the demo and for the tests: stateful, seeded, and as strict as the real one.
//!
//! ```text
//! HTTP -> server (token, latency; login where it is Entra's) -> service (clock, one call at a time, state file, record)
//!                                       -> route -> one file a resource -> world
//! ```
//! To add a resource: its file with a `Kind` (what it lets one select, filter and expand), an `Entity` and a `route`,
//! one arm in `route.rs`, and a row for each of its operations in [`permission::OPERATIONS`]. To change the demo tenant:
//! `assets/demo.toml`; the crowd: `assets/demo-people.toml`. To change what time does: `settle.rs`. To make things go
//! wrong on request: [`faults`].
//!
//! It imports nothing of the product: where both say the same, a test compares.

mod approvals;
mod assignments;
mod batch;
mod borders;
mod call;
mod catalogs;
mod clock;
mod connected;
mod deleted;
mod fate;
mod fault;
pub mod faults;
mod groups;
mod ids;
mod invitations;
mod licences;
mod line;
mod login;
mod odata;
mod oplog;
mod organization;
mod packages;
pub mod permission;
mod policies;
mod record;
mod request_actions;
mod requests;
mod route;
mod seed;
mod server;
mod service;
mod settle;
mod snapshot;
mod sponsors;
mod user_routes;
mod users;
mod world;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use login::LoginConfig;
use login::LoginService;
use service::Service;

/// How to start an [`Emulator`].
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; a loopback address, or it will not start. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The same seed makes the same tenant, ids included.
    pub seed: u64,
    /// How many guests there are at the start.
    pub guests: usize,
    /// How many requests wait for approval at the start.
    pub requests: usize,
    /// How many requests have ended, beside those of the demo.
    pub past: usize,
    /// How long every request, and every item of a batch, takes.
    pub latency: Duration,
    /// How often somebody new asks for access.
    pub arrivals: Option<Duration>,
    /// Keeps what was written in this file, and goes on from it. The file's seed and counts win over the ones here.
    pub state: Option<PathBuf>,
    /// Appends every exchange, and every item of a batch, to this file as a line of JSON.
    pub record: Option<PathBuf>,
    /// What goes wrong from the start, as a file with a JSON list of [`faults::Rule`]s.
    pub faults: Option<PathBuf>,
    /// A clock that stands still (but for [`Emulator::advance`]); otherwise the system's.
    pub now: Option<Timestamp>,
    /// Signs people in beside Graph, as Entra does; without it there are only the fixed tokens.
    pub login: Option<LoginConfig>,
    /// Whether the tenant has a licence for entitlement management.
    pub governance: bool,
}

impl Config {
    /// So many requests have a part to play, one at least for each thing worth noticing; the demo opens with the
    /// first half of them, and what comes after them is a crowd.
    pub const CAST: usize = 48;
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 1,
            guests: 1200,
            requests: 24,
            past: 0,
            latency: Duration::ZERO,
            arrivals: None,
            state: None,
            record: None,
            faults: None,
            now: None,
            login: None,
            governance: true,
        }
    }
}

/// Why an [`Emulator`] did not start; its words say what to do.
#[derive(Debug)]
pub enum StartError {
    /// The address is reachable from outside.
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    Listen(SocketAddr, std::io::Error),
    /// The thread or its runtime cannot be made.
    Runtime(std::io::Error),
    /// The state file cannot be read or written.
    State(PathBuf, std::io::Error),
    /// The state file does not fit: another version's, or damaged before its last line.
    StateContent(PathBuf, String),
    /// The record file cannot be written.
    Record(PathBuf, std::io::Error),
    /// The file of faults cannot be read, or what is in it cannot be used.
    Faults(PathBuf, String),
    /// The demo data in this program is broken.
    Data(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => write!(
                f,
                "The emulator listens on loopback only and {address} is not loopback: use 127.0.0.1 with a port."
            ),
            Self::Listen(address, error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "Something else already listens on {address}: stop it, or choose another port (0 takes a free one)."
                )
            }
            Self::Listen(address, error) => {
                write!(
                    f,
                    "The emulator cannot listen on {address} ({error}): choose another port."
                )
            }
            Self::Runtime(error) => write!(
                f,
                "The emulator's thread could not be started ({error}): try again."
            ),
            Self::State(path, error) => write!(
                f,
                "The state file {} cannot be used ({error}): check its path and permissions, or leave --state out.",
                path.display()
            ),
            Self::StateContent(path, what) => write!(
                f,
                "The state file {} cannot be continued, because {what}: move it away to start afresh.",
                path.display()
            ),
            Self::Record(path, error) => write!(
                f,
                "The record file {} cannot be written ({error}): check its path and permissions.",
                path.display()
            ),
            Self::Faults(path, what) => write!(
                f,
                "The faults in {} cannot be used ({what}): correct the file, or leave --faults out.",
                path.display()
            ),
            Self::Data(what) => write!(
                f,
                "The demo data of this program is broken ({what}): please report it."
            ),
        }
    }
}

impl std::error::Error for StartError {}

/// A running emulated Graph. It stops when it is dropped.
pub struct Emulator {
    address: SocketAddr,
    token: String,
    service: Arc<Service>,
    login: Option<Arc<LoginService>>,
    connections: Arc<AtomicUsize>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Seeds the tenant (or reads it back from the state file) and listens, on a thread of its own.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a caller makes a configuration for one start"
    )]
    pub fn start(config: Config) -> Result<Self, StartError> {
        if !config.listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(config.listen));
        }
        let listen = |error| StartError::Listen(config.listen, error);
        let listener = std::net::TcpListener::bind(config.listen).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let service = Arc::new(Service::open(&config)?);
        let login = config.login.clone();
        let login = login.map(|login| Arc::new(service.login(login)));
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (served, entra) = (Arc::clone(&service), login.clone());
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        let thread = server::start(listener, served, entra, &config, counted, stopped)
            .map_err(StartError::Runtime)?;
        Ok(Self {
            address,
            token: service.token(),
            service,
            login,
            connections,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT`; the version comes after it, as after `https://graph.microsoft.com`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The access token of the signed-in administrator, Adele Vance.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The access token of another administrator or approver of the tenant.
    pub fn token_for(&self, user_principal_name: &str) -> Option<String> {
        self.service.token_for(user_principal_name)
    }

    /// The whole tenant as JSON, for assertions: Graph's properties, and what Graph hides (approvers of stages,
    /// mails sent).
    pub fn snapshot(&self) -> Value {
        self.service.snapshot()
    }

    /// Moves the emulated clock on: time-outs, deliveries and expiries follow.
    pub fn advance(&self, by: Duration) {
        self.service
            .advance(SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX));
    }

    /// Somebody new asks for access, as they do every [`Config::arrivals`].
    pub fn arrive(&self) {
        self.service.arrive();
    }

    /// What a test does to the emulated sign-in; `None` without [`Config::login`].
    pub fn entra(&self) -> Option<EntraControl<'_>> {
        self.login.as_deref().map(EntraControl)
    }

    /// What its fixed tokens carry from now on, in place of [`permission::DEMO`]: another administrator's consent.
    pub fn carry(&self, permissions: &[&str]) {
        self.service.carry(permissions);
    }

    /// Makes something go wrong, after what goes wrong already.
    pub fn inject(&self, rule: faults::FaultRule) {
        self.service.faults.add([rule]);
    }

    /// Ends all that goes wrong on request.
    pub fn heal(&self) {
        self.service.faults.replace(Vec::new());
    }

    /// How many connections were made to it so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Stays until the emulator ends by itself, which it does only when its listener fails.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The emulated sign-in, as a test sees it.
pub struct EntraControl<'a>(&'a LoginService);

impl EntraControl<'_> {
    /// Approves a device code, or all that wait; `false` where there is none.
    pub fn approve(&self, code: Option<&str>) -> bool {
        self.0.approve(code)
    }

    /// Declines a device code, or all that wait; `false` where there is none.
    pub fn decline(&self, code: Option<&str>) -> bool {
        self.0.decline(code)
    }

    /// Every device code has expired.
    pub fn expire_codes(&self) {
        self.0.expire_codes();
    }

    /// Every access token has expired.
    pub fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    /// Every token is revoked, refresh tokens too.
    pub fn revoke(&self) {
        self.0.revoke();
    }

    /// From now on a token must prove these claims (JSON, as Entra is sent them); Graph challenges until it does, and
    /// only a new sign-in can.
    pub fn demand(&self, claims: &str) {
        self.0.demand(claims);
    }

    /// The next sign-in, or renewal, is refused with this AADSTS code.
    pub fn refuse_next(&self, code: u32) {
        self.0.refuse_next(code);
    }

    /// Who sits at the browser from now on.
    pub fn act_as(&self, user_principal_name: &str) {
        self.0.act_as(user_principal_name);
    }

    /// The next polls for a device code are told to slow down.
    pub fn slow_down(&self, polls: u32) {
        self.0.slow_down(polls);
    }

    /// How often a grant was asked for, such as `refresh_token`.
    pub fn grants(&self, grant: &str) -> u32 {
        self.0.grants(grant)
    }

    /// Every token, code and secret that was given out.
    pub fn secrets(&self) -> Vec<String> {
        self.0.secrets()
    }
}
