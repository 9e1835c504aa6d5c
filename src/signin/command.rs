//! Running `az` and `azd` for a token: for a bounded time, with nobody to answer their questions, and reading the JSON
//! out of whatever else they print.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Output, Stdio};
use std::time::Duration;

use azure_identity::Executor;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Deserializer, Map, Value};
use tokio::process::Command;

use super::azure::SECRET_VARIABLES;
use crate::domain::problem::{Problem, ProblemKind};

/// As long as a token may take. `az` alone needs seconds on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs a command that prints a token.
#[derive(Debug)]
pub(super) struct TokenCommand {
    /// What people call it: `az`.
    name: &'static str,
    patience: Duration,
}

impl TokenCommand {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            patience: PATIENCE,
        }
    }

    fn silent(&self) -> Problem {
        let (name, seconds) = (self.name, self.patience.as_secs());
        Problem::new(
            ProblemKind::SignIn,
            format!("{name} gave no token and no answer for {seconds} seconds, and was ended"),
            format!("Run {name} by hand to see what it waits for, or sign in another way"),
        )
    }
}

#[async_trait::async_trait]
impl Executor for TokenCommand {
    async fn run(&self, program: &OsStr, arguments: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        for secret in SECRET_VARIABLES {
            command.env_remove(secret);
        }
        let child = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Of its own, so that what the shell started ends with the shell.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let group = ProcessGroup::of(child.id());
        let Ok(output) = tokio::time::timeout(self.patience, child.wait_with_output()).await else {
            return Err(io::Error::other(self.silent()));
        };
        group.let_go();
        let mut output = output?;
        if output.status.success() {
            output.stdout = json_of(&output.stdout).to_vec();
        } else if let Some(signal) = output.status.signal()
            && output.stderr.is_empty()
        {
            output.stderr = format!("{} was ended by signal {signal}", self.name).into_bytes();
        }
        Ok(output)
    }
}

/// A process group that is ended when nobody waits for it any more: after the time is up, or with the wait.
struct ProcessGroup(Option<Pid>);

impl ProcessGroup {
    fn of(leader: Option<u32>) -> Self {
        let leader = leader.and_then(|id| i32::try_from(id).ok());
        Self(leader.and_then(Pid::from_raw))
    }

    fn let_go(mut self) {
        self.0 = None;
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // Gone already is what was wanted.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// What holds a token in what `az` prints, and in what `azd` does.
const TOKENS: [&str; 2] = ["accessToken", "token"];

/// The first JSON object with a token in what was printed; all of it where there is none. Warnings about new versions
/// and extensions stand before it, on some machines, and with `azd` these are JSON themselves.
fn json_of(printed: &[u8]) -> &[u8] {
    let starts = memchr::memchr_iter(b'{', printed);
    let object = |start: usize| {
        let rest = &printed[start..];
        let mut values = Deserializer::from_slice(rest).into_iter::<Map<String, Value>>();
        let map = values.next()?.ok()?;
        TOKENS.iter().find(|name| map.contains_key(**name))?;
        Some(&rest[..values.byte_offset()])
    };
    starts.take(64).find_map(object).unwrap_or(printed)
}

/// A line's words: `azd` wraps its own into JSON.
fn unwrapped(line: &str) -> Cow<'_, str> {
    let message = || {
        let value: Value = serde_json::from_str(line).ok()?;
        let message = value.pointer("/data/message").or(value.get("message"));
        Some(message?.as_str()?.to_owned())
    };
    let wrapped = line.trim_start().starts_with('{').then(message).flatten();
    wrapped.map_or(Cow::Borrowed(line), Cow::Owned)
}

/// The line that says something in what a command printed before it failed: what Python's traceback ends with, what
/// is marked as the error, or else the last one. Links to help are none.
pub(super) fn telling(words: &str) -> String {
    let words: Vec<Cow<'_, str>> = words.lines().map(unwrapped).collect();
    let words = words.join("\n");
    let lines = || {
        let lines = words.lines().filter(|line| !line.trim().is_empty());
        lines.filter(|line| !line.starts_with("To troubleshoot, visit "))
    };
    let traceback = lines().any(|line| line.contains("Traceback (most recent call last)"));
    let marked = lines().find_map(|line| line.trim_start().strip_prefix("ERROR:"));
    match marked {
        Some(marked) if !traceback => marked.trim().to_owned(),
        _ => lines().next_back().unwrap_or_default().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(patience: Duration) -> TokenCommand {
        TokenCommand {
            name: "az",
            patience,
        }
    }

    async fn sh(script: &str, patience: Duration) -> io::Result<Output> {
        let arguments = [OsStr::new("-c"), OsStr::new(script)];
        command(patience)
            .run(OsStr::new("/bin/sh"), &arguments)
            .await
    }

    #[tokio::test]
    async fn what_does_not_answer_is_ended_with_words_and_with_its_children() {
        // The shell's child holds the pipes: were the shell alone ended, they would stay open.
        let script = "sleep 600 & echo $! >&2; wait";
        let ended = sh(script, Duration::from_millis(300)).await.unwrap_err();
        let problem = ended.get_ref().unwrap().downcast_ref::<Problem>().unwrap();
        assert_eq!(problem.kind, ProblemKind::SignIn);
        assert!(problem.what.starts_with("az gave no token"), "{problem}");
    }

    #[tokio::test]
    async fn a_question_is_answered_by_nobody() {
        let asked = sh(
            "read x || echo \"{\\\"token\\\":\\\"alone ${GUESTLIST_TOKEN-}\\\"}\"",
            PATIENCE,
        );
        assert_eq!(asked.await.unwrap().stdout, b"{\"token\":\"alone \"}");
    }

    #[test]
    fn the_json_is_found_among_warnings() {
        let json = r#"{"accessToken":"a{b","expires_on":1}"#;
        for printed in [
            json.to_owned(),
            format!("A new version {{2.80}} is there.\n{json}\n"),
            format!("\u{1b}[33mWARNING: {{}}\u{1b}[0m\r\n{json}\nBye"),
            format!("{{\"type\":\"consoleMessage\",\"data\":{{\"message\":\"old\"}}}}\n{json}"),
            format!("\u{feff}{json}"),
        ] {
            assert_eq!(json_of(printed.as_bytes()), json.as_bytes());
        }
        assert_eq!(json_of(b"nothing {"), b"nothing {");
    }

    #[test]
    fn the_line_that_says_something_is_told() {
        let link =
            "\nTo troubleshoot, visit https://aka.ms/azsdk/rust/identity/troubleshoot#azure-cli";
        for (printed, told) in [
            ("Please run 'az login'", "Please run 'az login'"),
            (
                "Traceback (most recent call last):\n  File \"x.py\", line 1\nPermissionError: no",
                "PermissionError: no",
            ),
            (
                "ERROR: The command failed with an unexpected error. Here is the traceback:\nERROR: x\nTraceback (most recent call last):\n  File \"x.py\"\nOSError: full\n",
                "OSError: full",
            ),
            (
                "WARNING: old\nERROR: AADSTS700082: The refresh token has expired.\nPlease run:\naz login",
                "AADSTS700082: The refresh token has expired.",
            ),
            ("WARNING: old\n\naz is locked\n", "az is locked"),
            (
                r#"{"type":"consoleMessage","data":{"message":"\nERROR: not logged in, run `azd auth login`\n"}}"#,
                "not logged in, run `azd auth login`",
            ),
            ("", ""),
        ] {
            assert_eq!(telling(&format!("{printed}{link}")), told);
        }
    }
}
