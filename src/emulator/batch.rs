//! `$batch`: up to 20 calls in one, answered one by one (`concepts/json-batching.md`).
//!
//! Items run one after another, each with the emulator's latency and each kept before the next one starts: whoever
//! kills the emulator in the middle of a batch finds half of it done, as with the real service.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::call::{ApiAnswer, Body};
use super::fault::Fault;
use super::faults;
use super::service::{Incoming, Outgoing, Service};

const MOST: usize = 20;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    requests: Vec<BatchStep>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BatchStep {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Map<String, Value>,
    body: Option<Value>,
    #[serde(default)]
    depends_on: Vec<String>,
}

impl BatchStep {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_str())
    }
}

pub(super) fn is_batch(incoming: &Incoming) -> bool {
    incoming.target.split('?').next() == Some("/v1.0/$batch")
}

/// Answers a batch; `whole` is the request that carries it.
pub(super) async fn run(service: &Service, whole: &Incoming, latency: Duration) -> Outgoing {
    let result = match read(whole) {
        Ok(items) => Ok(ApiAnswer::ok(json!({
            "responses": items_in_turn(service, whole, items, latency).await,
        }))),
        Err(fault) => Err(fault),
    };
    service.result(whole, result)
}

async fn items_in_turn(
    service: &Service,
    whole: &Incoming,
    items: Vec<BatchStep>,
    latency: Duration,
) -> Vec<Value> {
    let mut responses: Vec<(String, u16, Value)> = Vec::with_capacity(items.len());
    for item in items {
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let incoming = incoming(whole, &item);
        let failed = |id: &String| {
            responses
                .iter()
                .any(|(done, status, _)| done == id && *status >= 400)
        };
        let reply = if item.depends_on.iter().any(failed) {
            let fault = Fault::new(
                424,
                "FailedDependency",
                "A request that this one depends on failed.",
            );
            let reply = service.refuse(&incoming, fault);
            service.record(&incoming, &reply);
            reply
        } else {
            faults::around(service, &incoming, async { service.answer(&incoming) }).await
        };
        let status = reply.status;
        responses.push((item.id.clone(), status, response(&item.id, reply)));
    }
    // The service answers in any order: a client that counts on the order must fail here, and every time.
    let mut order = fastrand::Rng::with_seed(service.seed ^ responses.len() as u64);
    order.shuffle(&mut responses);
    responses
        .into_iter()
        .map(|(_, _, response)| response)
        .collect()
}

fn read(whole: &Incoming) -> Result<Vec<BatchStep>, Fault> {
    whole.caller.clone()?;
    if whole.method != "POST" {
        return Err(Fault::method());
    }
    let body = whole.body.clone()?.unwrap_or(Value::Null);
    let batch: Batch = serde_json::from_value(body)
        .map_err(|error| Fault::bad(format!("Invalid batch payload format: {error}.")))?;
    if batch.requests.is_empty() {
        return Err(Fault::bad(
            "Invalid batch payload format: there are no requests.",
        ));
    }
    if batch.requests.len() > MOST {
        return Err(Fault::bad(format!(
            "Number of batch request steps exceeds the maximum value of {MOST}."
        )));
    }
    for (at, item) in batch.requests.iter().enumerate() {
        let earlier = &batch.requests[..at];
        if earlier.iter().any(|other| other.id == item.id) {
            return Err(Fault::bad(format!(
                "Duplicate batch request id '{}'.",
                item.id
            )));
        }
        if let Some(unknown) = item
            .depends_on
            .iter()
            .find(|id| earlier.iter().all(|other| other.id != **id))
        {
            return Err(Fault::bad(format!(
                "The request '{}' depends on '{unknown}', which does not come before it.",
                item.id
            )));
        }
    }
    Ok(batch.requests)
}

fn incoming(whole: &Incoming, item: &BatchStep) -> Incoming {
    let absolute = item.url.contains("://");
    let body = if absolute {
        Err(Fault::bad("The URL of a batch item must be relative."))
    } else if item.url.trim_start_matches('/').starts_with("$batch") {
        Err(Fault::bad("A batch cannot hold a batch."))
    } else if item.body.is_some() && item.header("Content-Type").is_none() {
        Err(Fault::bad(
            "A batch item with a body needs a Content-Type header.",
        ))
    } else {
        Ok(item.body.clone())
    };
    Incoming {
        request_id: uuid::Uuid::new_v4().to_string(),
        method: item.method.to_ascii_uppercase(),
        target: format!("/v1.0/{}", item.url.trim_start_matches('/')),
        caller: whole.caller.clone(),
        client_request_id: item
            .header("client-request-id")
            .map(str::to_owned)
            .or_else(|| whole.client_request_id.clone()),
        eventual: item
            .header("ConsistencyLevel")
            .is_some_and(|level| level.eq_ignore_ascii_case("eventual")),
        low: item
            .header("x-ms-throttle-priority")
            .is_some_and(|priority| priority.eq_ignore_ascii_case("low")),
        arrived: std::time::Instant::now(),
        body,
        base: whole.base.clone(),
        item: Some((whole.request_id.clone(), item.id.clone())),
    }
}

fn response(id: &str, reply: Outgoing) -> Value {
    let mut headers = json!({
        "request-id": reply.request_id,
        "client-request-id": reply.client_request_id,
    });
    let mut response = Map::new();
    response.insert("id".into(), json!(id));
    response.insert("status".into(), json!(reply.status));
    let body = match reply.body {
        Body::Empty => None,
        Body::Json(value) => Some((value, "application/json")),
        Body::Text(text) => Some((Value::String(text), "text/plain")),
        Body::Raw(kind, text) => Some((Value::String(text), kind)),
    };
    if let (Some((_, kind)), Some(headers)) = (&body, headers.as_object_mut()) {
        headers.insert("Content-Type".into(), json!(kind));
    }
    if let Some(headers) = headers.as_object_mut() {
        for (name, value) in reply.headers {
            headers.insert(name.into(), json!(value));
        }
    }
    response.insert("headers".into(), headers);
    if let Some((value, _)) = body {
        response.insert("body".into(), value);
    }
    Value::Object(response)
}
