//! Inviting, and inviting who is already there.

use serde_json::{Value, json};

use super::Graph;

fn invite(mail: &str) -> Value {
    json!({
        "invitedUserEmailAddress": mail,
        "inviteRedirectUrl": "https://myapplications.microsoft.com",
        "invitedUserDisplayName": "Ana Bowman",
        "sendInvitationMessage": true,
        "invitedUserMessageInfo": {"messageLanguage": "en-US", "customizedMessageBody": "Welcome!"},
    })
}

#[test]
fn makes_a_guest_who_has_not_redeemed() {
    let graph = Graph::start();
    let (status, invitation) = graph.post("invitations", &invite("ana.bowman@litwareinc.com"));
    assert_eq!(status, 201);
    assert_eq!(invitation["status"], "PendingAcceptance");
    let link = invitation["inviteRedeemUrl"].as_str().unwrap();
    assert!(
        link.starts_with("https://login.microsoftonline.com/redeem?") && link.contains("ticket%3d")
    );
    let id = invitation["invitedUser"]["id"].as_str().unwrap();
    let (_, user) = graph.get(&format!("users/{id}?$select=displayName,externalUserState,userType,creationType&$expand=sponsors($select=displayName)"));
    assert_eq!(user["externalUserState"], "PendingAcceptance");
    assert_eq!(
        (&user["userType"], &user["creationType"]),
        (&json!("Guest"), &json!("Invitation"))
    );
    // Who invites answers for them, unless somebody else is named.
    assert_eq!(user["sponsors"][0]["displayName"], "Adele Vance");
    assert_eq!(
        graph.emulator().snapshot()["invitations"][0]["mailSent"],
        true
    );
}

#[test]
fn who_is_there_is_found_and_gets_no_mail() {
    let graph = Graph::start();
    let (_, first) = graph.post("invitations", &invite("ana.bowman@litwareinc.com"));
    let (status, second) = graph.post("invitations", &invite("ANA.bowman@litwareinc.com"));
    assert_eq!(
        (status, &second["status"]),
        (201, &json!("PendingAcceptance"))
    );
    assert_eq!(first["invitedUser"], second["invitedUser"]);
    let (_, known) = graph.post("invitations", &invite("leila.haddad@vanarsdelltd.com"));
    assert_eq!(known["status"], "Completed");
    let snapshot = graph.emulator().snapshot();
    let sent: Vec<_> = snapshot["invitations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["mailSent"].clone())
        .collect();
    assert_eq!(sent, [true, false, false]);
}

#[test]
fn addresses_have_rules() {
    let graph = Graph::start();
    for mail in [
        "ana+news@litwareinc.com",
        "ana.@litwareinc.com",
        "-ana@litwareinc.com",
        "ana@litwareinc",
        "ana",
        "a b@litwareinc.com",
        "ana@@litwareinc.com",
        "ana#1@litwareinc.com",
        "someone.new@contoso.com",
    ] {
        assert_eq!(graph.post("invitations", &invite(mail)).0, 400, "{mail}");
    }
    assert_eq!(
        graph.post("invitations", &invite("_ana_@litwareinc.com")).0,
        201
    );
    assert_eq!(
        graph
            .post(
                "invitations",
                &json!({"invitedUserEmailAddress": "ana@litwareinc.com"})
            )
            .0,
        400
    );
    let mut two = invite("ana@litwareinc.com");
    let copy = json!({"emailAddress": {"address": "x@contoso.com"}});
    two["invitedUserMessageInfo"]["ccRecipients"] = json!([copy, copy]);
    assert_eq!(graph.post("invitations", &two).0, 400);
}

#[test]
fn a_redemption_can_be_reset() {
    let graph = Graph::start();
    let leila = &graph.list("users?$filter=mail eq 'leila.haddad@vanarsdelltd.com'&$select=id")[0];
    let mut body = invite("leila.haddad@vanarsdelltd.com");
    body["resetRedemption"] = json!(true);
    assert_eq!(graph.post("invitations", &body).0, 400);
    body["invitedUser"] = json!({"id": leila["id"]});
    let (status, answer) = graph.post("invitations", &body);
    assert_eq!((status, &answer["invitedUser"]["id"]), (201, &leila["id"]));
    let path = format!(
        "users/{}?$select=externalUserState",
        leila["id"].as_str().unwrap()
    );
    assert_eq!(graph.get(&path).1["externalUserState"], "PendingAcceptance");
    body["invitedUserEmailAddress"] = json!("other@vanarsdelltd.com");
    assert_eq!(graph.post("invitations", &body).0, 400);
}
