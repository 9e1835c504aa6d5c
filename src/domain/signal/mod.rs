//! Signals: what an approver should notice about a request. They explain, they never decide.
//!
//! One variant is one rule. To add one: a variant of [`Signal`] with its arms in this file, a rule in
//! `rules.rs` with a test there, and what the rule looks at, if it is new, in [`Facts`].

mod consumer;
mod known;
mod lookalike;
mod reading;
mod rules;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

pub use self::consumer::Kind as MailKind;
pub use self::known::{Denial, Denials, KnownDomains, Owner};
pub use self::lookalike::Trick;
pub use self::rules::{Facts, NEAR, signals};
use super::guest::Standing;
use super::text::{Removed, Text};
use super::time;

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
        standing: Standing,
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
}

impl Signal {
    /// All words, for completing and checking a filter.
    pub const WORDS: [&'static str; 10] = [
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
        }
    }

    /// For a row's cell; at most 16 characters.
    pub fn short(&self) -> String {
        match self {
            Self::LookAlike { .. } => "look-alike".into(),
            Self::MixedScript { .. } => "mixed script".into(),
            Self::Punycode { .. } => "punycode".into(),
            Self::ConsumerDomain { kind, .. } => match kind {
                MailKind::Consumer => "consumer mail".into(),
                MailKind::Disposable => "throwaway mail".into(),
            },
            Self::NoOrganization { .. } => "no organization".into(),
            Self::ProposedOrganization { .. } => "proposed org".into(),
            Self::DeniedBefore(denial) => format!("denied {}x", denial.times.min(999)),
            Self::AlreadyGuest { standing, .. } => match standing {
                Standing::Active => "is a guest".into(),
                other => format!("{} guest", other.word()),
            },
            Self::HiddenCharacters { .. } => "hidden chars".into(),
            Self::DenialNear { left } if left.is_zero() => "denial due".into(),
            Self::DenialNear { left } => format!("denied in {}", time::short(*left)),
        }
    }

    /// How much it weighs: the heaviest stands first, and alone where there is room for one.
    pub fn weight(&self) -> u8 {
        match self {
            Self::LookAlike {
                owner: Owner::Own, ..
            } => 100,
            Self::LookAlike { .. } => 95,
            Self::MixedScript { .. } => 90,
            Self::HiddenCharacters { .. } => 80,
            Self::DeniedBefore(_) => 70,
            Self::ConsumerDomain {
                kind: MailKind::Disposable,
                ..
            } => 65,
            Self::Punycode { .. } => 60,
            Self::DenialNear { .. } => 50,
            Self::AlreadyGuest {
                standing: Standing::Blocked,
                ..
            } => 45,
            Self::AlreadyGuest { .. } => 40,
            Self::ProposedOrganization { .. } => 30,
            Self::ConsumerDomain { .. } => 25,
            Self::NoOrganization { .. } => 20,
        }
    }

    /// One sentence: what it is and why it is said. No full stop at its end.
    pub fn why(&self) -> String {
        match self {
            Self::LookAlike {
                domain,
                of,
                owner,
                trick,
            } => {
                let whose = owner.words();
                match trick {
                    Trick::SameLook => format!("{domain} looks like {of}, {whose}"),
                    Trick::OneEdit => format!("{domain} is one letter away from {of}, {whose}"),
                    Trick::Added => format!("{domain} is {of}, {whose}, with something added"),
                    Trick::OtherEnding => {
                        format!("{domain} is {of}, {whose}, with another ending")
                    }
                    Trick::Subdomain => format!(
                        "{domain} only begins like {of}, {whose}; its right end is what counts"
                    ),
                }
            }
            Self::MixedScript { domain } => {
                format!("{domain} mixes letters of several scripts in one name")
            }
            Self::Punycode { ascii, shown } if ascii == shown => {
                format!("{ascii} is written in punycode and does not read as any name")
            }
            Self::Punycode { ascii, shown } => {
                format!("{ascii} reads as {shown}, with other letters than a to z")
            }
            Self::ConsumerDomain { domain, kind } => match kind {
                MailKind::Consumer => {
                    format!(
                        "Anybody can have an address at {domain}; it says nothing of an employer"
                    )
                }
                MailKind::Disposable => {
                    format!("Addresses at {domain} are made to be thrown away")
                }
            },
            Self::NoOrganization { domain } => {
                format!(
                    "{} belongs to no connected organization",
                    domain.or("The address")
                )
            }
            Self::ProposedOrganization { name } => format!(
                "The organization {} is only proposed: nobody has confirmed it yet",
                name.or("of this person")
            ),
            Self::DeniedBefore(denial) => denial.sentence(),
            Self::AlreadyGuest { since, standing } => {
                let since = since.map_or(String::new(), |at| {
                    format!(" since {}", at.strftime("%-d %b %Y"))
                });
                match standing {
                    Standing::Blocked => format!("A guest{since}, and blocked"),
                    Standing::Pending => {
                        format!("A guest{since}, who never took up the invitation")
                    }
                    Standing::Stale => format!("A guest{since}, not seen for a long time"),
                    Standing::Active => format!("A guest{since} already"),
                }
            }
            Self::HiddenCharacters { fields, removed } => format!(
                "There were {} in the {}; they are left out here",
                removed.words(),
                fields.join(" and the ")
            ),
            Self::DenialNear { left } if left.is_zero() => {
                "The time to decide is over: the service denies it by itself any moment".into()
            }
            Self::DenialNear { left } => {
                format!("The service denies it by itself in {}", time::words(*left))
            }
        }
    }
}
