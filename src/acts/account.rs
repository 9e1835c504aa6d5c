//! What the acts on an account share.

use serde_json::{Map, Value};

use super::about::Stored;
use super::look::Look;
use super::rules::misfit;
use super::{Outcome, Target};
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

/// The guest a look shows; else how an act on one ends unsent. Members are not this program's to touch. `so` says
/// whether what is wanted is so where there is no account any more.
pub(super) fn guest(look: &Look, so: bool) -> Result<&Account, Box<Outcome>> {
    let outcome = match look {
        Look::Account(Some(account)) if account.is_guest => return Ok(account),
        Look::Account(Some(_)) => no_member(),
        Look::Account(None) => Outcome::Moot {
            why: "is already deleted".into(),
            so,
        },
        Look::Approval(..) | Look::Record(_) | Look::Assigning { .. } => misfit(),
    };
    Err(Box::new(outcome))
}

pub(super) fn no_member() -> Outcome {
    Outcome::Failed(Problem::new(
        ProblemKind::Refused,
        "This is a member of the organization, not a guest",
        "Members are administered elsewhere",
    ))
}
