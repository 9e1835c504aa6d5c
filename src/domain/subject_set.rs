//! Somebody a policy names without always saying who: as one who may ask, or as an approver.

use super::id::{OrganizationId, UserId};
use super::text::Text;

/// `subjectSet` and its kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectSet {
    /// One user, with the name the policy carries.
    User {
        /// The user object.
        id: Option<UserId>,
        /// The policy's `description` of them, usually the display name.
        name: Text,
    },
    /// The members of a group.
    Group {
        /// Its id.
        id: Text,
        /// The policy's `description` of it.
        name: Text,
    },
    /// The people of a connected organization.
    Organization {
        /// Its id.
        id: Option<OrganizationId>,
        /// The policy's `description` of it.
        name: Text,
    },
    /// The requestor's manager, so many levels up; 1 is their own (`managerLevel`, of which 1 is the default).
    Manager(u32),
    /// The manager of whom the access is for, so many levels up.
    TargetManager(u32),
    /// Our own people who look after the requestor's organization.
    InternalSponsors,
    /// Their people who look after it.
    ExternalSponsors,
    /// The sponsors of the account the access is for.
    TargetSponsors,
    /// Whoever a rule about attributes fits.
    Rule {
        /// The policy's `description` of it.
        name: Text,
        /// The rule.
        rule: Text,
    },
    /// An app.
    App {
        /// The service principal.
        id: Text,
        /// The policy's `description` of it.
        name: Text,
    },
    /// The owners of the app the access is for.
    TargetAppOwners,
    /// The sponsors or owners of the agent the access is for.
    TargetAgentKeepers,
    /// A kind this version does not know: its type's name.
    Other(Text),
}

impl SubjectSet {
    /// Who that is, in words.
    pub fn words(&self) -> String {
        match self {
            Self::User { id, name } => {
                let id = id.as_ref().map_or("", UserId::as_str);
                named(name, "", "a user", id)
            }
            Self::Group { id, name } => named(name, "the group ", "a group", id),
            Self::Organization { id, name } => {
                let id = id.as_ref().map_or("", OrganizationId::as_str);
                named(name, "", "a connected organization", id)
            }
            Self::Manager(level) => manager("the requestor", *level),
            Self::TargetManager(level) => manager("the recipient", *level),
            Self::InternalSponsors => "internal sponsors of the requestor's organization".into(),
            Self::ExternalSponsors => "external sponsors of the requestor's organization".into(),
            Self::TargetSponsors => "the sponsors of the recipient's account".into(),
            Self::Rule { name, rule } if name.is_empty() => {
                format!("whoever the rule {} fits", rule.or("(not said)"))
            }
            Self::Rule { name, .. } => format!("whoever the rule \"{name}\" fits"),
            Self::App { id, name } => named(name, "the app ", "an app", id),
            Self::TargetAppOwners => "the owners of the recipient app".into(),
            Self::TargetAgentKeepers => "the sponsors or owners of the recipient agent".into(),
            Self::Other(kind) => format!("others ({})", kind.or("of a kind that is not said")),
        }
    }

    /// All of these, in words.
    pub fn any_of(these: &[Self]) -> String {
        let words: Vec<String> = these.iter().map(Self::words).collect();
        words.join(" or ")
    }
}

/// Somebody by name; by id where Graph says none.
fn named(name: &Text, before: &str, what: &str, id: &str) -> String {
    match (name.as_str(), id) {
        ("", "") => format!("{what} whose name Graph does not say"),
        ("", id) => format!("{what} (id {id})"),
        (name, _) => format!("{before}{name}"),
    }
}

fn manager(of: &str, level: u32) -> String {
    match level {
        0 | 1 => format!("{of}'s manager"),
        2 => format!("the manager of {of}'s manager (level 2)"),
        more => format!("{of}'s manager {more} levels up"),
    }
}
