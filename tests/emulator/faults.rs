//! What goes wrong on request.

use std::time::{Duration, Instant};

use guestlist::emulator::faults::{FaultEffect, FaultRule, RetryAfter};
use guestlist::emulator::{Config, Emulator, StartError};
use serde_json::{Value, json};

use super::{Graph, code};

const SOMEBODY: &str = "new.person@fabrikam.com";

fn throttle(retry_after: Option<RetryAfter>) -> FaultEffect {
    FaultEffect::Throttle { retry_after }
}

fn fail(status: u16, after: bool) -> FaultEffect {
    FaultEffect::Fail {
        status,
        after,
        retry_after: None,
    }
}

fn invite(mail: &str) -> Value {
    json!({"invitedUserEmailAddress": mail, "inviteRedirectUrl": "https://myapps.microsoft.com"})
}

impl Graph {
    fn inject(&self, rule: FaultRule) {
        self.emulator().inject(rule);
    }

    fn invited(&self) -> usize {
        let snapshot = self.emulator().snapshot();
        snapshot["invitations"].as_array().unwrap().len()
    }

    fn header(&self, path: &str, name: &str) -> Option<String> {
        let response = self.send("GET", path, None, &[]);
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    }

    /// The text of an answer, or how it was lost.
    fn text(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, String), reqwest::Error> {
        let url = format!("{}/v1.0/{path}", self.emulator().url());
        let mut request = self
            .client
            .request(method.parse().unwrap(), url)
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        self.runtime.block_on(async {
            let response = request.send().await?;
            Ok((response.status().as_u16(), response.text().await?))
        })
    }

    fn endpoint(&self, method: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}/faults", self.emulator().url());
        let answer = self.send(method, &url, body, &[]);
        self.answer(answer)
    }
}

#[test]
fn a_pause_is_asked_for_in_every_form() {
    let graph = Graph::start();
    for (says, header) in [
        (None, None),
        (Some(RetryAfter::Seconds(8.0)), Some("8")),
        (Some(RetryAfter::Seconds(2.128)), Some("2.128")),
        (
            Some(RetryAfter::Date { date: 2.5 }),
            Some("Mon, 02 Nov 2026 09:00:03 GMT"),
        ),
        (Some(RetryAfter::Words("soon".into())), Some("soon")),
    ] {
        graph.inject(FaultRule::new(throttle(says.clone())).times(1));
        assert_eq!(graph.header("me", "retry-after").as_deref(), header);
        graph.inject(FaultRule::new(throttle(says)).times(1));
        assert_eq!(code(&graph.get("me")), (429, "TooManyRequests"));
    }
    assert_eq!(graph.get("me").0, 200);
}

#[test]
fn rules_fit_by_method_path_number_count_and_time() {
    let graph = Graph::start();
    graph.inject(
        FaultRule::new(fail(500, false))
            .on("GET", "*/users")
            .from(2)
            .times(2),
    );
    let status = |path: &str| graph.get(path).0;
    assert_eq!(
        [1, 2, 3, 4].map(|_| status("users?$top=1")),
        [200, 500, 500, 200]
    );
    assert_eq!(status("me"), 200);
    // With a question mark the query counts too, and the first rule that fits decides.
    graph.inject(
        FaultRule::new(fail(504, false))
            .on("*", "*?$top=1")
            .times(1),
    );
    graph.inject(FaultRule::new(fail(502, false)).times(1));
    assert_eq!(code(&graph.get("users?$top=1")), (504, "GatewayTimeout"));
    assert_eq!(code(&graph.get("users?$top=1")), (502, "BadGateway"));
    // From the first hit on.
    graph.inject(FaultRule::new(fail(503, false)).lasting(0.05));
    let begun = Instant::now();
    while status("me") == 503 {}
    assert!(begun.elapsed() >= Duration::from_millis(50));
}

#[test]
fn an_error_comes_before_or_after_the_commit() {
    let graph = Graph::start();
    for (status, after, invited) in [(500, false, 0), (503, true, 1), (504, true, 2)] {
        graph.inject(
            FaultRule::new(fail(status, after))
                .on("POST", "*/invitations")
                .times(1),
        );
        let mail = format!("{status}.{SOMEBODY}");
        assert_eq!(graph.post("invitations", &invite(&mail)).0, status);
        assert_eq!(graph.invited(), invited);
    }
    for (after, invited) in [(false, 2), (true, 3)] {
        graph.inject(
            FaultRule::new(FaultEffect::Drop { after })
                .on("POST", "*")
                .times(1),
        );
        let lost = graph.text("POST", "invitations", Some(&invite(SOMEBODY)));
        assert!(lost.is_err(), "{lost:?}");
        assert_eq!(graph.invited(), invited);
    }
    let faults: Vec<Value> = graph
        .exchanges()
        .iter()
        .map(|line| line["fault"].clone())
        .collect();
    assert_eq!(faults, ["fail", "fail", "fail", "drop", "drop"]);
}

#[test]
fn answers_are_slow_or_broken() {
    let graph = Graph::start();
    let once = |effect| graph.inject(FaultRule::new(effect).times(1));
    once(FaultEffect::Slow { seconds: 0.05 });
    let begun = Instant::now();
    assert_eq!(graph.get("me").0, 200);
    assert!(begun.elapsed() >= Duration::from_millis(50));
    once(FaultEffect::Truncate);
    let half = graph.text("GET", "users", None).unwrap_err();
    assert!(half.is_body() || half.is_decode(), "{half:?}");
    once(FaultEffect::Malformed);
    let (status, text) = graph.text("GET", "me", None).unwrap();
    assert_eq!(status, 200);
    assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
    once(FaultEffect::Page {
        status: 502,
        after: false,
    });
    let (status, text) = graph.text("GET", "me", None).unwrap();
    assert!(
        status == 502 && text.starts_with("<!DOCTYPE html>"),
        "{text}"
    );
    // A connection that was cut is not used again; all others are.
    let before = graph.emulator().connections();
    for _ in 0..5 {
        graph.get("me");
    }
    assert!(graph.emulator().connections() <= before + 1);
}

#[test]
fn who_may_not_is_told_as_graph_tells() {
    let graph = Graph::start();
    graph.inject(FaultRule::new(FaultEffect::Expired { claims: None }).times(1));
    assert_eq!(code(&graph.get("me")), (401, "InvalidAuthenticationToken"));
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
    graph.inject(
        FaultRule::new(FaultEffect::Expired {
            claims: Some(claims.into()),
        })
        .times(1),
    );
    let challenge = graph.header("me", "www-authenticate").unwrap();
    assert!(
        challenge.contains(r#"error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4i"#),
        "{challenge}"
    );
    let scope = "EntitlementManagement.ReadWrite.All".to_owned();
    graph.inject(FaultRule::new(FaultEffect::Scope { scope }));
    let requests = format!("{}/assignmentRequests", super::EM);
    assert_eq!(graph.get(&requests).0, 200);
    assert_eq!(
        code(&graph.post(&requests, &json!({}))),
        (403, "UnAuthorized")
    );
    graph.inject(FaultRule::new(FaultEffect::Licence).on("*", "*/entitlementManagement/*"));
    assert_eq!(code(&graph.get(&requests)), (403, "NoLicense"));
    assert_eq!(graph.get("users?$top=1").0, 200);
}

#[test]
fn items_of_a_batch_have_faults_of_their_own() {
    let graph = Graph::start();
    graph.inject(
        FaultRule::new(throttle(Some(RetryAfter::Seconds(0.5))))
            .on("GET", "*/me")
            .items(true)
            .from(2)
            .times(1),
    );
    let items: Vec<Value> = (1..=3)
        .map(|id| json!({"id": id.to_string(), "method": "GET", "url": "/me"}))
        .collect();
    assert_eq!(graph.get("me").0, 200);
    let (status, answer) = graph.post("$batch", &json!({"requests": items}));
    assert_eq!(status, 200);
    for item in answer["responses"].as_array().unwrap() {
        let throttled = item["id"] == "2";
        assert_eq!(item["status"], if throttled { 429 } else { 200 });
        assert_eq!(
            item["headers"]["Retry-After"],
            if throttled { json!("0.5") } else { Value::Null }
        );
    }
    // What is about a connection is about the batch as a whole.
    graph.inject(
        FaultRule::new(FaultEffect::Truncate)
            .on("GET", "*/me")
            .times(1),
    );
    assert_eq!(graph.post("$batch", &json!({"requests": items})).0, 200);
    let marked = graph
        .exchanges()
        .into_iter()
        .filter(|line| line["fault"] == "throttle");
    assert!(marked.clone().all(|line| line["item"] == "2") && marked.count() == 1);
}

#[test]
fn a_new_guest_may_take_a_while_to_be_there() {
    let graph = Graph::start();
    let new = |mail: &str, shown| {
        graph.inject(
            FaultRule::new(FaultEffect::Lag {
                requests: Some(3),
                seconds: None,
                shown,
            })
            .times(1),
        );
        let (status, invitation) = graph.post("invitations", &invite(mail));
        assert_eq!(status, 201);
        invitation["invitedUser"]["id"].as_str().unwrap().to_owned()
    };
    let id = new(SOMEBODY, false);
    let list = format!("users?$filter=mail eq '{SOMEBODY}'");
    assert_eq!(
        code(&graph.get(&format!("users/{id}"))),
        (404, "Request_ResourceNotFound")
    );
    assert!(graph.list(&list).is_empty());
    let block = json!({"accountEnabled": false});
    assert_eq!(graph.patch(&format!("users/{id}"), &block).0, 404);
    assert_eq!(graph.patch(&format!("users/{id}"), &block).0, 204);
    assert_eq!(graph.list(&list).len(), 1);

    let id = new("other.person@fabrikam.com", true);
    assert_eq!(graph.get(&format!("users/{id}")).0, 200);
    let statuses = [1, 2, 3, 4].map(|_| graph.patch(&format!("users/{id}"), &block).0);
    assert_eq!(statuses, [404, 404, 404, 204]);
}

#[test]
fn rules_are_set_over_http_and_from_a_file() {
    let mut graph = Graph::start();
    let rules = json!([{"path": "*/me", "count": 1, "effect": {"kind": "fail", "status": 503}}]);
    let (status, listed) = graph.endpoint("POST", Some(&rules));
    assert_eq!((status, &listed["value"][0]["hits"]), (200, &json!(0)));
    assert_eq!(graph.get("me").0, 503);
    assert_eq!(graph.endpoint("GET", None).1["value"][0]["hits"], 1);
    assert_eq!(graph.endpoint("DELETE", None).0, 204);
    assert_eq!(graph.endpoint("GET", None).1["value"], json!([]));
    let wrong = json!([{"effect": {"kind": "explode"}}]);
    let refused = graph.endpoint("POST", Some(&wrong));
    assert_eq!(code(&refused), (400, "BadRequest"));
    assert!(
        refused.1["error"]["message"]
            .as_str()
            .unwrap()
            .contains("rule 1")
    );
    assert_eq!(graph.endpoint("PUT", None).0, 405);
    graph.token = "nobody".into();
    assert_eq!(graph.endpoint("GET", None).0, 401);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.json");
    let start = |text: &str| {
        std::fs::write(&file, text).unwrap();
        Emulator::start(Config {
            faults: Some(file.clone()),
            guests: 5,
            ..Config::default()
        })
    };
    let emulator = start(&rules.to_string()).unwrap();
    graph.token = emulator.token().to_owned();
    let status = |path: &str| graph.get(&format!("{}/v1.0/{path}", emulator.url())).0;
    assert_eq!([status("me"), status("me")], [503, 200]);
    for wrong in [
        "[{\"effect\":",
        "{}",
        "[{\"effect\": {\"kind\": \"explode\"}}]",
    ] {
        let error = start(wrong).unwrap_err();
        assert!(matches!(error, StartError::Faults(..)), "{error}");
    }
}
