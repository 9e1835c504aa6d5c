//! The journal's records.
use jiff::Timestamp;
/// k
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// i
    Intent,
    /// o
    Outcome,
}
/// r
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Record {
    pub seq: u64,
    pub time: Timestamp,
    pub kind: Kind,
    pub act: String,
    pub target: String,
    pub target_name: String,
    pub actor: String,
    pub reason: Option<String>,
    pub outcome: Option<String>,
    pub detail: Option<String>,
    pub client_request_id: String,
    pub request_id: Option<String>,
}
