//! Somebody as entitlement management knows them: who asks, and who gets the access. Not all of them are people.

use super::id::{OrganizationId, UserId};
use super::mail;
use super::text::Text;
use super::word::words;

words! {
    /// What somebody is (`accessPackageSubjectType`).
    SubjectType {
        /// The service does not say.
        Unsaid = "notSpecified",
        /// A person.
        User = "user",
        /// An app, or an agent.
        ServicePrincipal = "servicePrincipal",
    }
}

words! {
    /// Whether entitlement management looks after somebody's account (`accessPackageSubjectLifecycle`).
    SubjectLifecycle {
        /// Not said: of those who have no account, and from before there was a choice.
        NotDefined = "notDefined",
        /// It does not: the account stays with the last access gone.
        NotGoverned = "notGoverned",
        /// It does: with the last access gone the account goes as the tenant's settings say.
        Governed = "governed",
    }
}

/// What somebody is, by all that Graph says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SubjectKind {
    /// A person, with an address or an account.
    Person,
    /// An app.
    App,
    /// An agent.
    Agent,
    /// A group.
    Group,
    /// Something else, by Graph's word for it.
    Odd(Text),
    /// Graph says nothing that tells.
    #[default]
    Unsaid,
}

impl SubjectKind {
    /// What somebody of this type is. `addressed` where a mail address or a principal name is known, `object` where
    /// the directory's object is: of a deleted account nothing else may be left.
    pub fn of(subject_type: &SubjectType, addressed: bool, object: bool) -> Self {
        match subject_type {
            SubjectType::User if addressed || object => Self::Person,
            SubjectType::User => Self::Unsaid,
            SubjectType::ServicePrincipal => Self::App,
            SubjectType::Unsaid if addressed => Self::Person,
            SubjectType::Other(none) if none.is_empty() && addressed => Self::Person,
            SubjectType::Unsaid => Self::Unsaid,
            SubjectType::Other(none) if none.is_empty() => Self::Unsaid,
            // Members that Graph has been given since: `unknownFutureValue` stands for those it does not name.
            SubjectType::Other(word) => {
                let lower = word.to_lowercase();
                if lower.contains("agent") {
                    Self::Agent
                } else if lower == "group" {
                    Self::Group
                } else {
                    Self::Odd(word.clone())
                }
            }
        }
    }

    /// What it is where it is no person, as a sentence without its end; nothing of a person.
    pub fn no_person(&self) -> Option<String> {
        Some(match self {
            Self::Person => return None,
            Self::App => "an app (service principal), not a person".into(),
            Self::Agent => "an agent, not a person".into(),
            Self::Group => "a group, not a person".into(),
            Self::Odd(word) => format!("neither person nor app: Graph calls it {word}"),
            Self::Unsaid => "Graph does not say who this is".into(),
        })
    }

    /// What stands where a person's address does; empty for a person.
    pub fn instead_of_mail(&self) -> &'static str {
        match self {
            Self::Person => "",
            Self::App => "(an app)",
            Self::Agent => "(an agent)",
            Self::Group => "(a group)",
            Self::Odd(_) => "(not a person)",
            Self::Unsaid => "(not known)",
        }
    }
}

/// Somebody as entitlement management knows them (`accessPackageSubject`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// What they are.
    pub kind: SubjectKind,
    /// The directory's object; a stranger has none until the request is delivered.
    pub object: Option<UserId>,
    /// Display name, chosen by the person.
    pub name: Text,
    /// Mail address.
    pub mail: Text,
    /// User principal name, once there is a user object.
    pub principal: Text,
    /// Whether entitlement management looks after their account.
    pub lifecycle: SubjectLifecycle,
    /// The connected organization the service sorted the person into.
    pub organization: Option<OrganizationId>,
}

impl Person {
    /// Whether this is a person.
    pub fn is_person(&self) -> bool {
        self.kind == SubjectKind::Person
    }

    /// Their user account, once there is one. What else asks has an object, and that is no account of a user.
    pub fn user(&self) -> Option<&UserId> {
        self.object.as_ref().filter(|_| self.is_person())
    }

    /// The part of a person's mail address after the `@`, in lower case; empty where there is none.
    pub fn domain(&self) -> String {
        if self.is_person() {
            mail::domain(&self.mail)
        } else {
            String::new()
        }
    }

    /// The mail address, or what stands instead of one.
    pub fn address(&self) -> &str {
        match self.kind.instead_of_mail() {
            "" => self.mail.or("(no mail)"),
            instead => self.mail.or(instead),
        }
    }

    /// What they are called, else their address; empty where neither is known.
    pub fn name_or_mail(&self) -> &str {
        self.name.or(&self.mail)
    }

    /// The same, else what they are.
    pub fn called(&self) -> &str {
        self.name.or(self.address())
    }

    /// What they are called, with their address.
    pub fn named(&self) -> String {
        match (self.name.as_str(), self.mail.as_str()) {
            ("", _) | (_, "") => self.called().to_owned(),
            (name, mail) => format!("{name}, {mail}"),
        }
    }

    /// Whether both are known to be the same.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.object, &other.object) {
            (Some(one), Some(two)) => one == two,
            _ => !self.mail.is_empty() && mail::same(&self.mail, &other.mail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_is_follows_from_all_that_graph_says() {
        use SubjectKind::{Agent, App, Group, Odd, Person, Unsaid};
        for (word, addressed, object, kind) in [
            ("user", true, false, Person),
            // Of a deleted account nothing but its id is left.
            ("User", false, true, Person),
            ("user", false, false, Unsaid),
            ("notSpecified", true, true, Person),
            ("", true, false, Person),
            ("", false, true, Unsaid),
            ("notSpecified", false, false, Unsaid),
            ("servicePrincipal", false, true, App),
            ("Serviceprincipal", true, true, App),
            ("agentIdentity", false, true, Agent),
            ("group", true, true, Group),
            (
                "unknownFutureValue",
                true,
                true,
                Odd("unknownFutureValue".into()),
            ),
        ] {
            let found = SubjectKind::of(&word.into(), addressed, object);
            assert_eq!(found, kind, "{word}");
        }
    }

    #[test]
    fn what_is_no_person_has_no_account_and_no_domain() {
        let mut one = super::Person {
            kind: SubjectKind::Person,
            object: UserId::new("o1").ok(),
            mail: "team@fabrikam.com".into(),
            ..super::Person::default()
        };
        assert_eq!(one.domain(), "fabrikam.com");
        assert!(one.user().is_some());
        for kind in [
            SubjectKind::App,
            SubjectKind::Agent,
            SubjectKind::Group,
            SubjectKind::Odd("x".into()),
            SubjectKind::Unsaid,
        ] {
            one.kind = kind;
            assert_eq!((one.domain().as_str(), one.user()), ("", None));
            assert!(one.kind.no_person().is_some());
        }
    }
}
