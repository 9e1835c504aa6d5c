//! Every documented example of an operation that the client uses is read, odd casing and beta names included.
//!
//! `GUESTLIST_GRAPH_DESCRIPTION` names the folder that holds them; without it the check says that it was skipped.

use std::path::Path;

use guestlist::domain::guest::Guest;
use guestlist::domain::id::{RequestId, UserId};
use guestlist::domain::package::{Organization, Package};
use guestlist::domain::policy::Policy;
use guestlist::domain::problem::{Problem, ProblemKind};
use guestlist::domain::request::{Request, RequestState};
use guestlist::graph::pages::Pages;
use guestlist::graph::requests::{AnsweredRequest, Depth};
use guestlist::graph::users::{Account, LastSignIn};
use guestlist::graph::{
    Call, Client, FromWire, Response, approvals, invitations, organizations, packages, policies,
    requests, tenant, users,
};
use serde_json::Value;

use super::{TOKEN, config, quick};
use crate::support::scripted::{Does, Server};

const FILE: &str = "examples.json";

struct Example(Value);

impl Example {
    fn name(&self) -> String {
        format!("{} {}", self.0["operation"], self.0["n"])
    }

    fn status(&self) -> u16 {
        u16::try_from(self.0["status"].as_u64().unwrap_or(200)).unwrap()
    }

    /// A server that answers so, whatever it is asked.
    fn server(&self) -> Server {
        let status = self.status();
        let body = match &self.0["response"] {
            Value::Null => String::new(),
            response => response.to_string(),
        };
        Server::start(move |_| Does::Says(status, Vec::new(), body.clone()))
    }

    /// How many of its rows have an id, which the client always asks for and some examples leave out.
    fn rows(&self) -> usize {
        let rows = self.0["response"]["value"].as_array().unwrap();
        rows.iter().filter(|row| row["id"].is_string()).count()
    }
}

fn client(server: &Server) -> Client {
    Client::new(config(&server.url(), TOKEN, quick())).unwrap()
}

async fn carry(example: &Example, call: &Call) -> Response {
    let server = example.server();
    client(&server).carry(call, &|_, _| ()).await.unwrap()
}

async fn lists<T: FromWire>(example: &Example, call: Call) {
    let server = example.server();
    let page = Pages::<T>::new(call)
        .next(&client(&server), &|_, _| ())
        .await;
    let page = page.unwrap_or_else(|problem| panic!("{}: {problem}", example.name()));
    let (read, unread) = page.map_or((0, 0), |page| (page.rows.len(), page.unread));
    let of = example.0["response"]["value"].as_array().unwrap().len();
    assert_eq!(
        (read, unread),
        (example.rows(), of - example.rows()),
        "{}",
        example.name()
    );
}

fn reads<T>(example: &Example, read: Result<T, Problem>) -> T {
    read.unwrap_or_else(|problem| panic!("{}: {problem}", example.name()))
}

/// Reads one example as the client would; `false` for an operation that it does not use.
async fn check(example: &Example) -> bool {
    let id = || UserId::new("1").unwrap();
    let request = || RequestId::new("1").unwrap();
    let operation = example.0["operation"].as_str().unwrap();
    let operation = operation.split("--").next().unwrap();
    let has_id = example.0["response"]["id"].is_string();
    match operation {
        "entitlementmanagement-list-accesspackages" => {
            lists::<Package>(example, packages::all(Depth::Nested)).await;
        }
        "entitlementmanagement-list-assignmentpolicies" => {
            lists::<Policy>(example, policies::all(Depth::Nested)).await;
        }
        "entitlementmanagement-list-connectedorganizations" => {
            lists::<Organization>(example, organizations::all()).await;
        }
        "entitlementmanagement-list-assignmentrequests" => {
            let state = RequestState::PendingApproval;
            lists::<AnsweredRequest>(example, requests::in_state(&state, Depth::Nested)).await;
        }
        "accesspackageassignmentrequest-filterbycurrentuser" => {
            lists::<AnsweredRequest>(example, requests::inbox(Depth::Nested)).await;
            lists::<Request>(example, requests::inbox(Depth::Nested)).await;
        }
        "accesspackageassignmentrequest-get" => {
            reads(
                example,
                requests::read(&carry(example, &requests::one(&request())).await),
            );
        }
        "approval-get" | "approval-list-stages" => {
            let stages = approvals::read(&carry(example, &approvals::one(&request())).await);
            assert!(!reads(example, stages).is_empty(), "{}", example.name());
        }
        "user-list" if example.0["response"].is_object() => {
            lists::<Guest>(example, users::guests()).await;
            lists::<Account>(example, users::by_address("a@b.example")).await;
            lists::<LastSignIn>(example, users::sign_ins()).await;
        }
        "user-get" if has_id => {
            reads(
                example,
                users::read_account(&carry(example, &users::account(&id())).await),
            );
        }
        "user-list-memberof" | "user-list-approleassignments" | "user-list-sponsors" => {
            let names = users::names(&carry(example, &users::detail(&id())[0]).await);
            assert!(!reads(example, names).is_empty(), "{}", example.name());
        }
        "invitation-post" => {
            reads(
                example,
                invitations::read(&carry(example, &Call::act("/invitations")).await),
            );
        }
        "approvalstage-update"
        | "user-update"
        | "user-delete"
        | "user-revokesigninsessions"
        | "directory-deleteditems-restore" => {
            let answer = carry(example, &Call::act("/x")).await.accepted();
            reads(example, reads(example, answer).empty_or_json());
        }
        "batch-post" => {
            let server = example.server();
            let calls = vec![Call::get("/me"); 5];
            let answers = client(&server)
                .carry_batch(&calls, &|_, _| ())
                .await
                .unwrap();
            let responses = example.0["response"]["responses"].as_array().unwrap();
            let named = responses.iter().filter(|one| {
                let index: Option<usize> = one["id"].as_str().and_then(|id| id.parse().ok());
                index.is_some_and(|index| index < calls.len())
            });
            assert_eq!(
                answers.iter().filter(|answer| answer.is_ok()).count(),
                named.count()
            );
        }
        "errors-seen" | "user-sendmail" if example.status() >= 400 => {
            let problem = carry(example, &Call::get("/x"))
                .await
                .accepted()
                .err()
                .unwrap();
            assert_ne!(
                problem.kind,
                ProblemKind::NotGraph,
                "{}: {problem}",
                example.name()
            );
            assert!(!problem.to_string().contains('<'), "{problem}");
        }
        _ => return false,
    }
    true
}

#[test]
fn every_documented_answer_is_understood() {
    let Some(folder) = std::env::var_os("GUESTLIST_GRAPH_DESCRIPTION") else {
        println!("documented examples skipped: GUESTLIST_GRAPH_DESCRIPTION is not set");
        return;
    };
    let path = Path::new(&folder).join(FILE);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!(
            "documented examples skipped: there is no {}",
            path.display()
        );
        return;
    };
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let examples: Vec<Example> = match file["examples"].take() {
        Value::Array(examples) => examples.into_iter().map(Example).collect(),
        other => panic!("no list of examples: {other}"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut checked = 0;
        for example in &examples {
            checked += usize::from(check(example).await);
        }
        assert!(checked >= 30, "{checked} examples checked");

        // The session takes three answers together.
        let named = |name: &str, path: &str| {
            let fits = |e: &&Example| e.0["operation"] == name && e.0["path"] == path;
            examples.iter().find(fits).unwrap()
        };
        let mut answers = Vec::new();
        let parts = [
            ("user-get", "/users/{user-id}"),
            ("organization-list", "/organization"),
            ("domain-list", "/domains"),
        ];
        for ((name, path), call) in parts.into_iter().zip(tenant::session()) {
            answers.push(Ok(carry(named(name, path), &call).await));
        }
        let session = tenant::read(answers, None).unwrap();
        assert!(!session.domains.is_empty() && !session.tenant_name.is_empty());
    });
}
