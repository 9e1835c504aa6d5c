//! What a console starts with, and what of it stands as long as it runs.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::app::keymap::{Keymap, Keys};
use crate::app::view::{Bell, QueueSettings};
use crate::domain::signal::MailDomains;
use crate::domain::template::Template;
use crate::inventory::view::View;
use crate::signin::SignInOffer;

/// Which world the console is connected to; stands on the banner in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// The built-in demo tenant.
    Demo,
    /// A tenant, or whatever `--graph-url` names.
    Live,
}

/// The profiles of the config file, for switching between their tenants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profiles {
    /// Each one's name, and its tenant as it stands there.
    pub all: Vec<(String, String)>,
    /// The name of the one in use; `None` where this console is of none of them.
    pub current: Option<String>,
}

/// What a console starts with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The time.
    pub now: Timestamp,
    /// The zone absolute times are shown in.
    pub zone: TimeZone,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Demo or live.
    pub world: World,
    /// Nothing may be written.
    pub read_only: bool,
    /// The host of My Access links; `None` where the cloud's is not known.
    pub my_access: Option<&'static str>,
    /// Consumer and disposable mail domains.
    pub mail: MailDomains,
    /// The user's own keys.
    pub keys: Keys,
    /// The profiles one can switch between.
    pub profiles: Profiles,
    /// How often pending requests are read again.
    pub refresh: Option<SignedDuration>,
    /// Reasons to choose from.
    pub templates: Vec<Template>,
    /// Where and how one can sign in; `None` where the token came from outside, or for the demo.
    pub sign_in: Option<SignInOffer>,
    /// How the queue is shown.
    pub queue: QueueSettings,
}

impl Start {
    /// An ordinary console on the demo that nobody has to sign in to, in UTC: what others differ from.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            zone: TimeZone::UTC,
            size: (120, 40),
            world: World::Demo,
            read_only: false,
            my_access: None,
            mail: MailDomains::default(),
            keys: Keys::new(),
            profiles: Profiles::default(),
            refresh: None,
            templates: Vec::new(),
            sign_in: None,
            queue: QueueSettings::default(),
        }
    }
}

/// What does not change by itself as long as a console runs.
pub struct Setup {
    /// The zone absolute times are shown in.
    pub zone: TimeZone,
    /// Demo or live.
    pub world: World,
    /// Nothing may be written.
    pub read_only: bool,
    /// What keys mean, with the user's own.
    pub keymap: Keymap,
    /// Views of the queue: those that are always there, then the saved ones.
    pub views: Vec<View>,
    /// The columns of what waits, from left to right; none for those that are shown where nobody has chosen.
    pub columns: Vec<&'static str>,
    /// What a new arrival does.
    pub(in crate::app) bell: Option<Bell>,
    /// How often pending requests are read again; `None` for never by itself.
    pub refresh: Option<SignedDuration>,
    /// The profiles one can switch between, and the one in use.
    pub profiles: Profiles,
}
