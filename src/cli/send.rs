//! Sending acts: a line for each as it ends, a summary, and the exit code that follows from all.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::args::{Wait, Write};
use super::connect::Link;
use super::failure::Failure;
use super::out::{Array, Out, say};
use crate::acts::{Act, Ended, Outcome, Plan, PlanEnd, Target};
use crate::domain::invitation::{Invited, Secret};
use crate::domain::problem::Problem;
use crate::worker::protocol::{Answer, Ask, Following};

/// Where results go.
enum SendPrinter {
    Lines(Out),
    Json(Array),
}

/// Sends plans and prints what becomes of each.
pub(super) fn send(link: &mut Link, plans: Vec<Plan>, write: Write) -> Result<(), Failure> {
    let mut printer = if write.json {
        SendPrinter::Json(Array::open()?)
    } else {
        SendPrinter::Lines(Out::new())
    };
    let targets: Vec<Target> = plans.iter().filter_map(Plan::target).collect();
    let mut open: HashMap<Target, Plan> = targets.iter().cloned().zip(plans.clone()).collect();
    let mut codes: Vec<u8> = Vec::new();
    let mut taken: Vec<TakenPlan> = Vec::new();
    let ask = Ask::Send {
        plans,
        again: write.again,
    };
    let sent = link.ask(ask, |answer| {
        if let Answer::Settled(target, end) = answer
            && let Some(plan) = open.remove(&target)
        {
            if let (Outcome::Accepted(_), false) = (&end.outcome, write.wait.no_wait) {
                taken.push((target, plan, *end));
            } else {
                codes.push(end.exit_code());
                printer.row(&target, &plan, &end)?;
            }
        }
        Ok(())
    });
    let followed = follow(link, taken, write.wait, &mut codes, &mut printer);
    let problem = match sent {
        Ok(()) => None,
        // Said below, for each row that is still open.
        Err(Failure::Problem(problem)) => Some(problem),
        Err(other) => return Err(other),
    };
    for target in &targets {
        if let Some(plan) = open.get(target) {
            printer.unsent(target, plan)?;
            codes.push(problem.as_ref().map_or(1, Problem::exit_code));
        }
    }
    printer.close()?;
    followed?;
    if let Some(problem) = problem {
        say(&problem.to_string());
    }
    end(&codes)
}

/// A plan that Graph has taken, with how it stood then.
type TakenPlan = (Target, Plan, PlanEnd);

/// Waits until what was taken has arrived, as long as one is willing to, and prints each as it does.
fn follow(
    link: &mut Link,
    taken: Vec<TakenPlan>,
    Wait { wait, .. }: Wait,
    codes: &mut Vec<u8>,
    printer: &mut SendPrinter,
) -> Result<(), Failure> {
    if taken.is_empty() {
        return Ok(());
    }
    say(&format!(
        "Waiting at most {} s for {} to be delivered; --no-wait does not wait.",
        wait,
        if taken.len() == 1 {
            "it".to_owned()
        } else {
            format!("{} of them", taken.len())
        }
    ));
    let following = Following {
        targets: taken.iter().map(|(target, ..)| target.clone()).collect(),
        patience: Duration::from_secs(wait),
    };
    let mut open: HashMap<Target, (Plan, PlanEnd)> = taken
        .into_iter()
        .map(|(target, plan, end)| (target, (plan, end)))
        .collect();
    let followed = link.ask(Ask::Follow(following), |answer| {
        if let Answer::Arrived(arrived) = answer
            && let Some((plan, _)) = open.remove(&arrived.target)
        {
            codes.push(arrived.end.exit_code());
            printer.row(&arrived.target, &plan, &arrived.end)?;
        }
        Ok(())
    });
    // What could not be followed was taken all the same.
    for (target, (plan, end)) in open {
        codes.push(end.exit_code());
        printer.row(&target, &plan, &end)?;
    }
    followed
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

/// One word for how a plan ended, and what there is to say of it.
fn judged(end: &PlanEnd) -> (&'static str, String) {
    let words = || end.words(clock);
    let word = match end.ended() {
        Ended::HalfDone => "half-done",
        Ended::Done => end
            .outcome
            .word()
            .unwrap_or_else(|| end.first().about().participle),
        Ended::NotSent
        | Ended::Elsewhere
        | Ended::UnderWay
        | Ended::NotDelivered
        | Ended::Failed => end
            .outcome
            .word()
            .unwrap_or_else(|| end.first().about().participle),
    };
    let detail = match (&end.outcome, end.ended()) {
        (Outcome::Done { found: false }, Ended::Done) => String::new(),
        (Outcome::Invited(invited), _) if invited.mailed => "Graph sends the mail".into(),
        (Outcome::Invited(_), _) => "no mail was sent: bring the link yourself".into(),
        (Outcome::Accepted(_), _) => {
            format!(
                "{}: nobody waited. `guestlist requests show` tells",
                words()
            )
        }
        (Outcome::InTheWay { living: false, .. }, _) => format!(
            "{}; --again sends it all the same, which may do it twice",
            words()
        ),
        _ => words(),
    };
    let detail = if end.ended() == Ended::HalfDone {
        format!("{detail} `guestlist journal resume` goes on.")
    } else {
        detail
    };
    (word, detail)
}

fn clock(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::system());
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

fn line(word: &str, target: &Target, plan: &Plan, detail: &str) -> String {
    if let Target::Assignment(_) = target {
        // Its key is three ids; whom it is about, one has just typed.
        return format!("{word:<9}  {}{}", plan.name, bracketed(detail));
    }
    let id = match plan.steps.first() {
        // As it is sent; the target is what it is known by.
        Some(Act::Invite(invite)) => &invite.0.mail,
        _ => target.as_str(),
    };
    let mut line = format!("{word:<9}  {id}");
    if plan.name.as_str() != id {
        line.push_str("  ");
        line.push_str(&plan.name);
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

fn value(word: &str, target: &Target, plan: &Plan, detail: &str) -> Value {
    let mut value = json!({
        "id": target.as_str(),
        "displayName": plan.name,
        "@guestlist.act": act_word(plan),
        "@guestlist.outcome": word,
    });
    if let (Target::Assignment(_), Some(act)) = (target, plan.steps.first()) {
        let form = act.rules().form();
        value["id"] = Value::Null;
        value["assignment"] = json!({
            "accessPackageId": form.get("package"),
            "assignmentPolicyId": form.get("policy"),
        });
    }
    if !detail.is_empty() {
        value["@guestlist.detail"] = detail.into();
    }
    value
}

/// The act a plan is for.
fn act_word(plan: &Plan) -> &'static str {
    plan.kind().map_or("", |kind| kind.about().word)
}

impl SendPrinter {
    fn row(&mut self, target: &Target, plan: &Plan, end: &PlanEnd) -> Result<(), Failure> {
        let (word, detail) = judged(end);
        match (self, &end.outcome) {
            (Self::Lines(out), Outcome::Invited(invited)) => {
                // The link is what was asked for; it alone goes to standard output.
                match invited.link() {
                    Some(link) => out.exact(link.reveal())?,
                    None => say(Invited::BROKEN),
                }
                out.flush()?;
                say(&line(word, target, plan, &detail));
            }
            (Self::Lines(out), _) => {
                out.line(&line(word, target, plan, &detail))?;
                out.flush()?;
            }
            (Self::Json(array), Outcome::Invited(invited)) => {
                let row = json!({
                    "invitedUserEmailAddress": invited.mail,
                    "invitedUserDisplayName": plan.name,
                    "sendInvitationMessage": invited.mailed,
                    "invitedUser": { "id": invited.user },
                    "@guestlist.act": act_word(plan),
                    "@guestlist.outcome": word,
                    "inviteRedeemUrl": invited.link().map(Secret::reveal),
                });
                array.push(&row)?;
            }
            (Self::Json(array), _) => array.push(&value(word, target, plan, &detail))?,
        }
        Ok(())
    }

    fn unsent(&mut self, target: &Target, plan: &Plan) -> Result<(), Failure> {
        match self {
            Self::Lines(out) => out.line(&line("not-sent", target, plan, ""))?,
            Self::Json(array) => array.push(&value("not-sent", target, plan, ""))?,
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
