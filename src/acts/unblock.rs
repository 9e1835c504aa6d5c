//! Unblock: let a blocked guest sign in again (user-update).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, Offered, Named, On, ActSubject, Tone, Wants, Weight, elsewhere};
use super::arrival::DeliveryWay;
use super::account;
use super::look::{Look, Reads};
use super::rules::{After, Again, Before, Inverse, Rows, ActRules, Said, Sent, go, happened, plain_yes, so_already};
use super::{Act, Block, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::UserId;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::graph::{Call, Response, users};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "unblock",
    verb: "unblock",
    participle: "unblocked",
    glyph: '⊙',
    tone: Tone::Give,
    on: On::Guest,
    staged: false,
    weight: Weight::Plain,
    reason: Wants::Maybe,
    command: Some(Named {
        name: "unblock",
        keys: &[],
        title: "let a blocked guest sign in again: the marked ones, or this one; asks first",
        footer: None,
    }),
    offered: Some(Offered {
        key: 'u',
        label: "unblock sign-in",
        hint: "they can sign in again, with all they hold",
    }),
    asks: Asks {
        before: "Unblock",
        after: "",
        meaning: "They can sign in again, with all they held. What their organization decides about them stays.",
        goes: "unblocks",
    },
    need: &NEED,
    by_ids: Some("Let blocked guests sign in again; by their ids or mail addresses"),
    may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Unblock(Unblock(account::on(target, stage)?))),
    read: |stored| Some(Act::Unblock(Unblock(account::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "guests unblock",
    does: "let a blocked guest sign in again",
    writes: true,
    area: Some(Area::Guests),
    // Less than User.ReadWrite.All, and enough (user-update, user-revokesigninsessions).
    delegated: &[Permission::UserReadAll, Permission::UserEnableDisableAccountAll],
    application: Some(&[Permission::UserReadAll, Permission::UserEnableDisableAccountAll]),
    calls: &[("PATCH", "/users/{user-id}")],
};

fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    match subject {
        ActSubject::Guest(guest) if guest.enabled => Err("is not blocked".into()),
        ActSubject::Guest(_) => Ok(()),
        ActSubject::Request { .. } => elsewhere(On::Guest),
    }
}

/// Unblock: let a blocked guest sign in again (user-update).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unblock(pub UserId);

impl ActRules for Unblock {
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
        match account::guest(look, false) {
            Ok(account) if account.guest.enabled => so_already("is not blocked"),
            Ok(_) => go(users::enable(&self.0, true)),
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
        match account::guest(look, false) {
            Ok(account) if account.guest.enabled => happened(),
            Ok(_) => After::Absent,
            Err(ends) => After::Settled(*ends),
        }
    }

    fn again(&self) -> Again {
        // Unblocked twice is unblocked.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        Some(&self.0)
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Enabled(true)
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
        Inverse::Act(Box::new(Block(self.0.clone()).into()))
    }
}
