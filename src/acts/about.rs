//! What is known of an act before it is about anybody: its words, its weight, what it needs, where it can be done.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Act, Target};
use crate::domain::guest::Guest;
use crate::domain::id::StageId;
use crate::domain::permission::Need;
use crate::domain::request::Request;

/// An act as the table holds it. Every act writes out every field; nothing is taken for granted.
pub struct About {
    /// Its word in the journal and in the kept basket. It stands on disk and is never changed.
    pub word: &'static str,
    /// The verb in lists of what is to be done: `approve`.
    pub verb: &'static str,
    /// The word when it is done: `approved`.
    pub participle: &'static str,
    /// The glyph that carries it where colour does not.
    pub glyph: char,
    /// What its colour says.
    pub tone: Tone,
    /// On what it is done.
    pub on: On,
    /// Whether it is staged in the basket, rather than asked about and sent at once.
    pub staged: bool,
    /// What has to be typed before it is sent.
    pub weight: Weight,
    /// Whether it wants a reason.
    pub reason: Wants,
    /// How the console calls it; `None` for an act that is only a choice of a menu, or a step of a plan.
    pub command: Option<Named>,
    /// What `x` offers it as on a guest; `None` where it does not.
    pub offered: Option<Offered>,
    /// How one is asked about it.
    pub asks: Asks,
    /// What the one signed in needs for it, and its plain command.
    pub need: &'static Need,
    /// What its plain command does, where that takes rows by their ids and nothing else; its name is the need's.
    pub by_ids: Option<&'static str>,
    /// Whether it may be done on a row now; else why not, as a clause. Asked by [`About::may`].
    pub may: fn(&ActSubject<'_>, Timestamp) -> Result<(), String>,
    /// Until when it may be done on a row, where that ends.
    pub until: fn(&ActSubject<'_>, Timestamp) -> Option<Timestamp>,
    /// Makes one for a row and, of a decision, the stage it is meant for. `None` where it takes more than that.
    pub make: fn(&Target, Option<&StageId>) -> Option<Act>,
    /// Reads one back from the journal; `None` where what stands there is none.
    pub read: fn(&Stored<'_>) -> Option<Act>,
}

impl About {
    /// Whether it may be done on a row now. Nothing is done with an account that is not a guest's for certain.
    ///
    /// # Errors
    /// Why not, as a clause.
    pub fn may(&self, subject: &ActSubject<'_>, now: Timestamp) -> Result<(), String> {
        match subject {
            ActSubject::Guest(guest) => guest.class.spared().map_or(Ok(()), Err)?,
            ActSubject::Request { .. } => {}
        }
        (self.may)(subject, now)
    }
}

/// What an act's colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Lets in.
    Give,
    /// Turns away.
    Refuse,
    /// Takes away what somebody has.
    Take,
    /// Neither.
    Plain,
}

/// What an act is done on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A request.
    Request,
    /// A guest.
    Guest,
    /// A guest who was deleted.
    Deleted,
    /// Somebody who is not in yet, by address.
    Address,
    /// A package for a person.
    Assignment,
}

impl On {
    /// The word for one of them.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Guest | Self::Deleted => "guest",
            Self::Address | Self::Assignment => "person",
        }
    }
}

/// What has to be typed before an act is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// `y`; above twenty rows their number.
    Plain,
    /// The number of rows, always: what it takes away cannot be had back at once.
    Number,
    /// This word.
    Word(&'static str),
}

/// With more rows than this their number has to be typed, whatever is done with them.
pub const TYPE_ABOVE: usize = 20;

impl Weight {
    /// Whether the number of rows has to be typed for so many.
    pub fn number(self, rows: usize) -> bool {
        self == Self::Number || rows > TYPE_ABOVE
    }
}

/// Whether an act wants a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// It is not sent without one.
    Always,
    /// Where the policy says so.
    ByPolicy,
    /// One may be given; Graph or the journal keeps it.
    Maybe,
    /// There is no place for one.
    Nothing,
}

/// How the console calls an act.
pub struct Named {
    /// Its name in the palette.
    pub name: &'static str,
    /// Its keys as they are written, the one to show first; none for what is only run by name.
    pub keys: &'static [&'static str],
    /// What it does, in words, for help and palette.
    pub title: &'static str,
    /// The word in the footer, for those that stand there.
    pub footer: Option<&'static str>,
}

/// A choice of the menu that `x` opens on guests.
pub struct Offered {
    /// The key that takes it.
    pub key: char,
    /// What it is called there.
    pub label: &'static str,
    /// What it means.
    pub hint: &'static str,
}

/// How one is asked about an act: `Deliver` 3 requests ` again`?
pub struct Asks {
    /// What stands before the number.
    pub before: &'static str,
    /// What stands behind the noun.
    pub after: &'static str,
    /// What it means for those it is about.
    pub meaning: &'static str,
    /// What `y` does, in the third person: `cancels`.
    pub goes: &'static str,
}

impl Asks {
    /// The question: `Deliver 3 requests again?`.
    pub fn question(&self, count: usize, noun: &str) -> String {
        let plural = if count == 1 { "" } else { "s" };
        format!("{} {count} {noun}{plural}{}?", self.before, self.after)
    }
}

/// A row an act could be done on, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub enum ActSubject<'a> {
    /// A request.
    Request {
        /// The request.
        request: &'a Request,
        /// Who can decide its current stage, in words; empty where that is not known.
        deciders: &'a str,
    },
    /// A guest.
    Guest(&'a Guest),
}

/// An act in the form the journal keeps it in.
pub struct Stored<'a> {
    /// Its form; empty in a journal of the first version, which held a target only.
    pub form: &'a Map<String, Value>,
    /// The target.
    pub target: &'a str,
    /// When it was begun.
    pub at: Timestamp,
}

impl Stored<'_> {
    /// A word of the form.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.form.get(name)?.as_str()
    }
}

/// The clause for an act that is asked for on a row of another kind.
pub(super) fn elsewhere(on: On) -> Result<(), String> {
    Err(format!("it is done on a {}", on.noun()))
}
