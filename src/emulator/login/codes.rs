//! Codes that stand for a sign-in that is under way.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What the person at the other device did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) enum CodeVerdict {
    Pending,
    Approved,
    Declined,
}

/// What a sign-in asks for.
#[derive(Debug, Clone)]
pub(super) struct LoginAsk {
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    /// The claims asked for, as they came.
    pub(super) claims: Option<String>,
}

pub(super) struct DeviceCode {
    pub(super) user_code: String,
    pub(super) asked: LoginAsk,
    pub(super) ends: Timestamp,
    pub(super) polls: u32,
    pub(super) verdict: CodeVerdict,
}

impl DeviceCode {
    /// People type codes in any case.
    pub(super) fn is_called(&self, code: &str) -> bool {
        self.user_code.eq_ignore_ascii_case(code.trim())
    }
}

pub(super) struct AuthorizationCode {
    pub(super) asked: LoginAsk,
    pub(super) user: Uuid,
    pub(super) redirect: String,
    /// The S256 challenge.
    pub(super) challenge: String,
    pub(super) ends: Timestamp,
    pub(super) used: bool,
}

impl AuthorizationCode {
    /// RFC 7636 4.6.
    pub(super) fn verifies(&self, verifier: &str) -> bool {
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == self.challenge
    }
}

/// Something nobody guesses, and that no two of are alike. Not the system's randomness: the emulator's people are not
/// worth it.
pub(super) fn random(prefix: &str) -> String {
    format!(
        "{prefix}{}{}",
        Uuid::new_v4().simple(),
        Uuid::new_v4().simple()
    )
}

/// Nine letters and digits, without those that look alike.
pub(super) fn user_code() -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let bytes = Uuid::new_v4().into_bytes();
    bytes
        .iter()
        .take(9)
        .map(|b| char::from(ALPHABET[usize::from(*b) % ALPHABET.len()]))
        .collect()
}
