//! What the worker answers, taken into the lists: one match that names every answer, so that a new one cannot be
//! dropped unsaid.

use std::collections::HashSet;

use jiff::Timestamp;

use super::load::Listed;
use super::rows::{GuestRow, PolicyRow, RequestRow};
use super::{Inventory, journal};
use crate::domain::guest::Guest;
use crate::domain::id::{RequestId, UserId};
use crate::domain::mail;
use crate::domain::request::{Request, Stage};
use crate::worker::protocol::{AccountKey, Answer};

/// What an answer has done to the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InventoryChange {
    /// They say more, or something else.
    Lists,
    /// It is known who is signed in.
    Session,
    /// Stages have come: what was decided can be compared with how it was.
    Stages,
    /// Nothing: it is of a load that a newer one has replaced.
    Stale,
}

impl Inventory {
    /// So many rows of a list came and could not be read.
    fn lost(&mut self, listed: Option<&Listed>, rows: usize) {
        if let Some(listed) = listed {
            let load = self.loads.of_mut(*listed);
            load.unread += rows;
            load.told = Some(rows);
        }
    }

    /// Takes an answer of a job that loads these lists; none where it loads none, or none any more.
    ///
    /// # Errors
    /// The answer itself, where it fills no list.
    pub fn take(
        &mut self,
        lists: &[Listed],
        answer: Answer,
        now: Timestamp,
    ) -> Result<InventoryChange, Answer> {
        match answer {
            Answer::Session(session) if lists.contains(&Listed::Session) => {
                self.session = Some(*session);
                self.join(now);
                return Ok(InventoryChange::Session);
            }
            Answer::Requests(page) if lists.contains(&Listed::Requests) => {
                self.came(&page);
                self.loads.requests.pages += 1;
                self.add_requests(page, now);
            }
            Answer::Stages(stages) if lists.contains(&Listed::Requests) => {
                self.add_stages(stages, now);
                return Ok(InventoryChange::Stages);
            }
            Answer::Beyond(page) if lists.iter().any(|list| matches!(list, Listed::Beyond(_))) => {
                self.add_requests(page, now);
            }
            Answer::Bounded(read) => {
                let queue = |list: &&Listed| matches!(list, Listed::Requests | Listed::Beyond(_));
                if let Some(listed) = lists.iter().find(queue) {
                    self.loads.of_mut(*listed).bounded = Some(read);
                }
            }
            Answer::Covered(coverage) => {
                for listed in lists {
                    self.loads.of_mut(*listed).covers = Some(coverage.clone());
                }
            }
            Answer::Unread(rows) => self.lost(lists.first(), rows),
            Answer::Past(page) if lists.contains(&Listed::Past) => self.incoming_past.extend(page),
            Answer::Policies(policies) if lists.contains(&Listed::Policies) => {
                let row = |policy| PolicyRow { policy, pending: 0 };
                self.policies.begin_load();
                self.policies.upsert(policies.into_iter().map(row));
                self.policies.end_load();
                self.join(now);
            }
            Answer::Packages(packages) if lists.contains(&Listed::Policies) => {
                let by_id =
                    |package: crate::domain::package::Package| (package.id.clone(), package);
                self.packages = packages.into_iter().map(by_id).collect();
            }
            Answer::Organizations(organizations) if lists.contains(&Listed::Policies) => {
                self.organizations = organizations;
                self.join(now);
            }
            Answer::Guests(page) if lists.contains(&Listed::Guests) => self.add_guests(page, now),
            Answer::SignIns(page) if lists.contains(&Listed::SignIns) => {
                self.add_sign_ins(page, now);
            }
            Answer::Journal { records, .. } if lists.contains(&Listed::Journal) => {
                self.journal.begin_load();
                self.journal.upsert(journal::rows(&records));
                self.journal.end_load();
            }
            Answer::Roles(roles) => self.roles.extend(roles),
            Answer::GuestDetail(id, detail) => {
                let roles = detail.roles().map(<[_]>::to_vec);
                self.roles.insert(id.clone(), roles);
                self.guest_details.insert(id, *detail);
            }
            Answer::Accounts(accounts) => self.add_accounts(accounts, now),
            Answer::Borders(borders) => self.borders = *borders,
            Answer::Held(held) => self.held.extend(held),
            Answer::Incompatible(incompatible) => self.incompatible.extend(incompatible),
            Answer::Before(requests) => self.past.add(requests),
            Answer::BeforeOf(package, whole) => self.past.read(package, whole),
            Answer::Verdicts(verdicts) => self.add_verdicts(verdicts, now),
            Answer::Session(_)
            | Answer::Requests(_)
            | Answer::Stages(_)
            | Answer::Beyond(_)
            | Answer::Past(_)
            | Answer::Policies(_)
            | Answer::Packages(_)
            | Answer::Organizations(_)
            | Answer::Guests(_)
            | Answer::SignIns(_)
            | Answer::Journal { .. } => return Ok(InventoryChange::Stale),
            other @ (Answer::Capabilities(_)
            | Answer::Records(_)
            | Answer::Found(..)
            | Answer::Settled(..)
            | Answer::HalfDone(_)
            | Answer::Arrived(_)
            | Answer::Looked(_)
            | Answer::Kept(_)
            | Answer::Saved(_)
            | Answer::Progress { .. }
            | Answer::Note(_)
            | Answer::Waiting { .. }
            | Answer::Failed(_)
            | Answer::Done) => return Err(other),
        }
        Ok(InventoryChange::Lists)
    }

    fn add_requests(&mut self, page: Vec<Request>, now: Timestamp) {
        let ids: Vec<RequestId> = page.iter().map(|request| request.id.clone()).collect();
        let known: Vec<RequestRow> = page
            .into_iter()
            .map(|mut request| {
                // Until the stages are read anew, the ones read last are the better picture.
                let before = || self.requests.get(&request.id)?.request.stages.clone();
                request.stages = request.stages.take().or_else(before);
                RequestRow::new(request)
            })
            .collect();
        self.requests.upsert(known);
        self.join_some(&ids, now);
    }

    /// Takes the stages of some requests.
    pub fn add_stages(&mut self, stages: Vec<(RequestId, Vec<Stage>)>, now: Timestamp) {
        let ids: Vec<RequestId> = stages.iter().map(|(id, _)| id.clone()).collect();
        let rows: Vec<RequestRow> = stages
            .into_iter()
            .filter_map(|(id, stages)| {
                let mut row = self.requests.get(&id)?.clone();
                row.request.stages = Some(stages);
                Some(row)
            })
            .collect();
        self.requests.replace(rows);
        // Stages come once all pages have: from then on the requests can be compared with each other.
        if self.crowd_pages == self.loads.requests.pages {
            self.join_some(&ids, now);
        } else {
            self.join(now);
        }
    }

    fn add_guests(&mut self, page: Vec<Guest>, now: Timestamp) {
        self.loads.guests.pages += 1;
        let rows: Vec<GuestRow> = page
            .into_iter()
            .map(|mut guest| {
                // Sign-ins are read apart; until they are again, the ones read last stand.
                let before = || self.guests.get(&guest.id)?.guest.last_sign_in;
                guest.last_sign_in = guest.last_sign_in.or_else(before);
                GuestRow::new(guest, now, self.sign_ins_known)
            })
            .collect();
        self.guests.upsert(rows);
    }

    /// Takes one account that was looked up: among the guests stand guests only.
    pub fn add_guest(&mut self, guest: Guest, now: Timestamp) {
        if !guest.class.is_guest() {
            self.others.insert(guest.id, Some(guest.class));
            return;
        }
        let row = GuestRow::new(guest, now, self.sign_ins_known);
        self.guests.upsert([row]);
        self.index_guests();
    }

    /// Takes accounts that were looked up, each by what it was asked for.
    fn add_accounts(&mut self, accounts: Vec<(AccountKey, Vec<Guest>)>, now: Timestamp) {
        for (key, found) in accounts {
            let others = found.iter().filter(|guest| !guest.class.is_guest());
            match key {
                AccountKey::Id(id) if found.is_empty() => drop(self.others.insert(id, None)),
                AccountKey::Id(_) => {}
                AccountKey::Mail(mail) => {
                    let others = others.map(|guest| guest.class).collect();
                    self.others_by_mail.insert(mail::key(&mail), others);
                }
            }
            for guest in found {
                self.add_guest(guest, now);
            }
        }
        self.join(now);
    }

    fn add_sign_ins(&mut self, page: Vec<(UserId, Option<Timestamp>)>, now: Timestamp) {
        self.loads.sign_ins.pages += 1;
        self.sign_ins_known = true;
        let rows: Vec<GuestRow> = page
            .into_iter()
            .filter_map(|(id, seen)| {
                let mut guest = self.guests.get(&id)?.guest.clone();
                guest.last_sign_in = seen;
                Some(GuestRow::new(guest, now, true))
            })
            .collect();
        self.guests.replace(rows);
    }

    /// Takes who decided what; whoever asks again is judged anew by it.
    fn add_verdicts(&mut self, verdicts: Vec<(RequestId, Vec<Stage>)>, now: Timestamp) {
        let decided: HashSet<RequestId> = verdicts.iter().map(|(id, _)| id.clone()).collect();
        self.past.decided(verdicts);
        self.denials = self.past.denials();
        let of_them = self.past.iter().filter(|past| decided.contains(&past.id));
        let mails: HashSet<&str> = of_them.map(|past| &*past.subject().mail).collect();
        let rows = self.requests.rows().map(|row| &row.request);
        let rows = rows.filter(|request| mails.contains(&*request.subject().mail));
        let ids: Vec<RequestId> = rows.map(|request| request.id.clone()).collect();
        self.join_some(&ids, now);
    }
}
