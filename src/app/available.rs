//! Which commands can be used now, and why not.

use super::acts::OnRequest;
use super::command;
use super::keymap::Command;
use super::rows::{RequestRow, standing};
use super::rules;
use super::signin::Standing;
use super::state::{Pane, State, World};
use crate::domain::act::Verdict;
use crate::signin::SignInOffer;

/// Whether `command` can be used now.
///
/// # Errors
/// Why not, in words that say what to do instead.
pub fn available(state: &State, command: Command) -> Result<(), String> {
    match command {
        Command::Approve | Command::ApproveNow => deciding(state, "requests approve"),
        Command::Deny => deciding(state, "requests deny"),
        Command::Revoke => revoking(state),
        Command::Invite => permitted(state, "invite"),
        Command::Review if state.basket.is_empty() => Err(nothing(state, "nothing is staged")),
        Command::Review => writable(state),
        Command::Cancel => on_request(state, OnRequest::Cancel),
        Command::Reprocess => on_request(state, OnRequest::Reprocess),
        Command::Remove => on_request(state, OnRequest::Remove),
        Command::Assign => assigning(state),
        Command::Nudge => nudging(state),
        Command::Suggest => suggesting(state),
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
            Err(format!(
                "marks are for requests ({}) and guests ({})",
                state.keymap.key(Command::Go(Pane::Requests)),
                state.keymap.key(Command::Go(Pane::Guests))
            ))
        }
        Command::Mark | Command::Range | Command::MarkAll | Command::MarkDomain
            if state.pane_empty(state.focus) =>
        {
            Err("there is no row to mark".into())
        }
        Command::Seen if state.data.arrivals.is_empty() => Err("nothing is new".into()),
        Command::SignIn => signing_in(state).map(drop),
        Command::SignOut => signing_out(state),
        Command::SwitchTenant => switching(state),
        _ => Ok(()),
    }
}

fn signing_in(state: &State) -> Result<&SignInOffer, String> {
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

fn switching(state: &State) -> Result<(), String> {
    if state.world == World::Demo {
        return Err("the demo is a world of its own; start guestlist with a profile".into());
    }
    match (&state.profiles.current, state.profiles.all.len()) {
        (None, _) => return Err("this console was not started by a profile".into()),
        (Some(_), 0 | 1) => {
            return Err("the config file has no other profile; `guestlist config example` shows how to write one".into());
        }
        _ => {}
    }
    if state.sending.is_some() || !state.invite_jobs.is_empty() || !state.acts.is_empty() {
        return Err("something is being sent; wait until it has ended".into());
    }
    // What is kept is offered again in this tenant's next console.
    if !state.basket.is_empty() && !state.keeping.keeps() {
        return Err(format!(
            "decisions are staged that cannot be kept; send them ({}) or take them back ({}) first",
            state.keymap.key(Command::Review),
            state.keymap.key(Command::Unstage)
        ));
    }
    Ok(())
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
        Err("this console is read-only; start it without --read-only, or with a profile that may write".into())
    } else {
        Ok(())
    }
}

/// Whether something that changes the tenant may be done: the run writes, and nothing is known to be missing for
/// the plain command of this name.
fn permitted(state: &State, command: &str) -> Result<(), String> {
    writable(state)?;
    state.not_permitted(command).map_or(Ok(()), Err)
}

fn deciding(state: &State, command: &str) -> Result<(), String> {
    permitted(state, command)?;
    if state.focus != Pane::Requests {
        let key = state.keymap.key(Command::Go(Pane::Requests));
        return Err(format!("decisions are made on requests; press {key}"));
    }
    if state.data.requests.any_marked_visible() {
        return Ok(());
    }
    let row = state
        .data
        .requests
        .focused()
        .ok_or("there is no request to decide")?;
    if !row.request.pending() {
        return Err(format!(
            "this request is {}; only one that waits for approval can be decided",
            standing(&row.request.state)
        ));
    }
    match (&row.request.stages, row.request.mine()) {
        (_, true) => Ok(()),
        (None, _) => Err("its stages are still being read; try again in a moment".into()),
        (Some(_), false) if row.deciders.is_empty() => {
            Err("its current stage waits for somebody else".into())
        }
        (Some(_), false) => Err(format!("its current stage waits for {}", row.deciders)),
    }
}

/// That something is missing which staging would bring.
fn nothing(state: &State, what: &str) -> String {
    let key = |command| state.keymap.key(command);
    format!(
        "{what}; {} and {} on a request or {} on a guest stage something",
        key(Command::Approve),
        key(Command::Deny),
        key(Command::Revoke)
    )
}

fn same_again(state: &State) -> Result<(), String> {
    match &state.reasons.last {
        None => Err(nothing(state, "nothing was staged before")),
        Some((Verdict::Revoke(_), _)) => revoking(state),
        Some((Verdict::Approve, _)) => deciding(state, "requests approve"),
        Some((Verdict::Deny, _)) => deciding(state, "requests deny"),
    }
}

fn reason(state: &State) -> Result<(), String> {
    writable(state)?;
    if command::staged_here(state).is_empty() {
        return Err(nothing(state, "nothing is staged here"));
    }
    Ok(())
}

fn revoking(state: &State) -> Result<(), String> {
    // Blocking is the least of its strengths; the menu says what the others lack.
    permitted(state, "guests revoke --block")?;
    if state.focus != Pane::Guests {
        let key = state.keymap.key(Command::Go(Pane::Guests));
        return Err(format!("access is revoked on guests; press {key}"));
    }
    if state.data.guests.focused().is_none() {
        return Err("there is no guest to revoke".into());
    }
    Ok(())
}

fn on_request(state: &State, what: OnRequest) -> Result<(), String> {
    permitted(state, what.command())?;
    if state.focus != Pane::Requests {
        let key = state.keymap.key(Command::Go(Pane::Requests));
        return Err(format!("that is done on requests; press {key}"));
    }
    if state.data.requests.any_marked_visible() {
        return Ok(());
    }
    let row = state.data.requests.focused();
    what.may(state, row.ok_or("there is no request here")?)
}

fn assigning(state: &State) -> Result<(), String> {
    permitted(state, "requests assign")?;
    if state.data.policies.total() == 0 {
        return Err("there is no policy to assign under".into());
    }
    Ok(())
}

fn nudging(state: &State) -> Result<(), String> {
    if state.focus != Pane::Requests {
        let key = state.keymap.key(Command::Go(Pane::Requests));
        return Err(format!("one nudges on a request; press {key}"));
    }
    let row = state.data.requests.focused();
    let row = row.ok_or("there is no request here")?;
    nudgeable(row).map_err(|why| {
        let (approve, deny) = (Command::Approve, Command::Deny);
        let key = |command| state.keymap.key(command);
        if row.request.mine() {
            format!("{why}; {} approves and {} denies", key(approve), key(deny))
        } else {
            why
        }
    })
}

/// Whether there is somebody else to nudge about a request.
///
/// # Errors
/// Why not, as a clause.
pub fn nudgeable(row: &RequestRow) -> Result<(), String> {
    if !row.request.pending() {
        return Err("it waits for nobody".into());
    }
    if row.request.mine() {
        return Err("it waits for you".into());
    }
    if row.deciders.is_empty() {
        return Err("whom it waits for is not known".into());
    }
    Ok(())
}

fn suggesting(state: &State) -> Result<(), String> {
    permitted(state, "requests approve")?;
    if state.focus != Pane::Requests {
        let key = state.keymap.key(Command::Go(Pane::Requests));
        return Err(format!("rules are about requests; press {key}"));
    }
    if let Some(what) = rules::still_read(state) {
        return Err(format!(
            "conditions look at the {what} too, which are still being read; try again in a moment"
        ));
    }
    if state.data.requests.visible() == 0 {
        return Err("there is no request here".into());
    }
    Ok(())
}
