//! The plain commands: the real binary against the emulator, with a state folder of its own.

mod acts;
mod bad_input;
mod calls;
mod config;
mod doctor;
mod journal;
mod lists;
mod login;
mod request_acts;
mod rules;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use guestlist::emulator::{Config, Emulator};
use serde_json::Value;
use tempfile::TempDir;

/// A tenant, and a machine to work on it from.
struct Desk {
    emulator: Emulator,
    home: TempDir,
}

/// What a command left behind.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        Self {
            emulator: Emulator::start(config).unwrap(),
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// Runs `guestlist` on this tenant with the words of `line`.
    fn run(&self, line: &str) -> Ran {
        self.run_args(&line.split_whitespace().collect::<Vec<_>>())
    }

    fn run_args(&self, args: &[&str]) -> Ran {
        let url = self.emulator.url();
        let token = self.emulator.token();
        let all: Vec<&str> = args.iter().copied().chain(["--graph-url", &url]).collect();
        run(command(&self.home, &all).env("GUESTLIST_TOKEN", token))
    }

    /// The rows a command prints as JSON.
    fn json(&self, line: &str) -> Vec<Value> {
        let ran = self.run(&format!("{line} --json"));
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.rows()
    }

    /// The id of a pending request that waits for us, by a filter.
    fn request(&self, filter: &str) -> String {
        let ran = self.run_args(&["requests", "list", "--quick", "--json", "--filter", filter]);
        let rows = ran.rows();
        let mine = |row: &&Value| {
            let stages = row["approval"]["stages"].as_array();
            stages.is_some_and(|stages| {
                stages
                    .iter()
                    .any(|stage| stage["status"] == "InProgress" && stage["assignedToMe"] == true)
            })
        };
        let row = rows
            .iter()
            .find(mine)
            .unwrap_or_else(|| panic!("nothing for {filter}: {ran:?}"));
        text(row, "id")
    }
}

impl Ran {
    fn rows(&self) -> Vec<Value> {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A string property.
fn text(row: &Value, name: &str) -> String {
    row[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {row}"))
        .to_string()
}

/// `guestlist` with an environment of its own.
fn command(home: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guestlist"));
    command
        .args(args)
        .env_remove("GUESTLIST_TOKEN")
        .env_remove("GUESTLIST_CONFIG")
        .env_remove("GUESTLIST_LOG")
        .env_remove("GUESTLIST_PROFILE")
        .env_remove("AZURE_CLIENT_SECRET")
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("GUESTLIST_STATE_DIR", home.path().join("state"))
        .stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    Ran {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// Runs without any tenant.
fn alone(args: &[&str]) -> Ran {
    run(&mut command(&tempfile::tempdir().unwrap(), args))
}

/// A server that answers everything with `answer`, whatever that is; its address.
fn server(answer: &'static [u8]) -> String {
    use std::io::Read as _;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(answer);
        }
    });
    url
}
