//! The smallest Graph that can lose answers: one tenant, some requests of one stage, some guests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::scripted::{Does, Seen, Server, batch, envelope, error, ok};

/// What it does to the next writes, one each. A batch takes one for all it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Does it, and says 503.
    FailsAfter,
    /// Does not do it, and says 503.
    FailsBefore,
    /// Does it, and hangs up.
    HangsUpAfter,
    /// Does not do it, and hangs up.
    HangsUpBefore,
    /// Does it, and sends half of the answer.
    HalvesAfter,
    /// Does it, and says 200 with a web page.
    PageAfter,
    /// Does not do it; asks for a pause.
    Throttles,
}

#[derive(Default)]
pub struct World {
    /// Requests with their verdict and who gave it.
    pub verdicts: HashMap<String, Option<(String, String)>>,
    /// Guests that are there, and whether they may sign in.
    pub guests: HashMap<String, bool>,
    pub invited: Vec<String>,
    pub faults: Vec<Fault>,
    /// How often each row was written to.
    pub writes: HashMap<String, usize>,
    /// Looks that fail before they work again.
    pub blind: usize,
    /// Looks that do not show an invited person yet.
    pub lag: usize,
}

pub fn start(world: World) -> (Server, Arc<Mutex<World>>) {
    let world = Arc::new(Mutex::new(world));
    let shared = Arc::clone(&world);
    let server = Server::start(move |seen| shared.lock().unwrap().answer(seen));
    (server, world)
}

impl World {
    fn answer(&mut self, seen: &Seen) -> Does {
        let whole = seen.target.trim_start_matches("/v1.0");
        let inner = Seen {
            target: whole.to_owned(),
            ..seen.clone()
        };
        let is_batch = whole == "/$batch";
        let writes = if is_batch {
            seen.body["requests"]
                .as_array()
                .unwrap()
                .iter()
                .any(|item| item["method"] != "GET")
        } else {
            seen.method != "GET"
        };
        if !writes && self.blind > 0 && !whole.starts_with("/me") && !is_session(seen) {
            self.blind -= 1;
            return Does::HangsUp;
        }
        let fault = if writes && !self.faults.is_empty() {
            Some(self.faults.remove(0))
        } else {
            None
        };
        match fault {
            Some(Fault::FailsBefore) => return error(503, "ServiceUnavailable"),
            Some(Fault::HangsUpBefore) => return Does::HangsUp,
            Some(Fault::Throttles) => {
                return Does::Says(429, vec![("Retry-After", "0.05".into())], String::new());
            }
            _ => {}
        }
        let (status, body) = if is_batch {
            (200, batch(&inner, |item| self.one(item)))
        } else {
            self.one(&inner)
        };
        match fault {
            Some(Fault::FailsAfter) => error(503, "ServiceUnavailable"),
            Some(Fault::HangsUpAfter) => Does::HangsUp,
            Some(Fault::HalvesAfter) => {
                Does::Halves(json!({"responses": [], "x": "yyyyyyyy"}).to_string())
            }
            Some(Fault::PageAfter) => Does::Says(200, vec![], "<html>Welcome</html>".into()),
            _ if status == 200 => ok(&body),
            _ if body.is_null() => Does::Says(status, vec![], String::new()),
            _ => Does::Says(status, vec![], body.to_string()),
        }
    }

    fn one(&mut self, seen: &Seen) -> (u16, Value) {
        let path = seen.target.split('?').next().unwrap();
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        if seen.method != "GET" {
            assert!(seen.header("client-request-id").is_some());
            let row = parts
                .iter()
                .rev()
                .find(|p| p.starts_with("row"))
                .copied()
                .unwrap_or("invitation");
            if !path.ends_with("revokeSignInSessions") {
                *self.writes.entry(row.to_owned()).or_default() += 1;
            }
        }
        match (seen.method.as_str(), parts.as_slice()) {
            ("GET", ["me"]) => (
                200,
                json!({"id": "me", "displayName": "Adele", "userPrincipalName": "adele@contoso.com"}),
            ),
            ("GET", ["organization"]) => (
                200,
                json!({"value": [{"id": "tenant", "displayName": "Contoso"}]}),
            ),
            ("GET", ["domains"]) => (
                200,
                json!({"value": [{"id": "contoso.com", "isDefault": true}]}),
            ),
            ("GET", [.., "assignmentRequests", id]) => match self.verdicts.get(*id) {
                None => (404, envelope("NotFound")),
                Some(verdict) => {
                    let state = match verdict {
                        None => "pendingApproval",
                        Some((result, _)) if result == "Approved" => "delivered",
                        Some(_) => "denied",
                    };
                    (
                        200,
                        json!({"id": id, "state": state, "requestType": "userAdd"}),
                    )
                }
            },
            ("GET", [.., "accessPackageAssignmentApprovals", id]) => match self.verdicts.get(*id) {
                None => (404, envelope("NotFound")),
                Some(None) => (
                    200,
                    json!({"id": id, "stages": [
                    {"id": "stage-1", "status": "InProgress", "reviewResult": "NotReviewed", "assignedToMe": true}]}),
                ),
                Some(Some((result, by))) => (
                    200,
                    json!({"id": id, "stages": [
                    {"id": "stage-1", "status": "Completed", "reviewResult": result, "assignedToMe": true,
                     "reviewedBy": {"id": by, "displayName": by}, "reviewedDateTime": "2026-01-02T03:04:05Z"}]}),
                ),
            },
            ("PATCH", [.., id, "stages", "stage-1"]) => {
                let verdict = self.verdicts.get_mut(*id).unwrap();
                if verdict.is_some() {
                    return (409, envelope("AlreadyDecided"));
                }
                let result = if seen.body["reviewResult"] == "Approve" {
                    "Approved"
                } else {
                    "Denied"
                };
                *verdict = Some((result.into(), "me".into()));
                (204, Value::Null)
            }
            ("GET", ["users"]) => {
                if self.lag > 0 {
                    self.lag -= 1;
                    return (200, json!({"value": []}));
                }
                let found = self
                    .invited
                    .iter()
                    .filter(|mail| seen.target.contains(mail.as_str()));
                let rows: Vec<Value> = found
                    .map(|mail| json!({"id": "new", "mail": mail, "userType": "Guest"}))
                    .collect();
                (200, json!({ "value": rows }))
            }
            ("GET", ["users", id]) => match self.guests.get(*id) {
                None => (404, envelope("Request_ResourceNotFound")),
                Some(enabled) => (
                    200,
                    json!({"id": id, "userType": "Guest", "accountEnabled": enabled}),
                ),
            },
            ("PATCH", ["users", id]) => {
                self.guests
                    .insert((*id).to_owned(), seen.body["accountEnabled"] == true);
                (204, Value::Null)
            }
            ("POST", ["users", _, "revokeSignInSessions"]) => (200, json!({"value": true})),
            ("DELETE", ["users", id]) => {
                self.guests.remove(*id);
                (204, Value::Null)
            }
            ("POST", ["invitations"]) => {
                let mail = seen.body["invitedUserEmailAddress"].as_str().unwrap();
                self.invited.push(mail.to_owned());
                (
                    201,
                    json!({"invitedUser": {"id": "new"}, "invitedUserEmailAddress": mail,
                    "inviteRedeemUrl": "https://login.example/redeem?ticket=1"}),
                )
            }
            other => panic!("not in this Graph: {other:?}"),
        }
    }
}

fn is_session(seen: &Seen) -> bool {
    seen.body["requests"].as_array().is_some_and(|items| {
        items
            .iter()
            .any(|item| item["url"].as_str().unwrap().starts_with("/me"))
    })
}
