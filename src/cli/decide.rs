//! `guestlist requests approve` and `deny`: by id, or by what a filter chooses.

use std::collections::HashSet;

use super::args::{Which, Write};
use super::confirm::{Question, confirm, confirm_chosen};
use super::connect::Link;
use super::failure::Failure;
use super::out::say;
use super::queue::Queue;
use super::requests::{filter, id};
use super::send::send;
use crate::domain::act::{Act, Deed};
use crate::domain::id::{RequestId, StageId};
use crate::domain::request::Request;
use crate::domain::text::Text;
use crate::inventory::rows::{RequestRow, reasoned};
use crate::inventory::table::Row;
use crate::inventory::view::{Base, View};
use crate::settings::Settings;
use crate::worker::protocol::Beside;

/// Decides them.
pub(super) fn run(
    which: &Which,
    approve: bool,
    reason: &str,
    write: Write,
    settings: &Settings,
) -> Result<(), Failure> {
    if !approve && reason.trim().is_empty() {
        return Err(Failure::Usage(
            "A denial needs a reason. Give one with --reason.".into(),
        ));
    }
    let verb = if approve { "Approve" } else { "Deny" };
    match &which.filter {
        Some(words) => chosen(words, approve, reason, verb, write, settings),
        None => named(&which.ids, approve, reason, verb, write, settings),
    }
}

fn act(request: RequestId, name: Text, stage: Option<StageId>, approve: bool, reason: &str) -> Act {
    Act {
        name: if name.is_empty() {
            Text::new(request.as_str())
        } else {
            name
        },
        reason: reason.trim().to_string(),
        deed: Deed::Decide {
            stage,
            request,
            approve,
        },
    }
}

/// Stops before anything is sent where a policy wants a reason and there is none.
fn with_reason<'a>(
    rows: impl IntoIterator<Item = &'a RequestRow>,
    reason: &str,
) -> Result<(), Failure> {
    reasoned(rows, reason).map_err(|wanting| {
        Failure::Usage(format!(
            "{wanting}, so nothing was sent. Give one with --reason."
        ))
    })
}

/// Those with these ids.
fn named(
    ids: &[String],
    approve: bool,
    reason: &str,
    verb: &str,
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
    let mut link = Link::writing(settings)?;
    // Names and stages are read so that one sees whom it is about, and decides no other stage than this one. The
    // worker reads each request again before it sends, so one that waits no more ends in words.
    let beside = if reason.trim().is_empty() {
        Beside::Policies
    } else {
        Beside::Nothing
    };
    let queue = Queue::these(&mut link, ids.clone(), beside)?;
    let row = |id: &RequestId| queue.inventory.requests.get(id);
    with_reason(ids.iter().filter_map(row), reason)?;
    let acts: Vec<Act> = ids
        .into_iter()
        .map(|id| {
            let request = row(&id).map(|row| &row.request);
            let name = request.map(|request| request.requestor.name.clone());
            let stage = request.and_then(Request::current_stage);
            let stage = stage.map(|(_, stage)| stage.id.clone());
            act(id, name.unwrap_or_default(), stage, approve, reason)
        })
        .collect();
    let shown: Vec<String> = acts
        .iter()
        .map(|act| format!("{}  {}", act.deed.target().as_str(), act.name))
        .collect();
    let question = Question {
        verb,
        noun: "request",
        names: &shown,
        deletes: false,
    };
    confirm(&question, write.yes)?;
    send(&mut link, &acts, write)
}

/// Those that wait for the signed-in person and that a filter lets through.
fn chosen(
    words: &str,
    approve: bool,
    reason: &str,
    verb: &str,
    write: Write,
    settings: &Settings,
) -> Result<(), Failure> {
    let filter = filter(Some(words), RequestRow::COLUMNS)?;
    if filter.is_empty() {
        return Err(Failure::Usage(
            "An empty filter would choose everything. Say what is meant, such as --filter domain:fabrikam.com.".into(),
        ));
    }
    let mut link = Link::writing(settings)?;
    let view = View {
        filter: words.to_owned(),
        ..View::plain(Base::Pending)
    };
    // Who is a guest already is a signal, and signals are words of a row.
    let queue = Queue::view(&mut link, &view, true)?;
    let requests = &queue.inventory.requests;
    let rows = (0..requests.visible()).filter_map(|place| requests.at(place));
    let (mine, others): (Vec<&RequestRow>, Vec<&RequestRow>) =
        rows.partition(|row| row.request.mine());
    if !others.is_empty() {
        say(&format!(
            "{} that match wait for somebody else and are left alone.",
            others.len()
        ));
    }
    if mine.is_empty() {
        say("Nothing that waits for you matches, so nothing was sent.");
        return Ok(());
    }
    with_reason(mine.iter().copied(), reason)?;
    let shown: Vec<String> = mine
        .iter()
        .map(|row| {
            let request = &row.request;
            format!(
                "{}  {}  {}  {}  {}",
                request.id,
                request.requestor.name,
                request.requestor.mail,
                request.package_name,
                row.cell("signal")
            )
        })
        .collect();
    let acts: Vec<Act> = mine
        .iter()
        .map(|row| {
            let request = &row.request;
            let stage = request.current_stage().map(|(_, stage)| stage.id.clone());
            let name = request.requestor.name.clone();
            act(request.id.clone(), name, stage, approve, reason)
        })
        .collect();
    let question = Question {
        verb,
        noun: "request",
        names: &shown,
        deletes: false,
    };
    confirm_chosen(&question, write.yes)?;
    send(&mut link, &acts, write)
}
