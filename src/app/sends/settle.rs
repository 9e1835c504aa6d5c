//! What became of what was sent.

use std::collections::HashSet;
use std::time::Duration;

use super::{From, Send};
use crate::acts::{Ended, Outcome, PlanEnd, Rows, Target};
use crate::app::basket::keeping;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::jobs::Purpose;
use crate::app::keymap::Command;
use crate::app::load;
use crate::app::state::{Grade, State};
use crate::domain::id::RequestId;
use crate::domain::invitation::Invited;
use crate::domain::problem::ProblemKind;
use crate::inventory::rows::GuestRow;
use crate::worker::protocol::{Arrived, Ask, Following, JobId};

/// So long a delivery is followed; nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(600);

/// One plan has ended: its row says so at once, the lists are read again when the whole send has.
pub(in crate::app) fn settled(state: &mut State, job: JobId, target: &Target, end: &PlanEnd) {
    state.said.waiting = None;
    let words = end.words(|at| state.clock(at));
    let name = name_of(state, job, target);
    let form = match &mut state.screen.dialog {
        Some(Dialog::Invite(form)) => form.ended(job, &end.outcome),
        _ => false,
    };
    let now = state.now;
    state.sends.settled(job, target, end, &words, now);
    if let Outcome::Invited(invited) = &end.outcome {
        state.sends.invited = Some((**invited).clone());
        if !form {
            let key = state.setup.keymap.key(Command::CopyMenu);
            let (grade, link) = match invited.link() {
                Some(_) => (Grade::Good, format!("{key} copies the redeem link")),
                None => (Grade::Error, Invited::BROKEN.to_owned()),
            };
            state.say(grade, format!("Invited {}; {link}", invited.mail));
        }
        return;
    }
    if end.settled() {
        state.basket.settle(target);
        keeping::settled(state, target);
    }
    let say = match end.ended() {
        // Its delivery is followed.
        Ended::Done | Ended::UnderWay | Ended::NotDelivered => None,
        Ended::Elsewhere => Some((Grade::Note, format!("{name}: {words}"))),
        Ended::HalfDone => {
            let resume = state.setup.keymap.key(Command::Resume);
            Some((Grade::Error, format!("{name}: {words} {resume} goes on")))
        }
        Ended::NotSent => {
            state.basket.stay(target);
            None
        }
        Ended::Failed => {
            state.basket.fail(target, words.clone());
            failed(state, job, end, &name, words)
        }
    };
    if let Some((grade, words)) = say.filter(|_| !form) {
        state.say(grade, words);
    }
    show(state, target, end.rows);
}

/// What is said of one that was not done.
fn failed(
    state: &State,
    job: JobId,
    end: &PlanEnd,
    name: &str,
    words: String,
) -> Option<(Grade, String)> {
    // Not for want of a sign-in two hundred times; each row has its reason.
    if matches!(&end.outcome, Outcome::Failed(problem) if problem.kind == ProblemKind::SignIn) {
        return None;
    }
    let words = if let Outcome::InTheWay { living: false, .. } = end.outcome {
        let again = state.setup.keymap.key(Command::SendAgain);
        format!("{words}; {again} sends it all the same, which may do it twice")
    } else {
        words
    };
    let asked = state
        .sends
        .of(job)
        .is_some_and(|send| send.from == From::Asked);
    Some((
        Grade::Error,
        if asked {
            let participle = end.first().about().participle;
            format!("{name} was not {participle}: {words}")
        } else {
            format!("{name}: {words}")
        },
    ))
}

/// Whom an act was about, as well as that can be told.
fn name_of(state: &State, job: JobId, target: &Target) -> String {
    let sent = state.sends.of(job);
    let row = sent.and_then(|send| send.rows.iter().find(|row| row.target == *target));
    let asked = sent.is_some_and(|send| send.from == From::Asked);
    let sent = row.map(|row| row.name.clone());
    let staged = state
        .basket
        .get(target)
        .map(|decision| decision.name.to_string());
    let data = &state.data;
    let name = match target {
        Target::Request(id) => data
            .requests
            .get(id)
            .map(|row| row.request.subject().name.to_string()),
        Target::Guest(id) => data.guests.get(id).map(|row| row.guest.name.to_string()),
        Target::Address(_) | Target::Assignment(_) => None,
    };
    let mut names = [staged, name, sent].into_iter().flatten();
    let name = names.find(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| target.as_str().to_owned());
    match target {
        // What was asked about is the request, not the person.
        Target::Request(_) if asked => format!("The request of {name}"),
        Target::Request(_) | Target::Guest(_) | Target::Address(_) | Target::Assignment(_) => name,
    }
}

/// Changes the row at once, ahead of the next load.
fn show(state: &mut State, target: &Target, rows: Rows) {
    match (target, rows) {
        (Target::Request(id), Rows::NextStage) if !last_stage(state, id) => {
            state.data.requests.change(id, |row| {
                row.request.stages = None;
                row.stage = "?".into();
            });
        }
        (Target::Request(id), Rows::NextStage | Rows::Leaves) => {
            state.data.requests.remove(&HashSet::from([id.clone()]));
        }
        (Target::Guest(id), Rows::Gone) => {
            state.data.guests.remove(&HashSet::from([id.clone()]));
            state.data.index_guests();
        }
        (Target::Guest(id), Rows::Enabled(enabled)) => {
            let (now, known) = (state.now, state.data.sign_ins_known);
            state.data.guests.change(id, |row| {
                row.guest.enabled = enabled;
                *row = GuestRow::new(row.guest.clone(), now, known);
            });
        }
        (Target::Request(_), Rows::Stay | Rows::Enabled(_) | Rows::Gone)
        | (Target::Guest(_), Rows::Stay | Rows::Leaves | Rows::NextStage)
        | (Target::Address(_) | Target::Assignment(_), _) => {}
    }
}

/// Whether the stage a request is at is the last one its policy asks for.
fn last_stage(state: &State, id: &RequestId) -> bool {
    state.data.requests.get(id).is_none_or(|row| {
        let policy = row.policy.as_ref();
        let policy = policy.and_then(|policy| state.policy(policy));
        let count = row.request.stage_count(policy);
        let stage = row.request.current_stage();
        stage.is_none_or(|(number, _)| number >= count)
    })
}

/// A send has come to its end.
pub(in crate::app) fn ended(state: &mut State, job: JobId) -> Vec<Effect> {
    let Some(send) = state.sends.end(job) else {
        return Vec::new();
    };
    let done = send.count(Ended::Done) + send.count(Ended::UnderWay);
    let any = done + send.count(Ended::HalfDone) > 0;
    let said = match send.from {
        From::Basket => {
            state.basket.stop_sending();
            let shows = state.setup.keymap.key(Command::LastSend);
            Some(sum(&send, &shows))
        }
        From::Asked => summed(&send),
    };
    if let Some(words) = said {
        let quiet = send.count(Ended::Failed) + send.count(Ended::NotSent) == 0;
        // That somebody else was faster is no failure, and no deed of one's own either.
        let all = done == send.rows.len();
        let good = match send.from {
            From::Basket => quiet && any && send.count(Ended::HalfDone) == 0,
            From::Asked => all,
        };
        state.say(if good { Grade::Good } else { Grade::Note }, words);
    }
    // An invitation makes a guest whether its answer came or not.
    let changed = any
        || send
            .rows
            .iter()
            .any(|row| matches!(row.target, Target::Address(_)));
    let mut effects = load::after_send(state, changed);
    let taken = send.rows.iter().filter(|row| row.ended == Ended::UnderWay);
    let taken: Vec<Target> = taken.map(|row| row.target.clone()).collect();
    if !taken.is_empty() {
        effects.push(follow(state, Some(job), taken));
    }
    if send.count(Ended::HalfDone) > 0 {
        // The journal knows what is left of them.
        effects.push(state.ask(Purpose::HalfDone, Ask::HalfDone));
    }
    effects
}

/// Follows what was taken: of a send, or of earlier runs.
pub(in crate::app) fn follow(
    state: &mut State,
    send: Option<JobId>,
    targets: Vec<Target>,
) -> Effect {
    let following = Following {
        targets,
        patience: PATIENCE,
    };
    let mut effect = state.ask(Purpose::Follow(send), Ask::Follow(following));
    if let Effect::Ask(job) = &mut effect {
        job.background = true;
    }
    effect
}

/// Something that was taken has come to an end, or patience with it has.
pub(in crate::app) fn arrived(state: &mut State, job: JobId, arrived: &Arrived) {
    let Some(Purpose::Follow(send)) = state.jobs.of(job).cloned() else {
        return;
    };
    let words = arrived.end.words(|at| state.clock(at));
    let now = state.now;
    if let Some(send) = send {
        state.sends.arrived(send, arrived, &words, now);
    }
    let name = arrived.name.or(arrived.target.as_str());
    match arrived.end.ended() {
        Ended::NotDelivered | Ended::Failed => state.say(Grade::Error, format!("{name}: {words}")),
        Ended::Elsewhere => state.say(Grade::Note, format!("{name}: {words}")),
        // Of a send the sum says it.
        Ended::Done | Ended::HalfDone | Ended::NotSent | Ended::UnderWay => {}
    }
}

/// All that was followed has come to an end, or patience has.
pub(in crate::app) fn followed(state: &mut State, send: Option<JobId>) -> Vec<Effect> {
    let shows = state.setup.keymap.key(Command::LastSend);
    let sum = send
        .and_then(|job| state.sends.ended_of(job))
        .and_then(|send| {
            let mut rows = send.rows.iter().filter(|row| row.followed);
            let (first, more) = (rows.next()?, rows.next());
            let good = send.count(Ended::NotDelivered) + send.count(Ended::Failed) == 0;
            match (more, first.ended) {
                (None, Ended::Done | Ended::UnderWay) => {
                    Some((good, format!("{}: {}", first.name, first.words)))
                }
                // It was said as it came.
                (None, _) => None,
                (Some(_), _) => Some((good, format!("{}. {shows} shows each", send.summary()))),
            }
        });
    if let Some((good, words)) = sum {
        state.say(if good { Grade::Good } else { Grade::Note }, words);
    }
    load::journal(state)
}

/// The sum of what the basket sent.
fn sum(send: &Send, shows: &str) -> String {
    let total = send.rows.len();
    let taken = send.count(Ended::UnderWay);
    let mut parts = vec![if taken == 0 || send.count(Ended::Done) > 0 {
        format!("{} of {total} done", send.count(Ended::Done))
    } else {
        let participle = send
            .rows
            .first()
            .map_or("sent", |row| row.kind.about().participle);
        format!("{taken} of {total} {participle}; followed to their end")
    }];
    let mut part = |count: usize, words: &str| {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    };
    if send.count(Ended::Done) > 0 {
        part(taken, "followed to their end");
    }
    part(send.count(Ended::HalfDone), "half done");
    part(send.count(Ended::Elsewhere), "settled without you");
    part(
        send.count(Ended::Failed),
        "not done: they stay in the basket with the reason",
    );
    part(
        send.count(Ended::NotSent),
        "not sent: they stay in the basket",
    );
    let words = parts.join(", ");
    if total > 1 {
        format!("{words}. {shows} shows each")
    } else {
        words
    }
}

/// The sum of what was asked about; nothing where each row has said it.
fn summed(send: &Send) -> Option<String> {
    let first = send.rows.first()?;
    let participle = first.kind.about().participle;
    let (total, done) = (send.rows.len(), send.count(Ended::Done));
    let taken = send.count(Ended::UnderWay);
    // An invitation has said so itself, with its link.
    if matches!(first.target, Target::Address(_)) {
        return None;
    }
    match (total, done) {
        (1, 1) => Some(format!("{}: {participle}", first.name)),
        (1, 0) if taken == 1 => Some(format!("{}: {}", first.name, first.words)),
        (_, 0) if taken > 0 => Some(format!("{taken} of {total} taken; followed to their end")),
        (1, 0) if send.count(Ended::NotSent) == 0 => None,
        _ if send.count(Ended::Elsewhere) > 0 => Some(format!(
            "{done} of {total} {participle}, {} so already",
            send.count(Ended::Elsewhere)
        )),
        _ => Some(format!("{done} of {total} {participle}")),
    }
}
