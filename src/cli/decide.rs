//! `guestlist requests approve` and `deny`: by id, or by what a filter chooses.

use std::collections::{HashMap, HashSet};

use super::args::{Which, Write};
use super::confirm::{Question, confirm, confirm_chosen};
use super::connect::Link;
use super::failure::Failure;
use super::out::say;
use super::queue::Queue;
use super::requests::{filter, id};
use super::send::send;
use crate::app::rows::RequestRow;
use crate::app::table::Row;
use crate::domain::act::{Act, Deed};
use crate::domain::id::{RequestId, StageId};
use crate::domain::request::{Stage, StageStatus};
use crate::domain::text::Text;
use crate::inventory::view::{Base, View};
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

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
        .map(|id| {
            let name = names.get(&id).cloned().unwrap_or_default();
            let stage = stages.get(&id).cloned().flatten();
            act(id, name, stage, approve, reason)
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
    let mut queue = Queue::read(&mut link, Base::Pending)?;
    // Who is a guest already is a signal, and signals are words of a row.
    queue.read_guests(&mut link)?;
    let view = View {
        filter: words.to_owned(),
        ..View::plain(Base::Pending)
    };
    queue.show(&mut link, view)?;
    let requests = &queue.state.data.requests;
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
    let wordless = mine.iter().filter(|row| row.reason_required).count();
    if wordless > 0 && reason.trim().is_empty() {
        return Err(Failure::Usage(format!(
            "{wordless} of these cannot be decided without a reason, so nothing was sent. Give one with --reason."
        )));
    }
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
