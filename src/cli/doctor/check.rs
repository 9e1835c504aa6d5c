//! One thing that was looked at, and what came of it.

use serde_json::{Value, json};

use crate::domain::problem::{Problem, ProblemKind};

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckResult {
    /// As it should be.
    Ok,
    /// Something does not work, and the rest does.
    Warn,
    /// In the way of everything, or unsafe; with the exit code it asks for.
    Fail(u8),
    /// Could not be looked at, because of what failed before.
    Skip,
}

impl CheckResult {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail(_) => "fail",
            Self::Skip => "skip",
        }
    }

    /// How a failed exchange counts.
    pub(super) fn of(problem: &Problem) -> Self {
        Self::Fail(match problem.kind {
            ProblemKind::SignIn => 3,
            ProblemKind::NotPermitted => 4,
            ProblemKind::Local => 1,
            _ => 5,
        })
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) about: String,
    pub(super) result: CheckResult,
    pub(super) words: String,
    /// What to do; empty where there is nothing to.
    pub(super) fix: String,
}

impl Check {
    pub(super) fn new(
        about: impl Into<String>,
        result: CheckResult,
        words: impl Into<String>,
    ) -> Self {
        Self {
            about: about.into(),
            result,
            words: words.into(),
            fix: String::new(),
        }
    }

    pub(super) fn ok(about: impl Into<String>, words: impl Into<String>) -> Self {
        Self::new(about, CheckResult::Ok, words)
    }

    pub(super) fn skip(about: impl Into<String>, words: impl Into<String>) -> Self {
        Self::new(about, CheckResult::Skip, words)
    }

    /// A check that a problem ended.
    pub(super) fn problem(about: impl Into<String>, problem: &Problem) -> Self {
        let what = problem.what.trim_end_matches('.');
        Self::new(about, CheckResult::of(problem), what).fix(problem.remedy.trim_end_matches('.'))
    }

    pub(super) fn fix(self, fix: impl Into<String>) -> Self {
        Self {
            fix: fix.into(),
            ..self
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({"check": self.about, "result": self.result.word(), "words": self.words, "fix": self.fix})
    }
}

/// The exit code of the worst: first what keeps everything else from being known.
pub(super) fn exit_code(checks: &[Check]) -> u8 {
    const GRAVEST_FIRST: [u8; 5] = [2, 5, 3, 4, 1];
    let failed = |code: &u8| {
        checks
            .iter()
            .any(|check| check.result == CheckResult::Fail(*code))
    };
    GRAVEST_FIRST.into_iter().find(failed).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_decides() {
        let of = |results: &[CheckResult]| {
            let checks: Vec<Check> = results
                .iter()
                .map(|result| Check::new("", *result, ""))
                .collect();
            exit_code(&checks)
        };
        assert_eq!(
            of(&[CheckResult::Ok, CheckResult::Warn, CheckResult::Skip]),
            0
        );
        assert_eq!(of(&[CheckResult::Fail(1), CheckResult::Fail(3)]), 3);
        assert_eq!(
            of(&[CheckResult::Fail(3), CheckResult::Fail(5), CheckResult::Ok]),
            5
        );
    }
}
