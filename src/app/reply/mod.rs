//! What the worker says, taken into the state. Nothing here opens a dialog or moves the cursor.

mod settle;

pub use settle::words;

use super::arrivals;
use super::basket::{keeping, seen};
use super::dialog::Dialog;
use super::effect::Effect;
use super::join::{join, join_some};
use super::keymap::Command;
use super::load::{self, Listed};
use super::research;
use super::rows::{GuestRow, PolicyRow, RequestRow};
use super::signin::{self, Standing};
use super::state::{Grade, Pane, Progress, State};
use super::view::Base;
use crate::domain::capability::Capabilities;
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
            return keeping::begin(state).into_iter().collect();
        }
        Answer::Capabilities(found) if listed == Some(Listed::Capabilities) => {
            capabilities(state, *found);
        }
        Answer::Requests(page) if listed == Some(Listed::Requests) => {
            arrivals::came(state, &page);
            state.loads.requests.pages += 1;
            requests(state, page);
        }
        Answer::Stages(stages) if listed == Some(Listed::Requests) => self::stages(state, stages),
        Answer::Stages(stages) if state.stages_job == Some(job) => self::stages(state, stages),
        Answer::Beyond(page) if matches!(listed, Some(Listed::Beyond(_))) => requests(state, page),
        Answer::Bounded(read) => {
            if let Some(listed) = listed {
                listed.of(state).bounded = Some(read);
            }
        }
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
        Answer::Settled(target, outcome) => settle::settled(state, job, &target, &outcome),
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
        Answer::Journal { records, warnings } if listed == Some(Listed::Journal) => {
            for warning in warnings {
                state.say(Grade::Error, warning);
            }
            super::journal::fill(state, &records);
        }
        answer @ (Answer::Borders(_)
        | Answer::Held(_)
        | Answer::Incompatible(_)
        | Answer::Before(_)
        | Answer::BeforeOf(..)
        | Answer::Verdicts(_)) => research::take(state, answer),
        Answer::Failed(problem) => failed(state, job, listed, &problem),
        Answer::Done => return done(state, job, listed),
        // What is left are answers of a load that a newer one has replaced.
        _ => {}
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
        let invite = state.keymap.key(Command::Invite);
        let words = format!("Invite-only: {why}. Guests and {invite} (invite) work");
        state.say(Grade::Note, words);
    }
}

fn requests(state: &mut State, page: Vec<Request>) {
    let ids: Vec<RequestId> = page.iter().map(|request| request.id.clone()).collect();
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
    join_some(state, &ids);
}

fn stages(state: &mut State, stages: Vec<(RequestId, Vec<Stage>)>) {
    let ids: Vec<RequestId> = stages.iter().map(|(id, _)| id.clone()).collect();
    let rows: Vec<RequestRow> = stages
        .into_iter()
        .filter_map(|(id, stages)| {
            let mut row = state.data.requests.get(&id)?.clone();
            row.request.stages = Some(stages);
            Some(row)
        })
        .collect();
    state.data.requests.replace(rows);
    // Stages come once all pages have: from then on the requests can be compared with each other.
    if state.data.crowd_pages == state.loads.requests.pages {
        join_some(state, &ids);
    } else {
        join(state);
    }
    seen::learn(state);
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
    match &mut state.dialog {
        Some(Dialog::Invite(form)) => form.found(job, guest.as_ref()),
        Some(Dialog::Assign(form)) => form.found(job, guest.as_ref()),
        _ => {}
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
        let now = state.now;
        let load = listed.of(state);
        load.job = None;
        load.tried = Some(now);
        load.failed = Some(problem.clone());
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
    if state.stages_job.take_if(|id| *id == job).is_some() {
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
    keeping::done(state, job);
    if let Some(listed) = listed {
        let now = state.now;
        let load = listed.of(state);
        load.job = None;
        // A load that failed on the way says Failed before Done and has no job any more.
        (load.fresh, load.tried) = (Some(now), Some(now));
        load.failed = None;
        let mut effects = Vec::new();
        match listed {
            Listed::Requests => {
                let number = state.loads.requests.number;
                let waits = |row: &RequestRow| row.request.pending();
                state.data.requests.end_load_of(number, waits);
                super::view::tell(state);
                // From now on the list is somebody's, whether they have moved in it or not.
                state.data.requests.touch();
                effects.extend(arrivals::told(state));
            }
            Listed::Beyond(at) => {
                beyond_read(state, at);
                state.data.requests.touch();
            }
            Listed::Guests => {
                state.data.guests.end_load();
                state.data.index_guests();
                effects = load::sign_ins(state);
            }
            Listed::Past => {
                let denied = std::mem::take(&mut state.data.incoming_past);
                state.data.past.renew(denied);
                state.data.denials = state.data.past.denials();
            }
            Listed::SignIns => {}
            // These were joined as they came.
            Listed::Session | Listed::Capabilities | Listed::Policies | Listed::Journal => {
                return effects;
            }
        }
        join(state);
        state.research.wanted = true;
        seen::learn(state);
        return effects;
    }
    if research::ended(state, job) {
        return Vec::new();
    }
    if state.stages_job.take_if(|id| *id == job).is_some() {
        return Vec::new();
    }
    settle::ended(state, job)
}

/// What a view beyond the queue shows was read. Whatever is not among it any more has moved on, where the load is
/// of all there are of a kind.
fn beyond_read(state: &mut State, at: usize) {
    let load = &state.loads.beyond[at];
    let kind = [Base::Failed, Base::Scheduled]
        .into_iter()
        .find(|base| base.beyond() == Some(at));
    if let (Some(base), None) = (kind, load.bounded) {
        let (number, scope) = (load.number, state.scope(base));
        let of_kind = |row: &RequestRow| scope.has(&row.request);
        state.data.requests.end_load_of(number, of_kind);
    }
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
