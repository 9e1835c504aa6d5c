use super::*;
use crate::domain::account_class::AccountClass;
use crate::domain::guest::Guest;
use crate::domain::id::UserId;
use crate::domain::person::{Person, SubjectKind, SubjectLifecycle};
use crate::domain::request::{QuestionAnswer, RequestKind, ReviewResult, Stage, StageStatus};
use crate::inventory::filter::Filter;
use crate::worker::protocol::{AccountKey, Answer};

const NOW: Timestamp = Timestamp::constant(1_750_000_000, 0);

fn row() -> RequestRow {
    let day = jiff::SignedDuration::from_hours(24);
    let stage = |status, mine| Stage {
        id: crate::domain::id::StageId::new("00000000-0000-4000-8000-000000000009").unwrap(),
        status,
        result: ReviewResult::NotReviewed,
        mine,
        reviewer: Text::default(),
        reviewed: None,
        justification: Text::default(),
    };
    let request = Request {
        id: RequestId::new("00000000-0000-4000-8000-000000000001").unwrap(),
        kind: RequestKind::UserAdd,
        state: RequestState::PendingApproval,
        status: "PendingApproval".into(),
        created: Some(NOW - 4 * day),
        completed: None,
        justification: "Q3 audit".into(),
        requestor: Person {
            kind: SubjectKind::Person,
            object: None,
            name: "James Meyer".into(),
            mail: "james@fabrikam.com".into(),
            principal: Text::default(),
            lifecycle: SubjectLifecycle::default(),
            organization: None,
        },
        target: None,
        package: None,
        package_name: "Supplier Hub".into(),
        policy: None,
        until: None,
        answers: vec![QuestionAnswer {
            question: "Which site?".into(),
            answer: "Lyon".into(),
            inner: Text::default(),
        }],
        stages: Some(vec![
            stage(StageStatus::Completed, false),
            stage(StageStatus::InProgress, true),
        ]),
    };
    RequestRow {
        stage: "2/2".into(),
        denial_at: Some(NOW + day),
        signals: vec![Signal::MixedScript {
            domain: Text::default(),
        }],
        deciders: "James and Mercy".into(),
        ..RequestRow::new(request)
    }
}

fn lets(filter: &str, row: &RequestRow) -> bool {
    Filter::of::<RequestRow>(filter, NOW).unwrap().lets(row)
}

#[test]
fn every_column_can_be_asked_for() {
    let row = row();
    for yes in [
        "james",
        "domain:fabrikam",
        "package:\"Supplier Hub\"",
        "age>3d",
        "left<2d",
        "signal:mixed",
        "signal:any",
        "\"mixed script\"",
        "signal:\"mixed script\"",
        "is:pending",
        "signal:mixedscript",
        "signal:mixed-script",
        "stage:2",
        "stage:2/2",
        "stage>1",
        "answer:lyon",
        "answer:audit",
        "by:me",
        "by:you",
        "state:pending",
        "state:pendingApproval",
        "!state:failed",
        "nobody | lyon",
    ] {
        assert!(lets(yes, &row), "{yes}");
    }
    for no in [
        "domain:contoso",
        "age>5d",
        "left>2d",
        "signal:script",
        "stage:1",
        "stage<2",
        "answer:paris",
        "!by:me",
        "state:denied",
        "ended<1d",
    ] {
        assert!(!lets(no, &row), "{no}");
    }
}

#[test]
fn by_me_is_not_a_name_with_those_letters() {
    let mut row = row();
    row.request.stages.as_mut().unwrap()[1].mine = false;
    assert!(!lets("by:me", &row));
    assert!(lets("by:james", &row));
    assert!(lets("by:m", &row), "half a word is looked for in the names");
}

#[test]
fn failed_means_both_ways_of_failing_and_a_beginning_is_enough() {
    let mut row = row();
    for (state, yes, no) in [
        (
            RequestState::DeliveryFailed,
            "state:fail",
            "state:delivered",
        ),
        (
            RequestState::PartiallyDelivered,
            "state:failed",
            "state:delivered",
        ),
        (RequestState::Delivered, "state:delivered", "state:failed"),
        (RequestState::Canceled, "state:cancel", "state:pending"),
    ] {
        row.request.state = state;
        assert!(lets(yes, &row), "{yes}");
        assert!(!lets(no, &row), "{no}");
    }
}

#[test]
fn mine_come_first_and_then_who_has_waited_longest() {
    let mine = row();
    let mut others = row();
    others.request.stages.as_mut().unwrap()[1].mine = false;
    others.request.created = Some(NOW - jiff::SignedDuration::from_hours(999));
    assert_eq!(mine.compare(&others, "by"), Ordering::Less);
    let mut later = row();
    later.request.created = Some(NOW);
    assert_eq!(mine.compare(&later, "by"), Ordering::Less);
    assert_eq!(mine.compare(&others, "age"), Ordering::Greater);
}

#[test]
fn who_has_an_account_already_is_none_for_whom_one_is_made() {
    use crate::domain::problem::{Problem, ProblemKind};
    use crate::inventory::load::Listed;
    use crate::inventory::{AccountKnown, Inventory};

    let mut request = row().request;
    let mut inventory = Inventory::default();
    assert!(matches!(
        inventory.account_of(&request),
        AccountKnown::Unread
    ));
    let problem = Problem::new(ProblemKind::Refused, "no", "");
    inventory.failed(Listed::Guests, problem, NOW);
    assert!(matches!(
        inventory.account_of(&request),
        AccountKnown::Unreadable
    ));
    inventory.ended(Listed::Guests, NOW);
    assert!(matches!(inventory.account_of(&request), AccountKnown::None));

    // Whoever has an account is it, whatever their address; whose it counts as only looking says.
    request.requestor.object = UserId::new("u1").ok();
    assert!(matches!(inventory.account_of(&request), AccountKnown::Some));
    let id = UserId::new("u1").unwrap();
    let mut take = |found: Vec<Guest>, request: &Request| {
        let found = vec![(AccountKey::Id(id.clone()), found)];
        let taken = inventory.take(&[], Answer::Accounts(found), NOW);
        assert!(taken.is_ok());
        inventory.account_of(request).words()
    };
    for class in [
        AccountClass::ExternalMember,
        AccountClass::Member,
        AccountClass::CannotBeTold,
    ] {
        let words = take(vec![guest(class)], &request);
        assert!(words.is_some_and(|words| words.contains(class.words())));
    }
    let words = take(Vec::new(), &request);
    assert_eq!(
        words.as_deref(),
        Some("their account is not there any more")
    );
    let words = take(vec![guest(AccountClass::Guest)], &request);
    assert_eq!(words, None);

    for kind in [
        SubjectKind::App,
        SubjectKind::Agent,
        SubjectKind::Group,
        SubjectKind::Odd("unknownFutureValue".into()),
        SubjectKind::Unsaid,
    ] {
        request.requestor.kind = kind.clone();
        let known = inventory.account_of(&request);
        assert!(matches!(known, AccountKnown::NoPerson(found) if *found == kind));
    }
}

fn guest(class: AccountClass) -> Guest {
    Guest {
        id: UserId::new("u1").unwrap(),
        name: "Ada".into(),
        mail: "ada@fabrikam.com".into(),
        other_mail: Text::default(),
        upn: Text::default(),
        class,
        company: Text::default(),
        enabled: true,
        created: None,
        creation: Text::default(),
        redemption: None,
        redemption_changed: None,
        last_sign_in: None,
    }
}

#[test]
fn a_row_is_about_who_gets_the_access_and_names_who_asks() {
    let mut one = row();
    let asks = one.request.requestor.clone();
    one.request.kind = RequestKind::OnBehalfAdd;
    one.request.target = Some(Person {
        kind: SubjectKind::Person,
        name: "Gus Guest".into(),
        mail: "gus@fabrikam.example".into(),
        ..Person::default()
    });
    assert_eq!(one.cell("mail"), "gus@fabrikam.example");
    let name = format!("Gus Guest (asked for by {})", asks.name);
    assert_eq!(one.cell("name"), name);
    assert!(one.nudge(NOW, "").text.contains("on behalf of Gus Guest"));
}
