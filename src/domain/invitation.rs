//! Invitations: what one fills in, and what comes back.

use zeroize::Zeroize as _;

use super::id::UserId;
use super::text::Text;

/// A link or a token that gives access to whoever holds it. It can be shown to the person who asked for it
/// and copied by them; it is in no log, journal, error or debug print, and what held it is overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    /// Wraps `value`.
    pub fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// The secret itself. The name is long so that each use is seen in review.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Languages Graph writes its invitation mail in that an inviter commonly picks, `en-US` first. Any ISO 639
/// tag is accepted; these are what the form steps through (invitedUserMessageInfo).
pub const LANGUAGES: [&str; 16] = [
    "en-US", "cs-CZ", "da-DK", "de-DE", "es-ES", "fi-FI", "fr-FR", "it-IT", "ja-JP", "ko-KR",
    "nb-NO", "nl-NL", "pl-PL", "pt-BR", "sv-SE", "zh-CN",
];

/// Longer messages than this were seen to be dropped by the mail (microsoft-graph-docs#13436): worth a
/// warning, not a refusal.
pub const LONG_MESSAGE: usize = 3_000;

/// An invitation as one means to send it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// The mail address; checked with [`super::mail::check`].
    pub mail: String,
    /// The display name; empty lets Graph take it from the address.
    pub name: String,
    /// Words added to Graph's mail; empty for none.
    pub message: String,
    /// Language of Graph's mail, such as `en-US`; Graph ignores it where there is a message.
    pub language: String,
    /// Whether Graph sends a mail at all.
    pub send_mail: bool,
    /// Where the guest lands after redeeming.
    pub redirect: String,
}

/// What Graph made of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The guest account, pending.
    pub user: UserId,
    /// The address invited.
    pub mail: Text,
    /// The link that redeems it; empty where it is broken.
    pub redeem: Secret,
    /// Whether Graph sent the mail.
    pub mailed: bool,
}

impl Invited {
    /// What is said where there is no link to hand on.
    pub const BROKEN: &str = "The redeem link is broken: Graph sent none, or one that leads to no place of this cloud. It is not shown.";

    /// The link that redeems it, where it is one.
    pub fn link(&self) -> Option<&Secret> {
        Some(&self.redeem).filter(|link| !link.reveal().is_empty())
    }
}

/// Where a guest lands who redeems an invitation that names no place: the apps they have in this tenant.
pub fn my_apps(tenant: &str) -> String {
    format!("https://myapplications.microsoft.com/?tenantid={tenant}")
}
