//! The short forms of signals: the word one filters by, what fits into a row's cell, and how much each weighs.

use super::{MailKind, Owner, Signal};
use crate::domain::guest::GuestStanding;
use crate::domain::time;

impl Signal {
    /// All words, for completing and checking a filter.
    pub const WORDS: [&'static str; 21] = [
        "lookalike",
        "mixed-script",
        "punycode",
        "consumer",
        "no-org",
        "proposed-org",
        "denied-before",
        "guest",
        "hidden",
        "denial-near",
        "blocked",
        "had-access",
        "has-access",
        "duplicate",
        "burst",
        "name-mismatch",
        "empty-answer",
        "same-answer",
        "incompatible",
        "own",
        "reason-needed",
    ];

    /// The word for filters: `signal:lookalike`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::LookAlike { .. } => "lookalike",
            Self::MixedScript { .. } => "mixed-script",
            Self::Punycode { .. } => "punycode",
            Self::ConsumerDomain { .. } => "consumer",
            Self::NoOrganization { .. } => "no-org",
            Self::ProposedOrganization { .. } => "proposed-org",
            Self::DeniedBefore(_) => "denied-before",
            Self::AlreadyGuest { .. } => "guest",
            Self::HiddenCharacters { .. } => "hidden",
            Self::DenialNear { .. } => "denial-near",
            Self::Blocked { .. } => "blocked",
            Self::HadAccess { .. } => "had-access",
            Self::HasAccess { .. } => "has-access",
            Self::Duplicate { .. } => "duplicate",
            Self::Burst { .. } => "burst",
            Self::NameMismatch { .. } => "name-mismatch",
            Self::EmptyAnswer { .. } => "empty-answer",
            Self::SameAnswer { .. } => "same-answer",
            Self::Incompatible { .. } => "incompatible",
            Self::Own { .. } => "own",
            Self::ReasonNeeded => "reason-needed",
        }
    }

    /// What it is called where people read it, whatever its numbers are.
    pub fn named(&self) -> &'static str {
        match self {
            Self::LookAlike { .. } => "look-alike",
            Self::MixedScript { .. } => "mixed script",
            Self::Punycode { .. } => "punycode",
            Self::ConsumerDomain { kind, .. } => match kind {
                MailKind::Consumer => "consumer mail",
                MailKind::Disposable => "throwaway mail",
            },
            Self::NoOrganization { .. } => "no organization",
            Self::ProposedOrganization { .. } => "proposed org",
            Self::DeniedBefore(_) => "denied before",
            Self::AlreadyGuest { .. } => "is a guest",
            Self::HiddenCharacters { .. } => "hidden chars",
            Self::DenialNear { .. } => "denial near",
            Self::Blocked { .. } => "undeliverable",
            Self::HadAccess { .. } => "had access",
            Self::HasAccess { .. } => "has it already",
            Self::Duplicate { .. } => "asks more than once",
            Self::Burst { .. } => "one of many",
            Self::NameMismatch { .. } => "name, not mail",
            Self::EmptyAnswer { .. } => "empty answer",
            Self::SameAnswer { .. } => "same words",
            Self::Incompatible { .. } => "incompatible",
            Self::Own { .. } => "your own",
            Self::ReasonNeeded => "reason needed",
        }
    }

    /// For a row's cell; at most 16 characters.
    pub fn short(&self) -> String {
        match self {
            Self::DeniedBefore(denial) => format!("denied {}x", denial.times.min(999)),
            Self::AlreadyGuest { standing, .. } => match standing {
                GuestStanding::Active | GuestStanding::Unknown => "is a guest".into(),
                other => format!("{} guest", other.word()),
            },
            Self::DenialNear { left } if left.is_zero() => "denial due".into(),
            Self::DenialNear { left } => format!("denied in {}", time::short(*left)),
            Self::Duplicate { others, .. } => {
                format!("asks {}x", others.saturating_add(1).min(999))
            }
            Self::Burst { burst, .. } => format!("one of {}", burst.people.min(99_999)),
            Self::SameAnswer { people, .. } => format!("same words {}x", people.min(&999)),
            Self::LookAlike { .. }
            | Self::MixedScript { .. }
            | Self::Punycode { .. }
            | Self::ConsumerDomain { .. }
            | Self::NoOrganization { .. }
            | Self::ProposedOrganization { .. }
            | Self::HiddenCharacters { .. }
            | Self::Blocked { .. }
            | Self::HadAccess { .. }
            | Self::HasAccess { .. }
            | Self::NameMismatch { .. }
            | Self::EmptyAnswer { .. }
            | Self::Incompatible { .. }
            | Self::Own { .. }
            | Self::ReasonNeeded => self.named().to_owned(),
        }
    }

    /// Whether a word of a filter means it: the word one filters by, or one that is read of it on the screen; its
    /// beginning is enough, with or without hyphens and blanks.
    pub fn is_meant(&self, typed: &str) -> bool {
        let bare = |word: &str| word.replace(['-', ' ', ','], "").to_lowercase();
        let typed = bare(typed);
        [self.word(), self.named(), &self.short()]
            .into_iter()
            .any(|word| bare(word).starts_with(&typed))
    }

    /// How much it weighs: the heaviest stands first, and alone where there is room for one.
    pub fn weight(&self) -> u8 {
        match self {
            Self::LookAlike {
                owner: Owner::Own, ..
            } => 100,
            Self::Blocked { .. } => 98,
            Self::LookAlike {
                owner: Owner::Connected(_),
                ..
            } => 95,
            Self::Own { .. } => 92,
            Self::MixedScript { .. } => 90,
            Self::Incompatible { .. } => 88,
            Self::HiddenCharacters { .. } => 80,
            Self::Burst { .. } => 75,
            Self::AlreadyGuest {
                standing: GuestStanding::Blocked,
                ..
            } => 72,
            Self::DeniedBefore(_) => 70,
            Self::LookAlike { .. } => 66,
            Self::ConsumerDomain {
                kind: MailKind::Disposable,
                ..
            } => 65,
            Self::Punycode { .. } => 60,
            Self::SameAnswer { .. } => 56,
            Self::Duplicate { .. } => 55,
            Self::NameMismatch { .. } => 52,
            Self::DenialNear { .. } => 50,
            Self::HasAccess { .. } => 48,
            Self::HadAccess { .. } => 45,
            Self::AlreadyGuest { .. } => 40,
            Self::EmptyAnswer { .. } => 35,
            Self::ProposedOrganization { .. } => 30,
            Self::ConsumerDomain { .. } => 25,
            Self::NoOrganization { .. } => 20,
            Self::ReasonNeeded => 5,
        }
    }

    /// Those of a request's signals that say something of it: `signals` stand heaviest first.
    pub fn loud(signals: &[Self]) -> &[Self] {
        let loud = signals.partition_point(|signal| signal.weight() >= Self::QUIET);
        &signals[..loud]
    }

    /// Below this weight a signal says something of the rules, not of the request: Detail has it, a row does not.
    pub const QUIET: u8 = 10;
}
