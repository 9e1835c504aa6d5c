//! What is on the screen, and where one is on it.

use jiff::{SignedDuration, Timestamp};

use super::pane::{Focus, Pane};
use crate::app::dialog::Dialog;
use crate::app::prompt::FilterPrompt;
use crate::inventory::view::PENDING;

/// The Detail region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetailView {
    /// Shown at the right where there is room (`p`).
    pub beside: bool,
    /// Filling the screen, where there is no room beside (Enter).
    pub open: bool,
    /// Lines scrolled away at its top.
    pub scroll: usize,
}

/// How long the cursor has to rest before Detail and the linked panes follow it. Moving through a list then
/// writes little more than two rows, which is what a slow line can carry, and nobody reads in less time.
pub const REST: SignedDuration = SignedDuration::from_millis(120);

/// What is on the screen, and where one is on it.
pub struct OnScreen {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The pane with the keyboard.
    pub focus: Pane,
    /// The place of the view of the queue that is shown.
    pub(in crate::app) viewed: usize,
    /// The Detail region.
    pub detail: DetailView,
    /// While the cursor has not come to rest: the row that Detail still shows, and when it follows.
    pub(in crate::app) resting: Option<(Focus, Timestamp)>,
    /// What lies over the panes and has the keyboard.
    pub dialog: Option<Dialog>,
    /// The line one types a filter into.
    pub prompt: Option<FilterPrompt>,
    /// Filters kept in this session, oldest first.
    pub(in crate::app) filters: Vec<String>,
    /// A key was pressed: from then on the keyboard stays where its user put it.
    pub(in crate::app) touched: bool,
}

impl OnScreen {
    /// The queue, with Detail beside it where there is room.
    pub(super) fn new(size: (u16, u16)) -> Self {
        Self {
            size,
            focus: Pane::Requests,
            viewed: PENDING,
            detail: DetailView {
                beside: true,
                open: false,
                scroll: 0,
            },
            resting: None,
            dialog: None,
            prompt: None,
            filters: Vec::new(),
            touched: false,
        }
    }
}
