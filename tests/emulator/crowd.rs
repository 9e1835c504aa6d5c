//! Large tenants: quick to start, quick to page through.

use std::time::Instant;

use guestlist::emulator::Config;

use super::Graph;

#[test]
fn a_hundred_thousand_guests() {
    let start = Instant::now();
    let graph = Graph::with(Config {
        guests: 100_000,
        ..Config::default()
    });
    println!("started with 100,000 guests in {:?}", start.elapsed());
    let start = Instant::now();
    let (mut pages, mut guests) = (0, 0);
    let select = "id,displayName,mail,userPrincipalName,userType,accountEnabled,createdDateTime,externalUserState,companyName";
    let mut next = Some(format!(
        "users?$filter=userType eq 'Guest'&$select={select}&$top=999"
    ));
    // A few pages are enough to see that a page does not cost what came before it.
    while let Some(path) = next.take_if(|_| pages < 20) {
        let (_, page) = graph.get(&path);
        guests += page["value"].as_array().unwrap().len();
        pages += 1;
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    println!("listed {guests} in {pages} pages in {:?}", start.elapsed());
    assert_eq!(guests, 20 * 999);
    let start = Instant::now();
    let filter = "mail eq 'leila.haddad@vanarsdelltd.com' or otherMails/any(o:o eq 'leila.haddad@vanarsdelltd.com')";
    assert_eq!(graph.list(&format!("users?$filter={filter}")).len(), 1);
    println!("looked one up in {:?}", start.elapsed());
    std::fs::write(graph.record(), "").unwrap();
}

#[test]
fn three_months_of_past_requests() {
    let start = Instant::now();
    let graph = Graph::with(Config {
        guests: 10,
        past: 20_000,
        ..Config::default()
    });
    println!("started with 20,000 past requests in {:?}", start.elapsed());
    let filter = "state eq 'deliveryFailed'";
    let failed = graph.list(&format!(
        "identityGovernance/entitlementManagement/assignmentRequests?$filter={filter}"
    ));
    assert!((60..240).contains(&failed.len()), "{}", failed.len());
    for request in &failed {
        assert!(request["completedDateTime"].is_string(), "{request}");
    }
    std::fs::write(graph.record(), "").unwrap();
}
