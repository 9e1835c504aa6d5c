//! What can be done with a row of each pane, whatever pane it is: to look at it, to copy of it, to stage it, to assign
//! by it.

use super::state::{Focus, State, on_table};
use crate::acts::Target;
use crate::domain::id::PolicyId;
use crate::inventory::rows::{GuestRow, JournalRow, PolicyRow, RequestRow};
use crate::inventory::table::Row;

/// Something that can be copied of a row: the key for it, what it is, and the words themselves.
pub(super) type Copyable = (char, &'static str, String);

/// A row of a pane.
trait PaneRow: Row {
    /// The row as something to look at.
    fn focus(&self) -> Focus;
    /// What can be copied of it, the commonest first; what is empty is not offered.
    fn copies(&self, state: &State) -> Vec<Copyable>;
    /// What a decision on it would be about; nothing where none is made on such rows.
    fn target(&self) -> Option<Target>;
    /// Whom, by address or id, and under which policy a direct assignment from here is about, as far as the row says that.
    fn assigned(&self, state: &State) -> (String, Option<PolicyId>);
}

impl State {
    /// The row under the cursor of the focused pane.
    pub fn focused(&self) -> Option<Focus> {
        on_table!(&self, self.screen.focus, table => table.focused().map(PaneRow::focus))
    }

    /// What can be copied of the row under the cursor.
    pub(super) fn copies_here(&self) -> Vec<Copyable> {
        let copies = on_table!(&self, self.screen.focus, table => {
            table.focused().map(|row| row.copies(self))
        });
        copies.unwrap_or_default()
    }

    /// What decisions on the marked rows, else on the one under the cursor, are about.
    pub(super) fn targets_here(&self) -> Vec<Target> {
        on_table!(&self, self.screen.focus, table => {
            table.chosen().into_iter().filter_map(PaneRow::target).collect()
        })
    }

    /// Whom, and under which policy, a direct assignment from the row under the cursor is about.
    pub(super) fn assigned_here(&self) -> (String, Option<PolicyId>) {
        let assigned = on_table!(&self, self.screen.focus, table => {
            table.focused().map(|row| row.assigned(self))
        });
        assigned.unwrap_or_default()
    }
}

impl PaneRow for RequestRow {
    fn focus(&self) -> Focus {
        Focus::Request(self.request.id.clone())
    }

    fn copies(&self, state: &State) -> Vec<Copyable> {
        let person = self.request.subject();
        let policy = state.linked_policy();
        let link = policy.and_then(|policy| state.request_link(&policy));
        vec![
            ('m', "mail address", person.mail.to_string()),
            ('n', "name", person.name.to_string()),
            ('d', "domain", self.domain.clone()),
            ('r', "request id", self.request.id.to_string()),
            ('l', "request link", link.unwrap_or_default()),
        ]
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Request(self.request.id.clone()))
    }

    fn assigned(&self, _: &State) -> (String, Option<PolicyId>) {
        let mail = self.request.subject().mail.to_string();
        (mail, self.policy.clone())
    }
}

impl PaneRow for PolicyRow {
    fn focus(&self) -> Focus {
        Focus::Policy(self.policy.id.clone())
    }

    fn copies(&self, state: &State) -> Vec<Copyable> {
        let link = state.request_link(&self.policy.id);
        vec![
            ('l', "request link", link.unwrap_or_default()),
            ('n', "name", self.policy.name.to_string()),
            ('i', "policy id", self.policy.id.to_string()),
        ]
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn assigned(&self, _: &State) -> (String, Option<PolicyId>) {
        (String::new(), Some(self.policy.id.clone()))
    }
}

impl PaneRow for GuestRow {
    fn focus(&self) -> Focus {
        Focus::Guest(self.guest.id.clone())
    }

    fn copies(&self, _: &State) -> Vec<Copyable> {
        vec![
            ('m', "mail address", self.guest.address()),
            ('n', "name", self.guest.name.to_string()),
            ('d', "domain", self.guest.domain()),
            ('i', "user id", self.guest.id.to_string()),
            ('p', "principal name", self.guest.upn.to_string()),
        ]
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Guest(self.guest.id.clone()))
    }

    fn assigned(&self, state: &State) -> (String, Option<PolicyId>) {
        let address = self.guest.address();
        let alone = state.guest_by_mail(&address).is_some();
        let who = if alone {
            address
        } else {
            self.guest.id.to_string()
        };
        (who, None)
    }
}

impl PaneRow for JournalRow {
    fn focus(&self) -> Focus {
        Focus::Act(self.seq)
    }

    fn copies(&self, _: &State) -> Vec<Copyable> {
        vec![
            ('t', "target", self.target.to_string()),
            ('c', "client-request-id", self.client_request_id.to_string()),
            ('r', "request-id", self.request_id.to_string()),
        ]
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn assigned(&self, _: &State) -> (String, Option<PolicyId>) {
        (String::new(), None)
    }
}
