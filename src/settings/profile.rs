//! A profile: one tenant, how to sign in to it, and what is different there.

use std::path::PathBuf;

use super::ThemeChoice;
use super::keys::Keys;
use crate::signin::{ANY_TENANT, Cloud, SignInConfig, StoreKind, Way};

/// A colour for the banner, so that one tenant is not taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    /// `red`
    Red,
    /// `green`
    Green,
    /// `yellow`
    Yellow,
    /// `blue`
    Blue,
    /// `magenta`
    Magenta,
    /// `cyan`
    Cyan,
    /// `white`
    White,
}

impl Banner {
    /// Every colour with its word.
    pub const ALL: [(&str, Self); 7] = [
        ("red", Self::Red),
        ("green", Self::Green),
        ("yellow", Self::Yellow),
        ("blue", Self::Blue),
        ("magenta", Self::Magenta),
        ("cyan", Self::Cyan),
        ("white", Self::White),
    ];
}

/// One tenant, how to sign in to it, and what is different there from everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name; empty for the one that is there without a config file.
    pub name: String,
    /// The tenant's id or a domain of it.
    pub tenant: String,
    /// The app; `None` for Microsoft Graph Command Line Tools, or where the way brings its own.
    pub client: Option<String>,
    /// How to sign in.
    pub way: Way,
    /// Where the sign-in is kept; `None` for wherever `guestlist login` kept one, else in memory.
    pub keep: Option<StoreKind>,
    /// The cloud.
    pub cloud: Cloud,
    /// The client certificate.
    pub certificate: Option<PathBuf>,
    /// Which of the machine's identities.
    pub identity: Option<String>,
    /// The port a browser comes back to; 0 takes a free one.
    pub redirect_port: u16,
    /// Nothing is written there.
    pub read_only: Option<bool>,
    /// How often the queue is read again there; 0 for never by itself.
    pub refresh_seconds: Option<u32>,
    /// Colours there.
    pub theme: Option<ThemeChoice>,
    /// The banner's colour there.
    pub banner: Option<Banner>,
    /// Keys there, over those of all profiles.
    pub keys: Keys,
}

impl Default for Profile {
    /// The tenant of whoever signs in, with a browser: what there is without a config file.
    fn default() -> Self {
        Self {
            name: String::new(),
            tenant: ANY_TENANT.to_owned(),
            client: None,
            way: Way::Browser,
            keep: None,
            cloud: Cloud::Global,
            certificate: None,
            identity: None,
            redirect_port: 0,
            read_only: None,
            refresh_seconds: None,
            theme: None,
            banner: None,
            keys: Keys::new(),
        }
    }
}

impl Profile {
    /// Whether it stands for there being none.
    pub fn is_implied(&self) -> bool {
        self.name.is_empty()
    }

    /// What its sign-in is made of; secrets, places and prompts are for the caller to add.
    pub fn sign_in(&self, read_only: bool) -> SignInConfig {
        let scopes = crate::acts::asked_for(read_only);
        let mut config = SignInConfig::new(self.cloud.clone(), &self.tenant, self.way, scopes);
        if let Some(client) = &self.client {
            config.client.clone_from(client);
        }
        config.keep = self.keep.unwrap_or_default();
        config.certificate.clone_from(&self.certificate);
        config.identity.clone_from(&self.identity);
        config.redirect_port = self.redirect_port;
        config
    }
}
