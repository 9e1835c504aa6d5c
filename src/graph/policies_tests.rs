//! What policies say, as Graph sends them and as people read them.

use serde_json::{Value, json};

use super::approvals::Reviewed;
use super::json::FromWire as _;
use crate::domain::policy::Policy;
use crate::domain::request::Request;

fn policy(settings: &Value, more: &Value) -> Policy {
    let mut wire = json!({
        "id": "p1",
        "displayName": "P",
        "allowedTargetScope": "allExternalUsers",
        "requestorSettings": { "enableTargetsToSelfAddAccess": true },
        "requestApprovalSettings": settings,
    });
    for (key, value) in more.as_object().unwrap() {
        wire[key] = value.clone();
    }
    Policy::read(serde_json::from_value(wire).unwrap()).unwrap()
}

fn approved_by(who: &Value) -> String {
    let stage = json!({ "primaryApprovers": [who] });
    let settings = json!({ "isApprovalRequiredForAdd": true, "stages": [stage] });
    policy(&settings, &json!({})).sentences()[1].clone()
}

/// With the kinds of the service's own description (subjectset).
#[test]
fn every_kind_of_approver_is_said_as_what_it_is() {
    let kinds = [
        (
            json!({ "@odata.type": "#microsoft.graph.requestorManager" }),
            "the requestor's manager",
        ),
        (
            json!({ "@odata.type": "microsoft.graph.requestorManager", "managerLevel": 1 }),
            "the requestor's manager",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 2 }),
            "the manager of the requestor's manager (level 2)",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.targetManager", "managerLevel": 3 }),
            "the recipient's manager 3 levels up",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.internalSponsors" }),
            "internal sponsors of the requestor's organization",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.externalSponsors" }),
            "external sponsors of the requestor's organization",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.targetUserSponsors" }),
            "the sponsors of the recipient's account",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.singleUser", "userId": "u1", "description": null }),
            "a user (id u1)",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.groupMembers", "groupId": "g1" }),
            "a group (id g1)",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.groupMembers", "description": "Buyers" }),
            "the group Buyers",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.attributeRuleMembers", "membershipRule": "(user.city -eq \"Lyon\")" }),
            "whoever the rule (user.city -eq \"Lyon\") fits",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.singleServicePrincipal", "description": "Robot" }),
            "the app Robot",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.targetApplicationOwners" }),
            "the owners of the recipient app",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.targetAgentIdentitySponsorsOrOwners" }),
            "the sponsors or owners of the recipient agent",
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.newKind" }),
            "others (newKind)",
        ),
    ];
    for (who, words) in kinds {
        assert_eq!(approved_by(&who), format!("Approved by {words}."));
    }
}

#[test]
fn nothing_is_given_at_once_where_approval_is_asked_for_or_not_spoken_of() {
    let dynamic = json!({
        "@odata.type": "#microsoft.graph.accessPackageDynamicApprovalStage",
        "durationBeforeAutomaticDenial": "P7D",
    });
    for (settings, short, words) in [
        (
            json!({ "isApprovalRequiredForAdd": true, "stages": [] }),
            "approval",
            "Approval is asked for; Graph does not show by whom.",
        ),
        (
            json!({ "isApprovalRequiredForAdd": true, "stages": null }),
            "approval",
            "Approval is asked for; Graph does not show by whom.",
        ),
        (
            json!({ "isApprovalRequiredForAdd": true, "stages": [dynamic] }),
            "1 stage",
            "Approved by whom a custom extension finds when somebody asks, denied by itself after 7 days.",
        ),
        (
            json!({ "isApprovalRequiredForAdd": true, "stages": [{ "primaryApprovers": [] }] }),
            "1 stage",
            "Approved by approvers that Graph does not show.",
        ),
        (
            json!(null),
            "not said",
            "Whether somebody approves is not said.",
        ),
        (
            json!({ "isApprovalRequiredForAdd": null }),
            "not said",
            "Whether somebody approves is not said.",
        ),
        (
            json!({ "isApprovalRequiredForAdd": false }),
            "no approval",
            "Nobody approves: access is given at once.",
        ),
    ] {
        let policy = policy(&settings, &json!({}));
        assert_eq!(policy.approval_short(), short);
        assert_eq!(policy.sentences()[1], words);
        let one = policy.sentence();
        let free = policy.approval_required == Some(false);
        assert_eq!(one.contains("without approval"), free, "{one}");
        assert!(!one.contains("nobody") && !one.contains("at once"), "{one}");
    }
}

#[test]
fn everybody_who_can_decide_is_named() {
    let group =
        |name| json!({ "@odata.type": "#microsoft.graph.groupMembers", "description": name });
    let stage = json!({
        "primaryApprovers": [{ "@odata.type": "#microsoft.graph.requestorManager" }],
        "fallbackPrimaryApprovers": [group("F")],
        "isEscalationEnabled": true,
        "durationBeforeEscalation": "P3D",
        "escalationApprovers": [group("E")],
        "fallbackEscalationApprovers": [group("G")],
    });
    let settings = json!({ "isApprovalRequiredForAdd": true, "stages": [stage] });
    assert_eq!(
        policy(&settings, &json!({})).sentences()[1],
        "Approved by the requestor's manager, the group F where those cannot be found, also the group E after 3 \
         days, the group G then where those cannot be found."
    );
}

#[test]
fn who_may_ask_is_said_as_it_is() {
    let others = json!([{ "@odata.type": "#microsoft.graph.requestorManager" }]);
    let settings = json!({ "isApprovalRequiredForAdd": false });
    for (more, first, second, open) in [
        (
            json!({ "automaticRequestSettings": { "requestAccessForAllowedTargets": true },
                "allowedTargetScope": "allMemberUsers", "requestorSettings": null,
                "specificAllowedTargets": [{ "@odata.type": "#microsoft.graph.attributeRuleMembers", "description": "Sales" }] }),
            "Nobody need ask: it is assigned by itself to whoever the rule \"Sales\" fits.",
            "Nobody approves: access is given at once.",
            false,
        ),
        (
            json!({ "requestorSettings": { "enableOnBehalfRequestorsToAddAccess": true, "onBehalfRequestors": others } }),
            "May ask: any external user.",
            "the requestor's manager may ask for them, who cannot ask for themselves.",
            true,
        ),
        (
            json!({ "requestorSettings": null }),
            "May ask: any external user.",
            "Closed: new requests are switched off.",
            false,
        ),
        (
            json!({ "allowedTargetScope": "notSpecified" }),
            "Nobody can ask: administrators assign it directly.",
            "Nobody approves: access is given at once.",
            false,
        ),
        (
            json!({ "allowedTargetScope": "allDirectoryAgentIdentities" }),
            "May ask: all agent identities.",
            "Nobody approves: access is given at once.",
            true,
        ),
    ] {
        let policy = policy(&settings, &more);
        let lines = policy.sentences();
        assert_eq!((lines[0].as_str(), lines[1].as_str()), (first, second));
        assert_eq!(policy.open(), open, "{first}");
    }
}

/// The service puts a stage of its own in front for somebody at risk, and a policy may have been edited since.
#[test]
fn a_request_says_how_many_stages_it_has_before_its_policy_does() {
    let group =
        |name| json!({ "@odata.type": "#microsoft.graph.groupMembers", "description": name });
    let stages = ["A", "B"].map(|name| json!({ "primaryApprovers": [group(name)] }));
    let policy = policy(
        &json!({ "isApprovalRequiredForAdd": true, "stages": stages }),
        &json!({}),
    );
    for (read, count, rules) in [
        (None, 2, [Some("the group A"), Some("the group B"), None]),
        (Some(0), 2, [Some("the group A"), Some("the group B"), None]),
        (Some(1), 1, [Some("the group A"), None, None]),
        (Some(2), 2, [Some("the group A"), Some("the group B"), None]),
        (Some(3), 3, [None, Some("the group A"), Some("the group B")]),
    ] {
        let wire = serde_json::from_value(json!({ "id": "r1" })).unwrap();
        let mut request = Request::read(wire).unwrap();
        let stage = || Reviewed::read(serde_json::from_value(json!({ "id": "s1" })).unwrap());
        request.stages = read.map(|n| (0..n).filter_map(|_| Some(stage()?.stage)).collect());
        assert_eq!(request.stage_count(Some(&policy)), count, "{read:?}");
        let said =
            [1, 2, 3].map(|number| Some(request.stage_rules(&policy, number)?.deciders(None)));
        assert_eq!(
            said,
            rules.map(|words| words.map(str::to_owned)),
            "{read:?}"
        );
    }
}
