//! What one can do here, in words for the banner.

use super::state::State;
use crate::domain::problem::ProblemKind;

/// The mode: `read-only`, or what the signed-in person turned out to be able to do.
///
/// Nobody tells a program its roles; what Graph let it read does.
pub fn mode_words(state: &State) -> String {
    if state.session.is_none() {
        return if state.loads.session.failed.is_some() {
            "not signed in".into()
        } else {
            "signing in…".into()
        };
    }
    let mut words = Vec::new();
    if state.read_only {
        words.push("read-only");
    }
    let refused =
        |problem: &crate::domain::problem::Problem| problem.kind == ProblemKind::NotPermitted;
    if state.loads.requests.failed.as_ref().is_some_and(refused) {
        words.push("invite-only");
        return words.join(" · ");
    }
    // A stage that was decided by oneself still says that one is an approver.
    let mine = state.data.requests.rows().any(|row| {
        let mut stages = row.request.stages.iter().flatten();
        stages.any(|stage| stage.mine)
    });
    match (mine, state.loads.requests.ever()) {
        (true, true) => words.push("approver + governance admin"),
        (true, false) => words.push("approver"),
        (false, true) => words.push("governance admin"),
        (false, false) => {}
    }
    words.join(" · ")
}
