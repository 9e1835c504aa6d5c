//! The connections: counted, and cut where a fault wants it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How much of an answer reaches the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cut {
    /// All of it.
    #[default]
    Nowhere,
    /// The head and half of the body.
    Half,
    /// Nothing.
    Off,
}

/// What a connection still lets through.
#[derive(Debug, Default)]
enum Left {
    #[default]
    Everything,
    /// The head of the answer, then so many bytes.
    HeadAnd(usize),
    Bytes(usize),
}

/// The knife at one connection: what an exchange on it takes hold of to cut it.
#[derive(Clone, Debug, Default)]
pub(super) struct Knife(Arc<Mutex<Left>>);

impl Knife {
    /// Cuts the answer that is about to go out, whose body has `length` bytes.
    pub(super) fn apply(&self, cut: Cut, length: usize) {
        *self.left() = match cut {
            Cut::Nowhere => return,
            Cut::Half => Left::HeadAnd(length / 2),
            Cut::Off => Left::Bytes(0),
        };
    }

    fn left(&self) -> std::sync::MutexGuard<'_, Left> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection.
pub(super) struct CutConnection {
    stream: TcpStream,
    knife: Knife,
}

/// Where connections come in.
pub(super) struct CountingListener {
    pub(super) listener: TcpListener,
    /// How many came in so far.
    pub(super) count: Arc<AtomicUsize>,
}

impl Listener for CountingListener {
    type Io = CutConnection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (CutConnection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        self.count.fetch_add(1, Ordering::Relaxed);
        // Small answers are not to wait for the caller's acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        let knife = Knife::default();
        (CutConnection { stream, knife }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, CountingListener>> for Knife {
    fn connect_info(stream: IncomingStream<'_, CountingListener>) -> Self {
        stream.io().knife.clone()
    }
}

impl AsyncRead for CutConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CutConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let knife = self.knife.clone();
        let mut left = knife.left();
        if let Left::HeadAnd(more) = *left {
            let head = memchr::memmem::find(bytes, b"\r\n\r\n").map_or(0, |at| at + 4);
            *left = Left::Bytes(head + more);
        }
        let Left::Bytes(most) = &mut *left else {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        };
        if *most == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let some = &bytes[..bytes.len().min(*most)];
        let written = Pin::new(&mut self.stream).poll_write(cx, some);
        if let Poll::Ready(Ok(count)) = &written {
            *most -= count;
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
