//! What a run is to do, from flags, environment and the config file, checked once at the start.
//!
//! A flag beats the environment, the environment beats the file. What is wrong is said in one sentence, with
//! file and line where there is one, before anything is drawn or sent.

mod combine;
mod file;
mod keys;
mod profile;
mod queue;
pub mod rules;
mod signals;
mod table;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::file::{EXAMPLE, File, check};
pub use self::keys::Keys;
pub use self::profile::{Banner, Profile};
use crate::app::view::QueueSettings;
use crate::domain::invitation::Secret;
pub use crate::domain::nearest::nearest;
use crate::domain::signal::MailDomains;
use crate::domain::template::Template;
use crate::signin::Way;

/// How often the queue is read again where nothing else is said.
const REFRESH: Duration = Duration::from_secs(30);

/// Which colours the console uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ThemeChoice {
    /// Colour, unless `NO_COLOR` is set or the terminal knows none.
    #[default]
    Auto,
    /// The terminal's own sixteen colours.
    Color,
    /// None; bold, dim and reversed only.
    Mono,
}

/// The words for them in the config file.
const THEMES: [(&str, ThemeChoice); 3] = [
    ("auto", ThemeChoice::Auto),
    ("color", ThemeChoice::Color),
    ("mono", ThemeChoice::Mono),
];

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
    /// `--profile`
    pub profile: Option<String>,
    /// `--read-only`
    pub read_only: bool,
    /// `--theme`
    pub theme: Option<ThemeChoice>,
    /// `--log`
    pub log: Option<PathBuf>,
    /// `--rules`
    pub rules: Option<PathBuf>,
}

/// Where the Graph of this run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphPlace {
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
    /// A tenant that is signed in to.
    Tenant {
        /// Which, and how.
        profile: Box<Profile>,
        /// A client secret or a certificate's password, from the environment.
        secret: Option<Secret>,
    },
}

/// A run's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where Graph is; the error says what to do where nothing names one. Commands that need no Graph go on
    /// without it.
    pub place: Result<GraphPlace, SettingsError>,
    /// Nothing is written.
    pub read_only: bool,
    /// Colours; `Auto` has been decided.
    pub theme: ThemeChoice,
    /// How often the console reads the queue again; `None` for never by itself.
    pub refresh: Option<Duration>,
    /// The banner's colour, where the profile sets one.
    pub banner: Option<Banner>,
    /// Reasons to choose from where one writes a reason.
    pub reasons: Vec<Template>,
    /// The user's own keys.
    pub keys: Keys,
    /// How the queue is shown.
    pub queue: QueueSettings,
    /// Consumer and disposable mail domains.
    pub mail: MailDomains,
    /// Every profile there is, as they stand in the config file: to switch to another, load the settings again
    /// with its name.
    pub profiles: Vec<Profile>,
    /// The folder of journal and basket. The demo has its own, so that it never mixes with a tenant's.
    pub state_dir: PathBuf,
    /// The file that diagnostics go to.
    pub log: Option<PathBuf>,
    /// The rules file, whether or not it is there; `None` without a home folder to look in.
    pub rules: Option<PathBuf>,
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
        let config = config_path(flags.config, environment);
        let file = match &config {
            Some((path, asked_for)) => file::read(path, *asked_for)?,
            None => File::default(),
        };
        let beside = config.map(|(path, _)| path);
        let rules = rules_path(flags.rules, file.rules.clone(), beside.as_deref());
        let demo = flags.demo;
        let place = match flags.graph_url {
            _ if demo => Ok(GraphPlace::Demo {
                seed: flags.seed.unwrap_or(1),
            }),
            Some(url) => graph(url, environment),
            None => {
                let named = flags
                    .profile
                    .or_else(|| variable("GUESTLIST_PROFILE", environment));
                choose(&file, named).map(|profile| GraphPlace::Tenant {
                    secret: secret(profile.way, environment),
                    profile: Box::new(profile),
                })
            }
        };
        let profile = match &place {
            Ok(GraphPlace::Tenant { profile, .. }) => (**profile).clone(),
            _ => Profile::default(),
        };
        let theme = flags
            .theme
            .or(profile.theme)
            .or(file.theme)
            .unwrap_or_default();
        let mut keys = file.keys;
        keys.extend(profile.keys);
        Ok(Self {
            place,
            read_only: flags.read_only || profile.read_only.or(file.read_only).unwrap_or(false),
            theme: decide(theme, environment),
            refresh: match profile.refresh_seconds.or(file.refresh_seconds) {
                None => Some(REFRESH),
                Some(0) => None,
                Some(seconds) => Some(Duration::from_secs(seconds.into())),
            },
            banner: profile.banner,
            reasons: file.reasons,
            keys,
            queue: file.queue,
            mail: file.mail,
            profiles: file.profiles,
            state_dir: state_dir(demo, environment)?,
            rules: rules.map(|(path, _)| path),
            log: flags
                .log
                .or_else(|| environment("GUESTLIST_LOG").map(PathBuf::from)),
        })
    }
}

/// The profile that was named, else the file's choice, else the only one, else the one there is without a file.
fn choose(file: &File, named: Option<String>) -> Result<Profile, SettingsError> {
    let names = || file.profiles.iter().map(|profile| profile.name.as_str());
    let Some(name) = named.or_else(|| file.default_profile.clone()) else {
        return match &file.profiles[..] {
            [] => Ok(Profile::default()),
            [only] => Ok(only.clone()),
            _ => Err(SettingsError::Usage(format!(
                "There are several profiles and no default_profile. Choose one with --profile: {}.",
                names().collect::<Vec<_>>().join(", ")
            ))),
        };
    };
    let found = file.profiles.iter().find(|profile| profile.name == name);
    found.cloned().ok_or_else(|| {
        let offer = if file.profiles.is_empty() {
            "the config file has none; `guestlist config example` shows how to write one.".into()
        } else {
            table::offer(&name, names())
        };
        let stop = if offer.ends_with(['?', '.']) { "" } else { "." };
        SettingsError::Usage(format!(
            "There is no profile \"{}\": {offer}{stop}",
            shown(Path::new(&name))
        ))
    })
}

/// What a way signs in with that no file should hold.
fn secret(way: Way, environment: Environment) -> Option<Secret> {
    let name = match way {
        Way::ClientSecret => crate::signin::SECRET_VARIABLE,
        Way::ClientCertificate => crate::signin::PASSWORD_VARIABLE,
        Way::Token => crate::signin::StaticToken::VARIABLE,
        _ => return None,
    };
    variable(name, environment).map(|value| Secret::new(value.trim()))
}

fn variable(name: &str, environment: Environment) -> Option<String> {
    environment(name)?.into_string().ok()
}

/// The config file, and whether somebody asked for it by name: then it must be there.
pub fn config_path(flag: Option<PathBuf>, environment: Environment) -> Option<(PathBuf, bool)> {
    let named = flag.or_else(|| environment("GUESTLIST_CONFIG").map(PathBuf::from));
    if let Some(path) = named {
        return Some((path, true));
    }
    directories().map(|dirs| (dirs.config_dir().join("config.toml"), false))
}

/// The rules file, and whether somebody asked for it by name: a flag, else the config file's setting, else
/// `rules.toml` beside the config file.
fn rules_path(
    flag: Option<PathBuf>,
    set: Option<PathBuf>,
    config: Option<&Path>,
) -> Option<(PathBuf, bool)> {
    if let Some(path) = flag.or(set) {
        return Some((path, true));
    }
    let folder = config?.parent()?;
    Some((folder.join("rules.toml"), false))
}

/// As the settings choose it, also where the config file is wrong: for checking the rules.
pub fn rules_of(
    config: Option<PathBuf>,
    flag: Option<PathBuf>,
    environment: Environment,
) -> Option<(PathBuf, bool)> {
    let config = config_path(config, environment).map(|(path, _)| path);
    let set = config
        .as_deref()
        .and_then(|path| file::read(path, false).ok());
    rules_path(flag, set.and_then(|file| file.rules), config.as_deref())
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

fn graph(url: String, environment: Environment) -> Result<GraphPlace, SettingsError> {
    let token = variable("GUESTLIST_TOKEN", environment).ok_or_else(|| {
        SettingsError::SignIn(
            "There is no token to sign in with. Put one for Microsoft Graph into the environment variable GUESTLIST_TOKEN.".into(),
        )
    })?;
    Ok(GraphPlace::Graph {
        url,
        token: Secret::new(token.trim()),
    })
}

fn decide(theme: ThemeChoice, environment: Environment) -> ThemeChoice {
    let colourless =
        environment("NO_COLOR").is_some() || environment("TERM").is_some_and(|term| term == "dumb");
    match theme {
        ThemeChoice::Auto if colourless => ThemeChoice::Mono,
        ThemeChoice::Auto => ThemeChoice::Color,
        chosen => chosen,
    }
}

/// A path as shown in messages.
fn shown(path: &Path) -> crate::domain::text::Text {
    crate::domain::text::Text::new(&path.to_string_lossy())
}

#[cfg(test)]
#[path = "settings/tests.rs"]
mod tests;
