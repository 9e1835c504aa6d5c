//! The sum of what is seen of a request when it is decided: a decision is about that, and Graph lets requestors change
//! their answers while they wait. Sums, so that nobody's words are kept with a decision.

use super::person::Person;
use super::request::{QuestionAnswer, Request};

/// What was seen of a request, each part as a sum; 0 where it was empty, or not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestSight {
    /// The answers.
    pub answers: u64,
    /// Why they ask.
    pub justification: u64,
    /// Until when.
    pub until: u64,
    /// The name of who asks.
    pub name: u64,
    /// Their address.
    pub mail: u64,
    /// Who gets the access, where that is somebody else.
    pub target: u64,
    /// The package.
    pub package: u64,
    /// The policy.
    pub policy: u64,
}

impl RequestSight {
    /// Of a request as it was read.
    pub fn of(request: &Request) -> Self {
        let answers = request.answers.iter().map(QuestionAnswer::sent);
        let until = request.until.map(|until| until.to_string());
        let who = |person: &Person| [person.name.to_string(), person.address().to_string()];
        let target = request.target.as_ref().map(who).unwrap_or_default();
        let one = |word: Option<&str>| sum(word.filter(|word| !word.is_empty()));
        Self {
            answers: sum(answers.filter(|answer| !answer.is_empty())),
            justification: one(Some(&request.justification)),
            until: one(until.as_deref()),
            name: one(Some(&request.requestor.name)),
            mail: one(Some(request.requestor.address())),
            target: sum(target
                .iter()
                .map(String::as_str)
                .filter(|word| !word.is_empty())),
            package: one(request.package.as_ref().map(super::id::PackageId::as_str)),
            policy: one(request.policy.as_ref().map(super::id::PolicyId::as_str)),
        }
    }

    /// What differs in `now`, each as a clause; nothing where nothing does.
    pub fn changes(&self, now: &Self) -> Vec<&'static str> {
        // Of what is expanded one read may have less than another; what a request holds itself it always has.
        let differs = |before: u64, now: u64, always: bool| {
            before != now && (always || (before != 0 && now != 0))
        };
        [
            (
                differs(self.answers, now.answers, true),
                "the answers have changed",
            ),
            (
                differs(self.justification, now.justification, true),
                "the justification has changed",
            ),
            (differs(self.until, now.until, true), "the date has changed"),
            (differs(self.name, now.name, false), "the name has changed"),
            (
                differs(self.mail, now.mail, false),
                "the mail address has changed",
            ),
            (
                differs(self.target, now.target, false),
                "who gets the access has changed",
            ),
            (
                differs(self.package, now.package, false),
                "the package has changed",
            ),
            (
                differs(self.policy, now.policy, false),
                "the policy has changed",
            ),
        ]
        .into_iter()
        .filter_map(|(differs, words)| differs.then_some(words))
        .collect()
    }
}

/// The sum of words, the same in every run (FNV-1a): what is kept is compared by another.
pub fn sum<'a>(words: impl IntoIterator<Item = &'a str>) -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = words
        .into_iter()
        .flat_map(|word| word.bytes().chain([0xff]));
    let sum = bytes.fold(START, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(PRIME)
    });
    if sum == START { 0 } else { sum }
}
