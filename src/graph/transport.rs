//! Carries one call to Graph and brings back what came. It tries nothing twice: that is for [`super::read`]
//! (reads) and `worker::write` (writes), which know what trying twice would mean.
//!
//! `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are honoured, except for loopback. Certificates are checked
//! against the system's store; `SSL_CERT_FILE` and `SSL_CERT_DIR`, where set, stand in its place (rustls-native-certs).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::address::Address;
use super::area::{Areas, Pauses};
use super::call::{Call, CallPlace, Response};
use super::envelope::correlation;
use super::failure::{self, Lost};
use super::patience::{self, Patience};
use super::read::Say;
use crate::domain::problem::{Problem, ProblemKind};
use crate::signin::{Challenge, Claims, Credential, SignIn};

/// No answer larger than this is read: a page of 999 users has about one.
pub const MAX_BODY: usize = 64 * 1024 * 1024;

/// An answer of more parts than this is not taken apart: each takes memory, an object twenty times that of a number.
const MAX_PARTS: usize = 16_000_000;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How every call introduces itself.
const USER_AGENT: &str = concat!("guestlist/", env!("CARGO_PKG_VERSION"));

/// What is said of a call that nobody waits for (throttling-limits).
pub(super) const LOW: (&str, &str) = ("x-ms-throttle-priority", "low");

/// What a client is made of.
#[derive(Clone)]
pub struct ClientConfig {
    /// Where Graph is, such as `https://graph.microsoft.com`; the version is added.
    pub base: String,
    /// Where tokens come from.
    pub credential: Arc<dyn Credential>,
    /// Limits.
    pub patience: Patience,
}

impl ClientConfig {
    /// A client's parts with the usual patience.
    pub fn new(base: impl Into<String>, credential: Arc<dyn Credential>) -> Self {
        Self {
            base: base.into(),
            credential,
            patience: Patience::default(),
        }
    }
}

/// A client of one Graph. Cheap to clone; all clones share connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<ClientInner>,
    patience: Patience,
    pub(super) background: bool,
}

struct ClientInner {
    http: reqwest::Client,
    address: Address,
    credential: Arc<dyn Credential>,
    /// Whether anything ever answered there: before that, a refused connection is a wrong address rather than
    /// a passing trouble.
    answered: AtomicBool,
    pauses: Pauses,
}

impl Client {
    /// Makes a client; connects to nothing yet.
    ///
    /// # Errors
    /// A sentence about an address that cannot be used.
    pub fn new(config: ClientConfig) -> Result<Self, Problem> {
        let address = Address::new(&config.base)?;
        let http = http(&address, config.patience)?;
        Ok(Self {
            inner: Arc::new(ClientInner {
                http,
                address,
                credential: config.credential,
                answered: AtomicBool::new(false),
                pauses: Pauses::default(),
            }),
            patience: config.patience,
            background: false,
        })
    }

    /// The limits of patience.
    pub fn patience(&self) -> Patience {
        self.patience
    }

    /// This client without patience: each call is carried once.
    #[must_use]
    pub fn hasty(&self) -> Self {
        let patience = Patience {
            tries: 1,
            ..self.patience
        };
        Self {
            patience,
            ..self.clone()
        }
    }

    /// This client for what nobody waits for: Graph may throttle it first.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self {
            background: true,
            ..self.clone()
        }
    }

    pub(super) fn pauses(&self) -> &Pauses {
        &self.inner.pauses
    }

    /// Where calls go.
    pub fn address(&self) -> &Address {
        &self.inner.address
    }

    /// The sign-in behind the client, where one can be begun anew.
    pub fn sign_in(&self) -> Option<&SignIn> {
        self.inner.credential.sign_in()
    }

    /// What the token in use says of itself; `None` for one that cannot be read.
    ///
    /// # Errors
    /// There is no token.
    pub async fn claims(&self) -> Result<Option<Claims>, Problem> {
        let token = self.inner.credential.token().await?;
        Ok(Claims::of(&token))
    }

    /// After `problem`, for want of a token: waits until there is one again.
    ///
    /// # Errors
    /// There will be none: `problem`, or what is known better.
    pub async fn restored(&self, problem: Problem) -> Result<(), Problem> {
        self.inner.credential.restored(problem).await
    }

    /// Graph refused a call inside a batch; which token it was is not known any more.
    pub(super) fn refused(&self, challenge: Option<Challenge>) {
        self.inner.credential.refused(None, challenge);
    }

    /// Whether anything has answered since the start.
    pub fn has_answered(&self) -> bool {
        self.inner.answered.load(Ordering::Relaxed)
    }

    /// Carries `call` once, as soon as its area may be called.
    ///
    /// # Errors
    /// [`Lost`] where no whole answer came. An answer with an error status is an answer.
    pub async fn carry(&self, call: &Call, say: Say<'_>) -> Result<Response, Lost> {
        self.carry_to(call.area().into(), call, say).await
    }

    /// Carries a call that is about `areas`, which for a batch are those of all calls in it.
    pub(super) async fn carry_to(
        &self,
        areas: Areas,
        call: &Call,
        say: Say<'_>,
    ) -> Result<Response, Lost> {
        self.pass(areas, say).await.map_err(|problem| Lost {
            problem,
            sent: false,
            passing: true,
        })?;
        let id = call.id.unwrap_or_else(Uuid::new_v4);
        let begun = Instant::now();
        let result = self.carry_as(call, id).await;
        let millis = begun.elapsed().as_millis();
        // Ids, numbers and verbs only: paths hold object ids, queries hold mail addresses.
        match &result {
            Ok(answer) => {
                self.heed(areas, answer);
                tracing::debug!(%id, method = %call.method, status = answer.status, millis, "answered");
            }
            Err(lost) => {
                tracing::debug!(%id, method = %call.method, kind = ?lost.problem.kind, sent = lost.sent, millis, "lost");
            }
        }
        result
    }

    async fn carry_as(&self, call: &Call, id: Uuid) -> Result<Response, Lost> {
        let inner = &*self.inner;
        let unsent = |problem| Lost {
            problem,
            sent: false,
            passing: false,
        };
        let lost = |error: reqwest::Error| failure::lost(&error, &inner.address, &self.patience);

        let url = match &call.place {
            CallPlace::Path(path) => inner.address.at(path).map_err(unsent)?,
            CallPlace::Beta(path) => inner.address.beta(path).map_err(unsent)?,
            CallPlace::Link(link) => link.clone(),
        };
        let token = inner.credential.token().await.map_err(unsent)?;
        let words = Zeroizing::new(format!("Bearer {}", token.reveal()));
        let mut bearer = HeaderValue::from_str(&words).map_err(|_| {
            unsent(Problem::new(
                ProblemKind::SignIn,
                "The token has characters that no token has",
                "Sign in again",
            ))
        })?;
        bearer.set_sensitive(true);
        let mut request = inner
            .http
            .request(call.method.clone(), url)
            .header(AUTHORIZATION, bearer)
            .header("client-request-id", id.to_string());
        if self.background {
            request = request.header(LOW.0, LOW.1);
        }
        if call.eventual {
            request = request.header("ConsistencyLevel", "eventual");
        }
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }

        let mut response = request.send().await.map_err(lost)?;
        inner.answered.store(true, Ordering::Relaxed);
        if response.status().as_u16() == 401 {
            let demands = response.headers().get_all(WWW_AUTHENTICATE).iter();
            let challenge = Challenge::in_headers(demands.filter_map(|value| value.to_str().ok()));
            inner.credential.refused(Some(&token), challenge);
        }
        let mut answer = Response {
            status: response.status().as_u16(),
            request_id: request_id(response.headers()),
            retry_after: patience::retry_after(response.headers()),
            host: inner.address.host(),
            body: Vec::new(),
        };
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if answer.body.len() + chunk.len() > MAX_BODY {
                let what = format!("The answer of {} does not end", answer.host);
                return Err(Lost {
                    problem: Problem::new(ProblemKind::NotGraph, what, super::call::NOT_GRAPH),
                    sent: true,
                    passing: false,
                });
            }
            answer.body.extend_from_slice(&chunk);
        }
        // Some gateways put a mark before JSON that JSON does not have (RFC 8259, section 8.1).
        if answer.body.starts_with(BYTE_ORDER_MARK) {
            answer.body.drain(..BYTE_ORDER_MARK.len());
        }
        if parts(&answer.body) > MAX_PARTS {
            let what = format!(
                "The answer of {} falls into more parts than any of Graph's",
                answer.host
            );
            return Err(Lost {
                problem: Problem::new(ProblemKind::NotGraph, what, super::call::NOT_GRAPH),
                sent: true,
                passing: false,
            });
        }
        Ok(answer)
    }
}

/// The HTTP client under all calls to an address.
pub(super) fn http(address: &Address, patience: Patience) -> Result<reqwest::Client, Problem> {
    let mut http = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(patience.connect)
        .timeout(patience.exchange);
    if address.is_loopback() {
        // A proxy would answer for its own loopback, and would see the token.
        http = http.no_proxy();
    }
    http.build().map_err(|_| {
        Problem::new(
            ProblemKind::Local,
            "The HTTP client could not be made: the certificates of this machine cannot be read",
            "Install the ca-certificates package, or point SSL_CERT_FILE at a bundle",
        )
    })
}

/// How much JSON falls apart into, in numbers; not counted where there is too little of it to matter.
fn parts(body: &[u8]) -> usize {
    if body.len() < MAX_PARTS / 20 {
        return 0;
    }
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for byte in body {
        match (byte, quoted) {
            _ if escaped => escaped = false,
            (b'\\', true) => escaped = true,
            (b'"', _) => quoted = !quoted,
            (b'{', false) => count += 20,
            (b',' | b'[', false) => count += 1,
            _ => {}
        }
    }
    count
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    correlation(headers.get("request-id")?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_not_taken_apart_into_more_than_memory_holds() {
        let page =
            |row: &str, rows: usize| format!("{{\"value\":[{}]}}", vec![row; rows].join(","));
        let users = page(
            r#"{"id":"11111111-1111","displayName":"a, {b}, [c]","mail":"a@b.example"}"#,
            200_000,
        );
        assert!(
            parts(users.as_bytes()) < MAX_PARTS,
            "a page larger than any is read"
        );
        for (row, rows) in [
            (r#"{"":0}"#, 8_000_000),
            ("0", 30_000_000),
            ("[]", 20_000_000),
        ] {
            let body = page(row, rows);
            assert!(
                body.len() < MAX_BODY && parts(body.as_bytes()) > MAX_PARTS,
                "{row}"
            );
        }
        assert_eq!(parts(b"{}"), 0);
    }
}
