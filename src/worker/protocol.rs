//! What is said between the console (or a plain command) and the worker: [`Job`]s in, [`Reply`]s out.
//!
//! Plain data, so that `app` can speak it without knowing a network, a thread or a clock.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::acts::kept::Kept;
use crate::acts::{Act, Outcome, Plan, PlanEnd, Target};
use crate::domain::access::{Held, Incompatible};
use crate::domain::account_class::AccountClass;
use crate::domain::border::Borders;
use crate::domain::capability::Capabilities;
use crate::domain::guest::{Guest, GuestDetail};
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::package::{Organization, Package};
use crate::domain::person::Person;
use crate::domain::policy::Policy;
use crate::domain::problem::Problem;
use crate::domain::request::{Request, Stage};
use crate::domain::tenant::Session;
use crate::domain::text::Text;
use crate::journal::Record;
use crate::signin::Way;

/// Names one job for as long as the program runs. For a list, the id of the newest load is its generation:
/// replies to an older one are stale and dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// Something the worker is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Comes back in each reply.
    pub id: JobId,
    /// What is asked.
    pub ask: Ask,
    /// Nobody waits for it: Graph may throttle it first.
    pub background: bool,
}

impl Job {
    /// A job that somebody waits for.
    pub fn new(id: JobId, ask: Ask) -> Self {
        Self {
            id,
            ask,
            background: false,
        }
    }
}

/// What the worker can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Who am I, where, under which domains. Answered by [`Answer::Session`].
    Session,
    /// What may I do here: a cheap read of each area, the licences, the token's own words.
    /// [`Answer::Capabilities`].
    Capabilities,
    /// All pending requests with their stages: [`Answer::Requests`] pages, then [`Answer::Stages`].
    Requests,
    /// Requests that were denied before, for the history: [`Answer::Past`] pages.
    Past,
    /// Requests beyond those that wait, for a view of them: [`Answer::Beyond`] pages, and [`Answer::Bounded`]
    /// where there are more than are read.
    Beyond(Beyond),
    /// The stages of these requests, now: [`Answer::Stages`].
    Stages(Vec<RequestId>),
    /// These requests are on the screen: a load of pending ones that is under way reads their stages first. Nothing
    /// is answered.
    RowsInSight(Vec<RequestId>),
    /// Some requests by their ids, in whatever state they are: [`Answer::Records`], without stages and policies.
    Records(Vec<RequestId>),
    /// Some requests by their ids, in whatever state they are: [`Answer::Requests`] with what belongs to them, then
    /// [`Answer::Stages`]; before that what is wanted beside them. In as few calls as that takes.
    Chosen {
        /// Which.
        requests: Vec<RequestId>,
        /// What is wanted beside them.
        beside: Beside,
    },
    /// Policies, packages and connected organizations: one answer each.
    Policies,
    /// Whom the tenant lets in at all: [`Answer::Borders`]. What this sign-in may not read stays unknown.
    Borders,
    /// The accounts these are, or have, whosever they are: [`Answer::Accounts`]. What cannot be read stays unknown.
    Accounts(Vec<AccountKey>),
    /// Which directory roles these accounts have: [`Answer::Roles`].
    Roles(Vec<UserId>),
    /// What these people hold and held: [`Answer::Held`]. Of those in the second list the groups too.
    Held(Vec<UserId>, BTreeSet<UserId>),
    /// What must not be held together with these packages: [`Answer::Incompatible`].
    Incompatible(Vec<PackageId>),
    /// What went before: [`Answer::Before`], [`Answer::BeforeOf`], [`Answer::Verdicts`].
    Before(Earlier),
    /// All guests, page by page: [`Answer::Guests`]. Without their sign-ins, which would double the calls.
    Guests(Whose),
    /// When each guest last signed in: [`Answer::SignIns`]. To be asked once the guests are there; who may not
    /// see it gets an [`Answer::Note`].
    SignIns,
    /// Memberships, apps and sponsors of one guest: [`Answer::GuestDetail`].
    GuestDetail(UserId),
    /// Which accounts have this address, or this id? [`Answer::Found`].
    LookUp(String),
    /// Write: each plan's acts are journalled, sent and settled, and answered by [`Answer::Settled`] as it ends;
    /// [`Answer::Progress`] in between.
    Send {
        /// What is to be written.
        plans: Vec<Plan>,
        /// Also where an earlier write to the same target is open, though it may be done twice then.
        again: bool,
    },
    /// Read back what the journal holds as begun and not settled, of an earlier run; then [`Answer::HalfDone`].
    Settle,
    /// Which plans of earlier runs are half done: [`Answer::HalfDone`].
    HalfDone,
    /// Follow what Graph has only taken to its end: [`Answer::Arrived`] for each. It is read, and written into the
    /// journal; nothing is sent.
    Follow(Following),
    /// Look at what acts are about, and send nothing: [`Answer::Looked`].
    Look(Vec<Act>),
    /// Take the basket of whoever is signed in here in hand, and say what an earlier run left in it:
    /// [`Answer::Kept`]. Fails where another console has it in hand, or nothing can be kept.
    Kept,
    /// Write the basket, whole. Done before any later job is begun. Only after [`Ask::Kept`] has been answered.
    Keep(Kept),
    /// Write a file for its owner alone: [`Answer::Saved`].
    Save {
        /// Its name, without a folder.
        name: String,
        /// What is in it.
        contents: String,
    },
    /// The journal's records, the newest `n`: [`Answer::Journal`].
    Journal(usize),
    /// Sign in, now, by this way. What to do is said through the sign-in's own prompt; the job ends when it is done
    /// or refused, and cancelling it gives it up.
    SignIn(Way),
}

impl Ask {
    /// Sends plans, unless an earlier write to the same target is open.
    pub fn send(plans: Vec<Plan>) -> Self {
        Self::Send {
            plans,
            again: false,
        }
    }
}

/// What is to be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Following {
    /// The targets of what was sent; none for what the journal holds of runs that have ended.
    pub targets: Vec<Target>,
    /// For how long at most.
    pub patience: Duration,
}

/// Whose accounts a list of guests has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Guests'.
    #[default]
    Guests,
    /// Those of everybody from outside: external members', and where it cannot be told, too.
    Outsiders,
}

impl Whose {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Guests, Self::Outsiders];

    /// What it shows, in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Guests => "guests",
            Self::Outsiders => "outsiders",
        }
    }

    /// What it shows, in more words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Guests => "guests alone",
            Self::Outsiders => {
                "external members too, and where Graph does not say whose an account is"
            }
        }
    }

    /// Whether it has such an account.
    pub fn has(self, class: AccountClass) -> bool {
        match self {
            Self::Guests => class.is_guest(),
            Self::Outsiders => class.may_be_outside(),
        }
    }
}

/// By what accounts are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AccountKey {
    /// By the account's id.
    Id(UserId),
    /// By an address that they may have.
    Mail(String),
}

impl AccountKey {
    /// What somebody typed: an address has an @, an id has none.
    pub fn of(typed: &str) -> Self {
        UserId::new(typed).map_or_else(|_| Self::Mail(typed.to_owned()), Self::Id)
    }

    /// By what the account of somebody is found; nothing of those who have none, and of whom no address is known.
    pub fn of_person(person: &Person) -> Option<Self> {
        if let Some(id) = person.user() {
            return Some(Self::Id(id.clone()));
        }
        let has = person.is_person() && !person.mail.is_empty();
        has.then(|| Self::Mail(person.mail.to_string()))
    }
}

/// What is to be read of what went before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// The package whose ended requests are wanted.
    pub package: Option<PackageId>,
    /// Requests that have ended, of which the stages are wanted; at most as many as one batch takes.
    pub verdicts: Vec<RequestId>,
}

/// What is read beside some requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// The policies: [`Answer::Policies`].
    Policies,
    /// The lists that requests are judged by: [`Answer::Policies`], [`Answer::Organizations`], [`Answer::Past`], and
    /// the others that wait, as [`Answer::Requests`], where one page holds them; else [`Answer::Bounded`].
    Lists,
}

/// Requests beyond those that wait for approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Approved, and not or only partly delivered.
    Failed,
    /// Approved for a day to come.
    Scheduled,
    /// Decided since a moment.
    Decided {
        /// The moment.
        since: Timestamp,
    },
    /// All that have ended, the newest first.
    All,
}

/// Something the worker has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The job it belongs to.
    pub job: JobId,
    /// What it says.
    pub answer: Answer,
}

/// How things stand with what an act is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// What it is about.
    pub target: Target,
    /// The request as it is now, its stages with it.
    pub request: Option<Box<Request>>,
    /// How the act would end without being sent; `None` where it can be sent. The error is why that is not known.
    pub ends: Result<Option<Outcome>, Problem>,
}

/// What a list of requests covers where not all may be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The packages whose requests are in it, by their names.
    pub packages: Vec<Text>,
    /// Packages that can be listed, and whose requests are refused.
    pub refused: Vec<Text>,
}

impl Coverage {
    /// In a sentence: which packages it covers, and which it does not.
    pub fn words(&self) -> String {
        let names = |names: &[Text]| {
            let names: Vec<&str> = names.iter().map(Text::as_str).collect();
            names.join(", ")
        };
        let count = self.packages.len();
        let plural = if count == 1 { "" } else { "s" };
        let mut words = format!("{count} package{plural} ({})", names(&self.packages));
        if !self.refused.is_empty() {
            words = format!("{words}; refused: {}", names(&self.refused));
        }
        words
    }
}

/// How far something that Graph had taken has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// What it was about.
    pub target: Target,
    /// Whom, by the journal.
    pub name: Text,
    /// How it ended, or where it stands.
    pub end: PlanEnd,
}

/// What the worker can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Who and where.
    Session(Box<Session>),
    /// What may be done here, and what each command that is off lacks.
    Capabilities(Box<Capabilities>),
    /// Some requests: pending ones, or those that were asked for by their ids. One that came before may come again with more words: it replaces that one.
    Requests(Vec<Request>),
    /// Stages of some of them.
    Stages(Vec<(RequestId, Vec<Stage>)>),
    /// One page of requests that have ended.
    Past(Vec<Request>),
    /// Some requests beyond those that wait.
    Beyond(Vec<Request>),
    /// Not all requests may be listed: these packages' are.
    Covered(Coverage),
    /// There are more than were read: after so many it was enough.
    Bounded(usize),
    /// So many rows of a list came and could not be read.
    Unread(usize),
    /// Some requests; those that there are none of are left out.
    Records(Vec<Request>),
    /// All policies.
    Policies(Vec<Policy>),
    /// All packages.
    Packages(Vec<Package>),
    /// All connected organizations.
    Organizations(Vec<Organization>),
    /// Whom the tenant lets in, as far as that can be read.
    Borders(Box<Borders>),
    /// The directory roles of some accounts; nothing of those that could not be read.
    Roles(Vec<(UserId, Option<Vec<Text>>)>),
    /// What some people hold and held. Those that cannot be read are left out.
    Held(Vec<(UserId, Held)>),
    /// What must not be held together with each package.
    Incompatible(Vec<(PackageId, Incompatible)>),
    /// Requests for a package that have ended.
    Before(Vec<Request>),
    /// All of a package's ended requests have come, or (`false`) as many as are quickly read.
    BeforeOf(PackageId, bool),
    /// Stages of requests that have ended.
    Verdicts(Vec<(RequestId, Vec<Stage>)>),
    /// One page of guests.
    Guests(Vec<Guest>),
    /// When some guests last signed in; `None` for those who never did.
    SignIns(Vec<(UserId, Option<Timestamp>)>),
    /// What was asked of one guest.
    GuestDetail(UserId, Box<GuestDetail>),
    /// The accounts with an address or id; more than one may have an address (customize-invitation-api).
    Found(String, Vec<Guest>),
    /// Accounts by what they were asked for; those that cannot be read are left out.
    Accounts(Vec<(AccountKey, Vec<Guest>)>),
    /// One plan has ended.
    Settled(Target, Box<PlanEnd>),
    /// How far something that was taken has come.
    Arrived(Box<Arrived>),
    /// Plans of earlier runs that were stopped on their way, to be gone on with by [`Ask::Send`].
    HalfDone(Vec<Plan>),
    /// How some rows stand.
    Looked(Vec<Looked>),
    /// What an earlier run left in the basket, if it left anything.
    Kept(Option<Kept>),
    /// The file that was written.
    Saved(PathBuf),
    /// Words about the work under way, for the status line.
    Progress {
        /// Done so far: rows sent, or pages read.
        done: usize,
        /// Of how many, where that is known.
        of: Option<usize>,
        /// In words: `sending 20 decisions`, `3 outcomes unknown, reading back`.
        words: String,
    },
    /// Something worth knowing that did not stop the job: `1 row could not be read`.
    Note(String),
    /// Graph asked for a pause, or could not be reached and is tried again after one.
    Waiting {
        /// How long.
        pause: Duration,
        /// Why, in words that the seconds follow: `Graph asks us to wait`.
        why: String,
    },
    /// The journal's newest records, oldest first, and what was odd about the file.
    Journal {
        /// The records.
        records: Vec<Record>,
        /// Sentences: a torn line set aside, a chain that does not hold.
        warnings: Vec<String>,
    },
    /// The job could not be done, or not to its end.
    Failed(Box<Problem>),
    /// Nothing more comes for this job. Always the last word, after [`Answer::Failed`] too.
    Done,
}
