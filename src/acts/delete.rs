//! Delete: take a guest's account away; it can be restored for 30 days (user-delete).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, Offered, On, ActSubject, Tone, Wants, Weight, elsewhere};
use super::arrival::DeliveryWay;
use super::account;
use super::look::{Look, Reads};
use super::rules::{After, Again, Before, Inverse, Rows, ActRules, Said, Sent, go, happened, plain_yes, };
use super::{Act, Restore, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::UserId;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::graph::{Call, Response, users};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "delete",
    verb: "delete",
    participle: "deleted",
    glyph: '⌫',
    tone: Tone::Take,
    on: On::Guest,
    staged: true,
    weight: Weight::Number,
    reason: Wants::Always,
    command: None,
    offered: Some(Offered {
        key: 'd',
        label: "delete the account",
        hint: "restorable for 30 days, then gone",
    }),
    asks: Asks {
        before: "Delete",
        after: "",
        meaning: "The account and all it reaches is gone; it can be restored for 30 days.",
        goes: "deletes",
    },
    need: &NEED,
    by_ids: None,
    may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Delete(Delete(account::on(target, stage)?))),
    read: |stored| Some(Act::Delete(Delete(account::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "guests revoke --delete",
    does: "delete a guest",
    writes: true,
    area: Some(Area::Guests),
    delegated: &[Permission::UserReadAll, Permission::UserDeleteRestoreAll],
    application: Some(&[Permission::UserReadAll, Permission::UserDeleteRestoreAll]),
    calls: &[("DELETE", "/users/{user-id}")],
};

fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    match subject {
        ActSubject::Guest(_) => Ok(()),
        ActSubject::Request { .. } => elsewhere(On::Guest),
    }
}

/// Delete: take a guest's account away; it can be restored for 30 days (user-delete).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delete(pub UserId);

impl ActRules for Delete {
    fn target(&self) -> Target {
        Target::Guest(self.0.clone())
    }

    fn form(&self) -> Map<String, Value> {
        account::form(&self.0)
    }

    fn looks(&self) -> Vec<Call> {
        vec![users::account(&self.0)]
    }

    fn see(&self, reads: &mut Reads<'_>) -> Result<Look, Problem> {
        Ok(Look::Account(reads.account()?))
    }

    fn judge(&self, _reason: &str, look: &Look, _now: Timestamp) -> Before {
        match account::guest(look, true) {
            Ok(_) => go(users::delete(&self.0)),
            Err(ends) => Before::Not(*ends),
        }
    }

    fn accepted(&self, answer: &Response) -> Said {
        plain_yes(answer)
    }

    fn refused_by_standing(&self) -> bool {
        false
    }

    fn after(&self, _sent: &Sent<'_>, _me: &UserId, look: &Look, _now: Timestamp) -> After {
        match account::guest(look, true) {
            Err(_) if matches!(look, Look::Account(None)) => happened(),
            Ok(_) => After::Absent,
            Err(ends) => After::Settled(*ends),
        }
    }

    fn again(&self) -> Again {
        // What is deleted is not there to be deleted again.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        Some(&self.0)
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Gone
    }

    fn lost_with_answer(&self) -> Option<&'static str> {
        None
    }

    fn follows(&self) -> Option<DeliveryWay> {
        None
    }

    fn followed_by(&self) -> Vec<Act> {
        Vec::new()
    }

    fn inverse(&self) -> Inverse {
        Inverse::Act(Box::new(Restore(self.0.clone()).into()))
    }
}
