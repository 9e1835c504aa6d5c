//! Microsoft Graph's permissions, as far as guestlist asks for them or knows them to hold what it asks for, and what
//! each command needs of them.
//!
//! Sign-in, `doctor`, the console and the README all read the same rows ([`Need`]): what only reads is in [`reads`],
//! what writes with its act. Least permissions are those of `microsoft-graph-devx-content` (permissions.json); where
//! a row asks for a broader one, it says why. A test compares.

use std::fmt;

use super::capability::Area;

pub mod reads;

/// Declares the permissions, each with the name Graph gives it.
macro_rules! permissions {
    ($($variant:ident = $name:literal,)*) => {
        /// A permission of Microsoft Graph, by the name it has there (permissions-reference). In the order of the
        /// names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $(#[doc = $name] $variant,)*
        }

        impl Permission {
            /// All that are known here.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name Graph gives it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

permissions! {
    AuditLogReadAll = "AuditLog.Read.All",
    DirectoryReadAll = "Directory.Read.All",
    DirectoryReadWriteAll = "Directory.ReadWrite.All",
    DomainReadAll = "Domain.Read.All",
    EntitlementManagementReadAll = "EntitlementManagement.Read.All",
    EntitlementManagementReadWriteAll = "EntitlementManagement.ReadWrite.All",
    LicenseAssignmentReadAll = "LicenseAssignment.Read.All",
    OrganizationReadAll = "Organization.Read.All",
    PolicyReadAll = "Policy.Read.All",
    UserDeleteRestoreAll = "User.DeleteRestore.All",
    UserEnableDisableAccountAll = "User.EnableDisableAccount.All",
    UserInviteAll = "User.Invite.All",
    UserRead = "User.Read",
    UserReadAll = "User.Read.All",
    UserReadWriteAll = "User.ReadWrite.All",
    UserRevokeSessionsAll = "User.RevokeSessions.All",
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Permission {
    /// The permission of a name, in whatever case a token writes it; `None` for one that guestlist neither asks for
    /// nor knows to hold anything.
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|one| one.as_str().eq_ignore_ascii_case(name))
    }

    /// What whoever carries it can do without carrying the others.
    pub fn holds(self) -> &'static [Self] {
        match self {
            Self::EntitlementManagementReadWriteAll => &[Self::EntitlementManagementReadAll],
            Self::DirectoryReadAll => &[
                Self::DomainReadAll,
                Self::LicenseAssignmentReadAll,
                Self::UserReadAll,
            ],
            Self::DirectoryReadWriteAll => &[
                Self::DirectoryReadAll,
                Self::DomainReadAll,
                Self::LicenseAssignmentReadAll,
                Self::UserReadAll,
                Self::UserEnableDisableAccountAll,
                Self::UserRevokeSessionsAll,
                Self::UserInviteAll,
            ],
            Self::UserReadWriteAll => &[
                Self::UserReadAll,
                Self::UserEnableDisableAccountAll,
                Self::UserRevokeSessionsAll,
                Self::UserDeleteRestoreAll,
                Self::UserInviteAll,
            ],
            Self::AuditLogReadAll
            | Self::DomainReadAll
            | Self::EntitlementManagementReadAll
            | Self::LicenseAssignmentReadAll
            | Self::OrganizationReadAll
            | Self::PolicyReadAll
            | Self::UserDeleteRestoreAll
            | Self::UserEnableDisableAccountAll
            | Self::UserInviteAll
            | Self::UserRead
            | Self::UserReadAll
            | Self::UserRevokeSessionsAll => &[],
        }
    }

    /// Whether asking for it spares asking for another one besides.
    fn spares(self, other: Self) -> bool {
        // Guests stay readable where consent to reading all of the directory is refused.
        let apart = self == Self::DirectoryReadAll && other == Self::UserReadAll;
        self.holds().contains(&other) && !apart
    }
}

/// What one command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The plain command, without `guestlist`.
    pub command: &'static str,
    /// What it does, in words.
    pub does: &'static str,
    /// Whether it changes anything: such permissions are not asked for when read-only, and that its area can be read
    /// does not prove that it is permitted.
    pub writes: bool,
    /// The area it works in; none where no probe says anything about it.
    pub area: Option<Area>,
    /// A person needs all of these.
    pub delegated: &'static [Permission],
    /// An app needs all of these; none where an app cannot do it at all.
    pub application: Option<&'static [Permission]>,
    /// The calls behind it, as permissions.tsv writes them.
    pub calls: &'static [(&'static str, &'static str)],
}

/// The delegated permissions to ask for, fewest that serve every command that is enabled.
pub fn asked_for<'a>(
    needs: impl IntoIterator<Item = &'a Need>,
    read_only: bool,
) -> Vec<Permission> {
    serving(needs.into_iter().filter(|need| !(read_only && need.writes)))
}

/// The fewest delegated permissions that serve all of these commands, in the order of their names.
pub fn serving<'a>(needs: impl IntoIterator<Item = &'a Need>) -> Vec<Permission> {
    let wanted = needs.into_iter().flat_map(|need| need.delegated);
    let mut all: Vec<Permission> = wanted.copied().collect();
    all.sort_unstable();
    all.dedup();
    let spared = |one: &Permission| all.iter().any(|other| other.spares(*one));
    all.iter().copied().filter(|one| !spared(one)).collect()
}

/// Which permissions of a command a token lacks; `carried` are the token's scopes, or its roles. `None` where an app
/// cannot do it at all.
pub fn missing(need: &Need, carried: &[String], app_only: bool) -> Option<Vec<Permission>> {
    let wanted = if app_only {
        need.application?
    } else {
        need.delegated
    };
    // A name that is not known here holds nothing.
    let carried: Vec<Permission> = carried
        .iter()
        .filter_map(|name| Permission::parse(name))
        .collect();
    let has = |one: &Permission| carried.iter().any(|c| c == one || c.holds().contains(one));
    Some(wanted.iter().copied().filter(|one| !has(one)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::ActKind;

    const GOVERNANCE_READ: Permission = Permission::EntitlementManagementReadAll;
    const GOVERNANCE_WRITE: Permission = Permission::EntitlementManagementReadWriteAll;

    fn all() -> impl Iterator<Item = &'static Need> {
        crate::acts::needs().iter().copied()
    }

    fn names(permissions: &[Permission]) -> Vec<String> {
        permissions.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn read_only_asks_for_nothing_that_writes() {
        let reading = asked_for(all(), true);
        assert!(reading.contains(&GOVERNANCE_READ));
        for scope in &reading {
            let scope = scope.as_str();
            assert!(
                !scope.contains("Write") && !scope.contains("Invite"),
                "{scope}"
            );
        }
        // Who is refused the whole directory can still be let see guests.
        assert!(reading.contains(&Permission::DirectoryReadAll));
        assert!(reading.contains(&Permission::UserReadAll));
        assert!(!reading.contains(&Permission::DomainReadAll));
        let both = asked_for(all(), false);
        assert!(both.contains(&GOVERNANCE_WRITE) && !both.contains(&GOVERNANCE_READ));
        assert!(
            both.contains(&Permission::UserInviteAll)
                && !both.contains(&Permission::UserReadWriteAll)
        );
        assert_eq!(
            serving([ActKind::Invite.about().need]),
            [Permission::UserInviteAll, Permission::UserReadAll]
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let carried = names(&[GOVERNANCE_READ]);
        assert_eq!(
            missing(ActKind::Approve.about().need, &carried, false),
            Some(vec![GOVERNANCE_WRITE])
        );
        assert_eq!(
            missing(ActKind::Approve.about().need, &carried, true),
            None,
            "no app can"
        );
        let broader = names(&[GOVERNANCE_WRITE]);
        assert_eq!(missing(&reads::REQUESTS, &broader, false), Some(vec![]));
        let broad = names(&[Permission::UserReadWriteAll]);
        assert_eq!(
            missing(ActKind::Block.about().need, &broad, false),
            Some(vec![])
        );
    }

    #[test]
    fn a_name_that_is_not_known_holds_nothing() {
        let carried = ["EntitlementManagement.Everything".to_owned(), String::new()];
        for need in all() {
            assert_eq!(
                missing(need, &carried, false),
                Some(need.delegated.to_vec()),
                "{}",
                need.command
            );
        }
    }

    #[test]
    fn permissions_are_known_by_name_in_any_case_and_listed_in_its_order() {
        for one in Permission::ALL {
            assert_eq!(Permission::parse(&one.as_str().to_lowercase()), Some(*one));
            assert!(!one.holds().contains(one));
        }
        assert_eq!(Permission::parse("User.Read.Al"), None);
        assert!(Permission::ALL.is_sorted_by_key(|one| one.as_str()));
    }

    #[test]
    fn every_command_is_named_once() {
        let needs = crate::acts::needs();
        for (at, need) in needs.iter().enumerate() {
            let mut before = needs[..at].iter();
            assert!(before.all(|other| other.command != need.command));
            assert!(!need.delegated.is_empty(), "{}", need.command);
        }
    }

    #[test]
    fn a_row_without_an_area_is_one_that_no_probe_speaks_for() {
        let without = all().filter(|need| need.area.is_none());
        let without: Vec<&str> = without.map(|need| need.command).collect();
        assert_eq!(without, ["status", "guests restore", "invite"]);
        let governed = |need: &&Need| {
            need.calls
                .iter()
                .all(|(_, path)| path.contains("Governance"))
        };
        for need in all().filter(governed) {
            let area = need.area.unwrap();
            assert!(
                matches!(area, Area::Requests | Area::Inbox | Area::Policies),
                "{}: {area:?}",
                need.command
            );
        }
        // Deciding stands or falls with what one may decide, not with seeing all requests.
        for kind in [ActKind::Approve, ActKind::Deny] {
            assert_eq!(kind.about().need.area, Some(Area::Inbox));
        }
    }

    #[test]
    fn what_is_asked_for_serves_everything() {
        for read_only in [false, true] {
            let carried = names(&asked_for(all(), read_only));
            for need in all().filter(|need| !(read_only && need.writes)) {
                assert_eq!(missing(need, &carried, false), Some(vec![]), "{need:?}");
            }
        }
    }
}
