//! The emulated Graph, seen through HTTP.

mod alone;
mod approvals;
mod batch;
mod borders;
mod crowd;
mod faults;
mod guests;
mod http;
mod invitations;
mod odata;
mod permissions;
mod requests;
mod state;
mod tenant;

use std::path::PathBuf;
use std::time::Duration;

use guestlist::emulator::{Config, Emulator};
use serde_json::{Value, json};

use crate::support::contract::Contract;

pub(crate) const EM: &str = "identityGovernance/entitlementManagement";

/// Permissions for all that is emulated.
const EVERYTHING: &[&str] = &[
    "AuditLog.Read.All",
    "Directory.ReadWrite.All",
    "Directory.Read.All",
    "EntitlementManagement.ReadWrite.All",
    "Policy.Read.All",
    "Policy.Read.B2BManagementPolicy",
    "User.DeleteRestore.All",
    "User.ReadWrite.All",
];

/// A running emulator with a clock that stands still, and a client that is signed in.
///
/// Everything that goes through it is checked against the description of Graph when it is dropped.
pub(crate) struct Graph {
    pub(crate) emulator: Option<Emulator>,
    folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
    token: String,
}

/// A status and a body (null when there is none).
pub(crate) type Answer = (u16, Value);

impl Graph {
    pub(crate) fn start() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            now: config.now.or(Some("2026-11-02T09:00:00Z".parse().unwrap())),
            record: Some(folder.path().join("record.jsonl")),
            ..config
        };
        let emulator = Emulator::start(config).unwrap();
        emulator.carry(EVERYTHING);
        let token = emulator.token().to_owned();
        Self {
            emulator: Some(emulator),
            folder,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            token,
        }
    }

    pub(crate) fn emulator(&self) -> &Emulator {
        self.emulator.as_ref().unwrap()
    }

    pub(crate) fn record(&self) -> PathBuf {
        self.folder.path().join("record.jsonl")
    }

    pub(crate) fn exchanges(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.record()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn sign_in(&mut self, name: &str) {
        self.token = self.emulator().token_for(name).unwrap();
    }

    pub(crate) fn advance_days(&self, days: u64) {
        self.emulator().advance(Duration::from_secs(days * 86_400));
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> reqwest::Response {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/v1.0/{path}", self.emulator().url())
        };
        let mut request = self
            .client
            .request(method.parse().unwrap(), url)
            .bearer_auth(&self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        self.runtime.block_on(request.send()).unwrap()
    }

    fn answer(&self, response: reqwest::Response) -> Answer {
        let status = response.status().as_u16();
        let text = self.runtime.block_on(response.text()).unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.answer(self.send("GET", path, None, &[]))
    }

    pub(crate) fn get_eventual(&self, path: &str) -> Answer {
        self.answer(self.send("GET", path, None, &[("ConsistencyLevel", "eventual")]))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        self.answer(self.send("POST", path, body, &[]))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.answer(self.send("PATCH", path, Some(body), &[]))
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.answer(self.send("DELETE", path, None, &[]))
    }

    /// The values of a list that must be there.
    pub(crate) fn list(&self, path: &str) -> Vec<Value> {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        body["value"].as_array().unwrap().clone()
    }

    /// Every page of a list.
    pub(crate) fn all(&self, path: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let (status, body) = self.get(&path);
            assert_eq!(status, 200, "{path}: {body}");
            found.extend(body["value"].as_array().unwrap().iter().cloned());
            next = body["@odata.nextLink"].as_str().map(str::to_owned);
        }
        found
    }

    /// A request of the snapshot, by its requestor's address.
    pub(crate) fn request(&self, mail: &str, state: &str) -> Value {
        let snapshot = self.emulator().snapshot();
        let requests = snapshot["assignmentRequests"].as_array().unwrap();
        requests
            .iter()
            .find(|request| request["requestor"]["email"] == mail && request["state"] == state)
            .unwrap_or_else(|| panic!("no {state} request of {mail}"))
            .clone()
    }

    pub(crate) fn pending(&self, mail: &str) -> Value {
        self.request(mail, "pendingApproval")
    }

    /// Decides the stage of a request that is in progress.
    pub(crate) fn decide(&self, request: &Value, verb: &str, reason: &str) -> Answer {
        let id = request["id"].as_str().unwrap();
        let stages = self.list(&format!(
            "{EM}/accessPackageAssignmentApprovals/{id}/stages"
        ));
        let stage = stages
            .iter()
            .find(|stage| stage["status"] == "InProgress")
            .unwrap();
        self.decide_stage(id, stage["id"].as_str().unwrap(), verb, reason)
    }

    pub(crate) fn decide_stage(
        &self,
        request: &str,
        stage: &str,
        verb: &str,
        reason: &str,
    ) -> Answer {
        self.patch(
            &format!("{EM}/accessPackageAssignmentApprovals/{request}/stages/{stage}"),
            &json!({"reviewResult": verb, "justification": reason}),
        )
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        self.emulator = None;
        if std::thread::panicking() {
            return;
        }
        if let Some(contract) = Contract::load() {
            let faults = contract.check_record(&self.record());
            assert!(
                faults.is_empty(),
                "against the description:\n{}",
                faults.join("\n")
            );
        }
    }
}

/// The code of an error, for a short assertion.
pub(crate) fn code(answer: &Answer) -> (u16, &str) {
    (
        answer.0,
        answer.1["error"]["code"].as_str().unwrap_or_default(),
    )
}
