//! One request on its way through the emulator, and its answer; HTTP and `$batch` items alike.

use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::fault::Fault;

/// A request, after authentication.
#[derive(Debug)]
pub(super) struct ApiCall<'a> {
    pub(super) method: &'a str,
    /// The path's segments after the version, percent-decoded.
    pub(super) segments: Vec<String>,
    /// The path as it came, version included.
    pub(super) raw_path: &'a str,
    pub(super) raw_query: &'a str,
    pub(super) query: Vec<(String, String)>,
    /// `ConsistencyLevel: eventual` was sent.
    pub(super) eventual: bool,
    pub(super) body: Option<Value>,
    /// The user who is signed in.
    pub(super) caller: Uuid,
    /// Of the beta version, not of v1.0.
    pub(super) beta: bool,
    /// `http://host` as the caller spelt it, for `@odata.nextLink`.
    pub(super) base: &'a str,
}

impl<'a> ApiCall<'a> {
    /// Splits a target (`/v1.0/users?$top=1`) into its parts.
    pub(super) fn new(
        method: &'a str,
        target: &'a str,
        eventual: bool,
        body: Option<Value>,
        caller: Uuid,
        base: &'a str,
    ) -> Result<Self, Fault> {
        let (raw_path, raw_query) = target.split_once('?').unwrap_or((target, ""));
        let mut segments = raw_path
            .trim_start_matches('/')
            .trim_end_matches('/')
            .split('/')
            .map(|segment| decode(segment, false))
            .collect::<Result<Vec<_>, _>>()?;
        let version = segments.remove(0);
        let beta = version == "beta";
        if version != "v1.0" && !beta {
            return Err(Fault::bad(format!("Invalid version: {version}")));
        }
        let query = raw_query
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                Ok((decode(name, true)?, decode(value, true)?))
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        Ok(Self {
            method,
            segments,
            raw_path,
            raw_query,
            query,
            eventual,
            body,
            caller,
            beta,
            base,
        })
    }

    /// The body, as the shape that the operation takes.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let body = self
            .body
            .clone()
            .ok_or_else(|| Fault::bad("Empty Payload. JSON content expected."))?;
        serde_json::from_value(body)
            .map_err(|error| Fault::bad(format!("Invalid request body: {error}.")))
    }

    /// Operations other than lists and reads take no query options.
    pub(super) fn no_options(&self) -> Result<(), Fault> {
        match self.query.first() {
            None => Ok(()),
            Some((name, _)) => Err(Fault::bad(format!(
                "The query parameter '{name}' is not supported for this operation."
            ))),
        }
    }
}

/// Percent-decodes; `+` is a space only in a query.
fn decode(text: &str, plus: bool) -> Result<String, Fault> {
    let text = if plus {
        text.replace('+', " ")
    } else {
        text.to_owned()
    };
    percent_encoding::percent_decode_str(&text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Fault::bad("The request URL is not valid UTF-8."))
}

/// An id in a path or a body. Graph answers 400 for something that cannot be one in entitlement management.
pub(super) fn guid(text: &str) -> Result<Uuid, Fault> {
    Uuid::parse_str(text).map_err(|_| Fault::bad(format!("Invalid object identifier '{text}'.")))
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    Empty,
    Json(Value),
    Text(String),
    /// Something else, with its media type: only faults say it.
    Raw(&'static str, String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct ApiAnswer {
    pub(super) status: u16,
    pub(super) body: Body,
}

impl ApiAnswer {
    pub(super) fn ok(value: Value) -> Self {
        Self {
            status: 200,
            body: Body::Json(value),
        }
    }

    pub(super) fn created(value: Value) -> Self {
        Self {
            status: 201,
            body: Body::Json(value),
        }
    }

    /// 202 and 204 say nothing more.
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            body: Body::Empty,
        }
    }

    pub(super) fn text(text: String) -> Self {
        Self {
            status: 200,
            body: Body::Text(text),
        }
    }
}
