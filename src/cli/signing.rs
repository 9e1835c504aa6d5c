//! From a profile to its sign-in.

use crate::domain::invitation::Secret;
use crate::domain::problem::Problem;
use crate::settings::{Profile, Settings, SettingsError};
use crate::signin::{SignIn, SignInConfig, SignInPrompt, StoreKind, Way};

/// What a first start without a profile is told.
const FIRST_START: &str = "No tenant is set up yet. To look around in a built-in demo tenant, run `guestlist --demo`. \
    To sign in to your own, run `guestlist login` (`guestlist login --device-code` where there is no browser), then \
    `guestlist`. For more tenants, other clouds and other ways to sign in, write profiles: `guestlist config path` says \
    where, `guestlist config example` prints one to begin with. With a token from elsewhere in GUESTLIST_TOKEN, \
    --graph-url is enough.";

/// Nobody ever signed in, and no profile says how.
pub(super) fn first_start() -> SettingsError {
    SettingsError::SignIn(FIRST_START.into())
}

/// A sign-in's parts, and what differs from the profile in this run.
pub(super) struct Parts<'a> {
    pub(super) settings: &'a Settings,
    pub(super) profile: &'a Profile,
    pub(super) secret: Option<Secret>,
    pub(super) way: Option<Way>,
    pub(super) keep: Option<StoreKind>,
    /// Takes the steps; work then waits for a sign-in rather than fail.
    pub(super) prompt: Option<SignInPrompt>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        profile: &'a Profile,
        secret: Option<Secret>,
    ) -> Self {
        Self {
            settings,
            profile,
            secret,
            way: None,
            keep: None,
            prompt: None,
        }
    }

    /// What the sign-in is made of. It is kept where this run says, else where the profile says, else where one is
    /// kept already.
    pub(super) fn config(self) -> Result<SignInConfig, Problem> {
        let mut config = self.profile.sign_in(self.settings.read_only);
        config.way = self.way.unwrap_or(config.way);
        config.state_dir = Some(self.settings.state_dir.clone());
        config.secret = self.secret;
        if let Some(keep) = self.keep.or(self.profile.keep) {
            config.keep = keep;
        } else if config.way.is_interactive() {
            config.keep = config.kept()?.unwrap_or_default();
        }
        if let Some(prompt) = self.prompt {
            config.prompt = prompt;
            config.patient = true;
        }
        Ok(config)
    }

    pub(super) fn sign_in(self) -> Result<SignIn, Problem> {
        SignIn::new(self.config()?)
    }
}

/// Whether there is anything to sign in with: without a config file there is only what `guestlist login` kept.
pub(super) fn ready(settings: &Settings, profile: &Profile) -> Result<(), SettingsError> {
    let nobody = || {
        let config = Parts::new(settings, profile, None).config();
        // A kept sign-in that cannot be used is for the sign-in to complain about.
        config.is_ok_and(|config| config.keep == StoreKind::Memory)
    };
    if profile.is_implied() && nobody() {
        return Err(first_start());
    }
    Ok(())
}
