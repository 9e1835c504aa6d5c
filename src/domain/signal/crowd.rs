//! What the pending requests say about each other: who asks twice, who comes in a crowd, who says the same.
//!
//! Counted once for the whole queue, so that looking at one request costs a few look-ups, however many wait.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use jiff::{SignedDuration, Timestamp};

use crate::domain::id::{PackageId, RequestId};
use crate::domain::person::Person;
use crate::domain::request::Request;
use crate::domain::text::Text;

/// So many people of one domain within [`SHORT`] are a crowd.
const MANY: usize = 5;
/// Within which time.
const SHORT: SignedDuration = SignedDuration::from_hours(24);
/// So many people with the same words are no accident.
const ALIKE: usize = 3;
/// Words shorter than this, in letters and digits, are often the same: `Lyon`, `yes`.
const LONG: usize = 16;

/// Another pending request of the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// Its id.
    pub id: RequestId,
    /// What it asks for.
    pub package: Option<PackageId>,
    /// That package's name.
    pub package_name: Text,
    /// When it came.
    pub created: Option<Timestamp>,
}

/// Many people of one domain in a short time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// How many.
    pub people: usize,
    /// Between the first and the last of them.
    pub within: SignedDuration,
}

/// The pending requests, counted.
#[derive(Clone, Debug, Default)]
pub struct Crowd {
    by_person: HashMap<String, Vec<Twin>>,
    bursts: HashMap<String, Burst>,
    words: HashMap<u64, usize>,
}

impl Crowd {
    /// Counts `requests`; those that do not wait any more are left out.
    pub fn of<'a>(requests: impl IntoIterator<Item = &'a Request>) -> Self {
        let mut by_person: HashMap<String, Vec<Twin>> = HashMap::new();
        let mut arrivals: HashMap<String, Vec<(Timestamp, u64)>> = HashMap::new();
        let mut said: HashMap<u64, HashSet<u64>> = HashMap::new();
        for request in requests.into_iter().filter(|request| request.pending()) {
            let person = key(request.subject());
            let number = hash(&person);
            if let Some(at) = request.created {
                let domain = request.subject().domain();
                arrivals.entry(domain).or_default().push((at, number));
            }
            for words in words(request) {
                said.entry(words).or_default().insert(number);
            }
            if !person.is_empty() {
                by_person.entry(person).or_default().push(Twin {
                    id: request.id.clone(),
                    package: request.package.clone(),
                    package_name: request.package_name.clone(),
                    created: request.created,
                });
            }
        }
        by_person.retain(|_, requests| requests.len() > 1);
        let bursts = arrivals.into_iter().filter_map(|(domain, arrivals)| {
            let burst = burst(arrivals)?;
            (!domain.is_empty()).then_some((domain, burst))
        });
        Self {
            by_person,
            bursts: bursts.collect(),
            words: said
                .into_iter()
                .map(|(words, people)| (words, people.len()))
                .filter(|(_, people)| *people >= ALIKE)
                .collect(),
        }
    }

    /// The other pending requests of the person who made `request`.
    pub fn twins(&self, request: &Request) -> impl Iterator<Item = &Twin> {
        let all = self.by_person.get(&key(request.subject()));
        let id = request.id.clone();
        all.into_iter().flatten().filter(move |twin| twin.id != id)
    }

    /// Whether people of `domain` came in a crowd.
    pub fn burst(&self, domain: &str) -> Option<Burst> {
        self.bursts.get(domain).copied()
    }

    /// How many people, this one among them, gave these words to this question (empty for the justification).
    /// `None` for too few, or for words too short to count.
    pub fn alike(&self, question: &str, answer: &str) -> Option<usize> {
        self.words.get(&said(question, answer)?).copied()
    }
}

/// Names a person for as long as the program runs: by address, else by account.
fn key(person: &Person) -> String {
    match &person.object {
        _ if !person.mail.is_empty() => person.mail.to_lowercase(),
        Some(user) => user.to_string(),
        None => String::new(),
    }
}

fn words(request: &Request) -> impl Iterator<Item = u64> + '_ {
    let answers = request.answers.iter();
    let answers = answers.filter_map(|answer| said(&answer.question, &answer.answer));
    answers.chain(said("", &request.justification))
}

/// What was said to a question, without what does not change it.
fn said(question: &str, answer: &str) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    question.hash(&mut hasher);
    let mut letters = 0;
    for c in answer.chars().filter(|c| c.is_alphanumeric()) {
        c.to_lowercase().for_each(|c| c.hash(&mut hasher));
        letters += 1;
    }
    (letters >= LONG).then(|| hasher.finish())
}

fn hash(what: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// The most people within any stretch of [`SHORT`], if they are a crowd. Each counts once, by their first request.
fn burst(mut arrivals: Vec<(Timestamp, u64)>) -> Option<Burst> {
    arrivals.sort_unstable();
    let mut people = HashSet::new();
    arrivals.retain(|(_, person)| people.insert(*person));
    let mut first = 0;
    let mut most: Option<Burst> = None;
    for (at, (time, _)) in arrivals.iter().enumerate() {
        while time.duration_since(arrivals[first].0) > SHORT {
            first += 1;
        }
        let burst = Burst {
            people: at + 1 - first,
            within: time.duration_since(arrivals[first].0),
        };
        if most.is_none_or(|most| burst.people > most.people) {
            most = Some(burst);
        }
    }
    most.filter(|burst| burst.people >= MANY)
}
