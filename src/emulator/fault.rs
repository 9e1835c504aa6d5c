//! What goes wrong, in Graph's words: a status, a code and a message, wrapped in Graph's error envelope.
//!
//! The envelope and the codes: `concepts/errors.md`; the advanced-query refusals: `concepts/aad-advanced-queries.md`.

use serde_json::{Value, json};

/// An answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// What the next token must prove, as JSON (a claims challenge).
    pub(super) claims: Option<String>,
}

impl Fault {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            claims: None,
        }
    }

    /// With a claims challenge.
    pub(super) fn demanding(mut self, claims: &str) -> Self {
        self.claims = Some(claims.to_owned());
        self
    }

    /// 400: the request makes no sense, or a business rule forbids it.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 400: an OData option that this resource does not support (or not without `ConsistencyLevel: eventual`).
    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "Authorization_RequestDenied", message)
    }

    /// 404 of the directory resources.
    pub(super) fn missing(id: &str) -> Self {
        Self::new(
            404,
            "Request_ResourceNotFound",
            format!(
                "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
            ),
        )
    }

    /// 404 of the entitlement management resources.
    pub(super) fn not_found(what: &str, id: &str) -> Self {
        Self::new(
            404,
            "ResourceNotFound",
            format!("The {what} with id '{id}' was not found."),
        )
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, "Conflict", message)
    }

    /// 501: Graph knows it, this emulator (or, for some properties, Graph's list itself) does not serve it.
    pub(super) fn not_implemented(message: impl Into<String>) -> Self {
        Self::new(501, "NotImplemented", message)
    }

    /// 400: Graph's way of saying that a path does not exist.
    pub(super) fn no_segment(segment: &str) -> Self {
        Self::bad(format!("Resource not found for the segment '{segment}'."))
    }

    /// 405: the path exists, the method does not.
    pub(super) fn method() -> Self {
        Self::new(
            405,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        )
    }

    /// The envelope. `date` is without a zone, as Graph writes it.
    pub(super) fn envelope(&self, date: &str, request_id: &str, client_request_id: &str) -> Value {
        json!({"error": {
            "code": self.code,
            "message": self.message,
            "innerError": {"date": date, "request-id": request_id, "client-request-id": client_request_id},
        }})
    }
}
