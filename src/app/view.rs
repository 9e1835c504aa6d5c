//! How the queue is shown, and the showing of a view.

pub use super::effect::Bell;
use super::effect::Effect;
use super::load;
use super::state::{Grade, Pane, State};
use crate::inventory::view::{Base, QueueScope, View};

/// How the queue is shown, as the config has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueSettings {
    /// The saved views.
    pub views: Vec<View>,
    /// The columns of what waits, from left to right; none for those that are shown where nobody has chosen.
    pub columns: Vec<&'static str>,
    /// What a new arrival does.
    pub bell: Option<Bell>,
}

impl State {
    /// The view of the queue.
    pub fn view(&self) -> Option<&View> {
        self.setup.views.get(self.screen.viewed)
    }

    /// What the view begins with.
    pub fn base(&self) -> Base {
        self.data.requests.scope().base
    }

    /// The place of the view with this name.
    pub fn view_named(&self, name: &str) -> Option<usize> {
        self.setup.views.iter().position(|view| view.name == name)
    }

    /// The scope of a base, today.
    pub(super) fn scope(&self, base: Base) -> QueueScope {
        QueueScope::on(base, self.now, &self.setup.zone)
    }
}

/// Shows a view, and asks for what it shows where that is not read yet. What `:view` does.
pub fn show(state: &mut State, at: usize) -> Vec<Effect> {
    let Some(view) = state.setup.views.get(at).cloned() else {
        return Vec::new();
    };
    let filter = match view.filter(state.now) {
        Ok(filter) => filter,
        Err(words) => {
            state.say(Grade::Note, words);
            return Vec::new();
        }
    };
    state.screen.viewed = at;
    state.screen.focus = Pane::Requests;
    state.screen.detail.open = false;
    let scope = state.scope(view.base);
    state.data.requests.set_view(scope, filter, view.sort);
    load::beyond(state)
}

/// Says to the list what day it is.
pub(super) fn tell(state: &mut State) {
    let scope = state.scope(state.base());
    let (now, requests) = (state.now, &mut state.data.requests);
    if scope != *requests.scope() && scope.base == Base::Today {
        requests.set_scope(scope);
    }
    requests.tell(now);
}
