//! The console's mind: [`State`], and [`update`], which is the only thing that changes it.
//!
//! A key becomes a [`keymap::Command`], a command one arm in `command.rs`; a reply of the worker one arm in
//! `reply.rs`. Nothing here draws, waits, writes or asks a clock: what must happen outside is returned as
//! [`Effect`]s, and time comes in with each [`Event`].

pub mod arrivals;
mod available;
pub mod basket;
mod command;
pub mod detail;
pub mod dialog;
mod effect;
pub mod jobs;
pub mod key;
pub mod keymap;
pub mod layout;
mod linked;
mod load;
mod mode;
mod pane_row;
pub mod prompt;
pub mod reason;
mod reply;
mod research;
pub mod rules;
pub mod sends;
mod sight;
pub mod signin;
pub mod state;
mod suggest;
#[cfg(test)]
mod tests;
pub mod view;
pub mod wrap;

pub use self::available::{available, nudgeable};
pub use self::effect::{Effect, Event, What};
pub use self::mode::{mode_words, read_only};
pub use self::state::{Start, State};

use self::basket::keeping;
use self::dialog::keys::find;
use self::jobs::Purpose;
use self::key::{Key, KeyCode};
use self::prompt::{FILTERING, PromptKey};
use self::state::{Focus, Grade, REST, on_table};
use crate::inventory::filter::Filter;
use crate::inventory::table::{Row, Table};
use crate::worker::protocol::Ask;

/// Takes one event into the state and says what must happen outside.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    // A clock that was set back does not make ages negative.
    state.now = state.now.max(event.at);
    let mut effects = match event.what {
        What::Started => {
            let mut effects = load::everything(state);
            effects.push(state.ask(Purpose::Settle, Ask::Settle));
            effects
        }
        What::Key(key) => {
            let effects = self::key(state, key);
            signin::asked(state, &effects);
            arrivals::rested(state);
            effects
        }
        What::Paste(words) => {
            paste(state, &words);
            Vec::new()
        }
        What::Resize(width, height) => {
            state.screen.size = (width, height);
            if !state.wide() && state.screen.detail.beside {
                state.screen.detail.scroll = 0;
            }
            Vec::new()
        }
        What::Reply(reply) => reply::take(state, reply),
        What::SignIn(step) => signin::step(state, step),
        What::SignedOut(result) => {
            signin::signed_out(state, result);
            Vec::new()
        }
        What::Rules(rules) => {
            suggest::suggest(state, rules);
            Vec::new()
        }
        What::Tick => tick(state),
        What::Told(words) => {
            state.say(Grade::Error, words);
            Vec::new()
        }
        What::Terminate => {
            state.over = true;
            state.sends.stop().into_iter().map(Effect::Cancel).collect()
        }
    };
    effects.extend(sight::look_closer(state));
    effects.extend(research::next(state));
    effects.extend(if state.over {
        keeping::keep_now(state)
    } else {
        keeping::keep(state)
    });
    state.fit();
    effects.extend(sight::look(state));
    effects
}

fn key(state: &mut State, key: Key) -> Vec<Effect> {
    state.screen.touched = true;
    if state.too_small() {
        // Nothing can be seen, so nothing is done; one can still leave.
        if state.setup.keymap.command(key) == Some(keymap::Command::Quit) {
            return command::run(state, keymap::Command::Quit);
        }
        return Vec::new();
    }
    state.said.notices.toast = None;
    if state.sign_in.dialog.is_some() {
        return match state.setup.keymap.anywhere(key) {
            Some(command) if command != keymap::Command::SignIn => command::run(state, command),
            _ => dialog::signin::key(state, key),
        };
    }
    let anywhere = state.setup.keymap.anywhere(key);
    // Wherever one is typing: what is typed stays below.
    if anywhere == Some(keymap::Command::SignIn) {
        return command::run(state, keymap::Command::SignIn);
    }
    // The sign-in dialog went away by itself, perhaps just as one wanted to leave it.
    if std::mem::take(&mut state.sign_in.just_closed) && key.code == KeyCode::Esc {
        return Vec::new();
    }
    if state.screen.prompt.is_some() {
        filter_key(state, key);
        return Vec::new();
    }
    if let Some(command) = anywhere {
        return command::run(state, command);
    }
    if state.screen.dialog.is_some() {
        return dialog::key(state, key);
    }
    let before = state.focused();
    let looked_at = state.looked_at();
    // Whatever the key does, it does it to the row under the cursor.
    let resting = state.screen.resting.take();
    let effects = match state.setup.keymap.command(key) {
        Some(command) => command::run(state, command),
        None => {
            let help = state.setup.keymap.key(keymap::Command::Help);
            state.say(
                Grade::Note,
                format!("{key} does nothing here; {help} lists the keys"),
            );
            Vec::new()
        }
    };
    if state.focused() == before {
        state.screen.resting = resting;
    } else {
        follow(state, before.as_ref(), looked_at);
    }
    effects
}

/// A paste goes into an input. Outside of one it does nothing, whatever keys its letters would be.
fn paste(state: &mut State, words: &str) {
    if state.too_small() {
        return;
    }
    if state.sign_in.dialog.is_some() {
        state.say(Grade::Note, "A paste does nothing here");
    } else if let Some(prompt) = &mut state.screen.prompt {
        prompt.line.paste(words);
        apply_filter(state);
    } else if state.screen.dialog.is_some() {
        dialog::paste(state, words);
    } else {
        let filter = state.setup.keymap.key(keymap::Command::Filter);
        let palette = state.setup.keymap.key(keymap::Command::Palette);
        let words = format!("A paste does nothing here; press {filter} or {palette} first");
        state.say(Grade::Note, words);
    }
}

fn filter_key(state: &mut State, key: Key) {
    let Some(prompt) = &mut state.screen.prompt else {
        return;
    };
    match find(FILTERING, key).map(|row| row.means) {
        Some(PromptKey::Keep) => {
            prompt::remember(&mut state.screen.filters, prompt.line.value());
            apply_filter(state);
            if state
                .screen
                .prompt
                .as_ref()
                .is_some_and(|prompt| prompt.wrong.is_none())
            {
                state.screen.prompt = None;
            }
        }
        Some(PromptKey::TakeBack) => leave_filter(state),
        Some(PromptKey::Down) if prompt.back > 0 => {
            prompt.look_back(-1, &state.screen.filters);
            apply_filter(state);
        }
        Some(PromptKey::Up) if prompt.looks_back() => {
            prompt.look_back(1, &state.screen.filters);
            apply_filter(state);
        }
        Some(PromptKey::Complete) => {
            complete_filter(state);
            apply_filter(state);
        }
        Some(PromptKey::Down) => on_table!(state, table => table.step(1)),
        Some(PromptKey::Up) => on_table!(state, table => table.step(-1)),
        Some(PromptKey::Type) => {
            prompt.typed(key);
            apply_filter(state);
        }
        None => {}
    }
}

fn leave_filter(state: &mut State) {
    if let Some(prompt) = state.screen.prompt.take() {
        on_table!(state, table => table.set_filter(prompt.before));
    }
}

fn complete_filter(state: &mut State) {
    fn ways<R: Row>(_: &Table<R>) -> fn(&str) -> Vec<String> {
        Filter::completions::<R>
    }
    let ways = on_table!(state, table => ways(table));
    if let Some(prompt) = &mut state.screen.prompt {
        prompt.complete(ways);
    }
}

fn apply_filter(state: &mut State) {
    fn columns<R: Row>(_: &Table<R>) -> &'static [&'static str] {
        R::COLUMNS
    }
    let Some(mut prompt) = state.screen.prompt.take() else {
        return;
    };
    let now = state.now;
    on_table!(state, table => {
        table.touch();
        match Filter::parse(prompt.line.value(), columns(table), now) {
            Ok(filter) => {
                prompt.wrong = None;
                table.set_filter(filter);
            }
            Err(wrong) => {
                // What cannot be read narrows nothing; not by the letters typed before it went wrong either.
                prompt.wrong = Some(wrong);
                table.set_filter(prompt.before.clone());
            }
        }
    });
    state.screen.prompt = Some(prompt);
}

fn tick(state: &mut State) -> Vec<Effect> {
    if state
        .said
        .waiting
        .as_ref()
        .is_some_and(|(until, _)| *until <= state.now)
    {
        state.said.waiting = None;
    }
    if state
        .screen
        .resting
        .as_ref()
        .is_some_and(|(_, until)| *until <= state.now)
    {
        rest(state);
        arrivals::rested(state);
    }
    let due = state.refresh_at().is_some_and(|at| at <= state.now);
    if due { load::queue(state) } else { Vec::new() }
}

/// After a key: a cursor that has moved within its list takes Detail along when it rests.
fn follow(state: &mut State, before: Option<&Focus>, looked_at: Option<Focus>) {
    let after = state.focused();
    let same_list = match (before, &after) {
        (Some(before), Some(after)) => {
            std::mem::discriminant(before) == std::mem::discriminant(after)
        }
        _ => false,
    };
    let until = state.now.checked_add(REST).ok();
    match (looked_at, until) {
        (Some(shown), Some(until))
            if same_list && state.wide() && state.screen.dialog.is_none() =>
        {
            state.screen.resting = Some((shown, until));
        }
        _ => rest(state),
    }
}

/// Detail shows the row under the cursor, from its top.
fn rest(state: &mut State) {
    state.screen.resting = None;
    state.screen.detail.scroll = 0;
}
