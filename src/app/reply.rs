//! What the worker says, taken into the state. Nothing here opens a dialog or moves the cursor.

use std::collections::HashSet;

use super::dialog::Dialog;
use super::effect::Effect;
use super::join::join;
use super::load::{self, Listed};
use super::rows::{GuestRow, PolicyRow, RequestRow};
use super::signin::{self, Standing};
use super::state::{Grade, Progress, State};
use crate::domain::act::{Outcome, Target};
use crate::domain::guest::{Guest, GuestDetail};
use crate::domain::id::{RequestId, UserId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, Stage};
use crate::domain::time;
use crate::worker::protocol::{Answer, JobId, Reply};
use jiff::Timestamp;

/// Takes a reply.
pub(super) fn take(state: &mut State, reply: Reply) -> Vec<Effect> {
    let job = reply.job;
    let listed = Listed::by(state, job);
    match reply.answer {
        Answer::Session(session) if listed == Some(Listed::Session) => {
            state.session = Some(*session);
            join(state);
        }
        Answer::Requests(page) if listed == Some(Listed::Requests) => requests(state, page),
        Answer::Stages(stages) if listed == Some(Listed::Requests) => self::stages(state, stages),
        Answer::Past(page) if listed == Some(Listed::Past) => state.data.incoming_past.extend(page),
        Answer::Policies(policies) if listed == Some(Listed::Policies) => {
            state.data.policies.begin_load();
            state.data.policies.upsert(
                policies
                    .into_iter()
                    .map(|policy| PolicyRow { policy, pending: 0 }),
            );
            state.data.policies.end_load();
            join(state);
        }
        Answer::Packages(packages) if listed == Some(Listed::Policies) => {
            state.data.packages = packages
                .into_iter()
                .map(|package| (package.id.clone(), package))
                .collect();
        }
        Answer::Organizations(organizations) if listed == Some(Listed::Policies) => {
            state.data.organizations = organizations;
            join(state);
        }
        Answer::Guests(page) if listed == Some(Listed::Guests) => guests(state, page),
        Answer::SignIns(page) if listed == Some(Listed::SignIns) => sign_ins(state, page),
        Answer::Note(words) => state.say(Grade::Note, words),
        Answer::GuestDetail(id, detail) => guest_detail(state, id, *detail),
        Answer::Found(_, guest) => found(state, job, guest.map(|guest| *guest)),
        Answer::Settled(target, outcome) => settled(state, job, &target, &outcome),
        Answer::Progress { done, of, words } => progress(
            state,
            Progress {
                job,
                done,
                of,
                words,
            },
        ),
        Answer::Waiting { pause, why } => {
            let until = state.now.checked_add(pause).unwrap_or(state.now);
            state.waiting = Some((until, why));
        }
        Answer::Journal { records, warnings } if listed == Some(Listed::Journal) => {
            for warning in warnings {
                state.say(Grade::Error, warning);
            }
            super::journal::fill(state, &records);
        }
        Answer::Failed(problem) => failed(state, job, listed, &problem),
        Answer::Done => return done(state, job, listed),
        // What is left are answers of a load that a newer one has replaced.
        _ => {}
    }
    Vec::new()
}

fn requests(state: &mut State, page: Vec<Request>) {
    state.loads.requests.pages += 1;
    let known: Vec<RequestRow> = page
        .into_iter()
        .map(|mut request| {
            // Until the stages are read anew, the ones read last are the better picture.
            if request.stages.is_none() {
                request.stages = state
                    .data
                    .requests
                    .get(&request.id)
                    .and_then(|row| row.request.stages.clone());
            }
            RequestRow::new(request)
        })
        .collect();
    state.data.requests.upsert(known);
    join(state);
}

fn stages(state: &mut State, stages: Vec<(RequestId, Vec<Stage>)>) {
    for (id, stages) in stages {
        state
            .data
            .requests
            .change(&id, |row| row.request.stages = Some(stages));
    }
    join(state);
}

fn guests(state: &mut State, page: Vec<Guest>) {
    state.loads.guests.pages += 1;
    let (now, known) = (state.now, state.data.sign_ins_known);
    let rows: Vec<GuestRow> = page
        .into_iter()
        .map(|mut guest| {
            // Sign-ins are read apart; until they are again, the ones read last stand.
            let before = || {
                state
                    .data
                    .guests
                    .get(&guest.id)
                    .and_then(|row| row.guest.last_sign_in)
            };
            guest.last_sign_in = guest.last_sign_in.or_else(before);
            GuestRow::new(guest, now, known)
        })
        .collect();
    state.data.guests.upsert(rows);
}

fn sign_ins(state: &mut State, page: Vec<(UserId, Option<Timestamp>)>) {
    state.loads.sign_ins.pages += 1;
    state.data.sign_ins_known = true;
    let now = state.now;
    let rows: Vec<GuestRow> = page
        .into_iter()
        .filter_map(|(id, seen)| {
            let mut guest = state.data.guests.get(&id)?.guest.clone();
            guest.last_sign_in = seen;
            Some(GuestRow::new(guest, now, true))
        })
        .collect();
    state.data.guests.replace(rows);
}

fn guest_detail(state: &mut State, id: UserId, detail: GuestDetail) {
    state.detail_job = None;
    state.data.guest_details.insert(id, detail);
}

fn found(state: &mut State, job: JobId, guest: Option<Guest>) {
    if let Some(Dialog::Invite(form)) = &mut state.dialog {
        form.found(job, guest.as_ref());
    }
    if let Some(guest) = guest {
        let row = GuestRow::new(guest, state.now, state.data.sign_ins_known);
        state.data.guests.upsert([row]);
        state.data.index_guests();
    }
}

fn progress(state: &mut State, progress: Progress) {
    state.waiting = None;
    state.progress.retain(|old| old.job != progress.job);
    state.progress.push(progress);
}

/// One act has ended: its row says so at once, the lists are read again when the whole send has.
fn settled(state: &mut State, job: JobId, target: &Target, outcome: &Outcome) {
    state.waiting = None;
    let staged = state.basket.get(target).map(|decision| decision.verdict);
    if let Some(sending) = state.sending.as_mut().filter(|sending| sending.job == job) {
        sending.settled += 1;
        if outcome.done() {
            sending.done += 1;
        } else if outcome.settled() {
            sending.elsewhere += 1;
        } else {
            sending.failed += 1;
        }
    }
    let name = name_of(state, target);
    let form = match &mut state.dialog {
        Some(Dialog::Invite(form)) => form.ended(job, outcome),
        _ => false,
    };
    let words = words(state, outcome);
    if let Outcome::Invited(invited) = outcome {
        state.invited = Some((**invited).clone());
        if !form {
            state.say(
                Grade::Good,
                format!("Invited {}; Y copies the redeem link", invited.mail),
            );
        }
        return;
    }
    if outcome.settled() {
        state.basket.settle(target);
        if !outcome.done() && !form {
            state.say(Grade::Note, format!("{name}: {words}"));
        }
        show(state, target, outcome, staged);
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
        Target::Address(_) => None,
    };
    let name = staged.or_else(row).filter(|name| !name.is_empty());
    name.map_or_else(|| target.as_str().to_owned(), |name| name.to_string())
}

/// Changes the row at once, ahead of the next load.
fn show(
    state: &mut State,
    target: &Target,
    outcome: &Outcome,
    verdict: Option<crate::domain::act::Verdict>,
) {
    use crate::domain::act::{Strength, Verdict};
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

fn failed(state: &mut State, job: JobId, listed: Option<Listed>, problem: &Problem) {
    state.waiting = None;
    state.progress.retain(|progress| progress.job != job);
    if problem.kind == ProblemKind::Cancelled && listed.is_none() {
        return;
    }
    if signin::failed(state, job, problem) {
        return;
    }
    if let Some(listed) = listed {
        let now = state.now;
        let load = listed.of(state);
        load.job = None;
        load.tried = Some(now);
        load.failed = Some(problem.clone());
        // Whoever has declined to sign in knows; the panes and the status line say it too.
        if problem.kind != ProblemKind::SignIn || state.sign_in.standing != Standing::Declined {
            state.say(Grade::Error, load::unread(listed, problem));
        }
        return;
    }
    if let Some(Dialog::Invite(form)) = &mut state.dialog
        && form.failed(job, problem.to_string())
    {
        return;
    }
    if let Some((_, guest)) = state.detail_job.take_if(|(id, _)| *id == job) {
        state.detail_failed.insert(guest);
        return;
    }
    state.say(Grade::Error, problem.to_string());
}

fn done(state: &mut State, job: JobId, listed: Option<Listed>) -> Vec<Effect> {
    state.waiting = None;
    state.progress.retain(|progress| progress.job != job);
    if let Some(listed) = listed {
        let now = state.now;
        let load = listed.of(state);
        load.job = None;
        // A load that failed on the way says Failed before Done and has no job any more.
        (load.fresh, load.tried) = (Some(now), Some(now));
        load.failed = None;
        let mut effects = Vec::new();
        match listed {
            Listed::Requests => state.data.requests.end_load(),
            Listed::Guests => {
                state.data.guests.end_load();
                state.data.index_guests();
                effects = load::sign_ins(state);
            }
            Listed::Past => state.data.past = std::mem::take(&mut state.data.incoming_past),
            Listed::Session | Listed::Policies | Listed::SignIns | Listed::Journal => {}
        }
        join(state);
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
    let grade = if sending.failed + unsaid == 0 {
        Grade::Good
    } else {
        Grade::Note
    };
    state.say(grade, parts.join(", "));
    load::after_send(state, sending.done > 0)
}

impl State {
    /// A time of day and, where it is not today, the date, in the console's zone.
    pub fn clock(&self, at: jiff::Timestamp) -> String {
        let (at, now) = (
            at.to_zoned(self.zone.clone()),
            self.now.to_zoned(self.zone.clone()),
        );
        let format = if at.date() == now.date() {
            "%H:%M"
        } else if at.year() == now.year() {
            "%-d %b %H:%M"
        } else {
            "%-d %b %Y"
        };
        at.strftime(format).to_string()
    }

    /// How long ago, in words: `2 days ago`, `just now`.
    pub fn ago(&self, at: jiff::Timestamp) -> String {
        let since = self.now.duration_since(at);
        if since.as_secs() < 60 {
            "just now".into()
        } else {
            format!("{} ago", time::words(since))
        }
    }
}
