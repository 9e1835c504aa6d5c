//! Requests that have ended, by the hundred thousand: what a large tenant remembers of three months.
//!
//! Kept lean: a crowd asks again and again, nothing is answered, and what was given is not written down a second
//! time as an assignment.

use fastrand::Rng;
use jiff::SignedDuration;
use uuid::Uuid;

use super::SeedKeys;
use crate::emulator::ids::{derived, guid};
use crate::emulator::policies::StageRule;
use crate::emulator::requests::{
    AccessPackageSubject, ApprovalStage, AssignmentRequest, RequestState, StageProgress,
};
use crate::emulator::world::TenantWorld;

/// So many people ask, whatever the number of requests.
const CROWD: usize = 2_000;

/// How long Graph remembers requests, less a day so that none is forgotten at once.
const DAYS: i64 = 89;

/// Adds so many.
pub(super) fn requests(world: &mut TenantWorld, keys: &SeedKeys, wanted: usize) {
    if wanted == 0 {
        return;
    }
    let mut rng = Rng::with_seed(keys.seed ^ 0x09a5_7000);
    let policies: Vec<(Uuid, Uuid, Vec<StageRule>)> = world
        .policies
        .iter()
        .map(|policy| (policy.id, policy.package, policy.stages(world)))
        .filter(|(_, _, stages)| !stages.is_empty())
        .collect();
    let crowd: Vec<AccessPackageSubject> = (0..CROWD.min(wanted))
        .map(|number| {
            let person = world.arrivals.pool.draw(&[]);
            AccessPackageSubject {
                id: guid(keys.seed, "past subject", number as u64),
                user: None,
                name: person.name,
                organization: world.organization_of(&person.mail),
                email: person.mail,
                principal: None,
                lifecycle: "notDefined",
            }
        })
        .collect();
    for number in 0..wanted {
        let id = guid(keys.seed, "past request", number as u64);
        let chosen = (rng.choice(&policies), rng.choice(&crowd));
        let (Some((policy, package, stages)), Some(subject)) = chosen else {
            return;
        };
        let asked = SignedDuration::from_mins(rng.i64(60..DAYS * 1440));
        let took = SignedDuration::from_mins(rng.i64(1..3 * 1440)).min(asked);
        let state = ended(&mut rng);
        let created = keys.before(asked);
        let completed = created + took;
        world.requests.push(AssignmentRequest {
            id,
            kind: "userAdd",
            state,
            created,
            completed: Some(completed).filter(|_| state != RequestState::Scheduled),
            justification: None,
            answers: Vec::new(),
            package: *package,
            policy: *policy,
            assignment: derived("assignment", id),
            requestor: subject.clone(),
            created_by: None,
            stages: decided(id, stages, state, completed),
            ready: None,
            fate: None,
        });
    }
}

/// How requests end, as often as they do.
fn ended(rng: &mut Rng) -> RequestState {
    match rng.u16(..1_000) {
        0..720 => RequestState::Delivered,
        720..940 => RequestState::Denied,
        940..990 => RequestState::Canceled,
        990..996 => RequestState::DeliveryFailed,
        996..999 => RequestState::PartiallyDelivered,
        _ => RequestState::Scheduled,
    }
}

fn decided(
    id: Uuid,
    rules: &[StageRule],
    state: RequestState,
    at: jiff::Timestamp,
) -> Vec<ApprovalStage> {
    let approved = state != RequestState::Denied;
    let rules = rules.iter().take(if approved { rules.len() } else { 1 });
    rules
        .enumerate()
        .map(|(number, rule)| ApprovalStage {
            id: derived(&format!("stage {number}"), id),
            progress: match (state, rule.approvers.first()) {
                (RequestState::Canceled, _) | (_, None) => StageProgress::Waiting,
                (_, Some(by)) => StageProgress::Completed {
                    approved,
                    by: *by,
                    at,
                    reason: None,
                },
            },
            rule: rule.clone(),
        })
        .collect()
}
