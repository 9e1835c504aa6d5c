//! Which commands can be used now, and why not.

use super::keymap::Command;
use super::signin::Standing;
use super::state::{Pane, State, World};
use super::suggest;
use crate::acts::{About, ActKind, ActSubject, On, Target};
use crate::domain::permission::Need;
use crate::inventory::rows::RequestRow;
use crate::signin::SignInOffer;

/// Whether `command` can be used now.
///
/// # Errors
/// Why not, in words that say what to do instead.
pub fn available(state: &State, command: Command) -> Result<(), String> {
    match command {
        Command::ApproveNow => acting(state, ActKind::Approve),
        Command::Act(kind) => acting(state, kind),
        Command::Revoke => revoking(state),
        Command::Review if state.basket.is_empty() => Err(nothing(state, "nothing is staged")),
        Command::Review => writable(state),
        Command::Nudge => nudging(state),
        Command::Suggest => suggesting(state),
        Command::Unstage if state.basket.is_empty() => Err("nothing is staged".into()),
        Command::Copy | Command::CopyMenu if state.pane_empty(state.screen.focus) => {
            Err("there is no row to copy from".into())
        }
        Command::Same => same_again(state),
        // Where nothing is staged the line opens all the same: what is typed blindly must not run as commands.
        Command::Reason => writable(state),
        Command::Basket => match &state.keeping.offer {
            Some(_) => writable(state),
            None => Err("nothing of an earlier session is kept".into()),
        },
        Command::Stop => match state.sends.under_way() {
            [] => Err("nothing is being sent".into()),
            all if all.iter().all(|send| send.stopping) => Err("it is stopping already".into()),
            _ => Ok(()),
        },
        Command::Resume if state.sends.half_done.is_empty() => Err("nothing is half done".into()),
        Command::SendAgain if state.sends.barred.is_empty() => {
            Err("nothing that was to be sent is held back by an open write".into())
        }
        Command::Resume | Command::SendAgain => writable(state),
        Command::LastSend if state.sends.newest().is_none() => {
            Err("nothing was sent in this session".into())
        }
        Command::Mark | Command::Range | Command::MarkAll | Command::MarkDomain
            if matches!(state.screen.focus, Pane::Policies | Pane::Journal) =>
        {
            Err(format!(
                "marks are for requests ({}) and guests ({})",
                state.setup.keymap.key(Command::Go(Pane::Requests)),
                state.setup.keymap.key(Command::Go(Pane::Guests))
            ))
        }
        Command::Mark | Command::Range | Command::MarkAll | Command::MarkDomain
            if state.pane_empty(state.screen.focus) =>
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
        .ok_or_else(|| match state.setup.world {
            World::Demo => "the demo needs no sign-in".into(),
            World::Live => {
                "this console has one token from outside; start it with a profile to sign in".into()
            }
        })
}

fn switching(state: &State) -> Result<(), String> {
    if state.setup.world == World::Demo {
        return Err("the demo is a world of its own; start guestlist with a profile".into());
    }
    match (
        &state.setup.profiles.current,
        state.setup.profiles.all.len(),
    ) {
        (None, _) => return Err("this console was not started by a profile".into()),
        (Some(_), 0 | 1) => {
            return Err("the config file has no other profile; `guestlist config example` shows how to write one".into());
        }
        _ => {}
    }
    if state.sends.busy() {
        return Err("something is being sent; wait until it has ended".into());
    }
    // What is kept is offered again in this tenant's next console.
    if !state.basket.is_empty() && !state.keeping.keeps() {
        return Err(format!(
            "decisions are staged that cannot be kept; send them ({}) or take them back ({}) first",
            state.setup.keymap.key(Command::Review),
            state.setup.keymap.key(Command::Unstage)
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
    if state.setup.read_only {
        Err("this console is read-only; start it without --read-only, or with a profile that may write".into())
    } else {
        Ok(())
    }
}

/// Whether something that changes the tenant may be done: the run writes, and nothing is known to be missing for
/// it.
fn permitted(state: &State, need: &Need) -> Result<(), String> {
    writable(state)?;
    state.not_permitted(need).map_or(Ok(()), Err)
}

/// Whether an act may be done: on the marked rows, or on the one under the cursor.
fn acting(state: &State, kind: ActKind) -> Result<(), String> {
    let about = kind.about();
    permitted(state, about.need)?;
    match about.on {
        On::Request => {
            on_pane(state, about, Pane::Requests)?;
            if state.data.requests.any_marked_visible() {
                return Ok(());
            }
            let row = state.data.requests.focused();
            let row = row.ok_or_else(|| format!("there is no request to {}", about.verb))?;
            may(state, kind, row)
        }
        On::Guest => {
            on_pane(state, about, Pane::Guests)?;
            if state.data.guests.any_marked_visible() {
                return Ok(());
            }
            let row = state.data.guests.focused();
            let row = row.ok_or_else(|| format!("there is no guest to {}", about.verb))?;
            about.may(&ActSubject::Guest(&row.guest), state.now)
        }
        On::Assignment if state.data.policies.total() == 0 => {
            Err("there is no policy to assign under".into())
        }
        On::Address | On::Assignment => Ok(()),
        On::Deleted => Err("deleted guests are in no list here".into()),
    }
}

/// Whether an act may be done on a request now.
///
/// # Errors
/// Why not, as a clause.
pub(super) fn may(state: &State, kind: ActKind, row: &RequestRow) -> Result<(), String> {
    let target = Target::Request(row.request.id.clone());
    if state.basket.get(&target).is_some_and(|one| one.sending) {
        return Err("its decision is being sent".into());
    }
    let subject = ActSubject::Request {
        request: &row.request,
        deciders: &row.deciders,
    };
    kind.about().may(&subject, state.now)
}

/// Whether the pane whose rows an act is done on has the keyboard.
fn on_pane(state: &State, about: &About, pane: Pane) -> Result<(), String> {
    if state.screen.focus == pane {
        return Ok(());
    }
    let key = state.setup.keymap.key(Command::Go(pane));
    let rows = pane.title().to_lowercase();
    Err(if about.staged && about.on == On::Request {
        format!("decisions are made on {rows}; press {key}")
    } else {
        format!("that is done on {rows}; press {key}")
    })
}

/// That something is missing which staging would bring.
fn nothing(state: &State, what: &str) -> String {
    let key = |command| state.setup.keymap.key(command);
    format!(
        "{what}; {} and {} on a request or {} on a guest stage something",
        key(Command::Act(ActKind::Approve)),
        key(Command::Act(ActKind::Deny)),
        key(Command::Revoke)
    )
}

fn same_again(state: &State) -> Result<(), String> {
    match &state.reasons.last {
        None => Err(nothing(state, "nothing was staged before")),
        Some((kind, _)) => acting(state, *kind),
    }
}

fn revoking(state: &State) -> Result<(), String> {
    // The menu says of each what it lacks; with none there is nothing to choose.
    let offered = ActKind::ALL.iter().map(|kind| kind.about());
    let mut needs = offered
        .filter(|about| about.offered.is_some())
        .map(|about| permitted(state, about.need));
    let first = needs.next().unwrap_or(Ok(()));
    if first.is_err() && !needs.any(|need| need.is_ok()) {
        return first;
    }
    if state.screen.focus != Pane::Guests {
        let key = state.setup.keymap.key(Command::Go(Pane::Guests));
        return Err(format!("access is revoked on guests; press {key}"));
    }
    if state.data.guests.focused().is_none() {
        return Err("there is no guest to revoke".into());
    }
    Ok(())
}

fn nudging(state: &State) -> Result<(), String> {
    if state.screen.focus != Pane::Requests {
        let key = state.setup.keymap.key(Command::Go(Pane::Requests));
        return Err(format!("one nudges on a request; press {key}"));
    }
    let row = state.data.requests.focused();
    let row = row.ok_or("there is no request here")?;
    nudgeable(row).map_err(|why| {
        let approve = Command::Act(ActKind::Approve);
        let deny = Command::Act(ActKind::Deny);
        let key = |command| state.setup.keymap.key(command);
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
    permitted(state, ActKind::Approve.about().need)?;
    if state.screen.focus != Pane::Requests {
        let key = state.setup.keymap.key(Command::Go(Pane::Requests));
        return Err(format!("rules are about requests; press {key}"));
    }
    if let Some(what) = suggest::still_read(state) {
        return Err(format!(
            "conditions look at the {what} too, which are still being read; try again in a moment"
        ));
    }
    if state.data.requests.visible() == 0 {
        return Err("there is no request here".into());
    }
    Ok(())
}
