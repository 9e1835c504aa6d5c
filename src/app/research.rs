//! What is found out beside the lists, one thing at a time and in the background: whom the tenant lets in, what must
//! not be held together, what those who wait hold and held, and what went before the request that Detail shows.
//!
//! Nothing of it is needed to work the queue. What cannot be read is not asked for again before a refresh, and not
//! complained of.

use std::collections::{BTreeSet, HashSet};

use super::effect::Effect;
use super::join::{join, join_some};
use super::rows::RequestRow;
use super::state::{Pane, State};
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::request::{Person, Request};
use crate::worker::protocol::{Answer, Ask, Before, Job, JobId};

/// So many people are looked up after each read of the queue; of others one learns when Detail shows them.
const PEOPLE: usize = 400;
/// So many packages.
const PACKAGES: usize = 200;
/// So many verdicts of earlier requests are read for one Detail: one call.
const VERDICTS: usize = 12;

/// How the finding out stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Research {
    job: Option<JobId>,
    /// What is asked may change signals.
    judged: bool,
    /// Something has come in that may raise new questions.
    pub(super) wanted: bool,
    borders: bool,
    packages: HashSet<PackageId>,
    people: HashSet<UserId>,
    before: HashSet<PackageId>,
    verdicts: HashSet<RequestId>,
}

impl Research {
    /// Forgets what was asked: it is asked again.
    pub(super) fn renew(&mut self) {
        *self = Self {
            job: self.job,
            judged: self.judged,
            wanted: true,
            ..Self::default()
        };
    }
}

/// The next thing to find out, unless one is under way.
pub(super) fn next(state: &mut State) -> Vec<Effect> {
    if state.research.job.is_some() || !state.loads.requests.ever() {
        return Vec::new();
    }
    let Some(ask) = for_detail(state).or_else(|| for_queue(state)) else {
        return Vec::new();
    };
    let id = state.next_job();
    state.research.job = Some(id);
    state.research.judged = !matches!(ask, Ask::Before(_));
    let mut job = Job::new(id, ask);
    job.background = true;
    vec![Effect::Ask(job)]
}

/// The account of somebody who asks.
fn account(state: &State, person: &Person) -> Option<UserId> {
    let known = || state.guest_of(person).map(|row| row.guest.id.clone());
    person.user.clone().or_else(known)
}

/// Whether it matters in which groups somebody is who asks for this.
fn groups_matter(state: &State, request: &Request) -> bool {
    let excluded = request
        .package
        .as_ref()
        .and_then(|id| state.data.incompatible.get(id));
    excluded.is_some_and(|excluded| !excluded.groups.is_empty())
}

/// What Detail lacks of the request it shows.
fn for_detail(state: &mut State) -> Option<Ask> {
    let shown = if state.wide() {
        state.detail.beside
    } else {
        state.detail.open
    };
    if state.focus != Pane::Requests || !shown || state.resting.is_some() {
        return None;
    }
    let request = &state.data.requests.focused()?.request;
    let missing = missing(state, request);
    if missing != Before::default() {
        state.research.before.extend(missing.package.clone());
        state.research.verdicts.extend(missing.verdicts.clone());
        return Some(Ask::Before(missing));
    }
    let person = account(state, &request.requestor)?;
    if state.research.people.contains(&person) {
        return None;
    }
    let groups = groups_matter(state, request).then(|| person.clone());
    state.research.people.insert(person.clone());
    Some(Ask::Held(vec![person], groups.into_iter().collect()))
}

/// What is not known yet of what went before a request.
fn missing(state: &State, request: &Request) -> Before {
    let (data, asked) = (&state.data, &state.research);
    let package = request.package.clone().filter(|package| {
        data.past.of_package(package).is_none() && !asked.before.contains(package)
    });
    // Until the package's requests are there, nobody knows whose verdicts will be shown.
    let person = data.past.of_person(&request.requestor).into_iter();
    let domain = data.past.of_domain(&request.requestor).into_iter();
    let shown = person.take(VERDICTS / 2).chain(domain.take(VERDICTS / 2));
    let unknown = shown.filter(|past| past.stages.is_none() && !asked.verdicts.contains(&past.id));
    let verdicts = match package {
        Some(_) => Vec::new(),
        None => unknown.map(|past| past.id.clone()).collect(),
    };
    Before { package, verdicts }
}

/// What the signals of the queue lack.
fn for_queue(state: &mut State) -> Option<Ask> {
    if !std::mem::take(&mut state.research.wanted) {
        return None;
    }
    let ask = unknown(state)?;
    // One answer raises the next question; more people are looked up after the next read of the queue.
    state.research.wanted = !matches!(ask, Ask::Held(..));
    Some(ask)
}

fn unknown(state: &mut State) -> Option<Ask> {
    if !std::mem::replace(&mut state.research.borders, true) {
        return Some(Ask::Borders);
    }
    let rows = || {
        let rows = state.data.requests.rows().map(|row| &row.request);
        rows.filter(|request| request.pending())
    };
    let asked = &state.research;
    let packages: BTreeSet<PackageId> = rows()
        .filter_map(|request| request.package.clone())
        .filter(|package| !asked.packages.contains(package))
        .take(PACKAGES)
        .collect();
    if !packages.is_empty() {
        state.research.packages.extend(packages.iter().cloned());
        return Some(Ask::Incompatible(packages.into_iter().collect()));
    }
    if !state.loads.guests.ever() {
        return None;
    }
    let mut people = Vec::new();
    let mut with_groups = BTreeSet::new();
    let mut new: HashSet<UserId> = HashSet::new();
    for request in rows() {
        let Some(person) = account(state, &request.requestor) else {
            continue;
        };
        if asked.people.contains(&person) {
            continue;
        }
        if groups_matter(state, request) {
            with_groups.insert(person.clone());
        }
        if new.insert(person.clone()) {
            people.push(person);
        }
        if people.len() == PEOPLE {
            break;
        }
    }
    state.research.people.extend(people.iter().cloned());
    (!people.is_empty()).then_some(Ask::Held(people, with_groups))
}

/// Takes what was found out.
pub(super) fn take(state: &mut State, answer: Answer) {
    let data = &mut state.data;
    match answer {
        Answer::Borders(borders) => data.borders = *borders,
        Answer::Held(held) => data.held.extend(held),
        Answer::Incompatible(incompatible) => data.incompatible.extend(incompatible),
        Answer::Before(requests) => data.past.add(requests),
        Answer::BeforeOf(package, whole) => data.past.read(package, whole),
        Answer::Verdicts(verdicts) => {
            data.past.decided(verdicts);
            data.denials = data.past.denials();
            let Some(row) = data.requests.focused() else {
                return;
            };
            let mail = row.request.requestor.mail.clone();
            let of_them = |row: &&RequestRow| row.request.requestor.mail == mail;
            let ids: Vec<RequestId> = data
                .requests
                .rows()
                .filter(of_them)
                .map(|row| row.request.id.clone())
                .collect();
            join_some(state, &ids);
        }
        _ => {}
    }
}

/// Whether a job that ended, well or not, was one of these; signals are judged anew then.
pub(super) fn ended(state: &mut State, job: JobId) -> bool {
    if state.research.job != Some(job) {
        return false;
    }
    state.research.job = None;
    if std::mem::take(&mut state.research.judged) {
        join(state);
    }
    true
}
