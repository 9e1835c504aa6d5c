//! One call to Graph, and what came back.

use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use uuid::Uuid;

use super::envelope;
use crate::domain::problem::{Problem, ProblemKind};

/// What would end or change a query's value. `$ ' ( ) , / : = ;` stand as they are, as in Graph's documentation.
const QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Where a call goes.
#[derive(Clone)]
pub(super) enum CallPlace {
    /// Below the version: `/users/…?$select=…`, already percent-encoded.
    Path(String),
    /// The same below the beta version, for what v1.0 does not have.
    Beta(String),
    /// A page's link, checked by [`super::address::Address::link`].
    Link(reqwest::Url),
}

/// One call. It has no `Debug`: bodies and queries hold names and mail addresses.
#[derive(Clone)]
pub struct Call {
    pub(super) method: Method,
    pub(super) place: CallPlace,
    /// `ConsistencyLevel: eventual`, which advanced queries need and `nextLink`s do not carry (paging).
    pub(super) eventual: bool,
    pub(super) body: Option<Value>,
    /// The `client-request-id`; a read gets a fresh one each time it is carried.
    pub(super) id: Option<Uuid>,
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            place: CallPlace::Path(path.into()),
            eventual: false,
            body: None,
            id: None,
        }
    }

    /// A read.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// A read of the beta version. It cannot stand in a batch of v1.0.
    pub(super) fn beta(path: impl Into<String>) -> Self {
        Self {
            place: CallPlace::Beta(path.into()),
            ..Self::get("")
        }
    }

    pub(super) fn follow(link: reqwest::Url, eventual: bool) -> Self {
        Self {
            place: CallPlace::Link(link),
            eventual,
            ..Self::get("")
        }
    }

    /// A change of some properties.
    pub fn patch(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::PATCH, path).with(body)
    }

    /// Something new, or an action.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::POST, path).with(body)
    }

    /// An action without words to it.
    pub fn act(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// A removal.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Adds one option of the query, percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if let CallPlace::Path(path) = &mut self.place {
            path.push(if path.contains('?') { '&' } else { '?' });
            path.push_str(name);
            path.push('=');
            path.extend(utf8_percent_encode(value, QUERY));
        }
        self
    }

    /// Names the call, so that a record of it can be compared with Graph's.
    #[must_use]
    pub fn named(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// Whether it only reads.
    pub fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    /// The path with its query, as `$batch` wants it.
    pub(super) fn relative(&self) -> &str {
        match &self.place {
            CallPlace::Path(path) => path,
            CallPlace::Beta(_) | CallPlace::Link(_) => "/",
        }
    }
}

/// A string for a filter: quoted, with `'` doubled (`OData` ABNF).
pub fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// What Graph answered to one call, alone or in a batch. No `Debug`: the body holds other people's data.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Graph's id for the exchange.
    pub request_id: Option<String>,
    /// How long Graph asked to wait.
    pub retry_after: Option<Duration>,
    /// Who answered, for sentences.
    pub(super) host: String,
    pub(super) body: Vec<u8>,
}

impl Response {
    /// The answer if it says yes, or what is wrong.
    ///
    /// # Errors
    /// What the status and the error envelope say.
    pub fn accepted(self) -> Result<Self, Problem> {
        if (200..300).contains(&self.status) {
            Ok(self)
        } else {
            Err(envelope::problem(&self))
        }
    }

    /// The body as `T`. A name that stands twice in one object is no reason to lose the object: the last one counts.
    ///
    /// # Errors
    /// [`ProblemKind::NotGraph`] where it is no JSON or not of that shape.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.body)
            .or_else(|error| match error.classify() {
                Category::Data => {
                    serde_json::from_slice::<Value>(&self.body).and_then(serde_json::from_value)
                }
                Category::Io | Category::Syntax | Category::Eof => Err(error),
            })
            .map_err(|error| self.unreadable(&error))
    }

    /// Whether there is no body, or one that is JSON: nothing else is an answer of Graph's to a write.
    ///
    /// # Errors
    /// [`ProblemKind::NotGraph`].
    pub fn empty_or_json(&self) -> Result<(), Problem> {
        if self.body.is_empty() {
            return Ok(());
        }
        self.decode::<serde::de::IgnoredAny>().map(drop)
    }

    /// Whether it says yes and then nothing that can be read. A web page is no accident, but somebody else's answer.
    pub(super) fn garbled(&self) -> bool {
        self.status == 200
            && !envelope::looks_like_html(&self.body)
            && self.decode::<serde::de::IgnoredAny>().is_err()
    }

    /// Says how a body is not what Graph sends, without repeating any of it.
    pub(super) fn unreadable(&self, error: &serde_json::Error) -> Problem {
        let host = &self.host;
        let what = match error.classify() {
            _ if envelope::looks_like_html(&self.body) => {
                format!("{host} answered with a web page, not like Microsoft Graph")
            }
            Category::Eof => format!("The answer of {host} breaks off in the middle"),
            Category::Data => {
                format!("{host} answered, but with other fields than Microsoft Graph")
            }
            _ => format!("{host} answered, but not like Microsoft Graph (no JSON)"),
        };
        let mut problem = Problem::new(ProblemKind::NotGraph, what, NOT_GRAPH);
        problem.request_id.clone_from(&self.request_id);
        problem
    }
}

/// What to do where something else than Graph answers.
pub(super) const NOT_GRAPH: &str =
    "Check the address after --graph-url, and whether a proxy stands in between";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_cannot_change_the_query() {
        let mail = "o'neill#x&y+z%@fabrikam.com";
        let call = Call::get("/users").query("$filter", &format!("mail eq {}", quoted(mail)));
        assert_eq!(
            call.relative(),
            "/users?$filter=mail%20eq%20'o''neill%23x%26y%2Bz%25@fabrikam.com'"
        );
    }
}
