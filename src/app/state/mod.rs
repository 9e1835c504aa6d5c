//! [`State`]: everything the console knows. Owned by the loop, changed by `update` only, read by `draw`.

mod notice;
mod pane;
mod start;

pub use notice::{Grade, Notice, Notices};
pub use pane::{DetailView, Focus, Pane, REST};
pub use start::{Profiles, Start};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::basket::Basket;
use super::basket::keeping::Keeping;
use super::dialog::Dialog;
use super::effect::Effect;
use super::jobs::{Jobs, Purpose};
use super::keymap::Keymap;
use super::prompt::FilterPrompt;
use super::reason::Reasons;
use super::sends::Sends;
use super::sight::Sight;
use super::signin::{SigningIn, Standing, next_second};
use super::view::Bell;
use crate::domain::capability::Capabilities;
use crate::domain::invitation::Invited;
use crate::domain::permission::Need;
use crate::domain::problem::ProblemKind;
use crate::inventory::Inventory;
use crate::inventory::load::{Listed, Load};
use crate::inventory::research::Research;
use crate::inventory::rows::RequestRow;
use crate::inventory::view::{PENDING, View};
use crate::worker::protocol::{Ask, JobId};

/// Which world the console is connected to; stands on the banner in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// The built-in demo tenant.
    Demo,
    /// A tenant, or whatever `--graph-url` names.
    Live,
}

/// What the worker says about work under way, for the status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The job.
    pub job: JobId,
    /// Steps done.
    pub done: usize,
    /// Steps in all, where known.
    pub of: Option<usize>,
    /// In words.
    pub words: String,
}

/// Everything the console knows.
pub struct State {
    /// The time of the newest event. Nothing here asks a clock.
    pub now: Timestamp,
    /// The zone absolute times are shown in.
    pub zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Demo or live.
    pub world: World,
    /// Nothing may be written.
    pub read_only: bool,
    /// What keys mean, with the user's own.
    pub keymap: Keymap,
    /// Views of the queue: those that are always there, then the saved ones.
    pub views: Vec<View>,
    /// The one that is shown.
    pub(super) viewed: usize,
    /// The columns of what waits, from left to right; none for those that are shown where nobody has chosen.
    pub columns: Vec<&'static str>,
    /// What a new arrival does.
    pub(super) bell: Option<Bell>,
    /// What they may do here, once known.
    pub capabilities: Option<Capabilities>,
    /// What was read.
    pub data: Inventory,
    /// The pane with the keyboard.
    pub focus: Pane,
    /// The Detail region.
    pub detail: DetailView,
    /// While the cursor has not come to rest: the row that Detail still shows, and when it follows.
    pub(super) resting: Option<(Focus, Timestamp)>,
    /// Decisions not yet sent.
    pub basket: Basket,
    /// How the basket is kept between runs, and what an earlier one left.
    pub keeping: Keeping,
    /// Reasons written before, templates, and the last answer.
    pub reasons: Reasons,
    /// What is on its way, and how the last of it ended.
    pub sends: Sends,
    /// What lies over the panes; the last one has the keyboard.
    pub dialog: Option<Dialog>,
    /// The line one types a filter into.
    pub prompt: Option<FilterPrompt>,
    /// How signing in stands, and its dialog, which lies over dialog and prompt and leaves both as they are.
    pub sign_in: SigningIn,
    /// What was said.
    pub notices: Notices,
    /// Words about work under way, newest last.
    pub progress: Vec<Progress>,
    /// Until when the worker waits, and why.
    pub waiting: Option<(Timestamp, String)>,
    /// The last invitation made, for its link.
    pub invited: Option<Invited>,
    /// How often pending requests are read again; `None` for never by itself.
    pub refresh: Option<SignedDuration>,
    /// The profiles one can switch between, and the one in use.
    pub profiles: Profiles,
    /// Set when the loop should end.
    pub over: bool,
    /// Set with `over` where another profile's console should open next.
    pub next_profile: Option<String>,
    /// What is found out beside the lists.
    pub(super) research: Research,
    /// What is read of the rows in sight, beside the lists.
    pub(super) sight: Sight,
    /// A key was pressed: from then on the keyboard stays where its user put it.
    pub(super) touched: bool,
    /// What the worker was asked, and what for.
    pub jobs: Jobs,
}

/// From this size on, panes are stacked and Detail stands beside them.
pub const WIDE: (u16, u16) = (120, 32);
/// Below this size one sentence says that the window is too small.
pub const SMALLEST: (u16, u16) = (40, 10);

impl State {
    /// A console that has read nothing yet.
    pub fn new(start: Start) -> Self {
        Self {
            now: start.now,
            zone: start.zone,
            size: start.size,
            world: start.world,
            read_only: start.read_only,
            keymap: Keymap::new(&start.keys),
            views: View::all(start.queue.views),
            viewed: PENDING,
            columns: start.queue.columns,
            bell: start.queue.bell,
            capabilities: None,
            data: Inventory::new(start.mail, start.my_access),
            focus: Pane::Requests,
            detail: DetailView {
                beside: true,
                open: false,
                scroll: 0,
            },
            resting: None,
            basket: Basket::default(),
            keeping: Keeping::default(),
            reasons: Reasons::new(start.templates),
            dialog: None,
            prompt: None,
            sign_in: SigningIn::new(start.sign_in),
            notices: Notices::default(),
            sends: Sends::default(),
            progress: Vec::new(),
            waiting: None,
            invited: None,
            refresh: start.refresh,
            profiles: start.profiles,
            over: false,
            next_profile: None,
            research: Research::default(),
            sight: Sight::default(),
            touched: false,
            jobs: Jobs::default(),
        }
    }

    /// Whether there is room for stacked panes with Detail beside them.
    pub fn wide(&self) -> bool {
        self.size.0 >= WIDE.0 && self.size.1 >= WIDE.1
    }

    /// Whether the window is too small to work in.
    pub fn too_small(&self) -> bool {
        self.size.0 < SMALLEST.0 || self.size.1 < SMALLEST.1
    }

    /// When the loop should wake it without an event from outside; `None` for never.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let waited = self.waiting.as_ref();
        let waited = waited.map(|(until, _)| next_second(*until, self.now).unwrap_or(*until));
        let rested = self.resting.as_ref().map(|(_, until)| *until);
        let counted = self.sign_in.counts_at(self.now);
        let times = [self.refresh_at(), waited, rested, counted];
        times.into_iter().flatten().min()
    }

    /// When the queue is read again by itself. Never while nobody wants to sign in, which would only ask again, nor
    /// while somebody types.
    pub(super) fn refresh_at(&self) -> Option<Timestamp> {
        let load = &self.data.loads.requests;
        let asleep = matches!(
            self.sign_in.standing,
            Standing::Declined | Standing::SignedOut
        );
        // Whoever types or reads a dialog is not to have the list change under it.
        let busy = self.prompt.is_some() || self.dialog.is_some() || self.sign_in.dialog.is_some();
        let reading = self.jobs.reads(Listed::Requests);
        match (self.refresh, load.tried) {
            // What Graph refuses it refuses in thirty seconds too.
            _ if self.refused(Pane::Requests) => None,
            (Some(every), Some(tried)) if !reading && !asleep && !busy => {
                tried.checked_add(every).ok()
            }
            _ => None,
        }
    }

    /// Whether Graph refused a pane's list to this account, by permission or licence. The pane says so in its own
    /// place; the others go on.
    pub fn refused(&self, pane: Pane) -> bool {
        let failed = self.load(pane).failed.as_ref();
        failed.is_some_and(|problem| problem.kind == ProblemKind::NotPermitted)
    }

    /// Why what needs this would not be permitted here, as a clause; `None` as long as nothing is known against it.
    pub fn not_permitted(&self, need: &Need) -> Option<String> {
        self.capabilities.as_ref()?.why_not(need)
    }

    /// The load of a pane's list.
    pub fn load(&self, pane: Pane) -> &Load {
        self.data.loads.of(self.listed(pane))
    }

    /// The list a pane shows.
    pub fn listed(&self, pane: Pane) -> Listed {
        match pane {
            Pane::Requests => self
                .base()
                .beyond()
                .map_or(Listed::Requests, Listed::Beyond),
            Pane::Policies => Listed::Policies,
            Pane::Guests => Listed::Guests,
            Pane::Journal => Listed::Journal,
        }
    }

    /// The row under the cursor of the focused pane.
    pub fn focused(&self) -> Option<Focus> {
        let data = &self.data;
        match self.focus {
            Pane::Requests => data
                .requests
                .focused()
                .map(|row| Focus::Request(row.request.id.clone())),
            Pane::Policies => data
                .policies
                .focused()
                .map(|row| Focus::Policy(row.policy.id.clone())),
            Pane::Guests => data
                .guests
                .focused()
                .map(|row| Focus::Guest(row.guest.id.clone())),
            Pane::Journal => data.journal.focused().map(|row| Focus::Act(row.seq)),
        }
    }

    /// The row Detail and the linked panes show: the focused one, once the cursor rests on it.
    pub fn looked_at(&self) -> Option<Focus> {
        match &self.resting {
            Some((before, _)) => Some(before.clone()),
            None => self.focused(),
        }
    }

    /// The request Detail and the linked panes show.
    pub fn looked_at_request(&self) -> Option<&RequestRow> {
        match &self.resting {
            Some((Focus::Request(id), _)) => self.data.requests.get(id),
            _ => self.data.requests.focused(),
        }
    }

    /// Whether a pane shows no row.
    pub fn pane_empty(&self, pane: Pane) -> bool {
        let visible = match pane {
            Pane::Requests => self.data.requests.visible(),
            Pane::Policies => self.data.policies.visible(),
            Pane::Guests => self.data.guests.visible(),
            Pane::Journal => self.data.journal.visible(),
        };
        visible == 0
    }

    /// Says something to the person at the keyboard.
    pub fn say(&mut self, grade: Grade, text: impl Into<String>) {
        self.notices.say(grade, text, self.now);
    }

    /// Asks the worker for something.
    pub(super) fn ask(&mut self, purpose: Purpose, ask: Ask) -> Effect {
        Effect::Ask(self.jobs.ask(purpose, ask))
    }

    /// Nobody wants the answer of this any more; what stops it, where it is under way.
    pub(super) fn give_up(&mut self, purpose: &Purpose) -> Option<Effect> {
        let job = self.jobs.newest(purpose)?;
        self.jobs.end(job);
        self.quiet(job);
        Some(Effect::Cancel(job))
    }

    /// What was said of a job's work is no news any more.
    pub(super) fn quiet(&mut self, job: JobId) {
        self.waiting = None;
        self.progress.retain(|progress| progress.job != job);
    }
}
