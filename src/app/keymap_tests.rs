use std::collections::HashSet;

use super::*;

#[test]
fn every_key_is_a_key_and_means_one_thing() {
    let mut seen = HashSet::new();
    let keymap = Keymap::default();
    for row in commands() {
        for written in row.keys {
            let key: Key = written.parse().unwrap();
            assert!(seen.insert(*written), "{written} twice");
            assert_eq!(keymap.command(key), Some(row.command), "{written}");
        }
    }
}

#[test]
fn own_keys_take_the_place_of_the_tables() {
    let own = |name: &str, keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        (name.to_owned(), keys)
    };
    let keymap = Keymap::new(&Keys::from([
        own("approve", &["F5"]),
        own("sign-in", &["S"]),
        own("refresh", &[]),
    ]));
    assert_eq!(
        keymap.command("F5".parse().unwrap()),
        Some(Command::Act(ActKind::Approve))
    );
    assert_eq!(keymap.command(Key::char('a')), None);
    assert_eq!(keymap.key(Command::Act(ActKind::Approve)), "F5");
    assert_eq!(keymap.key(Command::Act(ActKind::Deny)), "d");
    assert_eq!(keymap.key(Command::Refresh), ":refresh");
    assert_eq!(keymap.key_while_typing(Command::SignIn), "S");
    assert_eq!(keymap.anywhere(Key::ctrl('o')), None);
    assert_eq!(keymap.anywhere(Key::ctrl('l')), Some(Command::Redraw));
}

#[test]
fn names_are_unique() {
    let names: HashSet<_> = commands().iter().map(|row| row.name).collect();
    assert_eq!(names.len(), commands().len());
}

#[test]
fn no_act_sits_on_a_control_key() {
    for row in commands().iter().filter(|row| row.group == Group::Decide) {
        assert!(
            row.keys.iter().all(|key| !key.starts_with("Ctrl")),
            "{}",
            row.name
        );
    }
}
