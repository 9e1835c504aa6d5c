//! The port a browser comes back to: loopback only, one answer, a plain page.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};

/// A request line with a code in it has some kilobytes.
const LARGEST: usize = 32 * 1024;

/// How long one connection may take to say what it wants.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// What the browser brought. No `Debug`.
pub(super) enum BrowserReturn {
    /// The code to trade for tokens.
    Code(Secret),
    /// Entra's refusal.
    Refused { error: String, description: String },
}

/// The listener. `localhost` may mean either address, so both are listened on where both are there.
pub(super) struct Loopback {
    four: TcpListener,
    six: Option<TcpListener>,
    port: u16,
}

impl Loopback {
    pub(super) async fn listen(port: u16) -> Result<Self, Problem> {
        let taken = |_| {
            Problem::new(
                ProblemKind::Local,
                "The port the browser comes back to cannot be listened on",
                "Close what uses it, or choose another port (0 takes a free one)",
            )
        };
        let four = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .await
            .map_err(taken)?;
        let port = four.local_addr().map_err(taken)?.port();
        let six = TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port)))
            .await
            .ok();
        Ok(Self { four, six, port })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the browser. What does not carry `state` is not the answer to our question and is turned away;
    /// anything on this machine can knock here.
    pub(super) async fn back(&self, state: &str) -> Result<BrowserReturn, Problem> {
        loop {
            let stream = match &self.six {
                Some(six) => tokio::select! {
                    four = self.four.accept() => four,
                    six = six.accept() => six,
                },
                None => self.four.accept().await,
            };
            let Ok((stream, _)) = stream else {
                // Too many open files and the like: the next knock may do.
                tokio::task::yield_now().await;
                continue;
            };
            let heard = tokio::time::timeout(PATIENCE, hear(stream, state)).await;
            if let Ok(Some(back)) = heard {
                return Ok(back);
            }
        }
    }
}

async fn hear(mut stream: TcpStream, state: &str) -> Option<BrowserReturn> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < LARGEST {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => break,
            Ok(read) => request.extend_from_slice(&chunk[..read]),
        }
    }
    let back = read(&request, state);
    let (status, words) = match &back {
        Some(BrowserReturn::Code(_)) => (
            "200 OK",
            "The sign-in came back to guestlist. You can close this window.",
        ),
        Some(BrowserReturn::Refused { .. }) => (
            "200 OK",
            "The sign-in was refused; guestlist says why. You can close this window.",
        ),
        None => (
            "404 Not Found",
            "This is not the sign-in that guestlist waits for.",
        ),
    };
    // The address holds the code: it must not travel on as a referrer or stay in a cache.
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\n\
         connection: close\r\n\r\n{words}",
        words.len()
    );
    // A browser that is gone has still brought the code.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    back
}

/// Reads `GET /?code=…&state=… HTTP/1.1`.
fn read(request: &[u8], state: &str) -> Option<BrowserReturn> {
    let line = request.split(|b| *b == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let target = line.strip_prefix("GET ")?.split(' ').next()?;
    let url = Url::parse("http://localhost").ok()?.join(target).ok()?;
    if url.path() != "/" || url.host_str() != Some("localhost") {
        return None;
    }
    let one = |name: &str| {
        let mut found = url.query_pairs().filter(|(key, _)| key == name);
        let first = found.next().map(|(_, value)| value.into_owned());
        // Twice the same parameter is nobody's honest answer.
        first.filter(|_| found.next().is_none())
    };
    if one("state")? != state {
        return None;
    }
    if let Some(error) = one("error") {
        let description = one("error_description").unwrap_or_default();
        return Some(BrowserReturn::Refused { error, description });
    }
    let code = one("code").filter(|code| !code.is_empty())?;
    Some(BrowserReturn::Code(Secret::new(&code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_answer_to_our_question_counts() {
        let code = |line: &str| match read(format!("{line}\r\nhost: x\r\n\r\n").as_bytes(), "S1")? {
            BrowserReturn::Code(code) => Some(code.reveal().to_owned()),
            BrowserReturn::Refused { error, .. } => Some(format!("refused {error}")),
        };
        assert_eq!(
            code("GET /?code=a%2Bb&state=S1 HTTP/1.1").as_deref(),
            Some("a+b")
        );
        assert_eq!(
            code("GET /?error=access_denied&error_description=AADSTS65004&state=S1 HTTP/1.1")
                .as_deref(),
            Some("refused access_denied")
        );
        for stray in [
            "GET /?code=x&state=S2 HTTP/1.1",
            "GET /?code=x HTTP/1.1",
            "GET /?code=x&state=S1&state=S1 HTTP/1.1",
            "GET /?code=x&code=y&state=S1 HTTP/1.1",
            "GET /?code=&state=S1 HTTP/1.1",
            "GET /favicon.ico?code=x&state=S1 HTTP/1.1",
            "GET //evil.example/?code=x&state=S1 HTTP/1.1",
            "POST /?code=x&state=S1 HTTP/1.1",
            "",
        ] {
            assert_eq!(code(stray), None, "{stray}");
        }
    }
}
