//! Detail of a request: everything of the decision. What one decides by stands first, so that it is above the fold
//! at 120x40: who, what is odd about it, what is asked, why, and every answer.

use super::{Detail, DetailPart, brief, history, is_guest, role, signed_in, staged};
use crate::acts::Target;
use crate::app::state::State;
use crate::domain::border::{Leaving, Lifecycle};
use crate::domain::guest::GuestStanding;
use crate::domain::person::SubjectLifecycle;
use crate::domain::policy::{Expiration, Policy};
use crate::domain::request::{Request, ReviewResult, Stage, StageStatus};
use crate::domain::signal::Signal;
use crate::domain::text::Text;
use crate::domain::time;
use crate::inventory::AccountKnown;
use crate::inventory::rows::RequestRow;

/// So many signals stand above what is asked; of more, the lighter ones follow below.
const FIRST: usize = 4;
/// So much of a justification stands there, in characters.
const REASON: usize = 280;

pub(super) fn detail(state: &State, row: &RequestRow) -> Detail {
    let request = &row.request;
    let mut detail = Detail::new(request.subject().name.or("(no name)"));
    who(state, row, &mut detail);
    staged(state, &Target::Request(request.id.clone()), &mut detail);
    let first = row.signals.len().min(FIRST);
    let (first, rest) = row.signals.split_at(first);
    for signal in first {
        detail.parts.push(DetailPart::Signal(signal.why()));
    }
    if !rest.is_empty() {
        let rest: Vec<String> = rest.iter().map(Signal::short).collect();
        let words = format!("Also {}: see below", rest.join(", "));
        detail.parts.push(DetailPart::Signal(words));
    }

    detail.parts.push(DetailPart::Gap);
    let policy = row.policy.as_ref().and_then(|id| state.policy(id));
    asked(state, row, policy, &mut detail);
    stages(state, row, &mut detail);
    if request.pending() {
        then(state, row, policy, &mut detail);
    }
    gives(state, request, &mut detail);
    if !rest.is_empty() {
        detail.heading("Also noticed");
        for signal in rest {
            detail.parts.push(DetailPart::Signal(signal.why()));
        }
    }
    if request.justification.chars().count() > REASON {
        detail.heading("The whole reason");
        detail.line(request.justification.to_string());
    }
    history::history(state, request, &mut detail);
    rules(state, request, policy, &mut detail);
    detail
}

fn who(state: &State, row: &RequestRow, detail: &mut Detail) {
    let person = row.request.subject();
    detail.line(brief(person.address()));
    let known = state.data.account_of(&row.request);
    let standing = match known {
        AccountKnown::Guest(guest) => is_guest(state, guest),
        other => other.words().unwrap_or_default(),
    };
    detail.line(if person.is_person() {
        let organization = row.organization.or("no connected organization");
        format!("{standing} · {organization}")
    } else {
        standing
    });
    if let Some(asks) = row.request.asks_for_another() {
        detail.field("Asked by", brief(&asks.named()));
    }
    if let AccountKnown::Guest(guest) = known
        && guest.standing != GuestStanding::Pending
    {
        detail.field("Signed in", signed_in(state, &guest.guest));
    }
}

/// What is asked, why, and the answers.
fn asked(state: &State, row: &RequestRow, policy: Option<&Policy>, detail: &mut Detail) {
    let request = &row.request;
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
    detail.field("Kind", request.kind.notable().unwrap_or_default());
    detail.field("Because", quoted(&request.justification));
    for answer in &request.answers {
        detail.field("Q", answer.question.to_string());
        let words = answer.shown();
        let none = words.is_empty();
        detail.field("A", if none { "(no answer)".into() } else { words });
    }
}

fn quoted(words: &Text) -> String {
    if words.is_empty() {
        return "(no reason given)".into();
    }
    match words.char_indices().nth(REASON) {
        Some((end, _)) => format!("\"{}…\" (the whole reason is below)", &words[..end]),
        None => format!("\"{words}\""),
    }
}

/// Who decided, who decides, and until when.
fn stages(state: &State, row: &RequestRow, detail: &mut Detail) {
    let request = &row.request;
    for (index, stage) in request.stages.iter().flatten().enumerate() {
        if let Some(words) = verdict(state, stage) {
            detail.field("Stage", format!("{} {words}", index + 1));
        }
    }
    if request.pending() {
        detail.field("Approver", approver(state, row));
        if !request.mine() && !row.others.is_empty() {
            detail.field("Also may", row.others.join("; "));
        }
    } else {
        let at = request.completed.map(|at| format!(", {}", state.clock(at)));
        let words = format!("{}{}", request.state, at.unwrap_or_default());
        detail.field("State", words);
    }
    if let Some(at) = row.denial_at {
        let left = if at <= state.now {
            "any moment now".into()
        } else {
            format!("in {}", time::words(at.duration_since(state.now)))
        };
        detail.field("Denied", format!("by itself {left}, {}", state.clock(at)));
    }
    let asked = request.created;
    let asked = asked.map(|at| format!("{}, {}", state.ago(at), state.clock(at)));
    detail.field("Asked", asked.unwrap_or_default());
    if !request.pending() {
        // What waits is decided; that it can be cancelled as well, the palette says.
        let possible = request.possible(state.now, |at| state.clock(at));
        detail.field("Possible", possible);
    }
}

fn approver(state: &State, row: &RequestRow) -> String {
    let request = &row.request;
    let since = request
        .waiting_since()
        .map(|at| format!(", since {}", state.clock(at)))
        .unwrap_or_default();
    let number = match row.stage.split_once('/') {
        Some((number, of)) if of != "1" && number != "-" => {
            format!("stage {number} of {of}: ")
        }
        _ => String::new(),
    };
    let who = match request.current_stage() {
        Some((_, stage)) if stage.mine => "you",
        Some(_) if row.deciders.is_empty() => "somebody else",
        Some(_) => &row.deciders,
        None if request.stages.is_none() => return "being read".into(),
        None if request.stages.as_ref().is_some_and(Vec::is_empty) => {
            return "not known: Graph shows no approval of it".into();
        }
        None => return "nobody: no stage is waiting".into(),
    };
    format!("{number}{who}{since}")
}

/// A decided stage in words; nothing for one that waits.
pub(super) fn verdict(state: &State, stage: &Stage) -> Option<String> {
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

/// Where it will end if it is approved: who is next, what is made, and how long it lasts.
fn then(state: &State, row: &RequestRow, policy: Option<&Policy>, detail: &mut Detail) {
    let request = &row.request;
    let Some(policy) = policy else {
        return;
    };
    let stopped = |signal: &Signal| {
        let blocked = GuestStanding::Blocked;
        matches!(signal, Signal::Blocked { .. })
            || matches!(signal, Signal::AlreadyGuest { standing, .. } if *standing == blocked)
    };
    if row.signals.iter().any(stopped) {
        detail.field("If yes", "nothing is delivered, see above");
        return;
    }
    let mut steps = Vec::new();
    let next = request.current_stage().map(|(number, _)| number);
    if let Some(next) = next.and_then(|number| request.stage_rules(policy, number + 1)) {
        steps.push(format!("next decides {}", next.deciders(None)));
    }
    if matches!(state.data.account_of(request), AccountKnown::None) {
        steps.push("a guest account is made".into());
    }
    let end = match &policy.expiration {
        _ if request.until.is_some() => request.until,
        Expiration::After(length) => state.now.checked_add(*length).ok(),
        Expiration::At(end) => Some(*end),
        Expiration::Never | Expiration::NotSpecified => None,
    };
    let day = |at: jiff::Timestamp| {
        at.to_zoned(state.setup.zone.clone())
            .strftime("%-d %b %Y")
            .to_string()
    };
    steps.push(match (end, &policy.expiration) {
        (Some(end), _) => format!("access ends {}", day(end)),
        (None, Expiration::Never) => "access has no end".into(),
        (None, _) => "how long access lasts is not set".into(),
    });
    if let Some(leaving) = &state.data.borders.leaving {
        let known = state.data.account_of(request);
        steps.extend(leaves(known, &request.subject().lifecycle, leaving));
    }
    detail.field("If yes", steps.join("; "));
}

/// What becomes of the account with the last access gone: what the settings say only of those whom entitlement
/// management has brought in, or was given to look after (entitlement-management-external-users). Of whoever is no guest
/// and will be none, nothing.
fn leaves(
    known: AccountKnown<'_>,
    lifecycle: &SubjectLifecycle,
    leaving: &Leaving,
) -> Option<String> {
    let governed = match known {
        AccountKnown::None => true,
        AccountKnown::Guest(_) => match lifecycle {
            // Then it is the same for everybody.
            _ if leaving.action == Lifecycle::Nothing => true,
            SubjectLifecycle::Governed => true,
            SubjectLifecycle::NotGoverned => false,
            SubjectLifecycle::NotDefined | SubjectLifecycle::Other(_) => {
                return Some(
                    "what becomes of the account with the last access gone is not known".into(),
                );
            }
        },
        AccountKnown::Other(_)
        | AccountKnown::Some
        | AccountKnown::Gone
        | AccountKnown::Several(_)
        | AccountKnown::NoPerson(_)
        | AccountKnown::Unread
        | AccountKnown::Unreadable => return None,
    };
    let words = if governed {
        leaving.words()?
    } else {
        "the account stays".into()
    };
    Some(format!("with the last access gone, {words}"))
}

fn gives(state: &State, request: &Request, detail: &mut Detail) {
    let package = request.package.as_ref();
    let Some(package) = package.and_then(|id| state.data.packages.get(id)) else {
        return;
    };
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

/// The policy in one sentence.
fn rules(state: &State, request: &Request, policy: Option<&Policy>, detail: &mut Detail) {
    match policy {
        Some(policy) => {
            detail.heading("Policy");
            detail.line(policy.sentence());
        }
        None if state.data.loads.policies.ever() => {
            let candidates = state.data.policy_candidates(request);
            if candidates > 1 {
                detail.heading("Policy");
                detail.line(format!(
                    "one of {candidates} of this package; Graph does not say which before delivery"
                ));
            }
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::guest;
    use crate::domain::account_class::AccountClass;
    use crate::domain::person::SubjectKind;
    use crate::inventory::rows::GuestRow;

    #[test]
    fn an_account_goes_with_the_last_access_only_where_entitlement_management_looks_after_it() {
        let leaving = |action| Leaving {
            action,
            delete_after: Some(jiff::SignedDuration::from_hours(24 * 30)),
        };
        let deletes = leaving(Lifecycle::BlockAndDelete);
        let row = GuestRow::new(guest(1), jiff::Timestamp::UNIX_EPOCH, false);
        let said = |known, lifecycle: &str, leaving: &Leaving| {
            leaves(known, &lifecycle.into(), leaving).unwrap_or_default()
        };
        let known = || AccountKnown::Guest(&row);
        assert!(said(AccountKnown::None, "notDefined", &deletes).contains("deleted"));
        assert!(said(known(), "governed", &deletes).contains("deleted"));
        assert!(said(known(), "notGoverned", &deletes).ends_with("the account stays"));
        for unread in ["notDefined", "", "unknownFutureValue"] {
            assert!(said(known(), unread, &deletes).ends_with("is not known"));
            let nothing = leaving(Lifecycle::Nothing);
            assert!(said(known(), unread, &nothing).ends_with("the account stays"));
        }
        let app = SubjectKind::App;
        for other in [
            AccountKnown::Other(AccountClass::Member),
            AccountKnown::Other(AccountClass::ExternalMember),
            AccountKnown::NoPerson(&app),
            AccountKnown::Gone,
            AccountKnown::Several(2),
            AccountKnown::Some,
            AccountKnown::Unread,
        ] {
            assert_eq!(said(other, "governed", &deletes), "");
        }
    }
}
