//! Authorization code with PKCE on a loopback port.

use std::time::Duration;

use guestlist::domain::problem::ProblemKind;
use guestlist::signin::{SignIn, SignInStep, Way};
use reqwest::Url;

use super::{Told, agreeing, refused, sign_in, tenant};

/// What a browser does: follows where it is sent.
async fn browse(url: &str) -> (u16, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn shown(told: &Told) -> (String, String) {
    loop {
        for step in told.steps() {
            if let SignInStep::Browser { url, ssh_line, .. } = step {
                return (url.reveal().to_owned(), ssh_line);
            }
        }
        tokio::task::yield_now().await;
    }
}

fn begin(
    sign_in: &SignIn,
) -> tokio::task::JoinHandle<Result<(), guestlist::domain::problem::Problem>> {
    let sign_in = sign_in.clone();
    tokio::spawn(async move { sign_in.begin(Way::Browser).await })
}

fn patiently(config: &mut guestlist::signin::SignInConfig) {
    config.pace.sleep = std::sync::Arc::new(|pause: Duration| Box::pin(tokio::time::sleep(pause)));
}

#[tokio::test]
async fn the_browser_comes_back_with_a_code() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = sign_in(&emulator, Way::Browser, patiently, |_| ());
    let under_way = begin(&sign_in);
    let (url, ssh_line) = shown(&told).await;
    let url = Url::parse(&url).unwrap();
    let query = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let redirect = Url::parse(&query("redirect_uri")).unwrap();
    let port = redirect.port().unwrap();
    assert_eq!(redirect.host_str(), Some("localhost"));
    assert!(
        ssh_line.starts_with("ssh ") && ssh_line.contains(&format!("-L {port}:localhost:{port} "))
    );
    assert_eq!(query("code_challenge_method"), "S256");
    assert!(query("scope").contains("https://graph.microsoft.com/User.Read"));
    assert!(query("scope").contains("offline_access"));

    // Anything on this machine can knock; only the answer to our question counts.
    for stray in ["/favicon.ico", "/?code=stolen&state=guessed", "/?code=x"] {
        let (status, _) = browse(&format!("http://127.0.0.1:{port}{stray}")).await;
        assert_eq!(status, 404, "{stray}");
    }
    let (status, page) = browse(url.as_str()).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("close this window") && !page.contains("EMULATED"),
        "{page}"
    );
    under_way.await.unwrap().unwrap();
    assert_eq!(sign_in.account().unwrap().as_str(), "adele@contoso.com");
    sign_in.fetch().await.unwrap();
    let knock = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
    assert!(knock.is_err(), "the port is closed again");
}

#[tokio::test]
async fn a_refusal_comes_back_too() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = sign_in(&emulator, Way::Browser, patiently, |_| ());
    let under_way = begin(&sign_in);
    let (url, _) = shown(&told).await;
    let url = Url::parse(&url).unwrap();
    let query = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let mut back = Url::parse(&query("redirect_uri")).unwrap();
    back.query_pairs_mut()
        .append_pair("error", "access_denied")
        .append_pair(
            "error_description",
            "AADSTS65004: User declined to consent.",
        )
        .append_pair("state", &query("state"));
    browse(back.as_str()).await;
    refused(under_way.await.unwrap(), "Consent was declined");
}

#[tokio::test]
async fn the_code_is_worth_nothing_without_its_verifier() {
    let emulator = tenant(agreeing());
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let at = |name: &str| format!("{}/contoso.com/oauth2/v2.0/{name}", emulator.url());
    let mut url = Url::parse(&at("authorize")).unwrap();
    url.query_pairs_mut()
        .append_pair("client_id", "x")
        .append_pair("response_type", "code")
        .append_pair("redirect_uri", "http://localhost:1")
        .append_pair("code_challenge_method", "S256")
        .append_pair("code_challenge", &"a".repeat(43))
        .append_pair("scope", "User.Read")
        .append_pair("state", "s");
    let answer = http.get(url).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let location = Url::parse(&location).unwrap();
    let code = location
        .query_pairs()
        .find(|(key, _)| key == "code")
        .unwrap()
        .1
        .into_owned();
    let mut form = Url::parse("http://localhost").unwrap();
    form.query_pairs_mut()
        .append_pair("client_id", "x")
        .append_pair("grant_type", "authorization_code")
        .append_pair("redirect_uri", "http://localhost:1")
        .append_pair("code_verifier", &"b".repeat(43))
        .append_pair("code", &code);
    let answer = http
        .post(at("token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.query().unwrap().to_owned())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("501481"));
}

#[tokio::test]
async fn nobody_is_waited_for_for_ever() {
    let emulator = tenant(agreeing());
    // Time passes at once.
    let (sign_in, _) = sign_in(&emulator, Way::Browser, |_| (), |_| ());
    let problem = refused(sign_in.begin(Way::Browser).await, "in time");
    assert_eq!(problem.kind, ProblemKind::SignIn);
}
