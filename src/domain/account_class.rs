//! Whose an account is: a guest's, somebody's from outside who was made a member, or the organization's own. Decided
//! here and nowhere else, from all that Graph says of it.

use super::word::words;

words! {
    /// What an account counts as in its directory (`userType`). The oldest accounts have none (user).
    UserType {
        /// One of the organization.
        Member = "Member",
        /// A guest.
        Guest = "Guest",
    }
}

/// Whose an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountClass {
    /// A guest's: the only one this program takes anything away from.
    Guest,
    /// Somebody's from outside who counts as a member (user-properties).
    ExternalMember,
    /// The organization's own.
    Member,
    /// Graph does not say enough, or what it says does not fit together.
    CannotBeTold,
}

/// What Graph says of an account that tells whose it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountMarks<'a> {
    /// `userType`; empty where it is null, or not to be seen.
    pub user_type: &'a str,
    /// `userPrincipalName`; that of somebody from outside has `#EXT#` in it.
    pub principal: &'a str,
    /// `externalUserState`; only somebody invited has one.
    pub external_state: &'a str,
    /// `creationType`: `Invitation` and `SelfServiceSignUp` are of somebody from outside.
    pub creation: &'a str,
}

impl AccountMarks<'_> {
    /// Whether who has it signs in elsewhere, by any of the marks.
    fn is_from_outside(&self) -> bool {
        let made = ["Invitation", "SelfServiceSignUp"];
        self.signs_in_elsewhere()
            || made
                .iter()
                .any(|made| made.eq_ignore_ascii_case(self.creation))
    }

    /// The same by what is so now. How an account was made stays, also where it was converted to one of the
    /// organization's own.
    fn signs_in_elsewhere(&self) -> bool {
        is_external(self.principal) || !self.external_state.is_empty()
    }
}

/// Whether a principal name is that of somebody from outside.
pub fn is_external(principal: &str) -> bool {
    principal.to_ascii_uppercase().contains("#EXT#")
}

impl AccountClass {
    /// Whose the account is that has these marks.
    pub fn of(marks: &AccountMarks<'_>) -> Self {
        match UserType::from(marks.user_type) {
            UserType::Guest => Self::Guest,
            UserType::Member if marks.signs_in_elsewhere() => Self::ExternalMember,
            UserType::Member => Self::Member,
            // An employee's from before there were types; without a principal name nothing says so.
            UserType::Other(none) if none.is_empty() => {
                if marks.principal.is_empty() || marks.is_from_outside() {
                    Self::CannotBeTold
                } else {
                    Self::Member
                }
            }
            UserType::Other(_) => Self::CannotBeTold,
        }
    }

    /// Whether it is a guest's, for certain.
    pub fn is_guest(self) -> bool {
        self == Self::Guest
    }

    /// What it is, as the end of a sentence: `This is …`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Guest => "a guest",
            Self::ExternalMember => "an external member (from outside, made a member)",
            Self::Member => "a member of the organization",
            Self::CannotBeTold => "an account of which Graph does not say whether it is a guest's",
        }
    }

    /// The word in lists and filters, where it is no guest's.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Guest => None,
            Self::ExternalMember => Some("external"),
            Self::Member => Some("member"),
            Self::CannotBeTold => Some("unclear"),
        }
    }

    /// Whether it belongs into a list of people from outside: all but the organization's own.
    pub fn may_be_outside(self) -> bool {
        match self {
            Self::Guest | Self::ExternalMember | Self::CannotBeTold => true,
            Self::Member => false,
        }
    }

    /// Why an act that takes something away is not done, as a clause: `is …`; nothing of a guest.
    pub fn spared(self) -> Option<String> {
        match self {
            Self::Guest => None,
            Self::ExternalMember | Self::Member => {
                Some(format!("is {}, not a guest", self.words()))
            }
            Self::CannotBeTold => Some(format!("is {}", self.words())),
        }
    }

    /// How Graph's `userType` reads for it; `None` where that is not known.
    pub fn user_type(self) -> Option<UserType> {
        match self {
            Self::Guest => Some(UserType::Guest),
            Self::ExternalMember | Self::Member => Some(UserType::Member),
            Self::CannotBeTold => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTSIDE: &str = "ada_fabrikam.com#EXT#@contoso.onmicrosoft.com";
    const OWN: &str = "ada@contoso.com";

    fn of(user_type: &str, principal: &str, external_state: &str, creation: &str) -> AccountClass {
        AccountClass::of(&AccountMarks {
            user_type,
            principal,
            external_state,
            creation,
        })
    }

    #[test]
    fn whose_an_account_is_follows_from_all_that_graph_says() {
        use AccountClass::{CannotBeTold, ExternalMember, Guest, Member};
        for (user_type, principal, state, creation, class) in [
            ("Guest", OUTSIDE, "Accepted", "Invitation", Guest),
            ("guest", OUTSIDE, "", "", Guest),
            // A guest with an account of the tenant's own.
            ("Guest", OWN, "", "", Guest),
            ("Member", OWN, "", "", Member),
            ("Member", OUTSIDE, "", "", ExternalMember),
            (
                "member",
                "ada_fabrikam.com#ext#@contoso.com",
                "",
                "",
                ExternalMember,
            ),
            (
                "Member",
                OWN,
                "PendingAcceptance",
                "Invitation",
                ExternalMember,
            ),
            // Converted to an account of the organization: how it was made stays.
            ("Member", OWN, "", "Invitation", Member),
            // The oldest accounts, employees', have no type.
            ("", OWN, "", "", Member),
            ("", OUTSIDE, "", "", CannotBeTold),
            ("", OWN, "Accepted", "", CannotBeTold),
            ("", OWN, "", "Invitation", CannotBeTold),
            ("", OWN, "", "SelfServiceSignUp", CannotBeTold),
            // Nothing of it may be seen.
            ("", "", "", "", CannotBeTold),
            (
                "unknownFutureValue",
                OUTSIDE,
                "Accepted",
                "Invitation",
                CannotBeTold,
            ),
        ] {
            let found = of(user_type, principal, state, creation);
            assert_eq!(found, class, "{user_type} {principal} {state} {creation}");
        }
    }
}
