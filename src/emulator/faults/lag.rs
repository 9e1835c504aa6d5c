//! Replication: a new guest who is not there yet. Right after an invitation its user answers 404 and is missing from
//! lists, or is shown and cannot be written to (microsoft-graph-docs#15839, msgraph-sdk-dotnet#2508).

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::emulator::call::Body;
use crate::emulator::fault::Fault;
use crate::emulator::service::{Incoming, Outgoing};

/// The guests who are not there yet.
#[derive(Debug, Default)]
pub(super) struct Lag(Vec<Late>);

#[derive(Debug)]
struct Late {
    id: String,
    requests: Option<u64>,
    until: Option<Instant>,
    shown: bool,
}

impl Lag {
    /// Begins with the guest of an invitation's answer.
    pub(super) fn begin(
        &mut self,
        reply: &Outgoing,
        requests: Option<u64>,
        seconds: Option<f64>,
        shown: bool,
    ) {
        if let Body::Json(invitation) = &reply.body
            && let Some(id) = invitation["invitedUser"]["id"].as_str()
        {
            self.0.push(Late {
                id: id.to_owned(),
                requests,
                until: seconds.map(|seconds| Instant::now() + Duration::from_secs_f64(seconds)),
                shown,
            });
        }
    }

    /// Refuses an exchange that is about somebody who is not there yet.
    pub(super) fn refuses(&mut self, incoming: &Incoming) -> Option<Fault> {
        let mut segments = incoming.path().split('/').skip(2);
        let reads = incoming.method == "GET";
        if let (Some("users"), Some(id)) = (segments.next(), segments.next())
            && self.hides(id, reads)
        {
            return Some(Fault::missing(id));
        }
        // A write that names somebody who is not there yet. The items of a batch come by themselves.
        if incoming.path().ends_with("/$batch") {
            return None;
        }
        let body = incoming.body.as_ref().ok()?.as_ref().filter(|_| !reads)?;
        let body = body.to_string().to_ascii_lowercase();
        let ids: Vec<String> = self.0.iter().map(|late| late.id.clone()).collect();
        let named = ids
            .into_iter()
            .find(|id| body.contains(&id.to_ascii_lowercase()))?;
        self.hides(&named, false)
            .then(|| Fault::new(400, "Request_BadRequest", "Not a valid reference update."))
    }

    /// Leaves them out of a list of users.
    pub(super) fn leave_out(&mut self, incoming: &Incoming, mut reply: Outgoing) -> Outgoing {
        if let Body::Json(page) = &mut reply.body
            && !self.0.is_empty()
            && incoming.path() == "/v1.0/users"
            && let Some(rows) = page.get_mut("value").and_then(Value::as_array_mut)
        {
            let of = rows.len();
            rows.retain(|row| !row["id"].as_str().is_some_and(|id| self.hides(id, true)));
            if rows.len() < of {
                reply.fault = Some("lag");
            }
        }
        reply
    }

    fn hides(&mut self, id: &str, reads: bool) -> bool {
        let now = Instant::now();
        self.0
            .retain(|late| late.requests != Some(0) && late.until.is_none_or(|until| now < until));
        let late = self
            .0
            .iter_mut()
            .find(|late| late.id.eq_ignore_ascii_case(id));
        let Some(late) = late.filter(|late| !(late.shown && reads)) else {
            return false;
        };
        if let Some(requests) = &mut late.requests {
            *requests -= 1;
        }
        true
    }
}
