//! The panes: a table that everything reads which is about all of them, and what is looked at in them.

use crate::domain::id::{PolicyId, RequestId, UserId};
use crate::domain::permission::{Need, reads};
use crate::inventory::load::Listed;

/// Makes the panes of their table, and `on_table!`, which is the one match over them.
macro_rules! panes {
    ($d:tt $($(#[$doc:meta])* $pane:ident: $title:literal, $rows:ident, $list:expr, $needs:expr;)+) => {
        /// One of the lists.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Pane {
            $($(#[$doc])* $pane,)+
        }

        /// What a pane is.
        struct PaneAbout {
            pane: Pane,
            title: &'static str,
            list: Listed,
            needs: Option<&'static Need>,
        }

        const PANES: &[PaneAbout] = &[
            $(PaneAbout { pane: Pane::$pane, title: $title, list: $list, needs: $needs },)+
        ];

        /// Does something with the table of a pane, whatever its rows are: to read it
        /// (`&state`), to change it (`&mut state`), or, of the focused pane, in short.
        macro_rules! on_table {
            (&mut $d state:ident, $d pane:expr, $d table:ident => $d body:expr) => {
                match $d pane {
                    $($crate::app::state::Pane::$pane => {
                        let $d table = &mut $d state.data.$rows;
                        $d body
                    })+
                }
            };
            (& $d state:ident, $d pane:expr, $d table:ident => $d body:expr) => {
                match $d pane {
                    $($crate::app::state::Pane::$pane => {
                        let $d table = & $d state.data.$rows;
                        $d body
                    })+
                }
            };
            ($d state:ident, $d table:ident => $d body:expr) => {
                $crate::app::state::on_table!(&mut $d state, $d state.screen.focus, $d table => $d body)
            };
        }
        pub(crate) use on_table;
    };
}

// Each pane: its name, its rows in the inventory, what reads them where no view says otherwise, what that needs. In
// the order of the numbers that lead to them.
panes! { $
    /// The queue.
    Requests: "Requests", requests, Listed::Requests, Some(&reads::REQUESTS);
    /// Who may ask for what.
    Policies: "Policies", policies, Listed::Policies, Some(&reads::POLICIES);
    /// Who is in.
    Guests: "Guests", guests, Listed::Guests, Some(&reads::GUESTS);
    /// Who did what.
    Journal: "Journal", journal, Listed::Journal, None;
}

impl Pane {
    /// All of them, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        PANES.iter().map(|about| about.pane)
    }

    fn about(self) -> &'static PaneAbout {
        // Each has its line, in this order.
        &PANES[self as usize]
    }

    /// The name on screen.
    pub fn title(self) -> &'static str {
        self.about().title
    }

    /// The list it shows, where no view says otherwise.
    pub fn list(self) -> Listed {
        self.about().list
    }

    /// What reading it needs of a sign-in.
    pub fn needs(self) -> Option<&'static Need> {
        self.about().needs
    }

    /// The number that leads to it, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The pane so many places on, around the end.
    pub fn next(self, by: usize) -> Self {
        PANES[(self as usize + by) % PANES.len()].pane
    }

    /// The one before it.
    pub fn previous(self) -> Self {
        self.next(PANES.len() - 1)
    }
}

/// A row of any pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A request.
    Request(RequestId),
    /// A policy.
    Policy(PolicyId),
    /// A guest.
    Guest(UserId),
    /// An act of the journal.
    Act(u64),
}
