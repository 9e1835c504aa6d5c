//! The demo tenant: read from `assets/`, placed in time before `now`, the same every time for a seed.

mod ask;
mod crowd;
mod data;
mod governance;
mod past;
mod people;
mod rules;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub(super) use ask::Arrivals;
pub(super) use ask::arrive;

use super::clock::{TenantClock, whole_seconds};
use super::ids::guid;
use super::organization::Tenant;
use super::world::{Admin, TenantWorld};
use super::{Config, StartError};
use data::{Age, Demo, People};

const DEMO: &str = include_str!("../../../assets/demo.toml");
const PEOPLE: &str = include_str!("../../../assets/demo-people.toml");

/// What makes a tenant.
#[derive(Debug, Clone)]
pub(super) struct SeedPlan {
    pub(super) seed: u64,
    pub(super) guests: usize,
    pub(super) requests: usize,
    pub(super) past: usize,
    pub(super) now: Timestamp,
    /// Of the tokens: whoever knows the seed knows none of them.
    pub(super) secret: uuid::Uuid,
}

impl SeedPlan {
    pub(super) fn of(config: &Config, now: Timestamp) -> Self {
        Self {
            seed: config.seed,
            guests: config.guests,
            requests: config.requests,
            past: config.past,
            now,
            secret: uuid::Uuid::new_v4(),
        }
    }
}

/// Names the data, so that a state file is not continued on another tenant.
pub(super) fn fingerprint() -> String {
    let digest = Sha256::new()
        .chain_update(DEMO)
        .chain_update(PEOPLE)
        .finalize();
    digest
        .iter()
        .take(8)
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// The keys of the data file, as ids.
pub(super) struct SeedKeys {
    seed: u64,
    now: Timestamp,
    places: HashMap<(&'static str, String), Uuid>,
}

impl SeedKeys {
    /// The id of a new thing.
    fn add(&mut self, kind: &'static str, key: &str) -> Uuid {
        let id = guid(self.seed, kind, fold(key));
        self.places.insert((kind, key.to_owned()), id);
        id
    }

    fn get(&self, kind: &'static str, key: &str) -> Result<Uuid, StartError> {
        self.places
            .get(&(kind, key.to_owned()))
            .copied()
            .ok_or_else(|| StartError::Data(format!("there is no {kind} '{key}'")))
    }

    fn ago(&self, age: Age) -> Timestamp {
        self.before(age.0)
    }

    fn before(&self, age: SignedDuration) -> Timestamp {
        whole_seconds(self.now.checked_sub(age).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

/// A key as a number, for the id that follows from it.
fn fold(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

pub(super) fn world(plan: &SeedPlan, clock: TenantClock) -> Result<TenantWorld, StartError> {
    let demo: Demo = toml::from_str(DEMO).map_err(|error| StartError::Data(error.to_string()))?;
    let people: People =
        toml::from_str(PEOPLE).map_err(|error| StartError::Data(error.to_string()))?;
    let mut keys = SeedKeys {
        seed: plan.seed,
        now: whole_seconds(plan.now),
        places: HashMap::new(),
    };
    let tenant = tenant(&demo, &keys);
    let mut world = TenantWorld::new(plan.seed, clock, tenant, Arrivals::new(plan.seed, people));
    world.now = keys.now;
    world.domains.clone_from(&demo.domains);
    let named = demo.guests.iter().map(|guest| &guest.mail);
    let waiting = demo.requests.iter().chain(&demo.cases);
    let named = named.chain(waiting.map(|request| &request.mail));
    for mail in named.chain(demo.history.iter().map(|request| &request.mail)) {
        world.arrivals.pool.reserve(mail);
    }
    people::members(&mut world, &mut keys, &demo)?;
    for member in demo.members.iter().filter(|member| member.signs_in) {
        world.admins.push(Admin {
            user: keys.get("user", &member.key)?,
            token: format!("demo-{}-{}", member.key, plan.secret.simple()),
            governs: member.governs,
        });
    }
    governance::build(&mut world, &mut keys, &demo)?;
    people::guests(&mut world, &mut keys, &demo)?;
    crowd::guests(&mut world, &keys, plan.guests);
    ask::history(&mut world, &keys, &demo)?;
    ask::pending(&mut world, &keys, &demo, plan.requests)?;
    past::requests(&mut world, &keys, plan.past);
    world.next_expiry = world
        .assignments
        .iter()
        .filter(|assignment| assignment.holds())
        .filter_map(|assignment| assignment.ends)
        .min();
    Ok(world)
}

fn tenant(demo: &Demo, keys: &SeedKeys) -> Tenant {
    let verified = demo
        .domains
        .iter()
        .filter(|domain| domain.is_verified)
        .map(|domain| {
            json!({
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": domain.is_default,
                "isInitial": domain.is_initial,
                "name": domain.name,
                "type": "Managed",
            })
        });
    let initial = demo.domains.iter().find(|domain| domain.is_initial);
    Tenant {
        id: guid(keys.seed, "tenant", 0),
        display_name: demo.tenant.display_name.clone(),
        country: demo.tenant.country.clone(),
        language: demo.tenant.language.clone(),
        created: keys.ago(demo.tenant.age),
        verified: verified.collect(),
        initial_domain: initial
            .map(|domain| domain.name.clone())
            .unwrap_or_default(),
    }
}
