//! What somebody holds, or held: assignments of packages, and the groups they are in.

use jiff::{SignedDuration, Timestamp};

use super::id::PackageId;
use super::text::Text;
use super::word::words;

words! {
    /// Where an assignment stands (`accessPackageAssignmentState`).
    AccessState {
        /// Being handed out.
        Delivering = "delivering",
        /// Part of it is there.
        PartiallyDelivered = "partiallyDelivered",
        /// It is there.
        Delivered = "delivered",
        /// It has ended, by itself or by somebody's hand.
        Expired = "expired",
        /// Nothing of it could be handed out.
        DeliveryFailed = "deliveryFailed",
    }
}

/// One assignment of a package to somebody (`accessPackageAssignment`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The package.
    pub package: Option<PackageId>,
    /// Its name.
    pub package_name: Text,
    /// Where it stands.
    pub state: AccessState,
    /// From when on it was to hold.
    pub since: Option<Timestamp>,
    /// Until when it was to hold.
    pub until: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

/// How access came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// Its time was over.
    RanOut,
    /// Somebody took it away, or gave it back, before its time was over.
    TakenAway,
    /// It could never be handed out.
    Failed,
}

impl Ending {
    /// In a sentence: `it ran out`.
    pub fn words(self) -> &'static str {
        match self {
            Self::RanOut => "it ran out",
            Self::TakenAway => "it was taken away or given back before its time",
            Self::Failed => "it could not be delivered",
        }
    }
}

impl Access {
    /// Whether it gives something now.
    pub fn holds(&self) -> bool {
        matches!(
            self.state,
            AccessState::Delivered | AccessState::PartiallyDelivered | AccessState::Delivering
        )
    }

    /// How it ended; `None` while it has not. Graph does not say it: an end well before the planned one was made
    /// by somebody, and the service takes its time over the planned one.
    pub fn ending(&self) -> Option<Ending> {
        const SLACK: SignedDuration = SignedDuration::from_hours(24);
        match self.state {
            AccessState::DeliveryFailed => Some(Ending::Failed),
            AccessState::Expired => Some(match (self.ended, self.until) {
                (Some(ended), Some(until)) if until.duration_since(ended) > SLACK => {
                    Ending::TakenAway
                }
                (Some(_), None) => Ending::TakenAway,
                _ => Ending::RanOut,
            }),
            _ => None,
        }
    }
}

/// What is known of somebody's access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Their assignments, those that have ended too.
    pub access: Vec<Access>,
    /// The groups they are in, as ids; `None` where that was not asked or cannot be read.
    pub groups: Option<Vec<Text>>,
}

/// What must not be held together with a package (`incompatibleAccessPackages`, `accessPackagesIncompatibleWith`,
/// `incompatibleGroups`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incompatible {
    /// Packages, with their names.
    pub packages: Vec<(PackageId, Text)>,
    /// Groups by id, with their names.
    pub groups: Vec<(Text, Text)>,
}

impl Incompatible {
    /// Whether nothing is excluded.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.groups.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_before_its_time_was_made_by_somebody() {
        let at = |day: i64| Some(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day));
        let access = |state: AccessState, until, ended| Access {
            package: None,
            package_name: "Supplier Hub".into(),
            state,
            since: at(0),
            until,
            ended,
        };
        for (until, ended, ending) in [
            (at(30), at(30), Ending::RanOut),
            (at(30), at(29), Ending::RanOut),
            (at(30), at(12), Ending::TakenAway),
            (None, at(12), Ending::TakenAway),
            (at(30), None, Ending::RanOut),
        ] {
            let one = access(AccessState::Expired, until, ended);
            assert_eq!(one.ending(), Some(ending), "{until:?} {ended:?}");
            assert!(!one.holds());
        }
        assert_eq!(access(AccessState::Delivered, at(30), None).ending(), None);
        let failed = access(AccessState::DeliveryFailed, None, None);
        assert_eq!(failed.ending(), Some(Ending::Failed));
    }
}
