//! Assign: a package for a person who did not ask (entitlementmanagement-post-assignmentrequests, `adminAdd`).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::about::{About, Asks, Named, On, Tone, Wants, Weight};
use super::account::no_guest;
use super::arrival::DeliveryWay;
use super::followed;
use super::look::{Look, Reads};
use super::rules::{
    After, Again, Before, Inverse, Rows, ActRules, SKEW, Said, Sent, go, happened, refuse,
    so_already, unfit,
};
use super::{Act, Outcome, Target};
use crate::domain::account_class::AccountClass;
use crate::domain::assignment::{ASSIGN, ASSIGNS, Assignee, Assignment};
use crate::domain::capability::Area;
use crate::domain::id::{PackageId, PolicyId, UserId};
use crate::domain::mail;
use crate::domain::permission::reads::ENTITLEMENT_REQUESTS;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::graph::users::{self, Account};
use crate::graph::{Call, Response, request_acts};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "assign",
    verb: "assign",
    participle: "assigned",
    glyph: '+',
    tone: Tone::Give,
    on: On::Assignment,
    staged: false,
    weight: Weight::Word(ASSIGN),
    reason: Wants::Maybe,
    command: Some(Named {
        name: "assign",
        keys: &[],
        title: "give somebody a package directly; wants the word typed",
        footer: None,
    }),
    offered: None,
    asks: Asks {
        before: "Assign directly:",
        after: "",
        meaning: ASSIGNS,
        goes: "assigns",
    },
    need: &NEED,
    by_ids: None,
    may: |_, _| Err("it is done under a policy".into()),
    until: |_, _| None,
    make: |_, _| None,
    read,
};

/// What it needs.
const NEED: Need = Need {
    command: "requests assign",
    does: "assign a package directly",
    writes: true,
    area: Some(Area::Requests),
    // Whether they have an account, and the package, is looked up first. The least of the POST is for one's own
    // requests.
    delegated: &[
        Permission::EntitlementManagementReadWriteAll,
        Permission::UserReadAll,
    ],
    application: Some(&[
        Permission::EntitlementManagementReadWriteAll,
        Permission::UserReadAll,
    ]),
    calls: &[
        ("POST", ENTITLEMENT_REQUESTS),
        ("GET", ENTITLEMENT_REQUESTS),
        (
            "GET",
            "/identityGovernance/entitlementManagement/assignments",
        ),
        ("GET", "/users"),
    ],
};

/// Graph answers 201 with a request that is submitted, and nothing more (entitlementmanagement-post-assignmentrequests).
const WAY: DeliveryWay = DeliveryWay {
    taken: "submitted",
    passes: false,
};

/// Assign: a package for a person who did not ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assign(pub Box<Assignment>);

/// How it stands in the journal that Graph was asked to pass over approval.
const BYPASSED: &str = "to be bypassed";

fn read(stored: &super::Stored<'_>) -> Option<Act> {
    let text = |name| stored.text(name);
    let assignment = match (text("package"), text("policy"), text("guest"), text("mail")) {
        (Some(package), Some(policy), guest, mail) => Assignment {
            package: PackageId::new(package).ok()?,
            policy: PolicyId::new(policy).ok()?,
            who: match (guest, mail) {
                (Some(guest), _) => Assignee::Guest(UserId::new(guest).ok()?),
                (None, Some(mail)) => Assignee::Address(mail.to_owned()),
                (None, None) => return None,
            },
            asked: text("asked")
                .and_then(|at| at.parse().ok())
                .unwrap_or(stored.at),
            bypass: text("approval") == Some(BYPASSED),
        },
        // The first version of the journal held all of it in the target.
        (_, _, None, None) => Assignment::from_key(stored.target, stored.at)?,
        (None, _, _, _) | (_, None, _, _) => return None,
    };
    Some(Act::Assign(Assign(Box::new(assignment))))
}

impl ActRules for Assign {
    fn target(&self) -> Target {
        Target::Assignment(self.0.key())
    }

    fn form(&self) -> Map<String, Value> {
        let mut form = json!({
            "package": self.0.package,
            "policy": self.0.policy,
            "asked": self.0.asked,
        });
        match &self.0.who {
            Assignee::Guest(id) => form["guest"] = json!(id),
            Assignee::Address(mail) => form["mail"] = json!(mail),
        }
        if self.0.bypass {
            form["approval"] = json!(BYPASSED);
        }
        form.as_object().cloned().unwrap_or_default()
    }

    fn looks(&self) -> Vec<Call> {
        let made = request_acts::made_since(&self.0.package, self.0.asked - SKEW);
        match &self.0.who {
            Assignee::Guest(id) => {
                let held = request_acts::held(&self.0.package, id);
                vec![users::account(id), made, held]
            }
            Assignee::Address(mail) => vec![users::by_address(mail), made],
        }
    }

    fn see(&self, reads: &mut Reads<'_>) -> Result<Look, Problem> {
        // Each is taken, also where one before it went wrong: what follows is another act's.
        let (account, made, held) = match &self.0.who {
            Assignee::Guest(_) => {
                let account = reads.account();
                let made = reads.answer();
                let held = reads.answer();
                (account, made, request_acts::read_held(&held?)?)
            }
            Assignee::Address(mail) => {
                let account = reads.account_by(mail);
                (account, reads.answer(), false)
            }
        };
        Ok(Look::Assigning {
            account: account?,
            made: request_acts::read_made(&made?)?,
            held,
        })
    }

    fn judge(&self, reason: &str, look: &Look, _now: Timestamp) -> Before {
        let Look::Assigning {
            account,
            made,
            held,
        } = look
        else {
            return unfit();
        };
        let account = account.as_deref();
        if let Some(class) = account.map(|account| account.guest.class) {
            match class {
                // Both came from outside, and packages are what they come for.
                AccountClass::Guest | AccountClass::ExternalMember => {}
                AccountClass::Member | AccountClass::CannotBeTold => {
                    return Before::Not(no_guest(class));
                }
            }
        }
        if account.is_none() && matches!(self.0.who, Assignee::Guest(_)) {
            return refuse(
                "There is no such account any more",
                "Refresh and look again",
            );
        }
        if *held {
            return so_already("has this package already");
        }
        let stands = |made: &&Request| {
            !matches!(
                made.state,
                RequestState::Denied | RequestState::Canceled | RequestState::DeliveryFailed
            )
        };
        if made
            .iter()
            .filter(stands)
            .any(|made| self.is(account, made))
        {
            return so_already("was assigned this package a moment ago");
        }
        go(request_acts::assign(&self.0, reason))
    }

    fn accepted(&self, answer: &Response) -> Said {
        followed::made(answer, WAY)
    }

    fn refused_by_standing(&self) -> bool {
        true
    }

    fn after(&self, _sent: &Sent<'_>, _me: &UserId, look: &Look, _now: Timestamp) -> After {
        match look {
            Look::Assigning {
                account,
                made,
                held,
            } => {
                let made = made.iter().find(|made| self.is(account.as_deref(), made));
                let after = if *held || made.is_some() {
                    happened()
                } else {
                    After::Absent
                };
                followed::found(after, made.map(|made| &made.id), WAY)
            }
            Look::Approval(..) | Look::Account(_) | Look::Record(_) => After::Absent,
        }
    }

    fn again(&self) -> Again {
        // Until the first is delivered nothing keeps a second from being made.
        Again::Never {
            found: "no such request",
            remedy: "Look at the requests again in a few minutes; if there is none, assign again",
        }
    }

    fn account(&self) -> Option<&UserId> {
        match &self.0.who {
            Assignee::Guest(id) => Some(id),
            Assignee::Address(_) => None,
        }
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Stay
    }

    fn lost_with_answer(&self) -> Option<&'static str> {
        None
    }

    fn follows(&self) -> Option<DeliveryWay> {
        Some(WAY)
    }

    fn followed_by(&self) -> Vec<Act> {
        Vec::new()
    }

    fn inverse(&self) -> Inverse {
        Inverse::None
    }
}

impl Assign {
    /// Whether a request is a direct assignment of this package to this person.
    fn is(&self, account: Option<&Account>, made: &Request) -> bool {
        let person = made.subject();
        let by_mail = |mail: &str| !mail.is_empty() && mail::same(&person.mail, mail);
        let same = match &self.0.who {
            Assignee::Guest(id) => person.object.as_ref() == Some(id),
            Assignee::Address(mail) => by_mail(mail),
        };
        let known = account.is_some_and(|account| {
            person.object.as_ref() == Some(&account.guest.id) || by_mail(&account.guest.mail)
        });
        made.kind == RequestKind::AdminAdd
            && made
                .package
                .as_ref()
                .is_none_or(|package| *package == self.0.package)
            && (same || known)
    }
}
