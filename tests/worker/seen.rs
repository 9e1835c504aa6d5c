//! A decision is about what was seen: what has changed since is said, and is not sent.

use guestlist::acts::{ActKind, Ended, Meant, Outcome, Plan, Target};
use guestlist::domain::id::{PackageId, PolicyId};
use guestlist::domain::request::Request;
use guestlist::domain::request_sight::RequestSight;
use guestlist::worker::protocol::{Answer, Ask};
use jiff::Timestamp;

use super::request_acts::Tenant;
use super::{ask, outcome, quick};

/// A change that a requestor, or somebody else, could have made.
type Change = fn(&mut Request);

#[test]
fn a_decision_on_what_has_changed_since_it_was_seen_is_not_sent_and_says_what() {
    let changes: [(Change, &str); 7] = [
        (
            |request| request.answers.clear(),
            "the answers have changed",
        ),
        (
            |request| request.justification = "something else".into(),
            "the justification has changed",
        ),
        (
            |request| request.until = Some(Timestamp::MAX),
            "the date has changed",
        ),
        (
            |request| request.requestor.name = "Somebody Else".into(),
            "the name has changed",
        ),
        (
            |request| request.requestor.mail = "else@fabrikam.com".into(),
            "the mail address has changed",
        ),
        (
            |request| request.package = PackageId::new("another").ok(),
            "the package has changed",
        ),
        (
            |request| request.policy = PolicyId::new("another").ok(),
            "the policy has changed",
        ),
    ];
    for kind in [ActKind::Approve, ActKind::Deny] {
        let tenant = Tenant::open();
        let mut desk = tenant.desk(quick());
        let seen = mine(&ask(&mut desk, Ask::Requests));
        let plan = |request: &Request| {
            let meant = Meant {
                stage: None,
                seen: Some(RequestSight::of(request)),
            };
            let act = (kind.about().make)(&Target::Request(seen.id.clone()), &meant).unwrap();
            Ask::send(vec![Plan::of(act, "as they said", "Somebody".into())])
        };
        for (change, words) in &changes {
            let mut other = seen.clone();
            change(&mut other);
            if RequestSight::of(&other) == RequestSight::of(&seen) {
                continue;
            }
            let ended = outcome(&ask(&mut desk, plan(&other)));
            let Outcome::Changed { what } = &ended else {
                // A policy need not stand in what is read before sending.
                assert!(words.contains("policy"), "{words}: {ended:?}");
                return;
            };
            assert_eq!(what, words);
            assert_eq!((ended.ended(), ended.exit_code()), (Ended::Failed, 1));
            assert!(desk.journal().is_empty(), "nothing was sent");
        }
        assert!(
            outcome(&ask(&mut desk, plan(&seen))).done(),
            "as it was seen"
        );
    }
}

/// A request that whoever is signed in may decide, as the queue shows it.
fn mine(answers: &[Answer]) -> Request {
    let stages = answers.iter().filter_map(|answer| match answer {
        Answer::Stages(some) => Some(some.iter()),
        _ => None,
    });
    let mut mine = stages
        .flatten()
        .filter(|(_, stages)| stages.iter().any(|one| one.mine));
    let (id, _) = mine
        .next()
        .expect("something waits for whoever is signed in");
    let requests = answers.iter().filter_map(|answer| match answer {
        Answer::Requests(some) => Some(some.iter()),
        _ => None,
    });
    let mut all = requests.flatten().filter(|one| one.id == *id);
    all.next().expect("it was listed").clone()
}
