//! `guestlist requests …`

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::args::{Requests, Write};
use super::confirm::{Question, confirm};
use super::connect::Link;
use super::failure::Failure;
use super::json;
use super::out::{Array, Out, say, table};
use super::queue::Queue;
use super::request_acts::{self, What};
use super::send::send;
use crate::app::filter::Filter;
use crate::app::rows::{RequestRow, left};
use crate::app::table::Row;
use crate::domain::act::{Act, Deed};
use crate::domain::id::{RequestId, StageId};
use crate::domain::request::{Request, ReviewResult, Stage, StageStatus};
use crate::domain::signal::Signal;
use crate::domain::text::Text;
use crate::domain::time;
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// Runs one of them.
pub(super) fn run(command: Requests, settings: &Settings) -> Result<(), Failure> {
    match command {
        Requests::List {
            filter,
            quick,
            json,
        } => list(filter.as_deref(), quick, json, settings),
        Requests::Show { id, json } => show(&self::id(&id)?, json, settings),
        Requests::Approve { ids, reason, write } => decide(&ids, true, &reason, write, settings),
        Requests::Deny { ids, reason, write } => decide(&ids, false, &reason, write, settings),
        Requests::Cancel(args) => request_acts::run(What::Cancel, &args, settings),
        Requests::Reprocess(args) => request_acts::run(What::Reprocess, &args, settings),
        Requests::Remove(args) => request_acts::run(What::Remove, &args, settings),
        Requests::Nudge(args) => super::nudge::run(&args, settings),
        Requests::Suggest(args) => super::suggest::run(&args, settings),
        Requests::Assign(args) => super::assign::run(&args, settings),
    }
}

pub(super) fn id(raw: &str) -> Result<RequestId, Failure> {
    RequestId::new(raw).map_err(|error| {
        Failure::Usage(format!(
            "\"{}\" is no request's id: {error}. `guestlist requests list` shows them.",
            Text::new(raw)
        ))
    })
}

/// A filter in the console's language.
pub(super) fn filter(
    words: Option<&str>,
    columns: &'static [&'static str],
) -> Result<Filter, Failure> {
    Filter::parse(words.unwrap_or_default(), columns, Timestamp::now())
        .map_err(|error| Failure::Usage(format!("The filter cannot be read: {error}.")))
}

fn list(words: Option<&str>, quick: bool, json: bool, settings: &Settings) -> Result<(), Failure> {
    let filter = filter(words, RequestRow::COLUMNS)?;
    let filtered = !filter.is_empty();
    let mut link = Link::reading(settings)?;
    let mut queue = Queue::read(&mut link)?;
    if !quick {
        queue.read_guests(&mut link)?;
    }
    let now = queue.state.now;
    let requests = &mut queue.state.data.requests;
    requests.set_filter(filter);
    let rows = (0..requests.visible()).filter_map(|place| requests.at(place));
    if json {
        let mut array = Array::open()?;
        for row in rows {
            array.push(&json::queued(row))?;
        }
        return Ok(array.close()?);
    }
    let head = [
        "ID", "AGE", "LEFT", "STAGE", "NAME", "MAIL", "PACKAGE", "SIGNALS",
    ];
    let mut lines = vec![head.map(str::to_string).to_vec()];
    lines.extend(rows.map(|row| cells(row, now)));
    if lines.len() == 1 {
        say(if filtered {
            "Nobody who waits matches."
        } else {
            "Nobody is waiting."
        });
        return Ok(());
    }
    Ok(table(&mut Out::new(), &lines)?)
}

fn cells(row: &RequestRow, now: Timestamp) -> Vec<String> {
    let request = &row.request;
    let yours = if request.mine() { " you" } else { "" };
    let signals: Vec<&str> = row.signals.iter().map(Signal::word).collect();
    vec![
        request.id.to_string(),
        time::age(request.created, now),
        left(row.denial_at, now),
        format!("{}{yours}", row.stage),
        request.requestor.name.to_string(),
        request.requestor.mail.to_string(),
        request.package_name.to_string(),
        signals.join(" "),
    ]
}

fn show(id: &RequestId, json: bool, settings: &Settings) -> Result<(), Failure> {
    let mut link = Link::reading(settings)?;
    let mut queue = Queue::read(&mut link)?;
    let mail = queue
        .state
        .data
        .requests
        .get(id)
        .map(|row| row.request.requestor.mail.to_string());
    if let Some(mail) = mail.filter(|mail| !mail.is_empty()) {
        let mut guest = None;
        link.ask(Ask::LookUp(mail), |answer| {
            if let Answer::Found(_, found) = answer {
                guest = found;
            }
            Ok(())
        })?;
        if let Some(guest) = guest {
            queue.meet(*guest);
        }
    }
    let data = &queue.state.data;
    let pending = data.requests.get(id);
    let past = data.past.iter().find(|request| request.id == *id);
    if json {
        let value = match (pending, past) {
            (Some(row), _) => json::queued(row),
            (None, Some(request)) => serde_json::Value::Object(json::request(request)),
            (None, None) => return Err(unknown(id)),
        };
        let mut array = Array::open()?;
        array.push(&value)?;
        return Ok(array.close()?);
    }
    let mut out = Out::new();
    match (pending, past) {
        (Some(row), _) => print(&mut out, &row.request, Some(row), queue.state.now)?,
        (None, Some(request)) => print(&mut out, request, None, queue.state.now)?,
        (None, None) => return Err(unknown(id)),
    }
    Ok(out.flush()?)
}

fn unknown(id: &RequestId) -> Failure {
    Failure::NotDone(format!(
        "No request that waits or was denied has the id {id}. `guestlist requests list` shows those that wait."
    ))
}

/// Everything known of one, a line each.
fn print(
    out: &mut Out,
    request: &Request,
    row: Option<&RequestRow>,
    now: Timestamp,
) -> Result<(), Failure> {
    let person = &request.requestor;
    let mut line = |label: &str, words: &str| -> Result<(), Failure> {
        if !words.is_empty() {
            out.line(&format!("{label:<12}{words}"))?;
        }
        Ok(())
    };
    line("Id", request.id.as_str())?;
    line("Who", &person.name)?;
    line("Mail", &person.mail)?;
    if let Some(row) = row {
        line("From", row.organization.or("no connected organization"))?;
    }
    line("Asks for", &request.package_name)?;
    line("Because", &request.justification)?;
    line("State", &state(request))?;
    line("Possible", &request.possible(now, day))?;
    if let Some(created) = request.created {
        let age = time::words(now.duration_since(created));
        line("Asked", &format!("{} ({age} ago)", day(created)))?;
    }
    if let Some(until) = request.until {
        line("Until", &day(until))?;
    }
    for answer in &request.answers {
        line("Question", &answer.question)?;
        line("Answer", answer.answer.or("(none)"))?;
    }
    for (number, stage) in request.stages.iter().flatten().enumerate() {
        line(&format!("Stage {}", number + 1), &said(stage))?;
    }
    if let Some(row) = row {
        if !request.mine() && !row.deciders.is_empty() {
            line("May decide", &row.deciders)?;
        }
        line("Denied in", &left(row.denial_at, now))?;
        for signal in &row.signals {
            line("Notice", &signal.why())?;
        }
    }
    Ok(())
}

/// Where it stands; the service's finer word too, where it says more.
fn state(request: &Request) -> String {
    let word = request.state.as_str();
    if request.status.is_empty() || request.status.eq_ignore_ascii_case(word) {
        word.to_string()
    } else {
        format!("{word} ({})", request.status)
    }
}

/// What was said in a stage, or who is to say something.
fn said(stage: &Stage) -> String {
    if stage.result != ReviewResult::NotReviewed {
        let verdict = stage.result.as_str().to_lowercase();
        let reviewer = stage.reviewer.or("somebody");
        return match stage.justification.as_str() {
            "" => format!("{verdict} by {reviewer}"),
            reason => format!("{verdict} by {reviewer}: \"{reason}\""),
        };
    }
    match (&stage.status, stage.mine) {
        (StageStatus::InProgress, true) => "waits for you".into(),
        (StageStatus::InProgress, false) => "waits for others".into(),
        (StageStatus::Initializing, _) => "not begun".into(),
        (StageStatus::Expired, _) => "nobody decided in time".into(),
        (other, _) => other.to_string(),
    }
}

fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

fn decide(
    ids: &[String],
    approve: bool,
    reason: &str,
    write: Write,
    settings: &Settings,
) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    let ids: Vec<RequestId> = ids
        .iter()
        .map(|raw| id(raw))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .filter(|id| seen.insert(id.clone()))
        .collect();
    if !approve && reason.trim().is_empty() {
        return Err(Failure::Usage(
            "A denial needs a reason. Give one with --reason.".into(),
        ));
    }
    let mut link = Link::writing(settings)?;
    // Names and stages are read so that one sees whom it is about, and decides no other stage than this one. The
    // worker reads each request again before it sends, so one that is not in the queue any more ends in words.
    let mut names: HashMap<RequestId, Text> = HashMap::new();
    let mut stages: HashMap<RequestId, Option<StageId>> = HashMap::new();
    link.ask_until(Ask::Requests, |answer| {
        match answer {
            Answer::Requests(page) => names.extend(
                page.into_iter()
                    .map(|request| (request.id, request.requestor.name)),
            ),
            Answer::Stages(page) => {
                let current = |stages: Vec<Stage>| {
                    let waits = |stage: &Stage| stage.status == StageStatus::InProgress;
                    stages.into_iter().find(waits).map(|stage| stage.id)
                };
                stages.extend(page.into_iter().map(|(id, all)| (id, current(all))));
            }
            _ => {}
        }
        Ok(ids.iter().all(|id| stages.contains_key(id)))
    })?;
    let acts: Vec<Act> = ids
        .into_iter()
        .map(|request| Act {
            name: names
                .get(&request)
                .filter(|name| !name.is_empty())
                .cloned()
                .unwrap_or_else(|| Text::new(request.as_str())),
            reason: reason.trim().to_string(),
            deed: Deed::Decide {
                stage: stages.get(&request).cloned().flatten(),
                request,
                approve,
            },
        })
        .collect();
    let shown: Vec<String> = acts
        .iter()
        .map(|act| format!("{}  {}", act.deed.target().as_str(), act.name))
        .collect();
    let question = Question {
        verb: if approve { "Approve" } else { "Deny" },
        noun: "request",
        names: &shown,
        deletes: false,
    };
    confirm(&question, write.yes)?;
    send(&mut link, &acts, write)
}
