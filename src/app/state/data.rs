//! What was read from Graph, and how the reading stands.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::app::past::Past;
use crate::app::rows::{GuestRow, JournalRow, PolicyRow, RequestRow};
use crate::app::table::Table;
use crate::domain::access::{Held, Incompatible};
use crate::domain::border::Borders;
use crate::domain::guest::GuestDetail;
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::package::{Organization, Package};
use crate::domain::problem::Problem;
use crate::domain::request::Request;
use crate::domain::signal::{Crowd, Denials, KnownDomains, Seen};
use crate::worker::protocol::JobId;

/// How the loading of one list stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// The load under way. Replies of another job are stale.
    pub job: Option<JobId>,
    /// Pages that have come in this load.
    pub pages: usize,
    /// When a load last came to its end.
    pub fresh: Option<Timestamp>,
    /// When one last ended, well or not.
    pub tried: Option<Timestamp>,
    /// Why the last load failed.
    pub failed: Option<Problem>,
    /// The number the list's table knows the load under way by.
    pub(in crate::app) number: u32,
    /// There are more rows than the load has read, which were so many.
    pub bounded: Option<usize>,
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

/// What was read from Graph, joined into rows.
#[derive(Default)]
pub struct Data {
    /// Requests: the pending ones, and those that views beyond them have asked for.
    pub requests: Table<RequestRow>,
    /// Pending requests that came while the console was open and were not looked at yet.
    pub arrivals: HashSet<RequestId>,
    /// So many of them came in the load under way.
    pub(in crate::app) arrived: usize,
    /// Policies.
    pub policies: Table<PolicyRow>,
    /// Guests.
    pub guests: Table<GuestRow>,
    /// Acts.
    pub journal: Table<JournalRow>,
    /// Packages by id.
    pub packages: HashMap<PackageId, Package>,
    /// Connected organizations.
    pub organizations: Vec<Organization>,
    /// Requests that have ended, for the history of a person.
    pub past: Past,
    /// Those of the load under way.
    pub(in crate::app) incoming_past: Vec<Request>,
    /// Groups, apps and sponsors of the guests that were looked at.
    pub guest_details: HashMap<UserId, GuestDetail>,
    /// Whether sign-ins may be seen at all: without that nobody counts as stale.
    pub sign_ins_known: bool,
    /// Guests by the hash of their address in lower case; who is found is compared by the address itself.
    pub(in crate::app) guest_by_mail: HashMap<u64, UserId>,
    /// Guests by domain.
    pub guests_of_domain: HashMap<Box<str>, Vec<UserId>>,
    /// Own and connected domains, prepared for comparing.
    pub known: KnownDomains,
    /// The domains guests come from, prepared for comparing.
    pub seen: Seen,
    /// Whom the tenant lets in at all.
    pub borders: Borders,
    /// Who was denied before.
    pub denials: Denials,
    /// The pending requests, counted.
    pub crowd: Crowd,
    /// So many pages of the load under way were counted in `crowd`.
    pub(in crate::app) crowd_pages: usize,
    /// What people hold and held, as far as it was read.
    pub held: HashMap<UserId, Held>,
    /// What must not be held together with a package, as far as it was read.
    pub incompatible: HashMap<PackageId, Incompatible>,
}
