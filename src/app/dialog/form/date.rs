//! A day.

use jiff::Span;
use jiff::civil::Date;

use crate::app::prompt::InputLine;
use crate::app::state::State;

/// A day from today on: `2026-12-31`, or a time from today: `30d`.
#[derive(Clone, Debug, Default)]
pub struct DateField {
    /// What is written.
    pub line: InputLine,
}

/// The day it is where the console is looked at.
pub fn today(state: &State) -> Date {
    state.now.to_zoned(state.setup.zone.clone()).date()
}

impl DateField {
    /// The day; `None` where nothing is written.
    ///
    /// # Errors
    /// A sentence that says how to write one, or that it is over.
    pub fn value(&self, today: Date) -> Result<Option<Date>, String> {
        let written = self.line.value().trim();
        if written.is_empty() {
            return Ok(None);
        }
        let from_today = || {
            let span: Span = written.parse().ok()?;
            // `6m` is six minutes, which is no day; months are `6mo`.
            let clock = i64::from(span.get_hours())
                | span.get_minutes()
                | span.get_seconds()
                | span.get_milliseconds()
                | span.get_microseconds()
                | span.get_nanoseconds();
            (clock == 0).then(|| today.checked_add(span).ok())?
        };
        let day: Option<Date> = written.parse().ok();
        match day.or_else(from_today) {
            Some(day) if day < today => Err(format!("{day} is over: today is {today}")),
            Some(day) => Ok(Some(day)),
            None => Err(
                "Write a day like 2026-12-31, or a time from today like 30d, 8w, 6mo or 1y".into(),
            ),
        }
    }
}
