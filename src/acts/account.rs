//! What the acts on an account share.

use serde_json::{Map, Value};

use super::about::Stored;
use super::look::Look;
use super::rules::misfit;
use super::{Outcome, Target};
use crate::domain::account_class::AccountClass;
use crate::domain::id::{StageId, UserId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::users::Account;

pub(super) fn form(user: &UserId) -> Map<String, Value> {
    let mut form = Map::new();
    form.insert("user".into(), user.as_str().into());
    form
}

pub(super) fn read(stored: &Stored<'_>) -> Option<UserId> {
    UserId::new(stored.text("user").unwrap_or(stored.target)).ok()
}

pub(super) fn on(target: &Target, _stage: Option<&StageId>) -> Option<UserId> {
    match target {
        Target::Guest(user) => Some(user.clone()),
        Target::Request(_) | Target::Address(_) | Target::Assignment(_) => None,
    }
}

/// The guest a look shows; else how an act on one ends unsent: nothing is taken from whoever is not one for certain.
/// `so` says whether what is wanted is so where there is no account any more.
pub(super) fn guest(look: &Look, so: bool) -> Result<&Account, Box<Outcome>> {
    let outcome = match look {
        Look::Account(Some(account)) if account.guest.class.is_guest() => return Ok(account),
        Look::Account(Some(account)) => no_guest(account.guest.class),
        Look::Account(None) => Outcome::Moot {
            why: "is already deleted".into(),
            so,
        },
        Look::Approval(..) | Look::Record(_) | Look::Assigning { .. } => misfit(),
    };
    Err(Box::new(outcome))
}

/// How an act on guests ends unsent for an account that is another's, or of which nobody can tell.
pub(super) fn no_guest(class: AccountClass) -> Outcome {
    let remedy = match class {
        AccountClass::Guest | AccountClass::ExternalMember | AccountClass::Member => {
            "Members are administered elsewhere"
        }
        AccountClass::CannotBeTold => "Look at its user type in the Entra admin center",
    };
    let what = class.spared().unwrap_or_default();
    Outcome::Failed(Problem::new(
        ProblemKind::Refused,
        format!("This {what}"),
        remedy,
    ))
}
