//! What an access token says of itself. A hint only: the token is for Graph to read (access-tokens: "treat it
//! as opaque"), so nothing is allowed or refused by it, and one that cannot be read is no error.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::domain::invitation::Secret;
use crate::domain::text::Text;

/// Tokens longer than this are not looked into.
const LONGEST: usize = 64 * 1024;

/// Apps of Microsoft's own with permissions that nobody outside Microsoft can add to: the Azure CLI (`azd` too) and
/// Azure PowerShell. None of them has entitlement management (Azure/azure-cli#32733).
const FIXED_APPS: [&str; 2] = [
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "1950a258-227b-4e31-a9cf-717495945fc2",
];

/// What a token carries, as far as it can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Delegated permissions (`scp`).
    pub scopes: Vec<String>,
    /// Application permissions (`roles`).
    pub roles: Vec<String>,
    /// Directory roles of the person, as template ids (`wids`).
    pub directory_roles: Vec<String>,
    /// The tenant (`tid`).
    pub tenant: Option<Text>,
    /// The person (`upn`, else `preferred_username` or `unique_name`).
    pub account: Option<Text>,
    /// The app's name, or its id.
    pub app: Option<Text>,
    /// The app's id (`appid`, `azp`).
    pub app_id: Option<Text>,
    /// When it ends (`exp`).
    pub ends: Option<Timestamp>,
}

impl Claims {
    /// Reads a token's claims; `None` for one that is opaque.
    pub fn of(token: &Secret) -> Option<Self> {
        let token = token.reveal();
        if token.len() > LONGEST {
            return None;
        }
        let mut parts = token.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = URL_SAFE_NO_PAD
            .decode(payload)
            .or_else(|_| URL_SAFE.decode(payload))
            .ok()?;
        let value: Value = serde_json::from_slice(&bytes).ok()?;
        Some(Self::read(value.as_object()?))
    }

    fn read(map: &Map<String, Value>) -> Self {
        let text = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| map.get(*name).and_then(Value::as_str))
                .filter(|text| !text.is_empty())
                .map(Text::new)
        };
        Self {
            scopes: words(map.get("scp")),
            roles: words(map.get("roles")),
            directory_roles: words(map.get("wids")),
            tenant: text(&["tid"]),
            account: text(&["upn", "preferred_username", "unique_name"]),
            app: text(&["app_displayname", "appid", "azp"]),
            app_id: text(&["appid", "azp"]),
            ends: map.get("exp").and_then(seconds),
        }
    }

    /// Whether it is an app's token rather than a person's.
    pub fn is_app_only(&self) -> bool {
        self.scopes.is_empty() && !self.roles.is_empty()
    }

    /// Whether it carries one of these permissions; `true` too where it says nothing of any.
    pub fn carries_any(&self, names: &[&str]) -> bool {
        let all = || self.scopes.iter().chain(&self.roles);
        let named = |carried: &String| names.iter().any(|name| carried.eq_ignore_ascii_case(name));
        all().next().is_none() || all().any(named)
    }

    /// Whether nobody can consent to more for the app that is signed in to.
    pub fn is_of_a_fixed_app(&self) -> bool {
        let id = self.app_id.as_ref();
        id.is_some_and(|id| FIXED_APPS.iter().any(|one| id.eq_ignore_ascii_case(one)))
    }

    /// Whether it carries a permission, as a scope or as a role. Graph compares without case.
    pub fn carries(&self, permission: &str) -> bool {
        let mut all = self.scopes.iter().chain(&self.roles);
        all.any(|one| one.eq_ignore_ascii_case(permission))
    }
}

/// A string of words, or an array of them; cleaned, because they are shown.
fn words(value: Option<&Value>) -> Vec<String> {
    let fit = |word: &&str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        !word.is_empty() && word.len() <= 128 && word.bytes().all(plain)
    };
    match value {
        Some(Value::String(text)) => text
            .split_whitespace()
            .filter(fit)
            .map(str::to_owned)
            .collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(Value::as_str)
            .filter(fit)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

fn seconds(value: &Value) -> Option<Timestamp> {
    let seconds = match value {
        Value::String(text) => text.parse().ok()?,
        other => other.as_i64()?,
    };
    Timestamp::from_second(seconds).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn token(claims: &Value) -> Secret {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        Secret::new(&format!(
            "{}.{}.c2ln",
            part(&json!({"alg": "none"})),
            part(claims)
        ))
    }

    #[test]
    fn reads_a_persons_and_an_apps_token() {
        let person = Claims::of(&token(&json!({
            "scp": "User.Read EntitlementManagement.Read.All", "tid": "t", "upn": "adele@contoso.com",
            "exp": 1_790_000_000, "wids": ["fe930be7-5e62-47db-91af-98c3a49a38b1"],
        })))
        .unwrap();
        assert!(person.carries("entitlementmanagement.read.all"));
        assert!(!person.carries("EntitlementManagement.ReadWrite.All"));
        assert!(!person.is_app_only());
        assert_eq!(person.ends.unwrap().as_second(), 1_790_000_000);

        let app = Claims::of(&token(&json!({"roles": ["User.Invite.All"], "exp": "7"}))).unwrap();
        assert!(app.is_app_only());
        assert!(app.carries("User.Invite.All"));
    }

    #[test]
    fn opaque_ones_are_no_error() {
        for opaque in ["", "a", "a.b", "a.b.c", "EwB4A8l6BAAU", "a.W10.c", "é.é.é"] {
            assert_eq!(Claims::of(&Secret::new(opaque)), None, "{opaque}");
        }
        let odd = Claims::of(&token(
            &json!({"scp": 7, "roles": "x\u{1b}[2J y", "exp": "soon", "upn": ""}),
        ))
        .unwrap();
        assert_eq!(odd.roles, ["y"]);
        assert_eq!((odd.account, odd.ends), (None, None));
    }

    proptest! {
        #[test]
        fn never_panics(raw in any::<String>(), payload in any::<Vec<u8>>()) {
            let _ = Claims::of(&Secret::new(&raw));
            let _ = Claims::of(&Secret::new(&format!("h.{}.s", URL_SAFE_NO_PAD.encode(payload))));
        }
    }
}
