//! The smallest Graph that can lose answers: one tenant, some requests of one stage, some guests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
    /// Does it, and says nothing.
    SulksAfter,
    /// Does not do it, and says nothing.
    SulksBefore,
    /// Does not do it; asks for a pause.
    Throttles,
    /// Does half of the batch; asks for a pause for each of the others.
    ThrottlesHalf,
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
            Some(Fault::SulksBefore) => return Does::Sulks(Duration::from_secs(3)),
            Some(Fault::Throttles) => {
                return Does::Says(429, vec![("Retry-After", "0.05".into())], String::new());
            }
            _ => {}
        }
        let (status, body) = if is_batch {
            let mut number = 0;
            let each = |item: &Seen| {
                number += 1;
                if fault == Some(Fault::ThrottlesHalf) && number % 2 == 0 {
                    return (429, envelope("TooManyRequests"));
                }
                self.one(item)
            };
            (200, batch(&inner, each))
        } else {
            self.one(&inner)
        };
        match fault {
            Some(Fault::FailsAfter) => error(503, "ServiceUnavailable"),
            Some(Fault::HangsUpAfter) => Does::HangsUp,
            Some(Fault::SulksAfter) => Does::Sulks(Duration::from_secs(3)),
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
        if seen.method == "GET" {
            return self.look(seen, &parts);
        }
        assert!(seen.header("client-request-id").is_some());
        if !path.ends_with("revokeSignInSessions") {
            let row = parts.iter().rev().find(|part| part.starts_with("row"));
            *self
                .writes
                .entry((*row.unwrap_or(&"invitation")).to_owned())
                .or_default() += 1;
        }
        self.write(seen, &parts)
    }

    fn look(&mut self, seen: &Seen, parts: &[&str]) -> (u16, Value) {
        let body = match parts {
            ["me"] => {
                json!({"id": "me", "displayName": "Adele", "userPrincipalName": "adele@contoso.com"})
            }
            ["organization"] => json!({"value": [{"id": "tenant", "displayName": "Contoso"}]}),
            ["domains"] => json!({"value": [{"id": "contoso.com", "isDefault": true}]}),
            [.., "assignmentRequests", id] => {
                let state = match self.verdicts.get(*id) {
                    None => return (404, envelope("NotFound")),
                    Some(None) => "pendingApproval",
                    Some(Some((result, _))) if result == "Approved" => "delivered",
                    Some(_) => "denied",
                };
                json!({"id": id, "state": state, "requestType": "userAdd"})
            }
            [.., "accessPackageAssignmentApprovals", id] => {
                let mut stage = json!({"id": "stage-1", "assignedToMe": true});
                match self.verdicts.get(*id) {
                    None => return (404, envelope("NotFound")),
                    Some(None) => {
                        stage["status"] = "InProgress".into();
                        stage["reviewResult"] = "NotReviewed".into();
                    }
                    Some(Some((result, by))) => {
                        stage["status"] = "Completed".into();
                        stage["reviewResult"] = result.as_str().into();
                        stage["reviewedBy"] = json!({"id": by, "displayName": by});
                        stage["reviewedDateTime"] = jiff::Timestamp::now().to_string().into();
                    }
                }
                json!({"id": id, "stages": [stage]})
            }
            ["users"] if self.lag > 0 => {
                self.lag -= 1;
                json!({"value": []})
            }
            ["users"] => {
                let found = self
                    .invited
                    .iter()
                    .filter(|mail| seen.target.contains(mail.as_str()));
                let row = |mail| json!({"id": "new", "mail": mail, "userType": "Guest"});
                json!({ "value": found.map(row).collect::<Vec<_>>() })
            }
            ["users", id] => match self.guests.get(*id) {
                None => return (404, envelope("Request_ResourceNotFound")),
                Some(enabled) => json!({"id": id, "userType": "Guest", "accountEnabled": enabled}),
            },
            other => panic!("not in this Graph: {other:?}"),
        };
        (200, body)
    }

    fn write(&mut self, seen: &Seen, parts: &[&str]) -> (u16, Value) {
        match (seen.method.as_str(), parts) {
            ("PATCH", [.., id, "stages", "stage-1"]) => {
                let verdict = self.verdicts.get_mut(*id).unwrap();
                if verdict.is_some() {
                    return (409, envelope("AlreadyDecided"));
                }
                let approve = seen.body["reviewResult"] == "Approve";
                let result = if approve { "Approved" } else { "Denied" };
                *verdict = Some((result.into(), "me".into()));
                (204, Value::Null)
            }
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
                let body = json!({"invitedUser": {"id": "new"}, "invitedUserEmailAddress": mail,
                    "inviteRedeemUrl": "https://login.example/redeem?ticket=1"});
                (201, body)
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
