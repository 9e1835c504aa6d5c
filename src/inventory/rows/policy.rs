//! A row of the policies pane.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::caseless;
use crate::domain::id::PolicyId;
use crate::domain::policy::Policy;
use crate::inventory::filter::Measure;
use crate::inventory::table::Row;

/// A policy.
#[derive(Clone, Debug)]
pub struct PolicyRow {
    /// The policy.
    pub policy: Policy,
    /// Pending requests it governs.
    pub pending: usize,
}

impl Row for PolicyRow {
    type Id = PolicyId;
    type Scope = ();
    const COLUMNS: &'static [&'static str] = &[
        "package", "name", "who", "approval", "length", "door", "pending",
    ];

    fn id(&self) -> &PolicyId {
        &self.policy.id
    }

    fn cell(&self, column: &'static str) -> Cow<'_, str> {
        let policy = &self.policy;
        match column {
            "package" => Cow::Borrowed(&policy.package_name),
            "name" => Cow::Borrowed(&policy.name),
            "who" => Cow::Borrowed(policy.scope.short()),
            "approval" => Cow::Owned(policy.approval_short()),
            "length" => Cow::Owned(policy.expiration.short()),
            "door" => Cow::Borrowed(policy.door()),
            "pending" => Cow::Owned(self.pending.to_string()),
            _ => Cow::Borrowed(""),
        }
    }

    fn words(&self, into: &mut String) {
        for column in ["package", "name", "who", "approval", "length", "door"] {
            into.push_str(&self.cell(column));
            into.push('\n');
        }
    }

    fn measure(&self, column: &'static str) -> Option<Measure> {
        (column == "pending")
            .then(|| Measure::Count(i64::try_from(self.pending).unwrap_or(i64::MAX)))
    }

    fn compare(&self, other: &Self, column: &'static str) -> Ordering {
        match column {
            "pending" => other.pending.cmp(&self.pending),
            "package" => caseless(&self.policy.package_name, &other.policy.package_name)
                .then_with(|| caseless(&self.policy.name, &other.policy.name)),
            _ => caseless(&self.cell(column), &other.cell(column)),
        }
    }
}
