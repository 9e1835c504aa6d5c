//! The state file: killed at any point, the emulator goes on from what it had answered.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use guestlist::emulator::{Config, Emulator, StartError};
use serde_json::{Value, json};

use super::Graph;

fn config(path: &Path) -> Config {
    Config {
        guests: 60,
        state: Some(path.to_owned()),
        ..Config::default()
    }
}

fn invite(graph: &Graph, mail: &str) -> Value {
    let body = json!({"invitedUserEmailAddress": mail, "inviteRedirectUrl": "https://contoso.com"});
    let (status, answer) = graph.post("invitations", &body);
    assert_eq!(status, 201);
    answer
}

/// Writes of every sort; gives what the tenant is after them.
fn live(path: &Path) -> Value {
    let graph = Graph::with(config(path));
    invite(&graph, "one@litwareinc.com");
    graph.decide(&graph.pending("ingrid.sorlie@fabrikam.com"), "Approve", "");
    // Delivered before the next write, by the time and not by a write.
    graph.advance_days(1);
    graph.decide(&graph.pending("hanh.nguyenthi@gmail.com"), "Deny", "no");
    graph.emulator().arrive();
    assert_eq!(
        graph
            .delete("users/leila.haddad_vanarsdelltd.com%23EXT%23@contoso.onmicrosoft.com")
            .0,
        204
    );
    // What is refused is not written.
    assert_eq!(graph.delete("users/nobody@contoso.com").0, 404);
    graph.emulator().arrive();
    let batch = json!({"requests": [{
        "id": "1", "method": "POST", "url": "/invitations", "headers": {"Content-Type": "application/json"},
        "body": {"invitedUserEmailAddress": "two@litwareinc.com", "inviteRedirectUrl": "https://contoso.com"},
    }]});
    assert_eq!(graph.post("$batch", &batch).0, 200);
    graph.emulator().snapshot()
}

/// The tenant of a state file, at the time of the first one.
fn again(path: &Path) -> Value {
    Emulator::start(Config {
        now: Some("2026-11-03T09:00:00Z".parse().unwrap()),
        ..config(path)
    })
    .unwrap()
    .snapshot()
}

#[test]
fn goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.jsonl");
    let before = live(&path);
    assert_eq!(
        std::fs::read_to_string(&path).unwrap().lines().count(),
        1 + 7
    );
    assert_eq!(again(&path), before);
    // The file knows the seed; and what is new after it does not take an id that was given before.
    let graph = Graph::with(Config {
        seed: 99,
        now: Some("2026-11-03T09:00:00Z".parse().unwrap()),
        ..config(&path)
    });
    let three = invite(&graph, "three@litwareinc.com");
    let known = before["invitations"].as_array().unwrap();
    assert!(known.iter().all(|old| old["id"] != three["id"]));
}

#[test]
fn a_torn_line_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.jsonl");
    let before = live(&path);
    let whole = std::fs::read(&path).unwrap();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    file.write_all(b"{\"kind\":\"call\",\"time\":\"2026-11-03T09:0")
        .unwrap();
    drop(file);
    assert_eq!(again(&path), before);
    assert_eq!(std::fs::read(&path).unwrap(), whole);
    assert!(folder.path().join("state.jsonl.torn").exists());
}

/// Wherever the file ends, it is a state that once was.
#[test]
fn every_prefix_is_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.jsonl");
    live(&path);
    let whole = std::fs::read(&path).unwrap();
    let mut last = 0;
    for end in (0..=whole.len()).step_by(97).chain([whole.len()]) {
        let cut = folder.path().join(format!("cut-{end}.jsonl"));
        std::fs::write(&cut, &whole[..end]).unwrap();
        let lines = whole[..end].iter().filter(|byte| **byte == b'\n').count();
        again(&cut);
        let kept = std::fs::read_to_string(&cut).unwrap().lines().count();
        assert_eq!(kept, lines.max(1));
        assert!(kept >= last);
        last = kept;
    }
}

#[test]
fn other_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.jsonl");
    let refused = |content: &str| {
        std::fs::write(&path, content).unwrap();
        let error = Emulator::start(config(&path)).unwrap_err();
        assert!(matches!(error, StartError::StateContent(..)), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        error.to_string()
    };
    assert!(refused("to do: milk\n").contains("not a state file"));
    assert!(refused(&"x".repeat(5000)).contains("not a state file"));
    live(&folder.path().join("good.jsonl"));
    let good = std::fs::read_to_string(folder.path().join("good.jsonl")).unwrap();
    assert!(refused(&good.replace("\"version\":1", "\"version\":2")).contains("another version"));
    assert!(
        refused(&good.replacen("\"kind\":\"call\"", "\"kind\":\"cal", 1))
            .contains("line 2 is damaged")
    );
    let missing = Config {
        state: Some(folder.path().join("no/such/folder/state.jsonl")),
        ..Config::default()
    };
    assert!(matches!(
        Emulator::start(missing).unwrap_err(),
        StartError::State(..)
    ));
}

/// Stopped in the middle of a batch, half of it is done; and the half that is done is there afterwards.
#[test]
fn half_a_batch_is_half_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.jsonl");
    let emulator = Emulator::start(Config {
        latency: Duration::from_millis(60),
        ..config(&path)
    })
    .unwrap();
    let invitations: Vec<Value> = (0..20)
        .map(|number| {
            json!({
                "id": number.to_string(), "method": "POST", "url": "/invitations",
                "headers": {"Content-Type": "application/json"},
                "body": {"invitedUserEmailAddress": format!("p{number}@litwareinc.com"), "inviteRedirectUrl": "https://contoso.com"},
            })
        })
        .collect();
    let (url, token) = (emulator.url(), emulator.token().to_owned());
    let client = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let request = reqwest::Client::new()
            .post(format!("{url}/v1.0/$batch"))
            .bearer_auth(token)
            .header("content-type", "application/json")
            .body(json!({"requests": invitations}).to_string());
        runtime.block_on(request.send()).is_err()
    });
    let lines = || std::fs::read_to_string(&path).unwrap().lines().count();
    while lines() < 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(emulator);
    assert!(client.join().unwrap(), "the client never had its answer");
    let done = lines() - 1;
    assert!((3..20).contains(&done), "{done}");
    assert_eq!(again(&path)["invitations"].as_array().unwrap().len(), done);
}
