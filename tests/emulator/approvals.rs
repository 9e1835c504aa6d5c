//! Who may decide what, in which order, and what follows.

use serde_json::json;

use super::{EM, Graph, code};

const INGRID: &str = "ingrid.sorlie@fabrikam.com";
/// Decided by either gatekeeper, Adele or Miriam.
const HANH: &str = "hanh.nguyenthi@gmail.com";
/// Two stages: Adele, then Diego, who must say why.
const TWO: &str = "brandon.whitlock@c0ntoso.com";

#[test]
fn approving_the_only_stage_brings_the_guest_in() {
    let graph = Graph::start();
    let before = graph.pending(INGRID);
    assert_eq!(before["requestor"]["objectId"], json!(null));
    assert_eq!(graph.decide(&before, "Approve", "").0, 204);

    let after = graph.request(INGRID, "delivered");
    assert_eq!(after["status"], "Delivered");
    let stage = &after["stages"][0];
    assert_eq!(
        (&stage["reviewResult"], &stage["reviewedBy"]),
        (&json!("Approved"), &json!("adele@contoso.com"))
    );

    let id = after["requestor"]["objectId"].as_str().unwrap();
    let select = "displayName,userPrincipalName,userType,accountEnabled,externalUserState";
    let (_, user) = graph.get(&format!("users/{id}?$select={select}"));
    assert_eq!(user["displayName"], "Ingrid Sørlie");
    assert_eq!(user["externalUserState"], "PendingAcceptance");
    assert_eq!(
        user["userPrincipalName"],
        "ingrid.sorlie_fabrikam.com#EXT#@contoso.onmicrosoft.com"
    );
    let groups = graph.list(&format!("users/{id}/memberOf"));
    assert_eq!(groups[0]["@odata.type"], "#microsoft.graph.group");
    assert_eq!(groups[0]["displayName"], "Partner Portal Users");
    assert_eq!(
        graph.list(&format!("users/{id}/appRoleAssignments"))[0]["resourceDisplayName"],
        "Partner Portal"
    );

    let filter = format!("state eq 'Delivered' and target/objectid eq '{id}'");
    let assignments = graph.list(&format!(
        "{EM}/assignments?$expand=target,accessPackage&$filter={filter}"
    ));
    assert_eq!(assignments.len(), 1);
    assert_eq!(
        assignments[0]["schedule"]["expiration"]["endDateTime"],
        "2027-05-01T09:00:00Z"
    );
    // Nobody is mailed: they redeem by signing in.
    assert_eq!(graph.emulator().snapshot()["invitations"], json!([]));
}

#[test]
fn what_is_sent_is_a_verb_and_what_is_read_is_not() {
    let graph = Graph::start();
    let request = graph.pending(INGRID);
    assert_eq!(graph.decide(&request, "Approved", "").0, 400);
    assert_eq!(graph.decide(&request, "Deny", "not now").0, 204);
    let id = request["id"].as_str().unwrap();
    let (_, approval) = graph.get(&format!("{EM}/accessPackageAssignmentApprovals/{id}"));
    assert_eq!(approval["stages"][0]["reviewResult"], "Denied");
    assert_eq!(
        approval["stages"][0]["reviewedBy"]["displayName"],
        "Adele Vance"
    );
    assert_eq!(approval["stages"][0]["justification"], "not now");
    let denied = graph.request(INGRID, "denied");
    assert_eq!(denied["completedDateTime"], "2026-11-02T09:00:00Z");
}

#[test]
fn the_second_to_decide_is_told() {
    let mut graph = Graph::start();
    let request = graph.pending(HANH);
    let (id, stage) = (
        request["id"].as_str().unwrap(),
        request["stages"][0]["id"].as_str().unwrap(),
    );
    assert_eq!(graph.decide_stage(id, stage, "Approve", "").0, 204);
    graph.sign_in("miriam@contoso.com");
    let late = graph.decide_stage(id, stage, "Deny", "no order");
    assert_eq!(code(&late), (409, "Conflict"));
    assert!(
        late.1["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Adele Vance")
    );
    graph.request(HANH, "delivered");
}

#[test]
fn only_the_stage_s_own_approvers_decide() {
    let mut graph = Graph::start();
    let request = graph.pending("samuel.mbeki@relecloud.com");
    assert_eq!(
        code(&graph.decide(&request, "Approve", "x")),
        (403, "Authorization_RequestDenied")
    );
    graph.sign_in("nestor@contoso.com");
    // The policy wants to know why.
    assert_eq!(graph.decide(&request, "Approve", " ").0, 400);
    assert_eq!(graph.decide(&request, "Approve", "Letter checked.").0, 204);
}

#[test]
fn one_stage_after_the_other() {
    let mut graph = Graph::start();
    let request = graph.pending(TWO);
    let id = request["id"].as_str().unwrap();
    let second = request["stages"][1]["id"].as_str().unwrap();
    graph.sign_in("diego@contoso.com");
    assert_eq!(graph.decide_stage(id, second, "Approve", "early").0, 400);

    graph.sign_in("adele@contoso.com");
    assert_eq!(graph.decide(&request, "Approve", "").0, 204);
    let stages = graph.list(&format!(
        "{EM}/accessPackageAssignmentApprovals/{id}/stages"
    ));
    let seen: Vec<_> = stages
        .iter()
        .map(|stage| (&stage["status"], &stage["assignedToMe"]))
        .collect();
    assert_eq!(
        seen,
        [
            (&json!("Completed"), &json!(true)),
            (&json!("InProgress"), &json!(false))
        ]
    );
    graph.pending(TWO);
    assert_eq!(graph.decide_stage(id, second, "Approve", "mine?").0, 403);

    graph.sign_in("diego@contoso.com");
    assert_eq!(graph.decide_stage(id, second, "Approve", "").0, 400);
    assert_eq!(
        graph
            .decide_stage(id, second, "Approve", "Known from the fair.")
            .0,
        204
    );
    graph.request(TWO, "delivered");
}

#[test]
fn a_denial_ends_the_request() {
    let mut graph = Graph::start();
    let request = graph.pending(TWO);
    assert_eq!(graph.decide(&request, "Deny", "look-alike").0, 204);
    let denied = graph.request(TWO, "denied");
    graph.sign_in("diego@contoso.com");
    let (id, second) = (
        denied["id"].as_str().unwrap(),
        denied["stages"][1]["id"].as_str().unwrap(),
    );
    assert_eq!(graph.decide_stage(id, second, "Approve", "late").0, 409);
}

#[test]
fn nobody_in_time_is_a_denial() {
    let mut graph = Graph::start();
    let request = graph.pending("priyanka.raghunathan@alpineskihouse.com");
    let due = request["stages"][0]["deniedAutomaticallyAt"].clone();
    graph.advance_days(1);
    graph.pending("priyanka.raghunathan@alpineskihouse.com");
    graph.advance_days(1);
    let denied = graph.request("priyanka.raghunathan@alpineskihouse.com", "denied");
    assert_eq!(denied["stages"][0]["status"], "Expired");
    assert_eq!(denied["completedDateTime"], due);
    graph.sign_in("nestor@contoso.com");
    let (id, stage) = (
        denied["id"].as_str().unwrap(),
        denied["stages"][0]["id"].as_str().unwrap(),
    );
    assert_eq!(graph.decide_stage(id, stage, "Approve", "late").0, 409);
}

#[test]
fn the_inbox_of_an_approver() {
    let mut graph = Graph::start();
    let approvals =
        format!("{EM}/accessPackageAssignmentApprovals/filterByCurrentUser(on='approver')");
    let mine = graph.list(&approvals);
    assert_eq!(mine.len(), 16);
    assert_eq!(
        mine[0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["@odata.type", "id"]
    );
    let requests =
        format!("{EM}/assignmentRequests/filterByCurrentUser(on='approver')?$expand=requestor");
    assert_eq!(graph.list(&requests).len(), 16);
    graph.sign_in("nestor@contoso.com");
    assert_eq!(graph.list(&approvals).len(), 4);
    // Who only approves sees their own inbox and not everybody's.
    assert_eq!(graph.get(&format!("{EM}/assignmentRequests")).0, 403);
    let theirs = graph.list(&requests);
    assert_eq!(
        graph
            .get(&format!(
                "{EM}/assignmentRequests/{}",
                theirs[0]["id"].as_str().unwrap()
            ))
            .0,
        200
    );
}

#[test]
fn approvals_that_are_not() {
    let graph = Graph::start();
    let nobody = "00000000-0000-0000-0000-000000000000";
    assert_eq!(
        graph
            .get(&format!("{EM}/accessPackageAssignmentApprovals/{nobody}"))
            .0,
        404
    );
    assert_eq!(
        graph
            .get(&format!("{EM}/accessPackageAssignmentApprovals/nonsense"))
            .0,
        400
    );
    let auto = graph.request("ewa.nowak@adatum.com", "partiallyDelivered");
    assert_eq!(
        graph
            .get(&format!(
                "{EM}/accessPackageAssignmentApprovals/{}",
                auto["id"].as_str().unwrap()
            ))
            .0,
        404
    );
    let request = graph.pending(INGRID);
    let answer = graph.decide_stage(request["id"].as_str().unwrap(), nobody, "Approve", "");
    assert_eq!(answer.0, 404);
}
