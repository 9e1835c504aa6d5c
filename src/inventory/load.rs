//! How the reading of each list stands, and what asks for it.

use jiff::Timestamp;

use super::Inventory;
use super::rows::RequestRow;
use super::view::{Base, QueueScope};
use crate::domain::problem::Problem;
use crate::worker::protocol::{Ask, Beyond, Coverage, Whose};

/// How many of the journal's newest records are shown.
const JOURNAL_RECORDS: usize = 5_000;

/// How the loading of one list stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Pages that have come in this load.
    pub pages: usize,
    /// When a load last came to its end.
    pub fresh: Option<Timestamp>,
    /// When one last ended, well or not.
    pub tried: Option<Timestamp>,
    /// Why the last load failed.
    pub failed: Option<Problem>,
    /// The number the list's table knows the load under way by.
    pub(crate) number: u32,
    /// There are more rows than the load has read, which were so many.
    pub bounded: Option<usize>,
    /// What it covers, where not all may be listed.
    pub covers: Option<Coverage>,
    /// So many rows came and could not be read.
    pub unread: usize,
    /// How many these were when it was last told.
    pub told: Option<usize>,
}

impl Load {
    /// Whether anything has ever come to an end: before that an empty list means nothing yet.
    pub fn ever(&self) -> bool {
        self.fresh.is_some()
    }
}

/// The loads of the lists.
#[derive(Clone, Debug, Default)]
pub struct Loads {
    /// Who and where.
    pub session: Load,
    /// What may be done here.
    pub capabilities: Load,
    /// Pending requests and their stages.
    pub requests: Load,
    /// Denied ones, for the history.
    pub past: Load,
    /// What the views beyond the queue show: failed, scheduled, decided today, all.
    pub beyond: [Load; 4],
    /// Policies, packages and connected organizations.
    pub policies: Load,
    /// Guests.
    pub guests: Load,
    /// When they last signed in.
    pub sign_ins: Load,
    /// The journal.
    pub journal: Load,
}

impl Loads {
    /// The load of a list.
    pub fn of(&self, listed: Listed) -> &Load {
        match listed {
            Listed::Session => &self.session,
            Listed::Capabilities => &self.capabilities,
            Listed::Requests => &self.requests,
            Listed::Past => &self.past,
            Listed::Beyond(at) => &self.beyond[at],
            Listed::Policies => &self.policies,
            Listed::Guests => &self.guests,
            Listed::SignIns => &self.sign_ins,
            Listed::Journal => &self.journal,
        }
    }

    /// The load of a list, to be changed.
    pub fn of_mut(&mut self, listed: Listed) -> &mut Load {
        match listed {
            Listed::Session => &mut self.session,
            Listed::Capabilities => &mut self.capabilities,
            Listed::Requests => &mut self.requests,
            Listed::Past => &mut self.past,
            Listed::Beyond(at) => &mut self.beyond[at],
            Listed::Policies => &mut self.policies,
            Listed::Guests => &mut self.guests,
            Listed::SignIns => &mut self.sign_ins,
            Listed::Journal => &mut self.journal,
        }
    }

    /// What the views beyond the queue have read is old.
    pub fn stale(&mut self) {
        for load in &mut self.beyond {
            (load.fresh, load.bounded) = (None, None);
        }
    }
}

impl Inventory {
    /// A load begins. What one of the same list before has brought and not ended is given up.
    pub fn begin(&mut self, listed: Listed) {
        let number = match listed {
            Listed::Requests | Listed::Beyond(_) => self.requests.begin_load(),
            Listed::Guests => self.guests.begin_load(),
            Listed::Past => {
                self.incoming_past.clear();
                0
            }
            Listed::Session
            | Listed::Capabilities
            | Listed::Policies
            | Listed::SignIns
            | Listed::Journal => 0,
        };
        let load = self.loads.of_mut(listed);
        (load.pages, load.number, load.bounded, load.unread) = (0, number, None, 0);
        load.covers = None;
    }

    /// A load has failed.
    pub fn failed(&mut self, listed: Listed, problem: Problem, now: Timestamp) {
        let load = self.loads.of_mut(listed);
        (load.tried, load.failed) = (Some(now), Some(problem));
    }

    /// A load has come to its end: what it did not bring is gone, and rows are judged anew.
    pub fn ended(&mut self, listed: Listed, now: Timestamp) {
        let load = self.loads.of_mut(listed);
        (load.fresh, load.tried, load.failed) = (Some(now), Some(now), None);
        match listed {
            Listed::Requests => {
                let number = self.loads.requests.number;
                let waits = |row: &RequestRow| row.request.pending();
                self.requests.end_load_of(number, waits);
            }
            Listed::Beyond(at) => self.beyond_ended(at),
            Listed::Guests => {
                self.guests.end_load();
                self.index_guests();
            }
            Listed::Past => {
                let denied = std::mem::take(&mut self.incoming_past);
                self.past.renew(denied);
                self.denials = self.past.denials();
            }
            Listed::SignIns => {}
            // These were joined as they came.
            Listed::Session | Listed::Capabilities | Listed::Policies | Listed::Journal => return,
        }
        self.join(now);
    }

    /// What a view beyond the queue shows was read. Whatever is not among it any more has moved on, where the load is
    /// of all there are of a kind.
    fn beyond_ended(&mut self, at: usize) {
        let load = &self.loads.beyond[at];
        let kind = [Base::Failed, Base::Scheduled]
            .into_iter()
            .find(|base| base.beyond() == Some(at));
        if let (Some(base), None) = (kind, load.bounded) {
            // Neither of the two looks at the day.
            let number = load.number;
            let scope = QueueScope {
                base,
                ..QueueScope::default()
            };
            let of_kind = |row: &RequestRow| scope.has(&row.request);
            self.requests.end_load_of(number, of_kind);
        }
    }
}

/// The place of a load beyond the queue.
fn place(which: Beyond) -> usize {
    let base = match which {
        Beyond::Failed => Base::Failed,
        Beyond::Scheduled => Base::Scheduled,
        Beyond::Decided { .. } => Base::Today,
        Beyond::All => Base::All,
    };
    base.beyond().unwrap_or_default()
}

/// Which list a job loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Who and where.
    Session,
    /// What may be done here.
    Capabilities,
    /// Pending requests, with their stages.
    Requests,
    /// Denied ones, for the history.
    Past,
    /// Policies, packages and connected organizations.
    Policies,
    /// Guests.
    Guests,
    /// When they last signed in.
    SignIns,
    /// The journal.
    Journal,
    /// What a view beyond the queue shows, by its place among their loads.
    Beyond(usize),
}

impl Listed {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Beyond(0),
        Self::Beyond(1),
        Self::Beyond(2),
        Self::Beyond(3),
        Self::Session,
        Self::Capabilities,
        Self::Requests,
        Self::Past,
        Self::Policies,
        Self::Guests,
        Self::SignIns,
        Self::Journal,
    ];

    /// The list an asking loads.
    pub fn asked(ask: &Ask) -> Option<Self> {
        match ask {
            Ask::Session => Some(Self::Session),
            Ask::Capabilities => Some(Self::Capabilities),
            Ask::Requests => Some(Self::Requests),
            Ask::Past => Some(Self::Past),
            Ask::Beyond(which) => Some(Self::Beyond(place(*which))),
            Ask::Policies => Some(Self::Policies),
            Ask::Guests(_) => Some(Self::Guests),
            Ask::SignIns => Some(Self::SignIns),
            Ask::Journal(_) => Some(Self::Journal),
            // No list, but something of one; or a write.
            Ask::Stages(_)
            | Ask::RowsInSight(_)
            | Ask::Records(_)
            | Ask::Chosen { .. }
            | Ask::Borders
            | Ask::Accounts(_)
            | Ask::Roles(_)
            | Ask::Held(..)
            | Ask::Incompatible(_)
            | Ask::Before(_)
            | Ask::GuestDetail(_)
            | Ask::LookUp(_)
            | Ask::Send { .. }
            | Ask::Settle
            | Ask::HalfDone
            | Ask::Follow(_)
            | Ask::Look(_)
            | Ask::Kept
            | Ask::Keep(_)
            | Ask::Save { .. }
            | Ask::SignIn(_) => None,
        }
    }

    /// What asks for it; `None` for what the view decides.
    pub fn asking(self) -> Option<Ask> {
        Some(match self {
            Self::Beyond(_) => return None,
            Self::Session => Ask::Session,
            Self::Capabilities => Ask::Capabilities,
            Self::Requests => Ask::Requests,
            Self::Past => Ask::Past,
            Self::Policies => Ask::Policies,
            Self::Guests => Ask::Guests(Whose::Guests),
            Self::SignIns => Ask::SignIns,
            Self::Journal => Ask::Journal(JOURNAL_RECORDS),
        })
    }

    /// What it is called in a message.
    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "the sign-in",
            Self::Capabilities => "what may be done here",
            Self::Requests => "requests",
            Self::Past => "the history of requests",
            Self::Beyond(_) => "past requests",
            Self::Policies => "policies",
            Self::Guests => "guests",
            Self::SignIns => "the guests' sign-ins",
            Self::Journal => "the journal",
        }
    }
}
