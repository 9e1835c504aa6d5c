//! Requests that came while somebody watched and were not looked at yet.

use super::Inventory;
use crate::domain::id::RequestId;
use crate::domain::request::Request;

impl Inventory {
    /// Some pending requests have come in: those nobody has seen before are new, once a first load has ended.
    pub(super) fn came(&mut self, page: &[Request]) {
        if !self.loads.requests.ever() {
            return;
        }
        for request in page.iter().filter(|request| request.pending()) {
            if self.requests.get(&request.id).is_none() && self.arrivals.insert(request.id.clone())
            {
                self.arrived += 1;
            }
        }
    }

    /// A load of the queue has ended: what is gone is no news. Gives how many came in it, once.
    pub fn arrived(&mut self) -> usize {
        let requests = &self.requests;
        let waits = |id: &RequestId| requests.get(id).is_some_and(|row| row.request.pending());
        self.arrivals.retain(|id| waits(id));
        std::mem::take(&mut self.arrived)
    }
}
