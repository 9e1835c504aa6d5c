//! [`State`]: everything the console knows. Owned by the loop, changed by `update` only, read by `draw`.

mod aside;
mod notice;
pub(super) mod pane;
mod screen;
mod start;

use aside::Aside;
pub use notice::{Grade, Notice, Notices, Progress, Talk};
pub(crate) use pane::on_table;
pub use pane::{Focus, Pane};
pub use screen::{DetailView, OnScreen, REST};
pub use start::{Profiles, Setup, Start, World};

use jiff::Timestamp;

use super::basket::Basket;
use super::basket::keeping::Keeping;
use super::effect::Effect;
use super::jobs::{Jobs, Purpose};
use super::keymap::Keymap;
use super::reason::Reasons;
use super::sends::Sends;
use super::signin::{SigningIn, Standing, next_second};
use crate::domain::permission::Need;
use crate::domain::problem::ProblemKind;
use crate::inventory::Inventory;
use crate::inventory::load::{Listed, Load};
use crate::inventory::rows::RequestRow;
use crate::inventory::view::View;
use crate::worker::protocol::{Ask, JobId};

/// Everything the console knows.
pub struct State {
    /// The time of the newest event. Nothing here asks a clock.
    pub now: Timestamp,
    /// What it was started with, and does not change by itself.
    pub setup: Setup,
    /// What is on the screen, and where one is on it.
    pub screen: OnScreen,
    /// What was said to the person at the keyboard.
    pub said: Talk,
    /// What was read.
    pub data: Inventory,
    /// What is read beside the lists.
    pub(super) aside: Aside,
    /// Decisions not yet sent.
    pub basket: Basket,
    /// How the basket is kept between runs, and what an earlier one left.
    pub keeping: Keeping,
    /// Reasons written before, templates, and the last answer.
    pub reasons: Reasons,
    /// What is on its way, and how the last of it ended.
    pub sends: Sends,
    /// How signing in stands, and its dialog, which lies over dialog and prompt and leaves both as they are.
    pub sign_in: SigningIn,
    /// What the worker was asked, and what for.
    pub jobs: Jobs,
    /// Set when the loop should end.
    pub over: bool,
    /// Set with `over` where another profile's console should open next.
    pub next_profile: Option<String>,
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
            setup: Setup {
                zone: start.zone,
                world: start.world,
                read_only: start.read_only,
                keymap: Keymap::new(&start.keys),
                views: View::all(start.queue.views),
                columns: start.queue.columns,
                bell: start.queue.bell,
                refresh: start.refresh,
                profiles: start.profiles,
            },
            screen: OnScreen::new(start.size),
            said: Talk::default(),
            data: Inventory::new(start.mail, start.my_access),
            aside: Aside::default(),
            basket: Basket::default(),
            keeping: Keeping::default(),
            reasons: Reasons::new(start.templates),
            sends: Sends::default(),
            sign_in: SigningIn::new(start.sign_in),
            jobs: Jobs::default(),
            over: false,
            next_profile: None,
        }
    }

    /// Whether there is room for stacked panes with Detail beside them.
    pub fn wide(&self) -> bool {
        self.screen.size.0 >= WIDE.0 && self.screen.size.1 >= WIDE.1
    }

    /// Whether the window is too small to work in.
    pub fn too_small(&self) -> bool {
        self.screen.size.0 < SMALLEST.0 || self.screen.size.1 < SMALLEST.1
    }

    /// When the loop should wake it without an event from outside; `None` for never.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let waited = self.said.waiting.as_ref();
        let waited = waited.map(|(until, _)| next_second(*until, self.now).unwrap_or(*until));
        let rested = self.screen.resting.as_ref().map(|(_, until)| *until);
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
        let busy = self.screen.prompt.is_some()
            || self.screen.dialog.is_some()
            || self.sign_in.dialog.is_some();
        let reading = self.jobs.reads(Listed::Requests);
        match (self.setup.refresh, load.tried) {
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
        self.data.capabilities.as_ref()?.why_not(need)
    }

    /// The load of a pane's list.
    pub fn load(&self, pane: Pane) -> &Load {
        self.data.loads.of(self.listed(pane))
    }

    /// The list a pane shows.
    pub fn listed(&self, pane: Pane) -> Listed {
        match (pane, self.base().beyond()) {
            (Pane::Requests, Some(at)) => Listed::Beyond(at),
            _ => pane.list(),
        }
    }

    /// The row Detail and the linked panes show: the focused one, once the cursor rests on it.
    pub fn looked_at(&self) -> Option<Focus> {
        match &self.screen.resting {
            Some((before, _)) => Some(before.clone()),
            None => self.focused(),
        }
    }

    /// The request Detail and the linked panes show.
    pub fn looked_at_request(&self) -> Option<&RequestRow> {
        match &self.screen.resting {
            Some((Focus::Request(id), _)) => self.data.requests.get(id),
            _ => self.data.requests.focused(),
        }
    }

    /// How many rows a pane shows.
    pub fn visible(&self, pane: Pane) -> usize {
        on_table!(&self, pane, table => table.visible())
    }

    /// How many rows a pane has, whatever its filter.
    pub fn total(&self, pane: Pane) -> usize {
        on_table!(&self, pane, table => table.total())
    }

    /// Whether a pane shows no row.
    pub fn pane_empty(&self, pane: Pane) -> bool {
        self.visible(pane) == 0
    }

    /// Says something to the person at the keyboard.
    pub fn say(&mut self, grade: Grade, text: impl Into<String>) {
        self.said.notices.say(grade, text, self.now);
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
        self.said.waiting = None;
        self.said.progress.retain(|progress| progress.job != job);
    }
}
