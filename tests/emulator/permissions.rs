//! Who may do what: the emulator's table, against what it serves, against Microsoft's list, and at work.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use guestlist::acts::asked_for;
use guestlist::emulator::permission::{ALONE, DEMO, OPERATIONS};
use guestlist::emulator::{Config, LoginConfig};
use serde_json::{Value, json};

use super::{EM, Graph, code};

const LEILA: &str = "leila.haddad@vanarsdelltd.com";

fn small() -> Graph {
    Graph::with(Config {
        guests: 5,
        requests: 4,
        ..Config::default()
    })
}

fn leila(graph: &Graph) -> String {
    let found = graph.list(&format!("users?$filter=mail eq '{LEILA}'&$select=id"));
    found[0]["id"].as_str().unwrap().to_owned()
}

/// Paths with things of the demo in place of what is in braces.
#[derive(Default)]
struct Real {
    known: HashMap<String, String>,
}

impl Real {
    fn path(&mut self, graph: &Graph, path: &str) -> String {
        let mut real = String::new();
        for part in path.trim_start_matches('/').split('/') {
            let part = match part {
                "{id}" => self.first(graph, &real),
                function => function.replace("{on}", on(&real)),
            };
            if !real.is_empty() {
                real.push('/');
            }
            real.push_str(&part);
        }
        real
    }

    /// What is first in a collection.
    fn first(&mut self, graph: &Graph, collection: &str) -> String {
        if let Some(known) = self.known.get(collection) {
            return known.clone();
        }
        let first = match collection {
            "users" => leila(graph),
            "directory/deletedItems" => {
                self.first(graph, "directory/deletedItems/microsoft.graph.user")
            }
            approvals if approvals.ends_with("Approvals") => {
                let mine = format!("{EM}/assignmentRequests/filterByCurrentUser(on='approver')");
                graph.list(&mine)[0]["id"].as_str().unwrap().to_owned()
            }
            _ => {
                let rows = graph.list(&at(graph, collection));
                let id = ["tenantId", "id"].map(|name| rows[0][name].as_str());
                id[0].or(id[1]).unwrap().to_owned()
            }
        };
        self.known.insert(collection.to_owned(), first.clone());
        first
    }
}

/// What each collection can be asked for on behalf of the caller.
fn on(collection: &str) -> &'static str {
    if collection.ends_with("assignments") {
        "target"
    } else {
        "approver"
    }
}

/// Beta is not below v1.0.
fn at(graph: &Graph, path: &str) -> String {
    match path.strip_prefix("beta/") {
        Some(_) => format!("{}/{path}", graph.emulator().url()),
        None => path.to_owned(),
    }
}

/// There is no such path, no such method, or it is not emulated.
fn absent(answer: &(u16, Value)) -> bool {
    let message = answer.1["error"]["message"].as_str().unwrap_or_default();
    matches!(answer.0, 405 | 501) || message.contains("for the segment")
}

fn bare(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.split_once('{') {
        Some(("", _)) => "{}".to_owned(),
        Some((before, _)) => format!("{before}…"),
        None => part.replace("microsoft.graph.", "graph."),
    });
    let parts: Vec<String> = parts.collect();
    parts.join("/")
}

/// Whether a row fits: where it has an id, any word is one.
fn in_table(method: &str, path: &str) -> bool {
    let fits = |row: &str| {
        let (row, path) = (bare(row), bare(path));
        let mut parts = row.split('/').zip(path.split('/'));
        row.split('/').count() == path.split('/').count()
            && parts.all(|(part, word)| part == word || part == "{}" && !word.starts_with('$'))
    };
    OPERATIONS.iter().any(|row| row.0 == method && fits(row.1))
}

fn description() -> Option<PathBuf> {
    let folder = std::env::var_os("GUESTLIST_GRAPH_DESCRIPTION");
    if folder.is_none() {
        println!("not compared with Graph: GUESTLIST_GRAPH_DESCRIPTION is not set");
    }
    folder.map(PathBuf::from)
}

#[test]
fn every_row_is_an_operation_that_is_there() {
    let graph = small();
    let mut real = Real::default();
    let order = ["GET", "POST", "PATCH", "DELETE"];
    for (_, path, _) in OPERATIONS {
        real.path(&graph, path);
    }
    for method in order {
        for (_, path, _) in OPERATIONS.iter().filter(|row| row.0 == method) {
            let path = at(&graph, &real.path(&graph, path));
            let body = (method != "GET").then(|| json!({}));
            let answer = graph.answer(graph.send(method, &path, body.as_ref(), &[]));
            assert!(!absent(&answer), "{method} {path}: {answer:?}");
        }
    }
    let methods: BTreeSet<&str> = OPERATIONS.iter().map(|row| row.0).collect();
    assert_eq!(methods, BTreeSet::from(order), "all were tried");
    std::fs::write(graph.record(), "").unwrap();
}

#[test]
fn whatever_is_served_has_a_row() {
    let graph = small();
    let mut real = Real::default();
    let methods = ["GET", "POST", "PATCH", "PUT", "DELETE"];
    let words = OPERATIONS
        .iter()
        .filter_map(|row| Some((row.0, row.1.rsplit('/').next()?)));
    let words: BTreeSet<(&str, &str)> = words.collect();
    let mut all: BTreeSet<(&str, String)> = BTreeSet::new();
    for (_, path, _) in OPERATIONS {
        let places = path.match_indices('/').map(|(place, _)| &path[..place]);
        for place in places.chain([*path]) {
            all.extend(methods.map(|method| (method, place.to_owned())));
        }
        all.extend(
            words
                .iter()
                .map(|(method, word)| (*method, format!("{path}/{word}"))),
        );
    }
    if let Some(folder) = description() {
        let text = std::fs::read_to_string(folder.join("openapi-v1.0-slice.json")).unwrap();
        let described: Value = serde_json::from_str(&text).unwrap();
        for path in described["paths"].as_object().unwrap().keys() {
            let parts = path
                .split('/')
                .map(|part| if part.starts_with('{') { "{id}" } else { part });
            let path = parts
                .collect::<Vec<_>>()
                .join("/")
                .replace("/graph.", "/microsoft.graph.");
            all.extend(methods.map(|method| (method, path.clone())));
        }
    }
    all.retain(|(_, path)| path.len() > 1 && path != "/beta" && !path.ends_with("/{id}/{id}"));
    // What is in braces in a path that is not there has no first thing.
    let known = |path: &String| {
        let collections = path.match_indices("/{id}").map(|(place, _)| &path[..place]);
        collections.into_iter().all(|collection| {
            let below = format!("{collection}/{{id}}");
            OPERATIONS.iter().any(|row| row.1.starts_with(&below))
        })
    };
    let mut tried = 0;
    for (method, path) in all.iter().filter(|(_, path)| known(path)) {
        if in_table(method, path) {
            continue;
        }
        let there = at(&graph, &real.path(&graph, path));
        tried += 1;
        let body = (*method != "GET").then(|| json!({}));
        let answer = graph.answer(graph.send(method, &there, body.as_ref(), &[]));
        // These are taken for ids; and who asks for deleted things must say of which kind.
        let no_id = path.contains("/$") || path.contains("filterByCurrentUser");
        let no_kind = path == "/directory/deletedItems";
        assert!(
            absent(&answer) || answer.0 == 404 || ((no_id || no_kind) && answer.0 == 400),
            "{method} {path} is served without a row: {answer:?}"
        );
    }
    assert!(tried > 1000, "{tried}");
    std::fs::write(graph.record(), "").unwrap();
}

struct Published {
    least: [Vec<String>; 2],
    higher: [Vec<String>; 2],
}

fn published(folder: &Path) -> HashMap<(String, String), Published> {
    let text = std::fs::read_to_string(folder.join("permissions.tsv")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let names = |at: usize| {
            let names = cells[at].split(',').filter(|name| !name.is_empty());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        let row = Published {
            least: [names(2), names(4)],
            higher: [names(3), names(5)],
        };
        ((cells[0].to_owned(), bare(cells[1])), row)
    };
    text.lines().skip(1).map(row).collect()
}

/// Operations that Microsoft's list does not have, and the one whose permissions they need.
fn listed_as<'a>(method: &'a str, path: &str) -> (&'a str, String) {
    let path = bare(path);
    let path = match path.as_str() {
        // It deletes a user.
        "/users/{}/sponsors/{}" => "/users/{}".to_owned(),
        path if path.ends_with("s/$count") && !path.contains("/users") => {
            path.trim_end_matches("/$count").to_owned()
        }
        path if path.starts_with("/me/") && path != "/me/memberOf" => {
            path.replacen("/me/", "/users/{}/", 1)
        }
        path => path.to_owned(),
    };
    (method, path)
}

#[test]
fn nothing_is_let_through_that_graph_refuses_and_the_least_is_let_through() {
    let Some(folder) = description() else { return };
    let published = published(&folder);
    // Of these only a part of the operation, as the table's comment says.
    let partly = |name: &str| {
        matches!(
            name,
            "unlisted"
                | "not supported"
                | "User.Read"
                | "User.ReadBasic.All"
                | "EntitlementMgmt-SubjectAccess.ReadWrite"
        ) || name.starts_with("DeviceManagement")
    };
    for (method, path, permitted) in OPERATIONS {
        let (listed_method, listed_path) = listed_as(method, path);
        let row = published
            .get(&(listed_method.to_owned(), listed_path.clone()))
            .unwrap_or_else(|| panic!("{method} {path} ({listed_path}) is not in the list"));
        for (who, taken) in [permitted.delegated, permitted.application]
            .into_iter()
            .enumerate()
        {
            if path.starts_with("/me") && who == 1 {
                assert!(taken.is_empty(), "{path}: an app is nobody");
                continue;
            }
            let (least, higher) = (&row.least[who], &row.higher[who]);
            let unlisted = least.iter().any(|name| name == "unlisted");
            let has = |name: &str| least.iter().chain(higher).any(|one| one == name);
            if unlisted {
                let inferred = higher.iter().any(|name| name != "unlisted");
                assert!(
                    !inferred || taken.iter().any(|name| has(name)),
                    "{method} {path}: {taken:?}"
                );
                continue;
            }
            for name in taken {
                assert!(has(name), "{method} {path} takes {name} as well");
            }
            for name in least.iter().filter(|name| !partly(name)) {
                assert!(
                    taken.contains(&name.as_str()),
                    "{method} {path} refuses {name}"
                );
            }
        }
    }
    let update = &published[&("PATCH".to_owned(), "/users/{}".to_owned())];
    for (property, needs) in ALONE {
        assert!(
            update.higher[0].contains(&needs[0].to_owned()),
            "{property}"
        );
    }
}

#[test]
fn the_demo_carries_what_the_console_asks_for() {
    for permission in asked_for(false) {
        assert!(DEMO.contains(&permission.as_str()), "{permission}");
    }
    let rows = OPERATIONS
        .iter()
        .flat_map(|(_, _, permitted)| permitted.delegated);
    let known: BTreeSet<&str> = rows
        .copied()
        .chain(ALONE.iter().flat_map(|row| row.1.iter().copied()))
        .collect();
    for permission in DEMO {
        assert!(
            known.contains(permission) || *permission == "AuditLog.Read.All",
            "{permission} opens nothing here"
        );
    }
}

#[test]
fn users_need_a_permission_too() {
    let graph = Graph::start();
    let id = leila(&graph);
    let user = format!("users/{id}");
    let refused = |answer: (u16, Value)| {
        assert_eq!(code(&answer), (403, "Authorization_RequestDenied"));
        let message = &answer.1["error"]["message"];
        assert_eq!(
            message,
            "Insufficient privileges to complete the operation."
        );
    };
    let unlogged = |answer: (u16, Value)| {
        assert_eq!(
            code(&answer),
            (403, "Authentication_MSGraphPermissionMissing")
        );
    };
    graph.emulator().carry(&["User.Read", "User.Invite.All"]);
    assert_eq!(graph.get("me").0, 200);
    for path in [
        "users",
        "users/$count",
        &user,
        &format!("{user}/memberOf"),
        &format!("{user}/sponsors"),
        &format!("{user}/appRoleAssignments"),
        "directory/deletedItems/microsoft.graph.user",
        "domains",
        "subscribedSkus",
        "policies/crossTenantAccessPolicy/default",
    ] {
        refused(graph.get(path));
    }
    graph.emulator().carry(&["user.read.all"]);
    assert_eq!(graph.get(&user).0, 200, "in any case");
    unlogged(graph.get(&format!("{user}?$select=id,signInActivity")));
    let old = "signInActivity/lastSignInDateTime le 2026-10-01T00:00:00Z";
    unlogged(graph.get(&format!("users?$filter={old}")));
    refused(graph.delete(&user));
    refused(graph.post(&format!("{user}/revokeSignInSessions"), &Value::Null));
    refused(graph.post(
        &format!("directory/deletedItems/{id}/restore"),
        &Value::Null,
    ));
    graph
        .emulator()
        .carry(&["User.Read.All", "AuditLog.Read.All"]);
    assert_eq!(
        graph.get(&format!("{user}?$select=id,signInActivity")).0,
        200
    );
    graph.emulator().carry(&["AuditLog.Read.All"]);
    refused(graph.get(&format!("{user}?$select=id,signInActivity")));
    assert_eq!(
        graph.emulator().snapshot()["deletedUsers"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn blocking_needs_less_than_changing() {
    let graph = Graph::start();
    let user = format!("users/{}", leila(&graph));
    let block = json!({"accountEnabled": false});
    let both = json!({"accountEnabled": false, "jobTitle": "Gone"});
    let status = |carried: &[&str], body: &Value| {
        graph.emulator().carry(carried);
        graph.patch(&user, body).0
    };
    let enough = ["User.EnableDisableAccount.All", "User.Read.All"];
    assert_eq!(status(&enough[..1], &block), 403);
    assert_eq!(status(&enough[1..], &block), 403);
    assert_eq!(status(&enough, &both), 403);
    assert_eq!(status(&enough, &json!({})), 403);
    assert_eq!(status(&["User-Mail.ReadWrite.All"], &block), 403);
    assert_eq!(status(&enough, &block), 204);
    assert_eq!(status(&["User.ReadWrite.All"], &both), 204);
    assert_eq!(status(&["Directory.ReadWrite.All"], &both), 204);
}

#[test]
fn governance_and_invitations_need_their_own() {
    let graph = Graph::start();
    let requests = format!("{EM}/assignmentRequests");
    let guest = json!({"invitedUserEmailAddress": "new@fabrikam.com", "inviteRedirectUrl": "https://contoso.com"});
    graph.emulator().carry(&["EntitlementManagement.Read.All"]);
    assert_eq!(graph.get(&requests).0, 200);
    assert_eq!(graph.post("invitations", &guest).0, 403);
    let mine = format!("{EM}/assignmentRequests/filterByCurrentUser(on='approver')");
    let id = graph.list(&mine)[0]["id"].as_str().unwrap().to_owned();
    let stages = graph.list(&format!(
        "{EM}/accessPackageAssignmentApprovals/{id}/stages"
    ));
    let stage = stages
        .iter()
        .find(|stage| stage["status"] == "InProgress")
        .unwrap();
    let stage = stage["id"].as_str().unwrap();
    assert_eq!(graph.decide_stage(&id, stage, "Deny", "no").0, 403);
    graph.emulator().carry(&["User.Read"]);
    assert_eq!(graph.get(&requests).0, 403);
    graph
        .emulator()
        .carry(&["EntitlementMgmt-SubjectAccess.ReadWrite"]);
    assert_eq!((graph.get(&requests).0, graph.get(&mine).0), (403, 200));
    graph.emulator().carry(&["User.Invite.All"]);
    assert_eq!(graph.post("invitations", &guest).0, 201);
    graph
        .emulator()
        .carry(&["EntitlementManagement.ReadWrite.All"]);
    assert_eq!(graph.decide_stage(&id, stage, "Deny", "no").0, 204);
}

#[test]
fn an_app_reads_but_is_nobody() {
    let mut graph = Graph::with(Config {
        login: Some(LoginConfig::default()),
        ..Config::default()
    });
    let form = "client_id=11111111-2222-3333-4444-555555555555&grant_type=client_credentials\
                &client_secret=emulated-secret&scope=https://graph.microsoft.com/.default";
    let url = format!("{}/contoso.com/oauth2/v2.0/token", graph.emulator().url());
    let request = graph.client.post(url).body(form);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let sent = graph.runtime.block_on(request.send()).unwrap();
    let (_, answer) = graph.answer(sent);
    graph.token = answer["access_token"].as_str().unwrap().to_owned();
    assert_eq!(graph.get("users?$top=1").0, 200);
    let requests = graph.list(&format!(
        "{EM}/assignmentRequests?$filter=state eq 'pendingApproval'"
    ));
    let id = requests[0]["id"].as_str().unwrap();
    for path in [
        "me".to_owned(),
        format!("{EM}/accessPackageAssignmentApprovals/{id}/stages"),
        format!("{EM}/assignmentRequests/filterByCurrentUser(on='approver')"),
    ] {
        assert_eq!(graph.get(&path).0, 403, "{path}");
    }
    let cancel = format!("{EM}/assignmentRequests/{id}/cancel");
    assert_eq!(graph.post(&cancel, &Value::Null).0, 403);
}
