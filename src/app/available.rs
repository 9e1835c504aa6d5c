//! Which commands can be used now, and why not.

use super::command;
use super::keymap::Command;
use super::signin::Standing;
use super::state::{Pane, State, World};
use crate::domain::act::Verdict;
use crate::signin::Offer;

/// Whether `command` can be used now.
///
/// # Errors
/// Why not, in words that say what to do instead.
pub fn available(state: &State, command: Command) -> Result<(), String> {
    match command {
        Command::Approve | Command::Deny | Command::ApproveNow => deciding(state),
        Command::Revoke => revoking(state),
        Command::Invite => writable(state),
        Command::Review if state.basket.is_empty() => {
            Err("nothing is staged; a and d on a request or x on a guest stage something".into())
        }
        Command::Review => writable(state),
        Command::Unstage if state.basket.is_empty() => Err("nothing is staged".into()),
        Command::Copy | Command::CopyMenu if state.pane_empty(state.focus) => {
            Err("there is no row to copy from".into())
        }
        Command::Same => same_again(state),
        Command::Reason => reason(state),
        Command::Basket => match &state.keeping.offer {
            Some(_) => writable(state),
            None => Err("nothing of an earlier session is kept".into()),
        },
        Command::Stop => match &state.sending {
            Some(sending) if sending.stopping => Err("it is stopping already".into()),
            Some(_) => Ok(()),
            None => Err("nothing is being sent".into()),
        },
        Command::LastSend if state.results.is_none() => {
            Err("nothing was sent in this session".into())
        }
        Command::Mark | Command::Range | Command::MarkAll | Command::MarkDomain
            if matches!(state.focus, Pane::Policies | Pane::Journal) =>
        {
            Err("marks are for requests (1) and guests (3)".into())
        }
        Command::Mark | Command::Range | Command::MarkAll | Command::MarkDomain
            if state.pane_empty(state.focus) =>
        {
            Err("there is no row to mark".into())
        }
        Command::SignIn => signing_in(state).map(drop),
        Command::SignOut => signing_out(state),
        _ => Ok(()),
    }
}

fn signing_in(state: &State) -> Result<&Offer, String> {
    state
        .sign_in
        .offer
        .as_ref()
        .ok_or_else(|| match state.world {
            World::Demo => "the demo needs no sign-in".into(),
            World::Live => {
                "this console has one token from outside; start it with a profile to sign in".into()
            }
        })
}

fn signing_out(state: &State) -> Result<(), String> {
    let way = signing_in(state)?.way;
    if !way.is_interactive() {
        return Err(format!(
            "the sign-in is not kept here but comes by {way}; sign out there"
        ));
    }
    if state.sign_in.standing == Standing::SignedOut {
        return Err("you are signed out already".into());
    }
    Ok(())
}

fn writable(state: &State) -> Result<(), String> {
    if state.read_only {
        Err("this console is read-only; start it without --read-only".into())
    } else {
        Ok(())
    }
}

fn deciding(state: &State) -> Result<(), String> {
    writable(state)?;
    if state.focus != Pane::Requests {
        return Err("decisions are made on requests; press 1".into());
    }
    if state.data.requests.any_marked_visible() {
        return Ok(());
    }
    let row = state
        .data
        .requests
        .focused()
        .ok_or("there is no request to decide")?;
    match (&row.request.stages, row.request.mine()) {
        (_, true) => Ok(()),
        (None, _) => Err("its stages are still being read; try again in a moment".into()),
        (Some(_), false) if row.deciders.is_empty() => {
            Err("its current stage waits for somebody else".into())
        }
        (Some(_), false) => Err(format!("its current stage waits for {}", row.deciders)),
    }
}

fn same_again(state: &State) -> Result<(), String> {
    match &state.reasons.last {
        None => Err("nothing was staged before; a and d on a request stage something".into()),
        Some((Verdict::Revoke(_), _)) => revoking(state),
        Some(_) => deciding(state),
    }
}

fn reason(state: &State) -> Result<(), String> {
    writable(state)?;
    if command::staged_here(state).is_empty() {
        return Err(
            "nothing is staged here; a and d on a request or x on a guest stage something".into(),
        );
    }
    Ok(())
}

fn revoking(state: &State) -> Result<(), String> {
    writable(state)?;
    if state.focus != Pane::Guests {
        return Err("access is revoked on guests; press 3".into());
    }
    if state.data.guests.focused().is_none() {
        return Err("there is no guest to revoke".into());
    }
    Ok(())
}
