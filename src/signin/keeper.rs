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
use super::held::{Held, Now, Token};
use super::interactive::{Grant, Interactive, Place, needed};
use super::prompt::SignInStep;
use super::store::{Kept, KeptIn, Store};
use super::way::Way;
use super::{azure, browser, device, http, scopes};
use crate::domain::invitation::Secret;
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;
use crate::graph::credential::{Credential, StaticToken, TokenFuture};

/// A sign-in. Clones are the same one.
#[derive(Clone)]
pub struct SignIn(Arc<Inner>);

struct Inner {
    config: SignInConfig,
    interactive: Arc<Interactive>,
    /// Where tokens come from now: the way of the profile, or what was signed in to meanwhile.
    source: Mutex<(Way, Arc<dyn TokenCredential>)>,
    held: Mutex<Held>,
    /// Held by whoever asks the source.
    flight: tokio::sync::Mutex<()>,
    /// Changes when a sign-in has ended; `true` where it was declined.
    changed: watch::Sender<(u64, bool)>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("way", &self.0.config.way)
            .field("tenant", &self.0.config.tenant)
            .finish_non_exhaustive()
    }
}

/// How a sign-in stands, for `guestlist status`.
#[derive(Clone, Debug)]
pub struct Status {
    /// The way.
    pub way: Way,
    /// Who, as far as is known without asking.
    pub account: Option<Text>,
    /// When the access token in use ends; it is renewed before. `None` where there is none yet.
    pub ends: Option<Timestamp>,
    /// What the token in use carries.
    pub claims: Option<Claims>,
    /// Where the sign-in is kept.
    pub place: KeptIn,
    /// What is kept there.
    pub kept: Option<Kept>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
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
            Place::of(&config),
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
        Ok(Self(Arc::new(Inner {
            source: Mutex::new((config.way, source)),
            config,
            interactive,
            held: Mutex::default(),
            flight: tokio::sync::Mutex::new(()),
            changed: watch::Sender::new((0, false)),
        })))
    }

    /// The way tokens come now.
    pub fn way(&self) -> Way {
        lock(&self.0.source).0
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
                Now::Token { token, due } if !due || self.0.flight.try_lock().is_err() => {
                    return Ok(token);
                }
                Now::Person(_) if begun => {
                    let _ = changed.changed().await;
                }
                Now::Person(problem) => return Err(problem),
                Now::Token { .. } | Now::Nothing => return self.renew(turn).await,
            }
        }
    }

    /// Asks the source, unless somebody else did since `turn`. In a task of its own: who waits may give up, and a
    /// renewal given up half way would lose the refresh token that came with it.
    async fn renew(&self, turn: u64) -> Result<Secret, Problem> {
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
        let answer = source.get_token(&[&all], None).await;
        let now = self.now();
        let mut held = lock(&self.0.held);
        let result = answer
            .map_err(|error| azure::problem(&error, way))
            .and_then(|token| {
                let ends = Timestamp::from_second(token.expires_on.unix_timestamp());
                let token = Token::new(
                    Secret::new(token.token.secret()),
                    now,
                    ends.unwrap_or(Timestamp::MAX),
                );
                if held.refused.as_ref() == Some(&token.secret) {
                    return Err(stale(way));
                }
                Ok(token)
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

    fn now(&self) -> Timestamp {
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
            let problem = match self.fetch().await {
                Ok(_) => return Ok(()),
                Err(problem) => problem,
            };
            if problem.kind != ProblemKind::SignIn || !self.0.config.patient {
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

    fn say(&self, step: SignInStep) {
        (self.0.config.prompt)(step);
    }

    /// Signs in, now, by `way`: shows what to do through the prompt and waits until it is done. For a way that needs
    /// nobody, asks it again. Dropping the future gives it up.
    ///
    /// # Errors
    /// Why not; the prompt is told too.
    pub async fn begin(&self, way: Way) -> Result<(), Problem> {
        {
            let mut held = lock(&self.0.held);
            if held.begun {
                return Err(Problem::new(
                    ProblemKind::Local,
                    "A sign-in is under way already",
                    "Finish it, or cancel it first",
                ));
            }
            held.begun = true;
        }
        let begun = Begun(self);
        let result = if way.is_interactive() {
            self.interact(way).await
        } else {
            self.again(way).await
        };
        drop(begun);
        let step = match &result {
            Ok(account) => SignInStep::Done {
                account: account.clone(),
            },
            Err(problem) => SignInStep::Refused(problem.clone()),
        };
        self.say(step);
        self.0.changed.send_modify(|(count, declined)| {
            *count += 1;
            *declined = false;
        });
        result.map(drop)
    }

    async fn interact(&self, way: Way) -> Result<Option<Text>, Problem> {
        let interactive = &self.0.interactive;
        let (exchange, demanded) = (interactive.exchange(), interactive.demanded());
        let place = interactive.place();
        let say = |step| self.say(step);
        let known = self.account();
        let grant = match way {
            Way::DeviceCode => device::run(place, &exchange, demanded.as_ref(), &say).await,
            _ => {
                let port = self.0.config.redirect_port;
                let known = known.as_ref().map(ToString::to_string);
                browser::run(
                    place,
                    &exchange,
                    demanded.as_ref(),
                    port,
                    known.as_deref(),
                    &say,
                )
                .await
            }
        };
        let grant = grant.inspect_err(|_| {
            // What Entra wants proven may have come with its refusal.
            if let Some(challenge) = exchange.refusal().and_then(|refusal| refusal.challenge()) {
                interactive.demand(challenge);
            }
        })?;
        self.welcome(way, &grant)
    }

    /// Takes what a person's sign-in brought.
    fn welcome(&self, way: Way, grant: &Grant) -> Result<Option<Text>, Problem> {
        let token = Token::new(grant.access.clone(), self.now(), grant.ends);
        let account = token
            .claims
            .as_ref()
            .and_then(|claims| claims.account.clone());
        let who = token.claims.as_ref().and_then(identity);
        {
            let held = lock(&self.0.held);
            if let (Some(before), Some(now)) = (&held.who, &who)
                && before != now
            {
                // The journal, and what is staged, are the other one's.
                let now = account.as_ref().map_or("somebody else", Text::as_str);
                return Err(Problem::new(
                    ProblemKind::SignIn,
                    format!("That was {now}, but another account works in this session"),
                    "Sign in with the account from before, or quit and start again",
                ));
            }
        }
        // A store that fails is worth a word; the sign-in holds all the same.
        let kept = self.0.interactive.adopt(grant);
        *lock(&self.0.source) = (way, Arc::clone(&self.0.interactive) as _);
        let mut held = lock(&self.0.held);
        held.who = who.or(held.who.take());
        held.refused = None;
        held.take(token);
        drop(held);
        if let Err(problem) = kept {
            tracing::warn!(kind = ?problem.kind, "the sign-in could not be kept");
            self.say(SignInStep::NotKept(problem));
        }
        Ok(account)
    }

    /// Asks a way that needs nobody once more: somebody may have run `az login` meanwhile.
    async fn again(&self, way: Way) -> Result<Option<Text>, Problem> {
        if way != self.way() {
            let config = SignInConfig {
                way,
                ..self.0.config.clone()
            };
            *lock(&self.0.source) = (way, azure::credential(&config)?);
        }
        let turn = {
            let mut held = lock(&self.0.held);
            held.person = None;
            held.turn
        };
        self.renew(turn).await.map(|_| self.account())
    }

    /// Nobody signs in now: what waits fails, and keeps what it had in hand.
    pub fn decline(&self) {
        lock(&self.0.held).asked = false;
        self.0.changed.send_modify(|(count, declined)| {
            *count += 1;
            *declined = true;
        });
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

    /// How it stands; looks into the store, asks nobody.
    ///
    /// # Errors
    /// The store cannot be used, and how to repair it.
    pub fn status(&self) -> Result<Status, Problem> {
        let (interactive, way) = (&self.0.interactive, self.way());
        let kept = match way.is_interactive() {
            true => interactive.store().load(&interactive.key())?,
            false => None,
        };
        let held = lock(&self.0.held);
        let claims = held.token.as_ref().and_then(|token| token.claims.clone());
        Ok(Status {
            way,
            account: claims
                .as_ref()
                .and_then(|claims| claims.account.clone())
                .or_else(|| kept.as_ref()?.account.clone()),
            ends: held.token.as_ref().map(|token| token.ends),
            claims,
            place: interactive.store().place(&interactive.key()),
            kept,
        })
    }

    /// Signs out: forgets the tokens here and in every place they may be kept, and says which places held one.
    /// Entra is not told; what was signed in with the Azure CLI stays signed in there.
    ///
    /// # Errors
    /// A place could not be cleared.
    pub fn forget(&self) -> Result<Vec<KeptIn>, Problem> {
        let interactive = &self.0.interactive;
        interactive.clear();
        {
            let mut held = lock(&self.0.held);
            *held = Held {
                turn: held.turn + 1,
                begun: held.begun,
                ..Held::default()
            };
        }
        interactive.store().forget(&interactive.key())
    }
}

/// While it lives, somebody is signing in.
struct Begun<'a>(&'a SignIn);

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        lock(&self.0.0.held).begun = false;
        // Who waited for it looks again.
        self.0.0.changed.send_modify(|(count, declined)| {
            *count += 1;
            *declined = false;
        });
    }
}

/// Who a token is for, to tell one person from another.
fn identity(claims: &Claims) -> Option<String> {
    let account = claims.account.as_ref()?.as_str().to_lowercase();
    let tenant = claims.tenant.as_ref().map(Text::as_str).unwrap_or_default();
    Some(format!("{tenant}/{account}"))
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

    fn restored(&self, _: Problem) -> crate::graph::credential::Restored<'_> {
        Box::pin(self.restore())
    }

    fn sign_in(&self) -> Option<&SignIn> {
        Some(self)
    }
}
