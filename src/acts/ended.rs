//! What an act comes to, for whoever counts.

/// What an outcome comes to, for whoever counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Not yet, or never sent.
    NotSent,
    /// Done as wanted.
    Done,
    /// Its first steps are done; what follows can be finished later.
    HalfDone,
    /// Decided by somebody else, or not needed any more.
    Elsewhere,
    /// Taken by Graph, and not known to have arrived.
    UnderWay,
    /// Taken by Graph, and not or only partly delivered.
    NotDelivered,
    /// Not done.
    Failed,
}

impl Ended {
    /// All, what one has to see to first.
    pub const ALL: [Self; 7] = [
        Self::Failed,
        Self::NotDelivered,
        Self::HalfDone,
        Self::NotSent,
        Self::Elsewhere,
        Self::UnderWay,
        Self::Done,
    ];

    /// Whether a row is finished with that ended so: nothing of it stays in the basket.
    pub fn settled(self) -> bool {
        match self {
            Self::Done | Self::HalfDone | Self::Elsewhere | Self::UnderWay | Self::NotDelivered => {
                true
            }
            Self::NotSent | Self::Failed => false,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotSent => "not sent",
            Self::Done => "done",
            Self::HalfDone => "half done",
            Self::Elsewhere => "elsewhere",
            Self::UnderWay => "on their way",
            Self::NotDelivered => "not delivered",
            Self::Failed => "failed",
        }
    }
}
