//! The client of Microsoft Graph: [`transport`] carries calls, one file a Graph resource turns JSON into the
//! domain's words. No call goes to an [`area`] that asked to be left alone. Reads know patience ([`read`], [`pages`],
//! [`batch`]); writes are carried once and judged by `worker::write`, which alone decides whether something may be
//! sent again.
//!
//! It stands on `signin` (whose token goes with each call, and whose rules say where it may go), and `signin` never
//! on it.

pub mod access;
pub mod address;
pub mod approvals;
pub mod area;
pub mod batch;
pub mod borders;
pub mod call;
pub mod deliveries;
mod envelope;
pub mod failure;
pub mod greet;
pub mod invitations;
mod json;
pub mod organizations;
pub mod packages;
pub mod pages;
pub mod patience;
pub mod policies;
#[cfg(test)]
mod policies_tests;
pub mod probe;
pub mod read;
pub mod request_acts;
pub mod requests;
pub mod tenant;
pub mod transport;
pub mod users;

pub use call::{Call, Response};
pub use json::FromWire;
pub use patience::Patience;
pub use read::Say;
pub use transport::{Client, ClientConfig};

/// Where entitlement management lives below the version.
const ENTITLEMENT: &str = "/identityGovernance/entitlementManagement";
