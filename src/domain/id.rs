//! Identifiers. One type a kind, so that a policy's id cannot be handed to what wants a package's.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a string is no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadId;

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 1 to 128 letters, digits, '-', '_' or '.'")
    }
}

impl std::error::Error for BadId {}

fn accept(raw: &str) -> Result<&str, BadId> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    // "." and ".." would change the path of a URL.
    if raw.is_empty() || raw.len() > 128 || !raw.bytes().all(fits) || raw.bytes().all(|b| b == b'.')
    {
        return Err(BadId);
    }
    Ok(raw)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Opaque, compared to the letter; safe to show and to put into a URL's path as it stands. Copies share
        /// their letters: an id is a key in several places, by the hundred thousand.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Accepts `raw` if it can be an id: 1 to 128 letters, digits, `-`, `_`, `.`.
            ///
            /// # Errors
            /// [`BadId`] for anything else: an id goes into URLs and onto the screen.
            pub fn new(raw: &str) -> Result<Self, BadId> {
                accept(raw).map(|id| Self(id.into()))
            }

            /// The id as Graph wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::new(&raw).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// Of a request, and of its approval: Graph uses one id for both (approvalstage-update).
    RequestId;
    /// Of one stage of an approval.
    StageId;
    /// Of an assignment policy.
    PolicyId;
    /// Of an access package.
    PackageId;
    /// Of a catalog.
    CatalogId;
    /// Of a connected organization.
    OrganizationId;
    /// Of a user object in the directory, guests among them.
    UserId;
    /// Of an assignment of an access package to somebody.
    AssignmentId;
    /// Of a tenant.
    TenantId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_can_never_change_a_path() {
        for bad in ["", ".", "..", "a/b", "a?b", "a b", "a\u{1b}", "é"] {
            assert_eq!(UserId::new(bad), Err(BadId), "{bad:?}");
        }
        assert!(UserId::new("87d349ed-44d7-43e1-9a83-5f2406dee5bd").is_ok());
    }
}
