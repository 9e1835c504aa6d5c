//! The basket in the state folder: one file a tenant and account, written whole. It holds ids, verdicts and reasons,
//! no names and no addresses.
//!
//! A console holds a lock beside it for as long as it runs, which ends with the process however that ends. A second
//! console of the same person neither offers nor overwrites what the first has in hand.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::protocol::Answer;
use super::work::Work;
use crate::acts::kept::{Kept, KeptDecision, Seen};
use crate::acts::{ActKind, Target};
use crate::domain::id::{RequestId, StageId, UserId};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::private::{self, Refused};

/// The most that is read: some ten thousand decisions.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The form the file is written in.
const FORM: u32 = 1;

/// The kept basket of one person in one tenant, in hand.
pub(super) struct KeptBasketFile {
    path: PathBuf,
    tenant: String,
    account: String,
    /// What was written or found is more than nothing.
    filled: bool,
    /// Held, not used.
    _lock: File,
}

impl Work {
    /// Takes the basket of whoever is signed in in hand, and says what is in it.
    pub(super) async fn kept(&self) -> Result<(), Problem> {
        let session = self.session().await?.clone();
        let folder = self.shared.ledger.borrow().folder().map(Path::to_owned);
        let folder = folder.ok_or_else(no_folder)?;
        let (file, kept) = KeptBasketFile::open(&folder, &session, self)?;
        *self.shared.kept_basket.borrow_mut() = Some(file);
        self.reply(Answer::Kept(kept));
        Ok(())
    }

    /// Writes what somebody wants to have as a file into a folder of their own in the state folder, under a name
    /// that is free.
    pub(super) fn save(&self, name: &str, contents: &str) -> Result<(), Problem> {
        let folder = self.shared.ledger.borrow().folder().map(Path::to_owned);
        let folder = folder.ok_or_else(no_folder)?.join("exports");
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
        let mut path = folder.join(name);
        for number in 2..=99 {
            if !path.exists() {
                break;
            }
            path = folder.join(format!("{stem}-{number}.{ending}"));
        }
        private::create(&path, contents.as_bytes()).map_err(problem)?;
        self.reply(Answer::Saved(path));
        Ok(())
    }

    /// Writes the basket.
    pub(super) fn keep(&self, kept: &Kept) -> Result<(), Problem> {
        match &mut *self.shared.kept_basket.borrow_mut() {
            Some(file) => file.write(kept).map_err(problem),
            None => Ok(()),
        }
    }
}

impl KeptBasketFile {
    fn open(
        folder: &Path,
        session: &Session,
        work: &Work,
    ) -> Result<(Self, Option<Kept>), Problem> {
        let (tenant, account) = (session.tenant.to_string(), session.me.to_string());
        let name = name(&tenant, &account);
        let lock = private::to_lock(&folder.join(format!("{name}.lock"))).map_err(problem)?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Problem::new(
                ProblemKind::Local,
                "Another console of yours has the basket in hand",
                "End that one first if its decisions are wanted here",
            ));
        }
        let mut file = Self {
            path: folder.join(format!("{name}.json")),
            tenant,
            account,
            filled: false,
            _lock: lock,
        };
        let kept = match private::load(&file.path, LARGEST).map_err(problem)? {
            None => None,
            Some(bytes) => {
                file.filled = true;
                let kept = file.read(&bytes);
                if kept.is_none() {
                    // Not overwritten: somebody may still make sense of it.
                    let aside = file.path.with_extension("unreadable");
                    let _ = std::fs::rename(&file.path, &aside);
                    work.note(format!(
                        "The basket of an earlier session cannot be read; it is at {} now",
                        aside.display()
                    ));
                }
                kept
            }
        };
        Ok((file, kept))
    }

    fn read(&self, bytes: &[u8]) -> Option<Kept> {
        let wire: KeptBasketWire = serde_json::from_slice(bytes).ok()?;
        let ours = wire.form == FORM && wire.tenant == self.tenant && wire.account == self.account;
        let decisions: Option<Vec<KeptDecision>> = wire
            .decisions
            .into_iter()
            .map(KeptDecisionWire::read)
            .collect();
        let decisions = decisions?;
        let mut reasons = BTreeMap::new();
        if !wire.reason.is_empty() {
            let for_all = Text::new(&wire.reason).to_string();
            let kinds = decisions.iter().map(|decision| decision.kind);
            reasons.extend(kinds.map(|kind| (kind, for_all.clone())));
        }
        for (word, reason) in &wire.reasons {
            reasons.insert(ActKind::by_word(word)?, Text::new(reason).to_string());
        }
        ours.then_some(Kept {
            saved: wire.saved,
            reasons,
            decisions,
        })
    }

    /// Writes it whole. A basket that is empty leaves no file.
    fn write(&mut self, kept: &Kept) -> Result<(), Refused> {
        if kept.decisions.is_empty() {
            if std::mem::take(&mut self.filled) {
                let _ = std::fs::remove_file(&self.path);
            }
            return Ok(());
        }
        let wire = KeptBasketWire {
            form: FORM,
            tenant: self.tenant.clone(),
            account: self.account.clone(),
            saved: kept.saved,
            reason: String::new(),
            reasons: kept
                .reasons
                .iter()
                .map(|(kind, reason)| (kind.about().word.to_owned(), reason.clone()))
                .collect(),
            decisions: kept.decisions.iter().map(KeptDecisionWire::of).collect(),
        };
        let bytes = serde_json::to_vec(&wire).map_err(|error| Refused::Io {
            doing: "write",
            path: self.path.clone(),
            source: error.into(),
        })?;
        self.filled = true;
        private::save(&self.path, &bytes)
    }
}

/// The file's name: it does not tell whose it is.
fn name(tenant: &str, account: &str) -> String {
    use std::fmt::Write as _;
    let sum = Sha256::digest(format!("{tenant}\n{account}"));
    sum.iter()
        .take(8)
        .fold(String::from("basket-"), |mut name, byte| {
            // Into a String, so it cannot fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
}

fn no_folder() -> Problem {
    Problem::new(
        ProblemKind::Local,
        "There is no state folder",
        "Set GUESTLIST_STATE_DIR to a folder of yours",
    )
}

fn problem(refused: Refused) -> Problem {
    let (what, remedy) = match refused {
        Refused::TooOpen { path, mode, wanted } => (
            format!(
                "{} can be reached by others (mode {mode:o})",
                path.display()
            ),
            format!("Run chmod {wanted:o} '{}' and start again", path.display()),
        ),
        Refused::NotOurs(path) => (
            format!("{} is not a file of yours", path.display()),
            "Move it away and start again".into(),
        ),
        Refused::Io {
            doing,
            path,
            source,
        } => (
            format!("Cannot {doing} {} ({source})", path.display()),
            "Check the state folder and its disk".into(),
        ),
    };
    Problem::new(ProblemKind::Local, what, remedy)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptBasketWire {
    form: u32,
    tenant: String,
    account: String,
    saved: Timestamp,
    /// One for all verdicts, as it was written before each had its own; read, and not written any more.
    #[serde(default, skip_serializing)]
    reason: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    reasons: BTreeMap<String, String>,
    decisions: Vec<KeptDecisionWire>,
}

/// A decision in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptDecisionWire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guest: Option<UserId>,
    verdict: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stage: Option<StageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    left_out: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<SeenLine>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenLine {
    stage: String,
    answers: u64,
    signals: Vec<String>,
    standing: String,
}

impl KeptDecisionWire {
    fn of(kept: &KeptDecision) -> Self {
        let (request, guest) = match &kept.target {
            Target::Request(id) => (Some(id.clone()), None),
            Target::Guest(id) => (None, Some(id.clone())),
            Target::Address(_) | Target::Assignment(_) => (None, None),
        };
        Self {
            request,
            guest,
            verdict: kept.kind.about().word.to_owned(),
            reason: kept.reason.clone(),
            stage: kept.stage.clone(),
            rule: kept.rule.as_ref().map(ToString::to_string),
            left_out: kept.left_out,
            seen: kept.seen.as_ref().map(|seen| SeenLine {
                stage: seen.stage.clone(),
                answers: seen.answers,
                signals: seen.signals.clone(),
                standing: seen.standing.clone(),
            }),
        }
    }

    fn read(self) -> Option<KeptDecision> {
        let target = match (self.request, self.guest) {
            (Some(id), None) => Target::Request(id),
            (None, Some(id)) => Target::Guest(id),
            _ => return None,
        };
        let clean = |words: String| Text::new(&words).to_string();
        Some(KeptDecision {
            target,
            kind: ActKind::by_word(&self.verdict).filter(|kind| kind.about().staged)?,
            reason: self.reason.map(clean),
            stage: self.stage,
            rule: self.rule.as_deref().map(Text::new),
            left_out: self.left_out,
            seen: self.seen.map(|seen| Seen {
                stage: clean(seen.stage),
                answers: seen.answers,
                signals: seen.signals.into_iter().map(clean).collect(),
                standing: clean(seen.standing),
            }),
        })
    }
}
