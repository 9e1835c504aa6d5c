//! The house itself: rooms stand only on rooms below them, and a name is one thing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file that is no test, by its path below `src`, without its tests and comments.
fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, into: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
                continue;
            }
            let below = path.strip_prefix(root()).unwrap().to_str().unwrap();
            if path.extension().is_none_or(|end| end != "rs") || below.contains("tests") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let code = product.lines().map(|line| line.split("//").next().unwrap());
            let code: Vec<&str> = code.collect();
            into.insert(below.to_owned(), code.join("\n"));
        }
    }
    let mut all = BTreeMap::new();
    walk(&root(), &mut all);
    assert!(all.len() > 300, "the sources were found");
    all
}

/// The room a file is in.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The rooms that some code names.
fn named(code: &str) -> BTreeSet<String> {
    let first = |path: &str| -> String {
        let end = path.find(|c: char| !c.is_alphanumeric() && c != '_');
        path[..end.unwrap_or(path.len())].to_owned()
    };
    let mut rooms: BTreeSet<String> = code.split("crate::").skip(1).map(first).collect();
    let groups = code.split("crate::{").skip(1);
    for group in groups.filter_map(|rest| rest.split('}').next()) {
        rooms.extend(group.split(',').map(|part| first(part.trim())));
    }
    rooms.remove("");
    rooms
}

/// The arrows of the map in `lib.rs`: each room, and what it may stand on.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let map = fs::read_to_string(root().join("lib.rs")).unwrap();
    let rows = map
        .lines()
        .skip_while(|line| !line.contains("| room | stands on |"))
        .skip(2)
        .take_while(|line| line.starts_with("//! |"));
    let cell = |cell: &str| -> Vec<String> {
        let words = cell.split('`').skip(1).step_by(2);
        words.map(str::to_owned).collect()
    };
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').collect();
        let name = cell(cells[1]).remove(0);
        (name, cell(cells[2]).into_iter().collect())
    })
    .collect()
}

#[test]
fn rooms_stand_on_what_the_map_says_and_on_nothing_above() {
    let arrows = arrows();
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let sources = sources();
    for (file, code) in &sources {
        if room(file) == "lib" || room(file) == "main" {
            continue;
        }
        let stands = seen.entry(room(file)).or_default();
        stands.extend(named(code).into_iter().filter(|name| name != room(file)));
    }
    for (room, stands) in &seen {
        let may = arrows
            .get(*room)
            .unwrap_or_else(|| panic!("{room} is not in the map of lib.rs"));
        assert_eq!(
            stands, may,
            "{room}: what it uses, against what lib.rs says"
        );
    }
    // Taken away one after another, those that stand on nothing that is left: a circle would be left over.
    let mut left = arrows.clone();
    while !left.is_empty() {
        let ground: Vec<String> = left
            .iter()
            .filter(|(_, on)| on.iter().all(|on| !left.contains_key(on)))
            .map(|(room, _)| room.clone())
            .collect();
        assert!(!ground.is_empty(), "a circle of rooms: {:?}", left.keys());
        for room in ground {
            left.remove(&room);
        }
    }
}

#[test]
fn what_has_to_be_pure_names_no_network_terminal_clock_or_runtime() {
    let outside = [
        "tokio::",
        "reqwest::",
        "crossterm::",
        "ratatui::",
        "Timestamp::now",
        "SystemTime",
        "std::fs",
        "std::net",
        "Instant::now",
    ];
    for (file, code) in sources() {
        // What cannot be seen is drawn without a terminal; whether it may be known is asked here.
        if !["domain", "acts", "inventory", "app"].contains(&room(&file)) {
            continue;
        }
        for word in outside {
            assert!(!code.contains(word), "{file} names {word}");
        }
    }
}

#[test]
fn the_circles_of_files_are_no_larger_than_they_were() {
    /// The largest circle of files by `use` in each room that has one. Smaller is better: then write the number down.
    const LARGEST: &[(&str, usize)] = &[
        ("app", 10),
        ("cli", 4),
        ("domain", 3),
        ("emulator", 20),
        ("graph", 3),
        ("inventory", 6),
        ("settings", 8),
        ("signin", 4),
        ("worker", 7),
    ];
    let circles = circles(&sources());
    println!("files in the largest circle: {circles:?}");
    for (room, size) in &circles {
        let known = LARGEST.iter().find(|(name, _)| name == room);
        let most = known.map_or(1, |(_, most)| *most);
        assert!(
            *size <= most,
            "{room}: {size} files in one circle, {most} before"
        );
    }
}

/// The size of the largest circle of files in each room, where that is more than one.
fn circles(sources: &BTreeMap<String, String>) -> BTreeMap<String, usize> {
    let module = |file: &str| -> String {
        let path = file.trim_end_matches(".rs").replace('/', "::");
        path.trim_end_matches("::mod").to_owned()
    };
    let modules: BTreeMap<String, &String> = sources
        .iter()
        .map(|(file, code)| (module(file), code))
        .collect();
    // The module a path leads to: the longest beginning of it that is one.
    let lead = |path: &str| -> Option<String> {
        let parts: Vec<&str> = path.split("::").collect();
        (1..=parts.len())
            .rev()
            .map(|count| parts[..count].join("::"))
            .find(|path| modules.contains_key(path))
    };
    let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, code) in &modules {
        let mut to = BTreeSet::new();
        for line in used(code) {
            let path = absolute(name, &line);
            if let Some(target) = lead(&path).filter(|target| target != name) {
                // That a room's files know the room's own head is no circle of theirs.
                if !name.starts_with(&format!("{target}::")) || path != target {
                    to.insert(target);
                }
            }
        }
        edges.insert(name, to);
    }
    let reaches = |from: &str| -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open = vec![from.to_owned()];
        while let Some(at) = open.pop() {
            for to in edges.get(at.as_str()).into_iter().flatten() {
                if reached.insert(to.clone()) {
                    open.push(to.clone());
                }
            }
        }
        reached
    };
    let all: BTreeMap<&str, BTreeSet<String>> =
        edges.keys().map(|name| (*name, reaches(name))).collect();
    let mut largest = BTreeMap::new();
    for (name, reached) in &all {
        let circle = reached
            .iter()
            .filter(|other| all[other.as_str()].contains(*name))
            .count();
        if circle > 1 {
            let room = name.split("::").next().unwrap().to_owned();
            let most = largest.entry(room).or_insert(0);
            *most = (*most).max(circle);
        }
    }
    largest
}

/// The paths that `use` names in some code, groups taken apart.
fn used(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for statement in code.split("use ").skip(1) {
        let Some(statement) = statement.split(';').next() else {
            continue;
        };
        let statement: String = statement.split_whitespace().collect();
        if let Some((head, group)) = statement.split_once('{') {
            for part in group.trim_end_matches('}').split(',') {
                let part = part.trim_end_matches('}');
                paths.push(format!("{head}{part}"));
            }
        } else {
            paths.push(statement);
        }
    }
    paths
}

/// A path from the crate's root on.
fn absolute(module: &str, path: &str) -> String {
    if let Some(rest) = path.strip_prefix("crate::") {
        return rest.to_owned();
    }
    if let Some(rest) = path.strip_prefix("self::") {
        return format!("{module}::{rest}");
    }
    let mut parts: Vec<&str> = module.split("::").collect();
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("super::") {
        parts.pop();
        rest = shorter;
    }
    if rest == path {
        // Of another crate.
        return String::new();
    }
    format!("{}::{rest}", parts.join("::"))
}

#[test]
fn a_types_name_stands_once_in_the_crate() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, code) in sources() {
        for line in code.lines() {
            let mut words = line.split_whitespace().peekable();
            if words.peek().is_some_and(|word| word.starts_with("pub")) {
                words.next();
                // `pub(in crate::app)` is two words.
                if words.peek().is_some_and(|word| word.ends_with(')')) {
                    words.next();
                }
            }
            let kind = words.next().unwrap_or_default();
            let is_type = matches!(kind, "struct" | "enum" | "trait")
                || (kind == "type" && !line.starts_with(' '));
            if !is_type {
                continue;
            }
            let name = words.next().unwrap_or_default();
            let end = name
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(name.len());
            if end == 0 {
                // A name that a macro is given.
                continue;
            }
            places
                .entry(name[..end].to_owned())
                .or_default()
                .push(file.clone());
        }
    }
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}
