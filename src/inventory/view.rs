//! Views of the queue: which requests it shows before any filter, and in which order.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::filter::Filter;
use super::rows::RequestRow;
use super::table::Sort;
use crate::domain::request::{Request, RequestState};
use crate::worker::protocol::Beyond;

/// Which requests a view begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// Those that wait for the signed-in person.
    Mine,
    /// All that wait for somebody.
    #[default]
    Pending,
    /// Approved, and not or only partly delivered.
    Failed,
    /// Approved for a day to come.
    Scheduled,
    /// Decided since midnight.
    Today,
    /// Whatever was read, ended or not.
    All,
}

impl Base {
    /// All of them, as the menu lists them.
    pub const ALL: [Self; 6] = [
        Self::Mine,
        Self::Pending,
        Self::Failed,
        Self::Scheduled,
        Self::Today,
        Self::All,
    ];

    /// Its name, for `:view`, `--view` and the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Scheduled => "scheduled",
            Self::Today => "today",
            Self::All => "all",
        }
    }

    /// The base with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|base| base.name() == name)
    }

    /// What it shows, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Mine => "waiting for you",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Scheduled => "scheduled",
            Self::Today => "decided today",
            Self::All => "all requests",
        }
    }

    /// What it shows, in a sentence's worth of words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Mine => "requests whose current stage is yours to decide",
            Self::Pending => "every request that waits, yours first, with who can decide",
            Self::Failed => "approved, but not or only partly delivered",
            Self::Scheduled => "approved for a day to come",
            Self::Today => "approved or denied since midnight",
            Self::All => "waiting and ended, the newest first",
        }
    }

    /// Where its load stands among those beyond the queue.
    pub fn beyond(self) -> Option<usize> {
        match self {
            Self::Mine | Self::Pending => None,
            Self::Failed => Some(0),
            Self::Scheduled => Some(1),
            Self::Today => Some(2),
            Self::All => Some(3),
        }
    }

    /// Its order where nothing else is wanted: yours first, or what came last first.
    pub fn sort(self) -> Sort {
        let (column, descending) = match self {
            Self::Mine | Self::Pending => ("by", false),
            Self::Failed | Self::Today => ("ended", true),
            Self::Scheduled | Self::All => ("age", true),
        };
        Sort { column, descending }
    }
}

/// The place among all views of the one a console opens with: all that wait.
pub const PENDING: usize = 1;

/// What the queue is narrowed to before the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueScope {
    /// Which requests.
    pub base: Base,
    /// Midnight, for those decided today.
    pub since: Timestamp,
}

impl QueueScope {
    /// What must be read for it beside the queue.
    pub fn beyond(&self) -> Option<Beyond> {
        match self.base {
            Base::Mine | Base::Pending => None,
            Base::Failed => Some(Beyond::Failed),
            Base::Scheduled => Some(Beyond::Scheduled),
            Base::Today => Some(Beyond::Decided { since: self.since }),
            Base::All => Some(Beyond::All),
        }
    }

    /// The scope of a base on the day of `now`, in a time zone.
    pub fn on(base: Base, now: Timestamp, zone: &TimeZone) -> Self {
        let midnight = now.to_zoned(zone.clone()).start_of_day();
        Self {
            base,
            since: midnight.map_or(now, |at| at.timestamp()),
        }
    }

    /// Whether a request is within it.
    pub fn has(&self, request: &Request) -> bool {
        match self.base {
            Base::Mine => request.mine(),
            Base::Pending => request.pending(),
            Base::Failed => matches!(
                request.state,
                RequestState::DeliveryFailed | RequestState::PartiallyDelivered
            ),
            Base::Scheduled => request.state == RequestState::Scheduled,
            Base::Today => request.decided().is_some_and(|at| at >= self.since),
            Base::All => true,
        }
    }
}

/// A view: a base, narrowed by a filter, in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// What it begins with.
    pub base: Base,
    /// The filter it begins with, in the filter language; may be empty.
    pub filter: String,
    /// Its order.
    pub sort: Sort,
}

impl View {
    /// The view that is a base and no more.
    pub fn plain(base: Base) -> Self {
        Self {
            name: base.name().into(),
            base,
            filter: String::new(),
            sort: base.sort(),
        }
    }

    /// Those that are always there, then the saved ones.
    pub fn all(saved: Vec<Self>) -> Vec<Self> {
        Base::ALL
            .into_iter()
            .map(Self::plain)
            .chain(saved)
            .collect()
    }

    /// Whether it is one of those that are always there.
    pub fn built_in(&self) -> bool {
        self.name == self.base.name()
    }

    /// What the list's title calls it.
    pub fn title(&self) -> &str {
        if self.built_in() {
            self.base.title()
        } else {
            &self.name
        }
    }

    /// What it shows, in words, for menu and palette.
    pub fn about(&self) -> String {
        if self.built_in() {
            self.base.about().into()
        } else if self.filter.is_empty() {
            format!("saved: {}", self.base.name())
        } else {
            format!("saved: {} /{}", self.base.name(), self.filter)
        }
    }

    /// Its filter, read.
    ///
    /// # Errors
    /// What is wrong with it, for the person at the keyboard.
    pub fn filter(&self, now: Timestamp) -> Result<Filter, String> {
        Filter::of::<RequestRow>(&self.filter, now)
            .map_err(|wrong| format!("The filter of the view {} is wrong: {wrong}", self.name))
    }
}
