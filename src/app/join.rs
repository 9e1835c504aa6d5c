//! Joins what Graph said in separate lists: a request with its policy, organization, signals and deciders.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::rows::{GuestRow, RequestRow};
use super::state::{Data, State};
use super::table::Row;
use crate::domain::guest::Guest;
use crate::domain::id::{PolicyId, UserId};
use crate::domain::mail;
use crate::domain::policy::{Policy, Subject};
use crate::domain::request::{Person, Request};
use crate::domain::signal::{Denials, Facts, KnownDomains, signals};

impl State {
    /// The guest with this address.
    pub fn guest_by_mail(&self, address: &str) -> Option<&GuestRow> {
        let address = address.to_lowercase();
        let guest = self
            .data
            .guests
            .get(self.data.guest_by_mail.get(&hash(&address))?)?;
        (guest.guest.address().to_lowercase() == address).then_some(guest)
    }

    /// The guest a person is already.
    pub fn guest_of(&self, person: &Person) -> Option<&GuestRow> {
        let by_id = person.user.as_ref().and_then(|id| self.data.guests.get(id));
        by_id.or_else(|| self.guest_by_mail(&person.mail))
    }

    /// The policy that governs the focused request.
    pub fn linked_policy(&self) -> Option<PolicyId> {
        self.looked_at_request().and_then(|row| row.policy.clone())
    }

    /// The guest the focused request's person is already.
    pub fn linked_guest(&self) -> Option<UserId> {
        let row = self.looked_at_request()?;
        self.guest_of(&row.request.requestor)
            .map(|guest| guest.guest.id.clone())
    }

    /// Guests of the focused request's domain, the person themselves first.
    pub fn linked_guests(&self, most: usize) -> Vec<&GuestRow> {
        let Some(row) = self.looked_at_request() else {
            return Vec::new();
        };
        let person = self.guest_of(&row.request.requestor);
        let of_domain = self.data.guests_of_domain.get(row.domain.as_str());
        let others = of_domain
            .into_iter()
            .flatten()
            .filter_map(|id| self.data.guests.get(id));
        let others =
            others.filter(|guest| person.is_none_or(|person| person.guest.id != guest.guest.id));
        person.into_iter().chain(others).take(most).collect()
    }

    /// How many guests come from the focused request's domain.
    pub fn linked_guest_count(&self) -> usize {
        let domain = self.looked_at_request().map(|row| row.domain.as_str());
        domain
            .and_then(|domain| self.data.guests_of_domain.get(domain))
            .map_or(0, Vec::len)
    }

    /// The policy with this id.
    pub fn policy(&self, id: &PolicyId) -> Option<&Policy> {
        self.data.policies.get(id).map(|row| &row.policy)
    }

    /// The My Access link people ask with under this policy, once tenant and package are known.
    pub fn request_link(&self, policy: &PolicyId) -> Option<String> {
        let package = self
            .data
            .packages
            .get(self.policy(policy)?.package.as_ref()?)?;
        Some(package.request_link(self.my_access?, self.session.as_ref()?.default_domain()))
    }
}

fn hash(address: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    hasher.finish()
}

impl Data {
    /// Makes the indexes of guests anew.
    pub(super) fn index_guests(&mut self) {
        self.guest_by_mail.clear();
        self.guests_of_domain.clear();
        for row in self.guests.rows() {
            let (id, address) = (row.guest.id.clone(), row.guest.address().to_lowercase());
            let domain = mail::domain(&address);
            match self.guests_of_domain.get_mut(domain.as_str()) {
                Some(guests) => guests.push(id.clone()),
                None => {
                    self.guests_of_domain
                        .insert(domain.into(), vec![id.clone()]);
                }
            }
            self.guest_by_mail.insert(hash(&address), id);
        }
    }
}

/// Makes the joined parts of every request anew, and the counts on the policies.
pub(super) fn join(state: &mut State) {
    let own: Vec<String> = state
        .session
        .as_ref()
        .map(|session| session.domains.clone())
        .unwrap_or_default();
    let known = KnownDomains::new(&own, &state.data.organizations);
    let people = state.data.requests.rows().map(|row| &row.request.requestor);
    state.data.known = known.learn(people);
    let mut denials = Denials::default();
    for past in &state.data.past {
        denials.add(past);
    }

    let me = state.session.as_ref().map(|session| session.me.clone());
    let joined: HashMap<_, _> = state
        .data
        .requests
        .rows()
        .map(|row| {
            (
                row.request.id.clone(),
                joined(state, &denials, me.as_ref(), row),
            )
        })
        .collect();
    let mut pending: HashMap<PolicyId, usize> = HashMap::new();
    for policy in joined.values().filter_map(|row| row.policy.clone()) {
        *pending.entry(policy).or_default() += 1;
    }
    state.data.requests.revise(|row| {
        if let Some(new) = joined.get(row.id()) {
            *row = new.clone();
        }
    });
    state
        .data
        .policies
        .revise(|row| row.pending = pending.get(row.id()).copied().unwrap_or(0));
}

fn joined(state: &State, denials: &Denials, me: Option<&UserId>, row: &RequestRow) -> RequestRow {
    let request = &row.request;
    let policy = policy_of(state, request);
    let guest =
        |person: &Person| -> Option<&Guest> { state.guest_of(person).map(|row| &row.guest) };
    let facts = Facts {
        known: &state.data.known,
        denials,
        guest: &guest,
        policy,
        now: state.now,
    };
    let organization = state.data.known.organization(&request.requestor);
    let count = request.stage_count(policy);
    let current = request.current_stage();
    let number = current.map_or(1, |(number, _)| number);
    let stage_policy = policy.and_then(|policy| policy.stages.get(number - 1));
    RequestRow {
        domain: request.requestor.domain(),
        organization: organization
            .map(|organization| organization.name.clone())
            .unwrap_or_default(),
        policy: policy.map(|policy| policy.id.clone()),
        stage: match current {
            Some((number, _)) => format!("{number}/{}", count.max(1)),
            None if request.stages.is_none() => "?".into(),
            None => format!("-/{}", count.max(1)),
        },
        denial_at: request.denial_at(policy),
        signals: signals(request, &facts),
        deciders: stage_policy
            .map(|stage| deciders(&stage.approvers, me))
            .unwrap_or_default(),
        reason_required: stage_policy.is_some_and(|stage| stage.justification_required),
        request: request.clone(),
    }
}

/// The policy a request says it is under; else the only one of its package that asks for approval. A
/// pending request may come without its assignment, and so without its policy.
fn policy_of<'a>(state: &'a State, request: &Request) -> Option<&'a Policy> {
    if let Some(policy) = request.policy.as_ref().and_then(|id| state.policy(id)) {
        return Some(policy);
    }
    let mut fitting = fitting(state, request);
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// The open policies of the request's package that ask for approval.
fn fitting<'a>(state: &'a State, request: &Request) -> impl Iterator<Item = &'a Policy> {
    let package = request.package.clone();
    state
        .data
        .policies
        .rows()
        .map(|row| &row.policy)
        .filter(move |policy| {
            package.is_some()
                && policy.package == package
                && policy.approval_required
                && policy.open()
        })
}

/// How many policies a request may be under, where Graph does not say which.
pub(super) fn policy_candidates(state: &State, request: &Request) -> usize {
    fitting(state, request).count()
}

fn deciders(approvers: &[Subject], me: Option<&UserId>) -> String {
    let words = approvers.iter().map(|approver| match approver {
        Subject::User { id, .. } if id.is_some() && id.as_ref() == me => "you".to_owned(),
        other => other.words(),
    });
    words.collect::<Vec<_>>().join(" or ")
}
