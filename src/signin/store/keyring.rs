//! The kernel's keyring (keyrings(7), persistent-keyring(7)): in the session's and in the user's persistent one, so
//! that it is there in the next SSH session and never on a disk.

use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Entry, Error};
use linux_keyutils_keyring_store::Store;

use crate::domain::problem::{Problem, ProblemKind};

/// What its entries are called; `keyctl show @s` lists them.
const SERVICE: &str = "guestlist";

pub(super) fn load(name: &str) -> Result<Option<Vec<u8>>, Problem> {
    match entry(name).and_then(|entry| entry.get_secret()) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(failed("read", &error)),
    }
}

pub(super) fn save(name: &str, bytes: &[u8]) -> Result<(), Problem> {
    entry(name)
        .and_then(|entry| entry.set_secret(bytes))
        .map_err(|error| failed("written", &error))
}

/// Whether there was one.
pub(super) fn forget(name: &str) -> Result<bool, Problem> {
    match entry(name).and_then(|entry| entry.delete_credential()) {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(failed("cleared", &error)),
    }
}

fn entry(name: &str) -> keyring_core::Result<Entry> {
    Store::new()?.build(SERVICE, name, None)
}

/// The error's own words name system calls; its kind is enough to go on, and holds no secret.
fn failed(doing: &str, error: &Error) -> Problem {
    let why = match error {
        Error::NoStorageAccess(_) => "this session has none, or may not use it",
        Error::TooLong(..) => "the token is too long for it",
        _ => "the kernel refused",
    };
    Problem::new(
        ProblemKind::Local,
        format!("The kernel's keyring cannot be {doing}: {why}"),
        "Check keyctl show, or keep the sign-in in memory or in a file",
    )
}
