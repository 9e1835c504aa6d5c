//! [`SignIn`]: one sign-in for everything that talks to Graph. It keeps the token, renews it once for all who wait,
//! and knows when only a person can help.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use azure_core::credentials::TokenCredential;
use jiff::Timestamp;
use tokio::sync::watch;

use super::challenge::Challenge;
use super::claims::Claims;
use super::config::SignInConfig;
use super::credential::{Credential, Restored, StaticToken, TokenFuture};
use super::held::{TokenAtHand, TokenHeld, TokenInUse};
use super::interactive::{EntraPlace, Interactive, needed};
use super::prompt::{SignInOffer, SignInPrompt, SignInStep};
use super::store::Store;
use super::way::Way;
use super::{azure, http, scopes};
use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

/// A sign-in. Clones are the same one.
#[derive(Clone)]
pub struct SignIn(pub(super) Arc<SignInInner>);

pub(super) struct SignInInner {
    pub(super) config: SignInConfig,
    pub(super) interactive: Arc<Interactive>,
    /// Where tokens come from now: the way of the profile, or what was signed in to meanwhile.
    pub(super) source: Mutex<(Way, Arc<dyn TokenCredential>)>,
    pub(super) held: Mutex<TokenHeld>,
    /// Held by whoever asks the source.
    flight: tokio::sync::Mutex<()>,
    /// Changes when a sign-in has ended; `true` where it was declined.
    pub(super) changed: watch::Sender<(u64, bool)>,
    /// The console that takes the steps, once one is there.
    console: Mutex<Option<SignInPrompt>>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("way", &self.0.config.way)
            .field("tenant", &self.0.config.tenant)
            .finish_non_exhaustive()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere is no reason to forget who is signed in.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SignIn {
    /// Makes a sign-in; asks nobody anything yet.
    ///
    /// # Errors
    /// A sentence about settings that cannot work.
    pub fn new(config: SignInConfig) -> Result<Self, Problem> {
        config.check()?;
        let store = Store::new(config.keep, config.state_dir.as_deref());
        let loopback = config.cloud.login().starts_with("http://");
        let way = match config.way {
            way if way.is_interactive() => way,
            _ => Way::Browser,
        };
        let interactive = Arc::new(Interactive::new(
            EntraPlace::of(&config),
            http::client(loopback)?,
            store,
            way,
        ));
        let source: Arc<dyn TokenCredential> = match config.way {
            Way::Browser | Way::DeviceCode => Arc::clone(&interactive) as _,
            Way::Token => Arc::new(match &config.secret {
                Some(token) => StaticToken::new(token.reveal())?,
                None => StaticToken::from_env()?,
            }),
            _ => azure::credential(&config)?,
        };
        Ok(Self(Arc::new(SignInInner {
            source: Mutex::new((config.way, source)),
            config,
            interactive,
            held: Mutex::default(),
            flight: tokio::sync::Mutex::new(()),
            changed: watch::Sender::new((0, false)),
            console: Mutex::default(),
        })))
    }

    /// The way tokens come now.
    pub fn way(&self) -> Way {
        lock(&self.0.source).0
    }

    /// What there is to offer to somebody who might sign in.
    pub fn offer(&self) -> SignInOffer {
        SignInOffer {
            tenant: self.0.config.tenant.clone(),
            app: self.0.config.client.clone(),
            way: self.way(),
        }
    }

    /// Somebody sits at a console: `prompt` takes the steps from now on, and work that needs a sign-in waits for it.
    pub fn attend(&self, prompt: SignInPrompt) {
        *lock(&self.0.console) = Some(prompt);
    }

    /// Whether somebody sits at a console.
    pub(super) fn attended(&self) -> bool {
        lock(&self.0.console).is_some()
    }

    /// A token, good now; renewed if it is due, once for all who ask. Waits for a sign-in only if one has begun.
    ///
    /// # Errors
    /// [`ProblemKind::SignIn`] where a person is needed, or what kept Entra from answering.
    pub async fn fetch(&self) -> Result<Secret, Problem> {
        loop {
            let mut changed = self.0.changed.subscribe();
            changed.borrow_and_update();
            let (now, begun, turn) = {
                let held = lock(&self.0.held);
                (held.now(self.now()), held.begun, held.turn)
            };
            match now {
                TokenAtHand::Token { token, due } if !due || self.0.flight.try_lock().is_err() => {
                    return Ok(token);
                }
                TokenAtHand::Person(_) if begun => {
                    let _ = changed.changed().await;
                }
                TokenAtHand::Person(problem) => return Err(problem),
                TokenAtHand::Token { .. } | TokenAtHand::Nothing => return self.renew(turn).await,
            }
        }
    }

    /// Asks the source, unless somebody else did since `turn`. In a task of its own: who waits may give up, and a
    /// renewal given up half way would lose the refresh token that came with it.
    pub(super) async fn renew(&self, turn: u64) -> Result<Secret, Problem> {
        let this = self.clone();
        let task = tokio::spawn(async move {
            let _flight = this.0.flight.lock().await;
            {
                let held = lock(&this.0.held);
                if held.turn != turn
                    && let Some(last) = &held.last
                {
                    return last.clone();
                }
            }
            this.ask().await
        });
        task.await.unwrap_or_else(|_| Err(needed()))
    }

    async fn ask(&self) -> Result<Secret, Problem> {
        let (way, source) = lock(&self.0.source).clone();
        let all = scopes::all_granted(&self.0.config.cloud);
        let epoch = lock(&self.0.held).epoch;
        let answer = source.get_token(&[&all], None).await;
        let now = self.now();
        let mut held = lock(&self.0.held);
        if held.epoch != epoch {
            // Signed out meanwhile: what comes now is nobody's any more.
            return Err(needed());
        }
        let result = answer
            .map_err(|error| azure::problem(&error, way))
            .and_then(|token| {
                let ends = Timestamp::from_second(token.expires_on.unix_timestamp());
                let token = TokenInUse::new(
                    Secret::new(token.token.secret()),
                    now,
                    ends.unwrap_or(Timestamp::MAX),
                );
                if held.refused.as_ref() == Some(&token.secret) {
                    return Err(stale(way));
                }
                // Whoever an `az login` has made of it: one session, one person.
                let now = token.claims.as_ref();
                match now.and_then(identity) {
                    Some(other) if held.who.as_ref().is_some_and(|who| *who != other) => {
                        Err(another(now.and_then(|claims| claims.account.as_ref())))
                    }
                    _ => Ok(token),
                }
            });
        match result {
            Ok(token) => {
                tracing::debug!(%way, "token renewed");
                held.more_proof = false;
                let secret = token.secret.clone();
                if held.who.is_none() {
                    held.who = token.claims.as_ref().and_then(identity);
                }
                held.take(token);
                Ok(secret)
            }
            Err(problem) => {
                tracing::debug!(%way, kind = ?problem.kind, "no token");
                // A program's own credential may do better next time without anybody's help.
                let for_good = problem.kind == ProblemKind::SignIn;
                held.more_proof |= self.0.interactive.demanded().is_some();
                held.fail(&problem, now, for_good);
                held.last.clone().unwrap_or(Err(problem))
            }
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.config.pace.now()
    }

    /// Graph did not take a token. It is not used again; a challenge goes into what is asked for next.
    pub fn refuse(&self, token: Option<&Secret>, challenge: Option<Challenge>) {
        let interactive = self.way().is_interactive();
        let mut held = lock(&self.0.held);
        held.refuse(token);
        if let Some(challenge) = challenge {
            held.more_proof = true;
            if interactive {
                self.0.interactive.demand(challenge);
            }
        }
    }

    /// Waits for a token after one was refused or could not be had: renews it, and where only a person can help,
    /// says so once and (if patient) waits for them.
    ///
    /// # Errors
    /// Why there is none, and will be none without somebody.
    pub async fn restore(&self) -> Result<(), Problem> {
        loop {
            let mut changed = self.0.changed.subscribe();
            changed.borrow_and_update();
            let Err(problem) = self.fetch().await else {
                return Ok(());
            };
            let patient = self.0.config.patient || self.attended();
            if problem.kind != ProblemKind::SignIn || !patient {
                return Err(problem);
            }
            let step = {
                let mut held = lock(&self.0.held);
                let first = !std::mem::replace(&mut held.asked, true);
                first.then(|| SignInStep::Need {
                    problem: problem.clone(),
                    way: self.way(),
                    more_proof: held.more_proof,
                })
            };
            if let Some(step) = step {
                self.say(step);
            }
            if changed.changed().await.is_err() || changed.borrow().1 {
                return Err(problem);
            }
        }
    }

    pub(super) fn say(&self, step: SignInStep) {
        let console = lock(&self.0.console).clone();
        console.as_ref().unwrap_or(&self.0.config.prompt)(step);
    }

    /// Who is signed in, as far as the token in use says. A hint.
    pub fn account(&self) -> Option<Text> {
        let held = lock(&self.0.held);
        held.token.as_ref()?.claims.as_ref()?.account.clone()
    }

    /// What the token in use carries. A hint; `None` for opaque tokens.
    pub fn claims(&self) -> Option<Claims> {
        lock(&self.0.held).token.as_ref()?.claims.clone()
    }
}

/// Who a token is for, to tell one person from another.
pub(super) fn identity(claims: &Claims) -> Option<String> {
    let account = claims.account.as_ref()?.as_str().to_lowercase();
    let tenant = claims.tenant.as_ref().map(Text::as_str).unwrap_or_default();
    Some(format!("{tenant}/{account}"))
}

/// Somebody else signed in than the one who works in this session: the journal, and what is staged, are the other
/// one's.
pub(super) fn another(account: Option<&Text>) -> Problem {
    let now = account.map_or("somebody else", Text::as_str);
    Problem::new(
        ProblemKind::SignIn,
        format!("That was {now}, but another account works in this session"),
        "Sign in with the account from before, or quit and start again",
    )
}

/// The source offers what Graph has refused.
fn stale(way: Way) -> Problem {
    Problem::new(
        ProblemKind::SignIn,
        format!("Graph does not take the token that {way} gives"),
        match way {
            Way::Token => "Set GUESTLIST_TOKEN to a fresh token",
            _ => "Sign in again, or in another way",
        },
    )
}

impl Credential for SignIn {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self.fetch())
    }

    fn refused(&self, token: Option<&Secret>, challenge: Option<Challenge>) {
        self.refuse(token, challenge);
    }

    fn restored(&self, _: Problem) -> Restored<'_> {
        Box::pin(self.restore())
    }

    fn sign_in(&self) -> Option<&SignIn> {
        Some(self)
    }
}
