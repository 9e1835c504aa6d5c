//! What the caller gets: refusals in Graph's words, and answers that are broken on their way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

use super::rule::{FaultEffect, RetryAfter};
use crate::emulator::call::Body;
use crate::emulator::fault::Fault;
use crate::emulator::line::Cut;
use crate::emulator::permission::lacking;
use crate::emulator::service::Outgoing;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>The service is \
    temporarily unavailable.</h1></body></html>";

impl FaultEffect {
    /// What it says in place of an answer, where that is one of Graph's.
    pub(super) fn refusal(&self) -> Option<Fault> {
        Some(match self {
            Self::Throttle { .. } => {
                Fault::new(429, "TooManyRequests", "Please retry again later.")
            }
            Self::Fail { status, .. } => {
                let (code, message) = match status {
                    502 => ("BadGateway", "The server received an invalid response."),
                    503 => (
                        "ServiceUnavailable",
                        "The service is temporarily unavailable.",
                    ),
                    504 => ("GatewayTimeout", "The server did not answer in time."),
                    _ => ("InternalServerError", "An internal server error occurred."),
                };
                Fault::new(*status, code, message)
            }
            Self::Expired { claims: None } => Fault::new(
                401,
                "InvalidAuthenticationToken",
                "Lifetime validation failed, the token is expired.",
            ),
            Self::Expired { claims: Some(_) } => Fault::new(
                401,
                "InvalidAuthenticationToken",
                "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
            ),
            Self::Scope { scope } => lacking(scope),
            // As seen in AzureAD/AzureAD-Governance-Assessment#2.
            Self::Licence => Fault::new(
                403,
                "NoLicense",
                "User is not authorized to perform the operation. Reason: Tenant does not meet license requirement!",
            ),
            Self::Drop { .. }
            | Self::Slow { .. }
            | Self::Truncate
            | Self::Page { .. }
            | Self::Malformed
            | Self::Lag { .. }
            | Self::Deliver(_) => return None,
        })
    }

    /// Gives a reply the headers, and the flaws, that the caller is to see.
    pub(super) fn shape(&self, reply: &mut Outgoing) {
        match self {
            Self::Throttle { retry_after } | Self::Fail { retry_after, .. } => {
                let value = retry_after.as_ref().and_then(|value| value.header(reply.time));
                reply.headers.extend(value.map(|value| ("Retry-After", value)));
            }
            Self::Expired { claims: Some(claims) } => reply.headers.push((
                "WWW-Authenticate",
                format!(
                    "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/v2.0/authorize\", error=\"insufficient_claims\", claims=\"{}\"",
                    STANDARD.encode(claims)
                ),
            )),
            Self::Drop { .. } => reply.cut = Cut::Off,
            Self::Truncate => reply.cut = Cut::Half,
            Self::Page { status, .. } => {
                reply.status = *status;
                reply.body = Body::Raw("text/html", PAGE.to_owned());
            }
            Self::Malformed => {
                let whole = match &reply.body {
                    Body::Json(value) => value.to_string(),
                    _ => "{\"value\":[]}".to_owned(),
                };
                let mut broken = whole.replacen(':', " ", 1);
                broken.push_str("]]");
                reply.body = Body::Raw("application/json", broken);
            }
            _ => {}
        }
    }
}

impl RetryAfter {
    fn header(&self, now: Timestamp) -> Option<String> {
        match self {
            Self::Seconds(seconds) => Some(seconds.to_string()),
            Self::Words(words) => Some(words.clone()),
            Self::Date { date } => {
                let ahead = SignedDuration::try_from_secs_f64(date.ceil()).ok()?;
                DateTimePrinter::new()
                    .timestamp_to_rfc9110_string(&(now.checked_add(ahead).ok()?))
                    .ok()
            }
        }
    }
}
