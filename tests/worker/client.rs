//! What the client makes of servers that are not as they should be.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use guestlist::domain::problem::ProblemKind;
use guestlist::graph::Patience;
use guestlist::worker::protocol::{Answer, Ask, Whose};
use serde_json::json;

use super::{TOKEN, ask, failed, plain, plain_with, quick};
use crate::support::scripted::{Does, Server, error, ok};

fn guests(url: &str) -> Vec<Answer> {
    ask(&mut plain(url), Ask::Guests(Whose::Guests))
}

fn names(answers: &[Answer]) -> Vec<String> {
    let mut names = Vec::new();
    for answer in answers {
        if let Answer::Guests(page) = answer {
            names.extend(page.iter().map(|guest| guest.name.to_string()));
        }
    }
    names
}

fn page(names: &[&str], next: Option<String>) -> Does {
    let rows: Vec<_> = names
        .iter()
        .map(|name| json!({"id": name, "displayName": name}))
        .collect();
    let mut body = json!({ "value": rows });
    if let Some(next) = next {
        body["@odata.nextLink"] = next.into();
    }
    ok(&body)
}

#[test]
fn every_call_says_who_it_is_and_pages_are_followed_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1.0/users", listener.local_addr().unwrap());
    let server = Server::on(listener, move |seen| {
        if seen.target.contains("t=2") {
            page(&[], Some(format!("{base}?$skiptoken=t=3")))
        } else if seen.target.contains("t=3") {
            page(&["c"], None)
        } else {
            page(&["a", "b"], Some(format!("{base}?$skiptoken=t=2")))
        }
    });
    assert_eq!(names(&guests(&server.url())), ["a", "b", "c"]);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    let mut ids: Vec<_> = seen
        .iter()
        .map(|s| s.header("client-request-id").unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    for call in &seen {
        assert!(call.header("user-agent").unwrap().starts_with("guestlist/"));
        assert_eq!(
            call.header("authorization"),
            Some(format!("Bearer {TOKEN}").as_str())
        );
    }
}

fn html_page() -> String {
    "<!DOCTYPE html><html><body>Sign in to the network</body></html>".into()
}

#[test]
fn what_is_not_graph_is_said_in_one_sentence() {
    for (does, words) in [
        (|| Does::Says(200, vec![], html_page()), "web page"),
        (
            || Does::Says(404, vec![], html_page()),
            "not like Microsoft Graph",
        ),
        (
            || Does::Says(200, vec![], r#"{"value":[{"id":"1"},{"id""#.into()),
            "breaks off",
        ),
        (
            || Does::Says(200, vec![], r#"{"value":{"id":1}}"#.into()),
            "other fields",
        ),
        (
            || Does::Says(200, vec![], r#"{"hello":"world"}"#.into()),
            "other fields",
        ),
        (
            || {
                Does::Says(
                    302,
                    vec![("Location", "http://127.0.0.1:9/".into())],
                    String::new(),
                )
            },
            "redirect",
        ),
    ] as [(fn() -> Does, &str); 6]
    {
        let server = Server::start(move |_| does());
        let problem = failed(&guests(&server.url()));
        assert_eq!(problem.kind, ProblemKind::NotGraph, "{problem}");
        assert!(problem.what.contains(words), "{problem}");
        // What breaks off may have been an accident, once.
        let asked = if words == "breaks off" { 2 } else { 1 };
        assert_eq!(server.seen().len(), asked, "{words}");
    }
}

#[test]
fn a_link_or_redirect_elsewhere_carries_no_token_away() {
    let elsewhere = Server::start(|_| page(&["x"], None));
    for away in [
        format!("{}/v1.0/users?$skiptoken=1", elsewhere.url()),
        "https://graph.microsoft.com/v1.0/users?$skiptoken=1".into(),
    ] {
        let server = Server::start(move |_| page(&["a"], Some(away.clone())));
        let answers = guests(&server.url());
        assert_eq!(names(&answers), ["a"], "what was read is shown");
        assert_eq!(failed(&answers).kind, ProblemKind::NotGraph);
    }
    let to = format!("{}/v1.0/users", elsewhere.url());
    let redirecting =
        Server::start(move |_| Does::Says(307, vec![("Location", to.clone())], String::new()));
    failed(&guests(&redirecting.url()));
    assert!(elsewhere.seen().is_empty());
}

#[test]
fn a_list_that_turns_in_a_circle_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!(
        "http://{}/v1.0/users?$skiptoken=",
        listener.local_addr().unwrap()
    );
    let server = Server::on(listener, move |seen| {
        let next = if seen.target.contains("=A") { "B" } else { "A" };
        page(&["x"], Some(format!("{base}{next}")))
    });
    assert!(failed(&guests(&server.url())).what.contains("circle"));
    assert_eq!(server.seen().len(), 3);
}

/// A server of five guests on three pages, whose link to the last runs out so many times.
fn runs_out(times: usize) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1.0/users", listener.local_addr().unwrap());
    let left = AtomicUsize::new(times);
    Server::on(listener, move |seen| {
        let gone = || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        if seen.target.contains("t=3") {
            match gone() {
                Ok(_) => error(400, "Directory_ExpiredPageToken"),
                Err(_) => page(&["d", "e"], None),
            }
        } else if seen.target.contains("t=2") {
            page(&["c"], Some(format!("{base}?$skiptoken=t=3")))
        } else {
            page(&["a", "b"], Some(format!("{base}?$skiptoken=t=2")))
        }
    })
}

#[test]
fn a_page_link_that_has_run_out_begins_the_list_anew_once_and_gives_nobody_twice() {
    let server = runs_out(1);
    let answers = guests(&server.url());
    assert!(
        !answers.iter().any(|one| matches!(one, Answer::Failed(_))),
        "{answers:?}"
    );
    assert_eq!(names(&answers), ["a", "b", "c", "d", "e"]);
    assert_eq!(server.seen().len(), 6);

    let server = runs_out(2);
    let answers = guests(&server.url());
    assert_eq!(names(&answers), ["a", "b", "c"], "what was read is shown");
    assert!(failed(&answers).what.contains("ExpiredPageToken"));
    assert_eq!(server.seen().len(), 6, "once, not for ever");
}

#[test]
fn graph_is_waited_for_as_long_as_it_asks() {
    let calls = AtomicUsize::new(0);
    let server = Server::start(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Does::Says(429, vec![("Retry-After", "0.3".into())], String::new()),
        1 => error(503, "ServiceUnavailable"),
        _ => page(&["a"], None),
    });
    let begun = Instant::now();
    let answers = guests(&server.url());
    assert_eq!(names(&answers), ["a"]);
    assert!(
        begun.elapsed() >= Duration::from_millis(300),
        "no early retry"
    );
    let waits: Vec<Duration> = answers
        .iter()
        .filter_map(|answer| match answer {
            Answer::Waiting { pause, .. } => Some(*pause),
            _ => None,
        })
        .collect();
    assert_eq!(waits.len(), 2);
    assert_eq!(waits[0], Duration::from_millis(300));
}

#[test]
fn patience_ends() {
    let server = Server::start(|_| error(503, "ServiceUnavailable"));
    let problem = failed(&guests(&server.url()));
    assert_eq!(problem.kind, ProblemKind::Service);
    assert_eq!(problem.request_id.as_deref(), Some("11111111-2222"));
    assert_eq!(server.seen().len(), 5);
}

#[test]
fn what_cannot_be_reached_is_named() {
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let problem = failed(&guests(&format!("http://{free}")));
    assert_eq!(problem.kind, ProblemKind::Unreachable);
    assert_eq!(
        problem.to_string(),
        format!(
            "Nothing answers at {free} (connection refused). Check the address after --graph-url, and whether the \
             emulator is running."
        )
    );

    let slow = Server::start(|_| Does::Sulks(Duration::from_secs(2)));
    let patience = Patience {
        exchange: Duration::from_millis(100),
        tries: 2,
        ..quick()
    };
    let problem = failed(&ask(
        &mut plain_with(&slow.url(), TOKEN, patience),
        Ask::Guests(Whose::Guests),
    ));
    assert!(problem.what.contains("longer than 100 ms"), "{problem}");

    let dropping = Server::start(|_| Does::HangsUp);
    assert!(failed(&guests(&dropping.url())).what.contains("broke"));
    let halving = Server::start(|_| Does::Halves(r#"{"value":[]}"#.into()));
    assert!(failed(&guests(&halving.url())).what.contains("broke"));
}

#[test]
fn no_token_is_ever_said() {
    let server = Server::start(|seen| {
        let echo = json!({"error": {"code": "x", "message": format!("{:?}", seen.headers)}});
        Does::Says(400, vec![], echo.to_string())
    });
    let mut plain = plain(&server.url());
    for question in [
        Ask::Guests(Whose::Guests),
        Ask::Session,
        Ask::Requests,
        Ask::Policies,
        Ask::Past,
    ] {
        let answers = ask(&mut plain, question);
        let said = format!("{answers:?} {}", failed(&answers));
        assert!(!said.contains(TOKEN), "{said}");
    }
    let config = guestlist::signin::StaticToken::new("bad token")
        .map(|_| ())
        .unwrap_err();
    assert!(!format!("{config:?}").contains("bad token"));
}

#[test]
fn a_dropped_plain_command_ends_its_read() {
    let server = Server::start(|_| Does::Sulks(Duration::from_millis(300)));
    let mut plain = plain(&server.url());
    drop(plain.run(Ask::Guests(Whose::Guests)));
    // The worker is free for the next question at once.
    let begun = Instant::now();
    assert!(
        ask(&mut plain, Ask::Journal(5))
            .iter()
            .any(|a| matches!(a, Answer::Journal { .. }))
    );
    assert!(begun.elapsed() < Duration::from_millis(250));
}
