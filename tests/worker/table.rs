//! The table of acts, walked: every act under every fault is sent at most as often as it may be, told right, and
//! leaves a journal that is whole; killed at any instant, the next run says what became of it.

use std::os::unix::fs::PermissionsExt as _;

use guestlist::acts::{Act, ActKind, Again, Assign, Ended, Invite, Plan, PlanEnd, Target};
use guestlist::domain::assignment::Assignee;
use guestlist::domain::id::{RequestId, UserId};
use guestlist::domain::invitation::Invitation;
use guestlist::emulator::faults::{FaultEffect as Effect, FaultRule as Rule};
use guestlist::journal::{Journal, OutcomeWord as Word, Record, RecordKind};
use guestlist::worker::protocol::{Answer, Ask};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::request_acts::Tenant;
use super::{Desk, as_sent, ask, config, desk_at, quick};

const MAIL: &str = "ada.new@tailspintoys.com";

/// A plan with one act, on the demo tenant as it starts; what has to be so before is done by other hands. The compiler
/// asks for a new act.
pub(super) fn one(tenant: &Tenant, kind: ActKind) -> Act {
    let guest = |blocked: bool| {
        let snapshot = tenant.snapshot();
        let users = snapshot["users"].as_array().unwrap();
        let fits = |user: &&Value| {
            user["userType"] == "Guest" && user["accountEnabled"].as_bool() == Some(!blocked)
        };
        let id = users.iter().find(fits).unwrap()["id"].as_str().unwrap();
        Target::Guest(UserId::new(id).unwrap())
    };
    let request = |id: RequestId| Target::Request(id);
    let target = match kind {
        ActKind::Approve | ActKind::Deny => request(mine(tenant)),
        ActKind::Block | ActKind::Delete | ActKind::EndSessions => guest(false),
        ActKind::Unblock => {
            let target = guest(false);
            before(tenant, ActKind::Block.on(&target).unwrap());
            target
        }
        ActKind::Restore => {
            let target = guest(false);
            before(tenant, ActKind::Delete.on(&target).unwrap());
            target
        }
        ActKind::Cancel => request(tenant.request("pendingApproval", "@fabrikam.com")),
        ActKind::Reprocess => request(tenant.request("partiallyDelivered", "ewa.nowak")),
        ActKind::Remove => request(tenant.request("denied", "@")),
        ActKind::Invite => {
            return Invite(Box::new(Invitation {
                mail: MAIL.into(),
                ..Invitation::default()
            }))
            .into();
        }
        ActKind::Assign => {
            let who = Assignee::Address(MAIL.into());
            return Assign(Box::new(tenant.assignment(who))).into();
        }
    };
    kind.on(&target).unwrap()
}

/// Its own write, as the emulator's record and its faults name it.
pub(super) fn write_of(kind: ActKind) -> (&'static str, &'static str) {
    match kind {
        ActKind::Approve | ActKind::Deny => ("PATCH", "/stages/"),
        ActKind::Block | ActKind::Unblock => ("PATCH", "/users/"),
        ActKind::Delete => ("DELETE", "/users/"),
        ActKind::Restore => ("POST", "/restore"),
        ActKind::EndSessions => ("POST", "/revokeSignInSessions"),
        ActKind::Invite => ("POST", "/invitations"),
        ActKind::Cancel => ("POST", "/cancel"),
        ActKind::Reprocess => ("POST", "/reprocess"),
        ActKind::Assign => ("POST", "/assignmentRequests"),
        ActKind::Remove => ("DELETE", "/assignmentRequests/"),
    }
}

fn mine(tenant: &Tenant) -> RequestId {
    let mut desk = tenant.desk(quick());
    for answer in ask(&mut desk, Ask::Requests) {
        if let Answer::Stages(some) = answer
            && let Some((id, _)) = some
                .iter()
                .find(|(_, stages)| stages.iter().any(|stage| stage.mine))
        {
            return id.clone();
        }
    }
    panic!("nothing waits for whoever is signed in")
}

fn before(tenant: &Tenant, act: Act) {
    let plan = Plan {
        steps: vec![act],
        reason: "before".into(),
        name: "Somebody".into(),
        begun: None,
    };
    let ends = ends(&ask(&mut tenant.desk(quick()), Ask::send(vec![plan])));
    assert_eq!(ends[0].ended(), Ended::Done, "{ends:?}");
}

pub(super) fn plan(act: Act) -> Plan {
    Plan::of(act, "asked by their project", "Somebody".into())
}

pub(super) fn ends(answers: &[Answer]) -> Vec<PlanEnd> {
    let ends = answers.iter().filter_map(|answer| match answer {
        Answer::Settled(_, end) => Some(PlanEnd {
            outcome: as_sent(end.outcome.clone()),
            ..(**end).clone()
        }),
        _ => None,
    });
    ends.collect()
}

/// How often an act's own write came to the tenant since `from`.
fn sendings(tenant: &Tenant, kind: ActKind, from: usize) -> usize {
    let (method, path) = write_of(kind);
    let record = tenant.record();
    let fits =
        |line: &&Value| line["method"] == method && line["path"].as_str().unwrap().contains(path);
    record.iter().skip(from).filter(fits).count()
}

/// The records of an act in a journal: its intents, each with the word and the detail of its outcome.
pub(super) fn told(desk: &Desk, kind: ActKind) -> Vec<(Option<Word>, String)> {
    let (journal, _) = Journal::open(desk.dir.path()).unwrap();
    assert!(journal.verify().unwrap().damage.is_empty(), "{kind:?}");
    let records = journal.read_all().unwrap().records;
    let intents = records
        .iter()
        .filter(|one| one.kind == RecordKind::Intent && one.act == kind.about().word);
    intents
        .map(|intent| {
            let ended = records.iter().rfind(|one| one.intent == Some(intent.seq));
            let detail = ended.and_then(|one| one.detail.clone());
            let word = match ended.and_then(|one| one.outcome) {
                Some(Word::Accepted) => Some(Word::Done),
                word => word,
            };
            let detail = detail.unwrap_or_default();
            (word, detail)
        })
        .collect()
}

fn fail(after: bool) -> Effect {
    Effect::Fail {
        status: 503,
        after,
        retry_after: None,
    }
}

#[test]
fn under_every_fault_each_act_is_sent_as_often_as_it_may_be_and_told_right() {
    let faults = [
        (None, false),
        (Some(fail(false)), false),
        (Some(fail(true)), true),
        (Some(Effect::Drop { after: false }), false),
        (Some(Effect::Drop { after: true }), true),
        (Some(Effect::Truncate), true),
        (Some(Effect::Malformed), true),
    ];
    for kind in ActKind::ALL.iter().copied() {
        for (effect, after) in &faults {
            let words = format!("{kind:?} under {effect:?}");
            let tenant = Tenant::open();
            let act = one(&tenant, kind);
            let again = act.rules().again();
            let mut desk = tenant.desk(quick());
            let from = tenant.record().len();
            if let Some(effect) = effect.clone() {
                let (method, path) = write_of(kind);
                let rule = Rule::new(effect).on(method, &format!("*{path}*"));
                tenant.inject(rule.times(1));
            }
            let ends = ends(&ask(&mut desk, Ask::send(vec![plan(act)])));
            assert_eq!(ends.len(), 1, "{words}");
            let lost = effect.is_some() && !after;
            let sent = sendings(&tenant, kind, from);
            let told = told(&desk, kind);
            match again {
                Again::Never { .. } if lost => {
                    assert_eq!(sent, 1, "{words}");
                    assert_eq!(ends[0].ended(), Ended::Failed, "{words}: {ends:?}");
                    assert_eq!(told.len(), 1, "{words}");
                    assert_eq!(told[0].0, Some(Word::Unknown), "{words}");
                    assert_eq!(
                        ends[0].exit_code(),
                        1,
                        "{words}: no code invites to try again"
                    );
                }
                Again::Harmless | Again::Never { .. } => {
                    assert_eq!(sent, 1 + usize::from(lost), "{words}");
                    assert_eq!(ends[0].ended(), Ended::Done, "{words}: {ends:?}");
                    assert_eq!(ends[0].exit_code(), 0, "{words}");
                    assert_eq!(told.last().unwrap().0, Some(Word::Done), "{words}");
                    let read_back = told.last().unwrap().1.contains("reading back");
                    // An answer without a body cannot be cut or garbled.
                    let bodiless = matches!(effect, Some(Effect::Truncate | Effect::Malformed));
                    assert!(read_back == *after || bodiless, "{words}: {told:?}");
                    if lost {
                        assert_eq!(told[0].0, Some(Word::NotSent), "{words}");
                    }
                }
            }
        }
    }
}

/// Lines of a journal up to the first intent of an act, that one included: what a run leaves that is killed there.
fn cut(lines: &str, kind: ActKind, version: u32) -> String {
    let mut cut = String::new();
    for line in lines.lines() {
        let record: Record = serde_json::from_str(line).unwrap();
        let found = record.kind == RecordKind::Intent && record.act == kind.about().word;
        if version == 1 {
            // The chain holds for the first line; no other is in such a journal here.
            let mut old: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
            for new in ["v", "form", "before", "run", "plan"] {
                old.remove(new);
            }
            cut = serde_json::to_string(&old).unwrap();
        } else {
            cut.push_str(line);
        }
        cut.push('\n');
        if found {
            return cut;
        }
    }
    panic!("{kind:?} has no intent in {lines}")
}

/// Runs an act to its end, and gives back what its journal held when it had been intended.
pub(super) fn intended(tenant: &Tenant, kind: ActKind, version: u32) -> (Act, String) {
    let act = one(tenant, kind);
    let mut desk = tenant.desk(quick());
    let ends = ends(&ask(&mut desk, Ask::send(vec![plan(act.clone())])));
    assert_eq!(ends[0].ended(), Ended::Done, "{ends:?}");
    let lines = std::fs::read_to_string(desk.dir.path().join("journal.jsonl")).unwrap();
    (act, cut(&lines, kind, version))
}

/// A console that starts so long after, with that journal.
pub(super) fn after_a_kill(tenant: &Tenant, lines: &str, later: SignedDuration) -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    std::fs::write(&path, lines).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let client = config(&tenant.url(), &tenant.token(), quick());
    desk_at(dir, client, move || Timestamp::now() + later)
}

#[test]
fn killed_after_it_was_sent_each_act_is_found_to_have_happened_and_not_sent_again() {
    for version in [1, 2] {
        for kind in ActKind::ALL.iter().copied() {
            // A journal of the first version has no act of a later one.
            if version == 1 && kind == ActKind::EndSessions {
                continue;
            }
            let words = format!("{kind:?}, version {version}");
            let tenant = Tenant::open();
            let (act, lines) = intended(&tenant, kind, version);
            let from = tenant.record().len();
            let mut desk = after_a_kill(&tenant, &lines, SignedDuration::ZERO);
            let read = ends(&ask(&mut desk, Ask::Settle));
            assert_eq!(read.len(), 1, "{words}");
            assert_eq!(read[0].ended(), Ended::Done, "{words}: {read:?}");
            let told = told(&desk, kind);
            assert_eq!((told.len(), told[0].0), (1, Some(Word::Done)), "{words}");
            assert!(
                told[0].1.contains("found by reading back"),
                "{words}: {told:?}"
            );
            // Asked for once more, nothing is sent a second time but what ends sessions anew.
            let _ = ask(&mut desk, Ask::send(vec![plan(act)]));
            let most = usize::from(kind == ActKind::EndSessions);
            assert!(sendings(&tenant, kind, from) <= most, "{words}");
        }
    }
}

#[test]
fn killed_before_it_was_sent_each_act_is_told_as_never_sent_or_unknown_and_done_at_most_once() {
    for version in [1, 2] {
        for kind in ActKind::ALL.iter().copied() {
            if version == 1 && kind == ActKind::EndSessions {
                continue;
            }
            let words = format!("{kind:?}, version {version}");
            // The same people are in each demo tenant: what was intended in one was never sent in the other.
            let moment = Timestamp::now();
            let (_, lines) = intended(&Tenant::at(moment), kind, version);
            let tenant = Tenant::at(moment);
            let act = one(&tenant, kind);
            let from = tenant.record().len();
            let never = matches!(act.rules().again(), Again::Never { .. });
            let mut desk = after_a_kill(&tenant, &lines, SignedDuration::ZERO);
            let read = ends(&ask(&mut desk, Ask::Settle));
            let young = never || version == 1;
            if young {
                assert!(read.is_empty(), "{words}: it may still come: {read:?}");
                let sent = ends(&ask(&mut desk, Ask::send(vec![plan(act.clone())])));
                assert_eq!(sent[0].ended(), Ended::Failed, "{words}: {sent:?}");
                let said = sent[0].words(|at| at.to_string());
                assert!(said.contains("nothing was sent"), "{words}: {said}");
                assert_eq!(sendings(&tenant, kind, from), 0, "{words}");
            } else {
                assert_eq!(read.len(), 1, "{words}");
                let said = read[0].words(|at| at.to_string());
                assert!(said.contains("did not arrive"), "{words}: {said}");
            }
            // Later it is known that it never came, and it can be done: once, and told once.
            let lines = std::fs::read_to_string(desk.dir.path().join("journal.jsonl")).unwrap();
            drop(desk);
            let later = SignedDuration::from_mins(6);
            let mut desk = after_a_kill(&tenant, &lines, later);
            let _ = ask(&mut desk, Ask::Settle);
            let sent = ends(&ask(&mut desk, Ask::send(vec![plan(act)])));
            assert_eq!(sent[0].ended(), Ended::Done, "{words}: {sent:?}");
            assert_eq!(sendings(&tenant, kind, from), 1, "{words}");
            let told = told(&desk, kind);
            let done = told.iter().filter(|(word, _)| *word == Some(Word::Done));
            assert_eq!(done.count(), 1, "{words}: {told:?}");
            assert_eq!(told[0].0, Some(Word::NotSent), "{words}");
        }
    }
}

#[test]
fn an_open_write_stands_in_the_way_until_somebody_says_again() {
    for kind in [ActKind::Invite, ActKind::Assign] {
        let tenant = Tenant::open();
        let act = one(&tenant, kind);
        let (method, path) = write_of(kind);
        // It never arrives, and nobody can know.
        let rule = Rule::new(Effect::Drop { after: false }).on(method, &format!("*{path}*"));
        tenant.inject(rule.times(1));
        let mut desk = tenant.desk(quick());
        let from = tenant.record().len();
        let first = ends(&ask(&mut desk, Ask::send(vec![plan(act.clone())])));
        assert_eq!(first[0].ended(), Ended::Failed);
        let second = ends(&ask(&mut desk, Ask::send(vec![plan(act.clone())])));
        let said = second[0].words(|at| at.to_string());
        assert!(said.contains("may have happened"), "{said}");
        assert_eq!(sendings(&tenant, kind, from), 1, "{kind:?}");
        let again = Ask::Send {
            plans: vec![plan(act)],
            again: true,
        };
        let third = ends(&ask(&mut desk, again));
        assert_eq!(third[0].ended(), Ended::Done, "{third:?}");
        assert_eq!(sendings(&tenant, kind, from), 2, "{kind:?}");
        let told: Vec<Option<Word>> = told(&desk, kind).into_iter().map(|one| one.0).collect();
        assert_eq!(told, [Some(Word::Superseded), Some(Word::Done)]);
        assert!(ends(&ask(&mut desk, Ask::Settle)).is_empty(), "told once");
    }
}

#[test]
fn what_another_run_is_at_is_left_to_it() {
    let tenant = Tenant::open();
    let (act, lines) = intended(&tenant, ActKind::Invite, 2);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    let run = guestlist::journal::RunLock::take(&path).unwrap();
    let intent: Record = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let living = lines.replace(&intent.run, run.id());
    let file = path.join("journal.jsonl");
    std::fs::write(&file, living).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let client = config(&tenant.url(), &tenant.token(), quick());
    let later = SignedDuration::from_hours(1);
    let mut desk = desk_at(dir, client, move || Timestamp::now() + later);
    assert!(ends(&ask(&mut desk, Ask::Settle)).is_empty());
    let again = Ask::Send {
        plans: vec![plan(act)],
        again: true,
    };
    let sent = ends(&ask(&mut desk, again));
    let said = sent[0].words(|at| at.to_string());
    assert!(said.contains("another run"), "not even by the word: {said}");
    drop(run);
    let read = ends(&ask(&mut desk, Ask::Settle));
    assert_eq!(
        read[0].ended(),
        Ended::Done,
        "its run has ended: it is read back"
    );
}

#[test]
fn an_act_of_a_newer_version_is_said_and_stands_in_the_way() {
    let tenant = Tenant::open();
    let (act, lines) = intended(&tenant, ActKind::Block, 2);
    let newer = lines.replace("\"act\":\"block\"", "\"act\":\"banish\"");
    let mut desk = after_a_kill(&tenant, &newer, SignedDuration::ZERO);
    let answers = ask(&mut desk, Ask::Settle);
    let note = answers.iter().find_map(|answer| match answer {
        Answer::Note(words) => Some(words.clone()),
        _ => None,
    });
    assert!(note.unwrap().contains("banish"), "{answers:?}");
    let sent = ends(&ask(&mut desk, Ask::send(vec![plan(act)])));
    assert_eq!(sent[0].ended(), Ended::Failed, "{sent:?}");
}

#[test]
fn a_block_whose_sessions_were_not_ended_is_half_done_and_gone_on_with() {
    let tenant = Tenant::open();
    let act = one(&tenant, ActKind::Block);
    let mut desk = tenant.desk(quick());
    let (method, path) = write_of(ActKind::EndSessions);
    let refused = Rule::new(Effect::Fail {
        status: 500,
        after: false,
        retry_after: None,
    });
    tenant.inject(refused.on(method, &format!("*{path}")).times(2));
    let end = ends(&ask(&mut desk, Ask::send(vec![plan(act)])));
    assert_eq!(end[0].ended(), Ended::HalfDone, "{end:?}");
    assert_ne!(end[0].exit_code(), 0);
    assert_eq!(told(&desk, ActKind::Block)[0].0, Some(Word::Done));
    assert_eq!(told(&desk, ActKind::EndSessions).len(), 2);
    tenant.heal();
    let mut desk = desk.restart(config(&tenant.url(), &tenant.token(), quick()));
    let half = ask(&mut desk, Ask::Settle);
    let half = half.into_iter().find_map(|answer| match answer {
        Answer::HalfDone(plans) => Some(plans),
        _ => None,
    });
    let half = half.expect("it is told at the next start");
    assert_eq!(half[0].steps.len(), 1);
    assert_eq!(half[0].begun.as_ref().unwrap().done, [ActKind::Block]);
    let end = ends(&ask(&mut desk, Ask::send(half)));
    assert_eq!(end[0].ended(), Ended::Done, "{end:?}");
    assert_eq!(sendings(&tenant, ActKind::Block, 0), 1, "blocked once");
    let answers = ask(&mut desk, Ask::HalfDone);
    assert!(
        answers.contains(&Answer::HalfDone(Vec::new())),
        "{answers:?}"
    );
}

#[test]
fn a_block_of_lost_answer_ends_the_sessions_all_the_same() {
    let tenant = Tenant::open();
    let act = one(&tenant, ActKind::Block);
    let mut desk = tenant.desk(quick());
    tenant.inject(Rule::new(fail(true)).on("PATCH", "*/users/*").times(1));
    let end = ends(&ask(&mut desk, Ask::send(vec![plan(act)])));
    assert_eq!(end[0].ended(), Ended::Done, "{end:?}");
    assert_eq!(sendings(&tenant, ActKind::EndSessions, 0), 1);
    assert_eq!(told(&desk, ActKind::EndSessions)[0].0, Some(Word::Done));
}

#[test]
fn rows_at_the_same_step_share_a_batch() {
    let tenant = Tenant::open();
    let snapshot = tenant.snapshot();
    let guests = snapshot["users"].as_array().unwrap().iter();
    let guests =
        guests.filter(|user| user["userType"] == "Guest" && user["accountEnabled"] == true);
    let plans: Vec<Plan> = guests
        .take(12)
        .map(|user| UserId::new(user["id"].as_str().unwrap()).unwrap())
        .map(|id| plan(ActKind::Block.on(&Target::Guest(id)).unwrap()))
        .collect();
    assert!(plans.len() > 5);
    let mut desk = tenant.desk(quick());
    let count = plans.len();
    let ended = ends(&ask(&mut desk, Ask::send(plans)));
    assert!(
        ended.iter().all(|end| end.ended() == Ended::Done),
        "{ended:?}"
    );
    assert_eq!(sendings(&tenant, ActKind::Block, 0), count);
    assert_eq!(sendings(&tenant, ActKind::EndSessions, 0), count);
    let alone = tenant
        .record()
        .iter()
        .filter(|line| line["method"] != "GET" && line["batch"].is_null())
        .filter(|line| !line["path"].as_str().unwrap().ends_with("$batch"))
        .count();
    assert_eq!(alone, 0, "each step goes as one batch");
}
