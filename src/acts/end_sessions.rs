//! End sessions: whoever is signed in here has to sign in anew. Somebody from outside signs in at home and keeps those
//! sessions, so this alone is no block (user-revokesigninsessions).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::about::{About, Asks, On, ActSubject, Tone, Wants, Weight, elsewhere};
use super::arrival::DeliveryWay;
use super::account;
use super::look::{Look, Reads};
use super::rules::{After, Again, Before, Inverse, Ready, Rows, ActRules, SKEW, Said, Sent, happened, plain_yes, };
use super::{Act, Outcome, Target};
use crate::domain::capability::Area;
use crate::domain::id::UserId;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::{Call, Response, users};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "end-sessions",
    verb: "end the sessions",
    participle: "signed out",
    glyph: '⇥',
    tone: Tone::Take,
    on: On::Guest,
    staged: false,
    weight: Weight::Plain,
    reason: Wants::Maybe,
    command: None,
    offered: None,
    asks: Asks {
        before: "End the sessions of",
        after: "",
        meaning: "They have to sign in again, within the hour that access tokens last.",
        goes: "ends them",
    },
    need: &NEED,
    by_ids: None,
    may,
    until: |_, _| None,
    make: |target, stage| Some(Act::EndSessions(EndSessions(account::on(target, stage)?))),
    read: |stored| Some(Act::EndSessions(EndSessions(account::read(stored)?))),
};

/// What it needs.
const NEED: Need = Need {
    command: "guests revoke --block",
    does: "end a guest's sessions here",
    writes: true,
    area: Some(Area::Guests),
    // Less than User.ReadWrite.All, and enough (user-update, user-revokesigninsessions).
    delegated: &[Permission::UserReadAll, Permission::UserRevokeSessionsAll],
    application: Some(&[Permission::UserReadAll, Permission::UserRevokeSessionsAll]),
    calls: &[("POST", "/users/{user-id}/revokeSignInSessions")],
};

fn may(subject: &ActSubject<'_>, _now: Timestamp) -> Result<(), String> {
    match subject {
        ActSubject::Guest(_) => Ok(()),
        ActSubject::Request { .. } => elsewhere(On::Guest),
    }
}

/// End the sessions of a guest here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndSessions(pub UserId);

impl ActRules for EndSessions {
    fn target(&self) -> Target {
        Target::Guest(self.0.clone())
    }

    fn form(&self) -> Map<String, Value> {
        account::form(&self.0)
    }

    fn looks(&self) -> Vec<Call> {
        vec![users::sessions(&self.0)]
    }

    fn see(&self, reads: &mut Reads<'_>) -> Result<Look, Problem> {
        Ok(Look::Account(reads.account()?))
    }

    fn judge(&self, _reason: &str, look: &Look, _now: Timestamp) -> Before {
        match account::guest(look, true) {
            Ok(account) => Before::Go(Ready {
                since: account.sessions_from,
                ..Ready::new(users::end_sessions(&self.0))
            }),
            Err(ends) => Before::Not(*ends),
        }
    }

    fn accepted(&self, answer: &Response) -> Said {
        // Graph answers whether it did (user-revokesigninsessions).
        if users::sessions_stay(answer) {
            return Said::Settled(Outcome::Failed(Problem::new(
                ProblemKind::Refused,
                "Graph answered that it ended no session",
                "Block the guest to keep them out; look again in a few minutes",
            )));
        }
        plain_yes(answer)
    }

    fn refused_by_standing(&self) -> bool {
        false
    }

    fn after(&self, sent: &Sent<'_>, _me: &UserId, look: &Look, _now: Timestamp) -> After {
        let account = match account::guest(look, true) {
            Ok(account) => account,
            Err(ends) => return After::Settled(*ends),
        };
        // Graph moves the time on from which sessions count (user resource, signInSessionsValidFromDateTime).
        let moved = match sent {
            Sent::Now(ready) => account.sessions_from > ready.since,
            Sent::Earlier { at, before } => {
                let before = before.and_then(|seen| seen.get("sessionsFrom")?.as_str()?.parse().ok());
                // Where nothing was seen before, whatever was ended since then is taken for it.
                let than = before.unwrap_or(*at - SKEW);
                account.sessions_from.is_some_and(|from| from > than)
            }
        };
        if moved { happened() } else { After::Absent }
    }

    fn again(&self) -> Again {
        // Ended twice is ended.
        Again::Harmless
    }

    fn account(&self) -> Option<&UserId> {
        Some(&self.0)
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
        // Signing in again brings them back.
        Inverse::Nothing
    }
}
