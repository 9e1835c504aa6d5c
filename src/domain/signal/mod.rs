//! Signals: what an approver should notice about a request. They explain, they never decide.
//!
//! One variant is one rule. To add one: a variant of [`Signal`], its word and weight in `words.rs`, its sentence in
//! `why.rs`, a rule in `rules/` with a test, and what the rule looks at, if it is new, in [`SignalFacts`].

mod consumer;
mod crowd;
mod denials;
mod guest_domains;
mod known;
mod lookalike;
mod name;
mod reading;
mod rules;
#[cfg(test)]
mod tests;
mod why;
mod words;

use jiff::{SignedDuration, Timestamp};

pub use self::consumer::{Kind as MailKind, MailDomains};
pub use self::crowd::{Burst, Crowd, Twin};
pub use self::denials::{Denial, Denials};
pub use self::guest_domains::GuestDomains;
pub use self::known::{KnownDomains, Owner};
pub use self::lookalike::Trick;
pub use self::rules::{NEAR, SignalFacts, signals};
use super::access::Access;
use super::border::Barrier;
use super::guest::GuestStanding;
use super::text::{Removed, Text};

/// Something an approver should notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The mail domain can be taken for one that is trusted.
    LookAlike {
        /// The domain, as people read it.
        domain: Text,
        /// What it can be taken for.
        of: Text,
        /// Whose that is.
        owner: Owner,
        /// How.
        trick: Trick,
    },
    /// The mail domain mixes letters of several scripts, as no language does.
    MixedScript {
        /// The domain, as people read it.
        domain: Text,
    },
    /// The mail domain has other letters than a to z in it.
    Punycode {
        /// As it is written on the wire: `xn--…`.
        ascii: Text,
        /// As people read it.
        shown: Text,
    },
    /// Mail of the kind anybody can have.
    ConsumerDomain {
        /// The domain.
        domain: Text,
        /// Free mail, or thrown away after use.
        kind: MailKind,
    },
    /// The person is of no connected organization.
    NoOrganization {
        /// Their mail domain.
        domain: Text,
    },
    /// The person's organization came by itself; nobody has confirmed it.
    ProposedOrganization {
        /// Its name.
        name: Text,
    },
    /// Asked before and was denied.
    DeniedBefore(Denial),
    /// There is an account already.
    AlreadyGuest {
        /// Since when.
        since: Option<Timestamp>,
        /// How it stands.
        standing: GuestStanding,
    },
    /// Characters were taken out of what the person wrote.
    HiddenCharacters {
        /// Out of what: `name`, `mail address`, …
        fields: Vec<&'static str>,
        /// Which.
        removed: Removed,
    },
    /// The service will deny it soon by itself.
    DenialNear {
        /// How soon; zero when it is due.
        left: SignedDuration,
    },
    /// What is approved could not be delivered: the tenant does not let such people in.
    Blocked {
        /// The mail domain.
        domain: Text,
        /// What stops them.
        barrier: Barrier,
    },
    /// Held access before, and it ended.
    HadAccess {
        /// The assignment that ended last; one of the package asked for where there is one.
        access: Box<Access>,
        /// Whether it was the package that is asked for now.
        same: bool,
        /// How many have ended.
        times: usize,
    },
    /// Holds the package asked for already.
    HasAccess {
        /// Since when.
        since: Option<Timestamp>,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// Has more than one request waiting.
    Duplicate {
        /// How many others.
        others: usize,
        /// What the newest of those asks for.
        package: Text,
        /// Whether that is the package asked for here.
        same: bool,
        /// When it came.
        created: Option<Timestamp>,
    },
    /// One of many from a domain that nobody here is from.
    Burst {
        /// The domain.
        domain: Text,
        /// How many, in which time.
        burst: Burst,
    },
    /// The name and the mail address have nothing in common.
    NameMismatch {
        /// The name.
        name: Text,
        /// The address.
        mail: Text,
    },
    /// A question was not answered, or with nothing that says anything.
    EmptyAnswer {
        /// The question; empty for the justification.
        question: Text,
    },
    /// Several people gave the same words.
    SameAnswer {
        /// The question; empty for the justification.
        question: Text,
        /// How many, this one among them.
        people: usize,
    },
    /// Holds, is in, or asks for something that must not be held together with what is asked for.
    Incompatible {
        /// Its name.
        with: Text,
        /// What sort of thing that is.
        conflict: Conflict,
    },
    /// The signed-in person's own request.
    Own {
        /// They ask; else somebody asks for them.
        asks: bool,
    },
    /// Whoever decides must say why.
    ReasonNeeded,
}

/// With what a package cannot be held together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conflict {
    /// A package the person holds.
    Held,
    /// A package the person asks for at the same time.
    Asked,
    /// A group the person is in.
    Group,
}
