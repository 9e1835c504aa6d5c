//! The menus that ask what exactly is meant.

use super::stage::chosen;
use crate::app::dialog::menu::{Choice, Menu, Pick};
use crate::app::state::{Pane, State};
use crate::app::table::{Row, Table};
use crate::domain::act::Strength;

pub(super) fn revoke_menu(state: &State) -> Menu {
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

pub(super) fn view_menu(state: &State) -> Menu {
    let names: Vec<&str> = state.views.iter().map(|view| view.name.as_str()).collect();
    let keys = letters(&names);
    let choices = state.views.iter().enumerate().map(|(at, view)| Choice {
        // A view more than there are letters is picked with the cursor.
        key: keys.get(at).copied().unwrap_or('\0'),
        label: view.name.clone(),
        hint: view.about(),
        pick: Pick::View(at),
    });
    Menu {
        title: "Show".into(),
        choices: choices.collect(),
        cursor: state.viewed,
    }
}

pub(super) fn sort_menu(state: &State) -> Menu {
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
