//! The service behind HTTP: one call at a time on one world, each write kept before it is answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::call::{ApiAnswer, ApiCall, Body};
use super::clock::TenantClock;
use super::fate::DeliveryFate;
use super::fault::Fault;
use super::faults::Faults;
use super::line::Cut;
use super::login::{self, Caller, LoginService};
use super::oplog::{Oplog, OplogLine};
use super::record::RecordFile;
use super::route::dispatch;
use super::world::TenantWorld;
use super::{Config, StartError, permission, seed, snapshot};

pub(super) struct Service {
    world: Mutex<TenantWorld>,
    oplog: Option<Mutex<Oplog>>,
    record: Option<RecordFile>,
    /// What the fixed tokens carry.
    carried: Mutex<Vec<String>>,
    pub(super) faults: Faults,
    /// The state file could not be written: nothing may be promised any more.
    broken: AtomicBool,
    pub(super) seed: u64,
}

/// One request, from HTTP or from inside a batch.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub(super) request_id: String,
    pub(super) method: String,
    /// Path and query, version included.
    pub(super) target: String,
    pub(super) caller: Result<Caller, Fault>,
    pub(super) client_request_id: Option<String>,
    pub(super) eventual: bool,
    /// `x-ms-throttle-priority: low` was sent.
    pub(super) low: bool,
    /// When it came, on the machine's clock.
    pub(super) arrived: Instant,
    pub(super) body: Result<Option<Value>, Fault>,
    /// `http://host` as the caller spelt it.
    pub(super) base: String,
    /// In a batch: the request id of the batch, and the id of the item.
    pub(super) item: Option<(String, String)>,
}

/// What goes back: the answer or the fault in its envelope, and the ids that every response carries.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) status: u16,
    pub(super) body: Body,
    pub(super) request_id: String,
    pub(super) client_request_id: String,
    pub(super) time: Timestamp,
    /// A claims challenge, as JSON.
    pub(super) claims: Option<String>,
    /// Headers beside those that every response carries.
    pub(super) headers: Vec<(&'static str, String)>,
    /// What was done to it on request.
    pub(super) fault: Option<&'static str>,
    /// How much of it reaches the caller.
    pub(super) cut: Cut,
}

impl Incoming {
    /// The target without its query.
    pub(super) fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(&self.target, |(path, _)| path)
    }
}

impl Service {
    pub(super) fn open(config: &Config) -> Result<Self, StartError> {
        let record = match &config.record {
            Some(path) => Some(
                RecordFile::open(path).map_err(|error| StartError::Record(path.clone(), error))?,
            ),
            None => None,
        };
        let faults = Faults::default();
        if let Some(path) = &config.faults {
            faults.add(Faults::read(path).map_err(|what| StartError::Faults(path.clone(), what))?);
        }
        let mut clock = TenantClock::new(config.now);
        let now = clock.now();
        let (mut plan, mut oplog, mut written) =
            (seed::SeedPlan::of(config, now), None, Vec::new());
        if let Some(path) = &config.state {
            let opened;
            (opened, plan, written) = Oplog::open(path, config, now)?;
            oplog = Some(Mutex::new(opened));
        }
        let mut world = seed::world(&plan, clock)?;
        for (number, line) in written.into_iter().enumerate() {
            replay(&mut world, &line).map_err(|fault| {
                StartError::StateContent(
                    config.state.clone().unwrap_or_default(),
                    format!(
                        "line {} no longer fits this program ({})",
                        number + 2,
                        fault.message
                    ),
                )
            })?;
        }
        // Not before: what was written was written with the licence.
        world.governance = config.governance;
        Ok(Self {
            world: Mutex::new(world),
            oplog,
            record,
            carried: Mutex::new(names(permission::DEMO)),
            faults,
            broken: AtomicBool::new(false),
            seed: plan.seed,
        })
    }

    fn carried(&self) -> MutexGuard<'_, Vec<String>> {
        self.carried.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the fixed tokens carry from now on.
    pub(super) fn carry(&self, permissions: &[&str]) {
        *self.carried() = names(permissions);
    }

    fn world(&self) -> MutexGuard<'_, TenantWorld> {
        // A panic in one call (a defect) must not take the whole emulator with it.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The signed-in administrator is the first one in the demo data.
    pub(super) fn token(&self) -> String {
        self.world()
            .admins
            .first()
            .map(|admin| admin.token.clone())
            .unwrap_or_default()
    }

    pub(super) fn token_for(&self, name: &str) -> Option<String> {
        let world = self.world();
        let user = world.live_users().find(|user| user.has_address(name))?;
        world.admin(user.id).map(|admin| admin.token.clone())
    }

    /// What the emulated Entra needs to know of the tenant.
    pub(super) fn login(&self, config: login::LoginConfig) -> LoginService {
        let world = self.world();
        let people = world.admins.iter().filter_map(|admin| {
            let user = world.user(admin.user)?;
            Some((user.id, user.upn.clone()))
        });
        let tenant = login::LoginTenant {
            id: world.tenant.id,
            domains: world
                .domains
                .iter()
                .map(|domain| domain.name.clone())
                .collect(),
            people: people.collect(),
        };
        LoginService::new(config, tenant)
    }

    /// Who has one of the fixed tokens, or one of the emulated Entra's.
    pub(super) fn caller(
        &self,
        token: Option<&str>,
        login: Option<&LoginService>,
    ) -> Result<Caller, Fault> {
        let unauthorized = |message: &str| Fault::new(401, "InvalidAuthenticationToken", message);
        let token = token.ok_or_else(|| unauthorized("Access token is empty."))?;
        if let Some(admin) = self.world().by_token(token) {
            return Ok(Caller {
                user: admin.user,
                permissions: self.carried().clone(),
                app_only: false,
            });
        }
        login
            .and_then(|login| login.caller(token, self.now()))
            .unwrap_or_else(|| Err(unauthorized("Access token validation failure.")))
    }

    pub(super) fn snapshot(&self) -> Value {
        let mut world = self.world();
        world.settle();
        snapshot::of(&world)
    }

    pub(super) fn advance(&self, by: SignedDuration) {
        self.world().clock.advance(by);
    }

    /// The time, as the emulated tenant has it.
    pub(super) fn now(&self) -> Timestamp {
        self.world().clock.now()
    }

    /// Answers one request; a batch is taken apart before it comes here. Nothing is recorded yet.
    pub(super) fn answer(&self, incoming: &Incoming) -> Outgoing {
        let mut world = self.world();
        world.settle();
        let time = world.now;
        let result = self.perform(&mut world, incoming);
        drop(world);
        Self::reply(incoming, result, time)
    }

    /// What a result is as a reply, now.
    pub(super) fn result(&self, incoming: &Incoming, result: Result<ApiAnswer, Fault>) -> Outgoing {
        Self::reply(incoming, result, self.now())
    }

    /// Refuses one request, with nothing done.
    pub(super) fn refuse(&self, incoming: &Incoming, fault: Fault) -> Outgoing {
        self.result(incoming, Err(fault))
    }

    /// Does nothing and says nothing.
    pub(super) fn nothing(&self, incoming: &Incoming) -> Outgoing {
        self.result(incoming, Ok(ApiAnswer::empty(200)))
    }

    /// Writes an exchange to the record.
    pub(super) fn record(&self, incoming: &Incoming, reply: &Outgoing) {
        if let Some(record) = &self.record {
            record.write(incoming, reply);
        }
    }

    fn perform(&self, world: &mut TenantWorld, incoming: &Incoming) -> Result<ApiAnswer, Fault> {
        let caller = incoming.caller.clone()?;
        let body = incoming.body.clone()?;
        let call = ApiCall::new(
            &incoming.method,
            &incoming.target,
            incoming.eventual,
            body.clone(),
            caller.user,
            &incoming.base,
        )?;
        permission::check(&caller, &call, world)?;
        let writes = incoming.method != "GET";
        if writes && self.broken.load(Ordering::Relaxed) {
            return Err(Fault::new(
                500,
                "InternalServerError",
                "The emulator's state file could not be written.",
            ));
        }
        let answer = dispatch(&call, world)?;
        if writes {
            self.keep(&OplogLine::Call {
                time: world.now,
                actor: caller.user,
                method: incoming.method.clone(),
                target: incoming.target.clone(),
                body,
            })?;
        }
        Ok(answer)
    }

    fn keep(&self, line: &OplogLine) -> Result<(), Fault> {
        let Some(oplog) = &self.oplog else {
            return Ok(());
        };
        let mut oplog = oplog.lock().unwrap_or_else(PoisonError::into_inner);
        oplog.append(line).map_err(|error| {
            self.broken.store(true, Ordering::Relaxed);
            Fault::new(
                500,
                "InternalServerError",
                format!("The emulator's state file could not be written: {error}."),
            )
        })
    }

    /// Gives a result its ids and its envelope.
    fn reply(incoming: &Incoming, result: Result<ApiAnswer, Fault>, time: Timestamp) -> Outgoing {
        let request_id = incoming.request_id.clone();
        let client_request_id = incoming
            .client_request_id
            .clone()
            .unwrap_or_else(|| request_id.clone());
        let claims = result.as_ref().err().and_then(|fault| fault.claims.clone());
        let (status, body) = match result {
            Ok(answer) => (answer.status, answer.body),
            Err(fault) => {
                let date = time.to_string();
                let envelope =
                    fault.envelope(date.trim_end_matches('Z'), &request_id, &client_request_id);
                (fault.status, Body::Json(envelope))
            }
        };
        Outgoing {
            status,
            body,
            request_id,
            client_request_id,
            time,
            claims,
            headers: Vec::new(),
            fault: None,
            cut: Cut::default(),
        }
    }

    /// A request will be delivered so.
    pub(super) fn destine(&self, request: Uuid, fate: &DeliveryFate) {
        let mut world = self.world();
        world.destine(request, fate);
        let _ = self.keep(&OplogLine::Fate {
            time: world.now,
            request,
            fate: fate.clone(),
        });
    }

    /// A new sign-up.
    pub(super) fn arrive(&self) {
        let mut world = self.world();
        world.settle();
        if self.broken.load(Ordering::Relaxed) {
            return;
        }
        seed::arrive(&mut world);
        let _ = self.keep(&OplogLine::Arrival { time: world.now });
    }
}

fn names(permissions: &[&str]) -> Vec<String> {
    permissions.iter().map(|&name| name.to_owned()).collect()
}

/// Does again what was written, at the time it was written.
fn replay(world: &mut TenantWorld, line: &OplogLine) -> Result<(), Fault> {
    match line {
        OplogLine::Arrival { time } => {
            world.settle_at(*time);
            seed::arrive(world);
            Ok(())
        }
        OplogLine::Fate {
            time,
            request,
            fate,
        } => {
            world.settle_at(*time);
            world.destine(*request, fate);
            Ok(())
        }
        OplogLine::Call {
            time,
            actor,
            method,
            target,
            body,
        } => {
            world.settle_at(*time);
            let call = ApiCall::new(method, target, true, body.clone(), *actor, "")?;
            dispatch(&call, world).map(|_| ())
        }
    }
}
