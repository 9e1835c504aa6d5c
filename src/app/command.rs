//! What each command does: one arm each.

use super::available::available;
use super::basket::Decision;
use super::dialog::menu::{Choice, Menu, Pick};
use super::dialog::{Dialog, help, invite, messages, palette, quit, review, signin, signout};
use super::effect::Effect;
use super::filter::Filter;
use super::keymap::{Command, entry_of};
use super::load;
use super::prompt::{Line, Prompt};
use super::rows::RequestRow;
use super::state::{Grade, Pane, State};
use super::table::{Row, Sort, Table};
use crate::domain::act::{Strength, Target, Verdict};
use crate::domain::invitation::Secret;

/// Calls a method on the focused pane's table, whatever its rows are.
macro_rules! on_table {
    ($state:expr, $table:ident => $body:expr) => {
        match $state.focus {
            Pane::Requests => {
                let $table = &mut $state.data.requests;
                $body
            }
            Pane::Policies => {
                let $table = &mut $state.data.policies;
                $body
            }
            Pane::Guests => {
                let $table = &mut $state.data.guests;
                $body
            }
            Pane::Journal => {
                let $table = &mut $state.data.journal;
                $body
            }
        }
    };
}
pub(super) use on_table;

/// Runs a command, if it can be used now; else says why not.
pub(super) fn run(state: &mut State, command: Command) -> Vec<Effect> {
    if let Err(why) = available(state, command) {
        let name = entry_of(command).map_or("this", |entry| entry.name);
        state.say(Grade::Note, format!("Cannot {name}: {why}"));
        return Vec::new();
    }
    on_table!(state, table => table.touch());
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
        Command::NextPane => focus(state, state.focus.next(1)),
        Command::PreviousPane => focus(state, state.focus.next(3)),
        Command::Open => open(state),
        Command::Back => back(state),
        Command::Filter => filter(state),
        Command::Palette => state.dialog = Some(Dialog::Palette(palette::Palette::default())),
        Command::Help => state.dialog = Some(Dialog::Help(help::Help::default())),
        Command::Mark => on_table!(state, table => { table.toggle_mark(); table.step(1); }),
        Command::Range => on_table!(state, table => table.toggle_range()),
        Command::MarkAll => on_table!(state, table => table.toggle_all()),
        Command::Sort => state.dialog = Some(Dialog::Menu(sort_menu(state))),
        Command::Detail if state.wide() => state.detail.beside = !state.detail.beside,
        Command::Detail => state.detail.open = !state.detail.open,
        Command::DetailDown => state.detail.scroll += 1,
        Command::DetailUp => state.detail.scroll = state.detail.scroll.saturating_sub(1),
        Command::Approve => decide(state, Verdict::Approve),
        Command::Deny => decide(state, Verdict::Deny),
        Command::Revoke => state.dialog = Some(Dialog::Menu(revoke_menu(state))),
        Command::Unstage => unstage(state),
        Command::Review => state.dialog = Some(Dialog::Review(review::Review::default())),
        Command::ApproveNow => {
            state.data.requests.clear_marks();
            if deciding_focused(state).is_ok() {
                decide(state, Verdict::Approve);
                state.dialog = Some(Dialog::Review(review::Review::default()));
            }
        }
        Command::Invite => state.dialog = Some(Dialog::Invite(Box::new(invite::Form::new("")))),
        Command::Copy => return copy_first(state),
        Command::CopyMenu => state.dialog = Some(Dialog::Menu(copy_menu(state))),
        Command::Messages => state.dialog = Some(Dialog::Messages(messages::Messages::default())),
        Command::Refresh => return load::everything(state),
        Command::Redraw => return vec![Effect::Redraw],
        Command::Suspend => return vec![Effect::Suspend],
        Command::SignIn => signin::open(state),
        Command::SignOut => state.dialog = Some(Dialog::SignOut(signout::SignOut)),
        Command::Quit => quit(state),
    }
    Vec::new()
}

fn deciding_focused(state: &State) -> Result<(), String> {
    available(state, Command::Approve)
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
    state.resting = None;
    if state.focus == Pane::Requests {
        if let (Pane::Policies, Some(policy)) = (pane, state.linked_policy()) {
            state.data.policies.focus(&policy);
        }
        if let (Pane::Guests, Some(guest)) = (pane, state.linked_guest()) {
            state.data.guests.focus(&guest);
        }
    }
    state.focus = pane;
    state.detail.open = false;
}

fn open(state: &mut State) {
    if state.wide() {
        state.detail.beside = true;
    } else {
        state.detail.open = !state.pane_empty(state.focus);
    }
}

/// One step back: what covers most goes first.
fn back(state: &mut State) {
    if state.detail.open {
        state.detail.open = false;
    } else if !state.notices.errors.is_empty() {
        state.notices.errors.remove(0);
    } else if on_table!(state, table => table.clear_marks()) {
    } else {
        on_table!(state, table => if !table.filter().is_empty() { table.set_filter(Filter::default()) });
    }
}

fn filter(state: &mut State) {
    state.detail.open = false;
    let before = on_table!(state, table => table.filter().clone());
    // A new filter is typed from nothing; the one that stands goes with the first key, and Esc brings it back.
    state.prompt = Some(Prompt {
        line: Line::default(),
        before,
        wrong: None,
    });
}

fn quit(state: &mut State) {
    if state.basket.is_empty() && state.sending.is_none() {
        state.over = true;
    } else {
        state.dialog = Some(Dialog::Quit(quit::Quit));
    }
}

/// The rows an act is for: the marked ones the filter shows, else the one under the cursor.
fn chosen<R: Row + Clone>(table: &Table<R>) -> Vec<R> {
    let marked = table.marked_visible();
    if marked.is_empty() {
        table.focused().cloned().into_iter().collect()
    } else {
        marked.into_iter().cloned().collect()
    }
}

/// Takes the marks of the rows that were acted on away, or steps on from the one row.
fn acted<R: Row>(table: &mut Table<R>, ids: &[R::Id]) {
    if table.any_marked_visible() {
        table.unmark(ids.iter());
    } else {
        table.step(1);
    }
}

fn decide(state: &mut State, verdict: Verdict) {
    let rows = chosen(&state.data.requests);
    let (mut staged, mut others, mut unread, mut busy) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut ids = Vec::new();
    for row in &rows {
        if row.request.stages.is_none() {
            unread += 1;
            continue;
        }
        if !row.request.mine() {
            others += 1;
            continue;
        }
        let done = state.basket.stage(
            Target::Request(row.request.id.clone()),
            decision(row, verdict),
        );
        if done {
            staged += 1;
            ids.push(row.request.id.clone());
        } else {
            busy += 1;
        }
    }
    acted(&mut state.data.requests, &ids);
    if others + unread + busy > 0 {
        let mut words = format!("{staged} staged");
        if unread > 0 {
            words = format!("{words}, {unread} whose stages are still being read");
        }
        if others > 0 {
            words = format!("{words}, {others} not yours to decide now");
        }
        if busy > 0 {
            words = format!("{words}, {busy} being sent already");
        }
        state.say(Grade::Note, words);
    }
}

fn decision(row: &RequestRow, verdict: Verdict) -> Decision {
    Decision {
        verdict,
        reason: None,
        name: row.request.requestor.name.clone(),
        mail: row.request.requestor.mail.clone(),
        stage: row
            .request
            .current_stage()
            .map(|(_, stage)| stage.id.clone()),
        reason_required: row.reason_required,
        failed: None,
        sending: false,
    }
}

fn revoke(state: &mut State, strength: Strength) {
    let rows = chosen(&state.data.guests);
    let mut ids = Vec::new();
    let mut blocked = 0_usize;
    for row in &rows {
        if strength == Strength::Block && !row.guest.enabled {
            blocked += 1;
            continue;
        }
        let staged = Decision {
            verdict: Verdict::Revoke(strength),
            reason: None,
            name: row.guest.name.clone(),
            mail: row.guest.address().into(),
            stage: None,
            reason_required: false,
            failed: None,
            sending: false,
        };
        if state
            .basket
            .stage(Target::Guest(row.guest.id.clone()), staged)
        {
            ids.push(row.guest.id.clone());
        }
    }
    acted(&mut state.data.guests, &ids);
    if blocked > 0 {
        state.say(
            Grade::Note,
            format!("{} staged, {blocked} blocked already", ids.len()),
        );
    }
}

fn unstage(state: &mut State) {
    let targets: Vec<Target> = match state.focus {
        Pane::Requests => chosen(&state.data.requests)
            .into_iter()
            .map(|row| Target::Request(row.request.id))
            .collect(),
        Pane::Guests => chosen(&state.data.guests)
            .into_iter()
            .map(|row| Target::Guest(row.guest.id))
            .collect(),
        Pane::Policies | Pane::Journal => Vec::new(),
    };
    let taken = targets
        .iter()
        .filter(|target| state.basket.unstage(target))
        .count();
    if taken == 0 {
        state.say(Grade::Note, "Nothing is staged here");
    }
}

fn revoke_menu(state: &State) -> Menu {
    let rows = chosen(&state.data.guests);
    let title = match rows.as_slice() {
        [one] => format!(
            "Revoke the access of {}",
            one.guest.name.or(&one.guest.mail)
        ),
        many => format!("Revoke the access of {} guests", many.len()),
    };
    let choice = |key, label: &str, hint: &str, strength| Choice {
        key,
        label: label.into(),
        hint: hint.into(),
        pick: Pick::Revoke(strength),
    };
    Menu {
        title,
        choices: vec![
            choice(
                'b',
                "block sign-in",
                "keeps the account and what it has; undone by unblocking",
                Strength::Block,
            ),
            choice(
                'd',
                "delete the account",
                "restorable for 30 days, then gone",
                Strength::Delete,
            ),
        ],
        cursor: 0,
    }
}

/// A key for each word: its first letter that is free and does not move the menu's cursor or close it.
fn letters(words: &[&str]) -> Vec<char> {
    let mut taken = vec!['j', 'k', 'q'];
    for word in words {
        let free = word.chars().chain('a'..='z').find(|c| !taken.contains(c));
        taken.extend(free);
    }
    taken.split_off(3)
}

fn sort_menu(state: &State) -> Menu {
    fn choices<R: Row>(table: &Table<R>) -> (Vec<Choice>, usize) {
        let sort = table.sort();
        let keys = letters(R::COLUMNS);
        let choices = R::COLUMNS.iter().enumerate().map(|(at, column)| Choice {
            key: keys[at],
            label: (*column).to_owned(),
            hint: match (*column == sort.column, sort.descending) {
                (true, false) => "now; again turns it round".into(),
                (true, true) => "now, turned round".into(),
                _ => String::new(),
            },
            pick: Pick::Sort(column),
        });
        let cursor = R::COLUMNS
            .iter()
            .position(|column| *column == sort.column)
            .unwrap_or(0);
        (choices.collect(), cursor)
    }
    let (choices, cursor) = match state.focus {
        Pane::Requests => choices(&state.data.requests),
        Pane::Policies => choices(&state.data.policies),
        Pane::Guests => choices(&state.data.guests),
        Pane::Journal => choices(&state.data.journal),
    };
    Menu {
        title: format!("Sort {} by", state.focus.title().to_lowercase()),
        choices,
        cursor,
    }
}

/// What can be copied of the focused row, the commonest first.
fn copies(state: &State) -> Vec<(char, &'static str, Secret)> {
    let mut found: Vec<(char, &'static str, String)> = Vec::new();
    match state.focus {
        Pane::Requests => {
            if let Some(row) = state.data.requests.focused() {
                let person = &row.request.requestor;
                found.push(('m', "mail address", person.mail.to_string()));
                found.push(('n', "name", person.name.to_string()));
                found.push(('d', "domain", row.domain.clone()));
                found.push(('r', "request id", row.request.id.to_string()));
                found.extend(
                    state
                        .linked_policy()
                        .and_then(|policy| state.request_link(&policy))
                        .map(|l| ('l', "request link", l)),
                );
            }
        }
        Pane::Policies => {
            if let Some(row) = state.data.policies.focused() {
                found.extend(
                    state
                        .request_link(&row.policy.id)
                        .map(|link| ('l', "request link", link)),
                );
                found.push(('n', "name", row.policy.name.to_string()));
                found.push(('i', "policy id", row.policy.id.to_string()));
            }
        }
        Pane::Guests => {
            if let Some(row) = state.data.guests.focused() {
                found.push(('m', "mail address", row.guest.address()));
                found.push(('n', "name", row.guest.name.to_string()));
                found.push(('d', "domain", row.guest.domain()));
                found.push(('i', "user id", row.guest.id.to_string()));
                found.push(('p', "principal name", row.guest.upn.to_string()));
            }
        }
        Pane::Journal => {
            if let Some(row) = state.data.journal.focused() {
                found.push(('t', "target", row.target.to_string()));
                found.push(('c', "client-request-id", row.client_request_id.to_string()));
                found.push(('r', "request-id", row.request_id.to_string()));
            }
        }
    }
    let mut copies: Vec<_> = found
        .into_iter()
        .filter(|(_, _, value)| !value.is_empty())
        .map(|(key, what, value)| (key, what, Secret::new(&value)))
        .collect();
    copies.extend(
        invite::link_of(state).map(|link| ('y', "redeem link of the last invitation", link)),
    );
    copies
}

fn copy_first(state: &mut State) -> Vec<Effect> {
    match copies(state).into_iter().next() {
        Some((_, what, value)) => pick(state, Pick::Copy(value, what)),
        None => {
            state.say(Grade::Note, "There is nothing to copy here");
            Vec::new()
        }
    }
}

fn copy_menu(state: &State) -> Menu {
    let choices = copies(state).into_iter().map(|(key, what, value)| {
        let hint = if what.starts_with("redeem") {
            String::new()
        } else {
            value.reveal().to_owned()
        };
        Choice {
            key,
            label: what.to_owned(),
            hint,
            pick: Pick::Copy(value, what),
        }
    });
    Menu {
        title: "Copy".into(),
        choices: choices.collect(),
        cursor: 0,
    }
}

/// Does what was picked in a menu.
pub(super) fn pick(state: &mut State, pick: Pick) -> Vec<Effect> {
    match pick {
        Pick::Revoke(strength) => revoke(state, strength),
        Pick::Sort(column) => on_table!(state, table => {
            let now = table.sort();
            let descending = now.column == column && !now.descending;
            table.set_sort(Sort { column, descending });
        }),
        Pick::Copy(value, what) => {
            // The link itself is not repeated on screen: whoever sees it can use it.
            let shown = if what.starts_with("redeem") {
                String::new()
            } else {
                format!(": {}", value.reveal())
            };
            state.say(Grade::Good, format!("Copied the {what}{shown}"));
            return vec![Effect::Copy(value)];
        }
    }
    Vec::new()
}
