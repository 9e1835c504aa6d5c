//! `$batch`: at most 20, each with its own answer, in any order.

use serde_json::{Value, json};

use super::{EM, Graph};

fn answers(graph: &Graph, requests: &Value) -> Vec<Value> {
    let (status, body) = graph.post("$batch", &json!({"requests": requests}));
    assert_eq!(status, 200, "{body}");
    let mut responses = body["responses"].as_array().unwrap().clone();
    responses.sort_by_key(|response| response["id"].as_str().unwrap().parse::<usize>().unwrap());
    responses
}

#[test]
fn each_item_has_its_own_answer() {
    let graph = Graph::start();
    let requests = json!([
        {"id": "1", "method": "GET", "url": "/me?$select=displayName"},
        {"id": "2", "method": "GET", "url": "users/nobody@contoso.com"},
        {"id": "3", "method": "GET", "url": "/users?$filter=userType ne 'Member'&$count=true&$top=1",
         "headers": {"ConsistencyLevel": "eventual"}},
        {"id": "4", "method": "POST", "url": "/invitations", "headers": {"Content-Type": "application/json", "client-request-id": "mine"},
         "body": {"invitedUserEmailAddress": "a@litwareinc.com", "inviteRedirectUrl": "https://contoso.com"}},
        {"id": "5", "method": "POST", "url": "/invitations",
         "body": {"invitedUserEmailAddress": "b@litwareinc.com", "inviteRedirectUrl": "https://contoso.com"}},
        {"id": "6", "method": "GET", "url": "https://example.com/v1.0/me"},
        {"id": "7", "method": "POST", "url": "/$batch", "headers": {"Content-Type": "application/json"}, "body": {"requests": []}},
    ]);
    let answers = answers(&graph, &requests);
    let statuses: Vec<u64> = answers
        .iter()
        .map(|answer| answer["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 404, 200, 201, 400, 400, 400]);
    assert_eq!(answers[0]["body"]["displayName"], "Adele Vance");
    assert!(
        answers[2]["body"]["@odata.nextLink"]
            .as_str()
            .unwrap()
            .starts_with(&graph.emulator().url())
    );
    assert_eq!(answers[3]["headers"]["client-request-id"], "mine");
    let recorded = graph.exchanges();
    let items: Vec<&Value> = recorded
        .iter()
        .filter(|line| line["item"].is_string())
        .collect();
    assert_eq!(items.len(), 7);
    let whole = recorded.iter().find(|line| line["item"].is_null()).unwrap();
    assert!(items.iter().all(|item| item["batch"] == whole["requestId"]));
}

#[test]
fn twenty_decisions_in_one_call_and_in_another_order() {
    let graph = Graph::start();
    let approvals = graph.list(&format!(
        "{EM}/accessPackageAssignmentApprovals/filterByCurrentUser(on='approver')"
    ));
    let requests: Vec<Value> = approvals
        .iter()
        .enumerate()
        .map(|(number, approval)| {
            let id = approval["id"].as_str().unwrap();
            let stages = graph.list(&format!("{EM}/accessPackageAssignmentApprovals/{id}/stages"));
            let stage = stages.iter().find(|stage| stage["status"] == "InProgress").unwrap();
            json!({
                "id": number.to_string(), "method": "PATCH", "headers": {"Content-Type": "application/json"},
                "url": format!("/{EM}/accessPackageAssignmentApprovals/{id}/stages/{}", stage["id"].as_str().unwrap()),
                "body": {"reviewResult": "Approve", "justification": "fine"},
            })
        })
        .collect();
    let (_, body) = graph.post("$batch", &json!({"requests": requests}));
    let responses = body["responses"].as_array().unwrap();
    assert!(responses.iter().all(|response| response["status"] == 204));
    let order: Vec<&str> = responses
        .iter()
        .map(|response| response["id"].as_str().unwrap())
        .collect();
    assert!(
        !order.is_sorted_by_key(|id| id.parse::<usize>().unwrap()),
        "{order:?}"
    );
}

#[test]
fn dependencies_fail_together() {
    let graph = Graph::start();
    let requests = json!([
        {"id": "1", "method": "GET", "url": "/users/nobody@contoso.com"},
        {"id": "2", "method": "GET", "url": "/me", "dependsOn": ["1"]},
        {"id": "3", "method": "GET", "url": "/me", "dependsOn": ["2"]},
        {"id": "4", "method": "GET", "url": "/me"},
    ]);
    let statuses: Vec<Value> = answers(&graph, &requests)
        .iter()
        .map(|answer| answer["status"].clone())
        .collect();
    assert_eq!(statuses, [404, 424, 424, 200]);
}

#[test]
fn a_batch_with_a_fault_does_nothing() {
    let graph = Graph::start();
    let item = |id: &str| json!({"id": id, "method": "GET", "url": "/me"});
    let many: Vec<Value> = (0..21).map(|number| item(&number.to_string())).collect();
    for requests in [
        json!(many),
        json!([item("1"), item("1")]),
        json!([]),
        json!([{"id": "1", "method": "GET", "url": "/me", "dependsOn": ["2"]}]),
        json!([{"method": "GET", "url": "/me"}]),
    ] {
        assert_eq!(graph.post("$batch", &json!({"requests": requests})).0, 400);
    }
    assert_eq!(graph.post("$batch", &json!([])).0, 400);
    assert_eq!(graph.get("$batch").0, 405);
}
