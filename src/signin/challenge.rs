//! A claims challenge: Graph wants a token that proves more (`claims-challenge`). It stands in
//! `WWW-Authenticate: Bearer …, error="insufficient_claims", claims="…"`, the claims in base64, or plain in the
//! answers of the token endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

/// Claims that the next token must carry, as the JSON that Entra is sent. They name policies, so they are in no
/// log; they are no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge(String);

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Challenge(…)")
    }
}

impl Challenge {
    /// Reads all `WWW-Authenticate` headers of an answer; the first that holds claims counts.
    pub fn in_headers<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        headers.into_iter().find_map(|header| {
            let raw = parameter(header, "claims")?;
            Self::new(&raw)
        })
    }

    /// Reads claims, in base64 of any kind or plain.
    pub fn new(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        let object = |text: &str| {
            let value: Value = serde_json::from_str(text).ok()?;
            value.is_object().then(|| Self(value.to_string()))
        };
        if raw.len() > 16 * 1024 {
            return None;
        }
        object(raw).or_else(|| {
            let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
            engines.iter().find_map(|engine| {
                let bytes = engine.decode(raw).ok()?;
                object(std::str::from_utf8(&bytes).ok()?)
            })
        })
    }

    /// What to send as `claims`: what is demanded, if anything, and that this program understands such demands.
    /// Graph makes them only to clients that say so (`claims-challenge`, client capabilities).
    pub(super) fn request(demanded: Option<&Self>) -> String {
        let mut all = demanded
            .and_then(|challenge| serde_json::from_str::<Map<String, Value>>(&challenge.0).ok())
            .unwrap_or_default();
        let token = all.entry("access_token").or_insert_with(|| json!({}));
        if let Some(token) = token.as_object_mut() {
            token.insert("xms_cc".into(), json!({"values": ["cp1"]}));
        }
        Value::Object(all).to_string()
    }
}

/// One parameter of a challenge header, quoted or not.
fn parameter(header: &str, name: &str) -> Option<String> {
    let lower = header.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower.get(from..)?.find(name)?;
        let before = lower[..at].chars().next_back();
        let rest = header[at + name.len()..].trim_start();
        from = at + name.len();
        let whole = before.is_none_or(|c| c == ',' || c.is_whitespace());
        let Some(value) = rest.strip_prefix('=').filter(|_| whole) else {
            continue;
        };
        let value = value.trim_start();
        let Some(quoted) = value.strip_prefix('"') else {
            let end = value.find([',', ' ']).unwrap_or(value.len());
            return Some(value[..end].to_owned());
        };
        let mut text = String::new();
        let mut chars = quoted.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => return Some(text),
                '\\' => text.extend(chars.next()),
                c => text.push(c),
            }
        }
        return None;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As the documentation prints it.
    const DOCUMENTED: &str = "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
        error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiY3AxIn19fQ==\"";

    #[test]
    fn claims_are_read_in_base64_and_plain() {
        let wanted = r#"{"access_token":{"acrs":{"essential":true,"value":"cp1"}}}"#;
        let plain = format!(
            "Bearer error=\"insufficient_claims\", claims=\"{}\"",
            wanted.replace('"', "\\\"")
        );
        let bare = DOCUMENTED.replace("==\"", "\"");
        for header in [
            DOCUMENTED,
            &plain,
            &bare,
            &DOCUMENTED.replace("claims=", "Claims = "),
        ] {
            let found = Challenge::in_headers(["Basic x", header]).unwrap();
            assert_eq!(found.0, wanted, "{header}");
            assert!(!format!("{found:?}").contains("acrs"));
        }
        for none in [
            "",
            "Bearer realm=\"\"",
            "Bearer error=\"insufficient_claims\"",
            "Bearer claims=\"",
            "Bearer claims=\"W10=\"",
            "Bearer xclaims=\"e30=\"",
        ] {
            assert_eq!(Challenge::in_headers([none]), None, "{none}");
        }
    }

    #[test]
    fn the_capability_goes_with_what_is_demanded() {
        assert_eq!(
            Challenge::request(None),
            r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#
        );
        let demanded = Challenge::in_headers([DOCUMENTED]);
        let request = Challenge::request(demanded.as_ref());
        assert!(
            request.contains("acrs") && request.contains("xms_cc"),
            "{request}"
        );
    }

    proptest! {
        #[test]
        fn never_panics(header in any::<String>(), tail in any::<String>()) {
            let _ = Challenge::in_headers([header.as_str()]);
            let _ = Challenge::in_headers([format!("Bearer claims=\"{tail}").as_str()]);
        }
    }
}
