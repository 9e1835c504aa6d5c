//! The table of permissions against Microsoft's own.

use std::collections::HashMap;
use std::path::Path;

use guestlist::acts::needs;
use guestlist::domain::permission::Permission;

struct Row {
    delegated: Vec<String>,
    application: Vec<String>,
}

fn published() -> Option<HashMap<(String, String), Row>> {
    let Some(folder) = std::env::var_os("GUESTLIST_GRAPH_DESCRIPTION") else {
        println!("permissions not compared: GUESTLIST_GRAPH_DESCRIPTION is not set");
        return None;
    };
    let text = std::fs::read_to_string(Path::new(&folder).join("permissions.tsv")).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let both = |least: usize, higher: usize| {
            let all = [cells[least], cells[higher]];
            let names = all.iter().flat_map(|cell| cell.split(','));
            names
                .filter(|name| !name.is_empty() && *name != "not supported")
                .map(str::to_owned)
                .collect()
        };
        let row = Row {
            delegated: both(2, 3),
            application: both(4, 5),
        };
        ((cells[0].to_owned(), cells[1].to_owned()), row)
    });
    Some(rows.collect())
}

#[test]
fn every_call_is_covered_by_what_its_command_asks_for() {
    let Some(published) = published() else { return };
    for need in needs() {
        for (method, path) in need.calls {
            let row = published
                .get(&((*method).to_owned(), (*path).to_owned()))
                .unwrap_or_else(|| panic!("{method} {path} is not in the list"));
            let covered = |asked: &[Permission], takes: &[String]| {
                asked
                    .iter()
                    .any(|one| takes.iter().any(|t| t == one.as_str()))
            };
            assert!(
                covered(need.delegated, &row.delegated),
                "{}: {method} {path}",
                need.command
            );
            if let Some(roles) = need.application {
                assert!(
                    covered(roles, &row.application),
                    "{} (app): {method} {path}",
                    need.command
                );
            }
        }
        let apps_can = need.calls.iter().all(|(method, path)| {
            !published[&((*method).to_owned(), (*path).to_owned())]
                .application
                .is_empty()
        });
        assert_eq!(need.application.is_some(), apps_can, "{}", need.command);
        for asked in need.delegated {
            assert!(
                !matches!(
                    asked,
                    Permission::DirectoryReadWriteAll | Permission::UserReadWriteAll
                ),
                "{asked} is too much"
            );
        }
    }
}
