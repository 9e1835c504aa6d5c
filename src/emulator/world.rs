//! Everything the emulated tenant is, in memory, and how its things are found.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::assignments::AccessPackageAssignment;
use super::borders::TenantBorders;
use super::catalogs::AccessPackageCatalog;
use super::clock::TenantClock;
use super::connected::ConnectedOrganization;
use super::groups::{Application, DirectoryGroup};
use super::ids;
use super::invitations::SentInvitation;
use super::organization::{Tenant, TenantDomain};
use super::packages::AccessPackage;
use super::policies::AssignmentPolicy;
use super::requests::AssignmentRequest;
use super::seed::Arrivals;
use super::users::DirectoryUser;

/// Someone who can sign in to the emulator.
#[derive(Debug, Clone)]
pub(super) struct Admin {
    pub(super) user: Uuid,
    pub(super) token: String,
    /// Holds Identity Governance Administrator and User Administrator; without them one only approves.
    pub(super) governs: bool,
}

#[derive(Debug, Clone)]
pub(super) struct TenantWorld {
    pub(super) seed: u64,
    pub(super) clock: TenantClock,
    /// The time of the call that is being answered.
    pub(super) now: Timestamp,
    /// Counts the ids that writes gave out.
    issued: u64,
    pub(super) tenant: Tenant,
    pub(super) domains: Vec<TenantDomain>,
    pub(super) admins: Vec<Admin>,
    pub(super) users: EntityTable<DirectoryUser>,
    pub(super) groups: EntityTable<DirectoryGroup>,
    pub(super) applications: EntityTable<Application>,
    pub(super) catalogs: EntityTable<AccessPackageCatalog>,
    pub(super) packages: EntityTable<AccessPackage>,
    pub(super) policies: EntityTable<AssignmentPolicy>,
    pub(super) organizations: EntityTable<ConnectedOrganization>,
    pub(super) requests: EntityTable<AssignmentRequest>,
    pub(super) assignments: EntityTable<AccessPackageAssignment>,
    /// Who owns which catalogs, without a role in the tenant.
    pub(super) owners: HashMap<Uuid, Vec<Uuid>>,
    /// Whom the tenant lets in.
    pub(super) borders: TenantBorders,
    /// Graph keeps no list of invitations; tests want one.
    pub(super) invitations: Vec<SentInvitation>,
    pub(super) arrivals: Arrivals,
    /// Whether there is a licence for entitlement management.
    pub(super) governance: bool,
    /// When the next assignment runs out, so that not every call looks at all of them.
    pub(super) next_expiry: Option<Timestamp>,
}

impl TenantWorld {
    pub(super) fn new(seed: u64, clock: TenantClock, tenant: Tenant, arrivals: Arrivals) -> Self {
        Self {
            seed,
            clock,
            now: Timestamp::UNIX_EPOCH,
            issued: 0,
            tenant,
            domains: Vec::new(),
            admins: Vec::new(),
            users: EntityTable::default(),
            groups: EntityTable::default(),
            applications: EntityTable::default(),
            catalogs: EntityTable::default(),
            packages: EntityTable::default(),
            policies: EntityTable::default(),
            organizations: EntityTable::default(),
            requests: EntityTable::default(),
            assignments: EntityTable::default(),
            owners: HashMap::new(),
            borders: TenantBorders::default(),
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

    /// Whether somebody owns the catalog of a package.
    pub(super) fn owns_package(&self, user: Uuid, package: Uuid) -> bool {
        let catalog = self.packages.get(package).map(|package| package.catalog);
        let owned = self.owners.get(&user);
        owned.is_some_and(|owned| catalog.is_some_and(|catalog| owned.contains(&catalog)))
    }

    pub(super) fn admin(&self, user: Uuid) -> Option<&Admin> {
        self.admins.iter().find(|admin| admin.user == user)
    }

    pub(super) fn by_token(&self, token: &str) -> Option<&Admin> {
        self.admins.iter().find(|admin| admin.token == token)
    }

    /// The users who are not deleted.
    pub(super) fn live_users(&self) -> impl Iterator<Item = &DirectoryUser> {
        self.users.iter().filter(|user| user.deleted.is_none())
    }

    pub(super) fn user(&self, id: Uuid) -> Option<&DirectoryUser> {
        self.users.get(id).filter(|user| user.deleted.is_none())
    }

    /// The user who has this address in any of the ways that Graph looks one up.
    pub(super) fn user_by_address(&self, address: &str) -> Option<&DirectoryUser> {
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
pub(super) struct EntityTable<T> {
    rows: Vec<T>,
    places: HashMap<Uuid, usize>,
}

impl<T> Default for EntityTable<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
        }
    }
}

/// What a [`EntityTable`] holds.
pub(super) trait EntityRow {
    fn id(&self) -> Uuid;
}

impl<T: EntityRow> EntityTable<T> {
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
