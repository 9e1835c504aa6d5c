//! Requests beyond their approval: lists, direct assignment and removal, cancel, reprocess, arrivals.

use serde_json::{Value, json};

use super::{EM, Graph, code};

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

#[test]
fn listed_the_way_the_console_asks() {
    let graph = Graph::start();
    let expand = "requestor($expand=connectedOrganization),accessPackage,assignment($expand=assignmentPolicy)";
    let pending = graph.list(&format!(
        "{EM}/assignmentRequests?$filter=state eq 'pendingApproval'&$expand={expand}"
    ));
    assert_eq!(pending.len(), 24);
    let leila = pending
        .iter()
        .find(|row| row["requestor"]["displayName"] == "Leila Haddad")
        .unwrap();
    assert_eq!(leila["accessPackage"]["displayName"], "Supplier Hub");
    assert_eq!(
        leila["assignment"]["assignmentPolicy"]["displayName"],
        "New suppliers"
    );
    assert_eq!(leila["answers"][0]["displayValue"], "Lyon");
    // Not given yet, so it has no state of its own, and no list shows it.
    assert_eq!(leila["assignment"].get("state"), None);
    let (status, _) = graph.get(&format!("{EM}/assignments/{}", id(&leila["assignment"])));
    assert_eq!(status, 404);

    let package = id(&leila["accessPackage"]);
    let filter =
        format!("accessPackage/id eq '{package}' and createdDateTime ge 2026-11-01T00:00:00Z");
    let recent = graph.list(&format!(
        "{EM}/assignmentRequests?$filter={filter}&$expand=accessPackage"
    ));
    assert!(!recent.is_empty());
    assert!(
        recent
            .iter()
            .all(|row| row["createdDateTime"].as_str().unwrap() >= "2026-11-01")
    );
    assert_eq!(
        graph
            .list(&format!(
                "{EM}/assignmentRequests?$filter=state eq 'denied'"
            ))
            .len(),
        4
    );
}

#[test]
fn many_requests_come_in_pages() {
    let graph = Graph::with(guestlist::emulator::Config {
        requests: 230,
        guests: 50,
        ..Default::default()
    });
    let path = format!("{EM}/assignmentRequests?$filter=state eq 'pendingApproval'");
    assert_eq!(graph.get(&path).1["value"].as_array().unwrap().len(), 100);
    let all = graph.all(&path);
    let mut ids: Vec<&str> = all.iter().map(id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((all.len(), ids.len()), (230, 230));
}

#[test]
fn assigned_directly_and_removed() {
    let graph = Graph::start();
    let policies = graph.list(&format!("{EM}/assignmentPolicies?$expand=accessPackage"));
    let direct = policies
        .iter()
        .find(|policy| policy["allowedTargetScope"] == "notSpecified")
        .unwrap();
    let package = id(&direct["accessPackage"]);
    let user = &graph.list("users?$filter=mail eq 'leila.haddad@vanarsdelltd.com'&$select=id")[0];
    let body = json!({
        "requestType": "adminAdd",
        "assignment": {"targetId": id(user), "assignmentPolicyId": id(direct), "accessPackageId": package},
    });
    let (status, created) = graph.post(&format!("{EM}/assignmentRequests"), &body);
    assert_eq!((status, &created["state"]), (201, &json!("submitted")));
    let (_, read) = graph.get(&format!(
        "{EM}/assignmentRequests/{}?$expand=assignment",
        id(&created)
    ));
    assert_eq!(read["state"], "delivered");
    assert_eq!(graph.list(&format!("users/{}/memberOf", id(user))).len(), 1);
    // Not twice: but the service does not know a repeated request from a new one by its client-request-id either.
    assert_eq!(
        graph.post(&format!("{EM}/assignmentRequests"), &body).0,
        400
    );

    let remove =
        json!({"requestType": "adminRemove", "assignment": {"id": id(&read["assignment"])}});
    assert_eq!(
        graph.post(&format!("{EM}/assignmentRequests"), &remove).0,
        201
    );
    assert_eq!(graph.list(&format!("users/{}/memberOf", id(user))).len(), 0);
    let (_, ended) = graph.get(&format!("{EM}/assignments/{}", id(&read["assignment"])));
    assert_eq!(ended["state"], "expired");
}

#[test]
fn assigned_by_address_brings_a_guest() {
    let graph = Graph::start();
    let policy = &graph.list(&format!("{EM}/assignmentPolicies?$expand=accessPackage"))[0];
    let body = json!({
        "requestType": "adminAdd",
        "assignment": {
            "target": {"email": "new.person@tailspintoys.com"},
            "assignmentPolicyId": id(policy),
            "accessPackageId": id(&policy["accessPackage"]),
        },
    });
    assert_eq!(
        graph.post(&format!("{EM}/assignmentRequests"), &body).0,
        201
    );
    assert_eq!(
        graph
            .list("users?$filter=mail eq 'new.person@tailspintoys.com'")
            .len(),
        1
    );
}

#[test]
fn only_what_is_not_yet_done_can_be_canceled() {
    let graph = Graph::start();
    let cancel = |request: &Value| {
        graph.post(
            &format!("{EM}/assignmentRequests/{}/cancel", id(request)),
            &Value::Null,
        )
    };
    assert_eq!(cancel(&graph.pending("ingrid.sorlie@fabrikam.com")).0, 204);
    assert_eq!(
        cancel(&graph.request("yolanda.cruz@adatum.com", "scheduled")).0,
        204
    );
    assert_eq!(
        cancel(&graph.request("bjarne.holm@adatum.com", "submitted")).0,
        204
    );
    assert_eq!(
        cancel(&graph.request("ingrid.sorlie@fabrikam.com", "canceled")).0,
        400
    );
    assert_eq!(
        cancel(&graph.request("nadia.benali@fabrikam.com", "delivered")).0,
        400
    );
    let nobody = "00000000-0000-0000-0000-000000000000";
    assert_eq!(
        graph
            .post(
                &format!("{EM}/assignmentRequests/{nobody}/cancel"),
                &Value::Null
            )
            .0,
        404
    );
}

#[test]
fn only_what_failed_lately_is_processed_again() {
    let graph = Graph::start();
    let again = |request: &Value| {
        graph.post(
            &format!("{EM}/assignmentRequests/{}/reprocess", id(request)),
            &Value::Null,
        )
    };
    assert_eq!(
        again(&graph.request("ewa.nowak@adatum.com", "partiallyDelivered")).0,
        202
    );
    graph.request("ewa.nowak@adatum.com", "delivered");
    assert_eq!(
        again(&graph.request("joaquim.ferrao@adatum.com", "partiallyDelivered")).0,
        400
    );
    assert_eq!(again(&graph.pending("ingrid.sorlie@fabrikam.com")).0, 400);

    // He is blocked: the delivery fails until somebody unblocks him.
    let tariq = graph.request("tariq.mansour@adatum.com", "deliveryFailed");
    assert_eq!(again(&tariq).0, 202);
    graph.request("tariq.mansour@adatum.com", "deliveryFailed");
    let user = tariq["requestor"]["objectId"].as_str().unwrap();
    assert_eq!(
        graph
            .patch(&format!("users/{user}"), &json!({"accountEnabled": true}))
            .0,
        204
    );
    assert_eq!(again(&tariq).0, 202);
    graph.request("tariq.mansour@adatum.com", "delivered");
}

#[test]
fn only_the_record_of_what_has_ended_and_gave_nothing_is_removed() {
    let graph = Graph::start();
    let remove =
        |request: &Value| graph.delete(&format!("{EM}/assignmentRequests/{}", id(request)));
    let denied = graph.list(&format!(
        "{EM}/assignmentRequests?$filter=state eq 'denied'"
    ));
    assert_eq!(remove(&denied[0]).0, 204);
    assert_eq!(remove(&denied[0]).0, 404, "it is gone");
    let left = graph.list(&format!(
        "{EM}/assignmentRequests?$filter=state eq 'denied'"
    ));
    assert_eq!(left.len(), denied.len() - 1);
    let waits = graph.pending("ingrid.sorlie@fabrikam.com");
    assert_eq!(remove(&waits).0, 400);
    let path = format!("{EM}/assignmentRequests/{}/cancel", id(&waits));
    assert_eq!(graph.post(&path, &Value::Null).0, 204);
    assert_eq!(remove(&waits).0, 204);
    // Those behind it are still found by their ids.
    graph.pending("leila.haddad@vanarsdelltd.com");
    assert_eq!(
        graph
            .get(&format!("{EM}/assignmentRequests/{}", id(&denied[1])))
            .0,
        200
    );
    // It gave an assignment, and that keeps its request.
    let delivered = graph.request("nadia.benali@fabrikam.com", "delivered");
    let kept = remove(&delivered);
    assert_eq!(code(&kept), (400, "BadRequest"));
    assert!(
        kept.1["error"]["message"]
            .as_str()
            .unwrap()
            .contains("assignment")
    );
}

#[test]
fn time_does_its_part() {
    let graph = Graph::start();
    graph.advance_days(1);
    graph.request("bjarne.holm@adatum.com", "delivered");
    graph.request("sabine.kessler@wingtiptoys.com", "delivered");
    graph.request("yolanda.cruz@adatum.com", "scheduled");
    graph.advance_days(3);
    graph.request("yolanda.cruz@adatum.com", "delivered");
    // Assignments run out, and what they gave goes with them.
    let nadia = graph.request("nadia.benali@fabrikam.com", "delivered");
    let user = nadia["requestor"]["objectId"].as_str().unwrap();
    assert_eq!(graph.list(&format!("users/{user}/memberOf")).len(), 1);
    graph.advance_days(200);
    assert_eq!(graph.list(&format!("users/{user}/memberOf")).len(), 0);
}

#[test]
fn somebody_new_asks() {
    let graph = Graph::start();
    let before = graph.emulator().snapshot()["assignmentRequests"]
        .as_array()
        .unwrap()
        .len();
    for _ in 0..20 {
        graph.emulator().arrive();
    }
    let snapshot = graph.emulator().snapshot();
    let requests = snapshot["assignmentRequests"].as_array().unwrap();
    assert_eq!(requests.len(), before + 20);
    assert!(
        requests[before..]
            .iter()
            .all(|request| request["state"] == "pendingApproval")
    );
}

#[test]
fn what_is_not_emulated_says_so() {
    let graph = Graph::start();
    let add = json!({"requestType": "userAdd", "assignment": {}});
    assert_eq!(
        code(&graph.post(&format!("{EM}/assignmentRequests"), &add)),
        (501, "NotImplemented")
    );
    let typo = json!({"requestType": "adminAdd", "assignment": {"targetID": "x"}});
    assert_eq!(
        graph.post(&format!("{EM}/assignmentRequests"), &typo).0,
        400
    );
    assert_eq!(
        graph.post(&format!("{EM}/accessPackages"), &json!({})).0,
        501
    );
}
