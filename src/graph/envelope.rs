//! Graph's error envelope, read with every oddity it was seen with (errors, batch-post: empty code, a web page as
//! message, `innererror` and `Date` in other casings), and turned into a [`Problem`]. Nothing but [`names_nobody`]
//! branches on a message: messages are for people.

use serde_json::{Map, Value};

use super::call::{NOT_GRAPH, Response};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// Longest piece of a server's message that is repeated, in characters.
const MAX_MESSAGE: usize = 200;

/// Longest list of missing permissions, in characters: names of which one too few is asked for help nobody.
const MAX_NAMES: usize = 1_000;

/// The code, in an error's message, of an app that lacks permissions; the message names them.
const SCOPE_NOT_GRANTED: &str = "PermissionScopeNotGranted";

/// How Graph says that a value which only one object may have is another's (directory-deleteditems-restore).
const SAME_VALUE: &str = "Another object with the same value for property";

/// What an error envelope holds.
#[derive(Default)]
struct Envelope {
    code: String,
    message: String,
    request_id: Option<String>,
}

/// The problem an answer with an error status tells of.
pub(super) fn problem(answer: &Response) -> Problem {
    let envelope = read(&answer.body);
    let known = envelope.is_some();
    let envelope = envelope.unwrap_or_default();
    let host = &answer.host;
    let status = answer.status;
    let said = said(&envelope);

    let (kind, what, remedy): (_, String, &str) = match status {
        401 => (
            ProblemKind::SignIn,
            "Graph does not take the token: it has expired or is not for Graph".into(),
            "Sign in again, or set GUESTLIST_TOKEN to a fresh token",
        ),
        429 => (
            ProblemKind::Throttled,
            "Graph asks us to slow down".into(),
            "Try again in a while",
        ),
        300..=399 => (
            ProblemKind::NotGraph,
            format!("{host} answered with a redirect, which is not followed with a token"),
            NOT_GRAPH,
        ),
        501 if known => (
            ProblemKind::Refused,
            format!("Graph does not support this here{said}"),
            "",
        ),
        500 | 502..=599 => (
            ProblemKind::Service,
            format!("Graph failed to answer ({status}{})", code(&envelope)),
            "Try again in a while",
        ),
        // Only Graph's own envelope is believed: a proxy's 404 does not mean that a guest is gone.
        _ if !known => (
            ProblemKind::NotGraph,
            format!("{host} answered {status}, but not like Microsoft Graph"),
            NOT_GRAPH,
        ),
        // A deleted account is not restored where another has its name or address by now.
        400 | 409 if envelope.message.contains(SAME_VALUE) => (
            ProblemKind::Refused,
            format!("Another account stands in the way, which has the same name or address{said}"),
            "Find it by its address with `guestlist guests show ADDRESS`; delete or rename that one, then try again",
        ),
        403 => (
            ProblemKind::NotPermitted,
            format!("This account is not permitted to do that{said}"),
            "Ask an administrator for the permission, or for the licence where it is missing",
        ),
        404 | 410 => not_found(&said),
        // Some writes say it so of what replication has not brought everywhere yet.
        400 if ["Request_ResourceNotFound", "Directory_ObjectNotFound"]
            .contains(&&*envelope.code)
            || names_nobody(&envelope) =>
        {
            not_found(&said)
        }
        424 => (
            ProblemKind::Refused,
            format!("Graph did not try it, because something it depends on failed{said}"),
            "Refresh and look again",
        ),
        409 | 412 => (
            ProblemKind::Conflict,
            format!("Its state has changed meanwhile{said}"),
            "Refresh and look again",
        ),
        _ => (
            ProblemKind::Refused,
            format!(
                "Graph refused the request ({status}{}){said}",
                code(&envelope)
            ),
            "",
        ),
    };
    let mut problem = Problem::new(kind, what, remedy);
    problem.request_id = answer.request_id.clone().or(envelope.request_id);
    problem.retry_after = answer.retry_after;
    problem
}

/// Whether a write was refused for an object it names that is not known there: the code is that of every bad request,
/// so that of all refusals this one is told by its message (post-members, and microsoft-graph-docs#15839).
fn names_nobody(envelope: &Envelope) -> bool {
    let message = envelope.message.to_ascii_lowercase();
    message.contains("not a valid reference update")
}

fn not_found(said: &str) -> (ProblemKind, String, &'static str) {
    (
        ProblemKind::NotFound,
        format!("Graph does not know it, or not any more{said}"),
        "Refresh and look again",
    )
}

/// `, BadRequest`, cleaned; empty where there is no code.
fn code(envelope: &Envelope) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let code: String = envelope
        .code
        .chars()
        .filter(|c| plain(*c))
        .take(64)
        .collect();
    if code.is_empty() {
        code
    } else {
        format!(", {code}")
    }
}

/// `: "what Graph says"`, cleaned and cut; empty where it says nothing fit to show.
fn said(envelope: &Envelope) -> String {
    if envelope.message.contains('<') && looks_like_html(envelope.message.as_bytes()) {
        return String::new();
    }
    let message = without_secrets(&Text::new(&envelope.message));
    let message = message.trim().trim_end_matches('.');
    if message.is_empty() {
        return String::new();
    }
    let most = match envelope.code.as_str() {
        SCOPE_NOT_GRANTED => MAX_NAMES,
        _ => MAX_MESSAGE,
    };
    let mut cut: String = message.chars().take(most).collect();
    if cut.len() < message.len() {
        cut.push('…');
    }
    format!(": {cut}")
}

/// Words that look like links or tokens are left out: an error text goes to logs, screens and tickets.
fn without_secrets(message: &str) -> String {
    let clean = |word: &str| -> String {
        // `A.Read.All,B.Read.All,C.Read.All` is long and no secret; a comma and a space show it as the list it is.
        let names: Vec<&str> = word.split_inclusive([',', ';', '|']).collect();
        let (is_list, is_long) = (names.len() > 1, |one: &str| one.chars().count() > 60);
        if word.contains("://") || word.contains("eyJ") {
            "…".to_owned()
        } else if is_list
            && names
                .iter()
                .all(|name| !is_long(name) && is_plain_name(name))
        {
            names.join(" ")
        } else if is_long(word) && !is_plain_name(word) {
            "…".to_owned()
        } else {
            word.to_owned()
        }
    };
    message.split(' ').map(clean).collect::<Vec<_>>().join(" ")
}

/// Whether a word is a name as APIs have them (`EntitlementManagement.Read.All`): letters in parts of a speakable
/// length, no digit. Of what opens doors nothing looks so.
fn is_plain_name(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let mut parts = bare.split(['.', '-', '_', '/']);
    bare.len() <= 128
        && parts.all(|part| {
            (1..=40).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
        })
}

/// Reads an envelope out of a body; `None` where it holds none.
fn read(body: &[u8]) -> Option<Envelope> {
    let value: Value = serde_json::from_slice(body).ok()?;
    // Directory services of before Graph say `odata.error`, with the words one deeper (errors).
    let body = value.as_object()?;
    let error = field(body, "error")
        .or_else(|| field(body, "odata.error"))?
        .as_object()?;
    let text = |map: &Map<String, Value>, name| {
        let said = field(map, name);
        let deeper = said
            .and_then(Value::as_object)
            .and_then(|said| field(said, "value"));
        deeper
            .or(said)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let request_id = field(error, "innerError")
        .and_then(Value::as_object)
        .and_then(|inner| field(inner, "request-id"))
        .and_then(Value::as_str)
        .and_then(correlation);
    let (code, message) = unpacked(text(error, "code"), text(error, "message"));
    Some(Envelope {
        code,
        message,
        request_id,
    })
}

/// Entitlement management puts the service's own error, as JSON, into the message of Graph's: that one is told.
fn unpacked(code: String, message: String) -> (String, String) {
    let inner: Option<Map<String, Value>> = message
        .trim_start()
        .starts_with('{')
        .then(|| serde_json::from_str(&message).ok())
        .flatten();
    let Some(inner) = inner else {
        return (code, message);
    };
    // The same again under `error`, in some services.
    let inner = field(&inner, "error")
        .and_then(Value::as_object)
        .unwrap_or(&inner);
    let text = |names: [&str; 2]| {
        let mut found = names.iter().filter_map(|name| field(inner, name)?.as_str());
        found.find(|text| !text.is_empty()).map(str::to_owned)
    };
    match text(["message", "errorMessage"]) {
        Some(said) => (text(["errorCode", "code"]).unwrap_or(code), said),
        None => (code, message),
    }
}

/// A property whatever its casing.
fn field<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let wanted = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
    map.get(name)
        .or_else(|| map.iter().find(wanted).map(|(_, value)| value))
}

/// A request id, if it is fit to show and to write down.
pub(super) fn correlation(raw: &str) -> Option<String> {
    let fit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (!raw.is_empty() && raw.len() <= 64 && raw.bytes().all(fit)).then(|| raw.to_owned())
}

/// Whether a body is a web page.
pub(super) fn looks_like_html(body: &[u8]) -> bool {
    let head: Vec<u8> = body
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take(14)
        .map(|b| b.to_ascii_lowercase())
        .collect();
    head.starts_with(b"<!doctype") || head.starts_with(b"<html") || head.starts_with(b"<?xml")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        Response {
            status,
            request_id: None,
            retry_after: None,
            host: "graph.example".into(),
            body: body.as_bytes().to_vec(),
        }
    }

    fn said_of(status: u16, body: &str) -> Problem {
        problem(&answer(status, body))
    }

    #[test]
    fn an_error_of_before_graph_is_read_too() {
        let body = r#"{"odata.error":{"code":"Authorization_RequestDenied","message":{"lang":"en","value":"Insufficient privileges."}}}"#;
        let problem = said_of(403, body);
        assert_eq!(problem.kind, ProblemKind::NotPermitted);
        assert!(
            problem.what.contains("Insufficient privileges"),
            "{problem}"
        );
    }

    #[test]
    fn reads_every_casing_and_keeps_the_request_id() {
        for body in [
            r#"{"error":{"code":"X","message":"No.","innerError":{"request-id":"abc-1","date":"d"}}}"#,
            r#"{"error":{"code":"X","message":"No.","innererror":{"Request-Id":"abc-1","Date":"d"}}}"#,
            r#"{"Error":{"Code":"X","Message":"No.","InnerError":{"REQUEST-ID":"abc-1"}}}"#,
        ] {
            let problem = said_of(403, body);
            assert_eq!(problem.kind, ProblemKind::NotPermitted);
            assert_eq!(problem.request_id.as_deref(), Some("abc-1"), "{body}");
            assert!(problem.what.ends_with(": No"), "{}", problem.what);
        }
    }

    #[test]
    fn what_is_not_there_and_what_was_not_tried() {
        let coded = |status, code: &str| {
            said_of(
                status,
                &format!(r#"{{"error":{{"code":"{code}","message":"No."}}}}"#),
            )
        };
        for (status, code) in [(404, "x"), (410, "x"), (400, "Directory_ObjectNotFound")] {
            assert_eq!(
                coded(status, code).kind,
                ProblemKind::NotFound,
                "{status} {code}"
            );
        }
        assert_eq!(coded(400, "BadRequest").kind, ProblemKind::Refused);
        let dependent = coded(424, "FailedDependency");
        assert_eq!(dependent.kind, ProblemKind::Refused);
        assert!(!dependent.leaves_unknown(), "{dependent}");
    }

    #[test]
    fn survives_the_odd_ones() {
        let html =
            r#"{"error":{"code":"UnknownError","message":"<!DOCTYPE html><html>404</html>"}}"#;
        let problem = said_of(404, html);
        assert_eq!(problem.kind, ProblemKind::NotFound);
        assert!(!problem.to_string().contains('<'), "{problem}");

        let empty = said_of(
            403,
            r#"{"error":{"code":"","message":null,"innerError":7}}"#,
        );
        assert_eq!(empty.kind, ProblemKind::NotPermitted);

        for not_graph in [
            "",
            "<html>",
            "{\"error\":",
            "[]",
            "{\"error\":\"no\"}",
            "null",
            "42",
        ] {
            assert_eq!(
                said_of(404, not_graph).kind,
                ProblemKind::NotGraph,
                "{not_graph}"
            );
            assert_eq!(said_of(503, not_graph).kind, ProblemKind::Service);
            assert_eq!(said_of(401, not_graph).kind, ProblemKind::SignIn);
            assert_eq!(said_of(429, not_graph).kind, ProblemKind::Throttled);
        }
        assert_eq!(said_of(302, "").kind, ProblemKind::NotGraph);
    }

    #[test]
    fn links_tokens_and_escapes_stay_out() {
        let body = r#"{"error":{"code":"\u001b[2J","message":"see https://x/redeem?ticket=1 eyJabc.def \u001b]52;c;x"}}"#;
        let shown = said_of(400, body).to_string();
        for bad in ["ticket", "eyJ", "\u{1b}"] {
            assert!(!shown.contains(bad), "{shown}");
        }
        let long = format!(
            r#"{{"error":{{"code":"c","message":"{}"}}}}"#,
            "word ".repeat(500)
        );
        assert!(said_of(400, &long).what.chars().count() < 300);
    }

    #[test]
    fn the_missing_permission_is_named() {
        let inner = |said: &str| {
            let inner = serde_json::json!({"errorCode": "PermissionScopeNotGranted", "message": said, "instanceAnnotations": []});
            let body = serde_json::json!({"error": {"code": "UnknownError", "message": inner.to_string(), "innerError": {"request-id": "abc-1"}}});
            said_of(403, &body.to_string())
        };
        let problem = inner(
            "Authorization failed due to missing permission scope EntitlementManagement.Read.All,EntitlementManagement.ReadWrite.All.",
        );
        assert_eq!(
            problem.what,
            "This account is not permitted to do that: Authorization failed due to missing permission scope EntitlementManagement.Read.All, EntitlementManagement.ReadWrite.All"
        );
        assert_eq!(problem.request_id.as_deref(), Some("abc-1"));
        // All of them, however many.
        let many = ["RoleManagementPolicy.ReadWrite.AzureADGroup"; 12].join(",");
        let shown = inner(&format!("missing permission scope {many}.")).what;
        assert_eq!(shown.matches("AzureADGroup").count(), 12, "{shown}");
        let one = "PrivilegedEligibilitySchedule.RemoveElevatedAssignmentsBeyondAll.AzureADGroup";
        assert!(inner(one).what.contains(one));
        // What is no such JSON stays as it is; what is secret stays out of it.
        let odd = |message: &str| {
            let body = serde_json::json!({"error": {"code": "X", "message": message}});
            said_of(403, &body.to_string()).what
        };
        assert!(odd("{not JSON").ends_with(": {not JSON"));
        assert!(odd(r#"{"error":{"code":"Y","message":"No."}}"#).ends_with(": No"));
        for secret in [
            "0.AXYAqwertyuiopasdfghjklzxcvbnm1234567890qwertyuiopasdfghjklzxcvbnm",
            "a,0.AXYAqwertyuiopasdfghjklzxcvbnm1234567890qwertyuiopasdfghjklzxcvbnm",
            "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjkl",
            "a,eyJhbGciOi.b",
        ] {
            let shown = odd(&format!("it was {secret} again"));
            assert!(shown.ends_with("it was … again"), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(status in 100u16..1000, body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut answer = answer(status, "");
            answer.body = body;
            let problem = problem(&answer);
            prop_assert!(!problem.what.is_empty());
            prop_assert!(!problem.to_string().chars().any(char::is_control));
        }

        #[test]
        fn never_panics_on_json(code in any::<String>(), message in any::<String>(), id in any::<String>()) {
            let body = serde_json::json!({"error": {"code": code, "message": message, "innerError": {"request-id": id}}});
            let problem = said_of(400, &body.to_string());
            prop_assert!(!problem.to_string().chars().any(char::is_control));
        }
    }
}
