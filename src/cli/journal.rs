//! `guestlist journal …`

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args;
use super::failure::{Failure, sentence};
use super::out::{Array, Out, say, table};
use crate::domain::text::Text;
use crate::journal::{Journal, Record, RecordKind};
use crate::settings::Settings;

/// Runs one of them. The journal is on this machine: no tenant is needed to read it.
pub(super) fn run(command: &args::Journal, settings: &Settings) -> Result<(), Failure> {
    let args::Journal::List { limit, json } = *command;
    let (journal, warnings) = Journal::open(&settings.state_dir)?;
    for warning in warnings {
        say(&sentence(&warning.to_string()));
    }
    for damage in journal.verify()?.damage {
        say(&sentence(&damage.to_string()));
    }
    let records = journal.read_all()?.records;
    let newest = &records[records.len().saturating_sub(limit)..];
    if json {
        let mut array = Array::open()?;
        for record in newest {
            // Under the names it has in the file.
            array.push(&serde_json::to_value(record).unwrap_or_default())?;
        }
        return Ok(array.close()?);
    }
    if newest.is_empty() {
        say("The journal is empty.");
        return Ok(());
    }
    let head = [
        "SEQ", "TIME", "KIND", "ACT", "TARGET", "NAME", "OUTCOME", "ACTOR", "REASON",
    ];
    let mut lines = vec![head.map(str::to_string).to_vec()];
    lines.extend(newest.iter().map(cells));
    Ok(table(&mut Out::new(), &lines)?)
}

fn cells(record: &Record) -> Vec<String> {
    let kind = match record.kind {
        RecordKind::Intent => "intent",
        RecordKind::Outcome => "outcome",
        RecordKind::Unrecognised => "?",
    };
    // Anybody may have edited the file.
    let clean = |words: &str| Text::new(words).to_string();
    let outcome = record.outcome.map(|outcome| outcome.to_string());
    vec![
        record.seq.to_string(),
        local(record.time),
        kind.into(),
        clean(&record.act),
        clean(&record.target),
        clean(&record.target_name),
        outcome.unwrap_or_default(),
        clean(&record.actor_name),
        clean(record.reason.as_deref().unwrap_or_default()),
    ]
}

fn local(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}
