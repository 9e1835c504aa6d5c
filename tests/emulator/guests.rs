//! Users: what comes by default, changing, blocking, deleting, restoring, sponsors.

use guestlist::emulator::faults::{FaultEffect, FaultRule};
use serde_json::{Value, json};

use super::{Graph, code};

const LEILA: &str = "leila.haddad@vanarsdelltd.com";

fn user(graph: &Graph, mail: &str) -> String {
    let found = graph.list(&format!("users?$filter=mail eq '{mail}'&$select=id"));
    found[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn some_properties_come_only_when_selected() {
    let graph = Graph::start();
    let id = user(&graph, LEILA);
    let (_, plain) = graph.get(&format!("users/{id}"));
    let plain = plain.as_object().unwrap();
    assert!(plain.contains_key("displayName") && plain.contains_key("userPrincipalName"));
    for hidden in [
        "userType",
        "accountEnabled",
        "createdDateTime",
        "externalUserState",
        "signInActivity",
    ] {
        assert!(!plain.contains_key(hidden), "{hidden}");
    }
    let select = "id,displayName,userType,accountEnabled,externalUserState,creationType,identities,signInActivity";
    let (_, full) = graph.get(&format!(
        "users/{id}?$select={select}&$expand=sponsors($select=id,displayName)"
    ));
    assert_eq!(full["userType"], "Guest");
    assert_eq!(
        full["signInActivity"]["lastSignInDateTime"],
        "2026-10-22T09:00:00Z"
    );
    assert_eq!(full["sponsors"][0]["displayName"], "Isaiah Langer");
    // Who never signed in has no such property at all.
    let (_, sabine) = graph.get(&format!(
        "users/{}?$select=signInActivity",
        user(&graph, "sabine.kessler@wingtiptoys.com")
    ));
    assert_eq!(sabine.get("signInActivity"), None);
    // By principal name too; its # must be encoded.
    let name = "leila.haddad_vanarsdelltd.com%23EXT%23@contoso.onmicrosoft.com";
    assert_eq!(graph.get(&format!("users/{name}")).1["id"], json!(id));
}

#[test]
fn looked_up_by_any_address() {
    let graph = Graph::start();
    for mail in [LEILA, "LEILA.Haddad@vanarsdelltd.com"] {
        let filter = format!(
            "mail eq '{mail}' or userPrincipalName eq '{mail}' or otherMails/any(o:o eq '{mail}') or proxyAddresses/any(p:p eq 'SMTP:{mail}')"
        );
        assert_eq!(graph.list(&format!("users?$filter={filter}")).len(), 1);
    }
    let filter = format!("proxyAddresses/any(p:p eq 'SMTP:{LEILA}')");
    assert_eq!(graph.list(&format!("users?$filter={filter}")).len(), 1);
    assert_eq!(
        graph
            .list("users?$filter=mail eq 'nobody@fabrikam.com'")
            .len(),
        0
    );
}

#[test]
fn blocking() {
    let graph = Graph::start();
    let id = user(&graph, LEILA);
    assert_eq!(
        graph
            .patch(&format!("users/{id}"), &json!({"accountEnabled": false}))
            .0,
        204
    );
    assert_eq!(
        graph.get(&format!("users/{id}?$select=accountEnabled")).1["accountEnabled"],
        false
    );
    let (status, answer) = graph.post(&format!("users/{id}/revokeSignInSessions"), &Value::Null);
    assert_eq!((status, &answer["value"]), (200, &json!(true)));
    // All of a change, or nothing of it.
    let mixed = json!({"accountEnabled": true, "creationType": "Invitation"});
    assert_eq!(
        code(&graph.patch(&format!("users/{id}"), &mixed)),
        (400, "Request_BadRequest")
    );
    assert_eq!(
        graph.get(&format!("users/{id}?$select=accountEnabled")).1["accountEnabled"],
        false
    );
    assert_eq!(
        graph
            .patch(&format!("users/{id}"), &json!({"accountEnabled": "no"}))
            .0,
        400
    );
}

/// What a client reads back whose answer was lost.
#[test]
fn sessions_are_valid_from_when_they_were_ended() {
    const SINCE: &str = "signInSessionsValidFromDateTime";
    let graph = Graph::start();
    let id = user(&graph, LEILA);
    let path = format!("users/{id}");
    let since = || {
        let (status, answer) = graph.get(&format!("{path}?$select=id,{SINCE}"));
        assert_eq!(status, 200);
        answer[SINCE].as_str().unwrap().to_owned()
    };
    assert_eq!(graph.get(&path).1.get(SINCE), None, "only when selected");
    let before = since();
    let revoke = || graph.post(&format!("{path}/revokeSignInSessions"), &Value::Null);
    let (status, answer) = revoke();
    assert_eq!((status, &answer["value"]), (200, &json!(true)));
    let context = answer["@odata.context"].as_str().unwrap();
    assert!(
        context.ends_with("/v1.0/$metadata#Edm.Boolean"),
        "{context}"
    );
    assert_eq!(since(), "2026-11-02T09:00:00Z");
    assert!(before < since(), "{before}");
    graph.advance_days(1);
    assert_eq!(since(), "2026-11-02T09:00:00Z", "time alone ends nothing");
    for (after, status, then) in [
        (false, 503, "2026-11-02T09:00:00Z"),
        (true, 503, "2026-11-03T09:00:00Z"),
    ] {
        let effect = FaultEffect::Fail {
            status,
            after,
            retry_after: None,
        };
        let rule = FaultRule::new(effect).on("POST", "*/revokeSignInSessions");
        graph.emulator().inject(rule.times(1));
        assert_eq!(revoke().0, status);
        assert_eq!(since(), then);
    }
    let set = json!({SINCE: "2020-01-01T00:00:00Z"});
    assert_eq!(code(&graph.patch(&path, &set)), (400, "Request_BadRequest"));
    assert_eq!(
        graph
            .post(
                "users/nobody@fabrikam.com/revokeSignInSessions",
                &Value::Null
            )
            .0,
        404
    );
}

#[test]
fn deleting_and_restoring() {
    let graph = Graph::start();
    let id = user(&graph, LEILA);
    assert_eq!(graph.delete(&format!("users/{id}")).0, 204);
    assert_eq!(
        code(&graph.get(&format!("users/{id}"))),
        (404, "Request_ResourceNotFound")
    );
    assert_eq!(graph.delete(&format!("users/{id}")).0, 404);
    let deleted = "directory/deletedItems/microsoft.graph.user";
    let found = graph.list(&format!(
        "{deleted}?$filter=mail eq '{LEILA}'&$select=id,displayName,deletedDateTime"
    ));
    assert_eq!(found[0]["deletedDateTime"], "2026-11-02T09:00:00Z");
    assert_eq!(graph.get(&format!("{deleted}?$count=true")).0, 400);
    let counted = graph.get_eventual(&format!(
        "{deleted}?$count=true&$orderby=deletedDateTime desc"
    ));
    assert_eq!(counted.1["@odata.count"], 4);
    assert_eq!(counted.1["value"][0]["id"], json!(id));

    let (status, restored) = graph.post(
        &format!("directory/deletedItems/{id}/restore"),
        &Value::Null,
    );
    assert_eq!(
        (status, &restored["@odata.type"]),
        (200, &json!("#microsoft.graph.user"))
    );
    assert_eq!(graph.get(&format!("users/{id}")).0, 200);
    assert_eq!(
        graph
            .post(
                &format!("directory/deletedItems/{id}/restore"),
                &Value::Null
            )
            .0,
        404
    );
}

#[test]
fn after_thirty_days_nothing_comes_back() {
    let graph = Graph::start();
    let id = user(&graph, LEILA);
    graph.delete(&format!("users/{id}"));
    graph.advance_days(29);
    assert_eq!(graph.get(&format!("directory/deletedItems/{id}")).0, 200);
    graph.advance_days(1);
    assert_eq!(graph.get(&format!("directory/deletedItems/{id}")).0, 404);
    assert_eq!(
        graph
            .post(
                &format!("directory/deletedItems/{id}/restore"),
                &Value::Null
            )
            .0,
        404
    );
}

#[test]
fn invited_again_meanwhile_cannot_be_restored() {
    let graph = Graph::start();
    let id = user(&graph, LEILA);
    graph.delete(&format!("users/{id}"));
    let body =
        json!({"invitedUserEmailAddress": LEILA, "inviteRedirectUrl": "https://contoso.com"});
    let (status, invitation) = graph.post("invitations", &body);
    assert_eq!(status, 201);
    assert_ne!(invitation["invitedUser"]["id"], json!(id));
    assert_eq!(
        graph
            .post(
                &format!("directory/deletedItems/{id}/restore"),
                &Value::Null
            )
            .0,
        400
    );
}

#[test]
fn administrators_are_out_of_reach() {
    let mut graph = Graph::start();
    let diego = user(&graph, "diego@contoso.com");
    assert_eq!(graph.delete(&format!("users/{diego}")).0, 403);
    let leila = user(&graph, LEILA);
    graph.sign_in("nestor@contoso.com");
    assert_eq!(graph.delete(&format!("users/{leila}")).0, 403);
    assert_eq!(
        graph
            .patch(&format!("users/{leila}"), &json!({"accountEnabled": false}))
            .0,
        403
    );
}

#[test]
fn sponsors_come_and_go_by_reference() {
    let graph = Graph::start();
    let (leila, isaiah, megan) = (
        user(&graph, LEILA),
        user(&graph, "isaiah@contoso.com"),
        user(&graph, "megan@contoso.com"),
    );
    let sponsors = format!("users/{leila}/sponsors");
    let add = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{megan}")});
    assert_eq!(graph.post(&format!("{sponsors}/$ref"), &add).0, 204);
    assert_eq!(graph.list(&sponsors).len(), 2);
    assert_eq!(graph.delete(&format!("{sponsors}/{isaiah}/$ref")).0, 204);
    assert_eq!(graph.list(&sponsors)[0]["displayName"], "Megan Bowen");
    // Without /$ref it is the sponsor who is deleted. A client must never do this; the emulator does what Graph does.
    graph.send("DELETE", &format!("{sponsors}/{megan}"), None, &[]);
    assert_eq!(graph.get(&format!("users/{megan}")).0, 404);
    std::fs::write(graph.record(), "").unwrap();
}
