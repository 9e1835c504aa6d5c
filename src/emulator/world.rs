//! Everything the emulated tenant is, in memory, and how its things are found.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::assignments::Assignment;
use super::borders::Borders;
use super::catalogs::Catalog;
use super::clock::Clock;
use super::connected::Organization;
use super::groups::{Application, Group};
use super::ids;
use super::invitations::Invitation;
use super::organization::{Domain, Tenant};
use super::packages::Package;
use super::policies::Policy;
use super::requests::Request;
use super::seed::Arrivals;
use super::users::User;

/// Someone who can sign in to the emulator.
#[derive(Debug, Clone)]
pub(super) struct Admin {
    pub(super) user: Uuid,
    pub(super) token: String,
    /// Holds Identity Governance Administrator and User Administrator; without them one only approves.
    pub(super) governs: bool,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) clock: Clock,
    /// The time of the call that is being answered.
    pub(super) now: Timestamp,
    /// Counts the ids that writes gave out.
    issued: u64,
    pub(super) tenant: Tenant,
    pub(super) domains: Vec<Domain>,
    pub(super) admins: Vec<Admin>,
    pub(super) users: Table<User>,
    pub(super) groups: Table<Group>,
    pub(super) applications: Table<Application>,
    pub(super) catalogs: Table<Catalog>,
    pub(super) packages: Table<Package>,
    pub(super) policies: Table<Policy>,
    pub(super) organizations: Table<Organization>,
    pub(super) requests: Table<Request>,
    pub(super) assignments: Table<Assignment>,
    /// Whom the tenant lets in.
    pub(super) borders: Borders,
    /// Graph keeps no list of invitations; tests want one.
    pub(super) invitations: Vec<Invitation>,
    pub(super) arrivals: Arrivals,
    /// Whether there is a licence for entitlement management.
    pub(super) governance: bool,
    /// When the next assignment runs out, so that not every call looks at all of them.
    pub(super) next_expiry: Option<Timestamp>,
}

impl World {
    pub(super) fn new(seed: u64, clock: Clock, tenant: Tenant, arrivals: Arrivals) -> Self {
        Self {
            seed,
            clock,
            now: Timestamp::UNIX_EPOCH,
            issued: 0,
            tenant,
            domains: Vec::new(),
            admins: Vec::new(),
            users: Table::default(),
            groups: Table::default(),
            applications: Table::default(),
            catalogs: Table::default(),
            packages: Table::default(),
            policies: Table::default(),
            organizations: Table::default(),
            requests: Table::default(),
            assignments: Table::default(),
            borders: Borders::default(),
            invitations: Vec::new(),
            arrivals,
            governance: true,
            next_expiry: None,
        }
    }

    /// A new id for something that a write makes.
    pub(super) fn issue(&mut self, kind: &str) -> Uuid {
        self.issued += 1;
        ids::guid(self.seed ^ 0x5eed, kind, self.issued)
    }

    pub(super) fn admin(&self, user: Uuid) -> Option<&Admin> {
        self.admins.iter().find(|admin| admin.user == user)
    }

    pub(super) fn by_token(&self, token: &str) -> Option<&Admin> {
        self.admins.iter().find(|admin| admin.token == token)
    }

    /// The users who are not deleted.
    pub(super) fn live_users(&self) -> impl Iterator<Item = &User> {
        self.users.iter().filter(|user| user.deleted.is_none())
    }

    pub(super) fn user(&self, id: Uuid) -> Option<&User> {
        self.users.get(id).filter(|user| user.deleted.is_none())
    }

    /// The user who has this address in any of the ways that Graph looks one up.
    pub(super) fn user_by_address(&self, address: &str) -> Option<&User> {
        self.live_users().find(|user| user.has_address(address))
    }

    /// The connected organization whose directory an address comes from.
    pub(super) fn organization_of(&self, address: &str) -> Option<Uuid> {
        let domain = address.rsplit_once('@')?.1.to_lowercase();
        self.organizations
            .iter()
            .find(|organization| organization.domains.contains(&domain))
            .map(|organization| organization.id)
    }
}

/// Things in the order they came, found by their id.
#[derive(Debug, Clone)]
pub(super) struct Table<T> {
    rows: Vec<T>,
    places: HashMap<Uuid, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
        }
    }
}

/// What a [`Table`] holds.
pub(super) trait Row {
    fn id(&self) -> Uuid;
}

impl<T: Row> Table<T> {
    pub(super) fn push(&mut self, row: T) {
        self.places.insert(row.id(), self.rows.len());
        self.rows.push(row);
    }

    pub(super) fn get(&self, id: Uuid) -> Option<&T> {
        self.places.get(&id).map(|place| &self.rows[*place])
    }

    pub(super) fn get_mut(&mut self, id: Uuid) -> Option<&mut T> {
        self.places.get(&id).map(|place| &mut self.rows[*place])
    }

    /// Takes one out; those behind it move up.
    pub(super) fn remove(&mut self, id: Uuid) {
        let Some(place) = self.places.remove(&id) else {
            return;
        };
        self.rows.remove(place);
        for (place, row) in self.rows.iter().enumerate().skip(place) {
            self.places.insert(row.id(), place);
        }
    }

    pub(super) fn at(&self, place: usize) -> Option<&T> {
        self.rows.get(place)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }
}

/// A time as Graph prints it.
pub(super) fn stamp(time: Timestamp) -> Value {
    Value::String(time.to_string())
}

pub(super) fn stamp_or_null(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, stamp)
}
