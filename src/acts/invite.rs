//! Invite: a guest account for somebody, and the link that redeems it (invitation-post).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::about::{About, Asks, Named, On, Tone, Wants, Weight};
use super::arrival::DeliveryWay;
use super::look::{Look, Reads};
use super::rules::{
    ActRules, After, Again, Before, Inverse, Rows, Said, Sent, go, happened, over, unfit,
};
use super::{Act, Outcome, Target};
use crate::domain::id::UserId;
use crate::domain::invitation::Invitation;
use crate::domain::permission::{Need, Permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::users::{self, Account};
use crate::graph::{Call, Response, invitations};

/// What is known of it.
pub(super) const ABOUT: About = About {
    word: "invite",
    verb: "invite",
    participle: "invited",
    glyph: '✉',
    tone: Tone::Give,
    on: On::Address,
    staged: false,
    weight: Weight::Plain,
    reason: Wants::Nothing,
    command: Some(Named {
        name: "invite",
        keys: &["i"],
        title: "invite somebody",
        footer: Some("invite"),
    }),
    offered: None,
    asks: Asks {
        before: "Invite",
        after: "",
        meaning: "A guest account is made, which is theirs once they redeem the invitation.",
        goes: "invites",
    },
    need: &NEED,
    by_ids: None,
    may: |_, _| Err("it is done by address".into()),
    until: |_, _| None,
    make: |_, _| None,
    read: |stored| {
        let text = |name| stored.text(name).unwrap_or_default().to_owned();
        Some(Act::Invite(Invite(Box::new(Invitation {
            mail: stored.text("mail").unwrap_or(stored.target).to_owned(),
            name: text("name"),
            message: text("message"),
            language: text("language"),
            send_mail: stored.form.get("sendMail") == Some(&Value::Bool(true)),
            redirect: text("redirect"),
        }))))
    },
};

/// What it needs.
const NEED: Need = Need {
    command: "invite",
    does: "invite somebody",
    writes: true,
    // Guests need not be listed to invite one.
    area: None,
    // Whoever is in already is looked up first.
    delegated: &[Permission::UserInviteAll, Permission::UserReadAll],
    application: Some(&[Permission::UserInviteAll, Permission::UserReadAll]),
    calls: &[("POST", "/invitations"), ("GET", "/users")],
};

/// Invite: a guest account for somebody, and the link that redeems it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite(pub Box<Invitation>);

impl ActRules for Invite {
    fn target(&self) -> Target {
        Target::Address(self.0.mail.trim().to_lowercase())
    }

    fn form(&self) -> Map<String, Value> {
        let Invitation {
            mail,
            name,
            message,
            language,
            send_mail,
            redirect,
        } = &*self.0;
        let form = json!({
            "mail": mail,
            "name": name,
            "message": message,
            "language": language,
            "sendMail": send_mail,
            "redirect": redirect,
        });
        form.as_object().cloned().unwrap_or_default()
    }

    fn looks(&self) -> Vec<Call> {
        vec![users::by_address(&self.0.mail)]
    }

    fn see(&self, reads: &mut Reads<'_>) -> Result<Look, Problem> {
        Ok(Look::Account(reads.anybody_with(&self.0.mail)?))
    }

    fn judge(&self, _reason: &str, look: &Look, _now: Timestamp) -> Before {
        match look {
            Look::Account(Some(account)) => over(&already_in(account)),
            Look::Account(None) => go(invitations::invite(&self.0)),
            Look::Approval(..) | Look::Record(_) | Look::Assigning { .. } => unfit(),
        }
    }

    fn accepted(&self, answer: &Response) -> Said {
        match invitations::read(answer) {
            Ok(_) if invitations::failed(answer) => Said::Settled(Outcome::Failed(Problem::new(
                ProblemKind::Refused,
                "Graph made the account, and says of the invitation that it failed (status Error)",
                "Look at the guest, and invite again once that account is deleted",
            ))),
            Ok(invited) => Said::Settled(Outcome::Invited(Box::new(invited))),
            Err(problem) => Said::Unknown(problem),
        }
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
        // A second one may mail somebody twice.
        Again::Never {
            found: "no guest with that address",
            remedy: "Look at the guests again in a few minutes; if there is none, invite again",
        }
    }

    fn account(&self) -> Option<&UserId> {
        None
    }

    fn rows(&self, _outcome: &Outcome) -> Rows {
        Rows::Stay
    }

    fn lost_with_answer(&self) -> Option<&'static str> {
        Some("its redeem link was lost with the answer")
    }

    fn follows(&self) -> Option<DeliveryWay> {
        None
    }

    fn followed_by(&self) -> Vec<Act> {
        Vec::new()
    }

    fn inverse(&self) -> Inverse {
        // The account it makes has no id yet.
        Inverse::None
    }
}

fn already_in(account: &Account) -> String {
    let since = account
        .guest
        .created
        .map(|at| format!(" since {}", at.strftime("%-d %b %Y")))
        .unwrap_or_default();
    let class = account.guest.class;
    if class.is_guest() {
        format!("is already a guest{since}")
    } else {
        format!("already has an account here, as {}", class.words())
    }
}
