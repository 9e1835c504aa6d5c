//! `guestlist journal …`

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::Journal;
use super::connect::Link;
use super::failure::Failure;
use super::json;
use super::out::{Array, Out, say, table};
use crate::journal::{Kind, Record};
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// Runs one of them.
pub(super) fn run(command: &Journal, settings: &Settings) -> Result<(), Failure> {
    let Journal::List { limit, json } = *command;
    let mut link = Link::open(settings)?;
    let mut found: Vec<Record> = Vec::new();
    link.ask(Ask::Journal(limit), |answer| {
        if let Answer::Journal { records, warnings } = answer {
            found = records;
            for warning in warnings {
                say(&warning);
            }
        }
        Ok(())
    })?;
    if json {
        let mut array = Array::open()?;
        for record in &found {
            array.push(&json::record(record))?;
        }
        return Ok(array.close()?);
    }
    if found.is_empty() {
        say("The journal is empty.");
        return Ok(());
    }
    let head = [
        "SEQ", "TIME", "KIND", "ACT", "TARGET", "NAME", "OUTCOME", "ACTOR", "REASON",
    ];
    let mut lines = vec![head.map(str::to_string).to_vec()];
    lines.extend(found.iter().map(cells));
    Ok(table(&mut Out::new(), &lines)?)
}

fn cells(record: &Record) -> Vec<String> {
    let kind = match record.kind {
        Kind::Intent => "intent",
        Kind::Outcome => "outcome",
    };
    let clean = |words: &str| crate::domain::text::Text::new(words).to_string();
    vec![
        record.seq.to_string(),
        local(record.time),
        kind.into(),
        clean(&record.act),
        clean(&record.target),
        clean(&record.target_name),
        clean(record.outcome.as_deref().unwrap_or_default()),
        clean(&record.actor),
        clean(record.reason.as_deref().unwrap_or_default()),
    ]
}

fn local(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}
