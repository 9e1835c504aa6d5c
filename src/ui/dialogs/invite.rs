//! The invitation: its form, the question before it is sent, and the link that came of it.

use ratatui::layout::Position;

use super::{Sheet, form};
use crate::acts::Outcome;
use crate::app::dialog::form::FormStep;
use crate::app::dialog::invite::{InviteForm, InviteSent};
use crate::app::state::State;
use crate::domain::invitation::Invited;

pub(super) fn draw(sheet: &mut Sheet<'_>, invite: &InviteForm, state: &State) -> Option<Position> {
    let address = invite.address();
    match (&invite.sent, &invite.form.step) {
        (None, FormStep::Filling) => {
            let caution = invite.caution();
            return form::draw(sheet, &invite.form, caution.as_deref(), state);
        }
        (None, FormStep::Checking) => {
            let words = format!("Looking whether {address} is in already…");
            form::said(sheet, "Invite", &[(words, false)], None);
        }
        (None, FormStep::Asking(())) => asking(sheet, invite, state),
        (Some(InviteSent::Waiting(_)), _) => {
            let words = format!("Inviting {address}…");
            form::said(sheet, "Invite", &[(words, false)], None);
        }
        (Some(InviteSent::Ended(outcome)), _) => ended(sheet, invite, outcome, state),
    }
    None
}

fn asking(sheet: &mut Sheet<'_>, invite: &InviteForm, state: &State) {
    let tenant = state
        .data
        .session
        .as_ref()
        .map_or("the tenant", |session| session.tenant_name.or("the tenant"));
    let how = if invite.send_mail() {
        format!("Graph mails the invitation, in {}.", invite.language())
    } else {
        "No mail is sent: you get the link and pass it on.".to_owned()
    };
    let who = match invite.name() {
        "" => String::new(),
        name => format!(", as {name}"),
    };
    let words = [
        (
            format!(
                "Nobody with the address {} is in {tenant} yet. Invite them{who}?",
                invite.address()
            ),
            false,
        ),
        (how, false),
    ];
    let caution = invite.caution();
    form::said(sheet, "Invite?", &words, caution.as_deref());
}

fn ended(sheet: &mut Sheet<'_>, invite: &InviteForm, outcome: &Outcome, state: &State) {
    let note = invite.form.wrong.as_deref();
    if let Outcome::Invited(invited) = outcome {
        let how = match (invited.mailed, invited.link()) {
            (true, _) => "Graph has mailed the invitation.",
            (false, Some(_)) => {
                "No mail was sent: pass this link on yourself. Who has it can redeem it."
            }
            (false, None) => "No mail was sent.",
        };
        let link = invited.link().map_or(Invited::BROKEN, |link| link.reveal());
        let words = [
            (format!("Invited {}. {how}", invited.mail), false),
            (link.to_owned(), invited.link().is_some()),
        ];
        form::said(sheet, "Invited", &words, note);
    } else {
        let title = if outcome.done() {
            "Invited"
        } else if outcome.settled() {
            "Nothing to do"
        } else {
            "Not invited"
        };
        let words = [(outcome.words(|at| state.clock(at)), false)];
        form::said(sheet, title, &words, note);
    }
}
