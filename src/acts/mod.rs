//! Acts: what one can do to a request, a guest or an address, one file each. Pure: no network, clock or terminal.
//!
//! An act's file holds all that is particular to it: its words, its weight, what it needs, when it may be done, its
//! form in the journal, what is looked at before and what that look means, the call, what each answer means, what a
//! look means after a lost answer, and whether it may ever be sent again. Everything else reads [`ActKind::ALL`]:
//! keymap and palette, help, confirmation and review, the table of permissions, the plain commands, the journal, and
//! the worker's loop, which knows no act by name.
//!
//! Graph's half of an act are the calls and the decoding in `graph/`, one file a resource. They are pure, so acts
//! call them directly; a second file an act would part what has to be read together. What carries calls is
//! `graph::transport`, and no act sees it.
//!
//! To add one: a file here, a line in the table below, its call in `graph/`, its resource in `emulator/`, a test. The
//! tests in `tests/worker/table.rs` walk the table and send each act through every fault.

#![deny(clippy::wildcard_enum_match_arm)]

mod able;
mod about;
mod account;
mod arrival;
mod decision;
mod ended;
mod followed;
pub mod kept;
mod look;
mod outcome;
mod plan;
mod record;
mod rules;
mod target;

pub use able::{asked_for, needs};
pub use about::{
    About, ActSubject, Asks, Named, Offered, On, Stored, TYPE_ABOVE, Tone, Wants, Weight,
};
pub use arrival::{Arrival, DeliveryWay, Taken};
pub use decision::ApprovalDecision;
pub use ended::Ended;
pub use followed::{Come, come, looks};
pub use look::{Look, Reads};
pub use outcome::Outcome;
pub use plan::{BegunPlan, Plan, PlanEnd};
pub use rules::{ActRules, After, Again, Before, Inverse, Ready, Rows, SKEW, Said, Sent};
pub use target::Target;

/// *The* table of acts. From a line follow the file's module, the act's kind and its place among [`Act`].
macro_rules! acts {
    ($($(#[$doc:meta])* $kind:ident in $file:ident;)+) => {
        $(mod $file; pub use $file::$kind;)+

        /// One kind of write.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ActKind { $($(#[$doc])* $kind,)+ }

        /// One write on one target.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $kind($kind),)+ }

        impl ActKind {
            /// Every act, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// What is known of it.
            pub const fn about(self) -> &'static About {
                match self { $(Self::$kind => &$file::ABOUT,)+ }
            }
        }

        impl Act {
            /// Which it is.
            pub fn kind(&self) -> ActKind {
                match self { $(Self::$kind(_) => ActKind::$kind,)+ }
            }

            /// Its rules.
            pub fn rules(&self) -> &dyn ActRules {
                match self { $(Self::$kind(act) => act,)+ }
            }
        }

        $(impl From<$kind> for Act {
            fn from(act: $kind) -> Self {
                Self::$kind(act)
            }
        })+
    };
}

acts! {
    /// Let the person in (this stage of it).
    Approve in approve;
    /// Turn the person away.
    Deny in deny;
    /// Keep a guest from signing in.
    Block in block;
    /// Let a blocked guest sign in again.
    Unblock in unblock;
    /// Delete a guest.
    Delete in delete;
    /// Bring a deleted guest back.
    Restore in restore;
    /// End a guest's sessions here.
    EndSessions in end_sessions;
    /// Invite somebody.
    Invite in invite;
    /// Cancel a request that has not begun to be delivered.
    Cancel in cancel;
    /// Have a delivery that failed tried again.
    Reprocess in reprocess;
    /// Give somebody a package past its approvers.
    Assign in assign;
    /// Remove the record of a request that has ended.
    Remove in remove;
}

impl ActKind {
    /// Those that are staged in the basket, in the order of the review.
    pub fn staged() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| kind.about().staged)
    }

    /// The act with this word in journal and kept basket; `None` for a word that this version does not know.
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.about().word == word)
    }

    /// Makes one for a row; see [`About::make`].
    pub fn on(self, target: &Target) -> Option<Act> {
        (self.about().make)(target, None)
    }
}

impl Act {
    /// What it is about.
    pub fn target(&self) -> Target {
        self.rules().target()
    }

    /// What is known of its kind.
    pub fn about(&self) -> &'static About {
        self.kind().about()
    }
}

#[cfg(test)]
mod row_tests;
#[cfg(test)]
mod tests;
