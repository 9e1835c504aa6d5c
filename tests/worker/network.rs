//! Proxies and certificates, by the program's own environment: so each of these runs the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use super::TOKEN;
use crate::support::scripted::{Server, error};

/// Runs a plain command on `url` with these variables set; what it said on standard error.
fn said(url: &str, variables: &[(&str, &str)]) -> String {
    let home = tempfile::tempdir().unwrap();
    let ran = command(&home, url, variables).output().unwrap();
    assert_ne!(ran.status.code(), Some(0));
    String::from_utf8(ran.stderr).unwrap()
}

/// As [`said`], and ends it after the first line.
fn first_said(url: &str, variables: &[(&str, &str)]) -> String {
    let home = tempfile::tempdir().unwrap();
    let mut command = command(&home, url, variables);
    let mut running = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(running.stderr.take().unwrap());
    out.read_line(&mut line).unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    line
}

fn command(home: &tempfile::TempDir, url: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guestlist"));
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
        .args(["requests", "list", "--graph-url", url])
        .env("GUESTLIST_TOKEN", TOKEN)
        .env("GUESTLIST_STATE_DIR", home.path())
        .env("HOME", home.path())
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR")
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    command
}

/// A proxy that refuses, and the first line of all that it was asked.
fn proxy() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            let rest: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let _ = sender.send(format!("{first} {}", rest.join(" ")));
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        }
    });
    (url, asked)
}

#[test]
fn a_proxy_is_asked_for_what_is_far_away_and_never_shown_the_token() {
    let (proxy, asked) = proxy();
    // A name that is nowhere (RFC 2606).
    let far = "https://graph.guestlist.invalid";
    said(far, &[("HTTPS_PROXY", &proxy)]);
    let first = asked.try_recv().unwrap();
    assert!(
        first.starts_with("CONNECT graph.guestlist.invalid:443 "),
        "{first}"
    );
    assert!(!first.contains(TOKEN));
    while asked.try_recv().is_ok() {}

    let words = said(
        far,
        &[("HTTPS_PROXY", &proxy), ("NO_PROXY", ".guestlist.invalid")],
    );
    assert!(asked.try_recv().is_err());
    assert!(words.contains("graph.guestlist.invalid"), "{words}");

    // What is on this machine needs none.
    let near = Server::start(|_| error(403, "x"));
    said(
        &near.url(),
        &[("HTTP_PROXY", &proxy), ("ALL_PROXY", &proxy)],
    );
    assert!(asked.try_recv().is_err() && !near.seen().is_empty());
}

#[test]
fn what_is_offered_is_gzip() {
    let server = Server::start(|_| error(403, "x"));
    said(&server.url(), &[]);
    for seen in server.seen() {
        assert!(
            seen.header("accept-encoding").unwrap().contains("gzip"),
            "{seen:?}"
        );
    }
}

/// A web server with a certificate of its own making, by the `openssl` of this machine.
struct Secure {
    server: Child,
    port: u16,
}

impl Secure {
    /// `None` where there is no `openssl`.
    fn start(folder: &Path) -> Option<Self> {
        let made = Command::new("openssl")
            .args("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost".split(' '))
            .args("-addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE".split(' '))
            .current_dir(folder)
            .stderr(Stdio::null())
            .status();
        if !made.is_ok_and(|status| status.success()) {
            println!("certificates not checked: there is no openssl here");
            return None;
        }
        // Free a moment ago, and nobody else is likely to take it.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = Command::new("openssl")
            .args(format!("s_server -accept localhost:{port} -cert cert.pem -key key.pem -rev -alpn http/1.1 -tlsextdebug").split(' '))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut secure = Self { server, port };
        let mut line = String::new();
        let mut out = BufReader::new(secure.server.stdout.take().unwrap());
        while !line.contains("ACCEPT") {
            line.clear();
            assert!(out.read_line(&mut line).unwrap() > 0, "openssl serves");
        }
        secure.server.stdout = Some(out.into_inner());
        Some(secure)
    }

    /// Ends it; what it said.
    fn end(mut self) -> String {
        self.server.kill().unwrap();
        let mut said = String::new();
        let out = self.server.stdout.take().unwrap();
        let _ = out.take(1 << 20).read_to_string(&mut said);
        self.server.wait().unwrap();
        said
    }
}

#[test]
fn certificates_are_the_system_s_or_those_of_ssl_cert_file() {
    let folder = tempfile::tempdir().unwrap();
    let Some(secure) = Secure::start(folder.path()) else {
        return;
    };
    let url = format!("https://localhost:{}", secure.port);
    let words = said(&url, &[]);
    assert!(words.contains("certificate is not trusted"), "{words}");
    let bundle = folder.path().join("cert.pem");
    let bundle = bundle.to_str().unwrap();
    let words = first_said(&url, &[("SSL_CERT_FILE", bundle)]);
    // It speaks no HTTP, but it is trusted.
    assert!(words.contains("trying again"), "{words}");
    thread::sleep(Duration::from_millis(50));
    let said = secure.end();
    assert!(
        said.contains("h2.http/1.1"),
        "HTTP/2 is offered first: {said}"
    );

    let nothing = folder.path().join("nothing.pem");
    std::fs::write(&nothing, "").unwrap();
    let words = self::said(&url, &[("SSL_CERT_FILE", nothing.to_str().unwrap())]);
    assert!(words.contains("SSL_CERT_FILE"), "{words}");
}
