//! `guestlist requests approve` and `deny`: by id, or by what a filter chooses.

use std::collections::HashSet;

use super::args::{Which, Write};
use super::confirm::{ConfirmQuestion, confirm, confirm_chosen};
use super::connect::Link;
use super::failure::Failure;
use super::out::say;
use super::queue::Queue;
use super::requests::{filter, id};
use super::send::send;
use crate::acts::{ActKind, Plan, Target, Wants};
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
    kind: ActKind,
    reason: &str,
    write: Write,
    settings: &Settings,
) -> Result<(), Failure> {
    if kind.about().reason == Wants::Always && reason.trim().is_empty() {
        return Err(Failure::Usage(
            "A denial needs a reason. Give one with --reason.".into(),
        ));
    }
    match &which.filter {
        Some(words) => chosen(words, kind, reason, write, settings),
        None => named(&which.ids, kind, reason, write, settings),
    }
}

/// The decision on a request, for the stage that was seen to wait.
fn plan(
    kind: ActKind,
    request: &RequestId,
    name: &Text,
    stage: Option<&StageId>,
    reason: &str,
) -> Option<Plan> {
    let act = (kind.about().make)(&Target::Request(request.clone()), stage)?;
    let name = Text::new(name.or(request.as_str()));
    Some(Plan::of(act, reason.trim(), name))
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
    kind: ActKind,
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
    let mut shown = Vec::with_capacity(ids.len());
    let mut plans = Vec::with_capacity(ids.len());
    for id in &ids {
        let request = row(id).map(|row| &row.request);
        let name = request.map(|request| Text::new(request.subject().name_or_mail()));
        let name = name.unwrap_or_default();
        let stage = request.and_then(Request::current_stage);
        let who = row(id).map(RequestRow::who).unwrap_or_default();
        let who = if who.is_empty() {
            name.or(id.as_str()).into()
        } else {
            who
        };
        shown.push(format!("{id}  {who}"));
        plans.extend(plan(
            kind,
            id,
            &name,
            stage.map(|(_, stage)| &stage.id),
            reason,
        ));
    }
    confirm(&ConfirmQuestion::of(kind, &shown), write.yes)?;
    send(&mut link, plans, write)
}

/// Those that wait for the signed-in person and that a filter lets through.
fn chosen(
    words: &str,
    kind: ActKind,
    reason: &str,
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
                row.who(),
                request.subject().address(),
                request.package_name,
                row.cell("signal")
            )
        })
        .collect();
    let plans = mine.iter().filter_map(|row| {
        let request = &row.request;
        let stage = request.current_stage().map(|(_, stage)| &stage.id);
        let name = Text::new(request.subject().name_or_mail());
        plan(kind, &request.id, &name, stage, reason)
    });
    let plans: Vec<Plan> = plans.collect();
    confirm_chosen(&ConfirmQuestion::of(kind, &shown), write.yes)?;
    send(&mut link, plans, write)
}
