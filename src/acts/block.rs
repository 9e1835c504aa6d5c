//! Block: keep a guest from signing in, and end their sessions as far as Graph can (user-update).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, Offered, On, ActSubject, Tone, Wants, Weight, elsewhere};
use super::arrival::DeliveryWay;
use super::account;
use super::look::{Look, Reads};
use super::rules::{After, Again, Before, Inverse, Rows, ActRules, Said, Sent, go, happened, plain_yes, so_already};
use super::{Act, EndSessions, Unblock, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::UserId;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::Problem;
use crate::graph::{Call, Response, users};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "block",
    verb: "block",
    participle: "blocked",
    glyph: '⊘',
    tone: Tone::Take,
    on: On::Guest,
    staged: true,
    weight: Weight::Plain,
    reason: Wants::Always,
    command: None,
    offered: Some(Offered {
        key: 'b',
        label: "block sign-in",
        hint: "keeps the account and what it has; undone by unblocking",
    }),
    asks: Asks {
        before: "Block",
        after: "",
        meaning: "They cannot sign in here any more; what they hold stays. Undone by unblocking.",
        goes: "blocks",
    },
    need: &NEED,
    by_ids: None,
    may,
    until: |_, _| None,
    make: |target, stage| Some(Act::Block(Block(account::on(target, stage)?))),
    read: |stored| Some(Act::Block(Block(account::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "guests revoke --block",
    does: "keep a guest from signing in",
    writes: true,
    area: Some(Area::Guests),
    // Less than User.ReadWrite.All, and enough for accountEnabled (user-update).
    delegated: &[
        Permission::UserReadAll,
        Permission::UserEnableDisableAccountAll,
        Permission::UserRevokeSessionsAll,
    ],
    application: Some(&[
        Permission::UserReadAll,
        Permission::UserEnableDisableAccountAll,
        Permission::UserRevokeSessionsAll,
    ]),
    calls: &[
        ("PATCH", "/users/{user-id}"),
        ("POST", "/users/{user-id}/revokeSignInSessions"),
    ],
};

fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    match subject {
        ActSubject::Guest(guest) if guest.enabled => Ok(()),
        ActSubject::Guest(_) => Err("is blocked already".into()),
        ActSubject::Request { .. } => elsewhere(On::Guest),
    }
}

/// Block: keep a guest from signing in, and end their sessions as far as Graph can (user-update).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block(pub UserId);

impl ActRules for Block {
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
            Ok(account) if account.guest.enabled => go(users::enable(&self.0, false)),
            Ok(_) => so_already("is already blocked"),
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
            Ok(account) if account.guest.enabled => After::Absent,
            Ok(_) => happened(),
            Err(ends) => After::Settled(*ends),
        }
    }

    fn again(&self) -> Again {
        // Blocked twice is blocked.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        Some(&self.0)
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Enabled(false)
    }

    fn lost_with_answer(&self) -> Option<&'static str> {
        None
    }

    fn follows(&self) -> Option<DeliveryWay> {
        None
    }

    fn followed_by(&self) -> Vec<Act> {
        vec![EndSessions(self.0.clone()).into()]
    }

    fn inverse(&self) -> Inverse {
        Inverse::Act(Box::new(Unblock(self.0.clone()).into()))
    }
}
