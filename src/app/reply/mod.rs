//! What the worker says, taken into the state. Nothing here opens a dialog or moves the cursor.

use super::arrivals;
use super::basket::{keeping, seen};
use super::dialog::Dialog;
use super::effect::Effect;
use super::keymap::Command;
use super::load;
use super::research;
use super::sends::settle;
use super::signin::{self, Standing};
use super::state::{Grade, Pane, Progress, State};
use crate::acts::{ActKind, Plan};
use crate::domain::capability::Capabilities;
use crate::domain::guest::Guest;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::time;
use crate::inventory::answer::InventoryChange;
use crate::inventory::load::Listed;
use crate::worker::protocol::{Answer, JobId, Reply};

/// Takes a reply.
pub(super) fn take(state: &mut State, reply: Reply) -> Vec<Effect> {
    let job = reply.job;
    let listed = state.data.loads.by(job);
    let answer = match reply.answer {
        Answer::Stages(stages) if state.sight.stages == Some(job) => {
            state.data.add_stages(stages, state.now);
            seen::learn(state);
            return Vec::new();
        }
        Answer::GuestDetail(id, detail) => {
            state.sight.guest = None;
            Answer::GuestDetail(id, detail)
        }
        Answer::Journal { records, warnings } => {
            for warning in warnings {
                if listed == Some(Listed::Journal) {
                    state.say(Grade::Error, warning);
                }
            }
            let warnings = Vec::new();
            Answer::Journal { records, warnings }
        }
        answer => answer,
    };
    match state.data.take(listed.as_slice(), answer, state.now) {
        Ok(InventoryChange::Session) => keeping::begin(state).into_iter().collect(),
        Ok(InventoryChange::Stages) => {
            seen::learn(state);
            Vec::new()
        }
        Ok(InventoryChange::Lists | InventoryChange::Stale) => Vec::new(),
        Err(answer) => beside(state, job, listed, answer),
    }
}

/// Takes an answer that fills no list.
fn beside(state: &mut State, job: JobId, listed: Option<Listed>, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Capabilities(found) => {
            // Else it is of a load that a newer one has replaced.
            if listed == Some(Listed::Capabilities) {
                capabilities(state, *found);
            }
        }
        Answer::Note(words) => state.say(Grade::Note, words),
        Answer::Found(_, guest) => found(state, job, guest.map(|guest| *guest)),
        Answer::Settled(target, end) => settle::settled(state, job, &target, &end),
        Answer::HalfDone(plans) => half_done(state, job, plans),
        Answer::Looked(rows) => keeping::looked(state, job, rows),
        Answer::Kept(kept) => keeping::found(state, job, kept),
        Answer::Saved(path) => state.say(
            Grade::Good,
            format!("Saved to {}, for you alone to read", path.display()),
        ),
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
        Answer::Failed(problem) => failed(state, job, listed, &problem),
        Answer::Done => return done(state, job, listed),
        // The console asks for no records, and lists take the others.
        Answer::Records(_)
        | Answer::Session(_)
        | Answer::Requests(_)
        | Answer::Stages(_)
        | Answer::Past(_)
        | Answer::Beyond(_)
        | Answer::Bounded(_)
        | Answer::Policies(_)
        | Answer::Packages(_)
        | Answer::Organizations(_)
        | Answer::Borders(_)
        | Answer::Held(_)
        | Answer::Incompatible(_)
        | Answer::Before(_)
        | Answer::BeforeOf(..)
        | Answer::Verdicts(_)
        | Answer::Guests(_)
        | Answer::SignIns(_)
        | Answer::GuestDetail(..)
        | Answer::Journal { .. } => {}
    }
    Vec::new()
}

/// What may be done here is known. A tenant without governance is opened on its guests, unless somebody is at the
/// keyboard already: nothing moves under their hands.
fn capabilities(state: &mut State, found: Capabilities) {
    let first = state.capabilities.is_none();
    let why = found.why_invite_only();
    state.capabilities = Some(found);
    if let (true, Some(why)) = (first, why) {
        if !state.touched && state.focus == Pane::Requests {
            state.focus = Pane::Guests;
        }
        let invite = state.keymap.key(Command::Act(ActKind::Invite));
        let words = format!("Invite-only: {why}. Guests and {invite} (invite) work");
        state.say(Grade::Note, words);
    }
}

fn found(state: &mut State, job: JobId, guest: Option<Guest>) {
    match &mut state.dialog {
        Some(Dialog::Invite(form)) => form.found(job, guest.as_ref()),
        Some(Dialog::Assign(form)) => form.found(job, guest.as_ref()),
        _ => {}
    }
    if let Some(guest) = guest {
        state.data.add_guest(guest, state.now);
    }
}

/// Plans that were stopped on their way.
fn half_done(state: &mut State, job: JobId, plans: Vec<Plan>) {
    // Of this session's own it was said when they ended.
    let first = plans.first().filter(|_| state.settle_job == Some(job));
    if let Some(first) = first {
        let more = match plans.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let resume = state.keymap.key(Command::Resume);
        state.say(
            Grade::Note,
            format!(
                "Half done in an earlier session: {}{more}. {resume} shows what is left and goes on",
                first.name.or("one act")
            ),
        );
    }
    state.sends.half_done = plans;
}

fn progress(state: &mut State, progress: Progress) {
    state.waiting = None;
    state.progress.retain(|old| old.job != progress.job);
    state.progress.push(progress);
}

fn failed(state: &mut State, job: JobId, listed: Option<Listed>, problem: &Problem) {
    state.waiting = None;
    state.progress.retain(|progress| progress.job != job);
    if keeping::failed(state, job, problem) {
        return;
    }
    if problem.kind == ProblemKind::Cancelled && listed.is_none() {
        return;
    }
    if research::ended(state, job) || signin::failed(state, job, problem) {
        return;
    }
    if let Some(listed) = listed {
        state.data.failed(listed, problem.clone(), state.now);
        // What Graph refuses stands in the pane's own place, and in help beside each command.
        if problem.kind == ProblemKind::NotPermitted && listed != Listed::Session {
            return;
        }
        // Whoever has declined to sign in knows; the panes and the status line say it too.
        if problem.kind != ProblemKind::SignIn || state.sign_in.standing != Standing::Declined {
            state.say(Grade::Error, load::unread(listed, problem));
        }
        return;
    }
    let in_form = match &mut state.dialog {
        Some(Dialog::Invite(form)) => form.failed(job, problem.to_string()),
        Some(Dialog::Assign(form)) => form.failed(job, problem.to_string()),
        _ => false,
    };
    if in_form {
        return;
    }
    // Detail says that it does not know; the next refresh tries again.
    if state.sight.stages.take_if(|id| *id == job).is_some() {
        return;
    }
    if let Some((_, guest)) = state.sight.guest.take_if(|(id, _)| *id == job) {
        state.sight.guests_failed.insert(guest);
        return;
    }
    state.say(Grade::Error, problem.to_string());
}

fn done(state: &mut State, job: JobId, listed: Option<Listed>) -> Vec<Effect> {
    state.waiting = None;
    state.progress.retain(|progress| progress.job != job);
    keeping::done(state, job);
    if let Some(listed) = listed {
        return list_read(state, listed);
    }
    if research::ended(state, job) {
        return Vec::new();
    }
    if state.sight.stages.take_if(|id| *id == job).is_some() {
        return Vec::new();
    }
    settle::ended(state, job)
}

/// A list has been read to its end.
fn list_read(state: &mut State, listed: Listed) -> Vec<Effect> {
    if matches!(listed, Listed::Requests | Listed::Beyond(_)) {
        // From now on the list is somebody's, whether they have moved in it or not.
        state.data.requests.touch();
    }
    state.data.ended(listed, state.now);
    let effects = match listed {
        Listed::Requests => {
            super::view::tell(state);
            arrivals::told(state).into_iter().collect()
        }
        Listed::Guests => load::sign_ins(state),
        Listed::Beyond(_) | Listed::Past | Listed::SignIns => Vec::new(),
        // Nothing is judged by these that was not judged as they came.
        Listed::Session | Listed::Capabilities | Listed::Policies | Listed::Journal => {
            return Vec::new();
        }
    };
    state.research.want();
    seen::learn(state);
    effects
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
