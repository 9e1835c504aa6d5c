//! How the queue is shown: columns, saved views, and what a new arrival does.

use jiff::Timestamp;

use super::table::{TomlTable, ValueAtLine, offer};
use crate::app::view::{Bell, QueueSettings};
use crate::inventory::filter::Filter;
use crate::inventory::rows::RequestRow;
use crate::inventory::table::{Row, Sort};
use crate::inventory::view::{Base, View};

/// The words for what a new arrival does.
const BELLS: [(&str, Option<Bell>); 4] = [
    ("off", None),
    ("bell", Some(Bell::Bell)),
    ("osc9", Some(Bell::Osc9)),
    ("osc777", Some(Bell::Osc777)),
];

/// Reads `bell`, `[requests]` and `[views]`.
pub(super) fn read(table: &TomlTable<'_>) -> QueueSettings {
    let bell = table.word("bell", &BELLS).and_then(|found| found.value);
    let mut columns = Vec::new();
    if let Some(requests) = table.table("requests") {
        if let Some(found) = requests.words("columns") {
            columns = self::columns(&requests, found);
        }
        requests.end();
    }
    let tables = table.table("views").map(|views| views.tables());
    let views = tables
        .unwrap_or_default()
        .into_iter()
        .map(|(name, table)| view(name, table))
        .collect();
    QueueSettings {
        views,
        columns,
        bell,
    }
}

fn columns(
    table: &TomlTable<'_>,
    ValueAtLine { value, line }: ValueAtLine<Vec<String>>,
) -> Vec<&'static str> {
    let mut columns = Vec::new();
    for name in &value {
        match RequestRow::COLUMNS.iter().find(|column| *column == name) {
            Some(column) if columns.contains(column) => {
                let words = format!("\"{name}\" stands in \"columns\" twice");
                table.source().wrong(line, &words);
            }
            Some(column) => columns.push(*column),
            None => {
                let offer = offer(name, RequestRow::COLUMNS.iter().copied());
                let words = format!("there is no column \"{name}\"; {offer}");
                table.source().wrong(line, &words);
            }
        }
    }
    columns
}

fn view(name: &str, table: TomlTable<'_>) -> View {
    let line = table.line;
    let wrong = |line: usize, words: &str| table.source().wrong(line, words);
    if Base::named(name).is_some() {
        wrong(
            line,
            &format!("\"{name}\" is a view that is always there; give yours another name"),
        );
    }
    if name.trim().is_empty() || name.contains(char::is_whitespace) {
        wrong(
            line,
            "a view needs a name without spaces, such as [views.look-alikes]",
        );
    }
    let bases = Base::ALL.map(|base| (base.name(), base));
    let base = table
        .word("base", &bases)
        .map_or(Base::Pending, |found| found.value);
    let filter = table.text("filter");
    if let Some(found) = &filter
        && let Err(error) = Filter::of::<RequestRow>(&found.value, Timestamp::UNIX_EPOCH)
    {
        wrong(
            found.line,
            &format!("the filter of the view {name} cannot be read: {error}"),
        );
    }
    let sort = table.text("sort").and_then(|found| {
        let (descending, column) = match found.value.strip_prefix('-') {
            Some(column) => (true, column),
            None => (false, found.value.as_str()),
        };
        let known = RequestRow::COLUMNS.iter().find(|known| **known == column);
        if known.is_none() {
            let offer = offer(column, RequestRow::COLUMNS.iter().copied());
            wrong(
                found.line,
                &format!("\"sort\" cannot be \"{}\"; {offer}", found.value),
            );
        }
        known.map(|column| Sort { column, descending })
    });
    table.end();
    View {
        name: name.to_owned(),
        base,
        filter: filter.map(|found| found.value).unwrap_or_default(),
        sort: sort.unwrap_or(base.sort()),
    }
}
