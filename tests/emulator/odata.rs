//! Lists: pages, counts, and everything that is refused instead of being ignored.

use super::{EM, Graph, code};

#[test]
fn pages_hold_what_was_asked_for() {
    let graph = Graph::start();
    let guests = "users?$filter=userType eq 'Guest'";
    assert_eq!(graph.list(guests).len(), 100);
    let (_, page) = graph.get(&format!("{guests}&$select=id,mail&$top=999"));
    assert_eq!(page["value"].as_array().unwrap().len(), 999);
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with(&graph.emulator().url()) && next.contains("$skiptoken="));
    let (_, rest) = graph.get(next);
    assert_eq!(rest["value"].as_array().unwrap().len(), 201);
    assert!(rest.get("@odata.nextLink").is_none());
    // Sign-in activity makes pages smaller, whatever was asked for.
    let (_, page) = graph.get(&format!("{guests}&$select=id,signInActivity&$top=999"));
    assert_eq!(page["value"].as_array().unwrap().len(), 500);
    assert_eq!(
        graph
            .all(&format!("{guests}&$select=id,signInActivity&$top=999"))
            .len(),
        1200
    );
    assert!(
        page["@odata.context"]
            .as_str()
            .unwrap()
            .ends_with("$metadata#users(id,signInActivity)")
    );
}

#[test]
fn what_is_written_between_pages_neither_repeats_nor_hides() {
    let graph = Graph::start();
    let (_, page) = graph.get("users?$select=id&$top=500");
    let gone = page["value"][499]["id"].as_str().unwrap();
    assert_eq!(graph.delete(&format!("users/{gone}")).0, 204);
    let rest = graph.all(page["@odata.nextLink"].as_str().unwrap());
    assert_eq!(rest.len(), 1207 - 500);
}

#[test]
fn counting_needs_the_header_on_every_page() {
    let graph = Graph::start();
    let path = "users?$filter=userType eq 'Guest'&$count=true&$top=700";
    assert_eq!(code(&graph.get(path)), (400, "Request_UnsupportedQuery"));
    let (_, page) = graph.get_eventual(path);
    assert_eq!(page["@odata.count"], 1200);
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert_eq!(graph.get(next).0, 400);
    let (status, rest) = graph.get_eventual(next);
    assert_eq!((status, rest.get("@odata.count")), (200, None));
    let (status, count) = graph.get_eventual("users/$count?$filter=userType eq 'Guest'");
    assert_eq!((status, count.as_u64()), (200, Some(1200)));
    assert_eq!(graph.get("users/$count").0, 400);
}

#[test]
fn advanced_queries_need_header_and_count() {
    let graph = Graph::start();
    for query in [
        "$filter=userType ne 'Member'",
        "$filter=not(userType eq 'Member')",
        "$filter=endsWith(mail,'@fabrikam.com')",
        "$filter=userType eq 'Guest'&$orderby=displayName",
    ] {
        let path = format!("users?{query}");
        assert_eq!(
            code(&graph.get(&path)),
            (400, "Request_UnsupportedQuery"),
            "{query}"
        );
        assert_eq!(graph.get_eventual(&path).0, 400, "{query} without $count");
        assert_eq!(
            graph.get_eventual(&format!("{path}&$count=true")).0,
            200,
            "{query}"
        );
    }
    let sorted = graph
        .get_eventual("users?$orderby=displayName&$top=5&$select=displayName")
        .1;
    let names: Vec<&str> = sorted["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["displayName"].as_str().unwrap())
        .collect();
    assert!(
        names.is_sorted_by_key(|name| name.to_lowercase()),
        "{names:?}"
    );
    assert!(graph.get(sorted["@odata.nextLink"].as_str().unwrap()).0 == 200);
}

#[test]
fn refused_not_ignored() {
    let graph = Graph::start();
    let requests = format!("{EM}/assignmentRequests");
    for (path, status) in [
        ("users?$skip=10", 400),
        ("users?$search=\"displayName:wa\"", 400),
        ("users?$frobnicate=1", 400),
        ("users?$top=0", 400),
        ("users?$top=1000", 400),
        ("users?$top=1&$top=2", 400),
        ("users?$select=favouriteColour", 400),
        ("users?$select=skills", 501),
        ("users?$expand=favouriteColour", 400),
        ("users?$filter=favouriteColour eq 'red'", 400),
        ("users?$filter=mail like 'x'", 400),
        ("users?$filter=userType gt 'Guest'", 400),
        (
            "users?$filter=userType eq 'Guest' and signInActivity/lastSignInDateTime le 2026-01-01T00:00:00Z",
            400,
        ),
        ("users?$orderby=jobTitle", 400),
        ("users?$skiptoken=nonsense", 400),
        ("users/delta", 501),
        ("nowhere", 400),
        ("invitations", 404),
        (&format!("{requests}?$orderby=createdDateTime"), 400),
        (&format!("{requests}?$top=5"), 400),
        (&format!("{requests}?$count=true"), 400),
        (&format!("{requests}?$filter=state ne 'denied'"), 400),
        (&format!("{requests}?$filter=status eq 'Delivered'"), 400),
        (&format!("{requests}?$filter=not(state eq 'denied')"), 400),
        (
            &format!("{requests}?$expand=requestor($expand=nothing)"),
            400,
        ),
        (
            &format!("{requests}?$expand=requestor($filter=email eq 'x')"),
            400,
        ),
        (&format!("{requests}/filterByCurrentUser(on='nobody')"), 400),
        (&format!("{EM}/assignments?$filter=state ne 'expired'"), 400),
        (&format!("{EM}/accessPackages?$search=x"), 400),
    ] {
        let answer = graph.get(path);
        assert_eq!(answer.0, status, "{path}: {}", answer.1);
        assert!(answer.1["error"]["code"].is_string(), "{path}");
    }
    assert_eq!(
        graph
            .get("users?$filter=signInActivity/lastSignInDateTime le 2026-01-01T00:00:00Z")
            .0,
        200
    );
}
