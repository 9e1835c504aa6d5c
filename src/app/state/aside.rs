//! What is read beside the lists.

use std::collections::HashSet;

use crate::domain::id::{RequestId, UserId};
use crate::inventory::research::Research;

/// What is read beside the lists.
#[derive(Debug, Default)]
pub(in crate::app) struct Aside {
    /// What is found out, one thing at a time.
    pub(in crate::app) research: Research,
    /// What is read of the rows in sight.
    pub(in crate::app) sight: RowsInSight,
}

/// What is read of the rows in sight.
#[derive(Debug, Default)]
pub(in crate::app) struct RowsInSight {
    /// What the worker was told to read first.
    pub(in crate::app) first: Vec<RequestId>,
    /// Past requests whose stages were asked for; not again before a refresh.
    pub(in crate::app) stages_asked: HashSet<RequestId>,
    /// Guests whose Detail could not be read; not asked for again before a refresh.
    pub(in crate::app) guests_failed: HashSet<UserId>,
}

impl RowsInSight {
    /// What was asked for, and what failed, is asked for again.
    pub(in crate::app) fn renew(&mut self) {
        self.stages_asked.clear();
        self.guests_failed.clear();
    }
}
