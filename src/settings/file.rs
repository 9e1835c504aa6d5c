//! The config file: TOML, every key known, every mistake named with its line.

use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::{SettingsError, Theme, nearest, shown};
use crate::domain::text::Text;

/// What the file may say. All of it may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Colours.
    pub(super) theme: Option<Theme>,
    /// Nothing is written.
    pub(super) read_only: Option<bool>,
    /// How often the queue is read again; 0 for never by itself.
    pub(super) refresh_seconds: Option<u64>,
    /// Where Graph is.
    pub(super) graph_url: Option<String>,
}

/// Reads the file; one that is not there and was not asked for by name says nothing.
pub(super) fn read(path: &Path, asked_for: bool) -> Result<File, SettingsError> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let text = String::from_utf8(bytes).map_err(|error| {
                let good = error.utf8_error().valid_up_to();
                let before = String::from_utf8_lossy(&error.as_bytes()[..good]);
                let line = before.matches('\n').count() + 1;
                SettingsError::Usage(format!(
                    "{}, line {line}: this is not UTF-8. Save the file as UTF-8.",
                    shown(path)
                ))
            })?;
            parse(&text, path)
        }
        Err(error) if error.kind() == ErrorKind::NotFound && !asked_for => Ok(File::default()),
        Err(error) => Err(SettingsError::Usage(format!(
            "The config file {} cannot be read ({}). Check its path and permissions.",
            shown(path),
            reason(&error)
        ))),
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string(),
    }
}

fn parse(text: &str, path: &Path) -> Result<File, SettingsError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let words = text.lines().nth(line - 1).unwrap_or_default();
        let sentence = sentence(error.message(), words);
        let stop = if sentence.ends_with('?') { "" } else { "." };
        SettingsError::Usage(format!("{}, line {line}: {sentence}{stop}", shown(path)))
    })
}

/// What is wrong, with the nearest valid word. `message` is serde's or TOML's, `line` the line it is about.
fn sentence(message: &str, line: &str) -> String {
    let key = line.split('=').next().unwrap_or_default().trim();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let first = quoted.next().unwrap_or_default();
    let valid: Vec<&str> = quoted.collect();
    let offer = || match nearest(first, valid.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("it is one of {}", valid.join(", ")),
    };
    let words = if message.starts_with("unknown field") {
        format!("there is no setting \"{first}\"; {}", offer())
    } else if message.starts_with("unknown variant") {
        format!("\"{key}\" cannot be \"{first}\"; {}", offer())
    } else if let Some(rest) = message.strip_prefix("invalid type: ") {
        let (found, wanted) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let wanted = match wanted {
            "a boolean" => "true or false",
            "u64" => "a whole number",
            "a string" => "words in quotes",
            "option" => "a value",
            other => other,
        };
        format!("\"{key}\" must be {wanted}, not {}", found.replace('`', ""))
    } else if message.starts_with("invalid value: ") {
        format!("\"{key}\" has a value that cannot be: {message}")
    } else {
        format!("this is not TOML: {}", message.replace('\n', "; "))
    };
    // A file may hold anything, and its words are printed.
    Text::new(&words).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        parse(text, Path::new("config.toml"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_right_is_taken() {
        let file = parse(
            "# mine\ntheme = \"mono\"\nread_only = true\nrefresh_seconds = 0\n",
            Path::new("config.toml"),
        );
        assert_eq!(
            file,
            Ok(File {
                theme: Some(Theme::Mono),
                read_only: Some(true),
                refresh_seconds: Some(0),
                graph_url: None,
            })
        );
        assert_eq!(parse("", Path::new("x")), Ok(File::default()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_the_nearest_word() {
        for (text, expected) in [
            (
                "\n\ntehme = \"mono\"",
                "config.toml, line 3: there is no setting \"tehme\"; did you mean \"theme\"?",
            ),
            (
                "colours = 3",
                "config.toml, line 1: there is no setting \"colours\"; it is one of theme, read_only, refresh_seconds, graph_url.",
            ),
            (
                "read_only = true\ntheme = \"monu\"",
                "config.toml, line 2: \"theme\" cannot be \"monu\"; did you mean \"mono\"?",
            ),
            (
                "read_only = \"yes\"",
                "config.toml, line 1: \"read_only\" must be true or false, not string \"yes\".",
            ),
            (
                "refresh_seconds = \"often\"",
                "config.toml, line 1: \"refresh_seconds\" must be a whole number, not string \"often\".",
            ),
        ] {
            assert_eq!(wrong(text), expected, "{text}");
        }
        for text in [
            "theme",
            "theme = ",
            "[",
            "= 3",
            "refresh_seconds = -1",
            "a\n\u{1b}[31m = 3",
        ] {
            let sentence = wrong(text);
            assert!(sentence.starts_with("config.toml, line "), "{sentence}");
            assert!(
                !sentence.contains('\u{1b}') && !sentence.contains('\n'),
                "{sentence:?}"
            );
        }
    }

    #[test]
    fn a_file_asked_for_must_be_there() {
        let dir = tempfile::tempdir().unwrap();
        let missing = dir.path().join("none.toml");
        assert_eq!(read(&missing, false), Ok(File::default()));
        assert!(
            read(&missing, true)
                .unwrap_err()
                .to_string()
                .contains("no such file")
        );
        assert!(read(dir.path(), false).is_err());
        std::fs::write(&missing, b"theme = 1\n\xff").unwrap();
        assert!(
            read(&missing, true)
                .unwrap_err()
                .to_string()
                .contains("line 2")
        );
    }
}
