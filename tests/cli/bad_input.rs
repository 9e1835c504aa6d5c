//! What is wrong is said in one sentence, with what to do, and with the right exit code.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{Desk, Ran, alone, command, run, server};

/// One line on standard error, nothing on standard output, and this code.
#[track_caller]
fn one_sentence(ran: &Ran, code: i32) {
    assert_eq!(ran.code, code, "{ran:?}");
    assert_eq!(ran.out, "", "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    assert!(
        ran.err.ends_with(".\n") || ran.err.ends_with("?\n") || ran.err.ends_with(")\n"),
        "{ran:?}"
    );
    assert!(!ran.err.contains("panicked"), "{ran:?}");
}

/// Runs `requests list` against `url`.
fn against(url: &str) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let args = ["requests", "list", "--graph-url", url];
    run(command(&home, &args).env("GUESTLIST_TOKEN", "secret-token"))
}

#[test]
fn wrong_flags_are_claps() {
    for args in [
        &["--nonsense"][..],
        &["requests", "lst"],
        &["--theme", "pink"],
        &["guests", "revoke", "x", "--reason", "y"],
        &["--demo", "--graph-url", "http://127.0.0.1:1"],
    ] {
        let ran = alone(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("error:"), "{ran:?}");
    }
    assert_eq!(alone(&["--version"]).code, 0);
}

#[test]
fn ids_that_cannot_be_ids_are_not_sent() {
    for args in [
        &["requests", "approve", "a/b"][..],
        &["requests", "show", "../me"],
        &["guests", "restore", "a b"],
        &["guests", "revoke", "..", "--block", "--reason", "x"],
    ] {
        one_sentence(&alone(args), 2);
    }
}

#[test]
fn without_a_tenant_or_a_token_it_says_what_to_do() {
    for args in [&[][..], &["requests", "list"], &["guests", "list"]] {
        let ran = alone(args);
        one_sentence(&ran, 3);
        assert!(
            ran.err.contains("--demo") && ran.err.contains("GUESTLIST_TOKEN"),
            "{ran:?}"
        );
    }
    let ran = alone(&[
        "requests",
        "list",
        "--graph-url",
        "https://graph.microsoft.com",
    ]);
    one_sentence(&ran, 3);
    assert!(ran.err.contains("GUESTLIST_TOKEN"));
}

#[test]
fn a_wrong_token_asks_for_another() {
    let desk = Desk::new();
    let ran = against(&desk.emulator.url());
    one_sentence(&ran, 3);
    assert!(!ran.err.contains("secret-token"));
}

#[test]
fn the_console_wants_a_terminal() {
    let ran = alone(&["--demo"]);
    one_sentence(&ran, 2);
    assert!(ran.err.contains("terminal"), "{ran:?}");
}

#[test]
fn a_config_with_a_mistake_is_named_with_line_and_word() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("config.toml");
    let with = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let config = path.to_str().unwrap();
        run(&mut command(
            &home,
            &["--demo", "requests", "list", "--config", config],
        ))
    };
    let ran = with("# mine\ntehme = \"mono\"\n");
    one_sentence(&ran, 2);
    assert!(
        ran.err.contains("line 2") && ran.err.contains("did you mean \"theme\"?"),
        "{ran:?}"
    );
    let ran = with("theme = 3\n");
    one_sentence(&ran, 2);
    assert!(ran.err.contains("line 1"), "{ran:?}");
    one_sentence(&with("theme = [\n"), 2);
    assert_eq!(with("theme = \"mono\"\n").code, 0);
    std::fs::remove_file(&path).unwrap();
    let config = path.to_str().unwrap();
    let ran = run(&mut command(
        &home,
        &["--demo", "requests", "list", "--config", config],
    ));
    one_sentence(&ran, 2);
    assert!(ran.err.contains("no such file"), "{ran:?}");
}

#[test]
fn addresses_that_would_give_the_token_away_are_refused() {
    let ran = against("http://graph.microsoft.com");
    one_sentence(&ran, 2);
    assert!(ran.err.contains("https"), "{ran:?}");
    one_sentence(&against("graph"), 2);
    one_sentence(&against("ftp://127.0.0.1"), 2);
}

#[test]
fn a_server_that_cannot_be_reached_is_said_to_be() {
    one_sentence(&against("https://guestlist-test.invalid"), 5);
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    one_sentence(&against(&format!("http://{port}")), 5);
}

#[test]
fn a_server_that_is_not_graph_is_said_to_be() {
    let html = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 30\r\nconnection: close\r\n\r\n<html><h1>Sign in</h1></html>\n";
    one_sentence(&against(&server(html)), 5);
    let cut = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 22\r\nconnection: close\r\n\r\n{\"value\":[{\"id\":\"abc\",";
    one_sentence(&against(&server(cut)), 5);
    let odd = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{\"value\": 42}";
    one_sentence(&against(&server(odd)), 5);
}

#[test]
fn the_emulator_says_where_it_is_and_ends_when_told() {
    let home = tempfile::tempdir().unwrap();
    let mut child = command(&home, &["emulator", "--guests", "30"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines
        .next()
        .unwrap()
        .unwrap()
        .strip_prefix("url ")
        .unwrap()
        .to_string();
    let token = lines
        .next()
        .unwrap()
        .unwrap()
        .strip_prefix("token ")
        .unwrap()
        .to_string();
    let args = ["guests", "list", "--json", "--graph-url", &url];
    let ran = run(command(&home, &args).env("GUESTLIST_TOKEN", token));
    assert_eq!((ran.code, ran.rows().len()), (0, 30), "{ran:?}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let outside = alone(&["emulator", "--listen", "0.0.0.0:0"]);
    assert_ne!(outside.code, 0);
    assert!(outside.err.contains("loopback"), "{outside:?}");
}
