//! What one can do here, in words for the banner.

use super::signin::Standing;
use super::state::State;
use crate::domain::problem::{Problem, ProblemKind};

/// The mode: what the signed-in person turned out to be able to do. That a console is read-only stands on
/// the banner beside the world.
///
/// Nobody tells a program its roles; what Graph let it read does.
pub fn mode_words(state: &State) -> String {
    match &state.sign_in.standing {
        Standing::SignedOut => return "signed out".into(),
        Standing::Needed { .. } if state.session.is_none() => return "sign-in needed".into(),
        _ => {}
    }
    if state.session.is_none() {
        return if state.loads.session.failed.is_some() {
            "not signed in".into()
        } else {
            "signing in…".into()
        };
    }
    let refused = |problem: &Problem| problem.kind == ProblemKind::NotPermitted;
    if state.loads.requests.failed.as_ref().is_some_and(refused) {
        return "invite-only".into();
    }
    // A stage that was decided by oneself still says that one is an approver.
    let mine = state.data.requests.rows().any(|row| {
        let mut stages = row.request.stages.iter().flatten();
        stages.any(|stage| stage.mine)
    });
    match (mine, state.loads.requests.ever()) {
        (true, true) => "approver + governance admin".into(),
        (true, false) => "approver".into(),
        (false, true) => "governance admin".into(),
        (false, false) => String::new(),
    }
}
