//! Listing 50,000 guests: the worker against a bare HTTP-and-parse loop over the same pages.
//!
//! The emulator makes the pages, and a server that does nothing else serves them: otherwise making them would be most
//! of what is measured.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use guestlist::emulator::{Config, Emulator};
use guestlist::graph::ClientConfig;
use guestlist::signin::StaticToken;
use guestlist::worker::plain::Plain;
use guestlist::worker::protocol::{Answer, Ask, Whose};
use serde::Deserialize;

use crate::{Times, report};

const GUESTS: usize = 50_000;
const QUERY: &str = "$filter=userType%20eq%20'Guest'&$select=id,displayName,mail,userPrincipalName,userType,\
    accountEnabled,createdDateTime,creationType,externalUserState,externalUserStateChangeDateTime,companyName&$top=999";

/// What the floor reads of a page: the same fields, with nothing made of them.
#[derive(Deserialize)]
struct Page {
    value: Vec<Row>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)] // reading them is the point
struct Row {
    id: String,
    display_name: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
    user_type: Option<String>,
    account_enabled: Option<bool>,
    created_date_time: Option<String>,
    creation_type: Option<String>,
    external_user_state: Option<String>,
    external_user_state_change_date_time: Option<String>,
    company_name: Option<String>,
}

pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (url, pages) = serve(runtime.block_on(pages(&http)));

    let floor = Times::of(
        10,
        || (),
        |()| assert_eq!(runtime.block_on(bare(&http, &url)), GUESTS),
    );
    let token = Arc::new(StaticToken::new("token").unwrap());
    let config = ClientConfig::new(url.as_str(), token);
    let mut plain = Plain::start(config, None, Box::new(jiff::Timestamp::now)).unwrap();
    let times = Times::of(10, || (), |()| assert_eq!(list(&mut plain), GUESTS));
    report(
        &format!("list: 50,000 guests in {pages} pages"),
        &times,
        ("a bare HTTP-and-parse loop", &floor),
    );
}

fn list(plain: &mut Plain) -> usize {
    let pages = plain
        .run(Ask::Guests(Whose::Guests))
        .map(|answer| match answer {
            Answer::Guests(page) => page.len(),
            Answer::Failed(problem) => panic!("{problem}"),
            _ => 0,
        });
    pages.sum()
}

async fn get(http: &reqwest::Client, url: &str, token: &str) -> (Vec<u8>, Page) {
    let response = http.get(url).bearer_auth(token).send().await.unwrap();
    let body = response.bytes().await.unwrap().to_vec();
    let page = serde_json::from_slice(&body).unwrap();
    (body, page)
}

async fn bare(http: &reqwest::Client, url: &str) -> usize {
    let mut next = Some(format!("{url}/v1.0/users?{QUERY}"));
    let mut rows = Vec::new();
    while let Some(url) = next {
        let response = http.get(&url).bearer_auth("token").send().await.unwrap();
        let page: Page = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        rows.extend(page.value);
        next = page.next;
    }
    rows.len()
}

/// The pages as the emulator makes them.
async fn pages(http: &reqwest::Client) -> Vec<Vec<u8>> {
    let emulator = Emulator::start(Config {
        guests: GUESTS,
        ..Config::default()
    })
    .unwrap();
    let mut next = Some(format!("{}/v1.0/users?{QUERY}", emulator.url()));
    let mut pages = Vec::new();
    while let Some(url) = next {
        let (body, page) = get(http, &url, emulator.token()).await;
        pages.push(body);
        next = page.next;
    }
    pages
}

/// Serves the pages, each with a link to the next; the server's address and how many pages there are.
fn serve(pages: Vec<Vec<u8>>) -> (String, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = pages.len();
    let pages: Vec<Vec<u8>> = pages
        .into_iter()
        .enumerate()
        .map(|(at, body)| {
            let mut page: serde_json::Value = serde_json::from_slice(&body).unwrap();
            if at + 1 < count {
                page["@odata.nextLink"] = format!("{url}/v1.0/users?$skiptoken={}", at + 1).into();
            }
            page.to_string().into_bytes()
        })
        .collect();
    let pages = Arc::new(pages);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let pages = Arc::clone(&pages);
            thread::spawn(move || answer(&stream, &pages));
        }
    });
    (url, count)
}

fn answer(stream: &TcpStream, pages: &[Vec<u8>]) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    loop {
        let first = lines.next()?;
        let skip = first.split("skiptoken=").nth(1);
        let at: usize = skip.map_or(0, |rest| rest.split(' ').next().unwrap().parse().unwrap());
        while !lines.next()?.is_empty() {}
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            pages[at].len()
        );
        let mut out = stream;
        out.write_all(head.as_bytes()).ok()?;
        out.write_all(&pages[at]).ok()?;
    }
}
