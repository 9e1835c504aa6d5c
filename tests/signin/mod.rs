//! Signing in to the emulated Entra, and living with its tokens.

mod apps;
mod browser;
mod device;
mod needs;
mod secrets;
mod tokens;
mod worker;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use guestlist::domain::problem::{Problem, ProblemKind};
use guestlist::emulator::{Config, Emulator, LoginConfig};
use guestlist::signin::{Cloud, Pace, SignIn, SignInConfig, SignInStep, Way};
use jiff::{SignedDuration, Timestamp};

/// A tenant that signs people in.
pub fn tenant(login: LoginConfig) -> Arc<Emulator> {
    Arc::new(
        Emulator::start(Config {
            login: Some(login),
            guests: 30,
            ..Config::default()
        })
        .unwrap(),
    )
}

/// A device code that is approved at the first poll.
pub fn agreeing() -> LoginConfig {
    LoginConfig {
        approve_after: Some(1),
        ..LoginConfig::default()
    }
}

pub fn cloud(emulator: &Emulator) -> Cloud {
    Cloud::custom(&emulator.url(), &emulator.url()).unwrap()
}

/// What a sign-in said, and the time as it sees it.
#[derive(Clone, Default)]
pub struct Told {
    steps: Arc<Mutex<Vec<SignInStep>>>,
    /// The pauses it made between polls; none of them takes any time.
    pauses: Arc<Mutex<Vec<Duration>>>,
    ahead: Arc<AtomicI64>,
}

impl Told {
    pub fn steps(&self) -> Vec<SignInStep> {
        self.steps.lock().unwrap().clone()
    }

    pub fn pauses(&self) -> Vec<u64> {
        let pauses = self.pauses.lock().unwrap();
        pauses.iter().map(Duration::as_secs).collect()
    }

    /// Time passes, here and in the tenant.
    pub fn pass(&self, emulator: &Emulator, seconds: u64) {
        emulator.advance(Duration::from_secs(seconds));
        self.ahead
            .fetch_add(i64::try_from(seconds).unwrap(), Ordering::SeqCst);
    }
}

/// A sign-in; `at_pause` happens at each pause between polls, with its number from 1.
pub fn sign_in(
    emulator: &Emulator,
    way: Way,
    change: impl FnOnce(&mut SignInConfig),
    at_pause: impl Fn(usize) + Send + Sync + 'static,
) -> (SignIn, Told) {
    let told = Told::default();
    let mut config = SignInConfig::new(
        cloud(emulator),
        "contoso.com",
        way,
        guestlist::acts::asked_for(false),
    );
    let steps = Arc::clone(&told.steps);
    config.prompt = Arc::new(move |step| steps.lock().unwrap().push(step));
    let (pauses, ahead) = (Arc::clone(&told.pauses), Arc::clone(&told.ahead));
    config.pace = Pace {
        now: Arc::new(move || {
            Timestamp::now() + SignedDuration::from_secs(ahead.load(Ordering::SeqCst))
        }),
        sleep: Arc::new(move |pause| {
            let number = {
                let mut pauses = pauses.lock().unwrap();
                pauses.push(pause);
                pauses.len()
            };
            at_pause(number);
            Box::pin(std::future::ready(()))
        }),
    };
    change(&mut config);
    (SignIn::new(config).unwrap(), told)
}

/// Signed in by device code, with nothing left to do.
pub async fn signed_in(emulator: &Emulator) -> (SignIn, Told) {
    let (sign_in, told) = sign_in(emulator, Way::DeviceCode, |_| (), |_| ());
    sign_in.begin(Way::DeviceCode).await.unwrap();
    (sign_in, told)
}

/// A refusal, in words that name `part`.
pub fn refused(result: Result<(), Problem>, part: &str) -> Problem {
    let problem = result.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::SignIn, "{problem}");
    assert!(problem.to_string().contains(part), "{problem}");
    assert!(!problem.remedy.is_empty(), "{problem}");
    problem
}

#[test]
fn the_sign_in_knows_nothing_of_what_is_then_asked() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/signin")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains("crate::graph"), "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 20);
}
