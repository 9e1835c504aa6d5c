//! Device code: waiting, and everything that can come of it.

use std::sync::Arc;

use guestlist::domain::problem::ProblemKind;
use guestlist::emulator::{Emulator, LoginConfig};
use guestlist::signin::{SignInStep, Way};

use super::{agreeing, refused, sign_in, signed_in, tenant};

#[tokio::test]
async fn waits_as_it_is_told_until_the_code_was_typed() {
    let emulator = tenant(LoginConfig::default());
    emulator.entra().unwrap().slow_down(1);
    let away = Arc::clone(&emulator);
    let (sign_in, told) = sign_in(
        &emulator,
        Way::DeviceCode,
        |_| (),
        move |pause| {
            if pause == 3 {
                assert!(away.entra().unwrap().approve(None));
            }
        },
    );
    sign_in.begin(Way::DeviceCode).await.unwrap();
    // The interval is 5 s; slow_down adds five for good (RFC 8628 3.5).
    assert_eq!(told.pauses(), [10, 10, 10]);
    let steps = told.steps();
    let [
        SignInStep::DeviceCode {
            tenant,
            app,
            code,
            link,
            ..
        },
        SignInStep::Done { account },
    ] = steps.as_slice()
    else {
        panic!("{steps:?}")
    };
    assert_eq!(tenant, "contoso.com");
    assert_eq!(app, guestlist::signin::DEFAULT_CLIENT);
    assert_eq!(code.reveal().len(), 9);
    assert!(link.as_str().ends_with("/device"));
    assert_eq!(account.as_ref().unwrap().as_str(), "adele@contoso.com");
    let claims = sign_in.claims().unwrap();
    assert!(claims.carries("EntitlementManagement.ReadWrite.All") && !claims.is_app_only());
    sign_in.fetch().await.unwrap();
    assert_eq!(
        emulator.entra().unwrap().grants("refresh_token"),
        0,
        "it is fresh"
    );
}

#[tokio::test]
async fn ends_when_declined_or_too_late() {
    type Meanwhile = fn(&Emulator);
    let cases: [(Meanwhile, &str); 2] = [
        (
            |tenant| assert!(tenant.entra().unwrap().decline(None)),
            "declined",
        ),
        (|tenant| tenant.entra().unwrap().expire_codes(), "expired"),
    ];
    for (meanwhile, word) in cases {
        let emulator = tenant(LoginConfig::default());
        let away = Arc::clone(&emulator);
        let (sign_in, told) = sign_in(
            &emulator,
            Way::DeviceCode,
            |_| (),
            move |pause| {
                if pause == 2 {
                    meanwhile(&away);
                }
            },
        );
        let problem = refused(sign_in.begin(Way::DeviceCode).await, word);
        assert_eq!(told.steps().last(), Some(&SignInStep::Refused(problem)));
        assert_eq!(told.pauses(), [5, 5]);
        assert_eq!(sign_in.fetch().await.unwrap_err().kind, ProblemKind::SignIn);
    }
}

#[tokio::test]
async fn refusals_of_entra_are_said_in_words() {
    for (code, word) in [
        (53003, "Conditional access does not allow"),
        (50076, "Multifactor authentication is required"),
        (65001, "consented"),
        (90072, "not in the tenant"),
        (50097, "requires a known device"),
    ] {
        let emulator = tenant(agreeing());
        emulator.entra().unwrap().refuse_next(code);
        let (sign_in, _) = sign_in(&emulator, Way::DeviceCode, |_| (), |_| ());
        let problem = refused(sign_in.begin(Way::DeviceCode).await, word);
        assert!(problem.what.contains(&format!("AADSTS{code}")), "{problem}");
        assert!(problem.request_id.is_some(), "{problem}");
    }
    let emulator = tenant(agreeing());
    let (other, _) = sign_in(
        &emulator,
        Way::DeviceCode,
        |c| c.tenant = "nowhere.example".into(),
        |_| (),
    );
    refused(other.begin(Way::DeviceCode).await, "no such tenant");
    let app = |c: &mut guestlist::signin::SignInConfig| {
        c.client = "00000000-0000-0000-0000-000000000000".into();
    };
    let (other, _) = sign_in(&emulator, Way::DeviceCode, app, |_| ());
    refused(
        other.begin(Way::DeviceCode).await,
        "not known in this tenant",
    );
}

#[tokio::test]
async fn nothing_begins_by_itself() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = sign_in(&emulator, Way::DeviceCode, |_| (), |_| ());
    for _ in 0..3 {
        assert_eq!(sign_in.fetch().await.unwrap_err().kind, ProblemKind::SignIn);
        assert_eq!(
            sign_in.restore().await.unwrap_err().kind,
            ProblemKind::SignIn
        );
    }
    assert_eq!(told.steps(), []);
}

#[tokio::test]
async fn another_account_does_not_take_a_session_over() {
    let emulator = tenant(agreeing());
    let (sign_in, told) = signed_in(&emulator).await;
    emulator.entra().unwrap().act_as("diego@contoso.com");
    refused(
        sign_in.begin(Way::DeviceCode).await,
        "another account works in this session",
    );
    assert_eq!(sign_in.account().unwrap().as_str(), "adele@contoso.com");
    told.pass(&emulator, 7200);
    sign_in.fetch().await.unwrap();
    assert_eq!(sign_in.account().unwrap().as_str(), "adele@contoso.com");
    // Signed out, anybody may.
    sign_in.forget().unwrap();
    sign_in.begin(Way::DeviceCode).await.unwrap();
    assert_eq!(sign_in.account().unwrap().as_str(), "diego@contoso.com");
}

#[tokio::test]
async fn given_up_half_way_it_can_be_begun_again() {
    let emulator = tenant(LoginConfig::default());
    let (sign_in, told) = sign_in(
        &emulator,
        Way::DeviceCode,
        |config| {
            config.pace.sleep = Arc::new(|_| Box::pin(std::future::pending()));
        },
        |_| (),
    );
    let under_way = {
        let sign_in = sign_in.clone();
        tokio::spawn(async move { sign_in.begin(Way::DeviceCode).await })
    };
    while told.steps().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(
        sign_in.begin(Way::DeviceCode).await.is_err(),
        "one at a time"
    );
    // Who needs a token waits for the sign-in that was begun, and no longer than that.
    let waiting = {
        let sign_in = sign_in.clone();
        tokio::spawn(async move { sign_in.fetch().await })
    };
    tokio::task::yield_now().await;
    under_way.abort();
    assert!(waiting.await.unwrap().is_err());
    assert!(emulator.entra().unwrap().approve(None));
    sign_in.begin(Way::DeviceCode).await.unwrap_err();
}
