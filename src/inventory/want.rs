//! What is wanted of the tenant, and the reads that bring it.

use super::load::Listed;
use super::view::{Base, QueueScope};
use crate::domain::id::RequestId;
use crate::worker::protocol::{Ask, Beside};

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// What a view shows, and what its rows are judged by.
    View {
        /// Which requests.
        scope: QueueScope,
        /// All guests too, to see who is one already.
        guests: bool,
    },
    /// Some requests with their stages, in whatever state they are.
    These {
        /// Which.
        requests: Vec<RequestId>,
        /// What is wanted beside them.
        beside: Beside,
    },
}

/// A read, and the lists it loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRead {
    /// What is asked.
    pub ask: Ask,
    /// The lists its answers fill.
    pub lists: Vec<Listed>,
    /// Where it fails, the others are worth having all the same.
    pub optional: bool,
}

impl ListRead {
    fn list(listed: Listed, optional: bool) -> Option<Self> {
        Some(Self {
            ask: listed.asking()?,
            lists: vec![listed],
            optional,
        })
    }
}

impl Base {
    /// Whether it shows requests that wait.
    pub fn waits(self) -> bool {
        match self {
            Self::Mine | Self::Pending | Self::All => true,
            Self::Failed | Self::Scheduled | Self::Today => false,
        }
    }
}

impl Want {
    /// The reads that bring it, in their order.
    pub fn reads(self) -> Vec<ListRead> {
        match self {
            Self::View { scope, guests } => {
                let waits = scope.base.waits();
                let beyond = scope.beyond().map(|which| {
                    let ask = Ask::Beyond(which);
                    let lists = Listed::asked(&ask).into_iter().collect();
                    ListRead {
                        ask,
                        lists,
                        optional: false,
                    }
                });
                [
                    ListRead::list(Listed::Session, false),
                    ListRead::list(Listed::Policies, true),
                    // For a view of what has ended, what waits is not read.
                    ListRead::list(Listed::Requests, false).filter(|_| waits),
                    ListRead::list(Listed::Past, true).filter(|_| waits),
                    ListRead::list(Listed::Guests, true).filter(|_| waits && guests),
                    beyond,
                ]
                .into_iter()
                .flatten()
                .collect()
            }
            Self::These { requests, beside } => {
                let (session, lists) = match beside {
                    Beside::Nothing => (None, vec![Listed::Requests]),
                    Beside::Policies => (None, vec![Listed::Policies, Listed::Requests]),
                    Beside::Lists => (
                        ListRead::list(Listed::Session, false),
                        vec![Listed::Policies, Listed::Past, Listed::Requests],
                    ),
                };
                let these = ListRead {
                    ask: Ask::Chosen { requests, beside },
                    lists,
                    optional: false,
                };
                session.into_iter().chain([these]).collect()
            }
        }
    }
}
