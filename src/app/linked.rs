//! What the other panes show of the focused request, and what is asked of the inventory from here.

use super::state::State;
use crate::domain::id::{PolicyId, UserId};
use crate::domain::mail::MailAddress;
use crate::domain::person::Person;
use crate::domain::policy::Policy;
use crate::inventory::rows::GuestRow;

impl State {
    /// The guest with this address.
    pub fn guest_by_mail(&self, address: &str) -> Option<&GuestRow> {
        self.data.guest_by_mail(address)
    }

    /// The address of somebody from outside in what was written.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn can_be_invited(&self, written: &str) -> Result<MailAddress, String> {
        self.data.can_be_invited(written)
    }

    /// The guest a person is already.
    pub fn guest_of(&self, person: &Person) -> Option<&GuestRow> {
        self.data.guest_of(person)
    }

    /// The policy with this id.
    pub fn policy(&self, id: &PolicyId) -> Option<&Policy> {
        self.data.policy(id)
    }

    /// The My Access link people ask with under this policy, once tenant and package are known.
    pub fn request_link(&self, policy: &PolicyId) -> Option<String> {
        self.data.request_link(policy)
    }

    /// The policy that governs the focused request.
    pub fn linked_policy(&self) -> Option<PolicyId> {
        self.looked_at_request().and_then(|row| row.policy.clone())
    }

    /// The guest the focused request's person is already.
    pub fn linked_guest(&self) -> Option<UserId> {
        let row = self.looked_at_request()?;
        self.guest_of(row.request.subject())
            .map(|guest| guest.guest.id.clone())
    }

    /// Guests of the focused request's domain, the person themselves first.
    pub fn linked_guests(&self, most: usize) -> Vec<&GuestRow> {
        let Some(row) = self.looked_at_request() else {
            return Vec::new();
        };
        let person = self.guest_of(row.request.subject());
        let of_domain = self.data.guests_of_domain.get(row.domain.as_str());
        let others = of_domain
            .into_iter()
            .flatten()
            .filter_map(|id| self.data.guests.get(id));
        let others =
            others.filter(|guest| person.is_none_or(|person| person.guest.id != guest.guest.id));
        person.into_iter().chain(others).take(most).collect()
    }

    /// How many guests come from the focused request's domain.
    pub fn linked_guest_count(&self) -> usize {
        let domain = self.looked_at_request().map(|row| row.domain.as_str());
        domain
            .and_then(|domain| self.data.guests_of_domain.get(domain))
            .map_or(0, Vec::len)
    }
}
