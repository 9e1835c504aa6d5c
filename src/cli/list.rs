//! `guestlist requests list`

use jiff::Timestamp;

use super::args::{Form, RequestList};
use super::connect::Link;
use super::failure::Failure;
use super::json;
use super::out::{Array, Csv, Out, say, table};
use super::queue::Queue;
use super::requests::filter;
use crate::domain::nearest::nearest;
use crate::domain::request::QuestionAnswer;
use crate::domain::signal::Signal;
use crate::domain::text::Text;
use crate::domain::time;
use crate::inventory::rows::{RequestRow, left, standing};
use crate::inventory::table::Row;
use crate::inventory::view::{Base, View};
use crate::settings::Settings;

/// Lists what a view has and the filter lets through.
pub(super) fn run(args: &RequestList, settings: &Settings) -> Result<(), Failure> {
    // Looked at first: nobody waits for a long list to hear of a slip of the pen.
    let words = args.filter.as_deref().unwrap_or_default();
    filter(Some(words), RequestRow::COLUMNS)?;
    let views = View::all(settings.queue.views.clone());
    let mut view = named(&views, &args.view)?;
    let filtered = !words.trim().is_empty() || !view.filter.is_empty();
    view.filter = [view.filter.as_str(), words].join(" ");
    let mut link = Link::reading(settings)?;
    let queue = Queue::view(&mut link, &view, !args.quick)?;
    let (now, waits) = (queue.now, view.base.waits());
    let requests = &queue.inventory.requests;
    let rows = (0..requests.visible()).filter_map(|place| requests.at(place));
    match args.form.chosen() {
        Form::Json => {
            let mut array = Array::open()?;
            for row in rows {
                array.push(&json::queued(row))?;
            }
            array.close()?;
        }
        Form::Csv => {
            let mut csv = Csv::open(&COLUMNS)?;
            for row in rows {
                csv.row(&record(row))?;
            }
            csv.close()?;
        }
        Form::Table if requests.visible() == 0 => {
            link.whole()?;
            say(match (filtered, view.base) {
                (true, Base::Pending) => "Nobody who waits matches.",
                (true, _) => "No request matches.",
                (false, Base::Pending) => "Nobody is waiting.",
                (false, Base::Mine) => "Nothing waits for you.",
                (false, _) => "There are none.",
            });
        }
        Form::Table => {
            let mut lines = vec![HEAD.map(str::to_string).to_vec()];
            lines.extend(rows.map(|row| cells(row, view.base, now)));
            if !waits {
                lines[0][2] = "ENDED".into();
                lines[0][3] = "STATE".into();
            }
            table(&mut Out::new(), &lines)?;
        }
    }
    if let Some(read) = queue.bounded() {
        say(&format!(
            "The newest {read} past requests were looked at; there are more."
        ));
    }
    link.whole()
}

/// The view with this name.
pub(super) fn named(views: &[View], name: &str) -> Result<View, Failure> {
    let found = views.iter().find(|view| view.name == name).cloned();
    found.ok_or_else(|| {
        let names = || views.iter().map(|view| view.name.as_str());
        let name = Text::new(name);
        Failure::Usage(match nearest(&name, names()) {
            Some(near) => format!("There is no view \"{name}\"; did you mean \"{near}\"?"),
            None => format!(
                "There is no view \"{name}\"; it is one of {}.",
                names().collect::<Vec<_>>().join(", ")
            ),
        })
    })
}

const HEAD: [&str; 8] = [
    "ID", "AGE", "LEFT", "STAGE", "NAME", "MAIL", "PACKAGE", "SIGNALS",
];

fn cells(row: &RequestRow, base: Base, now: Timestamp) -> Vec<String> {
    let request = &row.request;
    let yours = if request.mine() { " you" } else { "" };
    let signals: Vec<&str> = row.signals.iter().map(Signal::word).collect();
    let stage = format!("{}{yours}", row.stage);
    let (third, fourth) = match base {
        Base::Mine | Base::Pending => (left(row.denial_at, now), stage),
        Base::All if request.pending() => (left(row.denial_at, now), stage),
        _ => (
            time::age(request.completed, now),
            standing(&request.state).to_owned(),
        ),
    };
    vec![
        request.id.to_string(),
        time::age(request.created, now),
        third,
        fourth,
        row.who().into_owned(),
        request.subject().address().to_string(),
        request.package_name.to_string(),
        signals.join(" "),
    ]
}

const COLUMNS: [&str; 17] = [
    "id",
    "state",
    "created",
    "denied by itself",
    "ended",
    "stage",
    "waits for",
    "name",
    "mail",
    "domain",
    "organization",
    "package",
    "signals",
    "answers",
    "justification",
    "kind",
    "asked for by",
];

fn record(row: &RequestRow) -> Vec<String> {
    let request = &row.request;
    let when = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let answers = request.answers.iter().map(QuestionAnswer::shown);
    vec![
        request.id.to_string(),
        request.state.to_string(),
        when(request.created),
        when(row.denial_at),
        when(request.completed),
        row.stage.clone(),
        row.cell("by").into_owned(),
        request.subject().name.to_string(),
        request.subject().mail.to_string(),
        row.domain.clone(),
        row.organization.to_string(),
        request.package_name.to_string(),
        row.cell("signal").into_owned(),
        answers.collect::<Vec<_>>().join(" | "),
        request.justification.to_string(),
        request.kind.to_string(),
        request
            .asks_for_another()
            .map_or_else(String::new, |asks| asks.called().to_owned()),
    ]
}
