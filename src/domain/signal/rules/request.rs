//! Rules about the request: what was written into it, and how long it can wait.

use jiff::SignedDuration;

use super::{NEAR, SignalFacts};
use crate::domain::policy::Question;
use crate::domain::request::Request;
use crate::domain::signal::Signal;
use crate::domain::text::{Removed, Text};

pub(super) fn rules(request: &Request, facts: &SignalFacts, found: &mut Vec<Signal>) {
    found.extend(hidden_characters(request));
    found.extend(denial_near(request, facts));
    found.extend(empty_answer(request, facts));
    found.extend(same_answer(request, facts));
    found.extend(reason_needed(request, facts));
}

fn hidden_characters(request: &Request) -> Option<Signal> {
    let person = request.subject();
    let answers = request
        .answers
        .iter()
        .map(|answer| ("answers", &answer.answer));
    let asks = request.asks_for_another().into_iter();
    let asks = asks.flat_map(|asks| {
        [
            ("name of who asks", &asks.name),
            ("mail address of who asks", &asks.mail),
        ]
    });
    let all = [
        ("name", &person.name),
        ("mail address", &person.mail),
        ("justification", &request.justification),
    ];
    let mut fields: Vec<&'static str> = Vec::new();
    let mut removed = Removed::default();
    for (field, text) in all.into_iter().chain(answers).chain(asks) {
        let part = text.removed();
        if part.any() {
            removed.controls |= part.controls;
            removed.bidi |= part.bidi;
            removed.invisible |= part.invisible;
            removed.excess |= part.excess;
            if fields.last() != Some(&field) {
                fields.push(field);
            }
        }
    }
    (!fields.is_empty()).then_some(Signal::HiddenCharacters { fields, removed })
}

fn denial_near(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let left = request.denial_at(facts.policy)?.duration_since(facts.now);
    (left < NEAR).then(|| Signal::DenialNear {
        left: left.max(SignedDuration::ZERO),
    })
}

/// The question an answer belongs to, where the policy is known.
fn question<'a>(text: &str, facts: &SignalFacts<'a>) -> Option<&'a Question> {
    let questions = &facts.policy?.questions;
    questions.iter().find(|question| *question.text == *text)
}

/// Whether words say nothing: nothing at all, marks only, one letter again and again, or a word for nothing.
fn says_nothing(words: &str) -> bool {
    const NOTHING: [&str; 6] = ["na", "none", "nil", "test", "asdf", "tbd"];
    let mut letters = words.chars().filter(|c| c.is_alphanumeric());
    let Some(first) = letters.next() else {
        return true;
    };
    if first.is_alphabetic() && letters.clone().count() > 1 && letters.all(|c| c == first) {
        return true;
    }
    let bare: String = words
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    NOTHING.contains(&bare.as_str())
}

/// A question that must be answered, or a reason that must be given, and says nothing. What may be left out may
/// be left out.
fn empty_answer(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let policy = facts.policy;
    let required = policy.into_iter().flat_map(|policy| &policy.questions);
    let required = required.filter(|question| question.required);
    let said = |question: &Question| {
        let mut answers = request.answers.iter();
        answers.find(|answer| answer.question == question.text)
    };
    let unanswered = required
        .filter(|question| said(question).is_none_or(|answer| says_nothing(&answer.answer)))
        .map(|question| question.text.clone());
    let unreasoned = policy
        .filter(|policy| policy.requestor_justification && says_nothing(&request.justification))
        .map(|_| Text::default());
    unreasoned
        .into_iter()
        .chain(unanswered)
        .next()
        .map(|question| Signal::EmptyAnswer { question })
}

/// Choices are the same by nature; only what one writes oneself is compared.
fn same_answer(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let answers = request.answers.iter();
    let answers = answers
        .filter(|answer| question(&answer.question, facts).is_none_or(|question| !question.choice))
        .map(|answer| (answer.question.clone(), &answer.answer));
    let all = answers.chain([(Text::default(), &request.justification)]);
    all.filter_map(|(question, words)| {
        let people = facts.crowd.alike(&question, words)?;
        Some(Signal::SameAnswer { question, people })
    })
    .max_by_key(|signal| match signal {
        Signal::SameAnswer { people, .. } => *people,
        _ => 0,
    })
}

fn reason_needed(request: &Request, facts: &SignalFacts) -> Option<Signal> {
    let number = request.current_stage().map_or(1, |(number, _)| number);
    let stage = request.stage_rules(facts.policy?, number)?;
    (request.pending() && stage.justification_required).then_some(Signal::ReasonNeeded)
}
