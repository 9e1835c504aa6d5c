//! The kernel's keyrings (keyrings(7), persistent-keyring(7)): never on a disk, and there wherever this user works.
//!
//! The persistent keyring belongs to the user, not to a session, and is reached by linking it into this process's own
//! keyring. A session's keyring is no place to keep a sign-in: cron, `su` and containers have none, one that was
//! revoked with its SSH session lives on in a tmux, and asking for it may make the kernel join another. It is used where
//! the kernel has no persistent one, and read and cleared because earlier versions wrote there too.

use std::time::Duration;

use linux_keyutils::{Key, KeyError, KeyRing, KeyRingIdentifier};

use crate::domain::problem::{Problem, ProblemKind};

/// What its entries are called; `keyctl show @s` lists them.
const SERVICE: &str = "guestlist";

pub(super) fn load(name: &str) -> Result<Option<Vec<u8>>, Problem> {
    let name = described(name);
    let mut refused = None;
    for ring in rings() {
        match find(ring, &name).and_then(|found| found.map(|key| key.read_to_vec()).transpose()) {
            Ok(None) => {}
            Ok(bytes) => return Ok(bytes),
            Err(error) => refused = Some(error),
        }
    }
    refused.map_or(Ok(None), |error| Err(failed("read", error)))
}

/// Nothing of it stays where this fails; an earlier one does, unless it was written over.
pub(super) fn save(name: &str, bytes: &[u8]) -> Result<(), Problem> {
    let rings = rings();
    let Some(ring) = rings.first() else {
        return Err(failed("written", KeyError::KeyringDoesNotExist));
    };
    let key = ring.add_key(&described(name), bytes);
    let key = key.map_err(|error| failed("written", error))?;
    // What was written has to be readable, or the next run finds nothing.
    if let Err(error) = key.read_to_vec() {
        let _ = forget(name);
        return Err(failed("written", error));
    }
    Ok(())
}

/// Whether something can be kept here.
pub(super) fn check() -> Result<(), Problem> {
    let name = format!("check-{}", std::process::id());
    save(&name, b"?")?;
    forget(&name).map(drop)
}

/// Whether there was one. Looks into every keyring that it may ever have been put into.
pub(super) fn forget(name: &str) -> Result<bool, Problem> {
    let name = described(name);
    let (mut found_any, mut refused) = (false, None);
    for ring in rings() {
        match find(ring, &name) {
            Ok(None) => {}
            Ok(Some(key)) => match take_out(ring, key, &name) {
                Ok(()) => found_any = true,
                Err(error) => refused = Some(error),
            },
            Err(error) => refused = Some(error),
        }
    }
    match refused {
        Some(error) => Err(failed("cleared", error)),
        None => Ok(found_any),
    }
}

/// Nobody reaches it from here on, and the secret is written over first. The kernel sweeps up what is left some
/// milliseconds later; that is waited for, within bounds, so that who looks into `/proc/keys` next finds nothing.
fn take_out(ring: KeyRing, key: Key, name: &str) -> Result<(), KeyError> {
    let _ = key.update(b"-");
    // An invalid key is gone from all keyrings; one that is only taken out may stay in others, which follow.
    key.invalidate().or_else(|_| ring.unlink_key(key))?;
    for _ in 0..20 {
        let listed = std::fs::read_to_string("/proc/keys").unwrap_or_default();
        if !listed.contains(name) {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn described(name: &str) -> String {
    format!("keyring:{name}@{SERVICE}")
}

fn find(ring: KeyRing, name: &str) -> Result<Option<Key>, KeyError> {
    match ring.search(name) {
        Ok(key) => Ok(Some(key)),
        Err(
            KeyError::KeyDoesNotExist
            | KeyError::KeyRevoked
            | KeyError::KeyExpired
            | KeyError::KeyringDoesNotExist,
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The keyrings there are, the best first; all of them this process's own for its life, so that the keys in them are.
fn rings() -> Vec<KeyRing> {
    use KeyRingIdentifier::{Process, Session, UserSession};
    let persistent = KeyRing::get_persistent(Process).ok();
    let own = KeyRing::from_special_id(Process, true).ok();
    let others = [Session, UserSession].into_iter().filter_map(|which| {
        // Never with `create`, which joins a new session.
        let ring = KeyRing::from_special_id(which, false).ok()?;
        own?.link_keyring(ring).ok()?;
        Some(ring)
    });
    persistent.into_iter().chain(others).collect()
}

/// The error's own words name system calls; its kind is enough to go on, and holds no secret.
fn failed(doing: &str, error: KeyError) -> Problem {
    let why = match error {
        KeyError::KeyringDoesNotExist | KeyError::AccessDenied | KeyError::PermissionDenied => {
            "this user has none here, or may not use it"
        }
        KeyError::QuotaExceeded => "this user keeps too much in it already",
        KeyError::InvalidArguments => "the token is too long for it",
        _ => "the kernel refused",
    };
    Problem::new(
        ProblemKind::Local,
        format!("The kernel's keyring cannot be {doing}: {why}"),
        "Check keyctl show, or keep the sign-in in memory or in a file",
    )
}
