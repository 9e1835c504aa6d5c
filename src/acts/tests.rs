//! The table, walked: what every act must say of itself.

use std::collections::HashSet;

use jiff::Timestamp;

use super::*;
use crate::domain::assignment::{Assignee, Assignment};
use crate::domain::id::{PackageId, PolicyId, RequestId, StageId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::text::Text;
use crate::graph::FromWire as _;
use crate::graph::users::Account;

pub(super) const AT: Timestamp = Timestamp::constant(1_790_000_000, 0);

pub(super) fn user() -> UserId {
    UserId::new("u-1").unwrap()
}

fn assignment(who: Assignee) -> Act {
    Assign(Box::new(Assignment {
        package: PackageId::new("p-1").unwrap(),
        policy: PolicyId::new("q-1").unwrap(),
        who,
        asked: AT,
        bypass: false,
    }))
    .into()
}

/// One of each, as the table's tests need them; the compiler asks for a new one.
pub(super) fn one(kind: ActKind) -> Act {
    let request = RequestId::new("r-1").unwrap();
    let decision = ApprovalDecision {
        request: request.clone(),
        stage: Some(StageId::new("s-1").unwrap()),
        seen: None,
    };
    match kind {
        ActKind::Approve => Approve(decision).into(),
        ActKind::Deny => Deny(decision).into(),
        ActKind::Block => Block(user()).into(),
        ActKind::Unblock => Unblock(user()).into(),
        ActKind::Delete => Delete(user()).into(),
        ActKind::Restore => Restore(user()).into(),
        ActKind::EndSessions => EndSessions(user()).into(),
        ActKind::Invite => Invite(Box::new(Invitation {
            mail: "Ada@Fabrikam.com".into(),
            name: "Ada".into(),
            message: "Welcome".into(),
            language: "de-DE".into(),
            send_mail: true,
            redirect: "https://example.com/".into(),
        }))
        .into(),
        ActKind::Cancel => Cancel(request).into(),
        ActKind::Reprocess => Reprocess(request).into(),
        ActKind::Remove => Remove(request).into(),
        ActKind::Assign => assignment(Assignee::Guest(user())),
    }
}

#[test]
fn each_act_comes_back_from_its_form_in_the_journal() {
    let kinds = ActKind::ALL.iter().map(|kind| one(*kind));
    let by_mail = assignment(Assignee::Address("ada@fabrikam.com".into()));
    for act in kinds.chain([by_mail]) {
        let (form, target) = (act.rules().form(), act.target());
        let stored = Stored {
            form: &form,
            target: target.as_str(),
            at: AT,
        };
        assert_eq!((act.about().read)(&stored), Some(act.clone()), "{act:?}");
    }
}

#[test]
fn each_act_of_the_first_journal_comes_back_from_its_target() {
    let empty = serde_json::Map::new();
    for kind in ActKind::ALL {
        let target = one(*kind).target();
        let stored = Stored {
            form: &empty,
            target: target.as_str(),
            at: AT,
        };
        let read = (kind.about().read)(&stored).unwrap();
        assert_eq!((read.kind(), read.target()), (*kind, target));
        let stored = Stored {
            form: &empty,
            target: "../no id",
            at: AT,
        };
        let read = (kind.about().read)(&stored);
        assert!(read.is_none() || *kind == ActKind::Invite, "{read:?}");
    }
}

#[test]
fn words_are_told_apart_and_lead_back() {
    let words: HashSet<&str> = ActKind::ALL.iter().map(|kind| kind.about().word).collect();
    assert_eq!(words.len(), ActKind::ALL.len());
    for kind in ActKind::ALL {
        assert_eq!(ActKind::by_word(kind.about().word), Some(*kind));
        let about = kind.about();
        assert_eq!(one(*kind).about().word, about.word);
        assert!(
            about.need.writes,
            "{}: what it needs is for writing",
            about.word
        );
        assert!(!about.asks.meaning.is_empty() && !about.asks.goes.is_empty());
    }
    assert_eq!(
        ActKind::by_word("approved"),
        None,
        "a word of the screen is none of the disk"
    );
}

#[test]
fn what_is_staged_can_be_made_from_a_row_and_is_about_it() {
    for kind in ActKind::staged() {
        let act = one(kind);
        let made = (kind.about().make)(
            &act.target(),
            &Meant {
                stage: Some(StageId::new("s-1").unwrap()),
                seen: None,
            },
        );
        assert_eq!(made, Some(act));
    }
    let glyphs: HashSet<char> = ActKind::staged().map(|kind| kind.about().glyph).collect();
    assert_eq!(
        glyphs.len(),
        ActKind::staged().count(),
        "told apart without colour"
    );
}

#[test]
fn a_block_ends_the_sessions_too_and_is_taken_back_by_unblocking() {
    let plan = Plan::of(Block(user()), "left", Text::new("Ada"));
    let kinds: Vec<ActKind> = plan.steps.iter().map(Act::kind).collect();
    assert_eq!(kinds, [ActKind::Block, ActKind::EndSessions]);
    let back = plan.inverse("a mistake").unwrap();
    assert_eq!(back.steps, [Unblock(user()).into()]);
    assert_eq!(back.name, plan.name);
    let approve = Plan::of(one(ActKind::Approve), "", Text::default());
    assert_eq!(approve.inverse(""), None, "a decision stands");
}

#[test]
fn every_step_of_a_plan_is_about_one_target() {
    for kind in ActKind::ALL {
        let plan = Plan::of(one(*kind), "", Text::default());
        for step in &plan.steps {
            assert_eq!(Some(step.target()), plan.target(), "{kind:?}");
        }
    }
}

#[test]
fn what_may_not_be_sent_again_is_what_makes_something_new() {
    let never: Vec<ActKind> = ActKind::ALL
        .iter()
        .copied()
        .filter(|kind| one(*kind).rules().again() != Again::Harmless)
        .collect();
    assert_eq!(never, [ActKind::Invite, ActKind::Assign]);
}

#[test]
fn a_plan_that_stops_on_its_way_is_half_done_and_says_what_is_left() {
    let end = |done: &[ActKind], outcome: Outcome| PlanEnd {
        done: done.to_vec(),
        kind: ActKind::EndSessions,
        outcome,
        left: 0,
        rows: Rows::Enabled(false),
    };
    let clock = |_: Timestamp| "noon".to_owned();
    let failed = || {
        Outcome::Failed(crate::domain::problem::Problem::new(
            crate::domain::problem::ProblemKind::Service,
            "Graph failed",
            "",
        ))
    };
    let half = end(&[ActKind::Block], failed());
    assert_eq!(half.ended(), Ended::HalfDone);
    assert!(half.settled() && half.exit_code() == 5);
    let words = half.words(clock);
    assert!(
        words.starts_with("blocked, but to end the sessions is left to be done: Graph failed"),
        "{words}"
    );
    let whole = end(&[ActKind::Block], Outcome::Done { found: false });
    assert_eq!(
        (whole.ended(), whole.words(clock)),
        (Ended::Done, "done".into())
    );
    let alone = end(&[], failed());
    assert_eq!(alone.ended(), Ended::Failed);
}

#[test]
fn above_twenty_rows_their_number_is_typed_and_for_what_weighs_so_much_always() {
    assert!(!Weight::Plain.number(TYPE_ABOVE) && Weight::Plain.number(TYPE_ABOVE + 1));
    assert!(!Weight::Word("bypass").number(TYPE_ABOVE));
    assert!(Weight::Number.number(1));
}

#[test]
fn only_an_invitation_loses_something_with_its_answer() {
    for kind in ActKind::ALL {
        let lost = one(*kind).rules().lost_with_answer();
        let link = Some("its redeem link was lost with the answer");
        assert_eq!(lost, link.filter(|_| *kind == ActKind::Invite), "{kind:?}");
    }
}

/// An account as Graph gives it, with these fields more.
fn account_look(more: &serde_json::Value) -> Look {
    let mut wire = serde_json::json!({ "id": "u-1", "accountEnabled": true });
    for (name, value) in more.as_object().unwrap() {
        wire[name] = value.clone();
    }
    let account = Account::read(serde_json::from_value(wire).unwrap()).unwrap();
    Look::Account(Some(Box::new(account)))
}

#[test]
fn nothing_is_taken_from_whoever_is_not_a_guest_for_certain() {
    use serde_json::json;
    let outside = "ada_fabrikam.com#EXT#@contoso.onmicrosoft.com";
    let guest = account_look(&json!({ "userType": "Guest", "userPrincipalName": outside }));
    let others = [
        (
            json!({ "userType": "Member", "userPrincipalName": "a@contoso.com" }),
            "a member of",
        ),
        (
            json!({ "userType": null, "userPrincipalName": "a@contoso.com" }),
            "a member of",
        ),
        (
            json!({ "userType": "Member", "userPrincipalName": outside }),
            "an external member",
        ),
        (
            json!({ "userType": null, "userPrincipalName": outside }),
            "does not say whether",
        ),
        (json!({}), "does not say whether"),
    ];
    let kinds = ActKind::ALL
        .iter()
        .filter(|kind| kind.about().on == On::Guest);
    for act in kinds.map(|kind| one(*kind)) {
        let judged = act.rules().judge("left", &guest, AT);
        let refused = matches!(&judged, Before::Not(Outcome::Failed(_)));
        assert!(!refused, "{act:?} is done to a guest");
        for (marks, words) in &others {
            match act.rules().judge("left", &account_look(marks), AT) {
                Before::Not(Outcome::Failed(problem)) => {
                    assert!(problem.what.contains(words), "{marks}: {problem}");
                }
                Before::Go(_) | Before::Not(_) => panic!("{act:?} would be done to {marks}"),
            }
        }
    }
}
