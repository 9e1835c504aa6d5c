//! Entra's refusal of a token (RFC 6749 5.2, with Entra's own fields: `reference-error-codes`).

use serde::Deserialize;

use super::aadsts;
use super::challenge::Challenge;
use super::way::Way;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// The longest piece of Entra's words that is shown, in characters.
const LONGEST: usize = 400;

/// What a refusal holds. No `Debug`: the description may name people.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct EntraRefusal {
    /// The protocol's word: `invalid_grant`.
    error: String,
    error_description: String,
    error_codes: Vec<u32>,
    trace_id: Option<String>,
    /// What the next sign-in must prove (conditional access).
    claims: Option<String>,
}

impl EntraRefusal {
    /// Reads a body; `None` where it is no refusal of Entra's.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let refusal: Self = serde_json::from_slice(body).ok()?;
        (!refusal.error.is_empty()).then_some(refusal)
    }

    /// As it comes back in the address a browser is sent to.
    pub(super) fn redirected(error: &str, description: &str) -> Self {
        Self {
            error: error.to_owned(),
            error_description: description.to_owned(),
            ..Self::default()
        }
    }

    /// The claims that the next sign-in must bring.
    pub(super) fn challenge(&self) -> Option<Challenge> {
        Challenge::new(self.claims.as_deref()?)
    }

    /// Whether the same question may be answered otherwise later.
    fn passes(&self) -> bool {
        matches!(
            self.error.as_str(),
            "temporarily_unavailable" | "server_error" | "service_unavailable"
        )
    }

    /// `AADSTS50076`, from the list of codes or from the words.
    fn code(&self) -> Option<u32> {
        let said = || {
            let (_, rest) = self.error_description.split_once("AADSTS")?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest[..digits].parse().ok()
        };
        self.error_codes
            .iter()
            .copied()
            .find(|code| aadsts::known_as(*code).is_some())
            .or_else(said)
            .or_else(|| self.error_codes.first().copied())
    }

    /// In words, for somebody who signed in by `way`, where that is known.
    pub(super) fn problem(&self, way: Option<Way>) -> Problem {
        let code = self.code();
        let kind = if self.passes() {
            ProblemKind::Service
        } else {
            ProblemKind::SignIn
        };
        let known = code.and_then(aadsts::known_as);
        let (what, remedy) = match (known, code) {
            (Some(known), _) => (
                format!("{} (AADSTS{})", known.what, known.code),
                known.remedy.words(way).to_owned(),
            ),
            (None, Some(code)) => (
                format!("Entra refused the sign-in: {}", self.said()),
                format!("See https://login.microsoftonline.com/error?code={code}"),
            ),
            (None, None) => self.by_word(),
        };
        let mut problem = Problem::new(kind, what, remedy);
        problem.request_id = self.trace_id.clone().filter(|id| fit(id));
        problem
    }

    /// The protocol's own words, where there is no code.
    fn by_word(&self) -> (String, String) {
        let (what, remedy) = match self.error.as_str() {
            "authorization_declined" | "access_denied" => (
                "The sign-in was declined in the browser",
                "Sign in again, if it was you",
            ),
            "expired_token" | "code_expired" => (
                "The code has expired",
                "Sign in again and type the new code in time",
            ),
            "bad_verification_code" => (
                "A wrong code was typed in",
                "Sign in again and type the new code",
            ),
            "invalid_grant" => (
                "The sign-in kept from before is not valid any more",
                "Sign in again",
            ),
            _ => {
                return (
                    format!("Entra refused the sign-in: {}", self.said()),
                    "Sign in again".into(),
                );
            }
        };
        (what.into(), remedy.into())
    }

    /// Entra's own words, whole but for what may be secret, and for the ids at their end.
    fn said(&self) -> String {
        let words = self
            .error_description
            .split("Trace ID:")
            .next()
            .unwrap_or_default();
        let words = without_secrets(&Text::new(words));
        let words = words.trim().trim_end_matches('.');
        if words.is_empty() {
            return Text::new(&self.error).to_string();
        }
        let mut cut: String = words.chars().take(LONGEST).collect();
        if cut.len() < words.len() {
            cut.push('…');
        }
        cut
    }
}

fn fit(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Leaves out what looks like a token, a code or a secret, and the query of links.
pub(super) fn without_secrets(message: &str) -> String {
    let clean = |word: &str| -> String {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if let Some((link, _)) = word.split_once(['?', '#'])
            && word.contains("://")
        {
            return format!("{link}…");
        }
        let guid = bare.len() == 36 && bare.bytes().filter(|b| *b == b'-').count() == 4;
        let mixed = bare.bytes().any(|b| b.is_ascii_digit())
            && bare.bytes().any(|b| b.is_ascii_alphabetic());
        let link = word.contains("://");
        if word.contains("eyJ") || (!guid && !link && mixed && bare.len() >= 24) || word.len() > 120
        {
            "…".into()
        } else {
            word.into()
        }
    };
    message.split(' ').map(clean).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn of(body: &serde_json::Value) -> Problem {
        EntraRefusal::read(body.to_string().as_bytes())
            .unwrap()
            .problem(Some(Way::DeviceCode))
    }

    #[test]
    fn known_codes_become_sentences() {
        let problem = of(&json!({
            "error": "invalid_grant",
            "error_description": "AADSTS53003: Access has been blocked by Conditional Access policies.\r\nTrace ID: 255d1aef-8c98-452f-ac51-23d051240864\r\nCorrelation ID: x\r\nTimestamp: y",
            "error_codes": [53003], "trace_id": "255d1aef-8c98-452f-ac51-23d051240864",
        }));
        assert_eq!(problem.kind, ProblemKind::SignIn);
        assert!(problem.what.contains("Conditional access") && problem.what.contains("53003"));
        assert!(problem.remedy.contains("--browser"));
        assert_eq!(
            problem.request_id.as_deref(),
            Some("255d1aef-8c98-452f-ac51-23d051240864")
        );
        // Whoever has just used a browser is not told to.
        let blocked = EntraRefusal::redirected("access_denied", "AADSTS53003: Blocked.");
        let problem = blocked.problem(Some(Way::Browser));
        assert!(!problem.remedy.contains("--browser"), "{problem}");
        // Without the list, as in a redirect.
        let same =
            EntraRefusal::redirected("access_denied", "AADSTS65004: User declined.").problem(None);
        assert!(same.what.contains("65004"), "{same}");
    }

    #[test]
    fn unknown_ones_are_shown_whole_without_secrets() {
        let problem = of(&json!({
            "error": "invalid_request",
            "error_description": "AADSTS99999: Token eyJhbGciOi.abc.def and 0.AXoAGJk29dkeh38dkfuwo3kd for app 14d82eec-204b-4c2f-b7e8-296a70dab67e at https://x.example/cb?code=SECRET is odd.\r\nTrace ID: 1",
            "error_codes": [99999],
        }));
        let shown = problem.to_string();
        assert!(
            shown.contains("AADSTS99999") && shown.contains("is odd") && shown.contains("14d82eec")
        );
        for secret in ["eyJ", "AXoAGJk", "SECRET"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(
            of(&json!({"error": "temporarily_unavailable"})).kind,
            ProblemKind::Service
        );
        assert!(
            of(&json!({"error": "authorization_declined"}))
                .what
                .contains("declined")
        );
        assert!(EntraRefusal::read(b"<html>").is_none());
        assert!(EntraRefusal::read(b"{}").is_none());
    }

    proptest! {
        #[test]
        fn never_panics(error in "[a-z_]{1,9}", words in any::<String>(), codes in any::<Vec<u32>>()) {
            let body = json!({"error": error, "error_description": words, "error_codes": codes, "claims": words});
            let refusal = EntraRefusal::read(body.to_string().as_bytes()).unwrap();
            prop_assert!(!refusal.problem(None).to_string().chars().any(char::is_control));
            let _ = refusal.challenge();
        }
    }
}
