//! The journal as the worker uses it: an intent before, an outcome after, and what is still open.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::acts::{Act, ActKind, Arrival, BegunPlan, Ended, Outcome, Plan, Stored};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::journal::{
    self, Bookmark, Journal, JournalEntry, JournalError, OutcomeWord, PlanStep, Record, RecordKind,
    RunLock, Settlement, Warning,
};

/// How many records are kept at hand, so that showing the newest does not read the whole file each time.
const AT_HAND: usize = 5_000;

/// What is about to be sent.
pub(super) struct Intent<'a> {
    pub(super) act: &'a Act,
    /// Whom it is about.
    pub(super) name: &'a Text,
    pub(super) reason: &'a str,
    /// What was seen before.
    pub(super) before: &'a Value,
    /// Where it stands in its plan.
    pub(super) place: PlanStep,
    /// Its `client-request-id`.
    pub(super) id: Uuid,
}

/// Which outcomes are written.
#[derive(Clone, Copy)]
pub(super) enum Settles {
    /// Of what this run has sent: all of them.
    Sent,
    /// Of what was read back: those of intents that no other run has settled meanwhile.
    StillOpen,
}

/// An intent that has not ended, or of which nobody knows how.
pub(super) struct Unsettled {
    /// The act; `None` for one that this version does not know.
    pub(super) act: Option<Act>,
    /// Its record.
    pub(super) intent: Record,
    /// It has no outcome at all.
    pub(super) begun_only: bool,
    /// Another run that lives now is at it.
    pub(super) living: bool,
}

/// An act that Graph has taken, and of which it is not known where it has led.
pub(super) struct TakenAct {
    pub(super) act: Act,
    /// Its record.
    pub(super) intent: Record,
    /// The id of what it leads to.
    pub(super) follows: String,
    /// Another run that lives now has sent it, and follows it.
    pub(super) living: bool,
}

/// The journal.
pub(super) struct Ledger {
    journal: Option<Journal>,
    /// Says that this run lives, from its first intent on.
    run: Option<RunLock>,
    recent: Vec<Record>,
    place: Bookmark,
    warnings: Vec<String>,
}

impl Ledger {
    /// Works on a journal that was opened; without one nothing can be written to Graph.
    pub(super) fn new(opened: Option<(Journal, Vec<Warning>)>) -> Self {
        let (journal, warnings) = opened.map_or((None, Vec::new()), |(j, w)| (Some(j), w));
        Self {
            journal,
            run: None,
            recent: Vec::new(),
            place: Bookmark::default(),
            warnings: warnings.iter().map(ToString::to_string).collect(),
        }
    }

    /// The state folder: where the journal is.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.journal.as_ref()?.path().parent()
    }

    /// The id of this run; empty before its first intent.
    fn run(&self) -> &str {
        self.run.as_ref().map_or("", RunLock::id)
    }

    /// Writes intents. When this returns they are on the disk and the acts may be sent.
    pub(super) fn intend(
        &mut self,
        now: Timestamp,
        session: &Session,
        intents: &[Intent<'_>],
    ) -> Result<Vec<Record>, Problem> {
        if self.run.is_none() {
            let folder = self.folder().ok_or_else(none)?;
            self.run = Some(RunLock::take(folder).map_err(|error| problem(&error))?);
        }
        let entries: Vec<JournalEntry> = intents
            .iter()
            .map(|intent| JournalEntry {
                tenant: session.tenant.to_string(),
                actor: session.me.to_string(),
                actor_name: session.my_upn.to_string(),
                act: intent.act.about().word.into(),
                form: intent.act.rules().form(),
                before: Some(intent.before.clone()),
                target: intent.act.target().as_str().into(),
                target_name: intent.name.to_string(),
                reason: Some(intent.reason.to_owned()).filter(|reason| !reason.is_empty()),
                client_request_id: intent.id.to_string(),
                run: self.run().to_owned(),
                plan: Some(intent.place.clone()),
            })
            .collect();
        let journal = self.journal.as_mut().ok_or_else(none)?;
        journal
            .append_intents(&entries, now)
            .map_err(|error| problem(&error))
    }

    /// Writes outcomes.
    pub(super) fn settle(
        &mut self,
        now: Timestamp,
        mut outcomes: Vec<(Record, Settlement)>,
        whose: Settles,
    ) -> Result<(), Problem> {
        if outcomes.is_empty() {
            return Ok(());
        }
        for (_, settlement) in &mut outcomes {
            self.run().clone_into(&mut settlement.run);
        }
        let journal = self.journal.as_mut().ok_or_else(none)?;
        let written = match whose {
            Settles::Sent => journal.append_outcomes(&outcomes, now).map(drop),
            Settles::StillOpen => journal.append_outcomes_of_open(&outcomes, now).map(drop),
        };
        written.map_err(|error| problem(&error))
    }

    /// What was begun in this tenant and is not known to have ended, by whoever it was.
    pub(super) fn unsettled(&self, session: &Session) -> Result<Vec<Unsettled>, Problem> {
        let Some(folder) = self.folder() else {
            return Ok(Vec::new());
        };
        let mut living: HashMap<String, bool> = HashMap::new();
        loop {
            let records = self.records(session)?;
            let open = journal::open(&records);
            let known = living.len();
            for one in open.iter().filter(|one| one.begun_only) {
                let run = one.record.run.as_str();
                living
                    .entry(run.to_owned())
                    .or_insert_with(|| run != self.run() && RunLock::lives(folder, run));
            }
            // A run that has ended since the journal was read may have written how its acts ended before it did: only
            // what is read after it is known to be gone is left by it.
            if living.len() > known && living.values().any(|lives| !lives) {
                continue;
            }
            let open = open.into_iter();
            return Ok(open
                .map(|open| Unsettled {
                    act: act(open.record),
                    begun_only: open.begun_only,
                    living: open.begun_only
                        && living.get(&open.record.run).is_some_and(|lives| *lives),
                    intent: open.record.clone(),
                })
                .collect());
        }
    }

    /// What Graph has taken in this tenant and is not known to have arrived, by whoever it was.
    pub(super) fn taken(&self, session: &Session) -> Result<Vec<TakenAct>, Problem> {
        let Some(folder) = self.folder() else {
            return Ok(Vec::new());
        };
        let records = self.records(session)?;
        let lives = |run: &str| run != self.run() && RunLock::lives(folder, run);
        let taken = journal::taken(&records).into_iter().filter_map(|taken| {
            Some(TakenAct {
                act: act(taken.record)?,
                living: lives(&taken.record.run),
                follows: taken.follows.to_owned(),
                intent: taken.record.clone(),
            })
        });
        Ok(taken.collect())
    }

    /// Plans of this person in this tenant that have done their first steps and not their last, as long as nothing
    /// else was done to their target since. The newest last.
    pub(super) fn half_done(&self, session: &Session) -> Result<Vec<Plan>, Problem> {
        let records = self.records(session)?;
        let mut ended: HashMap<u64, OutcomeWord> = HashMap::new();
        for record in &records {
            if let (RecordKind::Outcome, Some(intent), Some(word)) =
                (record.kind, record.intent, record.outcome)
            {
                ended.insert(intent, word);
            }
        }
        // Of each target the last intent decides: whatever came after a plan has overtaken it.
        let mut last: HashMap<&str, &Record> = HashMap::new();
        for record in records.iter().filter(|one| one.kind == RecordKind::Intent) {
            last.insert(&record.target, record);
        }
        let mut half: Vec<(u64, Plan)> = Vec::new();
        for record in last.into_values() {
            let ours = record.actor == session.me.as_str();
            let (Some(place), Some(word), true) = (&record.plan, ended.get(&record.seq), ours)
            else {
                continue;
            };
            let mut steps: Vec<Option<Act>> =
                place.rest.iter().map(|one| stored(one, record)).collect();
            let done = match word {
                OutcomeWord::Done | OutcomeWord::Accepted | OutcomeWord::Partly => true,
                OutcomeWord::Failed | OutcomeWord::NotSent if place.step > 1 => {
                    steps.insert(0, act(record));
                    false
                }
                // The row was settled by somebody else, or nobody knows.
                OutcomeWord::Failed
                | OutcomeWord::NotSent
                | OutcomeWord::Unknown
                | OutcomeWord::Conflict
                | OutcomeWord::Superseded
                | OutcomeWord::Unrecognised => continue,
            };
            // One that this version does not know is not gone on with by it.
            let Some(steps) = steps.into_iter().collect::<Option<Vec<Act>>>() else {
                continue;
            };
            if steps.is_empty() {
                continue;
            }
            let of_plan = records.iter().filter(|one| {
                let same = one.plan.as_ref().map(|place| &place.plan) == Some(&place.plan);
                let before = one.seq < record.seq || (done && one.seq == record.seq);
                one.kind == RecordKind::Intent
                    && same
                    && before
                    && ended.get(&one.seq) == Some(&OutcomeWord::Done)
            });
            let plan = Plan {
                steps,
                reason: record.reason.clone().unwrap_or_default(),
                name: Text::new(&record.target_name),
                begun: Some(BegunPlan {
                    id: place.plan.clone(),
                    done: of_plan
                        .filter_map(|one| ActKind::by_word(&one.act))
                        .collect(),
                    at: record.time,
                }),
            };
            half.push((record.seq, plan));
        }
        half.sort_by_key(|(seq, _)| *seq);
        Ok(half.into_iter().map(|(_, plan)| plan).collect())
    }

    /// All records of a tenant.
    fn records(&self, session: &Session) -> Result<Vec<Record>, Problem> {
        let Some(journal) = &self.journal else {
            return Ok(Vec::new());
        };
        let mut records = journal.read_all().map_err(|error| problem(&error))?.records;
        records.retain(|record| record.tenant == session.tenant.as_str());
        Ok(records)
    }

    /// The newest records, oldest first, and what was odd about the file.
    pub(super) fn newest(&mut self, n: usize) -> Result<(Vec<Record>, Vec<String>), Problem> {
        let Some(journal) = &mut self.journal else {
            return Ok((Vec::new(), self.warnings.clone()));
        };
        if n > AT_HAND {
            // More than is at hand: read afresh.
            self.recent.clear();
            self.place = Bookmark::default();
        }
        let reading = journal
            .read_from(self.place)
            .map_err(|error| problem(&error))?;
        self.place = reading.next;
        if reading.restarted {
            self.recent.clear();
        }
        self.recent.extend(reading.records);
        self.warnings
            .extend(reading.damage.iter().map(ToString::to_string));
        self.warnings
            .extend(journal.take_warnings().iter().map(ToString::to_string));
        let newest = self.recent[self.recent.len().saturating_sub(n)..].to_vec();
        let surplus = self.recent.len().saturating_sub(AT_HAND);
        self.recent.drain(..surplus);
        Ok((newest, self.warnings.clone()))
    }
}

/// What an outcome is called in the journal.
pub(super) fn settlement(outcome: &Outcome, request_id: Option<String>) -> Settlement {
    let (word, detail) = match outcome {
        Outcome::Done { found: false } => (OutcomeWord::Done, String::new()),
        Outcome::Done { found: true } => (OutcomeWord::Done, "found by reading back".into()),
        Outcome::Invited(invited) if invited.mailed => {
            (OutcomeWord::Done, "Graph sent the mail".into())
        }
        Outcome::Invited(_) => (OutcomeWord::Done, "no mail was sent".into()),
        Outcome::Accepted(taken) => (OutcomeWord::Accepted, taken.words()),
        Outcome::Arrived(arrival, way) => {
            let word = match (arrival.ended(*way), &**arrival) {
                (Ended::Done, _) => OutcomeWord::Done,
                (_, Arrival::Partly { .. }) => OutcomeWord::Partly,
                (Ended::UnderWay, _) => OutcomeWord::Accepted,
                (Ended::Elsewhere, _) => OutcomeWord::Conflict,
                (Ended::NotSent | Ended::HalfDone | Ended::NotDelivered | Ended::Failed, _) => {
                    OutcomeWord::Failed
                }
            };
            (word, arrival.words(*way))
        }
        Outcome::Already { result, by, .. } => (
            OutcomeWord::Conflict,
            format!(
                "already {} by {}",
                result.as_str().to_lowercase(),
                by.or("somebody")
            ),
        ),
        Outcome::NotYours { stage } => (
            OutcomeWord::Failed,
            format!("stage {stage} waits for others"),
        ),
        Outcome::Moot { why, .. } => (OutcomeWord::Conflict, why.clone()),
        Outcome::Changed { what } => (OutcomeWord::NotSent, what.clone()),
        Outcome::InTheWay { act, .. } => (
            OutcomeWord::NotSent,
            format!("an earlier {act} of it is open"),
        ),
        Outcome::Failed(problem) => (
            match problem.kind {
                // Had it been sent, the outcome would be unknown or read back.
                ProblemKind::Cancelled | ProblemKind::Unreachable | ProblemKind::Local => {
                    OutcomeWord::NotSent
                }
                ProblemKind::SignIn
                | ProblemKind::NotPermitted
                | ProblemKind::NotFound
                | ProblemKind::Conflict
                | ProblemKind::Throttled
                | ProblemKind::NotGraph
                | ProblemKind::Service
                | ProblemKind::Refused => OutcomeWord::Failed,
            },
            problem.what.clone(),
        ),
        Outcome::Unknown(problem) => (OutcomeWord::Unknown, problem.what.clone()),
    };
    let (of_problem, follows) = match outcome {
        Outcome::Failed(problem) | Outcome::Unknown(problem) => (problem.request_id.clone(), None),
        Outcome::Accepted(taken) => (None, Some(taken.request.to_string())),
        Outcome::Done { .. }
        | Outcome::Invited(_)
        | Outcome::Arrived(..)
        | Outcome::Already { .. }
        | Outcome::NotYours { .. }
        | Outcome::Changed { .. }
        | Outcome::Moot { .. }
        | Outcome::InTheWay { .. } => (None, None),
    };
    Settlement {
        outcome: word,
        detail,
        request_id: request_id.or(of_problem),
        run: String::new(),
        follows,
    }
}

/// The act of a record; `None` for one that this version does not know, or that cannot be read back.
fn act(record: &Record) -> Option<Act> {
    read(&record.act, &record.form, record)
}

/// A step that was to follow a record.
fn stored(step: &Value, record: &Record) -> Option<Act> {
    let form = step.get("form")?.as_object()?;
    read(step.get("act")?.as_str()?, form, record)
}

fn read(word: &str, form: &Map<String, Value>, record: &Record) -> Option<Act> {
    let stored = Stored {
        form,
        target: &record.target,
        at: record.time,
    };
    (ActKind::by_word(word)?.about().read)(&stored)
}

fn none() -> Problem {
    Problem::new(
        ProblemKind::Local,
        "There is no journal, and nothing is sent without one",
        "Set GUESTLIST_STATE_DIR to a folder of yours",
    )
}

/// The journal's own words say what to do.
fn problem(error: &JournalError) -> Problem {
    let words = error.to_string();
    let mut letters = words.chars();
    let what = letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str());
    Problem::new(ProblemKind::Local, what.unwrap_or_default(), "")
}
