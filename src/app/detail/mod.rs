//! What Detail says of the focused row, as a list of parts: `draw` only has to set them.

mod act;
mod guest;
mod history;
mod policy;
mod request;

use super::state::{Focus, State};
use super::wrap::wrap;
use crate::acts::{ActKind, Target};
use crate::domain::guest::{Guest, GuestStanding};
use crate::domain::text::Text;
use crate::inventory::rows::GuestRow;

/// One part of Detail, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetailPart {
    /// Something to notice: its short word, and why.
    Signal(String),
    /// What is staged on the row, or what went wrong with it.
    Staged {
        /// The verdict; its glyph stands before the words.
        verdict: ActKind,
        /// It was sent and did not work.
        failed: bool,
        /// How it stands.
        words: String,
    },
    /// A label and what belongs to it.
    Field(&'static str, String),
    /// A heading over what follows.
    Heading(&'static str),
    /// A line of its own.
    Line(String),
    /// An empty line.
    Gap,
}

/// Detail of the focused row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Whom or what it is about.
    pub title: String,
    /// Its parts.
    pub parts: Vec<DetailPart>,
}

impl Detail {
    fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            parts: Vec::new(),
        }
    }

    fn line(&mut self, line: impl Into<String>) {
        self.parts.push(DetailPart::Line(line.into()));
    }

    /// A field, unless there is nothing to say in it.
    fn field(&mut self, label: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.parts.push(DetailPart::Field(label, value));
        }
    }

    fn heading(&mut self, heading: &'static str) {
        self.parts
            .extend([DetailPart::Gap, DetailPart::Heading(heading)]);
    }
}

/// One line of Detail as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLine<'a> {
    /// The part it belongs to.
    pub part: &'a DetailPart,
    /// What stands before the words: a label, a glyph, or as many blanks.
    pub lead: String,
    /// The words.
    pub words: &'a str,
}

/// Cells of the labels' column. One width for all rows, so that the next row's fields stand where this one's
/// stood.
const LABEL: usize = 11;

impl Detail {
    /// Sets the parts into lines of at most `room` cells, what goes on hanging below its beginning.
    pub fn set(&self, room: usize) -> Vec<SetLine<'_>> {
        let mut lines = Vec::new();
        for part in &self.parts {
            let (lead, words) = match part {
                DetailPart::Gap => (String::new(), ""),
                DetailPart::Line(words) => (String::new(), words.as_str()),
                DetailPart::Heading(words) => (String::new(), *words),
                DetailPart::Signal(words) => ("⚠ ".into(), words.as_str()),
                DetailPart::Staged { verdict, words, .. } => {
                    (format!("{} ", verdict.about().glyph), words.as_str())
                }
                // In a very narrow region the label takes a line of its own.
                DetailPart::Field(label, words) if room < 3 * LABEL => {
                    let lead = (*label).to_owned();
                    lines.push(SetLine {
                        part,
                        lead,
                        words: "",
                    });
                    ("  ".into(), words.as_str())
                }
                DetailPart::Field(label, words) => (format!("{label:LABEL$}"), words.as_str()),
            };
            let indent = lead.chars().count();
            let mut lead = Some(lead);
            for words in wrap(words, room.saturating_sub(indent).max(1)) {
                let lead = lead.take().unwrap_or_else(|| " ".repeat(indent));
                lines.push(SetLine { part, lead, words });
            }
        }
        lines
    }
}

/// Detail of whatever is looked at; `None` where nothing is.
pub fn detail(state: &State) -> Option<Detail> {
    match state.looked_at()? {
        Focus::Request(id) => state
            .data
            .requests
            .get(&id)
            .map(|row| request::detail(state, row)),
        Focus::Policy(id) => state
            .data
            .policies
            .get(&id)
            .map(|row| policy::detail(state, row)),
        Focus::Guest(id) => state
            .data
            .guests
            .get(&id)
            .map(|row| guest::detail(state, row)),
        Focus::Act(seq) => state
            .data
            .journal
            .get(&seq)
            .map(|row| act::detail(state, row)),
    }
}

fn staged(state: &State, target: &Target, detail: &mut Detail) {
    let Some(decision) = state.basket.get(target) else {
        return;
    };
    let verb = decision.kind.about().verb;
    let words = match (&decision.failed, decision.sending) {
        (_, true) => format!("{verb}: being sent"),
        (Some(why), _) => format!("{verb} was not done: {why}"),
        (None, _) => format!("{verb} is staged; s reviews and sends, u takes it back"),
    };
    detail.parts.push(DetailPart::Staged {
        verdict: decision.kind,
        failed: decision.failed.is_some() && !decision.sending,
        words,
    });
}

fn role(role: &Text) -> String {
    if role.is_empty() {
        String::new()
    } else {
        format!(" ({role})")
    }
}

/// An outsider's words where only so much fits: the beginning and the end, which is where a domain stands.
fn brief(words: &str) -> String {
    crate::domain::text::brief(words, 100)
}

/// When a guest last signed in, as far as that can be seen.
fn signed_in(state: &State, guest: &Guest) -> String {
    match guest.last_sign_in {
        Some(at) => format!("{}, {}", state.ago(at), state.clock(at)),
        None if state.data.sign_ins_known => "no sign-in on record".into(),
        None if state.data.loads.sign_ins.ever() => {
            "not to be seen with this licence and permission".into()
        }
        None => "being read".into(),
    }
}

fn is_guest(state: &State, row: &GuestRow) -> String {
    let since = row
        .guest
        .created
        .map(|at| format!(" since {}", state.clock(at)))
        .unwrap_or_default();
    let class = row.guest.class;
    if !class.is_guest() {
        let blocked = if row.guest.enabled {
            ""
        } else {
            ", blocked from signing in"
        };
        return format!("{}{since}{blocked}", class.words());
    }
    match row.standing {
        GuestStanding::Active | GuestStanding::Unknown => format!("a guest{since}"),
        GuestStanding::Blocked => format!("a guest{since}, blocked from signing in"),
        GuestStanding::Pending => format!("invited{since}, has not come yet"),
        GuestStanding::Stale => format!("a guest{since}, not seen for long"),
    }
}
