//! Faults on request: what goes wrong between a caller and the emulated Graph, as a list of rules in memory.
//!
//! ```json
//! [{"method": "GET", "path": "*/assignmentRequests*", "count": 2, "effect": {"kind": "throttle", "retryAfter": 8}},
//!  {"method": "POST", "path": "*/invitations", "count": 1, "effect": {"kind": "fail", "status": 503, "after": true}}]
//! ```
//! The first rule that fits an exchange decides what happens to it; items of a batch are exchanges of their own.
//! Rules come from [`super::Emulator::inject`], from `POST /faults` (see `endpoint`) or from a file at the start.

mod endpoint;
mod fate;
mod lag;
mod reply;
mod rule;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

pub use super::fate::{DeliveryFate, FateEnd};
use super::service::{Incoming, Outgoing, Service};
pub(super) use endpoint::{answer as endpoint, is_endpoint};
use lag::Lag;
pub use rule::{FaultEffect, FaultRule, RetryAfter};

/// The rules, and what they have brought about so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    state: Mutex<FaultState>,
}

#[derive(Debug, Default)]
struct FaultState {
    armed: Vec<Armed>,
    lag: Lag,
}

/// A rule at work.
#[derive(Debug)]
struct Armed {
    rule: FaultRule,
    /// Exchanges that fitted.
    seen: u64,
    /// Exchanges it was done to.
    hits: u64,
    first: Option<Instant>,
}

/// What happens to one exchange.
#[derive(Debug)]
pub(super) struct Strike(FaultEffect);

impl Faults {
    /// Reads a file of rules.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn read(path: &Path) -> Result<Vec<FaultRule>, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let rules: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        FaultRule::list(&rules)
    }

    fn state(&self) -> MutexGuard<'_, FaultState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds rules after those there are.
    pub(super) fn add(&self, rules: impl IntoIterator<Item = FaultRule>) {
        self.state().armed.extend(rules.into_iter().map(Armed::new));
    }

    /// Puts rules in the place of all there are. Nobody lags behind any more.
    pub(super) fn replace(&self, rules: Vec<FaultRule>) {
        let mut state = self.state();
        state.armed = rules.into_iter().map(Armed::new).collect();
        state.lag = Lag::default();
    }

    /// The rules as JSON, each with how often it was done.
    fn list(&self) -> Value {
        let state = self.state();
        let rules = state.armed.iter().map(|armed| {
            let mut value = serde_json::to_value(&armed.rule).unwrap_or_default();
            value["hits"] = armed.hits.into();
            value
        });
        rules.collect()
    }

    fn strike(&self, incoming: &Incoming) -> Option<Strike> {
        let now = Instant::now();
        let mut state = self.state();
        let armed = state
            .armed
            .iter_mut()
            .find_map(|armed| armed.takes(incoming, now).then_some(armed))?;
        Some(Strike(armed.rule.effect.clone()))
    }
}

impl Armed {
    fn new(rule: FaultRule) -> Self {
        Self {
            rule,
            seen: 0,
            hits: 0,
            first: None,
        }
    }

    fn takes(&mut self, incoming: &Incoming, now: Instant) -> bool {
        if !self.rule.fits(incoming) {
            return false;
        }
        self.seen += 1;
        let spent = self.rule.count.is_some_and(|count| self.hits >= count);
        let over = self
            .rule
            .seconds
            .zip(self.first)
            .is_some_and(|(seconds, first)| {
                now.duration_since(first) >= Duration::from_secs_f64(seconds)
            });
        if self.seen < self.rule.nth || spent || over {
            return false;
        }
        self.hits += 1;
        self.first.get_or_insert(now);
        true
    }
}

/// Has one exchange served by `serve` (which does nothing unless it is awaited), with whatever the rules do to it, and records it as it went out.
pub(super) async fn around(
    service: &Service,
    incoming: &Incoming,
    serve: impl Future<Output = Outgoing>,
) -> Outgoing {
    let faults = &service.faults;
    let strike = match incoming.caller {
        Ok(_) => faults.strike(incoming),
        Err(_) => None,
    };
    let hidden = incoming
        .caller
        .is_ok()
        .then(|| faults.state().lag.refuses(incoming));
    let reply = match (strike, hidden.flatten()) {
        (None, None) => {
            let reply = serve.await;
            faults.state().lag.leave_out(incoming, reply)
        }
        (None, Some(fault)) => {
            let mut reply = service.refuse(incoming, fault);
            reply.fault = Some("lag");
            reply
        }
        (Some(Strike(effect)), _) => {
            if let FaultEffect::Slow { seconds } = effect {
                tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            }
            let mut reply = match effect.refusal() {
                Some(fault) if !effect.commits() => service.refuse(incoming, fault),
                Some(fault) => {
                    serve.await;
                    service.refuse(incoming, fault)
                }
                None if effect.commits() => serve.await,
                None => service.nothing(incoming),
            };
            if let FaultEffect::Lag {
                requests,
                seconds,
                shown,
            } = effect
            {
                faults.state().lag.begin(&reply, requests, seconds, shown);
            }
            if let FaultEffect::Deliver(fate) = &effect
                && let Some(request) = fate::request(incoming, &reply)
            {
                service.destine(request, fate);
            }
            effect.shape(&mut reply);
            reply.fault = Some(effect.name());
            reply
        }
    };
    service.record(incoming, &reply);
    reply
}
