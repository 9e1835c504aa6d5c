//! The emulator stands on its own: it uses nothing of the product, and shares no name with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The text of each file of the program; whether it is the emulator's comes first.
fn sources() -> Vec<(bool, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, emulator) = (Vec::new(), src.join("emulator"));
    files(&src, &mut found);
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.starts_with(&emulator), path, text)
    };
    found.into_iter().map(read).collect()
}

/// The types that a file defines, but for those that a trait names.
fn types(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub").map_or(line, |rest| {
            let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
            rest.map_or_else(
                || line.trim_start_matches("pub").trim_start(),
                |(_, rest)| rest.trim_start(),
            )
        });
        let (word, rest) = line.split_once(' ')?;
        let end = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        let name = &rest[..end];
        let of_a_trait = word == "type" && ["Err", "Error", "Item", "Output"].contains(&name);
        (["struct", "enum", "trait", "type"].contains(&word) && !of_a_trait).then_some(name)
    })
}

#[test]
fn it_imports_nothing_of_the_product() {
    let sources = sources();
    let emulator = sources.iter().filter(|(emulator, ..)| *emulator);
    assert!(emulator.clone().count() > 40);
    for (_, path, text) in emulator {
        let others = text.matches("crate::").count() - text.matches("crate::emulator").count();
        assert_eq!(others, 0, "{} uses the product", path.display());
    }
}

#[test]
fn each_of_its_types_has_a_name_of_its_own() {
    let sources = sources();
    let mut own = BTreeSet::new();
    for (_, path, text) in sources.iter().filter(|(emulator, ..)| *emulator) {
        for name in types(text) {
            assert!(own.insert(name), "{name} again in {}", path.display());
        }
    }
    assert!(own.contains("Emulator") && own.contains("FaultRule") && own.len() > 80);
    for (_, path, text) in sources.iter().filter(|(emulator, ..)| !emulator) {
        for name in types(text) {
            assert!(
                !own.contains(name),
                "{name} in {} is the emulator's",
                path.display()
            );
        }
    }
}
