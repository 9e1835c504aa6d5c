//! Assigning a package directly: a policy's access for a person who did not ask.

use jiff::Timestamp;

use super::id::{PackageId, PolicyId, UserId};

/// The word that has to be typed before a package is assigned.
pub const ASSIGN: &str = "assign";

/// The word for asking Graph to pass over the policy's approval besides.
pub const BYPASS: &str = "bypass";

/// What a direct assignment does. Who is asked after one depends on the role of whoever assigns, and has changed over
/// time (entitlement-management-access-package-assignments): nothing here promises it.
pub const ASSIGNS: &str = "If the policy wants approval, its approvers may still be asked: that depends on your role and on the \
     service. The request says what became of it.";

/// What asking for more does (accesspackageassignmentrequestparameters).
pub const BYPASSES: &str =
    "Graph can be asked to bypass the policy's approval. It may not know that yet, or refuse it.";

/// Who is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// Somebody who has an account here.
    Guest(UserId),
    /// Somebody who has none; Graph makes it.
    Address(String),
}

/// A package for a person, under one of its policies (entitlementmanagement-post-assignmentrequests, `adminAdd`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The package.
    pub package: PackageId,
    /// The policy: it says how long the access lasts.
    pub policy: PolicyId,
    /// Who gets it.
    pub who: Assignee,
    /// When it was asked for. A direct assignment of the same person to the same package that is younger counts
    /// as this one.
    pub asked: Timestamp,
    /// Whether Graph is asked to pass over the policy's approval, which nothing but its word does.
    pub bypass: bool,
}

impl Assignment {
    /// Names it in the journal: package, policy and person, from which [`Assignment::from_key`] makes it again.
    pub fn key(&self) -> String {
        let who = match &self.who {
            Assignee::Guest(id) => id.as_str(),
            Assignee::Address(mail) => mail,
        };
        format!("{}/{}/{}", self.package, self.policy, who.to_lowercase())
    }

    /// The assignment that was asked for at a time under a [`Assignment::key`]; `None` where it is none.
    pub fn from_key(key: &str, asked: Timestamp) -> Option<Self> {
        let mut parts = key.splitn(3, '/');
        let package = PackageId::new(parts.next()?).ok()?;
        let policy = PolicyId::new(parts.next()?).ok()?;
        let who = parts.next()?;
        let who = match UserId::new(who) {
            Ok(id) => Assignee::Guest(id),
            Err(_) if who.contains('@') => Assignee::Address(who.to_owned()),
            Err(_) => return None,
        };
        Some(Self {
            package,
            policy,
            who,
            asked,
            bypass: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_back() {
        let at = Timestamp::UNIX_EPOCH;
        for who in [
            Assignee::Guest(UserId::new("u-1").unwrap()),
            Assignee::Address("o'neill@fabrikam.com".into()),
        ] {
            let assignment = Assignment {
                package: PackageId::new("p.1").unwrap(),
                policy: PolicyId::new("q_2").unwrap(),
                who,
                asked: at,
                bypass: false,
            };
            let key = assignment.key();
            assert_eq!(Assignment::from_key(&key, at), Some(assignment), "{key}");
        }
        for wrong in ["", "p", "p/q", "p/q/", "p/q/no mail", "/q/u"] {
            assert_eq!(Assignment::from_key(wrong, at), None, "{wrong}");
        }
    }
}
