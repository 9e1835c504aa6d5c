//! Speed, measured and printed with a ratio against a floor of the same run; never asserted.
//!
//! `cargo bench` runs all; `cargo bench -- lists` those whose name holds the word.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a bench prints, and may stop where it stands

use std::time::{Duration, Instant};

mod listing;
mod lists;
mod queue;

/// Times of one thing done many times.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Does `work` so many times, after `before` each time, which is not measured.
    pub(crate) fn of<T>(
        rounds: usize,
        mut before: impl FnMut() -> T,
        mut work: impl FnMut(T),
    ) -> Self {
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let input = before();
            let begun = Instant::now();
            work(input);
            times.push(begun.elapsed());
        }
        times.sort();
        Self(times)
    }

    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    pub(crate) fn p99(&self) -> Duration {
        self.0[(self.0.len() * 99 / 100).min(self.0.len() - 1)]
    }
}

/// Prints one line: what, its times, and how many times the floor's that is.
pub(crate) fn report(what: &str, times: &Times, floor: (&str, &Times)) {
    let ratio = times.median().as_secs_f64() / floor.1.median().as_secs_f64().max(1e-9);
    println!(
        "{what:<52} median {:>9.3} ms  p99 {:>9.3} ms  {ratio:>7.1} x {} ({:.3} ms)",
        times.median().as_secs_f64() * 1e3,
        times.p99().as_secs_f64() * 1e3,
        floor.0,
        floor.1.median().as_secs_f64() * 1e3,
    );
}

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let all: [(&str, fn()); 3] = [
        ("lists", lists::run),
        ("listing", listing::run),
        ("queue", queue::run),
    ];
    for (name, run) in all {
        if wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str())) {
            run();
        }
    }
}
