//! A web server on loopback that does what a test tells it to, wrong things above all.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// One request, or one item of a batch.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What the server does about a request.
pub enum Does {
    /// Answers.
    Says(u16, Vec<(&'static str, String)>, String),
    /// Answers, and breaks off in the middle of the body.
    Halves(String),
    /// Hangs up without a word.
    HangsUp,
    /// Says nothing for so long, then hangs up.
    Sulks(Duration),
}

pub fn ok(body: &Value) -> Does {
    Does::Says(200, Vec::new(), body.to_string())
}

pub fn error(status: u16, code: &str) -> Does {
    Does::Says(status, Vec::new(), envelope(code).to_string())
}

pub fn envelope(code: &str) -> Value {
    json!({"error": {"code": code, "message": "Words for people.", "innerError": {"request-id": "11111111-2222"}}})
}

/// Answers a batch item by item.
pub fn batch(seen: &Seen, mut each: impl FnMut(&Seen) -> (u16, Value)) -> Value {
    let items: &[Value] = seen.body["requests"].as_array().map_or(&[], Vec::as_slice);
    assert!(items.len() <= 20, "a batch holds twenty at most");
    let responses: Vec<Value> = items
        .iter()
        .rev()
        .map(|item| {
            let headers = item["headers"].as_object().cloned().unwrap_or_default();
            let (status, body) = each(&Seen {
                method: item["method"].as_str().unwrap().to_owned(),
                target: item["url"].as_str().unwrap().to_owned(),
                headers: headers
                    .into_iter()
                    .map(|(k, v)| (k, v.as_str().unwrap().to_owned()))
                    .collect(),
                body: item["body"].clone(),
            });
            json!({"id": item["id"], "status": status, "body": body})
        })
        .collect();
    json!({ "responses": responses })
}

/// A running server. Its threads end with the test.
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub fn start(handler: impl Fn(&Seen) -> Does + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), handler)
    }

    pub fn on(
        listener: TcpListener,
        handler: impl Fn(&Seen) -> Does + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let handler = Arc::new(handler);
        let record = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (handler, record) = (Arc::clone(&handler), Arc::clone(&record));
                thread::spawn(move || {
                    let Some(request) = receive(&stream) else {
                        return;
                    };
                    record.lock().unwrap().push(request.clone());
                    let does = handler(&request);
                    answer(stream, does);
                });
            }
        });
        Self { address, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// All writes so far, those inside batches too.
    pub fn writes(&self) -> Vec<Seen> {
        let mut writes = Vec::new();
        for seen in self.seen() {
            if seen.target.ends_with("/$batch") {
                batch(&seen, |item| {
                    writes.push(item.clone());
                    (200, Value::Null)
                });
            } else {
                writes.push(seen);
            }
        }
        writes.retain(|seen| seen.method != "GET");
        writes
    }
}

fn receive(stream: &TcpStream) -> Option<Seen> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut seen = Seen {
        method,
        target,
        headers,
        body: Value::Null,
    };
    let length = seen
        .header("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    if length > 0 {
        // Graph is sent JSON, Entra forms.
        let form = || Value::String(String::from_utf8_lossy(&body).into_owned());
        seen.body = serde_json::from_slice(&body).unwrap_or_else(|_| form());
    }
    Some(seen)
}

fn answer(mut stream: TcpStream, does: Does) {
    let head = |status: u16, length: usize, headers: &[(&str, String)]| {
        let extra: String = headers
            .iter()
            .flat_map(|(name, value)| [*name, ": ", value, "\r\n"])
            .collect();
        format!(
            "HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {length}\r\n{extra}\r\n"
        )
    };
    // A client that has gone away is part of some tests.
    let _ = match does {
        Does::Says(status, headers, body) => {
            stream.write_all((head(status, body.len(), &headers) + &body).as_bytes())
        }
        Does::Halves(body) => {
            let half = &body[..body.len() / 2];
            stream.write_all((head(200, body.len(), &[]) + half).as_bytes())
        }
        Does::HangsUp => Ok(()),
        Does::Sulks(time) => {
            thread::sleep(time);
            Ok(())
        }
    };
}
