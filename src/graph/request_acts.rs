//! What can be done with requests besides deciding them: cancel, reprocess, remove, and assigning directly.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::ENTITLEMENT;
use super::call::{Call, Response, quoted};
use super::json::{self, FromWire};
use crate::domain::assignment::{Assignee, Assignment};
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::problem::Problem;
use crate::domain::request::Request;
use crate::domain::text::Text;

/// Cancels a request; for signed-in people only (accesspackageassignmentrequest-cancel).
pub fn cancel(id: &RequestId) -> Call {
    Call::act(format!("{ENTITLEMENT}/assignmentRequests/{id}/cancel"))
}

/// Has a failed delivery tried again (accesspackageassignmentrequest-reprocess).
pub fn reprocess(id: &RequestId) -> Call {
    Call::act(format!("{ENTITLEMENT}/assignmentRequests/{id}/reprocess"))
}

/// Removes the record of a request that was denied or completed (accesspackageassignmentrequest-delete).
pub fn remove(id: &RequestId) -> Call {
    Call::delete(format!("{ENTITLEMENT}/assignmentRequests/{id}"))
}

/// Gives somebody a package who did not ask: a request of the type `adminAdd`
/// (entitlementmanagement-post-assignmentrequests). Graph is asked to pass over approval only where that is meant
/// (accesspackageassignmentrequestparameters).
pub fn assign(assignment: &Assignment, why: &str) -> Call {
    let mut body = Map::new();
    body.insert("requestType".into(), "adminAdd".into());
    if !why.is_empty() {
        body.insert("justification".into(), why.into());
    }
    let mut given = json!({
        "assignmentPolicyId": assignment.policy,
        "accessPackageId": assignment.package,
    });
    match &assignment.who {
        Assignee::Guest(id) => given["targetId"] = json!(id),
        Assignee::Address(mail) => given["target"] = json!({ "email": mail }),
    }
    body.insert("assignment".into(), given);
    if assignment.bypass {
        body.insert("parameters".into(), json!({ "bypassApproval": true }));
    }
    Call::post(
        format!("{ENTITLEMENT}/assignmentRequests"),
        Value::Object(body),
    )
}

/// Requests for a package that were made since then (entitlementmanagement-list-assignmentrequests).
pub fn made_since(package: &PackageId, since: Timestamp) -> Call {
    let filter = format!(
        "accessPackage/id eq {} and createdDateTime ge {}",
        quoted(package.as_str()),
        since.strftime("%Y-%m-%dT%H:%M:%SZ")
    );
    Call::get(format!("{ENTITLEMENT}/assignmentRequests"))
        .query("$expand", "requestor,accessPackage")
        .query("$filter", &filter)
}

/// The requests in an answer to [`made_since`].
pub fn read_made(answer: &Response) -> Result<Vec<Request>, Problem> {
    Ok(json::collection::<Request>(answer)?.rows)
}

/// Somebody's assignments to a package (entitlementmanagement-list-assignments).
pub fn held(package: &PackageId, user: &UserId) -> Call {
    let filter = format!(
        "accessPackage/id eq {} and target/objectId eq {}",
        quoted(package.as_str()),
        quoted(user.as_str())
    );
    Call::get(format!("{ENTITLEMENT}/assignments")).query("$filter", &filter)
}

/// Whether an answer to [`held`] has an assignment that gives access, or is about to.
pub fn read_held(answer: &Response) -> Result<bool, Problem> {
    let rows = json::collection::<AssignmentState>(answer)?.rows;
    let gives = ["delivering", "delivered", "partiallyDelivered"];
    Ok(rows
        .iter()
        .any(|row| gives.iter().any(|word| row.0.eq_ignore_ascii_case(word))))
}

/// An assignment's state.
struct AssignmentState(Text);

#[derive(Deserialize)]
struct AssignmentStateWire {
    #[serde(default)]
    state: Text,
}

impl FromWire for AssignmentState {
    type Wire = AssignmentStateWire;

    fn read(wire: AssignmentStateWire) -> Option<Self> {
        Some(Self(wire.state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::PolicyId;

    #[test]
    fn approval_is_asked_to_be_bypassed_only_where_that_is_meant() {
        for bypass in [false, true] {
            let call = assign(
                &Assignment {
                    package: PackageId::new("p").unwrap(),
                    policy: PolicyId::new("q").unwrap(),
                    who: Assignee::Address("ada@fabrikam.com".into()),
                    asked: Timestamp::UNIX_EPOCH,
                    bypass,
                },
                "",
            );
            let body = call.body.unwrap();
            let asked = json!({ "bypassApproval": true });
            assert_eq!(body.get("parameters"), bypass.then_some(&asked));
        }
    }
}
