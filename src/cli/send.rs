//! Sending acts: a line for each as it ends, a summary, and the exit code that follows from all.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::args::Write;
use super::connect::Link;
use super::failure::Failure;
use super::out::{Array, Out, say};
use super::queue::Queue;
use crate::app::{State, outcome_words};
use crate::domain::act::{Act, Deed, Outcome, Target};
use crate::domain::request::ReviewResult;
use crate::worker::protocol::{Answer, Ask};

/// Where results go.
enum Printer {
    Lines(Out),
    Json(Array),
}

/// Sends `acts` and prints what becomes of each.
pub(super) fn send(link: &mut Link, acts: &[Act], write: Write) -> Result<(), Failure> {
    let state = Queue::empty(link);
    let mut printer = if write.json {
        Printer::Json(Array::open()?)
    } else {
        Printer::Lines(Out::new())
    };
    let mut open: HashMap<Target, Act> = acts
        .iter()
        .map(|act| (act.deed.target(), act.clone()))
        .collect();
    let mut codes: Vec<u8> = Vec::new();
    let sent = link.ask(Ask::Send(acts.to_vec()), |answer| {
        if let Answer::Settled(target, outcome) = answer
            && let Some(act) = open.remove(&target)
        {
            codes.push(code(&act.deed, &outcome));
            printer.row(&state, &act, &outcome)?;
        }
        Ok(())
    });
    match sent {
        // Said below, for each row that is still open.
        Ok(()) | Err(Failure::Problem(_)) => {}
        Err(other) => return Err(other),
    }
    let problem = match sent {
        Err(Failure::Problem(problem)) => Some(problem),
        _ => None,
    };
    for act in acts
        .iter()
        .filter(|act| open.contains_key(&act.deed.target()))
    {
        printer.unsent(act)?;
        codes.push(
            problem
                .as_ref()
                .map_or(1, crate::domain::problem::Problem::exit_code),
        );
    }
    printer.close()?;
    if let Some(problem) = problem {
        say(&problem.to_string());
    }
    end(&codes)
}

/// Says the sum, and ends with 0 where all is as wanted, with the one code all failures share, else with 1.
fn end(codes: &[u8]) -> Result<(), Failure> {
    let failed: Vec<u8> = codes.iter().copied().filter(|code| *code != 0).collect();
    if codes.len() > 1 {
        let done = codes.len() - failed.len();
        say(&if failed.is_empty() {
            format!("{done} done.")
        } else {
            format!("{done} of {} done, {} not.", codes.len(), failed.len())
        });
    }
    match failed.as_slice() {
        [] => Ok(()),
        [first, rest @ ..]
            if failed.len() == codes.len() && rest.iter().all(|code| code == first) =>
        {
            Err(Failure::Rows(*first))
        }
        _ => Err(Failure::Rows(1)),
    }
}

/// What one outcome means for the exit code: 0 where what was wanted is so.
fn code(deed: &Deed, outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Done { .. } | Outcome::Invited(_) => 0,
        Outcome::Already { result, .. } => {
            let wanted = match deed {
                Deed::Decide { approve: true, .. } => ReviewResult::Approved,
                Deed::Decide { approve: false, .. } => ReviewResult::Denied,
                _ => return 0,
            };
            u8::from(*result != wanted)
        }
        // A request that is gone was not decided; a guest that was blocked already is blocked, and a request that
        // was cancelled already is cancelled.
        Outcome::Moot(_) => u8::from(matches!(deed, Deed::Decide { .. } | Deed::Invite(_))),
        Outcome::NotYours { .. } => 4,
        Outcome::Failed(problem) | Outcome::Unknown(problem) => problem.exit_code(),
    }
}

/// One word for the outcome, and what there is to say of it.
fn judged(state: &State, deed: &Deed, outcome: &Outcome) -> (&'static str, String) {
    let words = || outcome_words(state, outcome);
    match outcome {
        Outcome::Done { found: false } => (deed.participle(), String::new()),
        Outcome::Done { found: true } => (deed.participle(), words()),
        Outcome::Invited(invited) => (
            "invited",
            if invited.mailed {
                "Graph sends the mail".into()
            } else {
                "no mail was sent: bring the link yourself".into()
            },
        ),
        Outcome::Already { .. } => ("already", words()),
        Outcome::NotYours { .. } => ("not-yours", words()),
        Outcome::Moot(_) => ("moot", words()),
        Outcome::Failed(_) => ("failed", words()),
        Outcome::Unknown(_) => ("unknown", words()),
    }
}

fn line(word: &str, act: &Act, detail: &str) -> String {
    let target = act.deed.target();
    if let Target::Assignment(_) = target {
        // Its key is three ids; whom it is about, one has just typed.
        return format!("{word:<9}  {}{}", act.name, bracketed(detail));
    }
    let mut line = format!("{word:<9}  {}", target.as_str());
    if act.name.as_str() != target.as_str() {
        line.push_str("  ");
        line.push_str(&act.name);
    }
    line.push_str(&bracketed(detail));
    line
}

fn bracketed(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!("  ({detail})")
    }
}

fn value(word: &str, act: &Act, detail: &str) -> Value {
    let mut value = json!({
        "id": act.deed.target().as_str(),
        "displayName": act.name,
        "@guestlist.act": act.deed.word(),
        "@guestlist.outcome": word,
    });
    if let Deed::Assign(assignment) = &act.deed {
        value["id"] = Value::Null;
        value["assignment"] = json!({
            "accessPackageId": assignment.package,
            "assignmentPolicyId": assignment.policy,
        });
    }
    if !detail.is_empty() {
        value["@guestlist.detail"] = detail.into();
    }
    value
}

impl Printer {
    fn row(&mut self, state: &State, act: &Act, outcome: &Outcome) -> Result<(), Failure> {
        let (word, detail) = judged(state, &act.deed, outcome);
        match (self, outcome) {
            (Self::Lines(out), Outcome::Invited(invited)) => {
                // The link is what was asked for; it alone goes to standard output.
                out.exact(invited.redeem.reveal())?;
                out.flush()?;
                say(&line(word, act, &detail));
            }
            (Self::Lines(out), _) => {
                out.line(&line(word, act, &detail))?;
                out.flush()?;
            }
            (Self::Json(array), Outcome::Invited(invited)) => {
                let mut row = crate::domain::text::clean_json(&json!({
                    "invitedUserEmailAddress": invited.mail,
                    "invitedUserDisplayName": act.name,
                    "sendInvitationMessage": invited.mailed,
                    "invitedUser": { "id": invited.user },
                    "@guestlist.act": act.deed.word(),
                    "@guestlist.outcome": word,
                }));
                row["inviteRedeemUrl"] = invited.redeem.reveal().into();
                array.push_exact(&row)?;
            }
            (Self::Json(array), _) => array.push(&value(word, act, &detail))?,
        }
        Ok(())
    }

    fn unsent(&mut self, act: &Act) -> Result<(), Failure> {
        match self {
            Self::Lines(out) => out.line(&line("not-sent", act, ""))?,
            Self::Json(array) => array.push(&value("not-sent", act, ""))?,
        }
        Ok(())
    }

    fn close(self) -> Result<(), Failure> {
        match self {
            Self::Lines(mut out) => out.flush()?,
            Self::Json(array) => array.close()?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{RequestId, UserId};
    use crate::domain::problem::{Problem, ProblemKind};
    use crate::domain::text::Text;

    #[test]
    fn the_exit_code_says_whether_what_was_wanted_is_so() {
        let approve = Deed::Decide {
            request: RequestId::new("r").unwrap(),
            approve: true,
            stage: None,
        };
        let block = Deed::Block(UserId::new("u").unwrap());
        let already = |result| Outcome::Already {
            result,
            by: Text::default(),
            at: None,
        };
        let refused = Problem::new(ProblemKind::NotPermitted, "No", "");
        for (deed, outcome, expected) in [
            (&approve, Outcome::Done { found: true }, 0),
            (&approve, already(ReviewResult::Approved), 0),
            (&approve, already(ReviewResult::Denied), 1),
            (&approve, Outcome::Moot("gone".into()), 1),
            (&block, Outcome::Moot("blocked already".into()), 0),
            (&approve, Outcome::NotYours { stage: 2 }, 4),
            (&block, Outcome::Failed(refused), 4),
        ] {
            assert_eq!(code(deed, &outcome), expected, "{outcome:?}");
        }
    }

    #[test]
    fn failures_that_agree_keep_their_code() {
        let code = |codes: &[u8]| end(codes).err().map_or(0, |failure| failure.exit_code());
        assert_eq!(code(&[]), 0);
        assert_eq!(code(&[0, 0]), 0);
        assert_eq!(code(&[4]), 4);
        assert_eq!(code(&[5, 5]), 5);
        assert_eq!(code(&[4, 5]), 1);
        assert_eq!(code(&[0, 4]), 1);
    }
}
