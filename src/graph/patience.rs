//! How long to wait and how often to try again.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;

use crate::domain::problem::{Problem, ProblemKind};

/// The limits of patience. The defaults are for Graph; tests shorten them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection to stand.
    pub connect: Duration,
    /// For one whole exchange.
    pub exchange: Duration,
    /// The first pause where Graph names none; each next one is twice as long.
    pub first: Duration,
    /// No pause of ours is longer than this; one that Graph asks for is kept whole.
    pub longest: Duration,
    /// How often one call is carried at most.
    pub tries: u32,
    /// No call is waited for longer than this, all pauses together.
    pub overall: Duration,
    /// How long reading back is tried while Graph cannot be reached.
    pub read_back: Duration,
    /// How long a delivery is followed at most.
    pub arrival: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            exchange: Duration::from_secs(60),
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            tries: 5,
            overall: Duration::from_secs(150),
            read_back: Duration::from_secs(170),
            arrival: Duration::from_secs(600),
        }
    }
}

impl Patience {
    /// The pause before try `n` (from 1) where Graph did not name one: doubling, with jitter so that many
    /// clients do not come back together.
    pub fn backoff(&self, n: u32) -> Duration {
        let doubled = self.first.saturating_mul(1 << n.saturating_sub(1).min(10));
        doubled
            .min(self.longest)
            .mul_f64(0.75 + fastrand::f64() / 2.0)
    }
}

/// Counts the tries of one call.
pub struct Tries {
    patience: Patience,
    made: u32,
    waited: Duration,
}

impl Tries {
    /// None made yet.
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            made: 0,
            waited: Duration::ZERO,
        }
    }

    /// How long to wait before the next try after `problem`; `None` where there should be none. Never shorter
    /// than what Graph asked for: an early call is refused and counts against the limit (throttling).
    pub fn next(&mut self, problem: &Problem) -> Option<Duration> {
        self.made += 1;
        if self.made >= self.patience.tries {
            return None;
        }
        let pause = problem
            .retry_after
            .unwrap_or_else(|| self.patience.backoff(self.made));
        self.waited += pause;
        (self.waited <= self.patience.overall).then_some(pause)
    }
}

/// Says why one waits.
pub fn why(problem: &Problem) -> String {
    match problem.kind {
        ProblemKind::Throttled => "Graph asks us to wait".into(),
        ProblemKind::Service => "Graph has trouble, trying again in".into(),
        _ => "Graph cannot be reached, trying again in".into(),
    }
}

/// Reads `Retry-After`: seconds, also fractional ("2.128", throttling), or a date, which counts from the
/// answer's own `Date` so that a wrong clock here does no harm.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    parse_retry_after(text("retry-after")?, text("date"))
}

/// See [`retry_after`].
pub fn parse_retry_after(raw: &str, date: Option<&str>) -> Option<Duration> {
    const DAY: f64 = 86_400.0;
    let raw = raw.trim();
    if let Ok(seconds) = raw.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0)
            .then(|| Duration::from_secs_f64(seconds.min(DAY)));
    }
    let stamp = |raw: &str| {
        let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        parser.parse_timestamp(raw).ok()
    };
    let then = stamp(raw)?;
    let now = date.and_then(stamp).unwrap_or_else(Timestamp::now);
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let read = |raw| parse_retry_after(raw, Some("Tue, 15 Nov 1994 08:12:31 GMT"));
        assert_eq!(read("10"), Some(Duration::from_secs(10)));
        assert_eq!(read("2.128"), Some(Duration::from_millis(2_128)));
        assert_eq!(
            read("Tue, 15 Nov 1994 08:12:41 GMT"),
            Some(Duration::from_secs(10))
        );
        assert_eq!(read("Tue, 15 Nov 1994 08:12:01 GMT"), Some(Duration::ZERO));
        for bad in ["", "soon", "-1", "NaN", "inf"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_graph_asks_for_is_never_cut_short() {
        let mut tries = Tries::new(Patience::default());
        let mut problem = Problem::new(ProblemKind::Throttled, "x", "");
        problem.retry_after = Some(Duration::from_secs(100));
        assert_eq!(tries.next(&problem), Some(Duration::from_secs(100)));
        assert_eq!(
            tries.next(&problem),
            None,
            "200 s is beyond patience: said, not shortened"
        );
    }

    #[test]
    fn our_own_pauses_grow_and_end() {
        let patience = Patience::default();
        for n in 1..20 {
            assert!(patience.backoff(n) <= patience.longest.mul_f64(1.25));
        }
        assert!(patience.backoff(1) < patience.backoff(4));
        let mut tries = Tries::new(patience);
        let problem = Problem::new(ProblemKind::Service, "x", "");
        assert_eq!((0..9).filter(|_| tries.next(&problem).is_some()).count(), 4);
    }
}
