//! What the worker was asked and has not ended, and what each of it was for: the one place that knows. A reply of none
//! of these is stale, whatever it says, and is dropped.

use std::collections::BTreeMap;

use crate::domain::id::UserId;
use crate::inventory::load::Listed;
use crate::worker::protocol::{Ask, Job, JobId};

/// What a job is for, and so who gets what it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Reads a list.
    List(Listed),
    /// Tells the worker which stages are read first; nothing is answered.
    First,
    /// Reads the stages of past requests on the screen.
    Stages,
    /// Reads what Detail shows of this guest.
    GuestDetail(UserId),
    /// Finds something out beside the lists.
    Research,
    /// Reads which directory roles those have from whom something is to be taken.
    Roles,
    /// Asks what an earlier run left in the basket.
    Kept,
    /// Writes this version of the basket.
    Keep(u64),
    /// Looks at the staged rows anew.
    Look,
    /// Reads back what an earlier run left open.
    Settle,
    /// Asks what of this run's own is half done.
    HalfDone,
    /// Sends; which row ended how is in [`Sends`](super::sends::Sends).
    Send,
    /// Follows what a send had taken, or what an earlier run had.
    Follow(Option<JobId>),
    /// Signs in.
    SignIn,
    /// Looks somebody up for the form that is open.
    LookUp,
    /// Writes a file.
    Save,
}

impl Purpose {
    /// Whether it waits while nobody is signed in, in a way that is worth telling.
    fn waits(&self) -> bool {
        match self {
            Self::List(_) | Self::GuestDetail(_) | Self::Settle | Self::Send | Self::LookUp => true,
            // What nobody asked for, or what needs no tenant.
            Self::First
            | Self::HalfDone
            | Self::Stages
            | Self::Research
            | Self::Roles
            | Self::Kept
            | Self::Keep(_)
            | Self::Look
            | Self::Follow(_)
            | Self::SignIn
            | Self::Save => false,
        }
    }
}

/// The jobs under way.
#[derive(Debug, Default)]
pub struct Jobs {
    last: u64,
    under_way: BTreeMap<JobId, Purpose>,
}

impl Jobs {
    /// Asks for something; from now on its replies are taken.
    pub(super) fn ask(&mut self, purpose: Purpose, ask: Ask) -> Job {
        self.last += 1;
        let id = JobId(self.last);
        self.under_way.insert(id, purpose);
        Job::new(id, ask)
    }

    /// What a job is for; `None` where it is none of these any more.
    pub fn of(&self, job: JobId) -> Option<&Purpose> {
        self.under_way.get(&job)
    }

    /// The job that was begun last for this.
    pub fn newest(&self, purpose: &Purpose) -> Option<JobId> {
        let mut all = self.under_way.iter().rev();
        all.find(|(_, of)| *of == purpose).map(|(job, _)| *job)
    }

    /// Whether anything is under way for this.
    pub fn busy(&self, purpose: &Purpose) -> bool {
        self.newest(purpose).is_some()
    }

    /// Whether a list is being read.
    pub fn reads(&self, listed: Listed) -> bool {
        self.busy(&Purpose::List(listed))
    }

    /// Whether Detail of any guest is being read.
    pub fn reads_a_guest(&self) -> bool {
        let mut all = self.under_way.values();
        all.any(|purpose| matches!(purpose, Purpose::GuestDetail(_)))
    }

    /// The newest version of the basket that is being written.
    pub fn keeps(&self) -> Option<u64> {
        self.under_way.values().rev().find_map(|of| match of {
            Purpose::Keep(version) => Some(*version),
            _ => None,
        })
    }

    /// How many wait while nobody is signed in.
    pub fn waiting(&self) -> usize {
        self.under_way.values().filter(|of| of.waits()).count()
    }

    /// It has ended, or nobody wants its answer any more: what comes of it from now on is stale.
    pub(super) fn end(&mut self, job: JobId) -> Option<Purpose> {
        self.under_way.remove(&job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::protocol::Whose;

    #[test]
    fn a_job_is_known_until_it_ends_and_the_newest_of_a_kind_is_meant() {
        let mut jobs = Jobs::default();
        let list = Purpose::List(Listed::Guests);
        let first = jobs.ask(list.clone(), Ask::Guests(Whose::Guests)).id;
        let second = jobs.ask(list.clone(), Ask::Guests(Whose::Guests)).id;
        assert_eq!(jobs.newest(&list), Some(second));
        assert!(jobs.reads(Listed::Guests) && !jobs.reads(Listed::Past));
        assert_eq!(jobs.end(second), Some(list.clone()));
        assert_eq!((jobs.of(second), jobs.newest(&list)), (None, Some(first)));
        assert_eq!(jobs.end(second), None, "once");
        jobs.end(first);
        assert!(!jobs.busy(&list));
    }

    #[test]
    fn what_is_written_last_is_the_version_that_will_stand() {
        let mut jobs = Jobs::default();
        assert_eq!(jobs.keeps(), None);
        let before = jobs.ask(Purpose::Keep(3), Ask::Settle).id;
        jobs.ask(Purpose::Keep(4), Ask::Settle);
        assert_eq!((jobs.keeps(), jobs.waiting()), (Some(4), 0));
        jobs.end(before);
        jobs.ask(Purpose::Settle, Ask::Settle);
        assert_eq!((jobs.keeps(), jobs.waiting()), (Some(4), 1));
    }
}
