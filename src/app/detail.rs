//! What Detail says of the focused row, as a list of parts: `draw` only has to set them.

use jiff::Timestamp;

use super::join::policy_candidates;
use super::rows::{GuestRow, JournalRow, PolicyRow, RequestRow};
use super::state::{Focus, State};
use super::wrap::wrap;
use crate::domain::act::{Target, Verdict};
use crate::domain::guest::Standing;
use crate::domain::policy::Expiration;
use crate::domain::request::{Request, RequestState, ReviewResult, Stage, StageStatus};
use crate::domain::text::Text;
use crate::domain::time;

/// One part of Detail, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Something to notice: its short word, and why.
    Signal(String),
    /// What is staged on the row, or what went wrong with it.
    Staged {
        /// The verdict; its glyph stands before the words.
        verdict: Verdict,
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
    pub parts: Vec<Part>,
}

impl Detail {
    fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            parts: Vec::new(),
        }
    }

    fn line(&mut self, line: impl Into<String>) {
        self.parts.push(Part::Line(line.into()));
    }

    /// A field, unless there is nothing to say in it.
    fn field(&mut self, label: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.parts.push(Part::Field(label, value));
        }
    }

    fn heading(&mut self, heading: &'static str) {
        self.parts.extend([Part::Gap, Part::Heading(heading)]);
    }
}

/// One line of Detail as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLine<'a> {
    /// The part it belongs to.
    pub part: &'a Part,
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
                Part::Gap => (String::new(), ""),
                Part::Line(words) => (String::new(), words.as_str()),
                Part::Heading(words) => (String::new(), *words),
                Part::Signal(words) => ("⚠ ".into(), words.as_str()),
                Part::Staged { verdict, words, .. } => {
                    (format!("{} ", verdict.glyph()), words.as_str())
                }
                // In a very narrow region the label takes a line of its own.
                Part::Field(label, words) if room < 3 * LABEL => {
                    let lead = (*label).to_owned();
                    lines.push(SetLine {
                        part,
                        lead,
                        words: "",
                    });
                    ("  ".into(), words.as_str())
                }
                Part::Field(label, words) => (format!("{label:LABEL$}"), words.as_str()),
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
        Focus::Request(id) => state.data.requests.get(&id).map(|row| request(state, row)),
        Focus::Policy(id) => state.data.policies.get(&id).map(|row| policy(state, row)),
        Focus::Guest(id) => state.data.guests.get(&id).map(|row| guest(state, row)),
        Focus::Act(seq) => state.data.journal.get(&seq).map(|row| act(state, row)),
    }
}

fn staged(state: &State, target: &Target, detail: &mut Detail) {
    let Some(decision) = state.basket.get(target) else {
        return;
    };
    let verb = decision.verdict.verb();
    let words = match (&decision.failed, decision.sending) {
        (_, true) => format!("{verb}: being sent"),
        (Some(why), _) => format!("{verb} was not done: {why}"),
        (None, _) => format!("{verb} is staged; s reviews and sends, u takes it back"),
    };
    detail.parts.push(Part::Staged {
        verdict: decision.verdict,
        failed: decision.failed.is_some() && !decision.sending,
        words,
    });
}

fn request(state: &State, row: &RequestRow) -> Detail {
    let request = &row.request;
    let person = &request.requestor;
    let mut detail = Detail::new(person.name.or("(no name)"));
    detail.line(person.mail.or("(no mail address)"));
    let standing = match state.guest_of(person) {
        Some(guest) => is_guest(state, guest),
        None if state.loads.guests.ever() => "not yet a guest".into(),
        None => "guests are still being read".into(),
    };
    let organization = row.organization.or("no connected organization");
    detail.line(format!("{standing} · {organization}"));
    staged(state, &Target::Request(request.id.clone()), &mut detail);
    for signal in &row.signals {
        detail.parts.push(Part::Signal(signal.why()));
    }

    detail.parts.push(Part::Gap);
    let policy = row.policy.as_ref().and_then(|id| state.policy(id));
    let length = match (request.until, policy) {
        (Some(until), _) => format!(", until {}", state.clock(until)),
        (None, Some(policy)) if policy.expiration != Expiration::NotSpecified => {
            format!(", {}", policy.expiration.words())
        }
        _ => String::new(),
    };
    detail.field(
        "Asks for",
        format!("{}{length}", request.package_name.or("(unknown package)")),
    );
    if let Some(package) = request
        .package
        .as_ref()
        .and_then(|id| state.data.packages.get(id))
    {
        let gives = package.resources.iter().map(|resource| {
            format!(
                "{} {}{}",
                resource.kind.word(),
                resource.name,
                role(&resource.role)
            )
        });
        detail.field("Gives", gives.collect::<Vec<_>>().join(", "));
    }
    detail.field("Because", quoted(&request.justification));
    detail.field("Approver", approver(state, row));
    if let Some(at) = row.denial_at {
        let left = if at <= state.now {
            "any moment now".into()
        } else {
            format!("in {}", time::words(at.duration_since(state.now)))
        };
        detail.field("Denied", format!("by itself {left}, {}", state.clock(at)));
    }
    detail.field(
        "Asked",
        request
            .created
            .map(|at| format!("{}, {}", state.ago(at), state.clock(at)))
            .unwrap_or_default(),
    );
    for answer in &request.answers {
        detail.field("Q", answer.question.to_string());
        detail.field("A", answer.answer.or("(no answer)"));
    }
    for (index, stage) in request.stages.iter().flatten().enumerate() {
        if let Some(words) = verdict(state, stage) {
            detail.field("Stage", format!("{} {words}", index + 1));
        }
    }
    history(state, request, &mut detail);

    match policy {
        Some(policy) => {
            detail.heading("Policy");
            detail.line(policy.name.to_string());
            for sentence in policy.sentences() {
                detail.line(sentence);
            }
        }
        None if state.loads.policies.ever() => {
            let candidates = policy_candidates(state, request);
            if candidates > 1 {
                detail.heading("Policy");
                detail.line(format!(
                    "one of {candidates} of this package; Graph does not say which before delivery"
                ));
            }
        }
        None => {}
    }
    detail
}

fn role(role: &Text) -> String {
    if role.is_empty() {
        String::new()
    } else {
        format!(" ({role})")
    }
}

fn quoted(words: &Text) -> String {
    if words.is_empty() {
        "(no reason given)".into()
    } else {
        format!("\"{words}\"")
    }
}

fn is_guest(state: &State, row: &GuestRow) -> String {
    let since = row
        .guest
        .created
        .map(|at| format!(" since {}", state.clock(at)))
        .unwrap_or_default();
    match row.standing {
        Standing::Active => format!("a guest{since}"),
        Standing::Blocked => format!("a guest{since}, blocked from signing in"),
        Standing::Pending => format!("invited{since}, has not come yet"),
        Standing::Stale => format!("a guest{since}, not seen for long"),
    }
}

fn approver(state: &State, row: &RequestRow) -> String {
    let since = row
        .request
        .waiting_since()
        .map(|at| format!(", since {}", state.clock(at)))
        .unwrap_or_default();
    match row.request.current_stage() {
        Some((_, stage)) if stage.mine => format!("you{since}"),
        Some(_) if row.deciders.is_empty() => format!("somebody else{since}"),
        Some(_) => format!("{}{since}", row.deciders),
        None if row.request.stages.is_none() => "being read".into(),
        None => "nobody: no stage is waiting".into(),
    }
}

/// A decided stage in words; nothing for one that waits.
fn verdict(state: &State, stage: &Stage) -> Option<String> {
    let how = match (&stage.result, &stage.status) {
        (ReviewResult::Approved, _) => "✓ approved",
        (ReviewResult::Denied, _) => "✗ denied",
        (_, StageStatus::Expired) => "✗ nobody decided in time",
        _ => return None,
    };
    let by = if stage.reviewer.is_empty() {
        String::new()
    } else {
        format!(" by {}", stage.reviewer)
    };
    let at = stage
        .reviewed
        .map(|at| format!(", {}", state.clock(at)))
        .unwrap_or_default();
    let why = if stage.justification.is_empty() {
        String::new()
    } else {
        format!(": \"{}\"", stage.justification)
    };
    Some(format!("{how}{by}{at}{why}"))
}

/// Earlier requests of the same person, the newest first.
fn history(state: &State, request: &Request, detail: &mut Detail) {
    let same = |other: &&Request| {
        let (a, b) = (&other.requestor, &request.requestor);
        let by_mail = !a.mail.is_empty() && a.mail.to_lowercase() == b.mail.to_lowercase();
        other.id != request.id && (by_mail || (a.user.is_some() && a.user == b.user))
    };
    let mut earlier: Vec<&Request> = state.data.past.iter().filter(same).collect();
    earlier.sort_by_key(|request| std::cmp::Reverse(ended(request)));
    if earlier.is_empty() {
        if state.loads.past.ever() {
            detail.field("History", "no earlier request of theirs was denied");
        }
        return;
    }
    detail.heading("History");
    for request in earlier.iter().take(6) {
        let when = ended(request).map(|at| state.clock(at)).unwrap_or_default();
        let how = if request.state == RequestState::Denied {
            "denied"
        } else {
            request.state.as_str()
        };
        let said = request
            .stages
            .iter()
            .flatten()
            .rev()
            .find_map(|stage| verdict(state, stage));
        let said = said.map(|said| format!(", {said}")).unwrap_or_default();
        detail.line(format!(
            "{when} {how}: {}{said}",
            request.package_name.or("a package")
        ));
    }
}

fn ended(request: &Request) -> Option<Timestamp> {
    request.completed.or(request.created)
}

fn policy(state: &State, row: &PolicyRow) -> Detail {
    let policy = &row.policy;
    let mut detail = Detail::new(policy.name.or("(no name)"));
    detail.line(format!(
        "of {} · {}",
        policy.package_name.or("an unknown package"),
        policy.door()
    ));
    if !policy.description.is_empty() {
        detail.line(policy.description.to_string());
    }
    detail.parts.push(Part::Gap);
    for sentence in policy.sentences() {
        detail.line(sentence);
    }
    if row.pending > 0 {
        let words = if row.pending == 1 {
            "1 request waits".into()
        } else {
            format!("{} requests wait", row.pending)
        };
        detail.line(format!("{words} under it."));
    }
    if let Some(package) = policy
        .package
        .as_ref()
        .and_then(|id| state.data.packages.get(id))
    {
        detail.heading("Package");
        detail.line(package.name.to_string());
        if !package.description.is_empty() {
            detail.line(package.description.to_string());
        }
        if !package.catalog_name.is_empty() {
            let open = match package.catalog_open {
                Some(true) => ", open to people from outside",
                Some(false) => ", closed to people from outside",
                None => "",
            };
            detail.field("Catalog", format!("{}{open}", package.catalog_name));
        }
        if package.hidden {
            detail.line("Hidden in My Access; its link still works.");
        }
        for resource in &package.resources {
            detail.field(
                "Gives",
                format!(
                    "{} {}{}",
                    resource.kind.word(),
                    resource.name,
                    role(&resource.role)
                ),
            );
        }
    }
    if let Some(link) = state.request_link(&policy.id) {
        detail.heading("Request link");
        detail.line(link);
        detail.line(
            "y copies it; send it whole, without its @ part people land in their own tenant.",
        );
    }
    detail
}

fn guest(state: &State, row: &GuestRow) -> Detail {
    let guest = &row.guest;
    let mut detail = Detail::new(guest.name.or("(no name)"));
    detail.line(guest.address());
    detail.line(is_guest(state, row));
    staged(state, &Target::Guest(guest.id.clone()), &mut detail);
    detail.parts.push(Part::Gap);
    detail.field("Company", guest.company.to_string());
    let seen = match guest.last_sign_in {
        Some(at) => format!("{}, {}", state.ago(at), state.clock(at)),
        None if state.data.sign_ins_known => "never seen".into(),
        None if state.loads.sign_ins.ever() => {
            "not to be seen with this licence and permission".into()
        }
        None => "being read".into(),
    };
    detail.field("Signed in", seen);
    detail.field("Came by", guest.creation.to_string());
    if let (Some(redemption), at) = (&guest.redemption, guest.redemption_changed) {
        let at = at
            .map(|at| format!(" since {}", state.clock(at)))
            .unwrap_or_default();
        detail.field("Invitation", format!("{}{at}", redemption.as_str()));
    }
    detail.field("Principal", guest.upn.to_string());
    match state.data.guest_details.get(&guest.id) {
        Some(more) => {
            let list = |names: &[Text], none: &str| {
                if names.is_empty() {
                    none.to_owned()
                } else {
                    names
                        .iter()
                        .map(Text::as_str)
                        .collect::<Vec<_>>()
                        .join(", ")
                }
            };
            detail.field(
                "Sponsors",
                list(&more.sponsors, "nobody: ask who still needs this guest"),
            );
            detail.field("Groups", list(&more.groups, "none"));
            detail.field("Apps", list(&more.apps, "none"));
        }
        None if state.detail_failed.contains(&guest.id) => {
            detail.field("Access", "could not be read; R reads everything again");
        }
        None => detail.field("Access", "being read"),
    }
    detail
}

fn act(state: &State, row: &JournalRow) -> Detail {
    let mut detail = Detail::new(format!("{} {}", row.act, row.name.or(&row.target)));
    detail.line(format!("{} · {}", row.outcome, state.clock(row.time)));
    if !row.detail.is_empty() {
        detail.line(row.detail.to_string());
    }
    detail.parts.push(Part::Gap);
    detail.field("Reason", row.reason.to_string());
    detail.field("By", row.actor.to_string());
    detail.field("Target", row.target.to_string());
    detail.field("Intent", format!("record {}, {}", row.seq, stamp(row.time)));
    match (row.outcome_seq, row.ended) {
        (Some(seq), Some(at)) => detail.field("Outcome", format!("record {seq}, {}", stamp(at))),
        _ => detail.field(
            "Outcome",
            "none was written: the act was cut off and is read back at the next start",
        ),
    }
    detail.field("Sent as", row.client_request_id.to_string());
    detail.field("Graph's id", row.request_id.to_string());
    detail
}

/// The journal's own notation, to be found again in its file.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
