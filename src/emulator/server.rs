//! HTTP: who asks, the latency, one call or a batch, and the headers that every response of Graph carries.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::HttpBody as _;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;
use tokio::sync::oneshot;

use super::call::Body;
use super::fault::Fault;
use super::line::{CountingListener, Knife};
use super::login::LoginService;
use super::service::{Incoming, Outgoing, Service};
use super::{Config, batch, faults};

/// The service takes bodies of 4 MB at most. More is read before it is refused, or the client would see a broken
/// connection in place of the refusal.
const LARGEST: usize = 4 * 1024 * 1024;
const READ: usize = 4 * LARGEST;

#[derive(Clone)]
struct Shared {
    service: Arc<Service>,
    login: Option<Arc<LoginService>>,
    latency: Duration,
}

/// Serves on a thread of its own until told to stop.
pub(super) fn start(
    listener: std::net::TcpListener,
    service: Arc<Service>,
    login: Option<Arc<LoginService>>,
    config: &Config,
    connections: Arc<AtomicUsize>,
    stopped: oneshot::Receiver<()>,
) -> std::io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    let listener = {
        let _context = runtime.enter();
        CountingListener {
            listener: tokio::net::TcpListener::from_std(listener)?,
            count: connections,
        }
    };
    let shared = Shared {
        service: Arc::clone(&service),
        login,
        latency: config.latency,
    };
    let arrivals = config.arrivals;
    std::thread::Builder::new()
        .name("emulator".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                let app = Router::new()
                    .fallback(handle)
                    .with_state(shared)
                    .into_make_service_with_connect_info::<Knife>();
                tokio::select! {
                    served = async { axum::serve(listener, app).await } => {
                        if let Err(error) = served {
                            tracing::error!(%error, "the emulator stopped serving");
                        }
                    }
                    _ = stopped => {}
                    () = arrive(&service, arrivals) => {}
                }
            });
        })
}

async fn arrive(service: &Service, every: Option<Duration>) {
    let Some(every) = every.filter(|every| !every.is_zero()) else {
        return std::future::pending().await;
    };
    loop {
        tokio::time::sleep(every).await;
        service.arrive();
    }
}

async fn handle(State(shared): State<Shared>, request: Request) -> Response {
    let arrived = Instant::now();
    if !at_home(request.headers()) {
        let mut response = Response::new(axum::body::Body::from("This is not the host asked for."));
        *response.status_mut() = StatusCode::MISDIRECTED_REQUEST;
        return response;
    }
    let knife = request.extensions().get::<ConnectInfo<Knife>>().cloned();
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, READ).await.ok();
    if let Some(login) = &shared.login
        && let Some(page) = sign_in(login, &shared.service, &parts, body.as_deref())
    {
        return page;
    }
    let login = shared.login.as_deref();
    let incoming = read(&shared.service, login, &parts, body.as_deref(), arrived);
    if faults::is_endpoint(&incoming) {
        return respond(faults::endpoint(&shared.service, &incoming));
    }
    let reply = faults::around(&shared.service, &incoming, async {
        if batch::is_batch(&incoming) {
            return batch::run(&shared.service, &incoming, shared.latency).await;
        }
        if !shared.latency.is_zero() {
            tokio::time::sleep(shared.latency).await;
        }
        shared.service.answer(&incoming)
    })
    .await;
    let cut = reply.cut;
    let response = respond(reply);
    if let Some(ConnectInfo(knife)) = knife {
        let length = response.body().size_hint().lower();
        knife.apply(cut, usize::try_from(length).unwrap_or_default());
    }
    response
}

/// Whether the caller asked for a loopback host. A page in a browser may reach this port by a name of its own that
/// leads here (DNS rebinding); it says so in its Host.
fn at_home(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else {
        return true; // HTTP/1.0, which no browser speaks.
    };
    let Ok(host) = host.to_str() else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_matches(['[', ']']);
    name.eq_ignore_ascii_case("localhost")
        || bare
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// What is the emulated Entra's.
fn sign_in(
    login: &LoginService,
    service: &Service,
    parts: &Parts,
    body: Option<&[u8]>,
) -> Option<Response> {
    let target = parts.uri.path_and_query()?.as_str();
    let (method, base) = (parts.method.as_str(), base(parts));
    let page = login.answer(
        method,
        target,
        body.unwrap_or_default(),
        &base,
        service.now(),
    )?;
    let mut response = Response::new(axum::body::Body::from(page.body));
    *response.status_mut() =
        StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    put(headers, "content-type", page.kind);
    put(headers, "cache-control", "no-store");
    if let Some(location) = &page.location {
        put(headers, "location", location);
    }
    Some(response)
}

/// `http://host` as the caller spelt it.
fn base(parts: &Parts) -> String {
    let host = parts.headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("127.0.0.1"))
}

fn read(
    service: &Service,
    login: Option<&LoginService>,
    parts: &Parts,
    body: Option<&[u8]>,
    arrived: Instant,
) -> Incoming {
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let bearer = header("authorization").and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(token.trim())
    });
    let too_large = || {
        Fault::new(
            413,
            "RequestEntityTooLarge",
            "The request body is larger than 4 MB.",
        )
    };
    let body = match body {
        None => Err(too_large()),
        Some(bytes) if bytes.len() > LARGEST => Err(too_large()),
        Some([]) => Ok(None),
        Some(bytes) => {
            let kind = header("content-type").unwrap_or_default();
            if kind.starts_with("application/json") {
                serde_json::from_slice::<Value>(bytes)
                    .map(Some)
                    .map_err(|error| {
                        Fault::bad(format!("Unable to read JSON request payload: {error}."))
                    })
            } else {
                Err(Fault::new(
                    415,
                    "RequestBodyRead",
                    "A supported MIME type could not be found that matches the content type of the request. Use application/json.",
                ))
            }
        }
    };
    Incoming {
        request_id: uuid::Uuid::new_v4().to_string(),
        method: parts.method.as_str().to_owned(),
        target: parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
        caller: service.caller(bearer, login),
        client_request_id: header("client-request-id").map(str::to_owned),
        eventual: header("consistencylevel")
            .is_some_and(|level| level.eq_ignore_ascii_case("eventual")),
        low: header("x-ms-throttle-priority")
            .is_some_and(|priority| priority.eq_ignore_ascii_case("low")),
        arrived,
        body,
        base: base(parts),
        item: None,
    }
}

fn respond(reply: Outgoing) -> Response {
    let (kind, text) = match reply.body {
        Body::Empty => (None, String::new()),
        Body::Json(value) => (
            Some(
                "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
            ),
            value.to_string(),
        ),
        Body::Text(text) => (Some("text/plain"), text),
        Body::Raw(kind, text) => (Some(kind), text),
    };
    let mut response = Response::new(axum::body::Body::from(text));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(kind) = kind {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    put(headers, "request-id", &reply.request_id);
    put(headers, "client-request-id", &reply.client_request_id);
    if reply.status == 401 {
        put(
            headers,
            "www-authenticate",
            &demand(reply.claims.as_deref()),
        );
    }
    for (name, value) in &reply.headers {
        put(headers, name, value);
    }
    // The emulated time, so that a client that compares clocks sees one that fits.
    if let Ok(date) = DateTimePrinter::new().timestamp_to_rfc9110_string(&reply.time) {
        put(headers, "date", &date);
    }
    response
}

/// `claims-challenge`, claims challenge header format.
fn demand(claims: Option<&str>) -> String {
    let Some(claims) = claims else {
        return "Bearer realm=\"\"".to_owned();
    };
    let claims = base64::engine::general_purpose::STANDARD.encode(claims);
    format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
         error=\"insufficient_claims\", claims=\"{claims}\""
    )
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}
