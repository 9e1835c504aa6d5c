//! What the emulated Entra answers: JSON, a page, or a redirect; and its refusals, in the shape of
//! `reference-error-codes`.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// An answer on its way to HTTP.
pub(in crate::emulator) struct LoginPage {
    pub(in crate::emulator) status: u16,
    pub(in crate::emulator) kind: &'static str,
    pub(in crate::emulator) body: String,
    pub(in crate::emulator) location: Option<String>,
}

impl LoginPage {
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            kind: "application/json; charset=utf-8",
            body: value.to_string(),
            location: None,
        }
    }

    pub(super) fn text(status: u16, words: impl Into<String>) -> Self {
        Self {
            status,
            kind: "text/plain; charset=utf-8",
            body: words.into(),
            location: None,
        }
    }

    pub(super) fn redirect(location: String) -> Self {
        Self {
            location: Some(location),
            ..Self::text(302, "")
        }
    }
}

/// A refusal: the protocol's word, Entra's number and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LoginRefusal {
    pub(super) error: &'static str,
    pub(super) code: u32,
    pub(super) words: &'static str,
    /// What the next sign-in must prove.
    pub(super) claims: Option<String>,
}

impl LoginRefusal {
    pub(super) const fn new(error: &'static str, code: u32, words: &'static str) -> Self {
        Self {
            error,
            code,
            words,
            claims: None,
        }
    }

    /// One that a test asks for by its number.
    pub(super) fn numbered(code: u32) -> Self {
        let error = match code {
            50076 | 50079 | 50097 | 53000 | 53001 => "interaction_required",
            53003 => "access_denied",
            65001 => "consent_required",
            700_016 => "unauthorized_client",
            7_000_215 | 7_000_222 => "invalid_client",
            90002 | 90072 => "invalid_request",
            _ => "invalid_grant",
        };
        Self::new(error, code, "The emulated Entra was told to refuse.")
    }

    pub(super) fn words(&self, now: Timestamp) -> (String, Uuid) {
        let trace = Uuid::new_v4();
        let words = format!(
            "AADSTS{}: {}\r\nTrace ID: {trace}\r\nCorrelation ID: {}\r\nTimestamp: {now}",
            self.code,
            self.words,
            Uuid::new_v4()
        );
        (words, trace)
    }

    pub(super) fn page(&self, now: Timestamp) -> LoginPage {
        let status = if self.error == "invalid_client" {
            401
        } else {
            400
        };
        let (words, trace) = self.words(now);
        let mut body = json!({
            "error": self.error,
            "error_description": words,
            "error_codes": [self.code],
            "timestamp": now.to_string(),
            "trace_id": trace.to_string(),
            "correlation_id": Uuid::new_v4().to_string(),
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.code),
        });
        if let (Some(claims), Value::Object(body)) = (&self.claims, &mut body) {
            body.insert("suberror".into(), "basic_action".into());
            body.insert("claims".into(), claims.as_str().into());
        }
        LoginPage::json(status, &body)
    }
}
