//! Detail of a request: everything of the decision.

use jiff::Timestamp;

use super::{Detail, Part, is_guest, role, staged};
use crate::app::join::policy_candidates;
use crate::app::rows::RequestRow;
use crate::app::state::State;
use crate::domain::act::Target;
use crate::domain::policy::Expiration;
use crate::domain::request::{Request, RequestState, ReviewResult, Stage, StageStatus};
use crate::domain::text::Text;
use crate::domain::time;

pub(super) fn detail(state: &State, row: &RequestRow) -> Detail {
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
    if !request.pending() {
        // What waits is decided; that it can be cancelled as well, the palette says.
        detail.field(
            "Possible",
            request.possible(state.now, |at| state.clock(at)),
        );
    }
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

fn quoted(words: &Text) -> String {
    if words.is_empty() {
        "(no reason given)".into()
    } else {
        format!("\"{words}\"")
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
