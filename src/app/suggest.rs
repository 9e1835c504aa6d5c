//! Staging what rules suggest.

use super::basket::Decision;
use super::basket::seen::seen;
use super::rules::{Opinion, Rule, RulesFile, contradictions, judge};
use super::state::{Grade, State};
use crate::acts::{ActKind, Target};
use crate::domain::template::Template;
use crate::inventory::rows::RequestRow;

/// Lists that conditions look at and that are not there yet: a rule must not judge by half of what is known.
pub(super) fn still_read(state: &State) -> Option<&'static str> {
    let loads = &state.data.loads;
    [
        (&loads.requests, "requests"),
        (&loads.policies, "policies"),
        (&loads.past, "past requests"),
        (&loads.guests, "guests"),
    ]
    .into_iter()
    .find(|(load, _)| !load.ever() && load.failed.is_none())
    .map(|(_, what)| what)
}

/// Lists that conditions look at and that could not be read.
fn never_read(state: &State) -> Vec<&'static str> {
    let loads = &state.data.loads;
    [
        (&loads.policies, "policies"),
        (&loads.past, "past requests"),
        (&loads.guests, "guests"),
    ]
    .into_iter()
    .filter(|(load, _)| !load.ever())
    .map(|(_, what)| what)
    .collect()
}

/// How a suggestion went.
#[derive(Default)]
struct Tally {
    approve: usize,
    deny: usize,
    own: usize,
    taken_back: usize,
    contradicting: Vec<String>,
}

/// Mistakes said at once, each a sentence to be read.
const MOST: usize = 20;

/// Stages what the rules say of the requests that are marked, or else that the filter shows, and that wait for the
/// signed-in person. What was staged by hand stays as it is; what rules suggested before and do not any more is
/// taken back.
pub(super) fn suggest(state: &mut State, read: Result<RulesFile, String>) {
    let mut rules = match read {
        Ok(rules) => rules,
        Err(why) => {
            state.say(Grade::Error, why);
            return;
        }
    };
    rules.tell(state.now);
    let mut tally = Tally::default();
    for row in subjects(state) {
        consider(state, &rules.rules, &row, &mut tally);
    }
    // Each sentence is read alone; a file of nothing but mistakes does not bury the others.
    for wrong in rules.wrong.iter().take(MOST) {
        state.say(Grade::Error, wrong.clone());
    }
    let more = rules.wrong.len().saturating_sub(MOST);
    if more > 0 {
        state.say(
            Grade::Error,
            format!("{more} more mistakes in the rules; `guestlist config check` lists them"),
        );
    }
    if !tally.contradicting.is_empty() {
        let words = contradictions(&tally.contradicting);
        state.say(Grade::Error, words);
    }
    let missed = never_read(state);
    if !missed.is_empty() {
        state.say(
            Grade::Error,
            format!(
                "The rules saw no {}: they could not be read. Look twice at what is suggested",
                missed.join(", ")
            ),
        );
    }
    state.say(Grade::Note, summary(&rules, &tally));
}

/// The rows it is about.
fn subjects(state: &State) -> Vec<RequestRow> {
    let table = &state.data.requests;
    let marked = table.marked_visible();
    let rows: Vec<&RequestRow> = if marked.is_empty() {
        (0..table.visible())
            .filter_map(|place| table.at(place))
            .collect()
    } else {
        marked
    };
    rows.into_iter()
        .filter(|row| row.request.mine())
        .cloned()
        .collect()
}

fn consider(state: &mut State, rules: &[Rule], row: &RequestRow, tally: &mut Tally) {
    let target = Target::Request(row.request.id.clone());
    let staged = state.basket.get(&target);
    let opinion = judge(rules, row);
    if staged.is_some_and(|decision| decision.rule.is_none() || decision.sending) {
        tally.own += usize::from(opinion != Opinion::Silent);
        return;
    }
    let suggested = staged.is_some();
    match opinion {
        Opinion::Suggests {
            verdict,
            rule,
            reason,
        } => {
            let decision = Decision {
                // It is filled in already: a brace in it is a brace.
                reason: reason.as_deref().map(Template::of_words),
                rule: Some(rule),
                seen: Some(seen(state, row)),
                ..Decision::on(row, verdict)
            };
            state.basket.stage(target, decision);
            if verdict == ActKind::Approve {
                tally.approve += 1;
            } else {
                tally.deny += 1;
            }
            return;
        }
        Opinion::Contradicts(approves, denies) => {
            let name = row.request.subject().name.or("somebody");
            tally.contradicting.push(format!(
                "{name} (\"{approves}\" approves, \"{denies}\" denies)"
            ));
        }
        Opinion::Silent => {}
    }
    if suggested {
        state.basket.take_back(&target);
        tally.taken_back += 1;
    }
}

fn summary(rules: &RulesFile, tally: &Tally) -> String {
    let all = tally.approve + tally.deny;
    let mut parts = vec![if all == 0 {
        "No rule suggests anything here".to_owned()
    } else {
        format!(
            "Suggested {all}: {} to approve, {} to deny; nothing is sent before you review it",
            tally.approve, tally.deny
        )
    }];
    if !tally.contradicting.is_empty() {
        parts.push(format!(
            "{} left out, contradicting",
            tally.contradicting.len()
        ));
    }
    if tally.own > 0 {
        parts.push(format!("{} of your own left alone", tally.own));
    }
    if tally.taken_back > 0 {
        parts.push(format!(
            "{} suggested before and not any more",
            tally.taken_back
        ));
    }
    if !rules.wrong.is_empty() {
        parts.push("some rules could not be read".into());
    }
    parts.join(", ")
}
