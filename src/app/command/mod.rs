//! What each command does: one arm each.

mod act;
mod copy;
mod menu;
mod nudge;
mod stage;

use std::collections::HashSet;

use jiff::SignedDuration;

use super::available::available;
use super::basket::keeping;
use super::dialog::menu::Pick;
use super::dialog::{
    Dialog, help, messages, offer, palette, quit, reason, results, review, signin, signout,
};
use super::effect::Effect;
use super::keymap::{Command, row_of};
use super::load;
use super::prompt::FilterPrompt;
use super::state::{Grade, Pane, State, on_table};
use super::view;
use crate::acts::ActKind;
use crate::inventory::filter::Filter;
use crate::inventory::table::Sort;

/// Runs a command, if it can be used now; else says why not.
pub(super) fn run(state: &mut State, command: Command) -> Vec<Effect> {
    if let Err(why) = available(state, command) {
        let name = row_of(command).map_or("this", |row| row.name);
        state.say(Grade::Note, format!("Cannot {name}: {why}"));
        return Vec::new();
    }
    on_table!(state, table => table.touch());
    // What a key staged is at hand for the next key only.
    if !matches!(command, Command::Unstage | Command::Reason) {
        state.basket.forget_newest();
    }
    match command {
        Command::Down => step(state, 1),
        Command::Up => step(state, -1),
        Command::HalfDown => page(state, 1, 2),
        Command::HalfUp => page(state, -1, 2),
        Command::PageDown => page(state, 1, 1),
        Command::PageUp => page(state, -1, 1),
        Command::First => on_table!(state, table => table.go(0)),
        Command::Last => on_table!(state, table => table.go(usize::MAX)),
        Command::Go(pane) => focus(state, pane),
        Command::NextPane => focus(state, state.screen.focus.next(1)),
        Command::PreviousPane => focus(state, state.screen.focus.previous()),
        Command::Open => open(state),
        Command::Back => back(state),
        Command::Filter => filter(state),
        Command::Palette => {
            state.screen.dialog = Some(Dialog::Palette(palette::Palette::default()));
        }
        Command::Help => state.screen.dialog = Some(Dialog::Help(help::Help::default())),
        Command::Mark => on_table!(state, table => { table.toggle_mark(); table.step(1); }),
        Command::Range => on_table!(state, table => table.toggle_range()),
        Command::MarkAll => on_table!(state, table => table.toggle_all()),
        Command::MarkDomain => mark_domain(state),
        Command::View => state.screen.dialog = Some(Dialog::Menu(menu::view_menu(state))),
        Command::Seen => state.data.arrivals.clear(),
        Command::Sort => state.screen.dialog = Some(Dialog::Menu(menu::sort_menu(state))),
        Command::Detail if state.wide() => state.screen.detail.beside = !state.screen.detail.beside,
        Command::Detail => state.screen.detail.open = !state.screen.detail.open,
        Command::DetailDown => state.screen.detail.scroll += 1,
        Command::DetailUp => {
            state.screen.detail.scroll = state.screen.detail.scroll.saturating_sub(1);
        }
        Command::Act(kind) => act::run(state, kind),
        Command::Same => stage::same_again(state),
        Command::Reason => {
            let rows = stage::staged_here(state);
            state.screen.dialog = Some(Dialog::Reason(Box::new(reason::ReasonDialog::new(
                state, rows,
            ))));
        }
        Command::Basket => state.screen.dialog = Some(Dialog::Offer(offer::KeptOffer)),
        Command::Stop => return stop(state),
        Command::LastSend => {
            state.screen.dialog = Some(Dialog::Results(results::ShownResults::default()));
        }
        Command::Revoke => state.screen.dialog = Some(Dialog::Menu(menu::revoke_menu(state))),
        Command::Unstage => stage::unstage(state),
        Command::Review => return review(state),
        Command::ApproveNow => {
            state.data.requests.clear_marks();
            if deciding_focused(state).is_ok() {
                stage::stage(state, ActKind::Approve, None);
                return review(state);
            }
        }
        Command::Resume => act::resume(state),
        Command::SendAgain => act::send_again(state),
        Command::Nudge => nudge::open(state),
        Command::Suggest => return vec![Effect::ReadRules],
        Command::Copy => return copy::first(state),
        Command::CopyMenu => state.screen.dialog = Some(Dialog::Menu(copy::menu(state))),
        Command::Messages => {
            state.screen.dialog = Some(Dialog::Messages(messages::Messages::default()));
        }
        Command::Refresh => return load::everything(state),
        Command::Redraw => return vec![Effect::Redraw],
        Command::Suspend => return vec![Effect::Suspend],
        Command::SignIn => signin::open(state),
        Command::SwitchTenant => {
            state.screen.dialog = Some(Dialog::Menu(menu::profile_menu(state)));
        }
        Command::SignOut => state.screen.dialog = Some(Dialog::SignOut(signout::SignOut)),
        Command::Quit => quit(state),
    }
    Vec::new()
}

fn deciding_focused(state: &State) -> Result<(), String> {
    available(state, Command::Act(ActKind::Approve))
}

/// What the review shows is not older than this; else staged rows are read again while it is open.
const FRESH: SignedDuration = SignedDuration::from_secs(10);

/// Opens the review, and reads the staged rows again where what is known of them has aged.
fn review(state: &mut State) -> Vec<Effect> {
    state.screen.dialog = Some(Dialog::Review(review::Review::default()));
    let read = state.data.loads.requests.fresh;
    let fresh = read.is_some_and(|at| state.now.duration_since(at) < FRESH);
    if fresh || state.keeping.looking() {
        return Vec::new();
    }
    keeping::look(state, HashSet::new()).into_iter().collect()
}

/// Ends the send under way after the call it is at.
fn stop(state: &mut State) -> Vec<Effect> {
    let jobs = state.sends.stop();
    state.say(
        Grade::Note,
        "Stopping after the call under way; what is not sent stays staged",
    );
    jobs.into_iter().map(Effect::Cancel).collect()
}

/// Marks what one can act on of the focused row's mail domain.
fn mark_domain(state: &mut State) {
    let (domain, count) = if state.screen.focus == Pane::Guests {
        let domain = state.data.guests.focused().map(|row| row.guest.domain());
        let domain = domain.unwrap_or_default();
        let guests = &mut state.data.guests;
        let count = guests.toggle_those(|row| row.guest.domain() == domain);
        (domain, count)
    } else {
        let domain = state.data.requests.focused().map(|row| row.domain.clone());
        let domain = domain.unwrap_or_default();
        let requests = &mut state.data.requests;
        let count = requests.toggle_those(|row| row.domain == domain && row.request.mine());
        (domain, count)
    };
    let domain = if domain.is_empty() {
        "without a mail domain".to_owned()
    } else {
        format!("from {domain}")
    };
    let words = match (state.screen.focus, count) {
        (Pane::Guests, _) => format!("{count} {domain} are shown"),
        (_, 0) => format!("Nobody {domain} waits for you here"),
        _ => format!("{count} {domain} wait for you here"),
    };
    state.say(Grade::Note, words);
}

fn step(state: &mut State, by: isize) {
    on_table!(state, table => table.step(by));
}

fn page(state: &mut State, by: isize, share: usize) {
    on_table!(state, table => {
        let rows = (table.height() / share).max(1);
        table.step(by * isize::try_from(rows).unwrap_or(1));
    });
}

/// Gives a pane the keyboard. From a request one lands on its policy, and on the person if they are in.
fn focus(state: &mut State, pane: Pane) {
    state.screen.resting = None;
    if state.screen.focus == Pane::Requests {
        if let (Pane::Policies, Some(policy)) = (pane, state.linked_policy()) {
            state.data.policies.focus(&policy);
        }
        if let (Pane::Guests, Some(guest)) = (pane, state.linked_guest()) {
            state.data.guests.focus(&guest);
        }
    }
    state.screen.focus = pane;
    state.screen.detail.open = false;
}

fn open(state: &mut State) {
    if state.wide() {
        state.screen.detail.beside = true;
    } else {
        state.screen.detail.open = !state.pane_empty(state.screen.focus);
    }
}

/// One step back: what covers most goes first.
fn back(state: &mut State) {
    if state.screen.detail.open {
        state.screen.detail.open = false;
    } else if !state.said.notices.errors.is_empty() {
        state.said.notices.errors.remove(0);
    } else if on_table!(state, table => table.clear_marks()) {
    } else {
        on_table!(state, table => if !table.filter().is_empty() { table.set_filter(Filter::default()) });
    }
}

fn filter(state: &mut State) {
    state.screen.detail.open = false;
    let before = on_table!(state, table => table.filter().clone());
    // A new filter is typed from nothing; the one that stands goes with the first key, and Esc brings it back.
    state.screen.prompt = Some(FilterPrompt {
        before,
        ..FilterPrompt::default()
    });
}

fn quit(state: &mut State) {
    if state.basket.is_empty() && !state.sends.busy() {
        state.over = true;
    } else {
        state.screen.dialog = Some(Dialog::Quit(quit::Quit));
    }
}

/// What is copied is said again up to this length, in characters: a whole text is not for one line.
const LONGEST_SHOWN: usize = 120;

/// Does what was picked in a menu.
pub(super) fn pick(state: &mut State, pick: Pick) -> Vec<Effect> {
    match pick {
        Pick::Act(kind) => act::run(state, kind),
        Pick::View(at) => return view::show(state, at),
        Pick::Whose(whose) => return load::show_guests(state, whose),
        Pick::Sort(column) => on_table!(state, table => {
            let now = table.sort();
            let descending = now.column == column && !now.descending;
            table.set_sort(Sort { column, descending });
        }),
        Pick::Profile(name) if state.setup.profiles.current.as_ref() == Some(&name) => {
            state.say(Grade::Note, format!("This is {name} already"));
        }
        Pick::Profile(name) => {
            state.next_profile = Some(name);
            state.over = true;
        }
        Pick::Copy(value, what) => {
            let shown = match value.shown() {
                "" => String::new(),
                long if long.chars().count() > LONGEST_SHOWN => String::new(),
                shown => format!(": {shown}"),
            };
            state.say(Grade::Good, format!("Copied the {what}{shown}"));
            return vec![Effect::Copy(value.into_secret())];
        }
    }
    Vec::new()
}
