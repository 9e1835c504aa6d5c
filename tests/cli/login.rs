//! Signing in, staying signed in, and signing out, against the emulated Entra.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::Duration;

use guestlist::emulator::{Config, LoginConfig};
use serde_json::Value;

use super::{Desk, Ran, command, run};

/// A tenant that signs people in, and a machine with a profile for it. Sign-ins are kept in a file: a test has no
/// keyring of its own.
fn desk(login: LoginConfig, more: &str) -> Desk {
    let login = Some(login);
    desk_of(
        Config {
            login,
            ..Config::default()
        },
        more,
    )
}

fn desk_of(config: Config, more: &str) -> Desk {
    let desk = Desk::with(config);
    let url = desk.emulator.url();
    let folder = desk.home.path().join("config/guestlist");
    std::fs::create_dir_all(&folder).unwrap();
    let profile = format!(
        "[profiles.emulated]\ntenant = \"contoso.com\"\ngraph_url = \"{url}\"\nlogin_url = \"{url}\"\n{more}\n"
    );
    std::fs::write(folder.join("config.toml"), profile).unwrap();
    desk
}

fn quick() -> LoginConfig {
    LoginConfig {
        approve_after: Some(1),
        interval: Duration::from_secs(1),
        ..LoginConfig::default()
    }
}

/// Runs `guestlist` with nothing but the profile.
fn profiled(desk: &Desk, args: &[&str]) -> Ran {
    run(&mut command(&desk.home, args))
}

fn status(desk: &Desk) -> (i32, Value) {
    let ran = profiled(desk, &["status", "--json"]);
    (ran.code, ran.rows().swap_remove(0))
}

#[test]
fn a_device_code_signs_in_until_logout() {
    let desk = desk(quick(), "keep_sign_in = \"file\"");
    let ran = profiled(&desk, &["status"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("guestlist login"), "{ran:?}");

    let ran = profiled(&desk, &["login", "--device-code"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for words in [
        "type the code",
        "/device",
        "minutes from now",
        "Signed in as",
        "contoso.com",
        "signin/",
    ] {
        assert!(ran.out.contains(words), "{words}: {ran:?}");
    }
    let (code, row) = status(&desk);
    assert_eq!(code, 0, "{row}");
    assert!(
        row["account"].as_str().unwrap().ends_with("contoso.com"),
        "{row}"
    );
    assert!(
        row["tokenEnds"].is_string() && row["signInEnds"].is_string(),
        "{row}"
    );
    assert_eq!(
        row["way"], "browser",
        "the profile's own way goes on with it"
    );
    let kept = row["kept"].as_str().unwrap();
    assert!(std::path::Path::new(kept).exists());

    // The plain commands, and the console, stand on the same sign-in.
    let ran = profiled(&desk, &["guests", "list", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.rows().len(), 1200);

    for secret in desk.emulator.entra().unwrap().secrets() {
        for ran in [&ran, &profiled(&desk, &["status"])] {
            assert!(
                !ran.out.contains(&secret) && !ran.err.contains(&secret),
                "{ran:?}"
            );
        }
    }
    let ran = profiled(&desk, &["logout"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.contains("removed from") && !std::path::Path::new(kept).exists(),
        "{ran:?}"
    );
    assert_eq!(status(&desk).0, 3);
    assert!(
        profiled(&desk, &["logout", "--all"])
            .out
            .contains("nothing was kept")
    );
}

#[test]
fn a_login_that_no_profile_keeps_is_found_again() {
    let desk = desk(quick(), "");
    let ran = profiled(&desk, &["login", "--device-code", "--keep", "file"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(status(&desk).0, 0);
    assert_eq!(profiled(&desk, &["guests", "list"]).code, 0);
    assert_eq!(profiled(&desk, &["logout"]).code, 0);
    assert_eq!(status(&desk).0, 3);
}

#[test]
fn a_refusal_says_what_to_do() {
    let desk = desk(quick(), "keep_sign_in = \"file\"");
    desk.emulator.entra().unwrap().refuse_next(53003);
    let ran = profiled(&desk, &["login", "--device-code"]);
    assert_eq!((ran.code, ran.err.lines().count()), (3, 1), "{ran:?}");
    assert!(
        ran.err.contains("53003") && ran.err.contains("--browser"),
        "{ran:?}"
    );
    assert_eq!(status(&desk).0, 3);
}

#[test]
fn a_browser_gets_the_address_and_the_ssh_line() {
    let desk = desk(LoginConfig::default(), "keep_sign_in = \"file\"");
    let mut child = command(&desk.home, &["login", "--browser"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (mut url, mut said) = (String::new(), String::new());
    while !said.contains("minutes from now") {
        let mut line = String::new();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "{said}");
        if line.trim_start().starts_with("http") {
            line.trim().clone_into(&mut url);
        }
        said.push_str(&line);
    }
    assert!(said.contains("ssh ") && said.contains("-L "), "{said}");
    // The browser: Entra sends it on to the port of this machine that waits.
    let back = get(&url);
    let location = back
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap()
        .trim()
        .to_owned();
    assert!(get(&location).contains("200"));
    out.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    assert!(said.contains("Signed in as"), "{said}");
    assert_eq!(status(&desk).0, 0);
}

/// What an `http` address answers, head and all.
fn get(url: &str) -> String {
    use std::io::Write as _;
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = host.replace("localhost", "127.0.0.1");
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_cannot_be_kept_is_said_before_anybody_signs_in() {
    let desk = desk(LoginConfig::default(), "keep_sign_in = \"memory\"");
    let ran = profiled(&desk, &["login", "--device-code"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("in memory"), "{ran:?}");
    let ran = profiled(&desk, &["login", "--az", "--keep", "file"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(profiled(&desk, &["login", "--az", "--browser"]).code, 2);
    assert_eq!(desk.emulator.entra().unwrap().grants("device_code"), 0);
}

#[test]
fn a_code_that_nobody_sees_is_not_waited_for() {
    let desk = desk(LoginConfig::default(), "keep_sign_in = \"file\"");
    let (reader, gone) = std::io::pipe().unwrap();
    drop(reader);
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    for nowhere in [Stdio::null(), gone.into(), full.into()] {
        let ran = command(&desk.home, &["login", "--device-code"])
            .stdout(nowhere)
            .output()
            .unwrap();
        let err = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(1), "{err}");
        assert!(err.contains("cannot be shown"), "{err}");
    }
}

#[test]
fn secrets_reach_no_child_and_no_dump() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = desk(LoginConfig::default(), "sign_in = \"azure-cli\"");
    let folder = desk.home.path().join("bin");
    std::fs::create_dir(&folder).unwrap();
    let az = folder.join("az");
    let script = "#!/bin/sh\nenv > \"$HOME/seen\"\nulimit -c >> \"$HOME/seen\"\nexit 1\n";
    std::fs::write(&az, script).unwrap();
    std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut guestlist = command(&desk.home, &["guests", "list"]);
    for name in guestlist::signin::SECRET_VARIABLES {
        guestlist.env(name, "opens-doors");
    }
    assert_eq!(run(guestlist.env("PATH", path)).code, 3);
    let seen = std::fs::read_to_string(desk.home.path().join("seen")).unwrap();
    assert!(
        seen.contains("GUESTLIST_STATE_DIR=") && !seen.contains("opens-doors"),
        "{seen}"
    );
    assert!(seen.ends_with("\n0\n"), "no core is dumped: {seen}");
}

#[test]
fn what_was_not_asked_for_is_not_tried_with_every_list() {
    let folder = tempfile::tempdir().unwrap();
    let policies = |consented: &[&str]| {
        let record = folder.path().join(consented.len().to_string());
        let desk = desk_of(
            Config {
                login: Some(LoginConfig {
                    scopes: Some(consented.iter().map(|&scope| scope.to_owned()).collect()),
                    ..quick()
                }),
                record: Some(record.clone()),
                ..Config::default()
            },
            "keep_sign_in = \"file\"",
        );
        assert_eq!(profiled(&desk, &["login", "--device-code"]).code, 0);
        let ran = profiled(&desk, &["requests", "list", "--json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let asked = std::fs::read_to_string(&record).unwrap_or_default();
        asked.matches("/policies/").count()
    };
    let some = [
        "User.Read",
        "EntitlementManagement.Read.All",
        "User.Read.All",
    ];
    assert_eq!(policies(&some), 0);
    let more = [&some[..], &["Policy.Read.All"]].concat();
    assert!(policies(&more) > 0);
}

#[test]
fn an_app_signs_in_by_its_secret() {
    let desk = desk(
        LoginConfig::default(),
        "sign_in = \"client-secret\"\nclient_id = \"11111111-1111-1111-1111-111111111111\"",
    );
    let ran = profiled(&desk, &["status"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("AZURE_CLIENT_SECRET"), "{ran:?}");
    let with = |secret: &str, args: &[&str]| {
        run(command(&desk.home, args).env("AZURE_CLIENT_SECRET", secret))
    };
    let ran = with("emulated-secret", &["status"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("the app"), "{ran:?}");
    let ran = with("emulated-secret", &["invite", "new@fabrikam.com", "--yes"]);
    assert_eq!(ran.code, 0, "it invites: {ran:?}");
    let ran = with("emulated-secret", &["journal", "list", "--json"]);
    assert!(
        ran.rows()
            .iter()
            .all(|row| row["actor_name"].as_str().unwrap().starts_with("app ")),
        "{ran:?}"
    );
    let ran = with("wrong", &["status"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(!ran.err.contains("wrong\""), "{ran:?}");
}

#[test]
fn the_emulator_says_where_it_signs_people_in() {
    let home = tempfile::tempdir().unwrap();
    let mut child = command(
        &home,
        &[
            "emulator",
            "--guests",
            "30",
            "--login",
            "--token-life",
            "60",
        ],
    )
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .take(3)
        .map(Result::unwrap)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        lines[2].strip_prefix("login "),
        lines[0].strip_prefix("url "),
        "{lines:?}"
    );
}
