//! Deliveries that go another way than well: late, in part, or not at all. What is due is due by the emulated clock.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FateEnd {
    /// The access comes.
    #[default]
    Delivered,
    /// Part of it comes.
    Partly,
    /// None of it comes.
    Failed,
}

/// How a request will be delivered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeliveryFate {
    /// How it ends.
    pub end: FateEnd,
    /// The `status` it ends with; Graph's own word for the state where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What a custom extension says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How much later it comes.
    #[serde(default)]
    pub seconds: f64,
}

impl DeliveryFate {
    /// How much later.
    pub(super) fn late(&self) -> SignedDuration {
        SignedDuration::try_from_secs_f64(self.seconds).unwrap_or_default()
    }
}
