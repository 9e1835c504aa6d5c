//! How things stand with what an act is about, as Graph's answers show it.

use serde_json::{Value, json};

use crate::domain::guest::{Guest, one_of};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::request::{Request, StageStatus};
use crate::graph::Response;
use crate::graph::approvals::{self, Reviewed};
use crate::graph::requests;
use crate::graph::users::{self, Account};

/// How things stand with what an act is about.
#[derive(Clone, Debug)]
pub enum Look {
    /// A request and its approval's stages. Who may decide need not be allowed to read the request itself.
    Approval(Option<Box<Request>>, Vec<Reviewed>),
    /// An account, if there is one.
    Account(Option<Box<Account>>),
    /// A request alone, if it is there.
    Record(Option<Box<Request>>),
    /// What there is of somebody and a package.
    Assigning {
        /// Their account, if there is one.
        account: Option<Box<Account>>,
        /// Requests for the package since the assigning was asked for.
        made: Vec<Request>,
        /// Whether they have it already.
        held: bool,
    },
}

impl Look {
    /// The account a look shows.
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Account(account) | Self::Assigning { account, .. } => account.as_deref(),
            Self::Approval(..) | Self::Record(_) => None,
        }
    }

    /// Whether an account was looked for.
    pub fn looked_for_account(&self) -> bool {
        match self {
            Self::Account(_) | Self::Assigning { .. } => true,
            Self::Approval(..) | Self::Record(_) => false,
        }
    }

    /// What was seen, as the journal keeps it beside the intent: states, times and ids, nobody's words.
    pub fn record(&self) -> Value {
        match self {
            Self::Approval(request, stages) => {
                let waits = |one: &&Reviewed| one.stage.status == StageStatus::InProgress;
                json!({
                    "state": request.as_ref().map(|request| request.state.as_str()),
                    "stage": stages.iter().find(waits).map(|one| &one.stage.id),
                })
            }
            Self::Account(account) => match account {
                None => json!({ "account": false }),
                Some(account) => json!({
                    "account": true,
                    "enabled": account.guest.enabled,
                    "sessionsFrom": account.sessions_from,
                }),
            },
            Self::Record(request) => json!({
                "state": request.as_ref().map(|request| request.state.as_str()),
                "completed": request.as_ref().and_then(|request| request.completed),
            }),
            Self::Assigning {
                account,
                made,
                held,
            } => json!({
                "account": account.is_some(),
                "made": made.len(),
                "held": held,
            }),
        }
    }
}

/// The answers to an act's reads, taken off one after another.
pub struct Reads<'a>(pub &'a mut dyn Iterator<Item = Result<Response, Problem>>);

impl Reads<'_> {
    /// The next answer.
    ///
    /// # Errors
    /// It could not be read, or was left out.
    pub fn answer(&mut self) -> Result<Response, Problem> {
        self.0.next().unwrap_or_else(|| {
            Err(Problem::new(
                ProblemKind::NotGraph,
                "Graph left an answer out",
                "Refresh and look again",
            ))
        })
    }

    /// The account of the next answer, to a read of one.
    ///
    /// # Errors
    /// It could not be read.
    pub fn account(&mut self) -> Result<Option<Box<Account>>, Problem> {
        let read = self
            .answer()
            .and_then(|answer| users::read_account(&answer));
        Ok(there(read)?.map(Box::new))
    }

    /// An account of the next answer, to a read by address, whichever: that somebody has it is all that counts.
    ///
    /// # Errors
    /// It could not be read.
    pub fn anybody_with(&mut self, mail: &str) -> Result<Option<Box<Account>>, Problem> {
        let found = users::read_accounts(&self.answer()?, mail)?;
        Ok(found.into_iter().next().map(Box::new))
    }

    /// The account of the next answer, to a read by address.
    ///
    /// # Errors
    /// It could not be read, or more than one has the address.
    pub fn account_by(&mut self, mail: &str) -> Result<Option<Box<Account>>, Problem> {
        let mut found = users::read_accounts(&self.answer()?, mail)?;
        let guests: Vec<Guest> = found.iter().map(|one| one.guest.clone()).collect();
        one_of(mail, &guests)
            .map_err(|several| Problem::new(ProblemKind::Refused, several, "Nothing was sent"))?;
        Ok(found.pop().map(Box::new))
    }

    /// The request of the next answer.
    ///
    /// # Errors
    /// It could not be read.
    pub fn request(&mut self) -> Result<Option<Box<Request>>, Problem> {
        let read = self.answer().and_then(|answer| requests::read(&answer));
        Ok(there(read)?.map(Box::new))
    }

    /// A request and its stages, from the next two answers. Both are taken, also where the first went wrong.
    ///
    /// # Errors
    /// One of them could not be read, for another reason than that it is not to be seen.
    pub fn approval(&mut self) -> Result<Look, Problem> {
        let request = self.answer().and_then(|answer| requests::read(&answer));
        let stages = self.answer().and_then(|answer| approvals::read(&answer));
        let request = match request {
            Ok(request) => Some(Box::new(request)),
            Err(problem)
                if matches!(
                    problem.kind,
                    ProblemKind::NotFound | ProblemKind::NotPermitted
                ) =>
            {
                None
            }
            Err(problem) => return Err(problem),
        };
        Ok(Look::Approval(request, there(stages)?.unwrap_or_default()))
    }
}

/// Nothing, where Graph knows of nothing.
fn there<T>(read: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(problem) if problem.kind == ProblemKind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}
