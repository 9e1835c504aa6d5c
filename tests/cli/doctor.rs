//! `guestlist doctor` on everything that can be wrong.

use guestlist::emulator::{Config, LoginConfig};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Desk, Ran, command, run, text};

/// The rows of a doctor's run.
fn rows(ran: &Ran) -> Vec<(String, String, String, String)> {
    let row = |row: &Value| {
        let text = |name| text(row, name);
        (text("check"), text("result"), text("words"), text("fix"))
    };
    ran.rows().iter().map(row).collect()
}

/// One check's result, words and fix in one.
fn of(ran: &Ran, check: &str) -> String {
    let rows = rows(ran);
    let found = rows.iter().find(|row| row.0 == check);
    let row = found.unwrap_or_else(|| panic!("no {check} in {ran:?}"));
    format!("{}: {} → {}", row.1, row.2, row.3)
}

fn with_profile(desk: &Desk, profile: &str, args: &[&str]) -> Ran {
    let path = desk.home.path().join("profile.toml");
    std::fs::write(&path, format!("[profiles.a]\n{profile}\n")).unwrap();
    let config = path.to_str().unwrap();
    let all: Vec<&str> = args
        .iter()
        .copied()
        .chain(["--json", "--config", config])
        .collect();
    run(&mut command(&desk.home, &all))
}

fn login(scopes: Option<&[&str]>) -> LoginConfig {
    LoginConfig {
        approve_after: Some(1),
        interval: std::time::Duration::from_secs(1),
        scopes: scopes.map(|scopes| scopes.iter().map(|&scope| scope.to_owned()).collect()),
        ..LoginConfig::default()
    }
}

fn emulated(desk: &Desk) -> String {
    let url = desk.emulator.url();
    format!(
        "tenant = \"contoso.com\"\ngraph_url = \"{url}\"\nlogin_url = \"{url}\"\nkeep_sign_in = \"file\""
    )
}

#[test]
fn all_is_well_and_nothing_is_written() {
    let desk = Desk::new();
    // All of the tenant but the time, which goes on.
    let tenant = || {
        let mut tenant = desk.emulator.snapshot();
        tenant["now"] = serde_json::Value::Null;
        tenant
    };
    let before = tenant();
    let ran = desk.run("doctor --json");
    assert_eq!(ran.code, 0, "{ran:?}");
    for (check, result, words, _) in rows(&ran) {
        assert!(
            matches!(result.as_str(), "ok" | "skip"),
            "{check}: {result} {words}"
        );
    }
    assert!(
        of(&ran, "mode").contains("approver + governance admin"),
        "{ran:?}"
    );
    assert!(of(&ran, "licences").contains("AAD_PREMIUM_P2"));
    assert!(of(&ran, "Graph clock").contains("the same as here"));
    assert!(tenant() == before, "the tenant has changed");
    assert!(!desk.home.path().join("state").exists(), "nor here");
    let plain = desk.run("doctor");
    assert!(plain.out.contains("ok    Graph connection"), "{plain:?}");
    assert!(!plain.out.contains(desk.emulator.token()));
}

#[test]
fn the_first_call_can_be_traced_too() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        // The look whether anybody is there says nothing.
        loop {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4096];
            let read = stream.read(&mut asked).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n");
            if read > 0 {
                return String::from_utf8_lossy(&asked[..read]).to_lowercase();
            }
        }
    });
    let home = tempfile::tempdir().unwrap();
    run(command(&home, &["doctor", "--graph-url", &url]).env("GUESTLIST_TOKEN", "opaque"));
    let asked = heard.join().unwrap();
    assert!(asked.contains("client-request-id: "), "{asked}");
    assert!(!asked.contains("opaque"), "{asked}");
}

#[test]
fn a_refused_connection_is_the_network() {
    let desk = Desk::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{port}");
    let args = ["doctor", "--json", "--graph-url", &url];
    let ran = run(command(&desk.home, &args).env("GUESTLIST_TOKEN", "x"));
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(of(&ran, "Graph connection").contains("refused"), "{ran:?}");
    assert!(of(&ran, "sign-in").starts_with("skip"), "{ran:?}");
    let args = [
        "doctor",
        "--json",
        "--graph-url",
        "https://guestlist-test.invalid",
    ];
    let ran = run(command(&desk.home, &args)
        .env("GUESTLIST_TOKEN", "x")
        .env_remove("HTTPS_PROXY")
        .env_remove("https_proxy"));
    assert_eq!(ran.code, 5, "{ran:?}");
}

#[test]
fn a_wrong_token_is_the_sign_in() {
    let desk = Desk::new();
    let url = desk.emulator.url();
    let args = ["doctor", "--json", "--graph-url", &url];
    let ran = run(command(&desk.home, &args).env("GUESTLIST_TOKEN", "secret-token"));
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(of(&ran, "sign-in").starts_with("fail"), "{ran:?}");
    assert!(!ran.out.contains("secret-token"));
}

#[test]
fn a_clock_ten_minutes_off_is_this_machines() {
    let off = SignedDuration::from_mins(10);
    let desk = Desk::with(Config {
        now: Some(Timestamp::now() + off),
        ..Config::default()
    });
    let ran = desk.run("doctor --json");
    assert_eq!(ran.code, 1, "{ran:?}");
    let said = of(&ran, "Graph clock");
    assert!(
        said.starts_with("fail") && said.contains("ahead of") && said.contains("timedatectl"),
        "{said}"
    );
}

#[test]
fn plain_http_elsewhere_is_refused_before_anything_is_sent() {
    let desk = Desk::new();
    let args = ["doctor", "--json", "--graph-url", "http://graph.example"];
    let ran = run(command(&desk.home, &args).env("GUESTLIST_TOKEN", "x"));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(of(&ran, "Graph address").contains("unencrypted"), "{ran:?}");
    let ran = with_profile(
        &desk,
        "graph_url = \"http://graph.example\"\nlogin_url = \"https://login.example\"",
        &["doctor"],
    );
    assert_eq!(ran.code, 2, "{ran:?}");
    let said = of(&ran, "settings");
    assert!(
        said.contains("line 2") && said.contains("unencrypted"),
        "{said}"
    );
}

#[test]
fn a_tenant_that_is_not_there_and_nobody_signed_in() {
    let desk = Desk::with(Config {
        login: Some(login(None)),
        ..Config::default()
    });
    let wrong = emulated(&desk).replace("contoso.com", "nowhere.example");
    let ran = with_profile(&desk, &wrong, &["doctor"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(of(&ran, "tenant").contains("90002"), "{ran:?}");
    let ran = with_profile(&desk, &emulated(&desk), &["doctor"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(of(&ran, "tenant").starts_with("ok"), "{ran:?}");
    assert!(of(&ran, "sign-in").contains("guestlist login"), "{ran:?}");
    // With no profile at all the rest is looked at too.
    let ran = run(&mut command(
        &tempfile::tempdir().unwrap(),
        &["--demo", "doctor", "--json"],
    ));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn an_expired_secret_is_the_sign_in() {
    let desk = Desk::with(Config {
        login: Some(login(None)),
        ..Config::default()
    });
    let app = emulated(&desk).replace(
        "keep_sign_in = \"file\"",
        "sign_in = \"client-secret\"\nclient_id = \"1\"",
    );
    desk.emulator.entra().unwrap().refuse_next(7_000_222);
    let path = desk.home.path().join("profile.toml");
    std::fs::write(&path, format!("[profiles.a]\n{app}\n")).unwrap();
    let args = ["doctor", "--json", "--config", path.to_str().unwrap()];
    let ran = run(command(&desk.home, &args).env("AZURE_CLIENT_SECRET", "emulated-secret"));
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(of(&ran, "sign-in").contains("7000222"), "{ran:?}");
    let ran = run(command(&desk.home, &args).env("AZURE_CLIENT_SECRET", "emulated-secret"));
    assert_eq!(ran.code, 0, "an app is no failure: {ran:?}");
    assert!(
        of(&ran, "mode").contains("app-only, cannot approve"),
        "{ran:?}"
    );
    assert!(
        of(&ran, "guestlist requests approve").contains("people only"),
        "{ran:?}"
    );
    assert!(of(&ran, "guestlist invite").starts_with("ok"), "{ran:?}");
}

#[test]
fn a_missing_permission_is_named_for_each_command() {
    let scopes = [
        "User.Read",
        "EntitlementManagement.Read.All",
        "User.Read.All",
        "User.Invite.All",
    ];
    let desk = Desk::with(Config {
        login: Some(login(Some(&scopes))),
        ..Config::default()
    });
    let profile = emulated(&desk);
    let signed = with_profile(&desk, &profile, &["status"]);
    assert_eq!(signed.code, 3);
    let path = desk.home.path().join("profile.toml");
    let args = ["login", "--device-code", "--config", path.to_str().unwrap()];
    assert_eq!(run(&mut command(&desk.home, &args)).code, 0);
    let ran = with_profile(&desk, &profile, &["doctor"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let approve = of(&ran, "guestlist requests approve");
    assert!(
        approve.starts_with("warn")
            && approve.contains("EntitlementManagement.ReadWrite.All is missing"),
        "{approve}"
    );
    for command in ["invite", "guests list", "requests list"] {
        let said = of(&ran, &format!("guestlist {command}"));
        assert!(said.starts_with("ok"), "{said}");
    }
}

#[test]
fn a_tenant_without_the_licence_is_invite_only() {
    let desk = Desk::with(Config {
        governance: false,
        ..Config::default()
    });
    let ran = desk.run("doctor --json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let mode = of(&ran, "mode");
    assert!(
        mode.contains("invite-only") && mode.contains("lacks the licence"),
        "{mode}"
    );
    assert!(
        of(&ran, "guestlist requests list").contains("Entra ID P2"),
        "{ran:?}"
    );
    assert!(of(&ran, "read guests").starts_with("ok"), "{ran:?}");
}
