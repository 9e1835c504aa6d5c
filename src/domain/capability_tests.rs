use super::*;
use crate::acts::{ActKind, needs};
use crate::domain::permission::{asked_for, reads};

const WRITE: Permission = Permission::EntitlementManagementReadWriteAll;

fn refused() -> Finding {
    Finding::of(Problem::new(ProblemKind::NotPermitted, "no", ""))
}

fn open(any: bool) -> Finding {
    Finding::Open { any }
}

/// A tenant with every licence where these are found, of a token that carries all but these.
fn capabilities(areas: &[(Area, Finding)], without: &[Permission]) -> Capabilities {
    judged(areas, without, |_| ())
}

fn judged(
    areas: &[(Area, Finding)],
    without: &[Permission],
    change: impl FnOnce(&mut TenantFacts),
) -> Capabilities {
    let read = asked_for(needs().iter().copied(), true);
    let all = asked_for(needs().iter().copied(), false);
    let carried = read.into_iter().chain(all);
    let mut facts = TenantFacts {
        session: Err(Problem::new(ProblemKind::NotFound, "", "")),
        app_only: false,
        fixed_app: false,
        carried: Some(
            carried
                .filter(|one| !without.contains(one))
                .map(|one| one.to_string())
                .collect(),
        ),
        licences: Licences {
            products: Some(Vec::new()),
            governance: true,
            premium: true,
        },
        areas: areas.to_vec(),
    };
    change(&mut facts);
    Capabilities {
        facts,
        needs: needs().to_vec(),
    }
}

fn all_open() -> Vec<(Area, Finding)> {
    [
        Area::Requests,
        Area::Inbox,
        Area::Policies,
        Area::Guests,
        Area::SignIns,
    ]
    .map(|area| (area, open(true)))
    .into()
}

#[test]
fn everything_open_is_an_approver_who_governs() {
    let all = capabilities(&all_open(), &[]);
    assert!(
        all.needs
            .iter()
            .all(|need| all.availability(need) == Availability::On)
    );
    assert_eq!(all.mode(false).to_string(), "approver + governance admin");
    assert_eq!(
        all.mode(true).to_string(),
        "read-only · approver + governance admin"
    );
    assert_eq!(all.why_invite_only(), None);
}

#[test]
fn a_missing_permission_is_named_and_the_rest_works() {
    let all = capabilities(&all_open(), &[WRITE]);
    let why = all.why_not(ActKind::Approve.about().need).unwrap();
    assert!(
        why.contains(WRITE.as_str()) && why.contains("is missing"),
        "{why}"
    );
    assert_eq!(all.why_not(ActKind::Invite.about().need), None);
    assert_eq!(all.mode(false).to_string(), "governance admin");
    // What can be read can be read: a broader permission than the table's may be behind it.
    let all = judged(&all_open(), &[], |facts| facts.carried = Some(Vec::new()));
    assert_eq!(all.why_not(&reads::GUESTS), None);
    assert!(all.why_not(ActKind::Block.about().need).is_some());
}

#[test]
fn without_the_licence_it_is_invite_only_and_says_why() {
    let mut areas = all_open();
    for (area, finding) in &mut areas {
        if matches!(area, Area::Requests | Area::Inbox | Area::Policies) {
            *finding = refused();
        }
    }
    let without = judged(&areas, &[], |facts| facts.licences.governance = false);
    assert_eq!(without.mode(false).to_string(), "invite-only");
    assert!(without.why_invite_only().unwrap().contains("licence"));
    assert_eq!(without.why_not(ActKind::Invite.about().need), None);
    // With the licence, or where licences cannot be read, it is the account that lacks something.
    let role = judged(&areas, &[], |_| ());
    assert!(
        role.why_not(ActKind::Approve.about().need)
            .unwrap()
            .contains("role")
    );
    let unread = judged(&areas, &[], |facts| facts.licences = Licences::default());
    assert!(unread.why_not(&reads::REQUESTS).unwrap().contains("role"));
}

#[test]
fn an_app_sees_and_cannot_decide() {
    let mut areas = all_open();
    areas[1].1 = refused();
    let app = judged(&areas, &[], |facts| facts.app_only = true);
    assert_eq!(
        app.mode(false).to_string(),
        "app-only, cannot approve · governance admin"
    );
    assert!(
        app.why_not(ActKind::Approve.about().need)
            .unwrap()
            .contains("people only")
    );
}

#[test]
fn what_is_not_known_is_not_refused() {
    let mut areas = all_open();
    areas[0].1 = Finding::of(Problem::new(ProblemKind::Service, "busy", ""));
    let all = capabilities(&areas, &[]);
    assert_eq!(all.availability(&reads::REQUESTS), Availability::Unsure);
    assert_eq!(all.availability(&reads::GUESTS), Availability::On);
    assert_eq!(
        all.availability(ActKind::Invite.about().need),
        Availability::On
    );
    assert_eq!(all.mode(false).to_string(), "approver");
    let unread = judged(&areas, &[], |facts| facts.carried = None);
    assert_eq!(
        unread.availability(ActKind::Invite.about().need),
        Availability::Unsure
    );
    assert_eq!(unread.availability(&reads::GUESTS), Availability::On);
    let all = unread;
    assert_eq!(all.mode(false).to_string(), "approver");
}

#[test]
fn who_can_write_nothing_is_read_only() {
    let all = judged(&all_open(), &[], |facts| {
        let reading = asked_for(needs().iter().copied(), true);
        facts.carried = Some(reading.iter().map(ToString::to_string).collect());
    });
    assert_eq!(all.mode(false).to_string(), "read-only · governance admin");
    let many = Missing::Permissions(vec![Permission::UserRead, WRITE]).to_string();
    assert!(
        many.contains("permissions User.Read and EntitlementManagement.ReadWrite.All are missing"),
        "{many}"
    );
}

#[test]
fn an_app_that_nobody_can_consent_for_is_no_administrators_errand() {
    let lacking = |fixed| {
        let closed = [(Area::Requests, refused())];
        let found = judged(
            &closed,
            &[WRITE, Permission::EntitlementManagementReadAll],
            |facts| {
                facts.fixed_app = fixed;
            },
        );
        let mut why = needs()
            .iter()
            .filter_map(|need| found.why_not(need))
            .collect::<Vec<_>>();
        why.extend(found.why_not(&reads::REQUESTS));
        why
    };
    assert!(
        lacking(false)
            .iter()
            .any(|why| why.contains("an administrator can consent"))
    );
    let fixed = lacking(true);
    assert!(
        fixed.iter().any(|why| why.contains("guestlist login")),
        "{fixed:?}"
    );
    assert!(
        !fixed
            .iter()
            .any(|why| why.contains("an administrator can consent")),
        "{fixed:?}"
    );
}

#[test]
fn with_everything_open_nothing_is_off() {
    let all = capabilities(&all_open(), &[]);
    for need in needs() {
        assert_eq!(all.why_not(need), None, "{}", need.command);
    }
}
