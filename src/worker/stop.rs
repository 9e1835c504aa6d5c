//! How a job learns that it should end.

use std::time::Duration;

use tokio::sync::watch;

/// What is wanted of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Halt {
    /// Go on.
    No,
    /// Somebody does not want it any more: end at the next good place.
    Cancel,
    /// The program ends: within a second.
    Quit,
}

/// How long a write in flight may still be answered once the program ends. Together with writing its outcome to
/// the journal it fits in the second that [`super::Worker::shutdown`] waits.
const GRACE: Duration = Duration::from_millis(600);

/// The job's side of it.
#[derive(Clone)]
pub(super) struct Stop(watch::Receiver<Halt>);

impl Stop {
    /// A stop and what pulls it.
    pub(super) fn new() -> (watch::Sender<Halt>, Self) {
        let (sender, receiver) = watch::channel(Halt::No);
        (sender, Self(receiver))
    }

    /// Whether the job should end.
    pub(super) fn asked(&self) -> bool {
        *self.0.borrow() > Halt::No
    }

    /// Waits until the job should end.
    pub(super) async fn pulled(&self) {
        self.reached(Halt::Cancel).await;
    }

    /// Waits until a write in flight must be given up.
    pub(super) async fn grace_over(&self) {
        self.reached(Halt::Quit).await;
        tokio::time::sleep(GRACE).await;
    }

    async fn reached(&self, level: Halt) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|halt| *halt >= level).await.is_err() {
            // Nobody is left who could pull it.
            std::future::pending::<()>().await;
        }
    }
}
