//! The record: a line for every exchange and for every item of a batch, so that a test can see what was really sent.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

use super::call::Body;
use super::service::{Incoming, Outgoing};

pub(super) struct RecordFile {
    file: Mutex<File>,
    begun: Instant,
}

impl RecordFile {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self {
            file: Mutex::new(file),
            begun: Instant::now(),
        })
    }

    fn millis(&self, at: Instant) -> f64 {
        at.saturating_duration_since(self.begun).as_secs_f64() * 1e3
    }

    /// Nothing of the authorization is written. What cannot be recorded is said, and does not stop the answer.
    pub(super) fn write(&self, incoming: &Incoming, reply: &Outgoing) {
        let (path, query) = incoming
            .target
            .split_once('?')
            .unwrap_or((&incoming.target, ""));
        let mut line = json!({
            "time": reply.time.to_string(),
            "method": incoming.method,
            "path": path,
            "query": query,
            "status": reply.status,
            "clientRequestId": incoming.client_request_id,
            "requestId": reply.request_id,
            "requestBody": incoming.body.as_ref().ok().cloned().flatten(),
            "responseBody": match &reply.body {
                Body::Empty => Value::Null,
                Body::Json(value) => value.clone(),
                Body::Text(text) | Body::Raw(_, text) => Value::String(text.clone()),
            },
            // On the machine's own clock: the emulated one may stand still.
            "arrivedMs": self.millis(incoming.arrived),
            "answeredMs": self.millis(Instant::now()),
        });
        if let (Some(fault), Some(line)) = (reply.fault, line.as_object_mut()) {
            line.insert("fault".into(), json!(fault));
        }
        if let (true, Some(line)) = (incoming.low, line.as_object_mut()) {
            line.insert("priority".into(), json!("low"));
        }
        if let (Some((batch, item)), Some(line)) = (&incoming.item, line.as_object_mut()) {
            line.insert("batch".into(), json!(batch));
            line.insert("item".into(), json!(item));
        }
        let mut text = line.to_string();
        text.push('\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file.write_all(text.as_bytes()) {
            tracing::warn!(%error, "an exchange could not be recorded");
        }
    }
}
