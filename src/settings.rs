//! What a run is to do, from flags, environment and the config file, checked once at the start.
//!
//! A flag beats the environment, the environment beats the file. What is wrong is said in one sentence, with
//! file and line where there is one, before anything is drawn or sent.

mod file;
mod nearest;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::nearest::nearest;
use crate::domain::invitation::Secret;

/// How often the queue is read again where nothing else is said.
const REFRESH: Duration = Duration::from_secs(30);

/// Which colours the console uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Colour, unless `NO_COLOR` is set or the terminal knows none.
    #[default]
    Auto,
    /// The terminal's own sixteen colours.
    Color,
    /// None; bold, dim and reversed only.
    Mono,
}

/// What the flags say; `None` and `false` where they say nothing.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--demo`
    pub demo: bool,
    /// `--seed`
    pub seed: Option<u64>,
    /// `--graph-url`
    pub graph_url: Option<String>,
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--read-only`
    pub read_only: bool,
    /// `--theme`
    pub theme: Option<Theme>,
    /// `--log`
    pub log: Option<PathBuf>,
}

/// Where the Graph of this run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The emulator, started inside this process.
    Demo {
        /// What its tenant is made from.
        seed: u64,
    },
    /// A server.
    Graph {
        /// Its address, not yet checked.
        url: String,
        /// The token to show there.
        token: Secret,
    },
}

/// A run's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where Graph is; the error says what to do where nothing names one. Commands that need no Graph go on
    /// without it.
    pub place: Result<Place, SettingsError>,
    /// Nothing is written.
    pub read_only: bool,
    /// Colours; `Auto` has been decided.
    pub theme: Theme,
    /// How often the console reads the queue again; `None` for never by itself.
    pub refresh: Option<Duration>,
    /// The folder of journal and basket. The demo has its own, so that it never mixes with a tenant's.
    pub state_dir: PathBuf,
    /// The file that diagnostics go to.
    pub log: Option<PathBuf>,
}

/// Why a run cannot begin. Displays as one sentence or two: what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// Flags, environment or config file are wrong.
    Usage(String),
    /// Nothing says where to sign in, or as whom.
    SignIn(String),
}

impl SettingsError {
    /// The exit code of a run that ends so.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::SignIn(_) => 3,
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(words) | Self::SignIn(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for SettingsError {}

/// Reads a variable of the environment; an empty one counts as not set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The process's own environment.
pub fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

impl Settings {
    /// Puts together flags, environment and config file.
    ///
    /// # Errors
    /// What is wrong with any of them. A missing Graph is not among it: see [`Settings::place`].
    pub fn load(flags: Flags, environment: Environment) -> Result<Self, SettingsError> {
        let file = match config_path(flags.config, environment) {
            Some((path, asked_for)) => file::read(&path, asked_for)?,
            None => file::File::default(),
        };
        let demo = flags.demo;
        let place = if demo {
            Ok(Place::Demo {
                seed: flags.seed.unwrap_or(1),
            })
        } else {
            graph(flags.graph_url.or(file.graph_url), environment)
        };
        let theme = flags.theme.or(file.theme).unwrap_or_default();
        Ok(Self {
            place,
            read_only: flags.read_only || file.read_only.unwrap_or(false),
            theme: decide(theme, environment),
            refresh: match file.refresh_seconds {
                None => Some(REFRESH),
                Some(0) => None,
                Some(seconds) => Some(Duration::from_secs(seconds)),
            },
            state_dir: state_dir(demo, environment)?,
            log: flags
                .log
                .or_else(|| environment("GUESTLIST_LOG").map(PathBuf::from)),
        })
    }
}

/// The config file, and whether somebody asked for it by name: then it must be there.
fn config_path(flag: Option<PathBuf>, environment: Environment) -> Option<(PathBuf, bool)> {
    let named = flag.or_else(|| environment("GUESTLIST_CONFIG").map(PathBuf::from));
    if let Some(path) = named {
        return Some((path, true));
    }
    directories().map(|dirs| (dirs.config_dir().join("config.toml"), false))
}

fn directories() -> Option<directories::ProjectDirs> {
    directories::ProjectDirs::from("", "", "guestlist")
}

fn state_dir(demo: bool, environment: Environment) -> Result<PathBuf, SettingsError> {
    let own = || {
        let dirs = directories()?;
        Some(
            dirs.state_dir()
                .unwrap_or(dirs.data_local_dir())
                .to_path_buf(),
        )
    };
    let folder = environment("GUESTLIST_STATE_DIR")
        .map(PathBuf::from)
        .or_else(own)
        .ok_or_else(|| {
            SettingsError::Usage(
                "There is no home folder to keep the journal in. Set GUESTLIST_STATE_DIR to a folder.".into(),
            )
        })?;
    Ok(if demo { folder.join("demo") } else { folder })
}

fn graph(url: Option<String>, environment: Environment) -> Result<Place, SettingsError> {
    let Some(url) = url else {
        return Err(SettingsError::SignIn(
            "No tenant is named. Try --demo, or give --graph-url with a token in GUESTLIST_TOKEN."
                .into(),
        ));
    };
    let token = environment("GUESTLIST_TOKEN")
        .and_then(|token| token.into_string().ok())
        .ok_or_else(|| {
            SettingsError::SignIn(
                "There is no token to sign in with. Put one for Microsoft Graph into the environment variable GUESTLIST_TOKEN.".into(),
            )
        })?;
    Ok(Place::Graph {
        url,
        token: Secret::new(token.trim()),
    })
}

fn decide(theme: Theme, environment: Environment) -> Theme {
    let colourless =
        environment("NO_COLOR").is_some() || environment("TERM").is_some_and(|term| term == "dumb");
    match theme {
        Theme::Auto if colourless => Theme::Mono,
        Theme::Auto => Theme::Color,
        chosen => chosen,
    }
}

/// A path as shown in messages.
fn shown(path: &Path) -> crate::domain::text::Text {
    crate::domain::text::Text::new(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(flags: Flags, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("empty.toml");
        std::fs::write(&config, "").unwrap();
        let variables: Vec<(String, OsString)> = variables
            .iter()
            .map(|(name, value)| ((*name).to_string(), OsString::from(value)))
            .chain([
                ("GUESTLIST_CONFIG".to_string(), config.into_os_string()),
                ("GUESTLIST_STATE_DIR".to_string(), "/state".into()),
            ])
            .collect();
        let find = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        };
        Settings::load(flags, &find)
    }

    #[test]
    fn the_demo_keeps_to_its_own_folder() {
        let flags = Flags {
            demo: true,
            ..Flags::default()
        };
        let settings = load(flags, &[]).unwrap();
        assert_eq!(settings.place, Ok(Place::Demo { seed: 1 }));
        assert_eq!(settings.state_dir, Path::new("/state/demo"));
        assert_eq!(
            load(Flags::default(), &[]).unwrap().state_dir,
            Path::new("/state")
        );
    }

    #[test]
    fn without_a_tenant_or_a_token_it_says_what_to_do() {
        let place = load(Flags::default(), &[]).unwrap().place.unwrap_err();
        assert_eq!(place.exit_code(), 3);
        assert!(place.to_string().contains("--demo"));
        let flags = Flags {
            graph_url: Some("https://graph.microsoft.com".into()),
            ..Flags::default()
        };
        let place = load(flags.clone(), &[]).unwrap().place.unwrap_err();
        assert!(place.to_string().contains("GUESTLIST_TOKEN"));
        let place = load(flags, &[("GUESTLIST_TOKEN", "abc\n")]).unwrap().place;
        assert!(matches!(place, Ok(Place::Graph { token, .. }) if token.reveal() == "abc"));
    }

    #[test]
    fn colours_give_way_to_no_color() {
        let theme = |flag, variables: &[(&str, &str)]| {
            let flags = Flags {
                theme: flag,
                ..Flags::default()
            };
            load(flags, variables).unwrap().theme
        };
        assert_eq!(theme(None, &[]), Theme::Color);
        assert_eq!(theme(None, &[("NO_COLOR", "1")]), Theme::Mono);
        assert_eq!(theme(None, &[("TERM", "dumb")]), Theme::Mono);
        assert_eq!(
            theme(Some(Theme::Color), &[("NO_COLOR", "1")]),
            Theme::Color
        );
        assert_eq!(theme(Some(Theme::Mono), &[]), Theme::Mono);
    }
}
