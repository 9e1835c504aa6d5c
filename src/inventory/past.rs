//! Requests that have ended, as far as they were read: by person and by domain, for the history of whoever asks now.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::mail;
use crate::domain::person::Person;
use crate::domain::request::{Request, RequestState, Stage};
use crate::domain::signal::Denials;

/// The requests that have ended.
#[derive(Clone, Debug, Default)]
pub struct Past {
    rows: Vec<Request>,
    by_id: HashMap<RequestId, usize>,
    by_mail: HashMap<String, Vec<usize>>,
    by_user: HashMap<UserId, Vec<usize>>,
    by_domain: HashMap<String, Vec<usize>>,
    /// Packages whose ended requests were read, and whether all of them were.
    packages: HashMap<PackageId, bool>,
}

impl<'a> IntoIterator for &'a Past {
    type Item = &'a Request;
    type IntoIter = std::slice::Iter<'a, Request>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// When a request ended, or else came.
pub fn ended(request: &Request) -> Option<Timestamp> {
    request.completed.or(request.created)
}

impl Past {
    /// All of them, in no order.
    pub fn iter(&self) -> std::slice::Iter<'_, Request> {
        self.rows.iter()
    }

    /// Puts the denied ones that were just read in the place of those read before. What else was read stays, and
    /// so do stages, which do not change any more.
    pub(crate) fn renew(&mut self, denied: Vec<Request>) {
        let old = std::mem::take(self);
        self.packages = old.packages;
        self.add(denied);
        for mut request in old.rows {
            match self.by_id.get(&request.id) {
                Some(&at) => {
                    let stages = &mut self.rows[at].stages;
                    *stages = stages.take().or_else(|| request.stages.take());
                }
                None if request.state != RequestState::Denied => self.add([request]),
                None => {}
            }
        }
    }

    /// Adds some; those that are there already stay as they are.
    pub(crate) fn add(&mut self, requests: impl IntoIterator<Item = Request>) {
        for request in requests {
            let at = self.rows.len();
            if self.by_id.contains_key(&request.id) {
                continue;
            }
            self.by_id.insert(request.id.clone(), at);
            let person = request.subject();
            if !person.mail.is_empty() {
                let mail = mail::key(&person.mail);
                self.by_mail.entry(mail).or_default().push(at);
            }
            if let Some(user) = &person.object {
                self.by_user.entry(user.clone()).or_default().push(at);
            }
            self.by_domain.entry(person.domain()).or_default().push(at);
            self.rows.push(request);
        }
    }

    /// Who decided what, of some.
    pub(crate) fn decided(&mut self, verdicts: Vec<(RequestId, Vec<Stage>)>) {
        for (id, stages) in verdicts {
            if let Some(&at) = self.by_id.get(&id) {
                self.rows[at].stages = Some(stages);
            }
        }
    }

    /// Notes that a package's ended requests were read.
    pub(crate) fn read(&mut self, package: PackageId, whole: bool) {
        self.packages.insert(package, whole);
    }

    /// Whether a package's ended requests were read, and then whether all of them.
    pub fn of_package(&self, package: &PackageId) -> Option<bool> {
        self.packages.get(package).copied()
    }

    /// Those of one person, the newest first.
    pub fn of_person(&self, person: &Person) -> Vec<&Request> {
        let by_mail = (!person.mail.is_empty())
            .then(|| self.by_mail.get(&mail::key(&person.mail)))
            .flatten();
        let by_user = person.object.as_ref().and_then(|id| self.by_user.get(id));
        let mut places: Vec<usize> = by_mail
            .into_iter()
            .chain(by_user)
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        places.dedup();
        self.newest(places)
    }

    /// Those of other people of a person's domain, the newest first.
    pub fn of_domain(&self, person: &Person) -> Vec<&Request> {
        let domain = person.domain();
        let all = self.by_domain.get(&domain).filter(|_| !domain.is_empty());
        let mail = mail::key(&person.mail);
        let other = |at: &usize| {
            let who = self.rows[*at].subject();
            mail::key(&who.mail) != mail && (who.object.is_none() || who.object != person.object)
        };
        self.newest(all.into_iter().flatten().copied().filter(other).collect())
    }

    fn newest(&self, places: Vec<usize>) -> Vec<&Request> {
        let mut found: Vec<&Request> = places.into_iter().map(|at| &self.rows[at]).collect();
        found.sort_by_key(|request| Reverse(ended(request)));
        found
    }

    /// Who was denied.
    pub(crate) fn denials(&self) -> Denials {
        self.rows.iter().collect()
    }
}
