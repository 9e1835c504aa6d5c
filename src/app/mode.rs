//! What one can do here, in words for the banner.

use super::signin::Standing;
use super::state::State;
use crate::inventory::load::Listed;

/// The mode: what the signed-in person may do here, as the probes of each area found it. That a console is
/// read-only stands on the banner beside the world.
pub fn mode_words(state: &State) -> String {
    match &state.sign_in.standing {
        Standing::SignedOut => return "signed out".into(),
        Standing::Declined if state.data.session.is_none() => return "not signed in".into(),
        Standing::Needed { .. } if state.data.session.is_none() => return "sign-in needed".into(),
        _ => {}
    }
    let Some(found) = &state.data.capabilities else {
        return match (&state.data.session, &state.data.loads.session.failed) {
            (Some(_), _) => String::new(),
            // An app is nobody: only its capabilities say what it is.
            (None, Some(_)) if !state.jobs.reads(Listed::Capabilities) => "not signed in".into(),
            (None, _) => "signing in…".into(),
        };
    };
    let mut mode = found.mode(state.setup.read_only);
    mode.read_only = false;
    // A stage that one has decided says as much as one that waits.
    let mine = state.data.requests.rows().any(|row| {
        let mut stages = row.request.stages.iter().flatten();
        stages.any(|stage| stage.mine)
    });
    mode.approver |= mine && found.decides();
    mode.to_string()
}

/// Whether nothing can be written: by flag or profile, or because no permission allows any of it.
pub fn read_only(state: &State) -> bool {
    let found = state.data.capabilities.as_ref();
    state.setup.read_only || found.is_some_and(|found| found.mode(false).read_only)
}
