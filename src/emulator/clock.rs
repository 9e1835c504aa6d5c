//! The emulated time: the system's, or a fixed one, plus what a test advanced it by; or, during a replay, the time of
//! the line that is being replayed.

use jiff::{SignedDuration, Timestamp, Unit};

#[derive(Debug, Clone)]
pub(super) struct TenantClock {
    fixed: Option<Timestamp>,
    advanced: SignedDuration,
    /// Time never runs backwards: a replay, or the machine's clock being set, must not undo a time-out.
    latest: Timestamp,
}

impl TenantClock {
    pub(super) fn new(fixed: Option<Timestamp>) -> Self {
        Self {
            fixed,
            advanced: SignedDuration::ZERO,
            latest: Timestamp::MIN,
        }
    }

    pub(super) fn now(&mut self) -> Timestamp {
        let now = self.fixed.unwrap_or_else(Timestamp::now) + self.advanced;
        self.latest = self.latest.max(whole_seconds(now));
        self.latest
    }

    /// Moves to the time of a recorded line.
    pub(super) fn reach(&mut self, time: Timestamp) {
        self.latest = self.latest.max(time);
    }

    pub(super) fn advance(&mut self, by: SignedDuration) {
        self.advanced += by;
    }
}

/// Graph prints seconds; thinking in them keeps what is stored and what is shown the same.
pub(super) fn whole_seconds(time: Timestamp) -> Timestamp {
    time.round(Unit::Second).unwrap_or(time)
}

/// An ISO 8601 duration as policies carry it (`P14D`, `PT0S`), with days of 24 hours.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let span: jiff::Span = text.parse().ok()?;
    span.to_duration(jiff::SpanRelativeTo::days_are_24_hours())
        .ok()
}
