//! The queue as the console sees it: the same lists, joined by the same code into the same rows.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::connect::Link;
use super::failure::Failure;
use super::out;
use crate::app::state::{Pane, World};
use crate::app::view;
use crate::app::{Effect, Event, Start, State, What, update};
use crate::domain::guest::Guest;
use crate::inventory::view::{Base, View};
use crate::worker::protocol::{Answer, Ask, Job, JobId, Reply};

/// The console's state after reading the queue, without a console.
pub(super) struct Queue {
    pub(super) state: State,
    guests_job: Option<JobId>,
    /// What the state wants to find out beside the lists.
    more: Vec<Job>,
}

impl Queue {
    /// A state that has read nothing.
    pub(super) fn empty(link: &Link) -> State {
        State::new(Start {
            zone: TimeZone::system(),
            size: (200, 60),
            world: if link.demo { World::Demo } else { World::Live },
            mail: link.mail.clone(),
            ..Start::at(Timestamp::now())
        })
    }

    /// Reads what waits, and what one must know to judge it. Guests are not read: there can be a hundred
    /// thousand. Policies and past requests that cannot be read are said to be missing, and missed.
    ///
    /// For a view of what has ended, what waits is not read.
    pub(super) fn read(link: &mut Link, base: Base) -> Result<Self, Failure> {
        let waits = matches!(base, Base::Mine | Base::Pending | Base::All);
        let mut queue = Self {
            state: Self::empty(link),
            guests_job: None,
            more: Vec::new(),
        };
        // Detail stands nowhere here, and nothing is read for it.
        queue.state.detail.beside = false;
        for effect in queue.feed(What::Started) {
            let Effect::Ask(job) = effect else { continue };
            let optional = matches!(job.ask, Ask::Policies | Ask::Past);
            match job.ask {
                Ask::Session | Ask::Policies => {}
                Ask::Past | Ask::Requests if waits => {}
                Ask::Guests => {
                    queue.guests_job = Some(job.id);
                    continue;
                }
                _ => continue,
            }
            let read = link.ask(job.ask, |answer| {
                queue.reply(job.id, answer);
                Ok(())
            });
            queue.reply(job.id, Answer::Done);
            match read {
                Err(Failure::Problem(problem)) if optional => out::say(&problem.to_string()),
                other => other?,
            }
        }
        queue.find_out(link)?;
        Ok(queue)
    }

    /// Shows a view, and reads what belongs to it and was not read yet.
    pub(super) fn show(&mut self, link: &mut Link, view: View) -> Result<(), Failure> {
        self.state.views.push(view);
        let at = self.state.views.len() - 1;
        for effect in view::show(&mut self.state, at) {
            let Effect::Ask(job) = effect else { continue };
            link.ask(job.ask, |answer| {
                self.reply(job.id, answer);
                Ok(())
            })?;
            self.reply(job.id, Answer::Done);
        }
        Ok(())
    }

    /// Does what the state wants to be found out for the signals. What cannot be read stays unknown.
    fn find_out(&mut self, link: &mut Link) -> Result<(), Failure> {
        while let Some(job) = self.more.pop() {
            let read = link.ask(job.ask, |answer| {
                self.reply(job.id, answer);
                Ok(())
            });
            self.reply(job.id, Answer::Done);
            match read {
                Err(Failure::Problem(_)) => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// How many past requests were looked at, where there are more.
    pub(super) fn bounded(&self) -> Option<usize> {
        self.state.load(Pane::Requests).bounded
    }

    /// Reads all guests too, to see who is one already.
    pub(super) fn read_guests(&mut self, link: &mut Link) -> Result<(), Failure> {
        let Some(job) = self.guests_job else {
            return Ok(());
        };
        let read = link.ask(Ask::Guests, |answer| {
            self.reply(job, answer);
            Ok(())
        });
        self.reply(job, Answer::Done);
        match read {
            Err(Failure::Problem(problem)) => out::say(&problem.to_string()),
            other => other?,
        }
        self.find_out(link)
    }

    /// Takes in the one guest that matters.
    pub(super) fn meet(&mut self, guest: Guest) {
        if let Some(job) = self.guests_job {
            self.reply(job, Answer::Guests(vec![guest]));
            self.reply(job, Answer::Done);
        }
    }

    fn reply(&mut self, job: JobId, answer: Answer) {
        let wanted = self.feed(What::Reply(Reply { job, answer }));
        let wanted = wanted.into_iter().filter_map(|effect| match effect {
            Effect::Ask(job) => Some(job),
            _ => None,
        });
        let known = |ask: &Ask| matches!(ask, Ask::Borders | Ask::Held(..) | Ask::Incompatible(_));
        self.more.extend(wanted.filter(|job| known(&job.ask)));
    }

    fn feed(&mut self, what: What) -> Vec<Effect> {
        let at = Timestamp::now();
        update(&mut self.state, Event { at, what })
    }
}
