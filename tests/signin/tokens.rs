//! Renewal: in time, once for all, with each refresh token used once.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use guestlist::domain::problem::ProblemKind;
use guestlist::signin::{Cloud, KeptIn, SignInConfig, SignInStep, StoreKind, Way};
use serde_json::json;

use super::{agreeing, sign_in, signed_in, tenant};
use crate::support::scripted::{Does, Server};

#[tokio::test]
async fn renewed_before_the_end_with_a_token_that_is_good_once() {
    let emulator = tenant(agreeing());
    let entra = emulator.entra().unwrap();
    let (sign_in, told) = signed_in(&emulator).await;
    let mut seen = HashSet::from([sign_in.fetch().await.unwrap().reveal().to_owned()]);
    told.pass(&emulator, 3000);
    assert!(
        !seen.insert(sign_in.fetch().await.unwrap().reveal().to_owned()),
        "50 minutes: not yet"
    );
    for round in 1..=3 {
        // Five minutes before the hour is over.
        told.pass(&emulator, if round == 1 { 305 } else { 3305 });
        assert!(
            seen.insert(sign_in.fetch().await.unwrap().reveal().to_owned()),
            "{round}"
        );
        assert_eq!(entra.grants("refresh_token"), round);
    }
    // Away for a day: the token is long over, the sign-in is not.
    told.pass(&emulator, 86_400);
    assert!(seen.insert(sign_in.fetch().await.unwrap().reveal().to_owned()));
}

#[tokio::test]
async fn many_who_ask_at_once_share_one_renewal() {
    let emulator = tenant(agreeing());
    let entra = emulator.entra().unwrap();
    let (sign_in, told) = signed_in(&emulator).await;
    let ask_all = || async {
        let asked: Vec<_> = (0..100)
            .map(|_| {
                let sign_in = sign_in.clone();
                tokio::spawn(async move { sign_in.fetch().await })
            })
            .collect();
        let mut answers = Vec::new();
        for one in asked {
            answers.push(one.await.unwrap());
        }
        answers
    };
    told.pass(&emulator, 7200);
    let answers = ask_all().await;
    assert_eq!(entra.grants("refresh_token"), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer == &answers[0] && answer.is_ok())
    );

    // A refusal is shared too: nobody hammers Entra with a token that is no good.
    told.pass(&emulator, 7200);
    entra.revoke();
    let answers = ask_all().await;
    assert_eq!(entra.grants("refresh_token"), 2);
    for answer in answers {
        assert_eq!(answer.unwrap_err().kind, ProblemKind::SignIn);
    }
}

#[tokio::test]
async fn a_renewal_ends_even_if_nobody_waits_for_it_any_more() {
    let emulator = tenant(agreeing());
    let entra = emulator.entra().unwrap();
    let (sign_in, told) = signed_in(&emulator).await;
    told.pass(&emulator, 7200);
    let waiting = {
        let sign_in = sign_in.clone();
        tokio::spawn(async move { sign_in.fetch().await })
    };
    // Far enough for the question to be on its way.
    tokio::task::yield_now().await;
    waiting.abort();
    sign_in.fetch().await.unwrap();
    assert_eq!(
        entra.grants("refresh_token"),
        1,
        "the one that was given up was finished and used"
    );
}

#[tokio::test]
async fn a_token_is_used_to_its_end_while_entra_cannot_be_reached() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = signed_in(&emulator).await;
    let first = sign_in.fetch().await.unwrap();
    told.pass(&emulator, 3400);
    drop(emulator);
    assert_eq!(sign_in.fetch().await.unwrap(), first);
    assert_eq!(sign_in.fetch().await.unwrap(), first);
}

fn kept_in(dir: &Path) -> impl FnOnce(&mut SignInConfig) {
    let dir = dir.to_owned();
    move |config| {
        config.keep = StoreKind::File;
        config.state_dir = Some(dir);
    }
}

#[tokio::test]
async fn a_kept_sign_in_serves_the_next_run_and_two_at_once_until_logout() {
    let emulator = tenant(agreeing());
    let dir = tempfile::tempdir().unwrap();
    let (first, told) = sign_in(&emulator, Way::DeviceCode, kept_in(dir.path()), |_| ());
    first.begin(Way::DeviceCode).await.unwrap();

    let (second, _) = sign_in(&emulator, Way::DeviceCode, kept_in(dir.path()), |_| ());
    let status = second.status().unwrap();
    assert_eq!(status.account.unwrap().as_str(), "adele@contoso.com");
    assert!(status.ends.is_none() && status.kept.is_some());
    assert!(
        status.place.to_string().contains("/signin/"),
        "{}",
        status.place
    );
    second.fetch().await.unwrap();
    // The second's renewal ended the first's refresh token; the first finds the new one.
    told.pass(&emulator, 7200);
    first.fetch().await.unwrap();

    let removed = first.forget().unwrap();
    assert!(
        matches!(removed.as_slice(), [KeptIn::File(_)]),
        "{removed:?}"
    );
    assert_eq!(first.fetch().await.unwrap_err().kind, ProblemKind::SignIn);
    let (third, _) = sign_in(&emulator, Way::DeviceCode, kept_in(dir.path()), |_| ());
    assert!(third.status().unwrap().kept.is_none());
    assert!(third.fetch().await.is_err());
    assert_eq!(first.forget().unwrap(), []);
}

/// An Entra that gives tokens out, the second time only when it is told to.
fn slow_entra() -> (Server, std::sync::mpsc::Sender<()>) {
    let (go, gone) = std::sync::mpsc::channel();
    let gone = std::sync::Mutex::new(gone);
    let asked = AtomicU32::new(0);
    let server = Server::start(move |seen| {
        let body = if seen.target.ends_with("/devicecode") {
            json!({"user_code": "A", "device_code": "B", "verification_uri": "https://x.example", "expires_in": 900})
        } else {
            // The first is the device code's, the second the renewal.
            if asked.fetch_add(1, Ordering::SeqCst) == 1 {
                gone.lock().unwrap().recv().unwrap();
            }
            json!({"token_type": "Bearer", "access_token": "opaque", "expires_in": 3600, "refresh_token": "r"})
        };
        let kind = ("content-type", "application/json".to_owned());
        Does::Says(200, vec![kind], body.to_string())
    });
    (server, go)
}

#[tokio::test]
async fn signed_out_while_a_renewal_was_under_way_nothing_comes_back() {
    let (server, go) = slow_entra();
    let emulator = tenant(agreeing());
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = |config: &mut SignInConfig| {
        kept_in(dir.path())(config);
        config.cloud = Cloud::custom(&server.url(), &server.url()).unwrap();
    };
    let (sign_in, told) = sign_in(&emulator, Way::DeviceCode, elsewhere, |_| ());
    sign_in.begin(Way::DeviceCode).await.unwrap();
    assert!(sign_in.claims().is_none(), "an opaque token is no error");
    told.pass(&emulator, 7200);
    let waiting = {
        let sign_in = sign_in.clone();
        tokio::spawn(async move { sign_in.fetch().await })
    };
    while server.seen().len() < 3 {
        tokio::task::yield_now().await;
    }
    sign_in.forget().unwrap();
    go.send(()).unwrap();
    assert!(waiting.await.unwrap().is_err());
    assert!(sign_in.fetch().await.is_err());
    assert!(sign_in.status().unwrap().kept.is_none());
    let left = std::fs::read_dir(dir.path().join("signin"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "and nothing was written after it was removed");
}

#[tokio::test]
async fn a_folder_that_others_can_read_is_not_used_and_does_not_stop_the_sign_in() {
    use std::os::unix::fs::PermissionsExt as _;
    let emulator = tenant(agreeing());
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("signin");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (sign_in, told) = sign_in(&emulator, Way::DeviceCode, kept_in(dir.path()), |_| ());
    assert!(sign_in.status().unwrap_err().remedy.contains("chmod 700"));
    // Known to who signs in for nothing else, before they do.
    assert!(
        sign_in
            .check_store()
            .unwrap_err()
            .remedy
            .contains("chmod 700")
    );
    assert!(told.steps().is_empty());
    sign_in.begin(Way::DeviceCode).await.unwrap();
    assert!(
        told.steps()
            .iter()
            .any(|step| matches!(step, SignInStep::NotKept(_)))
    );
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    sign_in.fetch().await.unwrap();
}
