//! `guestlist requests cancel|reprocess|remove`: what can be done with requests besides deciding them.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::args::Ids;
use super::confirm::{Question, confirm};
use super::connect::Link;
use super::failure::Failure;
use super::requests::id;
use super::send::send;
use crate::domain::act::{Act, Deed};
use crate::domain::id::RequestId;
use crate::domain::request::Request;
use crate::domain::text::Text;
use crate::settings::Settings;
use crate::worker::protocol::{Answer, Ask};

/// What is done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Cancel,
    Reprocess,
    Remove,
}

impl What {
    fn deed(self, request: RequestId) -> Deed {
        match self {
            Self::Cancel => Deed::Cancel(request),
            Self::Reprocess => Deed::Reprocess(request),
            Self::Remove => Deed::Remove(request),
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Cancel => "Cancel",
            Self::Reprocess => "Deliver again",
            Self::Remove => "Remove the record of",
        }
    }
}

/// Does it with each of them. The worker looks at each again before it sends.
pub(super) fn run(what: What, args: &Ids, settings: &Settings) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    let ids: Vec<RequestId> = args
        .ids
        .iter()
        .map(|raw| id(raw))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .filter(|id| seen.insert(id.clone()))
        .collect();
    let mut link = Link::writing(settings)?;
    let mut found: HashMap<RequestId, Request> = HashMap::new();
    link.ask(Ask::Records(ids.clone()), |answer| {
        if let Answer::Records(requests) = answer {
            found.extend(requests.into_iter().map(|one| (one.id.clone(), one)));
        }
        Ok(())
    })?;
    let now = Timestamp::now();
    let mut shown = Vec::with_capacity(ids.len());
    let mut acts = Vec::with_capacity(ids.len());
    for id in ids {
        let request = found.get(&id);
        shown.push(words(what, &id, request, now));
        let name = request.map(|request| request.requestor.name.clone());
        acts.push(Act {
            name: name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| Text::new(id.as_str())),
            reason: args.reason.trim().to_string(),
            deed: what.deed(id),
        });
    }
    let question = Question {
        verb: what.verb(),
        noun: "request",
        names: &shown,
        deletes: what == What::Remove,
    };
    confirm(&question, args.write.yes)?;
    send(&mut link, &acts, args.write)
}

/// One of them as it is asked about.
fn words(what: What, id: &RequestId, request: Option<&Request>, now: Timestamp) -> String {
    let Some(request) = request else {
        return format!("{id}  (there is no such request)");
    };
    let until = match (what, request.may_reprocess(now)) {
        (What::Reprocess, Ok(Some(until))) => {
            format!(
                ", possible until {}",
                until
                    .to_zoned(jiff::tz::TimeZone::system())
                    .strftime("%Y-%m-%d %H:%M")
            )
        }
        _ => String::new(),
    };
    format!(
        "{id}  {}  {}  {}{until}",
        request.requestor.name, request.package_name, request.state
    )
}
