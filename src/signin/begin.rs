//! A person signs in, or does not: the only road by which an interactive way is begun.

use std::sync::Arc;

use super::config::SignInConfig;
use super::held::TokenInUse;
use super::interactive::TokenGrant;
use super::keeper::{SignIn, another, identity, lock};
use super::prompt::SignInStep;
use super::way::Way;
use super::{azure, browser, device};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::Text;

impl SignIn {
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
        let begun = BegunSignIn(self);
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

    /// Whether a sign-in can be kept where it is to be kept: for who signs in to keep it. Others work on without, and
    /// are told ([`SignInStep::NotKept`]).
    ///
    /// # Errors
    /// Why not. Nobody has been asked for anything.
    pub fn check_store(&self) -> Result<(), Problem> {
        self.0.interactive.check_store()
    }

    async fn interact(&self, way: Way) -> Result<Option<Text>, Problem> {
        let interactive = &self.0.interactive;
        let (exchange, demanded) = (interactive.exchange(way), interactive.demanded());
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
    fn welcome(&self, way: Way, grant: &TokenGrant) -> Result<Option<Text>, Problem> {
        let token = TokenInUse::new(grant.access.clone(), self.now(), grant.ends);
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
                return Err(another(account.as_ref()));
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
}

/// While it lives, somebody is signing in.
struct BegunSignIn<'a>(&'a SignIn);

impl Drop for BegunSignIn<'_> {
    fn drop(&mut self) {
        lock(&self.0.0.held).begun = false;
        // Who waited for it looks again.
        self.0.0.changed.send_modify(|(count, declined)| {
            *count += 1;
            *declined = false;
        });
    }
}
