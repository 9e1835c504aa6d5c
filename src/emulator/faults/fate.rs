//! Which request an exchange has sent on its way, for what becomes of its delivery.

use serde_json::Value;
use uuid::Uuid;

use crate::emulator::call::Body;
use crate::emulator::service::{Incoming, Outgoing};

/// The request that an exchange has sent on its way: one that was made, decided or reprocessed.
pub(super) fn request(incoming: &Incoming, reply: &Outgoing) -> Option<Uuid> {
    if !(200..300).contains(&reply.status) {
        return None;
    }
    let segments: Vec<&str> = incoming.path().split('/').collect();
    let after = |name: &str| {
        let at = segments
            .iter()
            .position(|segment| segment.eq_ignore_ascii_case(name))?;
        segments.get(at + 1).copied()
    };
    let made = match &reply.body {
        Body::Json(made) => made.get("id").and_then(Value::as_str),
        _ => None,
    };
    let id = match incoming.method.as_str() {
        "PATCH" => after("accessPackageAssignmentApprovals"),
        "POST" => after("assignmentRequests").or(made),
        _ => None,
    };
    Uuid::parse_str(id?).ok()
}
