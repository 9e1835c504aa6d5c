//! The time, as sign-ins know it: tests have their own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A pause that is under way.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time, and lets it pass.
#[derive(Clone)]
pub struct Pace {
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Waits.
    pub sleep: Arc<dyn Fn(Duration) -> Pause + Send + Sync>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            now: Arc::new(Timestamp::now),
            sleep: Arc::new(|pause| Box::pin(tokio::time::sleep(pause))),
        }
    }
}

impl Pace {
    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// The time in so long.
    pub(super) fn after(&self, time: Duration) -> Timestamp {
        later(self.now(), time)
    }
}

pub(super) fn later(from: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}
