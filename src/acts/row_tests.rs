//! What acts say of the rows they are asked for on, and of how things stand with them.

use super::tests::{AT, one, user};
use super::*;
use crate::domain::account_class::AccountClass;
use crate::domain::guest::Guest;
use crate::domain::id::{RequestId, StageId};
use crate::domain::person::Person;
use crate::domain::request::{
    Request, RequestKind, RequestState, ReviewResult, Stage, StageStatus,
};
use crate::domain::text::Text;
use crate::graph::approvals::Reviewed;
use crate::graph::users::Account;

fn guest(enabled: bool) -> Guest {
    Guest {
        id: user(),
        name: "Ada".into(),
        mail: "ada@fabrikam.com".into(),
        other_mail: Text::default(),
        upn: Text::default(),
        company: Text::default(),
        enabled,
        created: None,
        creation: Text::default(),
        redemption: None,
        redemption_changed: None,
        last_sign_in: None,
        class: AccountClass::Guest,
    }
}

fn request(state: RequestState) -> Request {
    Request {
        id: RequestId::new("r-1").unwrap(),
        kind: RequestKind::UserAdd,
        state,
        status: Text::default(),
        created: None,
        completed: Some(AT),
        justification: Text::default(),
        requestor: Person::default(),
        target: None,
        package: None,
        package_name: Text::default(),
        policy: None,
        until: None,
        answers: Vec::new(),
        stages: None,
    }
}

/// A stage that waits.
fn stage(mine: bool) -> Reviewed {
    Reviewed {
        stage: Stage {
            id: StageId::new("s-1").unwrap(),
            status: StageStatus::InProgress,
            result: ReviewResult::NotReviewed,
            mine,
            reviewer: Text::default(),
            reviewed: None,
            justification: Text::default(),
        },
        by: None,
    }
}

#[test]
fn an_act_asked_for_on_a_row_of_another_kind_is_refused() {
    let (request, guest) = (request(RequestState::DeliveryFailed), guest(true));
    let request = ActSubject::Request {
        request: &request,
        deciders: "",
    };
    let guest = ActSubject::Guest(&guest);
    for kind in ActKind::ALL {
        let may = |row| kind.about().may(row, AT);
        let (on_request, on_guest) = match kind.about().on {
            On::Request => (None, Some("it is done on a request")),
            On::Guest => (Some("it is done on a guest"), None),
            On::Deleted => (Some("it is done on a guest"), Some("is not deleted")),
            On::Address => (Some("it is done by address"), Some("it is done by address")),
            On::Assignment => {
                let policy = Some("it is done under a policy");
                (policy, policy)
            }
        };
        for (row, refused) in [(&request, on_request), (&guest, on_guest)] {
            if let Some(words) = refused {
                assert_eq!(may(row), Err(words.into()), "{kind:?} on {row:?}");
            }
        }
    }
}

#[test]
fn what_may_be_done_on_a_guest_depends_on_whether_they_can_sign_in() {
    let may = |kind: ActKind, enabled| kind.about().may(&ActSubject::Guest(&guest(enabled)), AT);
    let refused = |words: &str| Err(words.to_owned());
    assert_eq!(may(ActKind::Block, true), Ok(()));
    assert_eq!(may(ActKind::Block, false), refused("is blocked already"));
    assert_eq!(may(ActKind::Unblock, false), Ok(()));
    assert_eq!(may(ActKind::Unblock, true), refused("is not blocked"));
    for enabled in [true, false] {
        assert_eq!(may(ActKind::Delete, enabled), Ok(()));
        assert_eq!(may(ActKind::EndSessions, enabled), Ok(()));
    }
}

#[test]
fn whoever_is_no_guest_for_certain_is_left_alone_whatever_is_asked() {
    for class in [
        AccountClass::Member,
        AccountClass::ExternalMember,
        AccountClass::CannotBeTold,
    ] {
        left_alone(class);
    }
}

fn left_alone(class: AccountClass) {
    let row = Guest {
        class,
        ..guest(true)
    };
    for kind in ActKind::ALL
        .iter()
        .filter(|kind| kind.about().on == On::Guest)
    {
        let why = kind.about().may(&ActSubject::Guest(&row), AT).unwrap_err();
        assert!(why.contains(class.words()), "{kind:?}: {why}");
    }
    let member = || {
        Some(Box::new(Account {
            guest: Guest {
                class,
                ..guest(true)
            },
            sessions_from: None,
        }))
    };
    for kind in ActKind::ALL {
        let look = match kind.about().on {
            On::Guest => Look::Account(member()),
            // Somebody from outside who was made a member is given packages like a guest.
            On::Assignment if class != AccountClass::Member => continue,
            On::Assignment => Look::Assigning {
                account: member(),
                made: Vec::new(),
                held: false,
            },
            On::Request | On::Deleted | On::Address => continue,
        };
        let act = one(*kind);
        let Before::Not(Outcome::Failed(problem)) = act.rules().judge("", &look, AT) else {
            panic!("{kind:?} would be sent");
        };
        let why = class.spared().unwrap();
        assert_eq!(problem.what, format!("This {why}"), "{kind:?}");
    }
}

#[test]
fn the_journal_keeps_of_a_look_states_and_times_and_nobodys_words() {
    let account = |sessions_from| {
        Some(Box::new(Account {
            guest: guest(false),
            sessions_from,
        }))
    };
    let at = AT.to_string();
    let record = |look: Look| look.record().to_string();
    assert_eq!(record(Look::Account(None)), r#"{"account":false}"#);
    assert_eq!(
        record(Look::Account(account(Some(AT)))),
        format!(r#"{{"account":true,"enabled":false,"sessionsFrom":"{at}"}}"#)
    );
    let failed = Some(Box::new(request(RequestState::DeliveryFailed)));
    assert_eq!(
        record(Look::Record(failed)),
        format!(r#"{{"state":"deliveryFailed","completed":"{at}"}}"#)
    );
    let assigning = Look::Assigning {
        account: account(None),
        made: vec![request(RequestState::Submitted)],
        held: true,
    };
    assert_eq!(
        record(assigning),
        r#"{"account":true,"made":1,"held":true}"#
    );
}

#[test]
fn what_somebody_decided_before_is_as_wanted_only_where_it_went_the_same_way() {
    use ReviewResult::{Approved, Denied};
    for (kind, result, wanted) in [
        (ActKind::Approve, Approved, true),
        (ActKind::Approve, Denied, false),
        (ActKind::Deny, Denied, true),
        (ActKind::Deny, Approved, false),
    ] {
        let mut decided = stage(false);
        decided.stage.status = StageStatus::Completed;
        decided.stage.result = result.clone();
        decided.stage.reviewer = "Lynne".into();
        decided.stage.reviewed = Some(AT);
        let pending = Some(Box::new(request(RequestState::PendingApproval)));
        let look = Look::Approval(pending, vec![decided]);
        let act = one(kind);
        let Before::Not(outcome) = act.rules().judge("", &look, AT) else {
            panic!("{kind:?} would be sent");
        };
        let already = Outcome::Already {
            result,
            so: wanted,
            by: "Lynne".into(),
            at: Some(AT),
        };
        assert_eq!(outcome, already, "{kind:?}");
    }
}

#[test]
fn a_decision_is_for_what_waits_for_whoever_is_signed_in() {
    let waits = |state, mine: Option<bool>| Request {
        stages: mine.map(|mine| vec![stage(mine).stage]),
        ..request(state)
    };
    let may = |request: &Request, deciders| {
        let row = ActSubject::Request { request, deciders };
        ActKind::Approve.about().may(&row, AT)
    };
    let refused = |words: &str| Err(words.to_owned());
    let mine = waits(RequestState::PendingApproval, Some(true));
    assert_eq!(may(&mine, ""), Ok(()));
    let unread = waits(RequestState::PendingApproval, None);
    let words = "its stages are still being read; try again in a moment";
    assert_eq!(may(&unread, ""), refused(words));
    let others = waits(RequestState::PendingApproval, Some(false));
    let words = "its current stage waits for somebody else";
    assert_eq!(may(&others, ""), refused(words));
    let words = "its current stage waits for Lynne";
    assert_eq!(may(&others, "Lynne"), refused(words));
    let ended = waits(RequestState::Denied, Some(true));
    let words = "this request was denied; only one that waits for approval can be decided";
    assert_eq!(may(&ended, ""), refused(words));
}

#[test]
fn a_lost_decision_whose_stage_shows_no_verdict_has_happened_only_where_its_request_went_that_way()
{
    let after = |kind, state, stages| {
        let ready = Ready {
            stage: Some(StageId::new("s-1").unwrap()),
            ..Ready::new(crate::graph::requests::one(
                &request(RequestState::Denied).id,
            ))
        };
        let look = Look::Approval(Some(Box::new(request(state))), stages);
        let act = one(kind);
        match act.rules().after(&Sent::Now(&ready), &user(), &look, AT) {
            // What becomes of it is followed.
            After::Settled(Outcome::Accepted(taken)) => Some(Outcome::Done { found: taken.found }),
            After::Settled(outcome) => Some(outcome),
            After::Absent => None,
        }
    };
    let done = Outcome::Done { found: true };
    let over = |why: &str| Outcome::Moot {
        why: why.into(),
        so: false,
    };
    let (yes, no) = (ActKind::Approve, ActKind::Deny);
    let open = || vec![stage(true)];
    assert_eq!(after(yes, RequestState::PendingApproval, open()), None);
    let taken_back = Some(over("was taken back"));
    assert_eq!(after(yes, RequestState::Canceled, open()), taken_back);
    assert_eq!(after(yes, RequestState::Canceled, Vec::new()), taken_back);
    assert_eq!(
        after(yes, RequestState::Delivered, Vec::new()),
        Some(done.clone())
    );
    assert_eq!(after(no, RequestState::Denied, Vec::new()), Some(done));
    let denied = Some(over("was denied already"));
    assert_eq!(after(yes, RequestState::Denied, Vec::new()), denied);
    let moved = Some(over("has moved on: delivered"));
    assert_eq!(after(no, RequestState::Delivered, Vec::new()), moved);
}
