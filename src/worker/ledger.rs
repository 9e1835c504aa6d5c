//! The journal as the worker uses it: an intent before, an outcome after, and what is still open.

use std::path::Path;

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::act::{Act, Deed, Outcome};
use crate::domain::assignment::Assignment;
use crate::domain::id::{RequestId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::journal::{
    self, Bookmark, Journal, JournalEntry, JournalError, OutcomeWord, Record, Settlement, Warning,
};

/// How many records are kept at hand, so that showing the newest does not read the whole file each time.
const AT_HAND: usize = 5_000;

/// What is about to be sent, under which `client-request-id`.
pub(super) struct Intent<'a> {
    pub(super) act: &'a Act,
    pub(super) id: Uuid,
}

/// An intent of an earlier run that has not ended, or of which nobody knows how.
pub(super) struct Unsettled {
    pub(super) act: Act,
    /// Its record.
    pub(super) intent: Record,
    /// No outcome at all: another console on this machine may be at it right now.
    pub(super) begun_only: bool,
}

/// The journal.
pub(super) struct Ledger {
    journal: Option<Journal>,
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
            recent: Vec::new(),
            place: Bookmark::default(),
            warnings: warnings.iter().map(ToString::to_string).collect(),
        }
    }

    /// The state folder: where the journal is.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.journal.as_ref()?.path().parent()
    }

    /// Writes intents. When this returns they are on the disk and the acts may be sent.
    pub(super) fn intend(
        &mut self,
        now: Timestamp,
        session: &Session,
        intents: &[Intent<'_>],
    ) -> Result<Vec<Record>, Problem> {
        let acts: Vec<JournalEntry> = intents
            .iter()
            .map(|Intent { act, id }| JournalEntry {
                tenant: session.tenant.to_string(),
                actor: session.me.to_string(),
                actor_name: session.my_upn.to_string(),
                act: act.deed.word().into(),
                target: act.deed.target().as_str().into(),
                target_name: act.name.to_string(),
                reason: Some(act.reason.clone()).filter(|reason| !reason.is_empty()),
                client_request_id: id.to_string(),
                ..JournalEntry::default()
            })
            .collect();
        let journal = self.journal.as_mut().ok_or_else(none)?;
        journal
            .append_intents(&acts, now)
            .map_err(|error| problem(&error))
    }

    /// Writes outcomes.
    pub(super) fn settle(
        &mut self,
        now: Timestamp,
        outcomes: &[(Record, Settlement)],
    ) -> Result<(), Problem> {
        let journal = self.journal.as_mut().ok_or_else(none)?;
        journal
            .append_outcomes(outcomes, now)
            .map_err(|error| problem(&error))?;
        Ok(())
    }

    /// What was begun in this tenant, by this person, and is not known to have ended.
    pub(super) fn unsettled(&self, session: &Session) -> Result<Vec<Unsettled>, Problem> {
        let Some(journal) = &self.journal else {
            return Ok(Vec::new());
        };
        let records = journal.read_all().map_err(|error| problem(&error))?.records;
        let ours = |record: &Record| {
            record.tenant == session.tenant.as_str() && record.actor == session.me.as_str()
        };
        Ok(journal::open(&records)
            .into_iter()
            .filter(|open| ours(open.record))
            .filter_map(|open| {
                Some(Unsettled {
                    act: act(open.record)?,
                    intent: open.record.clone(),
                    begun_only: open.begun_only,
                })
            })
            .collect())
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
    use OutcomeWord as Word;
    let (word, detail) = match outcome {
        Outcome::Done { found: false } => (Word::Done, String::new()),
        Outcome::Done { found: true } => (Word::Done, "found by reading back".into()),
        Outcome::Invited(invited) if invited.mailed => (Word::Done, "Graph sent the mail".into()),
        Outcome::Invited(_) => (Word::Done, "no mail was sent".into()),
        Outcome::Already { result, by, .. } => (
            Word::Conflict,
            format!(
                "already {} by {}",
                result.as_str().to_lowercase(),
                by.or("somebody")
            ),
        ),
        Outcome::NotYours { stage } => (Word::Failed, format!("stage {stage} waits for others")),
        Outcome::Moot(why) => (Word::Conflict, why.clone()),
        Outcome::Failed(problem) => (
            match problem.kind {
                // Had it been sent, the outcome would be unknown or read back.
                ProblemKind::Cancelled | ProblemKind::Unreachable | ProblemKind::Local => {
                    Word::NotSent
                }
                _ => Word::Failed,
            },
            problem.what.clone(),
        ),
        Outcome::Unknown(problem) => (Word::Unknown, problem.what.clone()),
    };
    let of_problem = match outcome {
        Outcome::Failed(problem) | Outcome::Unknown(problem) => problem.request_id.clone(),
        _ => None,
    };
    Settlement {
        outcome: word,
        detail,
        request_id: request_id.or(of_problem),
        run: String::new(),
    }
}

/// The act of a record; `None` for one that cannot be read back.
fn act(record: &Record) -> Option<Act> {
    let user = || UserId::new(&record.target).ok();
    let request = || RequestId::new(&record.target).ok();
    let decide = |approve| {
        Some(Deed::Decide {
            request: request()?,
            approve,
            stage: None,
        })
    };
    let deed = match record.act.as_str() {
        "approve" => decide(true)?,
        "deny" => decide(false)?,
        "block" => Deed::Block(user()?),
        "unblock" => Deed::Unblock(user()?),
        "delete" => Deed::Delete(user()?),
        "restore" => Deed::Restore(user()?),
        "invite" => Deed::Invite(Box::new(Invitation {
            mail: record.target.clone(),
            ..Invitation::default()
        })),
        "cancel" => Deed::Cancel(request()?),
        "reprocess" => Deed::Reprocess(request()?),
        "remove" => Deed::Remove(request()?),
        "assign" => {
            let assignment = Assignment::from_key(&record.target, record.time)?;
            Deed::Assign(Box::new(assignment))
        }
        _ => return None,
    };
    Some(Act {
        deed,
        reason: record.reason.clone().unwrap_or_default(),
        name: Text::new(&record.target_name),
    })
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
