//! Periods and ages: reading ISO 8601 durations, and saying how long something is.

use jiff::{SignedDuration, Span, Timestamp};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Reads an ISO 8601 duration as Graph writes it (`P14D`, `PT8H`, `P1M`). A month counts 30 days and a year
/// 365: Graph's periods are limits, not calendar dates. `None` for what is none or not positive.
pub fn parse_period(raw: &str) -> Option<SignedDuration> {
    let span: Span = raw.trim().parse().ok()?;
    let days = i64::from(span.get_years()) * 365
        + i64::from(span.get_months()) * 30
        + i64::from(span.get_weeks()) * 7
        + i64::from(span.get_days());
    let seconds = days
        .checked_mul(DAY)?
        .checked_add(i64::from(span.get_hours()) * HOUR)?
        .checked_add(span.get_minutes().checked_mul(60)?)?
        .checked_add(span.get_seconds())?;
    (seconds > 0).then(|| SignedDuration::from_secs(seconds))
}

/// At most three characters and a unit, rounded down: `6d`, `14h`, `3m`, `now`; years from two on.
pub fn short(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    match seconds {
        0..60 => "now".into(),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / HOUR),
        s if s < 730 * DAY => format!("{}d", s / DAY),
        s => format!("{}y", s / (365 * DAY)),
    }
}

/// In words: `14 days`, `1 hour`.
pub fn words(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let (number, unit) = match seconds {
        s if s >= DAY => (s / DAY, "day"),
        s if s >= HOUR => (s / HOUR, "hour"),
        s => (s / 60, "minute"),
    };
    if number == 1 {
        format!("1 {unit}")
    } else {
        format!("{number} {unit}s")
    }
}

/// How long before `now` something was; `None` becomes an empty string.
pub fn age(then: Option<Timestamp>, now: Timestamp) -> String {
    then.map(|then| short(now.duration_since(then)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_graphs_periods() {
        let days = |n: i64| Some(SignedDuration::from_hours(24 * n));
        assert_eq!(parse_period("P14D"), days(14));
        assert_eq!(parse_period("P1M"), days(30));
        assert_eq!(parse_period("PT8H"), Some(SignedDuration::from_hours(8)));
        assert_eq!(parse_period("PT0S"), None);
        assert_eq!(parse_period("-P1D"), None);
        assert_eq!(parse_period("soon"), None);
    }

    #[test]
    fn ages_are_short() {
        let of = |seconds| short(SignedDuration::from_secs(seconds));
        assert_eq!(
            [of(5), of(61), of(7_300), of(6 * DAY), of(800 * DAY)],
            ["now", "1m", "2h", "6d", "2y"]
        );
        assert_eq!(words(SignedDuration::from_hours(24)), "1 day");
    }
}
