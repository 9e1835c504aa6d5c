//! What the worker says, taken into the state. Nothing here opens a dialog or moves the cursor.

use super::arrivals;
use super::basket::{keeping, seen};
use super::dialog::Dialog;
use super::effect::Effect;
use super::jobs::Purpose;
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

/// Takes a reply. One that belongs to nothing any more is stale: it changes nothing.
pub(super) fn take(state: &mut State, Reply { job, answer }: Reply) -> Vec<Effect> {
    let Some(purpose) = state.jobs.of(job).cloned() else {
        return Vec::new();
    };
    let list = match purpose {
        Purpose::List(listed) => Some(listed),
        _ => None,
    };
    let answer = match answer {
        Answer::Failed(problem) => {
            failed(state, job, purpose, *problem);
            return Vec::new();
        }
        Answer::Done => return done(state, job),
        Answer::Stages(stages) if purpose == Purpose::Stages => {
            state.data.add_stages(stages, state.now);
            seen::learn(state);
            return Vec::new();
        }
        Answer::Journal { records, warnings } => {
            for warning in warnings {
                state.say(Grade::Error, warning);
            }
            let warnings = Vec::new();
            Answer::Journal { records, warnings }
        }
        Answer::Unread(rows) => {
            // Of a list that is read every half a minute this is told when it is news; its head says it all the time.
            let before = list.and_then(|listed| state.data.loads.of(listed).told);
            if before != Some(rows) {
                let words = format!("Rows that came and could not be read: {rows}");
                state.say(Grade::Error, words);
            }
            Answer::Unread(rows)
        }
        answer => answer,
    };
    match state.data.take(list.as_slice(), answer, state.now) {
        Ok(InventoryChange::Session) => keeping::begin(state).into_iter().collect(),
        Ok(InventoryChange::Stages) => {
            seen::learn(state);
            Vec::new()
        }
        Ok(InventoryChange::Lists | InventoryChange::Stale) => Vec::new(),
        Err(answer) => {
            beside(state, job, answer);
            Vec::new()
        }
    }
}

/// Takes an answer that fills no list.
fn beside(state: &mut State, job: JobId, answer: Answer) {
    match answer {
        Answer::Capabilities(found) => capabilities(state, *found),
        Answer::Note(words) => state.say(Grade::Note, words),
        Answer::Found(_, guests) => found(state, guests),
        Answer::Settled(target, end) => settle::settled(state, job, &target, &end),
        Answer::HalfDone(plans) => half_done(state, job, plans),
        Answer::Arrived(arrived) => settle::arrived(state, job, &arrived),
        Answer::Looked(rows) => keeping::looked(state, rows),
        Answer::Kept(kept) => keeping::found(state, kept),
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
            state.said.waiting = Some((until, why));
        }
        // These were taken before.
        Answer::Failed(_) | Answer::Done => {}
        // The console asks for no records, and lists take the others.
        Answer::Records(_)
        | Answer::Session(_)
        | Answer::Requests(_)
        | Answer::Stages(_)
        | Answer::Past(_)
        | Answer::Beyond(_)
        | Answer::Bounded(_)
        | Answer::Covered(_)
        | Answer::Unread(_)
        | Answer::Policies(_)
        | Answer::Packages(_)
        | Answer::Organizations(_)
        | Answer::Borders(_)
        | Answer::Accounts(_)
        | Answer::Roles(_)
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
}

/// What may be done here is known. A tenant without governance is opened on its guests, unless somebody is at the
/// keyboard already: nothing moves under their hands.
fn capabilities(state: &mut State, found: Capabilities) {
    let first = state.data.capabilities.is_none();
    let why = found.why_invite_only();
    state.data.capabilities = Some(found);
    if let (true, Some(why)) = (first, why) {
        if !state.screen.touched && state.screen.focus == Pane::Requests {
            state.screen.focus = Pane::Guests;
        }
        let invite = state.setup.keymap.key(Command::Act(ActKind::Invite));
        let words = format!("Invite-only: {why}. Guests and {invite} (invite) work");
        state.say(Grade::Note, words);
    }
}

fn found(state: &mut State, guests: Vec<Guest>) {
    match &mut state.screen.dialog {
        Some(Dialog::Invite(form)) => form.found(&guests),
        Some(Dialog::Assign(form)) => {
            let outside = state.data.can_be_invited(form.address()).map(drop);
            form.found(&guests, outside);
        }
        _ => {}
    }
    for guest in guests {
        state.data.add_guest(guest, state.now);
    }
}

/// Plans that were stopped on their way.
fn half_done(state: &mut State, job: JobId, plans: Vec<Plan>) {
    // Of this session's own it was said when they ended.
    let first = plans
        .first()
        .filter(|_| state.jobs.of(job) == Some(&Purpose::Settle));
    if let Some(first) = first {
        let more = match plans.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let resume = state.setup.keymap.key(Command::Resume);
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
    state.quiet(progress.job);
    state.said.progress.push(progress);
}

/// A job has failed, or has not come to its end.
fn failed(state: &mut State, job: JobId, purpose: Purpose, problem: Problem) {
    state.quiet(job);
    // What these were asked for is told row by row, before and after.
    if !matches!(
        purpose,
        Purpose::Send | Purpose::Settle | Purpose::Look | Purpose::Follow(_)
    ) {
        state.jobs.end(job);
    }
    let stopped = problem.kind == ProblemKind::Cancelled;
    match purpose {
        Purpose::List(listed) => list_failed(state, listed, &problem),
        Purpose::Look => keeping::look_failed(state, problem),
        Purpose::Kept | Purpose::Keep(_) => keeping::failed(state, &problem),
        Purpose::Roles => {}
        Purpose::Research => research::ended(state),
        // Whoever has stopped it knows.
        _ if stopped => {}
        Purpose::SignIn => signin::refused(state, problem),
        // Detail says that it does not know; the next refresh tries again.
        Purpose::Stages => {}
        // What was taken stays so in the journal; the next start follows it.
        Purpose::Follow(_) => state.say(
            Grade::Note,
            format!("Deliveries are not followed any more: {problem}"),
        ),
        Purpose::GuestDetail(guest) => {
            state.aside.sight.guests_failed.insert(guest);
        }
        Purpose::LookUp => match &mut state.screen.dialog {
            Some(Dialog::Invite(invite)) => invite.form.failed(problem.to_string()),
            Some(Dialog::Assign(assign)) => assign.form.failed(problem.to_string()),
            _ => state.say(Grade::Error, problem.to_string()),
        },
        Purpose::Send => {
            let in_form = match &mut state.screen.dialog {
                Some(Dialog::Invite(invite)) => invite.failed(job, problem.to_string()),
                _ => false,
            };
            if !in_form {
                state.say(Grade::Error, problem.to_string());
            }
        }
        Purpose::First | Purpose::Settle | Purpose::HalfDone | Purpose::Save => {
            state.say(Grade::Error, problem.to_string());
        }
    }
}

/// A list could not be read.
fn list_failed(state: &mut State, listed: Listed, problem: &Problem) {
    state.data.failed(listed, problem.clone(), state.now);
    // What Graph refuses stands in the pane's own place, and in help beside each command.
    if problem.kind == ProblemKind::NotPermitted && listed != Listed::Session {
        return;
    }
    // Whoever has declined to sign in knows; the panes and the status line say it too.
    if problem.kind != ProblemKind::SignIn || state.sign_in.standing != Standing::Declined {
        state.say(Grade::Error, load::unread(listed, problem));
    }
}

/// A job has come to its end.
fn done(state: &mut State, job: JobId) -> Vec<Effect> {
    state.quiet(job);
    match state.jobs.end(job) {
        Some(Purpose::List(listed)) => return list_read(state, listed),
        Some(Purpose::Send) => return settle::ended(state, job),
        Some(Purpose::Settle) => {
            let mut effects = load::journal(state);
            effects.push(settle::follow(state, None, Vec::new()));
            return effects;
        }
        Some(Purpose::Follow(send)) => return settle::followed(state, send),
        Some(Purpose::Research) => research::ended(state),
        Some(Purpose::Keep(version)) => keeping::written(state, version),
        Some(Purpose::Look) => keeping::look_ended(state),
        // What they were for has come with their answer.
        Some(
            Purpose::First
            | Purpose::HalfDone
            | Purpose::Stages
            | Purpose::Roles
            | Purpose::GuestDetail(_)
            | Purpose::Kept
            | Purpose::SignIn
            | Purpose::LookUp
            | Purpose::Save,
        )
        | None => {}
    }
    Vec::new()
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
    state.aside.research.want();
    seen::learn(state);
    effects
}

impl State {
    /// A time of day and, where it is not today, the date, in the console's zone.
    pub fn clock(&self, at: jiff::Timestamp) -> String {
        let (at, now) = (
            at.to_zoned(self.setup.zone.clone()),
            self.now.to_zoned(self.setup.zone.clone()),
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
