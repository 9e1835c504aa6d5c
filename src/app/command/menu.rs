//! The menus that ask what exactly is meant.

use super::stage::chosen;
use crate::acts::{ActKind, ActSubject};
use crate::app::dialog::menu::{Choice, Menu, Pick};
use crate::app::state::{Pane, State, on_table};
use crate::inventory::rows::GuestRow;
use crate::inventory::table::{Row, Table};
use crate::worker::protocol::Whose;

/// What `x` offers on the chosen guests: every act on guests that takes access away, and what gives it back.
pub(super) fn revoke_menu(state: &State) -> Menu {
    let rows = chosen(&state.data.guests);
    let title = match rows.as_slice() {
        [one] => format!(
            "Revoke the access of {}",
            one.guest.name.or(&one.guest.mail)
        ),
        many => format!("Revoke the access of {} guests", many.len()),
    };
    let may = |kind: ActKind| {
        let may = |row: &GuestRow| kind.about().may(&ActSubject::Guest(&row.guest), state.now);
        rows.iter().any(|row| may(row).is_ok())
    };
    // Nobody is offered what is so already; what can be done with some of many is offered.
    let choice = |kind: ActKind| {
        let offered = kind.about().offered.as_ref().filter(|_| may(kind))?;
        Some(Choice {
            key: offered.key,
            label: offered.label.into(),
            hint: match state.not_permitted(kind.about().need) {
                Some(why) => format!("off: {why}"),
                None => offered.hint.into(),
            },
            pick: Pick::Act(kind),
        })
    };
    Menu {
        title,
        choices: ActKind::ALL.iter().copied().filter_map(choice).collect(),
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

/// Whose accounts the list of guests can show.
fn whose_menu(state: &State) -> Menu {
    let shown = state.data.guests.scope();
    let keys = letters(&Whose::ALL.map(Whose::word));
    let choices = Whose::ALL.into_iter().zip(keys).map(|(whose, key)| Choice {
        key,
        label: whose.word().into(),
        hint: whose.about().into(),
        pick: Pick::Whose(whose),
    });
    Menu {
        title: "Show".into(),
        choices: choices.collect(),
        cursor: Whose::ALL
            .iter()
            .position(|whose| whose == shown)
            .unwrap_or(0),
    }
}

/// What the list with the keyboard can show: of guests whose accounts, else the views of the queue.
pub(super) fn view_menu(state: &State) -> Menu {
    if state.screen.focus == Pane::Guests {
        return whose_menu(state);
    }
    let names: Vec<&str> = state
        .setup
        .views
        .iter()
        .map(|view| view.name.as_str())
        .collect();
    let keys = letters(&names);
    let choices = state
        .setup
        .views
        .iter()
        .enumerate()
        .map(|(at, view)| Choice {
            // A view more than there are letters is picked with the cursor.
            key: keys.get(at).copied().unwrap_or('\0'),
            label: view.name.clone(),
            hint: view.about(),
            pick: Pick::View(at),
        });
    Menu {
        title: "Show".into(),
        choices: choices.collect(),
        cursor: state.screen.viewed,
    }
}

pub(super) fn profile_menu(state: &State) -> Menu {
    let profiles = &state.setup.profiles;
    let names: Vec<&str> = profiles.all.iter().map(|(name, _)| name.as_str()).collect();
    let keys = letters(&names);
    let choices = profiles.all.iter().zip(keys).map(|((name, tenant), key)| {
        let here = profiles.current.as_ref() == Some(name);
        Choice {
            key,
            label: name.clone(),
            hint: if here {
                format!("{tenant}; you are here")
            } else {
                tenant.clone()
            },
            pick: Pick::Profile(name.clone()),
        }
    });
    let here = |(name, _): &(String, String)| profiles.current.as_ref() == Some(name);
    Menu {
        title: "Go to the tenant of".into(),
        choices: choices.collect(),
        cursor: profiles.all.iter().position(here).unwrap_or(0),
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
    let (choices, cursor) = on_table!(&state, state.screen.focus, table => choices(table));
    Menu {
        title: format!("Sort {} by", state.screen.focus.title().to_lowercase()),
        choices,
        cursor,
    }
}

#[cfg(test)]
mod tests {
    use crate::app::available;
    use crate::app::keymap::Command;
    use crate::app::state::{Profiles, World};
    use crate::app::tests::{press, state};

    #[test]
    fn another_profile_is_picked_by_its_letter_and_its_console_opens_next() {
        let mut state = state();
        let why = available(&state, Command::SwitchTenant).unwrap_err();
        assert!(why.starts_with("the demo is a world of its own"), "{why}");
        state.setup.world = World::Live;
        let profile = |name: &str| (name.to_owned(), format!("{name}.example"));
        state.setup.profiles = Profiles {
            all: vec![profile("contoso"), profile("fabrikam")],
            current: Some("contoso".into()),
        };
        press(&mut state, ":switch-tenant<Enter>");
        press(&mut state, "<Enter>");
        assert!(!state.over, "one is there already");
        press(&mut state, ":switch-tenant<Enter>f");
        assert!(state.over);
        assert_eq!(state.next_profile.as_deref(), Some("fabrikam"));
    }

    #[test]
    fn with_one_profile_there_is_nowhere_to_go() {
        let mut state = state();
        state.setup.world = World::Live;
        state.setup.profiles = Profiles {
            all: vec![("contoso".into(), "contoso.com".into())],
            current: Some("contoso".into()),
        };
        let why = available(&state, Command::SwitchTenant).unwrap_err();
        assert!(why.contains("no other profile"), "{why}");
    }
}
