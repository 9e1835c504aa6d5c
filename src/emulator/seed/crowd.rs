//! The crowd: as many guests as were asked for, drawn from the name lists.

use std::collections::HashSet;

use fastrand::Rng;
use jiff::SignedDuration;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::SeedKeys;
use super::data::{Company, Culture, People};
use crate::emulator::assignments::{AccessPackageAssignment, AssignmentStanding};
use crate::emulator::ids::guid;
use crate::emulator::requests::AccessPackageSubject;
use crate::emulator::users::{DirectoryUser, GUEST_TYPE, Redemption};
use crate::emulator::world::TenantWorld;

/// Somebody from outside.
pub(super) struct DrawnPerson {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) name: String,
    pub(super) mail: String,
    pub(super) company: Company,
}

/// Draws people whose addresses do not repeat.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct Pool {
    people: People,
    rng: Rng,
    taken: HashSet<String>,
}

impl Pool {
    pub(super) fn new(seed: u64, people: People) -> Self {
        Self {
            people,
            rng: Rng::with_seed(seed ^ 0x0c0f_fee0),
            taken: HashSet::new(),
        }
    }

    /// An address that the data file gave to somebody.
    pub(super) fn reserve(&mut self, mail: &str) {
        self.taken.insert(mail.to_owned());
    }

    pub(super) fn people(&self) -> &People {
        &self.people
    }

    pub(super) fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// Somebody of one of these domains, or of any.
    pub(super) fn draw(&mut self, domains: &[String]) -> DrawnPerson {
        let allowed = |company: &&Company| domains.is_empty() || domains.contains(&company.domain);
        let companies = self.people.companies.iter().filter(allowed);
        let company = weighted(&mut self.rng, companies, |company| company.weight)
            .or_else(|| self.people.companies.first())
            .cloned();
        let culture = weighted(&mut self.rng, self.people.cultures.iter(), |culture| {
            culture.weight
        });
        let (given, family, name, local) =
            culture.map_or_else(Default::default, |culture| named(&mut self.rng, culture));
        let company = company.unwrap_or(Company {
            name: None,
            domain: "example.com".to_owned(),
            weight: 1,
            issuer: super::data::Issuer::Mail,
        });
        let mut mail = format!("{local}@{}", company.domain);
        let mut again = 1;
        while !self.taken.insert(mail.clone()) {
            again += 1;
            mail = format!("{local}{again}@{}", company.domain);
        }
        DrawnPerson {
            given,
            family,
            name,
            mail,
            company,
        }
    }
}

fn weighted<'a, T>(
    rng: &mut Rng,
    items: impl Iterator<Item = &'a T> + Clone,
    weight: impl Fn(&T) -> u32,
) -> Option<&'a T> {
    let total: u32 = items.clone().map(&weight).sum();
    if total == 0 {
        return None;
    }
    let mut left = rng.u32(..total);
    for item in items {
        let own = weight(item);
        if left < own {
            return Some(item);
        }
        left -= own;
    }
    None
}

/// Given name, family name, both in their order, and the local part of an address.
fn named(rng: &mut Rng, culture: &Culture) -> (String, String, String, String) {
    let pick = |rng: &mut Rng, list: &[String]| {
        let entry = rng.choice(list).map_or("", String::as_str);
        match entry.split_once('|') {
            Some((name, latin)) => (name.to_owned(), latin.to_owned()),
            None => (entry.to_owned(), latin(entry)),
        }
    };
    let (given, given_latin) = pick(rng, &culture.given);
    let (family, family_latin) = pick(rng, &culture.family);
    let name = if culture.family_first {
        format!("{family}{}{given}", culture.between)
    } else {
        format!("{given}{}{family}", culture.between)
    };
    let local = match rng.u8(..4) {
        0 => format!(
            "{}.{family_latin}",
            &given_latin[..given_latin.chars().next().map_or(0, char::len_utf8)]
        ),
        1 => format!("{given_latin}_{family_latin}"),
        _ => format!("{given_latin}.{family_latin}"),
    };
    (given, family, name, local)
}

/// A Latin name as an address spells it.
fn latin(name: &str) -> String {
    name.to_lowercase()
        .nfd()
        .filter_map(|c| match c {
            'ł' => Some('l'),
            'ø' => Some('o'),
            'đ' => Some('d'),
            'ı' => Some('i'),
            c if c.is_ascii_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

pub(super) fn guests(world: &mut TenantWorld, keys: &SeedKeys, total: usize) {
    let named = world.live_users().filter(|user| user.is_guest()).count();
    let sponsors: Vec<Uuid> = world
        .live_users()
        .filter(|user| !user.is_guest())
        .map(|user| user.id)
        .collect();
    // Half of the packages' policies let people in without an end; assignments start before requests are forgotten.
    let packages: Vec<(Uuid, Uuid)> = world
        .policies
        .iter()
        .filter(|policy| {
            policy
                .lasts()
                .is_none_or(|lasts| lasts > SignedDuration::from_hours(120 * 24))
        })
        .map(|policy| (policy.package, policy.id))
        .collect();
    let titles = world.arrivals.pool.people().job_titles.clone();
    for number in named..total {
        let person = world.arrivals.pool.draw(&[]);
        let rng = world.arrivals.pool.rng();
        let mut user = guest(keys, number as u64, person, rng, &titles, &sponsors);
        user.upn = world.guest_name(user.mail.as_deref().unwrap_or_default());
        let rng = world.arrivals.pool.rng();
        let accepted = user
            .redemption
            .is_some_and(|redemption| redemption.accepted);
        let given = (accepted && user.enabled && rng.u8(..100) < 38)
            .then(|| rng.choice(&packages).copied())
            .flatten();
        let since = days(rng, 91, 119);
        let id = user.id;
        world.users.push(user);
        if let Some((package, policy)) = given {
            assign(world, keys, id, package, policy, since);
        }
    }
}

fn days(rng: &mut Rng, from: i64, to: i64) -> SignedDuration {
    let minutes = rng.i64(from * 1440..to * 1440);
    SignedDuration::from_mins(minutes)
}

fn guest(
    keys: &SeedKeys,
    number: u64,
    person: DrawnPerson,
    rng: &mut Rng,
    titles: &[String],
    sponsors: &[Uuid],
) -> DirectoryUser {
    let accepted = rng.u8(..100) >= 12;
    // Most came in the last two years, fewer and fewer the further back.
    let lived = days(rng, 1, 30).max(days(rng, 1, 900).min(days(rng, 1, 1400)));
    let redeemed = lived
        .checked_sub(days(rng, 0, 20))
        .filter(SignedDuration::is_positive)
        .unwrap_or(lived);
    let created = keys.before(lived);
    // One in four has not been here for half a year, or never came after the first day.
    let last = match rng.u8(..100) {
        _ if !accepted => None,
        0..8 => None,
        8..26 => Some(days(rng, 181, 600)),
        _ => Some(days(rng, 0, 175)),
    };
    let sponsor = (rng.u8(..100) >= 18)
        .then(|| rng.choice(sponsors).copied())
        .flatten();
    let title = (accepted && rng.u8(..100) < 70)
        .then(|| rng.choice(titles).cloned())
        .flatten();
    DirectoryUser {
        id: guid(keys.seed, "guest", number),
        display_name: person.name,
        given_name: accepted.then_some(person.given),
        surname: accepted
            .then_some(person.family)
            .filter(|name| !name.is_empty()),
        other_mails: vec![person.mail.clone()],
        mail: Some(person.mail),
        job_title: title,
        company: person.company.name.clone(),
        user_type: Some(GUEST_TYPE),
        enabled: rng.u8(..100) >= 4,
        created,
        creation: Some(if rng.u8(..100) < 8 {
            "SelfServiceSignUp"
        } else {
            "Invitation"
        }),
        redemption: Some(Redemption {
            accepted,
            since: if accepted {
                keys.before(redeemed)
            } else {
                created
            },
        }),
        issuer: accepted.then(|| person.company.issuer.word()),
        last_sign_in: last.map(|age| keys.before(age.min(redeemed))),
        sponsors: sponsor.into_iter().collect(),
        ..DirectoryUser::default()
    }
}

/// An assignment from before the time that requests are kept for.
pub(super) fn assign(
    world: &mut TenantWorld,
    keys: &SeedKeys,
    user: Uuid,
    package: Uuid,
    policy: Uuid,
    since: SignedDuration,
) {
    let starts = keys.before(since);
    let Some(subject) = world
        .user(user)
        .map(|user| AccessPackageSubject::of(user, world))
    else {
        return;
    };
    let ends = world
        .policies
        .get(policy)
        .and_then(crate::emulator::policies::AssignmentPolicy::lasts)
        .map(|lasts| starts + lasts);
    world.assignments.push(AccessPackageAssignment {
        id: crate::emulator::ids::derived("assignment", user),
        package,
        policy,
        target: subject,
        standing: AssignmentStanding::Delivered,
        starts: Some(starts),
        ends,
        expired: None,
    });
    world.grant(user, package, starts);
}
