//! `guestlist policies …`

use serde_json::{Value, json};

use super::args::Policies;
use super::connect::Link;
use super::failure::Failure;
use super::out::{Array, Out, say, table};
use super::requests::filter;
use crate::domain::policy::Policy;
use crate::inventory::rows::PolicyRow;
use crate::inventory::table::Row;
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// The columns printed, as the console's filter and heads call them.
const SHOWN: [&str; 6] = ["package", "name", "who", "approval", "length", "door"];

/// Runs one of them.
pub(super) fn run(command: Policies, settings: &Settings) -> Result<(), Failure> {
    match command {
        Policies::List { filter, json } => list(filter.as_deref(), json, settings),
    }
}

fn list(words: Option<&str>, json: bool, settings: &Settings) -> Result<(), Failure> {
    let filter = filter(words, PolicyRow::COLUMNS)?;
    let mut link = Link::reading(settings)?;
    let mut rows = Vec::new();
    link.ask(Ask::Policies, |answer| {
        if let Answer::Policies(policies) = answer {
            let row = |policy| PolicyRow { policy, pending: 0 };
            rows.extend(policies.into_iter().map(row));
        }
        Ok(())
    })?;
    rows.retain(|row| filter.lets(row));
    rows.sort_by(|a, b| a.compare(b, "package"));
    if json {
        let mut array = Array::open()?;
        for row in &rows {
            array.push(&value(&row.policy))?;
        }
        array.close()?;
        return link.whole();
    }
    if rows.is_empty() {
        link.whole()?;
        say(if filter.is_empty() {
            "There are no policies."
        } else {
            "No policy matches."
        });
        return Ok(());
    }
    let head = std::iter::once("ID").chain(SHOWN).map(str::to_uppercase);
    let mut lines = vec![head.collect::<Vec<_>>()];
    for row in &rows {
        let cells = SHOWN.iter().map(|column| row.cell(column).into_owned());
        lines.push(
            std::iter::once(row.policy.id.to_string())
                .chain(cells)
                .collect(),
        );
    }
    let mut out = Out::new();
    table(&mut out, &lines)?;
    link.whole()
}

/// An `accessPackageAssignmentPolicy`, with what it says in plain sentences.
fn value(policy: &Policy) -> Value {
    json!({
        "id": policy.id,
        "displayName": policy.name.as_str(),
        "description": policy.description.as_str(),
        "allowedTargetScope": policy.scope,
        "accessPackage": {
            "id": policy.package,
            "displayName": policy.package_name.as_str(),
        },
        "requestorSettings": { "enableTargetsToSelfAddAccess": policy.accepts_requests },
        "requestApprovalSettings": { "isApprovalRequiredForAdd": policy.approval_required },
        "@guestlist.open": policy.open(),
        "@guestlist.sentences": policy.sentences(),
    })
}
