//! What is on its way to Graph, and how it ended, row by row: one tracker for whatever is sent, from the basket, from
//! the palette, as an invitation, or gone on with.

mod begin;
pub(super) mod settle;

pub(super) use begin::begin;

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::Timestamp;

use crate::acts::{ActKind, Ended, Outcome, Plan, PlanEnd, Target};
use crate::domain::escape;
use crate::domain::invitation::Invited;
use crate::worker::protocol::{Arrived, JobId};

/// Where something that is sent comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The basket: what is not done stays there.
    Basket,
    /// A question that was answered, or a form.
    Asked,
}

/// The order in which a sum counts.
const SUM: [Ended; 7] = [
    Ended::Done,
    Ended::UnderWay,
    Ended::NotDelivered,
    Ended::HalfDone,
    Ended::Elsewhere,
    Ended::Failed,
    Ended::NotSent,
];

/// One row of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRow {
    /// What it is about.
    pub target: Target,
    /// The act it is for: of a plan its first.
    pub kind: ActKind,
    /// Whom it is about.
    pub name: String,
    /// Their mail address.
    pub mail: String,
    /// What they asked for.
    pub package: String,
    /// The reason as it is sent.
    pub reason: String,
    /// How it ended.
    pub ended: Ended,
    /// How, in words.
    pub words: String,
    /// When it ended.
    pub at: Option<Timestamp>,
    /// It was followed to there, and the words say what became of it.
    pub followed: bool,
}

/// Something that is sent, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// Its job.
    pub job: JobId,
    /// Where it comes from.
    pub from: From,
    /// When it was begun.
    pub begun: Timestamp,
    /// It ends after the call that is under way.
    pub stopping: bool,
    /// Its rows, in the order they are sent.
    pub rows: Vec<SendRow>,
    at: HashMap<Target, usize>,
    /// As it was asked for, so that it can be sent again by its word.
    plans: Vec<Plan>,
}

/// Everything that is on its way, and what was sent last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sends {
    under_way: Vec<Send>,
    ended: Option<Send>,
    /// The last invitation made, for its link.
    pub invited: Option<Invited>,
    /// Plans of earlier runs that were stopped on their way.
    pub half_done: Vec<Plan>,
    /// What an open write of before stood in the way of: it is sent only by the word that may do it twice.
    pub barred: Vec<Plan>,
}

impl Sends {
    /// Whether anything is on its way.
    pub fn busy(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// What is on its way, the first begun first.
    pub fn under_way(&self) -> &[Send] {
        &self.under_way
    }

    /// What was begun last: on its way, or ended.
    pub fn newest(&self) -> Option<&Send> {
        self.under_way.last().or(self.ended.as_ref())
    }

    /// The send from the basket that is on its way.
    pub fn from_basket(&self) -> Option<&Send> {
        self.under_way.iter().find(|send| send.from == From::Basket)
    }

    /// The send of a job, while it is on its way.
    pub fn of(&self, job: JobId) -> Option<&Send> {
        self.under_way.iter().find(|send| send.job == job)
    }

    fn of_mut(&mut self, job: JobId) -> Option<&mut Send> {
        self.under_way.iter_mut().find(|send| send.job == job)
    }

    /// Has everything end after the call it is at; their jobs.
    pub(super) fn stop(&mut self) -> Vec<JobId> {
        let stop = |send: &mut Send| {
            send.stopping = true;
            send.job
        };
        self.under_way.iter_mut().map(stop).collect()
    }

    /// One row has ended.
    fn settled(&mut self, job: JobId, target: &Target, end: &PlanEnd, words: &str, now: Timestamp) {
        let Some(send) = self.of_mut(job) else {
            return;
        };
        let Some(at) = send.at.get(target).copied() else {
            return;
        };
        if let Some(row) = send.rows.get_mut(at) {
            row.ended = end.ended();
            words.clone_into(&mut row.words);
            row.at = Some(now);
        }
        let plan = send.plans.get(at).cloned();
        if let (Outcome::InTheWay { living: false, .. }, Some(plan)) = (&end.outcome, plan) {
            self.barred.push(plan);
        }
    }

    /// Something that a send had taken has come to an end.
    fn arrived(&mut self, job: JobId, arrived: &Arrived, words: &str, now: Timestamp) {
        let ended = self.ended.as_mut().filter(|send| send.job == job);
        let Some(send) = ended else {
            return;
        };
        let Some(row) = send
            .at
            .get(&arrived.target)
            .and_then(|at| send.rows.get_mut(*at))
        else {
            return;
        };
        row.ended = arrived.end.ended();
        words.clone_into(&mut row.words);
        row.at = Some(now);
        row.followed = true;
    }

    /// The send of a job, if it was the last one that ended.
    fn ended_of(&self, job: JobId) -> Option<&Send> {
        self.ended.as_ref().filter(|send| send.job == job)
    }

    /// A send has come to its end.
    fn end(&mut self, job: JobId) -> Option<Send> {
        let at = self.under_way.iter().position(|send| send.job == job)?;
        let send = self.under_way.remove(at);
        self.ended = Some(send.clone());
        Some(send)
    }
}

impl Send {
    /// How many ended so.
    pub fn count(&self, ended: Ended) -> usize {
        self.rows.iter().filter(|row| row.ended == ended).count()
    }

    /// How many have ended.
    pub fn settled(&self) -> usize {
        self.rows
            .iter()
            .filter(|row| row.at.is_some() && row.ended != Ended::NotSent)
            .count()
    }

    /// `180 done, 12 elsewhere, 8 failed`.
    pub fn summary(&self) -> String {
        let parts: Vec<String> = SUM
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
        for ended in Ended::ALL {
            if self.count(ended) == 0 {
                continue;
            }
            // Into a String, so it cannot fail.
            let _ = writeln!(text, "\n{} {}", self.count(ended), ended.word());
            for row in self.rows.iter().filter(|row| row.ended == ended) {
                let _ = write!(
                    text,
                    "  {} {} <{}>",
                    row.kind.about().word,
                    row.name,
                    row.mail
                );
                if !row.package.is_empty() {
                    let _ = write!(text, ", {}", row.package);
                }
                if (ended != Ended::Done || row.followed) && !row.words.is_empty() {
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
                row.kind.about().word,
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
    let words = escape::cell(words);
    if words.contains(['"', ',', '\r']) {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::{Outcome, Rows};
    use crate::domain::id::RequestId;
    use crate::domain::problem::{Problem, ProblemKind};

    fn send() -> Send {
        let row = |n: usize, name: &str| SendRow {
            target: Target::Request(RequestId::new(&format!("r{n}")).unwrap()),
            kind: ActKind::Deny,
            name: name.into(),
            mail: format!("p{n}@fabrikam.com"),
            package: "Supplier Hub".into(),
            reason: "not ours, \"sorry\"".into(),
            ended: Ended::NotSent,
            words: String::new(),
            at: None,
            followed: false,
        };
        let rows = vec![row(0, "=HYPERLINK(1)"), row(1, "Ada"), row(2, "Grace")];
        Send {
            job: JobId(7),
            from: From::Basket,
            begun: Timestamp::UNIX_EPOCH,
            stopping: false,
            plans: Vec::new(),
            at: rows
                .iter()
                .enumerate()
                .map(|(at, row)| (row.target.clone(), at))
                .collect(),
            rows,
        }
    }

    fn end(outcome: Outcome) -> PlanEnd {
        PlanEnd {
            done: Vec::new(),
            kind: ActKind::Deny,
            outcome,
            left: 0,
            rows: Rows::Leaves,
        }
    }

    #[test]
    fn each_row_ends_once_and_every_form_says_how() {
        let mut sends = Sends {
            under_way: vec![send()],
            ..Sends::default()
        };
        let target = |n: usize| Target::Request(RequestId::new(&format!("r{n}")).unwrap());
        let now = Timestamp::UNIX_EPOCH;
        let done = end(Outcome::Done { found: false });
        sends.settled(JobId(8), &target(0), &done, "done", now);
        let summary = |sends: &Sends| sends.newest().unwrap().summary();
        assert_eq!(summary(&sends), "3 not sent", "another job's is not taken");
        sends.settled(JobId(7), &target(0), &done, "done", now);
        let moot = end(Outcome::Moot {
            why: "was taken back".into(),
            so: false,
        });
        sends.settled(JobId(7), &target(1), &moot, "was taken back", now);
        let stopped = end(Outcome::Failed(Problem::new(
            ProblemKind::Cancelled,
            "Stopped",
            "",
        )));
        sends.settled(JobId(7), &target(2), &stopped, "Stopped", now);
        assert_eq!(summary(&sends), "1 done, 1 elsewhere, 1 not sent");
        assert!(sends.busy() && sends.end(JobId(8)).is_none());
        let send = sends.end(JobId(7)).unwrap();
        assert!(!sends.busy(), "and it can still be read");
        assert_eq!(sends.newest(), Some(&send));
        let text = send.text();
        assert!(
            text.contains("deny Ada <p1@fabrikam.com>, Supplier Hub: was taken back"),
            "{text}"
        );
        let csv = send.csv();
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(
            lines[1],
            "deny,'=HYPERLINK(1),p0@fabrikam.com,Supplier Hub,r0,done,done,\"not ours, \"\"sorry\"\"\",1970-01-01T00:00:00Z"
        );
    }
}
