//! Reads: carried again after a pause where that can help, and what is waited for is said.

use std::time::Duration;

use super::call::{Call, Response};
use super::failure::Lost;
use super::patience::{self, Tries};
use super::transport::Client;
use crate::domain::problem::{Problem, ProblemKind};

/// Who is told of a pause: how long, and why in words.
pub type Say<'a> = &'a dyn Fn(Duration, String);

impl Client {
    /// Reads, with patience: throttling, trouble of the service and lost connections are waited out, within
    /// limits. Dropping the future cancels it.
    ///
    /// # Errors
    /// What the last try brought.
    pub async fn read(&self, call: &Call, say: Say<'_>) -> Result<Response, Problem> {
        let mut tries = Tries::new(self.patience());
        let mut tokens = Tokens::default();
        let mut garbled = false;
        loop {
            let problem = match self.carry(call, say).await {
                // One such answer is an accident on the way; the second is what there is.
                Ok(answer) if answer.garbled() && !garbled => {
                    garbled = true;
                    continue;
                }
                Ok(answer) => match answer.accepted() {
                    Ok(answer) => return Ok(answer),
                    Err(problem) if worth_another(&problem) => problem,
                    Err(problem) => {
                        tokens.another(self, problem).await?;
                        continue;
                    }
                },
                Err(lost) if self.may_pass(&lost) => lost.problem,
                Err(lost) => {
                    tokens.another(self, lost.problem).await?;
                    continue;
                }
            };
            let Some(pause) = tries.next(&problem) else {
                return Err(problem);
            };
            self.hold(call.area(), &problem, pause);
            self.wait(pause, &problem, say).await;
        }
    }

    /// Whether what was lost is likely to be answered later. Where nothing ever answered it is not: the address
    /// is wrong, and to say so at once helps more than patience.
    pub fn may_pass(&self, lost: &Lost) -> bool {
        lost.passing && (lost.sent || self.has_answered())
    }

    /// Waits, and says so.
    pub async fn wait(&self, pause: Duration, problem: &Problem, say: Say<'_>) {
        say(pause, patience::why(problem));
        tokio::time::sleep(pause).await;
    }
}

/// Counts how often one call was given another token.
#[derive(Default)]
pub struct Tokens(u32);

impl Tokens {
    /// One that ran out, one that a sign-in replaced; more is a defect here or there.
    const MOST: u32 = 3;

    /// Waits for another token where that is what `problem` is about.
    ///
    /// # Errors
    /// It is not, or there is none to be had.
    pub async fn another(&mut self, client: &Client, problem: Problem) -> Result<(), Problem> {
        self.0 += 1;
        if problem.kind != ProblemKind::SignIn || self.0 > Self::MOST {
            return Err(problem);
        }
        client.restored(problem).await
    }
}

/// Whether the same read may be answered later.
pub(super) fn worth_another(problem: &Problem) -> bool {
    matches!(problem.kind, ProblemKind::Throttled | ProblemKind::Service)
}
