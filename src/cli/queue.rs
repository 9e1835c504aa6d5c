//! The queue for plain commands: the same lists as the console's, joined by the same code into the same rows.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::connect::Link;
use super::failure::Failure;
use super::out;
use crate::domain::id::RequestId;
use crate::inventory::Inventory;
use crate::inventory::load::Listed;
use crate::inventory::research::Research;
use crate::inventory::view::{Base, QueueScope, View};
use crate::inventory::want::{ListRead, Want};
use crate::worker::protocol::{AccountKey, Ask, Beside};

/// What was read of the queue, and when.
pub(super) struct Queue {
    pub(super) inventory: Inventory,
    pub(super) now: Timestamp,
    /// The view that is shown.
    base: Base,
    /// What is to be found out beside the lists.
    research: Research,
}

impl Queue {
    fn new(link: &Link, research: Research) -> Self {
        Self {
            inventory: Inventory::new(link.mail.clone(), None),
            now: Timestamp::now(),
            base: Base::default(),
            research,
        }
    }

    /// Reads what a view shows, and what one must know to judge it; shows that. All guests only where they are wanted:
    /// there can be a hundred thousand. Policies and past requests that cannot be read are said to be missing.
    ///
    /// For a view of what has ended, what waits is not read.
    pub(super) fn view(link: &mut Link, view: &View, guests: bool) -> Result<Self, Failure> {
        let mut queue = Self::new(link, Research::default());
        let filter = view.filter(queue.now).map_err(Failure::Usage)?;
        let scope = QueueScope::on(view.base, queue.now, &TimeZone::system());
        queue.base = view.base;
        queue.inventory.requests.set_view(scope, filter, view.sort);
        queue.read(link, Want::View { scope, guests })?;
        if view.base.waits() {
            queue.find_out(link)?;
        }
        Ok(queue)
    }

    /// Reads some requests with their stages, whatever state they are in, and nothing beside them but this.
    pub(super) fn these(
        link: &mut Link,
        requests: Vec<RequestId>,
        beside: Beside,
    ) -> Result<Self, Failure> {
        let mut queue = Self::new(link, Research::default());
        queue.read(link, Want::These { requests, beside })?;
        Ok(queue)
    }

    /// Reads one request, and what one must know to judge it. Says what that would take the whole queue for.
    pub(super) fn one(link: &mut Link, id: &RequestId) -> Result<Self, Failure> {
        let mut queue = Self::new(link, Research::about(id.clone()));
        let requests = vec![id.clone()];
        let beside = Beside::Lists;
        queue.read(link, Want::These { requests, beside })?;
        let waits = |queue: &Self| {
            let row = queue.inventory.requests.get(id)?;
            (row.request.pending()).then(|| AccountKey::of_person(row.request.subject()))
        };
        let Some(account) = waits(&queue) else {
            return Ok(queue);
        };
        if queue.bounded().is_some() {
            out::say(
                "It was not compared with the others that wait, which are many: whether the same person asks twice, \
                 or people come in a crowd or with the same words, `guestlist requests list` shows.",
            );
        }
        if let Some(account) = account {
            // Theirs is all that is wanted of the guests.
            queue.inventory.begin(Listed::Guests);
            let (listed, now) = (Listed::Guests, queue.now);
            match queue.ask(link, Ask::Accounts(vec![account]), &[]) {
                Ok(()) => queue.inventory.ended(listed, now),
                Err(Failure::Problem(problem)) => {
                    out::say(&problem.to_string());
                    queue.inventory.failed(listed, problem, now);
                }
                Err(other) => return Err(other),
            }
        }
        queue.find_out(link)?;
        Ok(queue)
    }

    fn read(&mut self, link: &mut Link, wanted: Want) -> Result<(), Failure> {
        for ListRead {
            ask,
            lists,
            optional,
        } in wanted.reads()
        {
            for listed in &lists {
                self.inventory.begin(*listed);
            }
            let read = self.ask(link, ask, &lists);
            // What has come before it failed is worth showing.
            for listed in lists {
                self.inventory.ended(listed, self.now);
            }
            match read {
                Err(Failure::Problem(problem)) if optional => out::say(&problem.to_string()),
                other => other?,
            }
        }
        self.research.want();
        Ok(())
    }

    /// Asks, and takes what fills the lists; plain commands have no use for what fills none.
    fn ask(&mut self, link: &mut Link, ask: Ask, lists: &[Listed]) -> Result<(), Failure> {
        link.ask(ask, |answer| {
            let _ = self.inventory.take(lists, answer, self.now);
            Ok(())
        })
    }

    /// Finds out what signals rest on beside the lists. What cannot be read stays unknown.
    fn find_out(&mut self, link: &mut Link) -> Result<(), Failure> {
        while let Some(ask) = self.research.next(&self.inventory, None) {
            match self.ask(link, ask, &[]) {
                Err(Failure::Problem(_)) => {}
                other => other?,
            }
        }
        self.inventory.join(self.now);
        Ok(())
    }

    /// How many requests were looked at, where there are more.
    pub(super) fn bounded(&self) -> Option<usize> {
        let loads = &self.inventory.loads;
        match self.base.beyond() {
            Some(at) => loads.beyond[at].bounded,
            None => loads.requests.bounded,
        }
    }
}
