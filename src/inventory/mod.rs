//! What was read of the tenant, as lists: rows, joined, filtered, sorted, seen through views. And what is wanted of it:
//! which reads bring that, and what their answers fill.
//!
//! No console in it, no thread, no clock: console and plain commands both stand on it, so that a row says the same in
//! both. What is asked goes to the worker as an [`Ask`](crate::worker::protocol::Ask), and what it answers comes in
//! through [`Inventory::take`].

pub mod answer;
mod arrivals;
pub mod filter;
mod join;
mod journal;
pub mod load;
pub mod past;
pub mod research;
pub mod rows;
pub mod table;
#[cfg(test)]
mod tests;
pub mod view;
pub mod want;

pub use join::AccountKnown;

use std::collections::{HashMap, HashSet};

use self::load::Loads;
use self::past::Past;
use self::rows::{GuestRow, JournalRow, PolicyRow, RequestRow};
use self::table::{Sort, Table};
use crate::domain::access::{Held, Incompatible};
use crate::domain::account_class::AccountClass;
use crate::domain::border::Borders;
use crate::domain::capability::Capabilities;
use crate::domain::guest::GuestDetail;
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::package::{Organization, Package};
use crate::domain::request::Request;
use crate::domain::signal::{Crowd, Denials, GuestDomains, KnownDomains, MailDomains};
use crate::domain::tenant::Session;
use crate::domain::text::Text;

/// What was read of the tenant, joined into rows.
#[derive(Default)]
pub struct Inventory {
    /// How reading stands.
    pub loads: Loads,
    /// Who is signed in, once known.
    pub session: Option<Session>,
    /// What they may do here, once known.
    pub capabilities: Option<Capabilities>,
    /// Consumer and disposable mail domains.
    pub mail: MailDomains,
    /// The host of My Access links; `None` where the cloud's is not known.
    pub my_access: Option<&'static str>,
    /// Requests: the pending ones, and those that views beyond them have asked for.
    pub requests: Table<RequestRow>,
    /// Pending requests that came while the console was open and were not looked at yet.
    pub arrivals: HashSet<RequestId>,
    /// So many of them came in the load under way.
    pub(crate) arrived: usize,
    /// Policies.
    pub policies: Table<PolicyRow>,
    /// Guests.
    pub guests: Table<GuestRow>,
    /// Acts.
    pub journal: Table<JournalRow>,
    /// Accounts that were looked up and are no guests'; nothing where there is none of that id any more.
    pub(crate) others: HashMap<UserId, Option<AccountClass>>,
    /// The same of those that were looked up by an address, in lower case.
    pub(crate) others_by_mail: HashMap<String, Vec<AccountClass>>,
    /// Packages by id.
    pub packages: HashMap<PackageId, Package>,
    /// Connected organizations.
    pub organizations: Vec<Organization>,
    /// Requests that have ended, for the history of a person.
    pub past: Past,
    /// Those of the load under way.
    pub(crate) incoming_past: Vec<Request>,
    /// Directory roles of accounts from which something is to be taken, or that were looked at; nothing of those that
    /// could not be read.
    pub roles: HashMap<UserId, Option<Vec<Text>>>,
    /// Memberships, apps and sponsors of the guests that were looked at.
    pub guest_details: HashMap<UserId, GuestDetail>,
    /// Whether sign-ins may be seen at all: without that nobody counts as stale.
    pub sign_ins_known: bool,
    /// Guests by the hash of their address in lower case; who is found is compared by the address itself.
    pub(crate) guest_by_mail: HashMap<u64, UserId>,
    /// Further ones with the same address.
    pub(crate) more_by_mail: HashMap<u64, Vec<UserId>>,
    /// Guests by domain.
    pub guests_of_domain: HashMap<Box<str>, Vec<UserId>>,
    /// Own and connected domains, prepared for comparing.
    pub known: KnownDomains,
    /// The domains guests come from, prepared for comparing.
    pub guest_domains: GuestDomains,
    /// Whom the tenant lets in at all.
    pub borders: Borders,
    /// Who was denied before.
    pub denials: Denials,
    /// The pending requests, counted.
    pub crowd: Crowd,
    /// So many pages of the load under way were counted in `crowd`.
    pub(crate) crowd_pages: usize,
    /// What people hold and held, as far as it was read.
    pub held: HashMap<UserId, Held>,
    /// What must not be held together with a package, as far as it was read.
    pub incompatible: HashMap<PackageId, Incompatible>,
}

impl Inventory {
    /// Nothing read yet; what came before the reading is who counts as whom.
    pub fn new(mail: MailDomains, my_access: Option<&'static str>) -> Self {
        let mut inventory = Self {
            mail,
            my_access,
            ..Self::default()
        };
        inventory.journal.set_sort(Sort {
            column: "time",
            descending: true,
        });
        inventory
    }
}
