//! `guestlist requests …`

use jiff::Timestamp;

use super::args::Requests;
use super::connect::Link;
use super::decide;
use super::failure::Failure;
use super::json;
use super::out::{Array, Out, point};
use super::queue::Queue;
use crate::acts::ActKind;
use crate::domain::id::RequestId;
use crate::domain::request::{Request, ReviewResult, Stage, StageStatus};
use crate::domain::text::Text;
use crate::domain::time;
use crate::inventory::AccountKnown;
use crate::inventory::filter::Filter;
use crate::inventory::rows::{RequestRow, left};
use crate::settings::Settings;

/// Runs one of them.
pub(super) fn run(command: Requests, settings: &Settings) -> Result<(), Failure> {
    match command {
        Requests::List(args) => super::list::run(&args, settings),
        Requests::Show { id, json } => show(&self::id(&id)?, json, settings),
        Requests::Approve {
            which,
            reason,
            write,
        } => decide::run(&which, ActKind::Approve, &reason, write, settings),
        Requests::Deny {
            which,
            reason,
            write,
        } => decide::run(&which, ActKind::Deny, &reason, write, settings),
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
    let words = words.unwrap_or_default();
    Filter::parse(words, columns, Timestamp::now()).map_err(|error| {
        // The words again with a mark below, where that can be shown on lines of its own.
        point(words, error.at);
        Failure::Usage(format!("The filter cannot be read: {error}."))
    })
}

fn show(id: &RequestId, json: bool, settings: &Settings) -> Result<(), Failure> {
    let mut link = Link::reading(settings)?;
    let queue = Queue::one(&mut link, id)?;
    let row = queue
        .inventory
        .requests
        .get(id)
        .ok_or_else(|| unknown(id))?;
    // What has ended is judged no more.
    let waits = row.request.pending();
    if json {
        let mut array = Array::open()?;
        array.push(&if waits {
            json::queued(row)
        } else {
            serde_json::Value::Object(json::request(&row.request))
        })?;
        return Ok(array.close()?);
    }
    let mut out = Out::new();
    let account = queue.inventory.account_of(&row.request);
    let judged = waits.then_some(row);
    print(&mut out, &row.request, account, judged, queue.now)?;
    Ok(out.flush()?)
}

fn unknown(id: &RequestId) -> Failure {
    Failure::NotDone(format!(
        "No request has the id {id}. `guestlist requests list --view all` shows those there are."
    ))
}

/// Everything known of one, a line each.
fn print(
    out: &mut Out,
    request: &Request,
    account: AccountKnown<'_>,
    row: Option<&RequestRow>,
    now: Timestamp,
) -> Result<(), Failure> {
    let person = request.subject();
    let mut line = |label: &str, words: &str| -> Result<(), Failure> {
        if !words.is_empty() {
            out.line(&format!("{label:<12}{words}"))?;
        }
        Ok(())
    };
    line("Id", request.id.as_str())?;
    line("Who", person.name.or("(no name)"))?;
    line("Mail", person.address())?;
    // Of what has ended nobody looks whether there is an account.
    let known = account
        .words()
        .filter(|_| !matches!(account, AccountKnown::Unread));
    line("Account", &known.unwrap_or_default())?;
    if let Some(asks) = request.asks_for_another() {
        line("Asked by", &asks.named())?;
    }
    if let Some(row) = row.filter(|_| person.is_person()) {
        line("From", row.organization.or("no connected organization"))?;
    }
    line("Asks for", &request.package_name)?;
    line("Kind", &request.kind.notable().unwrap_or_default())?;
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
        let words = answer.shown();
        line("Answer", if words.is_empty() { "(none)" } else { &words })?;
    }
    for (number, stage) in request.stages.iter().flatten().enumerate() {
        line(&format!("Stage {}", number + 1), &said(stage))?;
    }
    if let Some(row) = row {
        if !request.mine() && !row.deciders.is_empty() {
            line("May decide", &row.deciders)?;
            line("Also may", &row.others.join("; "))?;
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
