//! The worker for plain commands: asks one thing and waits for its replies, on the caller's thread.

use std::sync::mpsc;

use super::protocol::{Answer, Ask, Job, JobId, Reply};
use super::work::Clock;
use super::{Worker, WorkerConfig};
use crate::domain::problem::Problem;
use crate::graph::ClientConfig;
use crate::journal::{Journal, Warning};

/// A worker with its replies.
pub struct Plain {
    worker: Worker,
    replies: mpsc::Receiver<Reply>,
    asked: u64,
}

impl Plain {
    /// Starts one; see [`WorkerConfig`].
    ///
    /// # Errors
    /// As [`Worker::start`].
    pub fn start(
        client: ClientConfig,
        journal: Option<(Journal, Vec<Warning>)>,
        clock: Clock,
    ) -> Result<Self, Problem> {
        let (sender, replies) = mpsc::channel();
        let worker = Worker::start(WorkerConfig {
            client,
            journal,
            clock,
            sink: Box::new(move |reply| {
                // Fails only after the receiver is gone, when nobody listens any more.
                let _ = sender.send(reply);
            }),
        })?;
        Ok(Self {
            worker,
            replies,
            asked: 0,
        })
    }

    /// Asks, and gives the answers as they come, [`Answer::Done`] excluded. Dropping the iterator cancels the job.
    pub fn run(&mut self, ask: Ask) -> Answers<'_> {
        self.asked += 1;
        let job = JobId(self.asked);
        self.worker.ask(Job::new(job, ask));
        Answers {
            plain: self,
            job,
            done: false,
        }
    }
}

/// The answers to one job.
pub struct Answers<'a> {
    plain: &'a Plain,
    job: JobId,
    done: bool,
}

impl Iterator for Answers<'_> {
    type Item = Answer;

    fn next(&mut self) -> Option<Answer> {
        while !self.done {
            match self.plain.replies.recv() {
                Ok(reply) if reply.job != self.job => {}
                Ok(Reply {
                    answer: Answer::Done,
                    ..
                })
                | Err(_) => self.done = true,
                Ok(reply) => return Some(reply.answer),
            }
        }
        None
    }
}

impl Drop for Answers<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.plain.worker.cancel(self.job);
        }
    }
}
