//! Approvals and their stages: `accessPackageAssignmentApprovals`. An approval has the id of its request.
//! Reading and deciding them is for signed-in people only, never for an app (approvalstage-update).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::ENTITLEMENT;
use super::call::{Call, Response};
use super::json::{self, FromWire};
use crate::domain::id::{RequestId, StageId, UserId};
use crate::domain::problem::Problem;
use crate::domain::request::{ReviewResult, Stage, StageStatus};
use crate::domain::text::{self, Text};

/// A stage with who decided it, which tells one's own verdict from another's of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// The stage.
    pub stage: Stage,
    /// Who decided; `None` until somebody has.
    pub by: Option<UserId>,
}

/// The approval of one request, with its stages inline (approval-get).
pub fn one(id: &RequestId) -> Call {
    Call::get(format!(
        "{ENTITLEMENT}/accessPackageAssignmentApprovals/{id}"
    ))
}

/// The verdict on one stage. Sent as a verb, read back as a participle (approvalstage-update).
pub fn decide(id: &RequestId, stage: &StageId, approve: bool, why: &str) -> Call {
    let verb = if approve { "Approve" } else { "Deny" };
    Call::patch(
        format!("{ENTITLEMENT}/accessPackageAssignmentApprovals/{id}/stages/{stage}"),
        json!({ "reviewResult": verb, "justification": why }),
    )
}

/// The stages in an answer to [`one`], in order.
pub fn read(answer: &Response) -> Result<Vec<Reviewed>, Problem> {
    #[derive(Deserialize)]
    struct StagesWire {
        stages: Option<Vec<ReviewedWire>>,
        value: Option<Vec<ReviewedWire>>,
    }
    let StagesWire { stages, value } = answer.decode()?;
    let stages = stages.or(value).ok_or_else(|| json::odd(answer))?;
    Ok(stages.into_iter().filter_map(Reviewed::read).collect())
}

/// The stages alone.
pub fn stages(reviewed: Vec<Reviewed>) -> Vec<Stage> {
    reviewed
        .into_iter()
        .map(|reviewed| reviewed.stage)
        .collect()
}

/// A stage's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewedWire {
    id: StageId,
    #[serde(default)]
    status: StageStatus,
    #[serde(default)]
    review_result: ReviewResult,
    #[serde(default, deserialize_with = "json::flag")]
    assigned_to_me: bool,
    #[serde(default, deserialize_with = "json::maybe")]
    reviewed_by: Option<IdentityWire>,
    #[serde(default, deserialize_with = "json::when")]
    reviewed_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "text::long")]
    justification: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentityWire {
    #[serde(default, deserialize_with = "json::maybe")]
    id: Option<UserId>,
    #[serde(default)]
    display_name: Text,
    #[serde(default)]
    user_principal_name: Text,
    #[serde(default)]
    mail: Text,
    #[serde(default)]
    email: Text,
    #[serde(default)]
    principal_name: Text,
    /// An `identitySet` holds the identity one deeper.
    #[serde(default, deserialize_with = "json::maybe")]
    user: Option<Box<IdentityWire>>,
    #[serde(default, deserialize_with = "json::maybe")]
    application: Option<Box<IdentityWire>>,
}

impl IdentityWire {
    /// The id and the name; neither where this is nobody yet.
    fn read(self) -> (Option<UserId>, Text) {
        let name = json::first([
            self.display_name,
            self.user_principal_name,
            self.principal_name,
            self.mail,
            self.email,
        ]);
        let id = self.id.filter(|id| !nobody(id));
        match (id, self.user.or(self.application)) {
            (None, Some(inner)) if name.is_empty() => inner.read(),
            (Some(id), _) if name.is_empty() => {
                let name = Text::new(&format!("a user (id {id})"));
                (Some(id), name)
            }
            (id, _) => (id, name),
        }
    }
}

impl FromWire for Reviewed {
    type Wire = ReviewedWire;

    fn read(wire: ReviewedWire) -> Option<Self> {
        let who = wire.reviewed_by.map(IdentityWire::read);
        let (by, reviewer) = who.unwrap_or_default();
        Some(Self {
            stage: Stage {
                id: wire.id,
                status: wire.status,
                result: wire.review_result,
                mine: wire.assigned_to_me,
                reviewer,
                reviewed: wire.reviewed_date_time,
                justification: wire.justification,
            },
            by,
        })
    }
}

/// An id of nothing but zeros stands for "nobody yet" (approvalstage).
fn nobody(id: &UserId) -> bool {
    id.as_str().bytes().all(|b| matches!(b, b'0' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decided_is_named_however_many_names_come() {
        for (who, name) in [
            (
                json!({ "displayName": "Zed", "userPrincipalName": "z@a.b", "mail": "z@a.b" }),
                "Zed",
            ),
            (
                json!({ "displayName": null, "userPrincipalName": "u@a.b", "email": "e@a.b" }),
                "u@a.b",
            ),
            (json!({ "mail": "m@a.b", "email": "e@a.b" }), "m@a.b"),
            (json!({ "displayName": 7, "extra": [], "id": null }), "7"),
            (json!({ "id": "u1", "displayName": null }), "a user (id u1)"),
            (json!({ "id": "00000000-0000-0000-0000-000000000000" }), ""),
            (
                json!({ "user": { "id": "u1", "displayName": "Ada" }, "application": null }),
                "Ada",
            ),
            (json!(null), ""),
        ] {
            let wire = json!({ "id": "s1", "reviewResult": "Approved", "reviewedBy": who });
            let read = Reviewed::read(serde_json::from_value(wire).unwrap()).unwrap();
            assert_eq!(read.stage.reviewer.as_str(), name);
        }
    }
}
