//! Exchanges that brought no answer, in plain words.

use std::error::Error;
use std::io;

use super::address::Address;
use super::patience::Patience;
use crate::domain::problem::{Problem, ProblemKind};
use crate::signin::TlsRefusal;

/// No answer, or not a whole one.
#[derive(Clone, Debug)]
pub struct Lost {
    /// What happened.
    pub problem: Problem,
    /// Whether the call may have reached Graph. A write for which this holds is read back before anything
    /// else is done with it.
    pub sent: bool,
    /// Whether trying again later can help: not for a certificate that is not trusted.
    pub passing: bool,
}

/// Names a failure of the HTTP client. The error itself is not repeated: it holds addresses with queries.
pub(super) fn lost(error: &reqwest::Error, address: &Address, patience: &Patience) -> Lost {
    let host = address.host();
    let cause = Cause::of(error);
    let mut passing = true;
    let (what, remedy) = match cause {
        Cause::Name => (
            format!("The name {host} is not known here"),
            "Check the address after --graph-url, the network and DNS",
        ),
        Cause::Refused => (
            format!("Nothing answers at {host} (connection refused)"),
            if address.is_loopback() {
                "Check the address after --graph-url, and whether the emulator is running"
            } else {
                "Check the network, and HTTPS_PROXY where a proxy is needed"
            },
        ),
        Cause::Tls(refusal) => {
            passing = false;
            let what = format!("No secure connection to {host}: {}", refusal.words());
            (what, refusal.remedy())
        }
        Cause::ConnectTimeout => (
            format!("{host} did not answer within {}", seconds(patience.connect)),
            "Check the network, and HTTPS_PROXY where a proxy is needed",
        ),
        Cause::Connect => (
            format!("No connection to {host}"),
            "Check the network, and HTTPS_PROXY where a proxy is needed",
        ),
        Cause::Timeout => (
            format!(
                "{host} took longer than {} to answer",
                seconds(patience.exchange)
            ),
            "Try again in a while",
        ),
        Cause::Dropped => (
            format!("The connection to {host} broke before the answer was whole"),
            "Try again",
        ),
        Cause::Ours => ("The call could not be made".into(), ""),
    };
    let kind = if matches!(cause, Cause::Ours) {
        ProblemKind::Local
    } else {
        ProblemKind::Unreachable
    };
    Lost {
        problem: Problem::new(kind, what, remedy),
        sent: matches!(cause, Cause::Timeout | Cause::Dropped),
        passing: passing && kind == ProblemKind::Unreachable,
    }
}

enum Cause {
    Name,
    Refused,
    Tls(TlsRefusal),
    ConnectTimeout,
    Connect,
    Timeout,
    Dropped,
    Ours,
}

impl Cause {
    fn of(error: &reqwest::Error) -> Self {
        if error.is_builder() {
            return Self::Ours;
        }
        if !error.is_connect() {
            return if error.is_timeout() {
                Self::Timeout
            } else {
                Self::Dropped
            };
        }
        if error.is_dns() {
            return Self::Name;
        }
        if error.is_timeout() {
            return Self::ConnectTimeout;
        }
        if let Some(refusal) = TlsRefusal::of(error) {
            return Self::Tls(refusal);
        }
        let mut next: Option<&(dyn Error + 'static)> = error.source();
        while let Some(cause) = next {
            let mut io = cause.downcast_ref::<io::Error>();
            while let Some(error) = io {
                match error.kind() {
                    io::ErrorKind::ConnectionRefused => return Self::Refused,
                    io::ErrorKind::TimedOut => return Self::ConnectTimeout,
                    _ => {}
                }
                // The source of one that wraps another is the other's source: the other itself has to be unpacked.
                io = error.get_ref().and_then(|inner| inner.downcast_ref());
            }
            next = cause.source();
        }
        Self::Connect
    }
}

fn seconds(time: std::time::Duration) -> String {
    if time.as_secs() > 0 {
        format!("{} s", time.as_secs())
    } else {
        format!("{} ms", time.as_millis())
    }
}
