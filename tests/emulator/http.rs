//! The HTTP around it: tokens, headers, envelopes, latency, and why it does not start.

use std::time::{Duration, Instant};

use guestlist::emulator::{Config, Emulator, StartError};
use serde_json::{Value, json};

use super::{EM, Graph, code};

#[test]
fn without_a_token_nothing_is_said() {
    let mut graph = Graph::start();
    graph.token = "somebody else's".to_owned();
    let answer = graph.get("me");
    assert_eq!(code(&answer), (401, "InvalidAuthenticationToken"));
    assert_eq!(
        graph
            .post(
                "$batch",
                &json!({"requests": [{"id": "1", "method": "GET", "url": "/me"}]})
            )
            .0,
        401
    );
    assert!(graph.emulator().token_for("megan@contoso.com").is_none());
    assert!(
        !std::fs::read_to_string(graph.record())
            .unwrap()
            .contains("somebody else's")
    );
}

#[test]
fn only_who_asks_for_a_loopback_host_is_answered() {
    let graph = Graph::start();
    let asked = |host: &str| graph.send("GET", "me", None, &[("host", host)]).status();
    for home in ["127.0.0.1", "127.0.0.1:8080", "[::1]:1", "LOCALHOST:9"] {
        assert_eq!(asked(home), 200, "{home}");
    }
    for away in [
        "attacker.example",
        "127.0.0.1.attacker.example:80",
        "10.0.0.1",
    ] {
        assert_eq!(asked(away), 421, "{away}");
    }
}

#[test]
fn a_token_cannot_be_known_from_the_seed() {
    let folder = tempfile::tempdir().unwrap();
    let state = Config {
        guests: 2,
        requests: 0,
        state: Some(folder.path().join("state.jsonl")),
        ..Config::default()
    };
    let token = |config: &Config| {
        let emulator = Emulator::start(config.clone()).unwrap();
        emulator.token().to_owned()
    };
    let alone = Config {
        state: None,
        ..state.clone()
    };
    assert_ne!(token(&alone), token(&alone));
    assert_eq!(token(&state), token(&state), "the same tenant goes on");
}

#[test]
fn every_response_can_be_traced() {
    let graph = Graph::start();
    for path in ["me", "users/nobody@contoso.com"] {
        let response = graph.send("GET", path, None, &[("client-request-id", "abc-123")]);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("client-request-id"), "abc-123");
        assert_eq!(header("date"), "Mon, 02 Nov 2026 09:00:00 GMT");
        let id = header("request-id");
        let (status, body) = graph.answer(response);
        if status == 404 {
            let inner = &body["error"]["innerError"];
            assert_eq!(
                (&inner["request-id"], &inner["client-request-id"]),
                (&json!(id), &json!("abc-123"))
            );
            assert_eq!(inner["date"], "2026-11-02T09:00:00");
        }
    }
}

#[test]
fn bodies_must_be_json() {
    let graph = Graph::start();
    let send = |kind: &str, body: &str| {
        let request = graph
            .client
            .post(format!("{}/v1.0/invitations", graph.emulator().url()))
            .bearer_auth(&graph.token)
            .header("content-type", kind.to_owned())
            .body(body.to_owned());
        graph
            .runtime
            .block_on(request.send())
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(send("application/json", "{\"invited"), 400);
    assert_eq!(send("text/plain", "{}"), 415);
    assert_eq!(send("application/json", &" ".repeat(5 * 1024 * 1024)), 413);
    assert_eq!(graph.post("invitations", &Value::Null).0, 400);
    assert_eq!(graph.delete("me/memberOf").0, 405);
    assert_eq!(
        graph.get(&format!("{}/beta/me", graph.emulator().url())).0,
        400
    );
    assert_eq!(graph.get(EM).0, 501);
}

#[test]
fn latency_is_a_request_s_and_an_item_s() {
    let graph = Graph::with(Config {
        latency: Duration::from_millis(40),
        guests: 20,
        ..Config::default()
    });
    let start = Instant::now();
    graph.get("me");
    assert!(start.elapsed() >= Duration::from_millis(40));
    let start = Instant::now();
    let items: Vec<Value> = (0..5)
        .map(|id| json!({"id": id.to_string(), "method": "GET", "url": "/me"}))
        .collect();
    graph.post("$batch", &json!({"requests": items}));
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn says_why_it_does_not_start() {
    let outside = Config {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..Config::default()
    };
    let error = Emulator::start(outside).unwrap_err();
    assert!(matches!(error, StartError::NotLoopback(_)), "{error}");
    let first = Emulator::start(Config::default()).unwrap();
    let taken = Config {
        listen: first.url().trim_start_matches("http://").parse().unwrap(),
        ..Config::default()
    };
    let error = Emulator::start(taken.clone()).unwrap_err();
    assert!(error.to_string().contains("choose another port"), "{error}");
    drop(first);
    // Its port is free at once: it can be started again where it was.
    Emulator::start(taken).unwrap();
}
