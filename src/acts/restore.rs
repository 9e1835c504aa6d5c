//! Restore: bring a deleted guest back (directory-deleteditems-restore).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, On, ActSubject, Tone, Wants, Weight, elsewhere};
use super::arrival::DeliveryWay;
use super::account;
use super::look::{Look, Reads};
use super::rules::{After, Again, Before, Inverse, Rows, ActRules, Said, Sent, go, happened, plain_yes, so_already, unfit};
use super::{Act, Delete, Outcome, Target};
use crate::domain::id::UserId;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::graph::{Call, Response, users};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "restore",
    verb: "restore",
    participle: "restored",
    glyph: '↺',
    tone: Tone::Give,
    on: On::Deleted,
    staged: false,
    weight: Weight::Plain,
    reason: Wants::Maybe,
    command: None,
    offered: None,
    asks: Asks {
        before: "Restore",
        after: "",
        meaning: "The account comes back with its groups and apps.",
        goes: "restores",
    },
    need: &NEED,
    by_ids: Some("Bring deleted guests back; `guestlist journal list` has their ids"),
    may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Restore(Restore(account::on(target, stage)?))),
    read: |stored| Some(Act::Restore(Restore(account::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "guests restore",
    does: "bring a deleted guest back",
    writes: true,
    // By id, deleted guests need not be listed.
    area: None,
    delegated: &[Permission::UserDeleteRestoreAll],
    application: Some(&[Permission::UserDeleteRestoreAll]),
    calls: &[(
        "POST",
        "/directory/deletedItems/{directoryObject-id}/restore",
    )],
};

/// Deleted guests are in no list that was read; the look before sending says how they stand.
fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    match subject {
        ActSubject::Guest(_) => Err("is not deleted".into()),
        ActSubject::Request { .. } => elsewhere(On::Deleted),
    }
}

/// Restore: bring a deleted guest back (directory-deleteditems-restore).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restore(pub UserId);

impl ActRules for Restore {
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
        match look {
            Look::Account(None) => go(users::restore(&self.0)),
            Look::Account(Some(_)) => so_already("is not deleted"),
            Look::Approval(..) | Look::Record(_) | Look::Assigning { .. } => unfit(),
        }
    }

    fn accepted(&self, answer: &Response) -> Said {
        plain_yes(answer)
    }

    fn refused_by_standing(&self) -> bool {
        false
    }

    fn after(&self, _sent: &Sent<'_>, _me: &UserId, look: &Look, _now: Timestamp) -> After {
        match look.account() {
            Some(_) => happened(),
            None => After::Absent,
        }
    }

    fn again(&self) -> Again {
        // What is back is not among the deleted to be restored again.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        // It is not there before, so its absence tells nothing.
        None
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Stay
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
        Inverse::Act(Box::new(Delete(self.0.clone()).into()))
    }
}
