//! The port a browser comes back to: loopback only, one answer, a plain page.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::Url;
use rustix::io::Errno;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};

/// A request line with a code in it has some kilobytes.
const LARGEST: usize = 32 * 1024;

/// How long one connection may take to say what it wants; browsers open some that say nothing.
const PATIENCE: Duration = Duration::from_secs(3);

/// So many are heard at once. The oldest gives way to a new one: whoever fills all places shuts nobody out.
const AT_ONCE: usize = 64;

/// How often another port is tried where only one of the two addresses has the one that was given out.
const ATTEMPTS: usize = 16;

/// What the browser brought. No `Debug`.
pub(super) enum BrowserReturn {
    /// The code to trade for tokens.
    Code(Secret),
    /// Entra's refusal.
    Refused { error: String, description: String },
}

/// The listener. `localhost` may mean either address, so both are listened on where both are there: were only one ours,
/// somebody else could wait for the browser at the other.
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
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..if port == 0 { ATTEMPTS } else { 1 } {
            match Self::both(port).await {
                Ok(both) => return Ok(both),
                Err(error) => last = error,
            }
        }
        Err(taken(last))
    }

    /// The port on both addresses, or on the one there is.
    async fn both(port: u16) -> io::Result<Self> {
        let four = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let port = four.local_addr()?.port();
        let six = match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
            Ok(six) => Some(six),
            // This machine has no such address.
            Err(error)
                if matches!(
                    Errno::from_io_error(&error),
                    Some(Errno::ADDRNOTAVAIL | Errno::AFNOSUPPORT)
                ) =>
            {
                None
            }
            Err(error) => return Err(error),
        };
        Ok(Self { four, six, port })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the browser. What does not carry `state` is not the answer to our question and is turned away;
    /// anything on this machine can knock here.
    pub(super) async fn back(&self, state: &str) -> BrowserReturn {
        let (mut heard, mut order) = (JoinSet::new(), VecDeque::new());
        loop {
            let stream = tokio::select! {
                Some(answer) = heard.join_next() => match answer {
                    Ok(Ok(Some(back))) => return back,
                    _ => continue,
                },
                stream = self.knock() => stream,
            };
            let Ok(stream) = stream else {
                // Too many open files and the like: a later knock may do.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            if heard.len() == AT_ONCE {
                order.pop_front().inspect(AbortHandle::abort);
            }
            order.retain(|handle: &AbortHandle| !handle.is_finished());
            let state = state.to_owned();
            let hearing = async move { timeout(PATIENCE, hear(stream, &state)).await };
            order.push_back(heard.spawn(hearing));
        }
    }

    async fn knock(&self) -> io::Result<TcpStream> {
        let (stream, _) = match &self.six {
            Some(six) => tokio::select! {
                four = self.four.accept() => four,
                six = six.accept() => six,
            },
            None => self.four.accept().await,
        }?;
        Ok(stream)
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

    /// Brings an answer to a port, and what the page says.
    async fn bring(address: (&str, u16), line: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("{line}\r\nhost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).await.unwrap();
        page
    }

    #[tokio::test]
    async fn many_who_say_nothing_keep_nobody_waiting() {
        let loopback = Loopback::listen(0).await.unwrap();
        let port = loopback.port();
        let back = tokio::spawn(async move { loopback.back("S1").await });
        let mut silent = Vec::new();
        for _ in 0..3 * AT_ONCE {
            silent.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
        }
        let page = bring(("127.0.0.1", port), "GET /?code=abc&state=S1 HTTP/1.1").await;
        assert!(page.contains("You can close this window"), "{page}");
        assert!(matches!(back.await.unwrap(), BrowserReturn::Code(code) if code.reveal() == "abc"));
    }

    #[tokio::test]
    async fn a_port_is_ours_at_both_addresses_or_not_at_all() {
        let Ok(other) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await else {
            return; // This machine has one address only.
        };
        let port = other.local_addr().unwrap().port();
        let taken = Loopback::listen(port).await.err().unwrap();
        assert_eq!(taken.kind, ProblemKind::Local);
        let loopback = Loopback::listen(0).await.unwrap();
        let port = loopback.port();
        let back = tokio::spawn(async move { loopback.back("S1").await });
        bring(("::1", port), "GET /?error=access_denied&state=S1 HTTP/1.1").await;
        assert!(matches!(back.await.unwrap(), BrowserReturn::Refused { .. }));
    }

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
