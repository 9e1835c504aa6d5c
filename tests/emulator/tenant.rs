//! The demo tenant is what the README and the other tests count on, the same every time.

use std::collections::BTreeMap;

use guestlist::emulator::{Config, Emulator};
use serde_json::Value;

use super::{EM, Graph};

fn seeded(config: Config) -> Value {
    let now = Some("2026-11-02T09:00:00Z".parse().unwrap());
    Emulator::start(Config { now, ..config })
        .unwrap()
        .snapshot()
}

fn count(snapshot: &Value, table: &str, test: impl Fn(&Value) -> bool) -> usize {
    snapshot[table]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| test(row))
        .count()
}

fn waits_for(request: &Value, name: &str) -> bool {
    request["stages"].as_array().unwrap().iter().any(|stage| {
        stage["status"] == "InProgress"
            && stage["approvers"]
                .as_array()
                .unwrap()
                .iter()
                .any(|who| who == name)
    })
}

#[test]
fn counts_of_the_demo() {
    let demo = seeded(Config::default());
    let all = |_: &Value| true;
    assert_eq!(count(&demo, "catalogs", all), 2);
    assert_eq!(count(&demo, "accessPackages", all), 4);
    assert_eq!(count(&demo, "assignmentPolicies", all), 8);
    let pending = |row: &Value| row["state"] == "pendingApproval";
    assert_eq!(count(&demo, "assignmentRequests", pending), 24);
    let mine = |row: &Value| pending(row) && waits_for(row, "adele@contoso.com");
    assert_eq!(count(&demo, "assignmentRequests", mine), 16);
    let organizations = |state: &'static str| {
        count(&demo, "connectedOrganizations", move |row| {
            row["state"] == state
        })
    };
    assert_eq!(
        (organizations("configured"), organizations("proposed")),
        (4, 2)
    );
    let guest = |row: &Value| row["userType"] == "Guest";
    assert_eq!(count(&demo, "users", guest), 1200);
    let share =
        |test: &dyn Fn(&Value) -> bool| count(&demo, "users", |row| guest(row) && test(row));
    assert!((100..200).contains(&share(
        &|row| row["externalUserState"] == "PendingAcceptance"
    )));
    assert!((25..80).contains(&share(&|row| row["accountEnabled"] == false)));
    assert!(share(&|row| row["sponsors"].as_array().unwrap().is_empty()) > 100);
    assert!(share(&|row| row.get("signInActivity").is_none()) > 150);
    let stale = |row: &Value| {
        row["signInActivity"]["lastSignInDateTime"]
            .as_str()
            .is_some_and(|last| last < "2026-05-06")
    };
    assert!(share(&stale) > 100);
}

#[test]
fn requests_are_in_every_state() {
    let demo = seeded(Config::default());
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for request in demo["assignmentRequests"].as_array().unwrap() {
        *states
            .entry(request["state"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    let seen: Vec<&str> = states.keys().map(String::as_str).collect();
    assert_eq!(
        seen,
        [
            "canceled",
            "delivered",
            "delivering",
            "deliveryFailed",
            "denied",
            "partiallyDelivered",
            "pendingApproval",
            "scheduled",
            "submitted"
        ]
    );
}

#[test]
fn every_signal_has_its_request() {
    let graph = Graph::start();
    let requests = graph.all(&format!(
        "{EM}/assignmentRequests?$filter=state eq 'pendingApproval'&$expand=requestor($expand=connectedOrganization)"
    ));
    let mails: Vec<&str> = requests
        .iter()
        .map(|row| row["requestor"]["email"].as_str().unwrap())
        .collect();
    let from = |domain: &str| {
        mails
            .iter()
            .filter(|mail| mail.ends_with(&format!("@{domain}")))
            .count()
    };
    assert_eq!(from("fabrikam.com"), 5);
    for domain in [
        "c0ntoso.com",
        "fabrikarn.com",
        "woodgr\u{43e}vebank.com",
        "outlook.com",
        "gmail.com",
    ] {
        assert_eq!(from(domain), 1, "{domain}");
    }
    assert!(mails.iter().any(|mail| mail.contains("@xn--")));
    let names = requests
        .iter()
        .map(|row| row["requestor"]["displayName"].as_str().unwrap());
    assert!(
        names.clone().any(|name| name.contains('\u{202e}'))
            && names.clone().any(|name| name.contains('\u{200d}'))
    );
    let guests = requests
        .iter()
        .filter(|row| !row["requestor"]["objectId"].is_null())
        .count();
    assert_eq!(guests, 2);
    let connected = requests
        .iter()
        .filter(|row| !row["requestor"]["connectedOrganization"].is_null())
        .count();
    assert!((8..15).contains(&connected), "{connected}");
    graph.request("gareth.pugh@northwindtraders.com", "denied");

    let snapshot = graph.emulator().snapshot();
    let soon = snapshot["assignmentRequests"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|request| {
            request["stages"].as_array().unwrap().iter().any(|stage| {
                stage["deniedAutomaticallyAt"]
                    .as_str()
                    .is_some_and(|at| at < "2026-11-04T09:00:00Z")
            })
        });
    assert_eq!(soon.count(), 2);
}

/// The walk-through of the demo approves everything that "/fabrikam" finds, so it may find nothing else.
#[test]
fn fabrikam_is_one_stage_and_mine() {
    let graph = Graph::start();
    let snapshot = graph.emulator().snapshot();
    for request in snapshot["assignmentRequests"].as_array().unwrap() {
        if request["state"] == "pendingApproval"
            && request.to_string().to_lowercase().contains("fabrikam")
        {
            assert!(
                request["requestor"]["email"]
                    .as_str()
                    .unwrap()
                    .ends_with("@fabrikam.com")
            );
            assert_eq!(request["stages"].as_array().unwrap().len(), 1);
            assert!(waits_for(request, "adele@contoso.com"));
        }
    }
}

#[test]
fn a_seed_is_a_tenant() {
    let config = |seed| Config {
        seed,
        guests: 200,
        requests: 60,
        ..Config::default()
    };
    assert_eq!(seeded(config(7)), seeded(config(7)));
    let (one, other) = (seeded(config(7)), seeded(config(8)));
    assert_ne!(one["organization"]["id"], other["organization"]["id"]);
    assert_eq!(
        count(&one, "assignmentRequests", |row| row["state"]
            == "pendingApproval"),
        60
    );
    assert_eq!(count(&one, "users", |row| row["userType"] == "Guest"), 200);
}

#[test]
fn packages_carry_what_they_give() {
    let graph = Graph::start();
    let packages = graph.list(&format!(
        "{EM}/accessPackages?$expand=catalog,resourceRoleScopes($expand=role,scope),assignmentPolicies"
    ));
    let mut systems: Vec<&str> = packages
        .iter()
        .flat_map(|package| package["resourceRoleScopes"].as_array().unwrap())
        .map(|scope| scope["role"]["originSystem"].as_str().unwrap())
        .collect();
    systems.sort_unstable();
    systems.dedup();
    assert_eq!(systems, ["AadApplication", "AadGroup", "SharePointOnline"]);
    let policies: usize = packages
        .iter()
        .map(|package| package["assignmentPolicies"].as_array().unwrap().len())
        .sum();
    assert_eq!(policies, 8);

    let policies = graph.list(&format!(
        "{EM}/assignmentPolicies?$expand=accessPackage,catalog,questions"
    ));
    let questions: Vec<&Value> = policies
        .iter()
        .flat_map(|policy| policy["questions"].as_array().unwrap())
        .collect();
    assert!(
        questions
            .iter()
            .any(|q| q["@odata.type"] == "#microsoft.graph.accessPackageMultipleChoiceQuestion")
    );
    assert!(
        questions
            .iter()
            .any(|q| q["@odata.type"] == "#microsoft.graph.accessPackageTextInputQuestion")
    );
    assert_eq!(graph.list(&format!("{EM}/catalogs")).len(), 2);
    assert_eq!(graph.list(&format!("{EM}/connectedOrganizations")).len(), 6);
    assert_eq!(graph.list("domains").len(), 2);
    assert_eq!(graph.get("me").1["displayName"], "Adele Vance");
    let organization = &graph.list("organization")[0];
    let domains = organization["verifiedDomains"].as_array().unwrap();
    assert!(
        domains
            .iter()
            .any(|domain| domain["isDefault"] == true && domain["name"] == "contoso.com")
    );
}
