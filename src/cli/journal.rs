//! `guestlist journal …`. The journal is on this machine: no tenant is needed to read it, only to go on with what is
//! half done.

mod chosen;
mod follow;

use std::io;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use self::chosen::Chosen;
use super::args::{JournalCommand, JournalList, Write};
use super::confirm::{ConfirmQuestion, confirm_chosen};
use super::connect::Link;
use super::failure::{Failure, sentence};
use super::out::{Array, Out, columns, say, widths};
use super::send::send;
use crate::acts::{Plan, Target};
use crate::domain::escape;
use crate::domain::text::Text;
use crate::journal::{Journal, Record, RecordKind};
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// How many are listed where nothing says how far back.
const NEWEST: usize = 100;

/// Runs one of them.
pub(super) fn run(command: &JournalCommand, settings: &Settings) -> Result<(), Failure> {
    match command {
        JournalCommand::List(args) => list(args, settings),
        JournalCommand::Verify { json } => verify(*json, settings),
        JournalCommand::Resume(write) => resume(*write, settings),
    }
}

/// Goes on with what was stopped on its way: only the steps that are left, each looked at before.
fn resume(write: Write, settings: &Settings) -> Result<(), Failure> {
    let mut link = Link::writing(settings)?;
    let mut half = Vec::new();
    link.ask(Ask::HalfDone, |answer| {
        if let Answer::HalfDone(plans) = answer {
            half = plans;
        }
        Ok(())
    })?;
    if half.is_empty() {
        say("Nothing is half done.");
        return Ok(());
    }
    let left = |plan: &Plan| {
        let left: Vec<&str> = plan.steps.iter().map(|act| act.about().verb).collect();
        let target = plan.target();
        let id = target.as_ref().map_or("", Target::as_str);
        format!("{id}  {}: {}", plan.name, left.join(", then "))
    };
    let shown: Vec<String> = half.iter().map(left).collect();
    let plural = if half.len() == 1 { "" } else { "s" };
    let head = format!("Go on with {} act{plural}?", half.len());
    confirm_chosen(&ConfirmQuestion::new(head, &shown), write.yes)?;
    send(&mut link, half, write)
}

/// Checks the chain; what does not fit is a failure.
fn verify(as_json: bool, settings: &Settings) -> Result<(), Failure> {
    let found = Journal::inspect(&settings.state_dir)?;
    let first = found.damage.first().map(ToString::to_string);
    if as_json {
        let damage = found.damage.iter().map(
            |damage| json!({ "line": damage.line, "what": damage.what, "words": damage.to_string() }),
        );
        let mut array = Array::open()?;
        array.push(&json!({
            "lines": found.lines,
            "newer": found.newer,
            "whole": found.damage.is_empty(),
            "damage": damage.collect::<Vec<_>>(),
            "head": found.head,
        }))?;
        array.close()?;
    } else {
        let mut out = Out::new();
        out.line(&format!("records  {}", found.lines))?;
        if found.newer > 0 {
            out.line(&format!(
                "newer    {} of them, by a newer guestlist",
                found.newer
            ))?;
        }
        out.line(&format!("head     {} {}", found.head.seq, found.head.hash))?;
        out.line(&match found.damage.first() {
            None => "chain    whole".to_owned(),
            Some(damage) => format!("chain    broken at line {}", damage.line),
        })?;
        out.flush()?;
    }
    match first {
        None => Ok(()),
        Some(first) => Err(Failure::NotDone(sentence(&match found.damage.len() - 1 {
            0 => first,
            more => format!("{first}, and {more} more"),
        }))),
    }
}

fn list(args: &JournalList, settings: &Settings) -> Result<(), Failure> {
    let chosen = Chosen::new(args, Timestamp::now(), TimeZone::system())?;
    let (journal, warnings) = Journal::open(&settings.state_dir)?;
    for warning in warnings {
        say(&sentence(&warning.to_string()));
    }
    let damage = journal.verify()?.damage;
    for damage in &damage {
        say(&sentence(&damage.to_string()));
    }
    let whole = || {
        if damage.is_empty() {
            return Ok(());
        }
        let words = "The journal's chain is broken, so what is listed may not be what was written. `guestlist journal verify` says where.";
        Err(Failure::NotDone(words.into()))
    };
    let reading = journal.read_all()?;
    if let Some(words) = chosen.unheard_of(&reading.records) {
        // What is followed may still come.
        if !args.follow {
            return Err(Failure::Usage(words));
        }
        say(&words);
    }
    let matching: Vec<&Record> = reading.records.iter().filter(|r| chosen.has(r)).collect();
    let most = match (args.limit, &args.since) {
        (Some(most), _) => most,
        (None, Some(_)) => usize::MAX,
        (None, None) => NEWEST,
    };
    let left_out = matching.len().saturating_sub(most);
    let newest = &matching[left_out..];
    if left_out > 0 && args.limit.is_none() {
        let all = matching.len();
        say(&format!(
            "The newest {most} of {all} records; --limit or --since shows more."
        ));
    }
    if let Some(newer) = newer(newest.iter().copied()) {
        say(&newer);
    }
    if args.follow {
        let mut printer = RecordPrinter::new(args.json, newest)?;
        printer.print(newest.iter().copied())?;
        let interval = follow::Interval::new()?;
        let show = |records: &[Record]| printer.print(records.iter().filter(|r| chosen.has(r)));
        return follow::follow(&journal, reading.next, || interval.pass(), show, &say);
    }
    if args.json {
        let mut array = Array::open()?;
        for record in newest {
            // Under the names it has in the file.
            array.push(&serde_json::to_value(record).unwrap_or_default())?;
        }
        array.close()?;
        return whole();
    }
    if newest.is_empty() {
        say(if reading.records.is_empty() {
            "The journal is empty."
        } else {
            "No record matches."
        });
        return whole();
    }
    let mut printer = RecordPrinter::new(false, newest)?;
    printer.print(newest.iter().copied())?;
    whole()
}

/// What is to be known of records that a newer version wrote.
fn newer<'a>(records: impl IntoIterator<Item = &'a Record>) -> Option<String> {
    let count = records.into_iter().filter(|record| record.newer()).count();
    (count > 0).then(|| {
        format!("Records of a newer guestlist, shown as far as this one knows them: {count}.")
    })
}

const HEAD: [&str; 9] = [
    "SEQ", "TIME", "KIND", "ACT", "TARGET", "NAME", "OUTCOME", "ACTOR", "REASON",
];

fn cells(record: &Record) -> Vec<String> {
    let kind = match record.kind {
        RecordKind::Intent => "intent",
        RecordKind::Outcome => "outcome",
        RecordKind::Unrecognised => "?",
    };
    let kind = if record.newer() {
        format!("{kind} v{}", record.v)
    } else {
        kind.to_owned()
    };
    // Anybody may have edited the file.
    let clean = |words: &str| Text::new(words).to_string();
    let outcome = record.outcome.map(|outcome| outcome.to_string());
    vec![
        record.seq.to_string(),
        local(record.time),
        kind,
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

/// Prints records: an object a line, or lines below a head.
struct RecordPrinter {
    out: Out,
    /// Of the table's columns; none for JSON.
    widths: Option<Vec<usize>>,
}

impl RecordPrinter {
    /// Opens it; a table is as wide as `first` wants it.
    fn new(json: bool, first: &[&Record]) -> io::Result<Self> {
        /// What is wider pushes the rest of its line.
        const MOST: usize = 44;
        let mut out = Out::new();
        if json {
            return Ok(Self { out, widths: None });
        }
        let head = HEAD.map(str::to_string).to_vec();
        let rows: Vec<_> = first.iter().copied().map(cells).chain([head]).collect();
        let widths = widths(&rows, MOST);
        out.line(&columns(&HEAD, &widths))?;
        Ok(Self {
            out,
            widths: Some(widths),
        })
    }

    /// Prints them, and lets nothing wait.
    fn print<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        for record in records {
            match &self.widths {
                None => {
                    let value = serde_json::to_value(record).unwrap_or_default();
                    self.out.exact(&escape::json(&value))?;
                }
                Some(widths) => {
                    let cells = cells(record);
                    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                    self.out.line(&columns(&cells, widths))?;
                }
            }
        }
        self.out.flush()
    }
}
