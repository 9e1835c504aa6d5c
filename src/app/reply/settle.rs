//! What became of what was sent.

use std::collections::HashSet;

use crate::app::acts;
use crate::app::basket::keeping;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::keymap::Command;
use crate::app::load;
use crate::app::results::Ended;
use crate::app::state::{Grade, State};
use crate::domain::act::{Outcome, Strength, Target, Verdict};
use crate::domain::problem::ProblemKind;
use crate::worker::protocol::JobId;

/// One act has ended: its row says so at once, the lists are read again when the whole send has.
pub(super) fn settled(state: &mut State, job: JobId, target: &Target, outcome: &Outcome) {
    state.waiting = None;
    if acts::settled(state, job, target, outcome) {
        return;
    }
    let staged = state.basket.get(target).map(|decision| decision.verdict);
    let ended = Ended::of(outcome);
    if let Some(sending) = state.sending.as_mut().filter(|sending| sending.job == job) {
        sending.settled += usize::from(ended != Ended::NotSent);
        sending.done += usize::from(ended == Ended::Done);
        sending.elsewhere += usize::from(ended == Ended::Elsewhere);
        sending.failed += usize::from(ended == Ended::Failed);
    }
    let name = name_of(state, target);
    let form = match &mut state.dialog {
        Some(Dialog::Invite(form)) => form.ended(job, outcome),
        _ => false,
    };
    let words = words(state, outcome);
    let now = state.now;
    if let Some(results) = &mut state.results {
        results.settled(job, target, outcome, &words, now);
    }
    if let Outcome::Invited(invited) = outcome {
        state.invited = Some((**invited).clone());
        if !form {
            state.say(
                Grade::Good,
                format!(
                    "Invited {}; {} copies the redeem link",
                    invited.mail,
                    state.keymap.key(Command::CopyMenu)
                ),
            );
        }
        return;
    }
    if outcome.settled() {
        state.basket.settle(target);
        keeping::settled(state, target);
        if !outcome.done() && !form {
            state.say(Grade::Note, format!("{name}: {words}"));
        }
        show(state, target, outcome, staged);
    } else if ended == Ended::NotSent {
        state.basket.stay(target);
    } else {
        state.basket.fail(target, words.clone());
        // Not for want of a sign-in two hundred times; each row has its reason.
        let unsigned =
            matches!(outcome, Outcome::Failed(problem) if problem.kind == ProblemKind::SignIn);
        if !form && !unsigned {
            state.say(Grade::Error, format!("{name}: {words}"));
        }
    }
}

/// Whom an act was about, as well as that can be told.
fn name_of(state: &State, target: &Target) -> String {
    let staged = state
        .basket
        .get(target)
        .map(|decision| decision.name.clone());
    let row = || match target {
        Target::Request(id) => state
            .data
            .requests
            .get(id)
            .map(|row| row.request.requestor.name.clone()),
        Target::Guest(id) => state.data.guests.get(id).map(|row| row.guest.name.clone()),
        Target::Address(_) | Target::Assignment(_) => None,
    };
    let name = staged.or_else(row).filter(|name| !name.is_empty());
    name.map_or_else(|| target.as_str().to_owned(), |name| name.to_string())
}

/// Changes the row at once, ahead of the next load.
fn show(state: &mut State, target: &Target, outcome: &Outcome, verdict: Option<Verdict>) {
    match (target, verdict) {
        (Target::Request(id), _) => {
            let last = state.data.requests.get(id).is_none_or(|row| {
                let count = row
                    .policy
                    .as_ref()
                    .and_then(|policy| state.policy(policy))
                    .map_or(1, |policy| policy.stages.len());
                row.request
                    .current_stage()
                    .is_none_or(|(number, _)| number >= count)
            });
            let ends =
                last || verdict == Some(Verdict::Deny) || matches!(outcome, Outcome::Moot(_));
            if ends {
                state.data.requests.remove(&HashSet::from([id.clone()]));
            } else {
                state.data.requests.change(id, |row| {
                    row.request.stages = None;
                    row.stage = "?".into();
                });
            }
        }
        (Target::Guest(id), Some(Verdict::Revoke(Strength::Delete))) => {
            state.data.guests.remove(&HashSet::from([id.clone()]));
            state.data.index_guests();
        }
        (Target::Guest(id), Some(Verdict::Revoke(Strength::Block))) => {
            let now = state.now;
            state.data.guests.change(id, |row| {
                row.guest.enabled = false;
                row.standing = row.guest.standing(now);
            });
        }
        _ => {}
    }
}

/// An outcome in words.
pub fn words(state: &State, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { found: false } => "done".into(),
        Outcome::Done { found: true } => {
            "done; the answer was lost, reading back showed it had arrived".into()
        }
        Outcome::Invited(invited) => format!("invited {}", invited.mail),
        Outcome::Already { result, by, at } => {
            let at = at
                .map(|at| format!(" at {}", state.clock(at)))
                .unwrap_or_default();
            format!(
                "already {} by {}{at}",
                result.as_str().to_lowercase(),
                by.or("somebody else")
            )
        }
        Outcome::NotYours { stage } => {
            format!("stage {stage} waits for others now; nothing was sent")
        }
        Outcome::Moot(why) => why.clone(),
        Outcome::Failed(problem) => problem.to_string(),
        Outcome::Unknown(problem) => {
            format!("unknown whether it arrived, and it is not sent again blindly: {problem}")
        }
    }
}

/// A send, an invitation or a reading back has come to its end.
pub(super) fn ended(state: &mut State, job: JobId) -> Vec<Effect> {
    if let Some(effects) = acts::ended(state, job) {
        return effects;
    }
    let Some(sending) = state.sending.take_if(|sending| sending.job == job) else {
        // An invitation, or what an earlier session left unsettled.
        return if state.invite_jobs.remove(&job) {
            load::after_send(state, true)
        } else if state.settle_job.take_if(|id| *id == job).is_some() {
            load::journal(state)
        } else {
            Vec::new()
        };
    };
    state.basket.stop_sending();
    let mut parts = vec![format!("{} of {} done", sending.done, sending.total)];
    if sending.elsewhere > 0 {
        parts.push(format!("{} settled without you", sending.elsewhere));
    }
    if sending.failed > 0 {
        parts.push(format!(
            "{} not done: they stay in the basket with the reason",
            sending.failed
        ));
    }
    let unsaid = sending.total.saturating_sub(sending.settled);
    if unsaid > 0 {
        parts.push(format!("{unsaid} not sent: they stay in the basket"));
    }
    let many = sending.total > 1;
    // That somebody else was faster is no failure, and no deed of one's own either.
    let grade = if sending.failed + unsaid == 0 && sending.done > 0 {
        Grade::Good
    } else {
        Grade::Note
    };
    let mut words = parts.join(", ");
    if many {
        words = format!(
            "{words}. {} shows each",
            state.keymap.key(Command::LastSend)
        );
    }
    state.say(grade, words);
    load::after_send(state, sending.done > 0)
}
