//! Where a person's sign-in is kept between runs: nowhere, unless one asks for it. What is kept is the refresh
//! token, which is worth a sign-in; access tokens are never kept.

mod file;
mod keyring;

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::cloud::Cloud;
use super::way::Way;
use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// How long Entra keeps a refresh token that is not used, unless a policy says less (`refresh-tokens`).
const UNUSED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The version of what is written.
const VERSION: u64 = 1;

/// Where to keep a sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoreKind {
    /// Until the program ends.
    #[default]
    Memory,
    /// In the Linux kernel's keyring of this user: never on a disk, there in the next SSH session, gone after a
    /// reboot or some days without use.
    Keyring,
    /// In a file that only its owner can read. Whoever gets at the disk, or a backup, gets at it.
    File,
}

impl StoreKind {
    /// Every place with its word.
    pub const ALL: [(&str, Self); 3] = [
        ("memory", Self::Memory),
        ("keyring", Self::Keyring),
        ("file", Self::File),
    ];

    /// Its word in settings.
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, keep)| *keep == self);
        found.map_or("", |(word, _)| word)
    }
}

/// Whose sign-in: cloud, tenant and app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StoreKey {
    text: String,
    name: String,
}

impl StoreKey {
    pub(super) fn new(cloud: &Cloud, tenant: &str, client: &str) -> Self {
        let text = format!(
            "{cloud}|{}|{}",
            tenant.to_lowercase(),
            client.to_lowercase()
        );
        let digest = Sha256::digest(text.as_bytes());
        let name = digest
            .iter()
            .take(16)
            .fold(String::new(), |name, b| format!("{name}{b:02x}"));
        Self { text, name }
    }
}

/// What is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSignIn {
    pub(super) refresh: Secret,
    /// Who, as far as the token said.
    pub account: Option<Text>,
    /// How they signed in.
    pub way: Way,
    /// What was asked for.
    pub scopes: Vec<String>,
    /// When it was last renewed.
    pub saved: Timestamp,
}

/// The same as it is written; the token is borrowed, so that there is no further copy of it.
#[derive(Deserialize, Serialize)]
struct KeptWire<'a> {
    v: u64,
    #[serde(rename = "for", borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    refresh_token: Cow<'a, str>,
    #[serde(default)]
    account: Option<String>,
    #[serde(borrow)]
    way: Cow<'a, str>,
    #[serde(default)]
    scopes: Vec<String>,
    saved: String,
}

impl KeptSignIn {
    /// When it ends if it is not used, unless a policy of the tenant ends it earlier.
    pub fn ends_unused(&self) -> Timestamp {
        self.saved.checked_add(UNUSED).unwrap_or(Timestamp::MAX)
    }

    fn write(&self, key: &StoreKey) -> Zeroizing<Vec<u8>> {
        let wire = KeptWire {
            v: VERSION,
            key: (&*key.text).into(),
            refresh_token: self.refresh.reveal().into(),
            account: self.account.as_ref().map(ToString::to_string),
            way: self.way.word().into(),
            scopes: self.scopes.clone(),
            saved: self.saved.to_string(),
        };
        // With room for all of it: what grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
        // Strings and numbers always can be written.
        let _ = serde_json::to_writer(&mut *bytes, &wire);
        bytes
    }

    /// `None` for what another version, or somebody else, wrote: then one signs in again.
    fn read(bytes: &[u8], key: &StoreKey) -> Option<Self> {
        let wire: KeptWire<'_> = serde_json::from_slice(bytes).ok()?;
        if wire.v != VERSION || wire.key != key.text || wire.refresh_token.is_empty() {
            return None;
        }
        Some(Self {
            refresh: Secret::new(&wire.refresh_token),
            account: wire.account.as_deref().map(Text::new),
            way: wire.way.parse().ok()?,
            scopes: wire.scopes,
            saved: wire.saved.parse().ok()?,
        })
    }
}

/// A place, in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptIn {
    /// Nowhere but in this process.
    Memory,
    /// The kernel's keyring.
    Keyring,
    /// A file.
    File(PathBuf),
}

impl fmt::Display for KeptIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("in memory, until this program ends"),
            Self::Keyring => f.write_str(
                "in the kernel's keyring of this user, until a reboot or some days without use",
            ),
            Self::File(path) => write!(f, "in the file {}", path.display()),
        }
    }
}

/// The place that was chosen, and the folder for files.
#[derive(Clone, Debug)]
pub(super) struct Store {
    keep: StoreKind,
    dir: Option<PathBuf>,
}

impl Store {
    pub(super) fn new(keep: StoreKind, state_dir: Option<&Path>) -> Self {
        Self {
            keep,
            dir: state_dir.map(|dir| dir.join("signin")),
        }
    }

    fn path(&self, key: &StoreKey) -> Result<PathBuf, Problem> {
        let dir = self.dir.as_ref().ok_or_else(|| {
            Problem::new(
                ProblemKind::Local,
                "There is no folder to keep the sign-in in",
                "Set GUESTLIST_STATE_DIR, or keep it in memory or in the keyring",
            )
        })?;
        Ok(dir.join(format!("{}.json", key.name)))
    }

    pub(super) fn place(&self, key: &StoreKey) -> KeptIn {
        match self.keep {
            StoreKind::Memory => KeptIn::Memory,
            StoreKind::Keyring => KeptIn::Keyring,
            StoreKind::File => self.path(key).map_or(KeptIn::Memory, KeptIn::File),
        }
    }

    pub(super) fn load(&self, key: &StoreKey) -> Result<Option<KeptSignIn>, Problem> {
        let bytes = match self.keep {
            StoreKind::Memory => None,
            StoreKind::Keyring => keyring::load(&key.name)?,
            StoreKind::File => file::load(&self.path(key)?)?,
        };
        let bytes = bytes.map(Zeroizing::new);
        Ok(bytes.and_then(|bytes| KeptSignIn::read(&bytes, key)))
    }

    pub(super) fn save(&self, key: &StoreKey, kept: &KeptSignIn) -> Result<(), Problem> {
        let bytes = kept.write(key);
        match self.keep {
            StoreKind::Memory => Ok(()),
            StoreKind::Keyring => keyring::save(&key.name, &bytes),
            StoreKind::File => file::save(&self.path(key)?, &bytes),
        }
    }

    /// Whether something can be kept, to be known before somebody signs in for it.
    pub(super) fn check(&self, key: &StoreKey) -> Result<(), Problem> {
        match self.keep {
            StoreKind::Memory => Ok(()),
            StoreKind::Keyring => keyring::check(),
            StoreKind::File => file::check(&self.path(key)?),
        }
    }

    /// Removes it from every place there is, chosen or not: settings may have changed since it was kept.
    pub(super) fn forget(&self, key: &StoreKey) -> Result<Vec<KeptIn>, Problem> {
        let mut removed = Vec::new();
        let mut failed = None;
        match keyring::forget(&key.name) {
            Ok(true) => removed.push(KeptIn::Keyring),
            Ok(false) => {}
            // A keyring that cannot be reached matters only where it may hold something.
            Err(problem) if self.keep == StoreKind::Keyring => failed = Some(problem),
            Err(_) => {}
        }
        if let Ok(path) = self.path(key) {
            match file::forget(&path) {
                Ok(true) => removed.push(KeptIn::File(path)),
                Ok(false) => {}
                Err(problem) => failed = Some(problem),
            }
        }
        failed.map_or(Ok(removed), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(refresh: &str) -> KeptSignIn {
        KeptSignIn {
            refresh: Secret::new(refresh),
            account: Some(Text::new("adele@contoso.com")),
            way: Way::DeviceCode,
            scopes: vec!["User.Read".into()],
            saved: Timestamp::constant(1_790_000_000, 0),
        }
    }

    fn key(tenant: &str) -> StoreKey {
        StoreKey::new(&Cloud::Global, tenant, "client")
    }

    #[test]
    fn comes_back_as_it_went_and_shows_no_token() {
        let (key, kept) = (key("Contoso.com"), kept("0.refresh"));
        assert_eq!(
            KeptSignIn::read(&kept.write(&key), &key),
            Some(kept.clone())
        );
        assert!(!format!("{kept:?}").contains("0.refresh"));
        assert_eq!(
            StoreKey::new(&Cloud::Global, "contoso.com", "CLIENT"),
            key,
            "case is nothing"
        );
        let other = StoreKey::new(&Cloud::China, "contoso.com", "client");
        assert_ne!(other.name, key.name);
        assert_eq!(
            KeptSignIn::read(&kept.write(&key), &other),
            None,
            "another's is not taken"
        );
        for odd in ["", "{}", "[]", "{\"v\":2}"] {
            assert_eq!(KeptSignIn::read(odd.as_bytes(), &key), None);
        }
        assert_eq!(
            kept.ends_unused().duration_since(kept.saved).as_hours(),
            2160
        );
    }

    #[test]
    fn a_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(StoreKind::File, Some(dir.path()));
        let key = key("contoso.com");
        assert_eq!(store.load(&key).unwrap(), None);
        store.save(&key, &kept("one")).unwrap();
        store.save(&key, &kept("two")).unwrap();
        assert_eq!(store.load(&key).unwrap().unwrap().refresh.reveal(), "two");
        let KeptIn::File(path) = store.place(&key) else {
            panic!("a file was asked for")
        };
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "nothing is left over"
        );

        let open = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        open(&path, 0o640);
        let refused = store.load(&key).unwrap_err();
        assert!(refused.remedy.contains("chmod 600"), "{refused}");
        assert!(store.save(&key, &kept("three")).is_err());
        assert!(store.check(&key).is_err(), "known before somebody signs in");
        open(&path, 0o600);
        open(path.parent().unwrap(), 0o755);
        let refused = store.load(&key).unwrap_err();
        assert!(refused.remedy.contains("chmod 700"), "{refused}");
        open(path.parent().unwrap(), 0o700);

        store.check(&key).unwrap();
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "looking leaves nothing"
        );
        assert_eq!(store.forget(&key).unwrap(), [KeptIn::File(path.clone())]);
        assert!(!path.exists());
        assert_eq!(store.forget(&key).unwrap(), []);
    }

    #[test]
    fn a_link_in_the_files_place_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(StoreKind::File, Some(dir.path()));
        let key = key("contoso.com");
        store.save(&key, &kept("one")).unwrap();
        let path = store.path(&key).unwrap();
        let elsewhere = dir.path().join("elsewhere");
        std::fs::rename(&path, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(store.load(&key).is_err());
        assert!(store.save(&key, &kept("two")).is_err());
    }

    #[test]
    fn the_keyring_keeps_where_there_is_one() {
        let store = Store::new(StoreKind::Keyring, None);
        let key = StoreKey::new(
            &Cloud::Global,
            "test.invalid",
            &format!("t{}", std::process::id()),
        );
        if let Err(problem) = store.save(&key, &kept("one")) {
            eprintln!("skipped: no keyring here ({problem})");
            return;
        }
        assert_eq!(store.load(&key).unwrap().unwrap().refresh.reveal(), "one");
        store.save(&key, &kept("two")).unwrap();
        assert_eq!(store.load(&key).unwrap().unwrap().refresh.reveal(), "two");
        store.check(&key).unwrap();
        // Another thread has keyrings of its own, as another session has.
        let (other, same) = (store.clone(), key.clone());
        let there = std::thread::spawn(move || other.load(&same))
            .join()
            .unwrap();
        assert_eq!(there.unwrap().unwrap().refresh.reveal(), "two");
        assert_eq!(store.forget(&key).unwrap(), [KeptIn::Keyring]);
        assert_eq!(store.load(&key).unwrap(), None);
        assert_eq!(store.forget(&key).unwrap(), []);
        // What cannot be kept leaves nothing: a key of the kernel holds 32 KiB.
        store.save(&key, &kept("three")).unwrap();
        assert!(store.save(&key, &kept(&"x".repeat(40_000))).is_err());
        assert_eq!(store.load(&key).unwrap().unwrap().refresh.reveal(), "three");
        assert_eq!(store.forget(&key).unwrap(), [KeptIn::Keyring]);
    }
}
