//! `guestlist requests suggest`: what the rules file says of what waits for the signed-in person. Sends nothing.

use serde_json::{Value, json};

use super::args::SuggestArgs;
use super::connect::Link;
use super::failure::Failure;
use super::json;
use super::out::{Array, Out, say, table};
use super::queue::Queue;
use super::requests::filter;
use crate::app::rules::{Opinion, RulesFile, judge};
use crate::inventory::rows::RequestRow;
use crate::inventory::table::Row;
use crate::inventory::view::{Base, View};
use crate::settings::{Settings, rules};

/// Prints it.
pub(super) fn run(args: &SuggestArgs, settings: &Settings) -> Result<(), Failure> {
    let words = filter(args.filter.as_deref(), RequestRow::COLUMNS)?;
    // Before anything is read over the network: a file that is not there needs no tenant to say so.
    let Some(path) = &settings.rules else {
        return Err(Failure::Usage(
            "There is no home folder for a rules file. Name one with --rules.".into(),
        ));
    };
    let mut rules = rules::read(path)?;
    for wrong in &rules.wrong {
        say(wrong);
    }
    let mut link = Link::reading(settings)?;
    let view = View {
        filter: words.source().to_owned(),
        ..View::plain(Base::Pending)
    };
    let queue = Queue::view(&mut link, &view, !args.quick)?;
    rules.tell(queue.now);
    let requests = &queue.inventory.requests;
    let rows = (0..requests.visible()).filter_map(|place| requests.at(place));
    let opinions: Vec<(&RequestRow, Opinion)> = rows
        .filter(|row| row.request.mine())
        .map(|row| (row, judge(&rules.rules, row)))
        .filter(|(_, opinion)| *opinion != Opinion::Silent)
        .collect();
    if args.json {
        let mut array = Array::open()?;
        for (row, opinion) in &opinions {
            array.push(&value(row, opinion))?;
        }
        array.close()?;
    } else {
        if opinions.is_empty() {
            link.whole()?;
        }
        lines(&opinions)?;
    }
    end(&rules)?;
    link.whole()
}

/// A rule that could not be read is a failure, and was said.
fn end(rules: &RulesFile) -> Result<(), Failure> {
    if rules.wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::Rows(1))
    }
}

fn lines(opinions: &[(&RequestRow, Opinion)]) -> Result<(), Failure> {
    if opinions.is_empty() {
        say("No rule suggests anything for what waits for you.");
        return Ok(());
    }
    let head = ["ID", "SUGGESTS", "RULE", "NAME", "MAIL", "REASON"];
    let mut lines = vec![head.map(str::to_string).to_vec()];
    for (row, opinion) in opinions {
        let (suggests, rule, reason) = match opinion {
            Opinion::Suggests {
                verdict,
                rule,
                reason,
            } => (
                verdict.about().verb,
                rule.to_string(),
                reason.clone().unwrap_or_default(),
            ),
            Opinion::Contradicts(approves, denies) => (
                "nothing",
                format!("{approves} / {denies}"),
                "one approves, one denies".into(),
            ),
            Opinion::Silent => continue,
        };
        let request = &row.request;
        lines.push(vec![
            request.id.to_string(),
            suggests.into(),
            rule,
            row.who().into_owned(),
            request.subject().address().to_string(),
            reason,
        ]);
    }
    Ok(table(&mut Out::new(), &lines)?)
}

fn value(row: &RequestRow, opinion: &Opinion) -> Value {
    let mut value = json::queued(row);
    value["@guestlist.suggestion"] = match opinion {
        Opinion::Suggests {
            verdict,
            rule,
            reason,
        } => json!({ "verdict": verdict.about().verb, "rule": rule, "reason": reason }),
        Opinion::Contradicts(approves, denies) => {
            json!({ "verdict": null, "contradicting": [approves, denies] })
        }
        Opinion::Silent => Value::Null,
    };
    value
}
