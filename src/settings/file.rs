//! The config file: TOML, every key known, every mistake named with its line.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::combine::{self, LONGEST_REFRESH};
use super::keys::{self, Keys};
use super::profile::Profile;
use super::queue;
use super::table::{Mistake, Source, TomlTable, ValueAtLine, offer};
use super::{SettingsError, THEMES, ThemeChoice, shown, signals};
use crate::app::view::QueueSettings;
use crate::domain::signal::MailDomains;
use crate::domain::template::Template;
use crate::domain::text::Text;
use crate::private::{self, Unbelieved};

/// A config file that passes, with a word on every setting.
pub const EXAMPLE: &str = include_str!("../../assets/config.example.toml");

/// The largest file that is read, in bytes: nobody has written more settings than that.
const LARGEST: u64 = 1024 * 1024;

/// What the file says. All of it may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The profile that is opened where nothing else names one.
    pub default_profile: Option<String>,
    /// Colours.
    pub theme: Option<ThemeChoice>,
    /// Nothing is written.
    pub read_only: Option<bool>,
    /// How often the queue is read again; 0 for never by itself.
    pub refresh_seconds: Option<u32>,
    /// Reasons to choose from where one writes a reason.
    pub reasons: Vec<Template>,
    /// Keys by command name.
    pub keys: Keys,
    /// How the queue is shown.
    pub queue: QueueSettings,
    /// Consumer and disposable mail domains beside those of the list.
    pub mail: MailDomains,
    /// The rules file; a path in it goes from the config file's folder.
    pub rules: Option<PathBuf>,
    /// The profiles, as they stand in the file.
    pub profiles: Vec<Profile>,
}

/// Reads the file; one that is not there and was not asked for by name says nothing.
///
/// # Errors
/// It cannot be read, or the first mistake in it.
pub(super) fn read(path: &Path, asked_for: bool) -> Result<File, SettingsError> {
    let text = match text(path) {
        Ok(text) => text,
        Err(Unread::Unbelieved(Unbelieved::Io(error)))
            if !asked_for && error.kind() == ErrorKind::NotFound =>
        {
            return Ok(File::default());
        }
        Err(unread) => return Err(unread.at(path)),
    };
    parse(&text, path).map_err(|mistakes| match mistakes.first() {
        Some(first) => SettingsError::Usage(sentence(path, first)),
        None => SettingsError::Usage(format!("{} is wrong.", shown(path))),
    })
}

/// Everything that is wrong with the file, as sentences.
///
/// # Errors
/// It cannot be read.
pub fn check(path: &Path) -> Result<Vec<String>, SettingsError> {
    let text = text(path).map_err(|unread| unread.at(path))?;
    let mistakes = parse(&text, path).err().unwrap_or_default();
    Ok(mistakes
        .iter()
        .map(|mistake| sentence(path, mistake))
        .collect())
}

fn sentence(path: &Path, mistake: &Mistake) -> String {
    let stop = if mistake.words.ends_with('?') {
        ""
    } else {
        "."
    };
    format!(
        "{}, line {}: {}{stop}",
        shown(path),
        mistake.line,
        mistake.words
    )
}

/// Why there is no text.
enum Unread {
    Unbelieved(Unbelieved),
    NotUtf8(usize),
}

impl Unread {
    fn at(self, path: &Path) -> SettingsError {
        let why = match self {
            Self::Unbelieved(why) => why,
            Self::NotUtf8(line) => {
                let path = shown(path);
                return SettingsError::Usage(format!(
                    "{path}, line {line}: this is not UTF-8. Save the file as UTF-8."
                ));
            }
        };
        SettingsError::Usage(format!(
            "The config file {} cannot be read ({why}). Check its path and permissions.",
            shown(path)
        ))
    }
}

fn text(path: &Path) -> Result<String, Unread> {
    let bytes = private::believed(path, LARGEST).map_err(Unread::Unbelieved)?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        Unread::NotUtf8(String::from_utf8_lossy(good).matches('\n').count() + 1)
    })
}

fn parse(text: &str, path: &Path) -> Result<File, Vec<Mistake>> {
    let source = Source::new(text);
    let parsed = DeTable::parse(text);
    let file = match &parsed {
        Ok(table) => collect(
            &source,
            table.get_ref(),
            path.parent().unwrap_or(Path::new(".")),
        ),
        Err(error) => {
            let line = source.line(error.span().map_or(0, |span| span.start));
            let words = error.message().replace('\n', "; ");
            source.wrong(line, &format!("this is not TOML: {words}"));
            File::default()
        }
    };
    let mistakes = source.mistakes();
    if mistakes.is_empty() {
        Ok(file)
    } else {
        Err(mistakes)
    }
}

fn collect<'t>(source: &'t Source<'t>, table: &'t DeTable<'t>, folder: &Path) -> File {
    let table = TomlTable::new(source, table, 1);
    let default_profile = table.text("default_profile");
    let tables = table.table("profiles").map(|table| table.tables());
    let profiles: Vec<Profile> = tables
        .unwrap_or_default()
        .into_iter()
        .map(|(name, table)| {
            if name.trim().is_empty() {
                source.wrong(
                    table.line,
                    "a profile needs a name, such as [profiles.contoso]",
                );
            }
            combine::read(name, table, folder)
        })
        .collect();
    if let Some(default) = &default_profile {
        let mut names = profiles.iter().map(|profile| profile.name.as_str());
        if !names.clone().any(|name| name == default.value) {
            let words = match names.next() {
                None => format!(
                    "there is no profile \"{}\"; the file has none",
                    default.value
                ),
                Some(_) => {
                    let names = profiles.iter().map(|profile| profile.name.as_str());
                    format!(
                        "there is no profile \"{}\"; {}",
                        default.value,
                        offer(&default.value, names)
                    )
                }
            };
            source.wrong(default.line, &words);
        }
    }
    let file = File {
        default_profile: default_profile.map(|found| found.value),
        theme: table.word("theme", &THEMES).map(|found| found.value),
        read_only: table.flag("read_only").map(|found| found.value),
        refresh_seconds: table
            .number("refresh_seconds", LONGEST_REFRESH)
            .map(|found| found.value),
        reasons: reasons(&table),
        keys: table
            .table("keys")
            .map(|table| keys::read(&table))
            .unwrap_or_default(),
        queue: queue::read(&table),
        mail: table
            .table("signals")
            .map(signals::read)
            .unwrap_or_default(),
        rules: table.text("rules").map(|found| folder.join(found.value)),
        profiles,
    };
    table.end();
    file
}

/// Templates of reasons, each on one line.
fn reasons(table: &TomlTable<'_>) -> Vec<Template> {
    let mut reasons = Vec::new();
    for ValueAtLine { value, line } in table.texts("reasons") {
        match Template::parse(&Text::new(&value)) {
            Ok(reason) => reasons.push(reason),
            Err(wrong) => table.source().wrong(line, &format!("\"reasons\": {wrong}")),
        }
    }
    reasons
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
