//! Whom the tenant lets in: read as documented, and what it does to a delivery.

use guestlist::emulator::Config;

use super::{EM, Graph, code};

fn graph() -> Graph {
    Graph::with(Config {
        requests: Config::CAST,
        ..Config::default()
    })
}

#[test]
fn settings_and_what_is_incompatible_are_read_as_documented() {
    let mut graph = graph();
    let (_, settings) = graph.get(&format!("{EM}/settings"));
    assert_eq!(
        settings["externalUserLifecycleAction"],
        "blockSignInAndDelete"
    );
    let cross = "policies/crossTenantAccessPolicy";
    let (_, default) = graph.get(&format!("{cross}/default"));
    let users = &default["b2bCollaborationInbound"]["usersAndGroups"];
    assert_eq!(users["accessType"], "allowed");
    let partners = graph.list(&format!("{cross}/partners"));
    let shut = |row: &&serde_json::Value| {
        row["b2bCollaborationInbound"]["usersAndGroups"]["accessType"] == "blocked"
    };
    assert_eq!(partners.iter().filter(shut).count(), 1);
    assert!(
        partners
            .iter()
            .any(|row| row["b2bCollaborationInbound"].is_null()),
        "who sets nothing inherits"
    );
    let package = |name: &str| {
        let filter = format!("displayName eq '{name}'");
        let found = graph.list(&format!("{EM}/accessPackages?$filter={filter}"));
        found[0]["id"].as_str().unwrap().to_owned()
    };
    let names = |id: &str, relation: &str| -> Vec<String> {
        let rows = graph.list(&format!("{EM}/accessPackages/{id}/{relation}"));
        let name = |row: &serde_json::Value| row["displayName"].as_str().unwrap().to_owned();
        rows.iter().map(name).collect()
    };
    let (hub, audit) = (package("Supplier Hub"), package("Audit Room"));
    assert_eq!(
        names(&audit, "incompatibleAccessPackages"),
        ["Supplier Hub"]
    );
    assert_eq!(
        names(&hub, "accessPackagesIncompatibleWith"),
        ["Audit Room"]
    );
    assert!(names(&hub, "incompatibleAccessPackages").is_empty());
    assert_eq!(
        names(&audit, "incompatibleGroups"),
        ["Design Review Guests"]
    );

    assert_eq!(
        code(&graph.get(&format!("{cross}/partners?$orderby=tenantId"))).0,
        400
    );
    assert_eq!(
        code(&graph.patch(&format!("{cross}/default"), &serde_json::json!({}))).0,
        501
    );
    graph.sign_in("nestor@contoso.com");
    assert_eq!(code(&graph.get(&format!("{cross}/default"))).0, 403);
}

#[test]
fn who_is_not_let_in_is_not_delivered() {
    for mail in [
        "rafael.monteiro@blueyonderairlines.com",
        "annika.strand@consolidatedmessenger.com",
    ] {
        let mut graph = graph();
        let request = graph.pending(mail);
        assert_eq!(graph.decide(&request, "Approve", "fine").0, 204);
        graph.sign_in("diego@contoso.com");
        assert_eq!(graph.decide(&request, "Approve", "fine").0, 204);
        graph.advance_days(1);
        graph.sign_in("adele@contoso.com");
        let id = request["id"].as_str().unwrap();
        let (_, request) = graph.get(&format!("{EM}/assignmentRequests/{id}"));
        assert_eq!(request["state"], "deliveryFailed", "{mail}");
        let filter = format!("mail eq '{mail}'");
        assert!(
            graph.list(&format!("users?$filter={filter}")).is_empty(),
            "{mail}"
        );
    }
}
