//! Ways that need nobody: `azure_identity` over loopback, through our transport.

use guestlist::domain::invitation::Secret;
use guestlist::domain::problem::ProblemKind;
use guestlist::signin::{Cloud, SignIn, SignInConfig, Way};

use super::{agreeing, sign_in, tenant};

/// An app of the tenant's own.
const OWN_APP: &str = "11111111-2222-3333-4444-555555555555";

#[tokio::test]
async fn a_client_secret_signs_an_app_in() {
    let emulator = tenant(agreeing());
    let secret = |secret: &'static str| {
        move |config: &mut SignInConfig| {
            config.secret = Some(Secret::new(secret));
            config.client = OWN_APP.into();
        }
    };
    let (app, told) = sign_in(
        &emulator,
        Way::ClientSecret,
        secret("emulated-secret"),
        |_| (),
    );
    let first = app.fetch().await.unwrap();
    assert!(app.claims().unwrap().is_app_only());
    assert_eq!(app.fetch().await.unwrap(), first);
    assert_eq!(emulator.entra().unwrap().grants("client_credentials"), 1);
    assert_eq!(told.steps(), [], "nobody is asked");

    let (wrong, _) = sign_in(&emulator, Way::ClientSecret, secret("not-it"), |_| ());
    let problem = wrong.fetch().await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::SignIn);
    assert!(
        problem.what.contains("client secret is wrong") && problem.what.contains("7000215"),
        "{problem}"
    );

    let (expired, _) = sign_in(
        &emulator,
        Way::ClientSecret,
        secret("emulated-secret"),
        |_| (),
    );
    emulator.entra().unwrap().refuse_next(7_000_222);
    let problem = expired.fetch().await.unwrap_err();
    assert!(
        problem.what.contains("client secret has expired"),
        "{problem}"
    );
    // Somebody mended it: asked for by name it works, and what waited goes on.
    expired.begin(Way::ClientSecret).await.unwrap();
    expired.fetch().await.unwrap();
}

#[test]
fn settings_that_cannot_work_are_said_at_once() {
    let with = |way, change: fn(&mut SignInConfig)| {
        let mut config = SignInConfig::new(Cloud::Global, "contoso.com", way, Vec::new());
        change(&mut config);
        SignIn::new(config).map(drop)
    };
    for (result, word) in [
        (
            with(Way::ClientSecret, |c| c.client = OWN_APP.into()),
            "no client secret",
        ),
        (with(Way::ClientSecret, |_| ()), "an app of your own"),
        (
            with(Way::ClientSecret, |c| {
                c.client = OWN_APP.into();
                c.tenant = guestlist::signin::ANY_TENANT.into();
            }),
            "a tenant of its own",
        ),
        (with(Way::Browser, |c| c.tenant = "a b".into()), "no tenant"),
        (
            with(Way::Browser, |c| c.tenant = "../x".into()),
            "no tenant",
        ),
        (
            with(Way::Browser, |c| c.client = "x/y".into()),
            "no client id",
        ),
    ] {
        let problem = result.unwrap_err();
        assert!(problem.what.contains(word), "{problem}");
    }
    for way in [
        Way::Browser,
        Way::DeviceCode,
        Way::AzureCli,
        Way::AzureDeveloperCli,
        Way::ManagedIdentity,
    ] {
        with(way, |_| ()).unwrap();
    }
}

#[cfg(not(feature = "client-certificate"))]
#[test]
fn a_build_without_certificates_says_so() {
    let mut config = SignInConfig::new(
        Cloud::Global,
        "contoso.com",
        Way::ClientCertificate,
        Vec::new(),
    );
    config.client = OWN_APP.into();
    let problem = SignIn::new(config).map(drop).unwrap_err();
    assert!(
        problem.remedy.contains("--features client-certificate"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_cli_that_is_not_there_is_said_with_what_to_do() {
    let emulator = tenant(agreeing());
    // Whether az is installed here or not: it is not signed in to this tenant.
    let nowhere = |config: &mut SignInConfig| config.tenant = "guestlist-test.invalid".into();
    let (cli, _) = sign_in(&emulator, Way::AzureCli, nowhere, |_| ());
    let problem = cli.fetch().await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::SignIn);
    assert!(problem.remedy.contains("az login"), "{problem}");
}
