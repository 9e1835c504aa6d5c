//! Cancel, reprocess, remove and assign on the emulated Graph: whatever becomes of the answer, each ends with one
//! outcome, and is done once.

use std::time::Duration;

use guestlist::acts::{Act, Assign, Cancel, Outcome, Remove, Reprocess};
use guestlist::domain::assignment::{Assignee, Assignment};
use guestlist::domain::id::{PackageId, PolicyId, RequestId, UserId};
use guestlist::emulator::faults::{FaultEffect as Effect, FaultRule as Rule};
use guestlist::emulator::{Config, Emulator};
use guestlist::graph::Patience;
use guestlist::journal::OutcomeWord as Word;
use guestlist::worker::protocol::{Answer, Ask};
use jiff::Timestamp;
use serde_json::Value;

use super::{Desk, act, ask, config, desk_in, moot, outcome, outcomes, quick};

pub(super) struct Tenant {
    emulator: Emulator,
    folder: tempfile::TempDir,
}

impl Tenant {
    pub(super) fn open() -> Self {
        Self::with(None)
    }

    /// With a clock that stands still: two of one moment hold the same people with the same times.
    pub(super) fn at(moment: Timestamp) -> Self {
        Self::with(Some(moment))
    }

    fn with(now: Option<Timestamp>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let emulator = Emulator::start(Config {
            record: Some(folder.path().join("record.jsonl")),
            guests: 30,
            now,
            ..Config::default()
        })
        .unwrap();
        Self { emulator, folder }
    }

    pub(super) fn desk(&self, patience: Patience) -> Desk {
        let client = config(&self.emulator.url(), self.emulator.token(), patience);
        desk_in(tempfile::tempdir().unwrap(), client)
    }

    pub(super) fn url(&self) -> String {
        self.emulator.url()
    }

    pub(super) fn token(&self) -> String {
        self.emulator.token().to_owned()
    }

    pub(super) fn snapshot(&self) -> Value {
        self.emulator.snapshot()
    }

    pub(super) fn inject(&self, rule: Rule) {
        self.emulator.inject(rule);
    }

    /// The emulated clock goes on.
    pub(super) fn pass(&self, time: Duration) {
        self.emulator.advance(time);
    }

    pub(super) fn heal(&self) {
        self.emulator.heal();
    }

    /// What came to the emulator so far, a line an exchange.
    pub(super) fn record(&self) -> Vec<Value> {
        let record = std::fs::read_to_string(self.folder.path().join("record.jsonl")).unwrap();
        let lines = record.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// How often a write came to the emulator.
    fn writes(&self, path: &str) -> usize {
        let record = std::fs::read_to_string(self.folder.path().join("record.jsonl")).unwrap();
        let lines = record
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines
            .filter(|line| {
                line["method"] != "GET" && line["path"].as_str().unwrap().ends_with(path)
            })
            .count()
    }

    fn requests(&self) -> Vec<Value> {
        self.emulator.snapshot()["assignmentRequests"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The state of a request; `None` where there is none.
    fn state(&self, id: &RequestId) -> Option<String> {
        let requests = self.requests();
        let one = requests.iter().find(|one| one["id"] == id.as_str())?;
        Some(one["state"].as_str().unwrap().to_owned())
    }

    pub(super) fn request(&self, state: &str, mail: &str) -> RequestId {
        let requests = self.requests();
        let one = requests
            .iter()
            .find(|one| {
                one["state"] == state && one["requestor"]["email"].as_str().unwrap().contains(mail)
            })
            .unwrap_or_else(|| panic!("no {state} request of {mail}"));
        RequestId::new(one["id"].as_str().unwrap()).unwrap()
    }

    /// A policy with its package, and an assignment of it.
    pub(super) fn assignment(&self, who: Assignee) -> Assignment {
        let snapshot = self.emulator.snapshot();
        let held = &snapshot["assignments"].as_array().unwrap()[0];
        Assignment {
            package: PackageId::new(held["accessPackageId"].as_str().unwrap()).unwrap(),
            policy: PolicyId::new(held["assignmentPolicyId"].as_str().unwrap()).unwrap(),
            who,
            asked: Timestamp::now(),
            bypass: false,
        }
    }

    fn assigned(&self, mail: &str) -> usize {
        let added =
            |one: &&Value| one["requestType"] == "adminAdd" && one["requestor"]["email"] == mail;
        self.requests().iter().filter(added).count()
    }
}

fn send(desk: &mut Desk, one: impl Into<Act>) -> Outcome {
    outcome(&ask(desk, Ask::send(vec![act(one)])))
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed(problem) | Outcome::Unknown(problem) => problem.to_string(),
        Outcome::Moot { why: words, .. } => words.clone(),
        other => format!("{other:?}"),
    }
}

fn fail(after: bool) -> Effect {
    Effect::Fail {
        status: 503,
        after,
        retry_after: None,
    }
}

#[test]
fn whatever_becomes_of_the_answer_it_is_done_once() {
    for (effect, after) in [
        (None, false),
        (Some(fail(true)), true),
        (Some(fail(false)), false),
        (Some(Effect::Drop { after: true }), true),
        (Some(Effect::Drop { after: false }), false),
        (
            Some(Effect::Page {
                status: 200,
                after: true,
            }),
            true,
        ),
    ] {
        let tenant = Tenant::open();
        let mut desk = tenant.desk(quick());
        let waits = tenant.request("pendingApproval", "@fabrikam.com");
        let partly = tenant.request("partiallyDelivered", "ewa.nowak");
        // Blocked: trying again fails again, and that is told from not having been tried.
        let failed = tenant.request("deliveryFailed", "tariq");
        let denied = tenant.request("denied", "@");
        for (deed, path, state) in [
            (Cancel(waits.clone()).into(), "/cancel", Some("canceled")),
            (Reprocess(partly).into(), "/reprocess", Some("delivered")),
            (
                Reprocess(failed).into(),
                "/reprocess",
                Some("deliveryFailed"),
            ),
            (Remove(denied).into(), "", None),
        ] {
            let deed: Act = deed;
            let words = format!("{deed:?}, {effect:?}");
            let target = deed.target();
            let id = RequestId::new(target.as_str()).unwrap();
            let path = if path.is_empty() {
                format!("/{id}")
            } else {
                format!("/{id}{path}")
            };
            if let Some(effect) = effect.clone() {
                let method = if state.is_some() { "POST" } else { "DELETE" };
                let rule = Rule::new(effect).on(method, &format!("*{path}"));
                tenant.emulator.inject(rule.times(1));
            }
            let ended = send(&mut desk, deed);
            assert_eq!(ended, Outcome::Done { found: after }, "{words}");
            assert_eq!(tenant.state(&id).as_deref(), state, "{words}");
            let sendings = 1 + usize::from(effect.is_some() && !after);
            assert_eq!(tenant.writes(&path), sendings, "{words}");
            tenant.emulator.heal();
        }
        let journal = desk.journal();
        let acts: Vec<&str> = journal.iter().map(|(r, _)| r.act.as_str()).collect();
        let mut once = acts.clone();
        once.dedup();
        assert_eq!(once, ["cancel", "reprocess", "remove"], "{acts:?}");
        assert!(
            journal
                .iter()
                .all(|(_, word)| matches!(word, Some(Word::Done | Word::NotSent))),
            "{journal:?}"
        );
    }
}

#[test]
fn a_direct_assignment_is_never_made_twice() {
    for (effect, arrives) in [
        (None, true),
        (Some(fail(true)), true),
        (Some(Effect::Drop { after: true }), true),
        (Some(fail(false)), false),
        (Some(Effect::Drop { after: false }), false),
    ] {
        let tenant = Tenant::open();
        let mut desk = tenant.desk(quick());
        let mail = "ada.new@tailspintoys.com";
        let deed = Assign(Box::new(tenant.assignment(Assignee::Address(mail.into()))));
        if let Some(effect) = effect.clone() {
            let rule = Rule::new(effect).on("POST", "*/assignmentRequests");
            tenant.emulator.inject(rule.times(1));
        }
        let ended = send(&mut desk, deed.clone());
        assert_eq!(tenant.writes("/assignmentRequests"), 1, "{effect:?}");
        if arrives {
            let found = effect.is_some();
            assert_eq!(ended, Outcome::Done { found }, "{effect:?}");
            assert_eq!(tenant.assigned(mail), 1, "{effect:?}");
            // Asked for again, it is seen to be there.
            let again = send(&mut desk, deed);
            assert!(matches!(again, Outcome::Moot { why: _, .. }), "{again:?}");
            assert_eq!(tenant.writes("/assignmentRequests"), 1, "{effect:?}");
        } else {
            assert!(
                matches!(ended, Outcome::Unknown(_)) && said(&ended).contains("assign again"),
                "{ended:?}"
            );
            assert_eq!(tenant.assigned(mail), 0, "{effect:?}");
        }
    }
}

#[test]
fn a_guest_is_assigned_without_approval_and_gets_it_once() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    let snapshot = tenant.emulator.snapshot();
    let users = snapshot["users"].as_array().unwrap();
    let guest = users
        .iter()
        .find(|user| {
            user["userType"] == "Guest"
                && user["accountEnabled"] == true
                && user["memberOf"].as_array().unwrap().is_empty()
        })
        .unwrap();
    let id = UserId::new(guest["id"].as_str().unwrap()).unwrap();
    let assignment = tenant.assignment(Assignee::Guest(id.clone()));
    let deed = Assign(Box::new(assignment.clone()));
    assert_eq!(send(&mut desk, deed), Outcome::Done { found: false });
    let mail = guest["mail"].as_str().unwrap();
    let made = tenant
        .requests()
        .into_iter()
        .find(|one| one["requestType"] == "adminAdd" && one["requestor"]["email"] == mail)
        .unwrap();
    assert_eq!(made["state"], "delivered");
    assert!(
        made["stages"].as_array().unwrap().is_empty(),
        "nobody approved"
    );
    assert_eq!(made["justification"], "asked by their project");
    // A week later it is the assignment that tells, not the request.
    let later = Assignment {
        asked: Timestamp::now() + jiff::SignedDuration::from_hours(168),
        ..assignment
    };
    let again = send(&mut desk, Assign(Box::new(later)));
    assert_eq!(again, moot("has this package already"));
    let journal = desk.journal();
    assert_eq!(journal.len(), 1, "what is moot is not begun");
    assert!(journal[0].0.target.ends_with(id.as_str()));

    // Members are not this program's to touch, nor is somebody who is not there.
    let member = users
        .iter()
        .find(|user| user["userType"] == "Member")
        .unwrap();
    for (who, words) in [
        (member["id"].as_str().unwrap(), "member"),
        ("00000000-0000-0000-0000-000000000000", "no such account"),
    ] {
        let who = Assignee::Guest(UserId::new(who).unwrap());
        let refused = send(&mut desk, Assign(Box::new(tenant.assignment(who))));
        assert!(said(&refused).contains(words), "{refused:?}");
    }
    assert_eq!(tenant.writes("/assignmentRequests"), 1);
}

#[test]
fn what_cannot_be_is_said_and_not_sent() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    let delivered = tenant.request("delivered", "nadia.benali");
    let long_ago = tenant.request("partiallyDelivered", "joaquim");
    let waits = tenant.request("pendingApproval", "@fabrikam.com");
    let nobody = RequestId::new("00000000-0000-0000-0000-000000000000").unwrap();
    for (deed, words, settled) in [
        (Cancel(delivered.clone()).into(), "it is delivered", false),
        (Cancel(nobody.clone()).into(), "not there any more", false),
        (Reprocess(long_ago).into(), "14 days", false),
        (
            Reprocess(waits.clone()).into(),
            "it waits for approval",
            false,
        ),
        (
            Reprocess(delivered.clone()).into(),
            "is delivered already",
            true,
        ),
        (Remove(waits.clone()).into(), "it waits for approval", false),
        (Remove(nobody).into(), "not there any more", true),
    ] {
        let deed: Act = deed;
        let asked = format!("{deed:?}");
        let ended = send(&mut desk, deed);
        assert!(said(&ended).contains(words), "{asked}: {ended:?}");
        assert_eq!(ended.settled(), settled, "{asked}");
    }
    assert!(desk.journal().is_empty(), "nothing was begun");
    // Ended, but it led to an assignment: only Graph can tell.
    let kept = send(&mut desk, Remove(delivered));
    assert!(said(&kept).contains("assignment"), "{kept:?}");
    assert!(send(&mut desk, Cancel(waits.clone())).done());
    let again = send(&mut desk, Cancel(waits.clone()));
    assert_eq!(again, moot("was cancelled already"));
    assert!(send(&mut desk, Remove(waits.clone())).done());
    assert_eq!(tenant.state(&waits), None);
}

#[test]
fn what_an_earlier_session_left_open_is_read_back() {
    let tenant = Tenant::open();
    let hasty = Patience {
        read_back: Duration::from_millis(200),
        overall: Duration::from_millis(200),
        ..quick()
    };
    let mut desk = tenant.desk(hasty);
    let waits = tenant.request("pendingApproval", "@fabrikam.com");
    let partly = tenant.request("partiallyDelivered", "ewa.nowak");
    let denied = tenant.request("denied", "@");
    let mail = "ada.new@tailspintoys.com";
    let assign = tenant.assignment(Assignee::Address(mail.into()));
    let deeds: [(Act, &str); 4] = [
        (Cancel(waits).into(), "*/cancel"),
        (Reprocess(partly).into(), "*/reprocess"),
        (Remove(denied).into(), "*/assignmentRequests/*"),
        (Assign(Box::new(assign)).into(), "*/assignmentRequests"),
    ];
    for (deed, path) in deeds {
        let words = format!("{deed:?}");
        let method = if matches!(deed, Act::Remove(_)) {
            "DELETE"
        } else {
            "POST"
        };
        // It arrives, and from then on nothing can be read.
        tenant
            .emulator
            .inject(Rule::new(Effect::Drop { after: true }).on(method, path));
        let blind = Rule::new(fail(false)).on("GET", "*/assignmentRequests*");
        tenant.emulator.inject(blind.from(2));
        let ended = send(&mut desk, deed);
        assert!(matches!(ended, Outcome::Unknown(_)), "{words}: {ended:?}");
        tenant.emulator.heal();
    }
    let mut desk = desk.restart(config(
        &tenant.emulator.url(),
        tenant.emulator.token(),
        quick(),
    ));
    let answers = ask(&mut desk, Ask::Settle);
    let settled = outcomes(&answers);
    assert_eq!(settled.len(), 4, "{answers:?}");
    assert!(
        settled
            .iter()
            .all(|(_, outcome)| *outcome == Outcome::Done { found: true }),
        "{settled:?}"
    );
    assert!(
        desk.journal()
            .iter()
            .all(|(_, word)| *word == Some(Word::Done))
    );
    assert!(outcomes(&ask(&mut desk, Ask::Settle)).is_empty());
    assert_eq!(tenant.assigned(mail), 1);
}

#[test]
fn requests_are_read_by_their_ids_in_whatever_state() {
    let tenant = Tenant::open();
    let mut desk = tenant.desk(quick());
    let known = [
        tenant.request("denied", "@"),
        tenant.request("deliveryFailed", "tariq"),
    ];
    let nobody = RequestId::new("00000000-0000-0000-0000-000000000000").unwrap();
    let ids = [&known[..], &[nobody]].concat();
    let answers = ask(&mut desk, Ask::Records(ids));
    let [Answer::Records(found)] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    let ids: Vec<&RequestId> = found.iter().map(|request| &request.id).collect();
    assert_eq!(ids, [&known[0], &known[1]]);
    assert!(
        found
            .iter()
            .all(|one| !one.requestor.name.is_empty() && !one.package_name.is_empty())
    );
}
