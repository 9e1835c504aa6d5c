//! How a send ended, row by row, to be read, copied or saved.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::state::State;
use crate::domain::act::{Act, Outcome, Target};
use crate::domain::problem::ProblemKind;
use crate::worker::protocol::JobId;

/// How one row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Not yet, or never sent.
    NotSent,
    /// Done as wanted.
    Done,
    /// Decided by somebody else, or not needed any more.
    Elsewhere,
    /// Not done.
    Failed,
}

impl Ended {
    /// What an outcome comes to.
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            _ if outcome.done() => Self::Done,
            _ if outcome.settled() => Self::Elsewhere,
            Outcome::Failed(problem) if problem.kind == ProblemKind::Cancelled => Self::NotSent,
            _ => Self::Failed,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotSent => "not sent",
            Self::Done => "done",
            Self::Elsewhere => "elsewhere",
            Self::Failed => "failed",
        }
    }
}

/// One row of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// The id it was about.
    pub target: Target,
    /// What was to be done: `approve`, `deny`, …
    pub act: &'static str,
    /// Whom it was about.
    pub name: String,
    /// Their mail address.
    pub mail: String,
    /// What they asked for.
    pub package: String,
    /// The reason as it was sent.
    pub reason: String,
    /// How it ended.
    pub ended: Ended,
    /// How, in words.
    pub words: String,
    /// When it ended.
    pub at: Option<Timestamp>,
}

/// A send and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    job: JobId,
    /// When it was begun.
    pub begun: Timestamp,
    /// Its rows, in the order they were sent.
    pub rows: Vec<ResultRow>,
    at: HashMap<Target, usize>,
}

impl Results {
    /// A send that is about to begin.
    pub(super) fn begin(state: &State, job: JobId, acts: &[Act]) -> Self {
        let row = |act: &Act| {
            let target = act.deed.target();
            let mail = state.basket.get(&target).map(|d| d.mail.to_string());
            ResultRow {
                act: act.deed.word(),
                name: act.name.to_string(),
                mail: mail.unwrap_or_default(),
                package: super::basket::seen::package(state, &target).to_string(),
                reason: act.reason.clone(),
                ended: Ended::NotSent,
                words: String::new(),
                at: None,
                target,
            }
        };
        let rows: Vec<ResultRow> = acts.iter().map(row).collect();
        let place = |(at, row): (usize, &ResultRow)| (row.target.clone(), at);
        Self {
            job,
            begun: state.now,
            at: rows.iter().enumerate().map(place).collect(),
            rows,
        }
    }

    /// One row has ended.
    pub(super) fn settled(
        &mut self,
        job: JobId,
        target: &Target,
        outcome: &Outcome,
        words: &str,
        now: Timestamp,
    ) {
        if let Some(row) = self
            .at
            .get(target)
            .filter(|_| self.job == job)
            .and_then(|at| self.rows.get_mut(*at))
        {
            row.ended = Ended::of(outcome);
            words.clone_into(&mut row.words);
            row.at = Some(now);
        }
    }

    /// How many ended so.
    pub fn count(&self, ended: Ended) -> usize {
        self.rows.iter().filter(|row| row.ended == ended).count()
    }

    /// `180 done, 12 elsewhere, 8 failed`.
    pub fn summary(&self) -> String {
        let all = [Ended::Done, Ended::Elsewhere, Ended::Failed, Ended::NotSent];
        let parts: Vec<String> = all
            .into_iter()
            .map(|ended| (self.count(ended), ended.word()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        parts.join(", ")
    }

    /// As text for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "Sent {}: {}\n",
            self.begun.strftime("%Y-%m-%d %H:%M UTC"),
            self.summary()
        );
        for ended in [Ended::Failed, Ended::NotSent, Ended::Elsewhere, Ended::Done] {
            if self.count(ended) == 0 {
                continue;
            }
            // Into a String, so it cannot fail.
            let _ = writeln!(text, "\n{} {}", self.count(ended), ended.word());
            for row in self.rows.iter().filter(|row| row.ended == ended) {
                let _ = write!(text, "  {} {} <{}>", row.act, row.name, row.mail);
                if !row.package.is_empty() {
                    let _ = write!(text, ", {}", row.package);
                }
                if ended != Ended::Done && !row.words.is_empty() {
                    let _ = write!(text, ": {}", one_line(&row.words));
                }
                if !row.reason.is_empty() {
                    let _ = write!(text, " (reason: {})", row.reason);
                }
                text.push('\n');
            }
        }
        text
    }

    /// As CSV (RFC 4180), with a line of heads. What a spreadsheet would take for a formula is given an apostrophe.
    pub fn csv(&self) -> String {
        let mut csv = "act,name,mail,package,id,ended,how,reason,time\r\n".to_owned();
        for row in &self.rows {
            let time = row.at.map(|at| at.to_string()).unwrap_or_default();
            let cells = [
                row.act,
                &row.name,
                &row.mail,
                &row.package,
                row.target.as_str(),
                row.ended.word(),
                &row.words,
                &row.reason,
                &time,
            ];
            let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
            csv.push_str(&cells.join(","));
            csv.push_str("\r\n");
        }
        csv
    }
}

fn one_line(words: &str) -> String {
    words.replace('\n', " ")
}

fn csv_cell(words: &str) -> String {
    let words = one_line(words);
    let formula = words.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let words = if formula { format!("'{words}") } else { words };
    if words.contains(['"', ',', '\r']) {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RequestId;
    use crate::domain::problem::Problem;

    fn results() -> Results {
        let row = |n: usize, name: &str| ResultRow {
            target: Target::Request(RequestId::new(&format!("r{n}")).unwrap()),
            act: "deny",
            name: name.into(),
            mail: format!("p{n}@fabrikam.com"),
            package: "Supplier Hub".into(),
            reason: "not ours, \"sorry\"".into(),
            ended: Ended::NotSent,
            words: String::new(),
            at: None,
        };
        let rows = vec![row(0, "=HYPERLINK(1)"), row(1, "Ada"), row(2, "Grace")];
        Results {
            job: JobId(7),
            begun: Timestamp::UNIX_EPOCH,
            at: rows
                .iter()
                .enumerate()
                .map(|(at, row)| (row.target.clone(), at))
                .collect(),
            rows,
        }
    }

    #[test]
    fn each_row_ends_once_and_every_form_says_how() {
        let mut results = results();
        let target = |n: usize| Target::Request(RequestId::new(&format!("r{n}")).unwrap());
        let now = Timestamp::UNIX_EPOCH;
        let done = Outcome::Done { found: false };
        results.settled(JobId(8), &target(0), &done, "done", now);
        assert_eq!(
            results.summary(),
            "3 not sent",
            "another job's is not taken"
        );
        results.settled(JobId(7), &target(0), &done, "done", now);
        let moot = Outcome::Moot("was taken back".into());
        results.settled(JobId(7), &target(1), &moot, "was taken back", now);
        let stopped = Outcome::Failed(Problem::new(ProblemKind::Cancelled, "Stopped", ""));
        results.settled(JobId(7), &target(2), &stopped, "Stopped", now);
        assert_eq!(results.summary(), "1 done, 1 elsewhere, 1 not sent");
        let text = results.text();
        assert!(
            text.contains("deny Ada <p1@fabrikam.com>, Supplier Hub: was taken back"),
            "{text}"
        );
        let csv = results.csv();
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(
            lines[1],
            "deny,'=HYPERLINK(1),p0@fabrikam.com,Supplier Hub,r0,done,done,\"not ours, \"\"sorry\"\"\",1970-01-01T00:00:00Z"
        );
    }
}
