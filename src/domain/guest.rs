//! A guest: somebody from outside with an account here.

use jiff::{SignedDuration, Timestamp};

use super::account_class::{AccountClass, is_external};
use super::id::UserId;
use super::mail;
use super::text::Text;
use super::word::words;

/// Without a sign-in for this long a guest counts as stale.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_hours(180 * 24);

words! {
    /// Whether the guest has taken up the invitation (`externalUserState`).
    Redemption {
        /// Invited, never came.
        Pending = "PendingAcceptance",
        /// Came.
        Accepted = "Accepted",
    }
}

/// What one most wants to know of a guest, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestStanding {
    /// Cannot sign in.
    Blocked,
    /// Was invited and has not come yet.
    Pending,
    /// Last signed in longer than [`STALE_AFTER`] ago.
    Stale,
    /// No sign-in is on record, which proves nothing: records begin late and are not everywhere (signinactivity).
    Unknown,
    /// In use.
    Active,
}

impl GuestStanding {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::Blocked,
        Self::Pending,
        Self::Stale,
        Self::Unknown,
        Self::Active,
    ];

    /// The word on screen and in filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Pending => "pending",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
            Self::Active => "active",
        }
    }
}

/// An account (`user`); in the list of guests only guests' (`userType eq 'Guest'`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The user object.
    pub id: UserId,
    /// Display name.
    pub name: Text,
    /// Mail address; may be empty.
    pub mail: Text,
    /// A further address, the first of them (`otherMails`); may be empty.
    pub other_mail: Text,
    /// User principal name, such as `ada_fabrikam.com#EXT#@contoso.onmicrosoft.com`.
    pub upn: Text,
    /// Whose it is.
    pub class: AccountClass,
    /// Company name, where somebody filled it in.
    pub company: Text,
    /// May sign in (`accountEnabled`).
    pub enabled: bool,
    /// When the account was made.
    pub created: Option<Timestamp>,
    /// How: `Invitation`, `SelfServiceSignUp`, … (`creationType`).
    pub creation: Text,
    /// Whether the invitation was taken up; `None` where it does not apply.
    pub redemption: Option<Redemption>,
    /// Since when that is so.
    pub redemption_changed: Option<Timestamp>,
    /// Last sign-in of any kind; `None` also where the licence or permission to see it is missing, or nothing is on
    /// record (`signInActivity`).
    pub last_sign_in: Option<Timestamp>,
}

/// The account that is meant by an address, of all that have it; none where nobody has.
///
/// # Errors
/// More than one has it: all of them by name and id, in a sentence.
pub fn one_of<'a>(address: &str, accounts: &'a [Guest]) -> Result<Option<&'a Guest>, String> {
    match accounts {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        several => {
            let names = several.iter().map(|one| {
                let what = one.class.words();
                format!("{} ({}, {what})", one.id, one.name.or(&one.address()))
            });
            Err(format!(
                "{} accounts have the address {}, and which is meant is not known: {}. Give one's id",
                several.len(),
                Text::new(address),
                names.collect::<Vec<_>>().join("; ")
            ))
        }
    }
}

impl Guest {
    /// Why somebody who has this account is not invited again, as a sentence without its end: `Ada was invited already
    /// and has not come yet`.
    pub fn in_already(&self) -> String {
        let address = self.address();
        let name = self.name.or(&address);
        let state = if !self.class.is_guest() {
            let words = self.class.words();
            return format!("{name} has an account here already, as {words}");
        } else if !self.enabled {
            "is a guest already, but blocked"
        } else if self.redemption == Some(Redemption::Pending) {
            "was invited already and has not come yet"
        } else {
            "has an account here already"
        };
        format!("{name} {state}")
    }

    /// The one word for this guest at `now`.
    pub fn standing(&self, now: Timestamp) -> GuestStanding {
        if !self.enabled {
            return GuestStanding::Blocked;
        }
        if self.redemption == Some(Redemption::Pending) {
            return GuestStanding::Pending;
        }
        let young = |at: Timestamp| now.duration_since(at) <= STALE_AFTER;
        match (self.last_sign_in, self.created) {
            (Some(seen), _) if young(seen) => GuestStanding::Active,
            (Some(_), _) => GuestStanding::Stale,
            (None, Some(created)) if young(created) => GuestStanding::Active,
            (None, _) => GuestStanding::Unknown,
        }
    }

    /// The address one knows the person by: mail, else what the principal name was made of, else a further address.
    pub fn address(&self) -> String {
        if !self.mail.is_empty() {
            return self.mail.to_string();
        }
        if !is_external(&self.upn) && !self.other_mail.is_empty() {
            return self.other_mail.to_string();
        }
        mail::of_principal(&self.upn)
    }

    /// The domain the guest comes from, in lower case.
    pub fn domain(&self) -> String {
        mail::domain(&self.address())
    }
}

/// What an account is a member of, each by its name, and each name as often as there is such a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memberships {
    /// Directory roles.
    pub roles: Vec<Text>,
    /// Groups.
    pub groups: Vec<Text>,
    /// Administrative units.
    pub units: Vec<Text>,
}

/// What is read of a guest only when somebody looks at them; nothing of what could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuestDetail {
    /// What they are a member of.
    pub memberships: Option<Memberships>,
    /// Names of the apps they are assigned to.
    pub apps: Option<Vec<Text>>,
    /// Names of their sponsors, at most five (b2b-sponsors).
    pub sponsors: Option<Vec<Text>>,
}

impl GuestDetail {
    /// Their directory roles, where those could be read.
    pub fn roles(&self) -> Option<&[Text]> {
        Some(&self.memberships.as_ref()?.roles)
    }
}

/// What to mind before anything is taken from an account with these directory roles; nothing where it has none. `None`
/// for roles that could not be read. Graph may refuse who has no higher role (user-update, user-delete).
pub fn role_warning(roles: Option<&[Text]>) -> Option<String> {
    let Some(roles) = roles else {
        return Some("whether they hold a directory role could not be read".into());
    };
    let names: Vec<&str> = roles.iter().map(Text::as_str).collect();
    match names.as_slice() {
        [] => None,
        [role] => Some(format!("holds the directory role {role}")),
        roles => Some(format!("holds the directory roles {}", roles.join(", "))),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::domain) fn guest() -> Guest {
        Guest {
            id: UserId::new("g1").unwrap(),
            name: "Ada".into(),
            mail: Text::default(),
            other_mail: Text::default(),
            upn: "ada_lovelace_fabrikam.com#EXT#@contoso.onmicrosoft.com".into(),
            class: AccountClass::Guest,
            company: Text::default(),
            enabled: true,
            created: Some(Timestamp::UNIX_EPOCH),
            creation: "Invitation".into(),
            redemption: Some(Redemption::Accepted),
            redemption_changed: None,
            last_sign_in: None,
        }
    }

    #[test]
    fn the_address_is_found_in_the_principal_name() {
        assert_eq!(guest().address(), "ada_lovelace@fabrikam.com");
        // An account of the tenant's own, made for a guest.
        let local = Guest {
            upn: "ada@contoso.com".into(),
            other_mail: "ada@fabrikam.com".into(),
            ..guest()
        };
        assert_eq!(local.address(), "ada@fabrikam.com");
        assert_eq!(guest().domain(), "fabrikam.com");
    }

    #[test]
    fn blocked_beats_pending_beats_stale() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(181 * 24);
        assert_eq!(guest().standing(now), GuestStanding::Unknown);
        let seen = Guest {
            last_sign_in: Some(Timestamp::UNIX_EPOCH),
            ..guest()
        };
        assert_eq!(seen.standing(now), GuestStanding::Stale);
        assert_eq!(
            guest().standing(Timestamp::UNIX_EPOCH),
            GuestStanding::Active
        );
        let pending = Guest {
            redemption: Some(Redemption::Pending),
            ..guest()
        };
        assert_eq!(pending.standing(now), GuestStanding::Pending);
        assert_eq!(
            Guest {
                enabled: false,
                ..pending
            }
            .standing(now),
            GuestStanding::Blocked
        );
    }
}
