//! What the one who is signed in may do here: what was found out about the tenant and the token, and what follows
//! from it for each command. Rules only; who asks is `graph::probe`.

use std::fmt;

use super::permission::{self, Need, Permission, reads};
use super::problem::{Problem, ProblemKind};
use super::tenant::Session;
use super::text::Text;

/// A part of the tenant that can be closed to somebody while the others are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// All requests.
    Requests,
    /// The requests one may decide.
    Inbox,
    /// Policies, packages, connected organizations.
    Policies,
    /// Guests.
    Guests,
    /// When guests last signed in.
    SignIns,
    /// Guests that were deleted.
    Deleted,
    /// The tenant's licences.
    Licences,
}

impl Area {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "all requests",
            Self::Inbox => "requests to decide",
            Self::Policies => "policies",
            Self::Guests => "guests",
            Self::SignIns => "guests' sign-ins",
            Self::Deleted => "deleted guests",
            Self::Licences => "licences",
        }
    }

    /// The licence it needs.
    fn licence(self) -> Option<Licence> {
        match self {
            Self::Requests | Self::Inbox | Self::Policies => Some(Licence::Governance),
            Self::SignIns => Some(Licence::Premium),
            Self::Guests | Self::Deleted | Self::Licences => None,
        }
    }

    /// A directory role that opens it to a person whose token would.
    fn role(self) -> &'static str {
        match self {
            Self::Requests | Self::Inbox | Self::Policies => {
                "Identity Governance Administrator, or an owner's of the catalog"
            }
            Self::Guests | Self::Deleted => "User Administrator",
            Self::SignIns => "Reports Reader",
            Self::Licences => "Global Reader",
        }
    }
}

/// What a probe of an area found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It can be read.
    Open {
        /// Whether there was anything in it.
        any: bool,
    },
    /// Graph refused.
    Closed(Problem),
    /// Nobody knows: it could not be asked, or it is not there.
    Unknown(Problem),
}

impl Finding {
    /// What a probe that failed says.
    pub fn of(problem: Problem) -> Self {
        if problem.kind == ProblemKind::NotPermitted {
            Self::Closed(problem)
        } else {
            Self::Unknown(problem)
        }
    }
}

/// A licence that some of this needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Entitlement management: Entra ID P2 or ID Governance.
    Governance,
    /// Sign-in activity: Entra ID P1 or more.
    Premium,
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Governance => "Entra ID P2 or Entra ID Governance",
            Self::Premium => "Entra ID P1 or P2",
        })
    }
}

/// The tenant's licences, as far as they could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Licences {
    /// The products bought, by Microsoft's part numbers; `None` where they cannot be read.
    pub products: Option<Vec<Text>>,
    /// Whether entitlement management is among them.
    pub governance: bool,
    /// Whether sign-in activity is.
    pub premium: bool,
}

impl Licences {
    /// Whether a licence is known to be missing.
    fn lacks(&self, licence: Licence) -> bool {
        let has = match licence {
            Licence::Governance => self.governance,
            Licence::Premium => self.premium,
        };
        self.products.is_some() && !has
    }
}

/// Why a command is off. Displays as a clause: "… is missing: …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Permissions of the app that is signed in to, which can be consented to.
    Permissions(Vec<Permission>),
    /// Permissions that the app that is signed in to never gets, whoever consents.
    BeyondApp(Vec<Permission>),
    /// A licence of the tenant.
    Licence(Licence),
    /// A role of the person: permission and licence are there, and Graph refuses.
    Role(&'static str),
    /// No app may do it.
    Person,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permissions(names) => {
                write!(f, "{}; an administrator can consent to it", lacked(names))
            }
            Self::BeyondApp(names) => write!(
                f,
                "{}, and nobody can consent to it for this app, which is Microsoft's own; sign in with guestlist login, or with an app of your own",
                lacked(names)
            ),
            Self::Licence(licence) => write!(f, "the tenant lacks the licence: {licence}"),
            Self::Role(role) => write!(
                f,
                "Graph refuses it to this account; it needs a role, such as {role}"
            ),
            Self::Person => f.write_str("Graph allows it to people only, and an app is signed in"),
        }
    }
}

/// The clause without its remedy.
fn lacked(names: &[Permission]) -> String {
    let (s, are) = if names.len() == 1 {
        ("", "is")
    } else {
        ("s", "are")
    };
    let names: Vec<&str> = names.iter().map(|one| one.as_str()).collect();
    format!("the permission{s} {} {are} missing", names.join(" and "))
}

/// Whether a command can be used. What the token says is a hint: Graph has the last word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It can be used.
    On,
    /// Nothing speaks against it, and nothing is known for it.
    Unsure,
    /// It cannot.
    Off(Missing),
}

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantFacts {
    /// Who is signed in, or why that is not known: for an app, nobody is.
    pub session: Result<Box<Session>, Problem>,
    /// Whether an app is signed in rather than a person.
    pub app_only: bool,
    /// Whether the app that is signed in to never gets more permissions than it has.
    pub fixed_app: bool,
    /// What the token carries; `None` for one that cannot be read.
    pub carried: Option<Vec<String>>,
    /// The licences.
    pub licences: Licences,
    /// What the probes found.
    pub areas: Vec<(Area, Finding)>,
}

impl TenantFacts {
    fn without(&self, names: &[Permission]) -> Missing {
        if self.fixed_app {
            Missing::BeyondApp(names.to_vec())
        } else {
            Missing::Permissions(names.to_vec())
        }
    }
}

/// What the one who is signed in may do here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// What was found out.
    pub facts: TenantFacts,
    /// What there is to do at all, in the order of the table.
    pub needs: Vec<&'static Need>,
}

impl Capabilities {
    /// What a probe found.
    pub fn finding(&self, area: Area) -> Option<&Finding> {
        let found = self.facts.areas.iter().find(|(known, _)| *known == area);
        found.map(|(_, finding)| finding)
    }

    /// Whether what needs this can be used here.
    pub fn availability(&self, need: &Need) -> Availability {
        let facts = &self.facts;
        let lacking = match &facts.carried {
            None => None,
            Some(carried) => match permission::missing(need, carried, facts.app_only) {
                None => return Availability::Off(Missing::Person),
                found => found,
            },
        };
        let permissions = lacking.as_ref().filter(|names| !names.is_empty());
        let found = need.area.and_then(|area| Some((area, self.finding(area)?)));
        match found {
            // What was read can be read, whatever the token says of itself.
            Some((_, Finding::Open { .. })) if !need.writes => return Availability::On,
            Some((area, Finding::Closed(_))) => {
                let licence = area
                    .licence()
                    .filter(|licence| facts.licences.lacks(*licence));
                return Availability::Off(match (licence, permissions) {
                    (Some(licence), _) => Missing::Licence(licence),
                    (None, Some(names)) => facts.without(names),
                    (None, None) => Missing::Role(area.role()),
                });
            }
            Some((_, Finding::Open { .. } | Finding::Unknown(_))) | None => {}
        }
        match (permissions, lacking.is_some(), found) {
            (Some(names), _, _) => Availability::Off(facts.without(names)),
            (None, true, Some((_, Finding::Open { .. })) | None) => Availability::On,
            (None, false, _)
            | (None, true, Some((_, Finding::Closed(_) | Finding::Unknown(_)))) => {
                Availability::Unsure
            }
        }
    }

    /// Why what needs this is off, as a clause; `None` where it is not.
    pub fn why_not(&self, need: &Need) -> Option<String> {
        match self.availability(need) {
            Availability::Off(missing) => Some(missing.to_string()),
            Availability::On | Availability::Unsure => None,
        }
    }

    /// Whether a stage may be decided where it waits for this person, as far as is known.
    pub fn decides(&self) -> bool {
        self.writes(|need| need.area == Some(Area::Inbox))
    }

    /// Whether something that writes, and is of this kind, is not known to be off.
    fn writes(&self, kind: impl Fn(&Need) -> bool) -> bool {
        let mut needs = self.needs.iter().filter(|need| need.writes && kind(need));
        needs.any(|need| self.why_not(need).is_none())
    }

    fn open(&self, area: Area) -> bool {
        matches!(self.finding(area), Some(Finding::Open { .. }))
    }

    fn closed(&self, area: Area) -> bool {
        matches!(self.finding(area), Some(Finding::Closed(_)))
    }

    /// The mode, in which the console opens.
    pub fn mode(&self, read_only: bool) -> Mode {
        let mine = matches!(self.finding(Area::Inbox), Some(Finding::Open { any: true }));
        Mode {
            read_only: read_only || !self.writes(|_| true),
            app_only: self.facts.app_only,
            approver: mine && self.decides(),
            governs: self.open(Area::Requests),
            invite_only: self.closed(Area::Requests)
                && !self.open(Area::Inbox)
                && self.writes(|need| need.delegated.contains(&Permission::UserInviteAll)),
        }
    }

    /// Why there is no governance here, in one clause; `None` where there is some.
    pub fn why_invite_only(&self) -> Option<String> {
        let mode = self.mode(false);
        mode.invite_only
            .then(|| self.why_not(&reads::REQUESTS))
            .flatten()
    }
}

/// What one can do here at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word of the banner, and most go together"
)]
pub struct Mode {
    /// Nothing can be changed, by flag or for want of permission.
    pub read_only: bool,
    /// An app is signed in: it cannot decide.
    pub app_only: bool,
    /// Requests wait, or waited, for this person's decision.
    pub approver: bool,
    /// All requests can be seen.
    pub governs: bool,
    /// There is no governance: guests and invitations only.
    pub invite_only: bool,
}

impl fmt::Display for Mode {
    /// For the banner: `approver + governance admin`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = match (self.approver, self.governs, self.invite_only) {
            (true, true, _) => Some("approver + governance admin"),
            (true, false, _) => Some("approver"),
            (false, true, _) => Some("governance admin"),
            (false, false, true) => Some("invite-only"),
            (false, false, false) => None,
        };
        let words = [
            self.read_only.then_some("read-only"),
            self.app_only.then_some("app-only, cannot approve"),
            who,
        ];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        f.write_str(&words.join(" · "))
    }
}

#[cfg(test)]
#[path = "capability_tests.rs"]
mod tests;
