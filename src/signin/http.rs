//! Our HTTP client, handed to both crates that sign in, so that proxies, certificates and TLS are one thing in
//! this program and no second client comes in.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use azure_core::error::ErrorKind;
use azure_core::http::headers::{HeaderName, HeaderValue, Headers};
use azure_core::http::{AsyncRawResponse, Body, HttpClient, Method, Request};
use oauth2::{HttpRequest, HttpResponse};
use reqwest::Url;

use super::cloud::is_plain;
use super::refusal::EntraRefusal;
use super::tls::TlsRefusal;
use super::way::Way;
use crate::domain::problem::{Problem, ProblemKind};

/// An answer of Entra's is a few kilobytes; a page in its place may be more.
const LARGEST: usize = 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(10);
const EXCHANGE: Duration = Duration::from_secs(60);

/// The client sign-ins use. `direct` passes every proxy by: for loopback, and for the machine's own identity,
/// whose address no proxy may answer for.
pub(super) fn client(direct: bool) -> Result<reqwest::Client, Problem> {
    let mut http = reqwest::Client::builder()
        .user_agent(concat!("guestlist/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .timeout(EXCHANGE);
    if direct {
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

/// One exchange with Entra for the `oauth2` crate. It remembers the last refusal whole, of which the crate keeps
/// only the standard's fields.
pub(super) struct Exchange {
    http: reqwest::Client,
    /// The way that is gone.
    way: Way,
    refusal: Mutex<Option<EntraRefusal>>,
}

impl Exchange {
    pub(super) fn new(http: reqwest::Client, way: Way) -> Self {
        Self {
            http,
            way,
            refusal: Mutex::new(None),
        }
    }

    /// The last refusal in words.
    pub(super) fn refused(&self) -> Option<Problem> {
        self.refusal()
            .map(|refusal| refusal.problem(Some(self.way)))
    }

    /// The last refusal.
    pub(super) fn refusal(&self) -> Option<EntraRefusal> {
        self.refusal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        let request = reqwest::Request::try_from(request).map_err(|_| Failed::Ours)?;
        let (status, headers, body) = carry(&self.http, request).await?;
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = if status == 200 {
            None
        } else {
            EntraRefusal::read(&body)
        };
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status.try_into().map_err(|_| Failed::Ours)?;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

impl<'c> oauth2::AsyncHttpClient<'c> for Exchange {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}

/// No answer. It holds no addresses and no bodies: those have codes and tokens in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    Tls(TlsRefusal),
    Connect,
    Timeout,
    Dropped,
    Endless,
    Ours,
}

impl Failed {
    fn of(error: &reqwest::Error) -> Self {
        if let Some(refusal) = TlsRefusal::of(error) {
            Self::Tls(refusal)
        } else if error.is_connect() {
            Self::Connect
        } else if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Dropped
        }
    }

    /// In words, about where Entra is.
    pub(super) fn problem(self, login: &str) -> Problem {
        let host = Url::parse(login)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "Entra".into());
        let what = match self {
            Self::Tls(refusal) => {
                let what = format!("No secure connection to {host}: {}", refusal.words());
                return Problem::new(ProblemKind::Unreachable, what, refusal.remedy());
            }
            Self::Connect => format!("No connection to {host}, which signs people in"),
            Self::Timeout => format!("{host} did not answer the sign-in in time"),
            Self::Dropped => format!("The connection to {host} broke during the sign-in"),
            Self::Endless => format!("The answer of {host} does not end"),
            Self::Ours => "The sign-in could not be asked for".into(),
        };
        let remedy = "Check the network, and HTTPS_PROXY where a proxy is needed";
        Problem::new(ProblemKind::Unreachable, what, remedy)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls(_) => "no secure connection",
            Self::Connect => "no connection",
            Self::Timeout => "no answer in time",
            Self::Dropped => "connection broke",
            Self::Endless => "answer does not end",
            Self::Ours => "not sent",
        })
    }
}

impl std::error::Error for Failed {}

type HttpAnswer = (u16, reqwest::header::HeaderMap, Vec<u8>);

async fn carry(http: &reqwest::Client, request: reqwest::Request) -> Result<HttpAnswer, Failed> {
    let failed = |error: reqwest::Error| Failed::of(&error);
    let mut response = http.execute(request).await.map_err(failed)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Failed::Endless);
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, headers, body))
}

/// The same for `azure_core`, with two things that `azure_identity` 1.0 needs done for it. It insists on an https
/// authority, and an emulated Entra on loopback has none: calls to that one authority are stepped down. And it cannot
/// read a refusal with a line break in it, which Entra's all have: they are read here.
pub(super) struct Transport {
    http: reqwest::Client,
    login: Option<Url>,
}

impl Transport {
    /// `login` is where Entra is; only if it is plain http (which only loopback may be) is anything stepped down.
    pub(super) fn new(http: reqwest::Client, login: &str) -> Self {
        let login = Url::parse(login).ok();
        Self { http, login }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

#[async_trait::async_trait]
impl HttpClient for Transport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let mut url = request.url().clone();
        let entra = self.login.as_ref();
        let entra = entra.filter(|login| login.authority() == url.authority());
        if entra.is_some_and(is_plain) {
            // Cannot fail between these two schemes.
            let _ = url.set_scheme("http");
        }
        let method = match request.method() {
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
            Method::Head => reqwest::Method::HEAD,
            _ => reqwest::Method::GET,
        };
        let mut ours = self.http.request(method, url);
        for (name, value) in request.headers().iter() {
            ours = ours.header(name.as_str(), value.as_str());
        }
        if let Body::Bytes(bytes) = request.body() {
            ours = ours.body(bytes.clone());
        }
        let error = |failed: Failed| {
            let kind = match failed {
                Failed::Connect | Failed::Tls(_) => ErrorKind::Connection,
                Failed::Ours => ErrorKind::Other,
                _ => ErrorKind::Io,
            };
            azure_core::Error::new(kind, failed)
        };
        let ours = ours.build().map_err(|_| error(Failed::Ours))?;
        let (status, headers, body) = carry(&self.http, ours).await.map_err(error)?;
        if entra.is_some()
            && matches!(status, 400 | 401)
            && let Some(refusal) = EntraRefusal::read(&body)
        {
            return Err(azure_core::Error::new(
                ErrorKind::Credential,
                refusal.problem(None),
            ));
        }
        let headers: HashMap<HeaderName, HeaderValue> = headers
            .iter()
            .filter_map(|(name, value)| {
                let value = value.to_str().ok()?.to_owned();
                Some((HeaderName::from(name.as_str().to_owned()), value.into()))
            })
            .collect();
        Ok(AsyncRawResponse::from_bytes(
            status.into(),
            Headers::from(headers),
            body,
        ))
    }
}
