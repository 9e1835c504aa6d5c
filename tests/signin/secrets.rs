//! No token, code or secret is ever written anywhere but where it belongs.

use std::io::Write;
use std::sync::{Arc, Mutex};

use guestlist::domain::invitation::Secret;
use guestlist::signin::{SignInConfig, Way};

use super::{agreeing, sign_in, signed_in, tenant};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn at_the_loudest_the_log_holds_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    tracing::callsite::rebuild_interest_cache();

    let emulator = tenant(agreeing());
    let entra = emulator.entra().unwrap();
    let mut shown = Vec::new();
    let (person, told) = signed_in(&emulator).await;
    told.pass(&emulator, 7200);
    person.fetch().await.unwrap();
    let secrets = entra.secrets();
    shown.push(format!(
        "{person:?} {:?} {:?}",
        told.steps(),
        person.status()
    ));
    entra.refuse_next(50173);
    told.pass(&emulator, 7200);
    shown.push(format!("{:?}", person.fetch().await.unwrap_err()));

    let secret = |config: &mut SignInConfig| {
        config.secret = Some(Secret::new("emulated-secret"));
        config.client = "11111111-2222-3333-4444-555555555555".into();
    };
    let (app, _) = sign_in(&emulator, Way::ClientSecret, secret, |_| ());
    app.fetch().await.unwrap();
    shown.push(format!("{app:?} {:?}", app.status()));
    entra.refuse_next(7_000_215);
    let (app, _) = sign_in(&emulator, Way::ClientSecret, secret, |_| ());
    shown.push(format!("{:?}", app.fetch().await.unwrap_err()));
    drop(guard);

    let shown = shown.concat();
    let written = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(
        written.contains("token renewed"),
        "the log was heard at all"
    );
    let all = secrets.into_iter().chain(entra.secrets());
    for secret in all.chain(["adele@contoso.com".to_owned()]) {
        assert!(!written.contains(&secret), "in the log: {secret}");
    }
    for secret in entra.secrets() {
        assert!(!shown.contains(&secret), "in a debug print: {secret}");
    }
    assert!(!written.contains("EMULATED") && !shown.contains("EMULATED"));
}
