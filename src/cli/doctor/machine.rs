//! This machine: the terminal, what stands between, and the files. Everything is looked at, nothing is touched.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::check::{Check, CheckResult};
use crate::journal::Journal;
use crate::signin::SECRET_VARIABLES;
use crate::terminal::{self, Multiplexer};

fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name).and_then(|value: OsString| value.into_string().ok());
    value.filter(|value| !value.is_empty())
}

/// Size, colours, letters, clipboard.
pub(super) fn terminal() -> Vec<Check> {
    if !std::io::stdout().is_terminal() {
        return vec![Check::skip(
            "terminal",
            "the output is no terminal; the console needs one, plain commands do not",
        )];
    }
    vec![
        size(terminal::size()),
        colours(&variable),
        letters(&variable),
        clipboard(),
    ]
}

fn size((columns, rows): (u16, u16)) -> Check {
    let words = format!("{columns} columns, {rows} rows");
    match (columns, rows) {
        (120.., 32..) => Check::ok("terminal size", format!("{words}: all panes at once")),
        (80.., 24..) => Check::ok("terminal size", format!("{words}: one pane at a time")),
        (40.., 10..) => Check::new("terminal size", CheckResult::Warn, words)
            .fix("80 by 24 shows every column; 120 by 32 all panes"),
        _ => Check::new("terminal size", CheckResult::Fail(1), words)
            .fix("The console needs at least 40 by 10: make the window larger"),
    }
}

fn colours(variable: &dyn Fn(&str) -> Option<String>) -> Check {
    let term = variable("TERM").unwrap_or_default();
    if term.is_empty() || term == "dumb" {
        let words = "TERM does not say what the terminal can do";
        return Check::new("colours", CheckResult::Fail(1), words)
            .fix("Set TERM to the terminal's name, such as xterm-256color");
    }
    if variable("NO_COLOR").is_some() {
        return Check::ok(
            "colours",
            format!("{term}; NO_COLOR is set, so bold, dim and reversed carry everything"),
        );
    }
    Check::ok(
        "colours",
        format!("{term}; the terminal's own sixteen are used"),
    )
}

fn letters(variable: &dyn Fn(&str) -> Option<String>) -> Check {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| variable(name))
        .unwrap_or_default();
    let lower = locale.to_lowercase();
    if lower.contains("utf-8") || lower.contains("utf8") {
        return Check::ok("letters", locale);
    }
    let words = if locale.is_empty() {
        "no locale is set".into()
    } else {
        format!("the locale is {locale}")
    };
    Check::new("letters", CheckResult::Warn, words)
        .fix("Names and lines need UTF-8: export LC_ALL=C.UTF-8, on the SSH side too")
}

/// Copying (OSC 52). A terminal cannot be asked whether it takes it; what is known to swallow it is said.
fn clipboard() -> Check {
    match Multiplexer::from_env() {
        Multiplexer::Tmux => tmux(
            tmux_option("allow-passthrough").as_deref(),
            tmux_option("set-clipboard").as_deref(),
        ),
        Multiplexer::Screen => Check::ok("clipboard", "OSC 52 through screen, in pieces"),
        Multiplexer::None => {
            let deaf = match () {
                () if variable("VTE_VERSION").is_some() => {
                    Some("GNOME Terminal and its relatives (VTE)")
                }
                () if variable("TERM_PROGRAM").is_some_and(|name| name == "Apple_Terminal") => {
                    Some("Apple's Terminal")
                }
                () => None,
            };
            match deaf {
                Some(name) => Check::new("clipboard", CheckResult::Warn, format!("{name} ignore OSC 52, so copying reaches nothing"))
                    .fix("Use another terminal (kitty, WezTerm, foot, Alacritty, iTerm2, Windows Terminal), or mark with the mouse"),
                None => Check::ok("clipboard", "OSC 52; it reaches the clipboard where the terminal allows it"),
            }
        }
    }
}

fn tmux(passthrough: Option<&str>, clipboard: Option<&str>) -> Check {
    let on =
        |value: Option<&str>, words: &[&str]| value.is_some_and(|value| words.contains(&value));
    let through = on(passthrough, &["on", "all"]);
    if through || on(clipboard, &["on"]) {
        let how = if through {
            "allow-passthrough"
        } else {
            "set-clipboard"
        };
        return Check::ok("clipboard", format!("OSC 52 through tmux ({how} is on)"));
    }
    if passthrough.is_none() && clipboard.is_none() {
        return Check::new(
            "clipboard",
            CheckResult::Warn,
            "inside tmux, which could not be asked",
        )
        .fix("Check `tmux show -g allow-passthrough`");
    }
    Check::new(
        "clipboard",
        CheckResult::Warn,
        "tmux keeps OSC 52 to itself, so copying reaches tmux only",
    )
    .fix(
        "Run `tmux set -g allow-passthrough on` (tmux 3.3 and later), and put it into ~/.tmux.conf",
    )
}

/// An option of the tmux we are in. It only answers.
fn tmux_option(name: &str) -> Option<String> {
    let mut tmux = Command::new("tmux");
    for secret in SECRET_VARIABLES {
        tmux.env_remove(secret);
    }
    let asked = tmux
        .args(["show-options", "-gv", name])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let value = String::from_utf8(asked.stdout).ok()?.trim().to_owned();
    (asked.status.success() && !value.is_empty()).then_some(value)
}

/// The state folder, what is in it, and the chain of the journal.
pub(super) fn files(dir: &Path) -> Vec<Check> {
    let mut checks = vec![mode("state folder", dir, 0o700)];
    let signins = dir.join("signin");
    if signins.exists() {
        checks.push(mode("kept sign-ins", &signins, 0o700));
        let files = std::fs::read_dir(&signins).into_iter().flatten().flatten();
        let loose = files
            .map(|file| mode("kept sign-ins", &file.path(), 0o600))
            .filter(|check| check.result != CheckResult::Ok);
        checks.extend(loose);
    }
    checks.push(journal(dir));
    checks
}

fn mode(about: &str, path: &Path, wanted: u32) -> Check {
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Check::ok(about, format!("{shown} is not there yet"))
        }
        Err(error) => Check::new(
            about,
            CheckResult::Fail(1),
            format!("{shown} cannot be looked at ({error})"),
        )
        .fix("Set GUESTLIST_STATE_DIR to a folder of your own"),
        Ok(found) => {
            let mode = found.permissions().mode() & 0o777;
            let others = 0o077;
            if mode & others == 0 {
                return Check::ok(about, format!("{shown} is yours alone"));
            }
            Check::new(
                about,
                CheckResult::Fail(1),
                format!("{shown} can be reached by others (mode {mode:o})"),
            )
            .fix(format!("Run `chmod {wanted:o} '{shown}'`"))
        }
    }
}

fn journal(dir: &Path) -> Check {
    match Journal::inspect(dir) {
        Err(error) => Check::new("journal", CheckResult::Fail(1), error.to_string()),
        Ok(found) => match &found.damage[..] {
            [] => Check::ok(
                "journal",
                format!("{} records, the chain is whole", found.lines),
            ),
            [first, rest @ ..] => {
                let more = if rest.is_empty() {
                    String::new()
                } else {
                    format!(", and {} more", rest.len())
                };
                Check::new("journal", CheckResult::Fail(1), format!("{first}{more}"))
                    .fix("Keep a copy as evidence; guestlist goes on after what is there")
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_windows_and_closed_tmuxes_are_said() {
        assert_eq!(size((160, 48)).result, CheckResult::Ok);
        assert_eq!(size((79, 30)).result, CheckResult::Warn);
        assert_eq!(size((39, 50)).result, CheckResult::Fail(1));
        assert_eq!(tmux(Some("on"), Some("external")).result, CheckResult::Ok);
        assert_eq!(tmux(Some("off"), Some("on")).result, CheckResult::Ok);
        let closed = tmux(Some("off"), Some("external"));
        assert!(closed.result == CheckResult::Warn && closed.fix.contains("allow-passthrough on"));
        assert_eq!(tmux(None, None).result, CheckResult::Warn);
    }

    #[test]
    fn a_terminal_must_say_what_it_can() {
        let with = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                pairs
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| (*value).to_owned())
            }
        };
        assert_eq!(colours(&with(&[("TERM", "xterm")])).result, CheckResult::Ok);
        assert_eq!(
            colours(&with(&[("TERM", "dumb")])).result,
            CheckResult::Fail(1)
        );
        assert_eq!(
            letters(&with(&[("LANG", "de_DE.UTF-8")])).result,
            CheckResult::Ok
        );
        assert_eq!(
            letters(&with(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")])).result,
            CheckResult::Warn
        );
    }

    #[test]
    fn looking_makes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        for check in files(&state) {
            assert_eq!(check.result, CheckResult::Ok, "{check:?}");
        }
        assert!(!state.exists());
        std::fs::create_dir(&state).unwrap();
        std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o755)).unwrap();
        let loose = &files(&state)[0];
        assert!(
            loose.result == CheckResult::Fail(1) && loose.fix.contains("chmod 700"),
            "{loose:?}"
        );
        assert_eq!(std::fs::read_dir(&state).unwrap().count(), 0);
    }
}
