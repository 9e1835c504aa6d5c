//! Assignment policies with their stages and questions, as Graph prints them.

use serde_json::{Value, json};

use super::data::{PolicyData, QuestionData, StageData};
use super::governance::object;
use super::{SeedKeys, StartError};
use crate::emulator::ids::derived;
use crate::emulator::packages::RoleOrScope;
use crate::emulator::policies::{AssignmentPolicy, QUESTION};
use crate::emulator::world::{TenantWorld, stamp};

pub(super) fn policy_of(
    world: &TenantWorld,
    keys: &mut SeedKeys,
    data: &PolicyData,
    created: jiff::Timestamp,
) -> Result<AssignmentPolicy, StartError> {
    let id = keys.add("policy", &data.key);
    let targets = data
        .targets
        .iter()
        .map(|key| {
            let id = keys.get("organization", key)?;
            let name = world
                .organizations
                .get(id)
                .and_then(|organization| organization.doc.get("displayName"));
            Ok(json!({
                "@odata.type": "#microsoft.graph.connectedOrganizationMembers",
                "connectedOrganizationId": id,
                "description": name,
            }))
        })
        .collect::<Result<Vec<_>, StartError>>()?;
    let stages = data
        .stages
        .iter()
        .map(|stage| stage_of(world, keys, stage))
        .collect::<Result<Vec<_>, _>>()?;
    let questions = data
        .questions
        .iter()
        .enumerate()
        .map(|(sequence, question)| question_of(id, sequence, question))
        .collect();
    Ok(AssignmentPolicy {
        id,
        package: keys.get("package", &data.package)?,
        doc: object(json!({
            "id": id,
            "displayName": data.display_name,
            "description": data.description,
            "allowedTargetScope": data.scope,
            "specificAllowedTargets": targets,
            "expiration": {
                "endDateTime": null,
                "duration": data.lasts,
                "type": if data.lasts.is_some() { "afterDuration" } else { "noExpiration" },
            },
            "requestorSettings": {
                "enableTargetsToSelfAddAccess": data.open,
                "enableTargetsToSelfUpdateAccess": false,
                "enableTargetsToSelfRemoveAccess": data.open,
                "allowCustomAssignmentSchedule": false,
                "enableOnBehalfRequestorsToAddAccess": false,
                "enableOnBehalfRequestorsToUpdateAccess": false,
                "enableOnBehalfRequestorsToRemoveAccess": false,
                "onBehalfRequestors": [],
            },
            "requestApprovalSettings": {
                "isApprovalRequiredForAdd": !data.stages.is_empty(),
                "isApprovalRequiredForUpdate": false,
                "isRequestorJustificationRequired": data.requestor_justification,
                "stages": stages,
            },
            "reviewSettings": null,
            "automaticRequestSettings": null,
            "notificationSettings": {"isAssignmentNotificationDisabled": false},
            "createdDateTime": stamp(created),
            "modifiedDateTime": stamp(created),
        })),
        questions,
    })
}

fn stage_of(world: &TenantWorld, keys: &SeedKeys, data: &StageData) -> Result<Value, StartError> {
    let people = |all: &[String]| {
        all.iter()
            .map(|key| {
                if let Some(key) = key.strip_prefix("group:") {
                    let id = keys.get("group", key)?;
                    return Ok(json!({
                        "@odata.type": "#microsoft.graph.groupMembers",
                        "groupId": id,
                        "description": world.groups.get(id).map(|group| &group.display_name),
                    }));
                }
                let id = keys.get("user", key)?;
                Ok(json!({
                    "@odata.type": "#microsoft.graph.singleUser",
                    "userId": id,
                    "description": world.user(id).map(|user| &user.display_name),
                }))
            })
            .collect::<Result<Vec<_>, StartError>>()
    };
    Ok(json!({
        "durationBeforeAutomaticDenial": data.deny_after,
        "isApproverJustificationRequired": data.justification,
        "isEscalationEnabled": false,
        "durationBeforeEscalation": "PT0S",
        "primaryApprovers": people(&data.approvers)?,
        "fallbackPrimaryApprovers": people(&data.fallback)?,
        "escalationApprovers": [],
        "fallbackEscalationApprovers": [],
    }))
}

fn question_of(policy: uuid::Uuid, sequence: usize, data: &QuestionData) -> RoleOrScope {
    let mut doc = object(json!({
        "id": derived(&data.text, policy),
        "isRequired": data.required,
        "isAnswerEditable": true,
        "sequence": sequence,
        "text": data.text,
        "localizations": [],
    }));
    let own = if data.choices.is_empty() {
        json!({
            "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
            "isSingleLineQuestion": !data.long,
            "regexPattern": null,
        })
    } else {
        let choices: Vec<Value> = data
            .choices
            .iter()
            .map(|choice| json!({"actualValue": choice, "text": choice, "localizations": []}))
            .collect();
        json!({
            "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion",
            "isMultipleSelectionAllowed": false,
            "choices": choices,
        })
    };
    doc.extend(object(own));
    RoleOrScope {
        kind: &QUESTION,
        doc,
    }
}
