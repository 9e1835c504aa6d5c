//! The user's own keys: command name to keys, held against the keymap.

use std::collections::BTreeMap;

use super::table::{TomlTable, ValueAtLine, offer};
use crate::app::key::Key;
pub use crate::app::keymap::Keys;
use crate::app::keymap::{Command, Group, KeymapRow, commands};

/// Reads `[keys]`. What cannot be is noted as a mistake and left out.
pub(super) fn read(table: &TomlTable<'_>) -> Keys {
    let mut keys = Keys::new();
    let mut lines = BTreeMap::new();
    for (name, ValueAtLine { value, line }) in table.lists() {
        let wrong = |words: &str| table.source().wrong(line, words);
        let Some(row) = commands().iter().find(|row| row.name == name) else {
            let offer = offer(name, commands().iter().map(|row| row.name));
            wrong(&format!("there is no command \"{name}\"; {offer}"));
            continue;
        };
        if value.is_empty() && matches!(row.command, Command::Quit | Command::Palette) {
            wrong(&format!(
                "\"{name}\" needs a key: without one nobody finds the way out"
            ));
            continue;
        }
        let fit = |written: &String| match written.parse::<Key>() {
            Err(error) => {
                wrong(&error.to_string());
                false
            }
            Ok(key) if key.ctrl && row.group == Group::Decide => {
                wrong(&format!(
                    "\"{written}\" cannot be {name}: no decision sits on a Ctrl key"
                ));
                false
            }
            Ok(_) => true,
        };
        keys.insert(name.to_owned(), value.into_iter().filter(fit).collect());
        lines.insert(name.to_owned(), line);
    }
    for (name, line) in lines {
        for written in &keys[&name] {
            if let Some(other) = owner(&keys, written, &name) {
                let words = format!(
                    "\"{written}\" cannot be {name}: it is {other} already; give {other} another key"
                );
                table.source().wrong(line, &words);
            }
        }
    }
    keys
}

/// The command, other than `name`, that a key means under these settings.
fn owner(keys: &Keys, written: &str, name: &str) -> Option<&'static str> {
    let key: Key = written.parse().ok()?;
    let means = |written: &str| written.parse::<Key>().is_ok_and(|bound| bound == key);
    let bound = |row: &KeymapRow| match keys.get(row.name) {
        Some(own) => own.iter().any(|written| means(written)),
        None => row.keys.iter().any(|written| means(written)),
    };
    let mut others = commands().iter().filter(|row| row.name != name);
    others.find(|row| bound(row)).map(|row| row.name)
}
