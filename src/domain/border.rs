//! Whom the tenant lets in at all, and what becomes of a guest whose access has ended: settings that stand above
//! every approval.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::id::TenantId;
use super::time;
use super::word::words;

/// The tenant's list of domains for invitations (b2bManagementPolicies): one kind or the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainList {
    /// These, and no others.
    Allowed(BTreeSet<String>),
    /// All but these.
    Blocked(BTreeSet<String>),
}

/// What the cross-tenant access settings say of people from other tenants who come in (b2bCollaborationInbound).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrossTenant {
    /// All people of a tenant that has no settings of its own are kept out.
    pub others_blocked: bool,
    /// Tenants with settings of their own: whether all of their people are kept out.
    pub partners: BTreeMap<TenantId, bool>,
}

words! {
    /// What happens to a guest who has lost the last package (`accessPackageExternalUserLifecycleAction`).
    Lifecycle {
        /// Nothing.
        Nothing = "none",
        /// They cannot sign in any more.
        Block = "blockSignIn",
        /// The same, and later the account is deleted.
        BlockAndDelete = "blockSignInAndDelete",
    }
}

/// What becomes of a guest whose last access has ended (entitlementmanagementsettings).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// What happens.
    pub action: Lifecycle,
    /// How long after the block the account is deleted.
    pub delete_after: Option<SignedDuration>,
}

impl Leaving {
    /// In a sentence's end: `the account is blocked, and deleted 30 days later`; `None` for what is not known.
    pub fn words(&self) -> Option<String> {
        match (&self.action, self.delete_after) {
            (Lifecycle::Nothing, _) => Some("the account stays".into()),
            (Lifecycle::Block, _) | (Lifecycle::BlockAndDelete, None) => {
                Some("the account is blocked".into())
            }
            (Lifecycle::BlockAndDelete, Some(after)) => Some(format!(
                "the account is blocked, and deleted {} later",
                time::words(after)
            )),
            (Lifecycle::Other(_), _) => None,
        }
    }
}

/// What stands between somebody and an account here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Barrier {
    /// The domain is on the block list.
    Listed,
    /// There is an allow list, and the domain is not on it.
    NotAllowed,
    /// The cross-tenant settings for that organization keep its people out.
    Partner,
    /// The cross-tenant settings keep out everybody they do not name.
    Everybody,
}

impl Barrier {
    /// In a sentence, after the domain: `is on the tenant's block list`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Listed => "is on the tenant's block list",
            Self::NotAllowed => "is not on the tenant's allow list",
            Self::Partner => {
                "belongs to an organization whose people the cross-tenant access settings block"
            }
            Self::Everybody => {
                "belongs to a tenant that the cross-tenant access settings block by default"
            }
        }
    }
}

/// The borders, as far as they can be read. What cannot be read is `None` and stops nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Borders {
    /// The list of domains.
    pub domains: Option<DomainList>,
    /// The cross-tenant access settings.
    pub tenants: Option<CrossTenant>,
    /// What becomes of who has lost the last package.
    pub leaving: Option<Leaving>,
}

impl Borders {
    /// What stops people of `domain` (in lower case) whose organization is the tenant `tenant`, where that is
    /// known. The list knows no domains below the ones it names (allow-deny-list).
    pub fn barrier(&self, domain: &str, tenant: Option<&TenantId>) -> Option<Barrier> {
        let listed = match &self.domains {
            Some(DomainList::Blocked(domains)) => {
                domains.contains(domain).then_some(Barrier::Listed)
            }
            Some(DomainList::Allowed(domains)) => {
                (!domain.is_empty() && !domains.contains(domain)).then_some(Barrier::NotAllowed)
            }
            None => None,
        };
        listed.or_else(|| {
            let cross = self.tenants.as_ref()?;
            // Without a tenant nobody knows whether these settings apply: who has none signs in with a code.
            match cross.partners.get(tenant?) {
                Some(blocked) => blocked.then_some(Barrier::Partner),
                None => cross.others_blocked.then_some(Barrier::Everybody),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_before_tenants_and_what_is_unread_stops_nobody() {
        let set = |domains: &[&str]| domains.iter().map(|&domain| domain.to_owned()).collect();
        let tenant = |id: &str| TenantId::new(id).unwrap();
        let cross = CrossTenant {
            others_blocked: true,
            partners: [(tenant("kept-out"), true), (tenant("let-in"), false)].into(),
        };
        let borders = |domains, tenants| Borders {
            domains,
            tenants,
            leaving: None,
        };
        let blocked = borders(Some(DomainList::Blocked(set(&["evil.example"]))), None);
        let allowed = borders(Some(DomainList::Allowed(set(&["good.example"]))), None);
        let crossed = borders(None, Some(cross));
        for (borders, domain, from, barrier) in [
            (&blocked, "evil.example", None, Some(Barrier::Listed)),
            (&blocked, "mail.evil.example", None, None),
            (&blocked, "good.example", None, None),
            (&allowed, "good.example", None, None),
            (&allowed, "evil.example", None, Some(Barrier::NotAllowed)),
            (
                &crossed,
                "x.example",
                Some("kept-out"),
                Some(Barrier::Partner),
            ),
            (&crossed, "x.example", Some("let-in"), None),
            (
                &crossed,
                "x.example",
                Some("other"),
                Some(Barrier::Everybody),
            ),
            (&crossed, "x.example", None, None),
            (&Borders::default(), "evil.example", Some("other"), None),
        ] {
            let from = from.map(tenant);
            assert_eq!(borders.barrier(domain, from.as_ref()), barrier, "{domain}");
        }
    }

    #[test]
    fn what_becomes_of_a_guest_is_a_clause() {
        let leaving = |action: &str, days: Option<i64>| Leaving {
            action: action.into(),
            delete_after: days.map(|days| SignedDuration::from_hours(24 * days)),
        };
        let words = leaving("BlockSignInAndDelete", Some(30)).words();
        assert_eq!(
            words.as_deref(),
            Some("the account is blocked, and deleted 30 days later")
        );
        assert_eq!(
            leaving("none", None).words().as_deref(),
            Some("the account stays")
        );
        assert_eq!(leaving("somethingNew", None).words(), None);
    }
}
