//! What a sign-in has in hand, and what may be done with it: plain rules, no I/O.

use std::time::Duration;

use jiff::Timestamp;

use super::claims::Claims;
use super::pace::later;
use crate::domain::invitation::Secret;
use crate::domain::problem::Problem;

/// A token is renewed this long before its end, so that none ends on its way to Graph …
const MARGIN: Duration = Duration::from_secs(300);
/// … or, for short ones, when a third of its life is left.
const SHARE: u32 = 3;
/// After a renewal that failed for a passing reason the old token is used on, and renewed after this.
const PAUSE: Duration = Duration::from_secs(10);

/// A token in use.
#[derive(Clone)]
pub(super) struct TokenInUse {
    pub(super) secret: Secret,
    pub(super) ends: Timestamp,
    renew: Timestamp,
    pub(super) claims: Option<Claims>,
}

impl TokenInUse {
    pub(super) fn new(secret: Secret, now: Timestamp, ends: Timestamp) -> Self {
        let life = Duration::try_from(ends.duration_since(now)).unwrap_or_default();
        let renew = later(now, life.saturating_sub(MARGIN.min(life / SHARE)));
        let claims = Claims::of(&secret);
        Self {
            secret,
            ends,
            renew,
            claims,
        }
    }
}

/// What there is for who asks now.
pub(super) enum TokenAtHand {
    /// A token to use. `due`: it should be renewed first, where nobody is at it.
    Token { token: Secret, due: bool },
    /// None; ask the source.
    Nothing,
    /// None, and the source has none: a person is needed.
    Person(Problem),
}

/// What is held.
#[derive(Default)]
pub(super) struct TokenHeld {
    pub(super) token: Option<TokenInUse>,
    /// What Graph did not take: never used again, even if the source offers it again.
    pub(super) refused: Option<Secret>,
    /// A person is needed.
    pub(super) person: Option<Problem>,
    /// Whether that was said to the prompt.
    pub(super) asked: bool,
    /// Whether Graph demanded more proof.
    pub(super) more_proof: bool,
    /// Whether somebody is signing in right now.
    pub(super) begun: bool,
    /// Counts the answers of the source; with the last one, for those who waited for it.
    pub(super) turn: u64,
    pub(super) last: Option<Result<Secret, Problem>>,
    /// Counts sign-outs: an answer that was asked for before one is not taken after it.
    pub(super) epoch: u64,
    /// Who works in this session, once known.
    pub(super) who: Option<String>,
}

impl TokenHeld {
    pub(super) fn now(&self, now: Timestamp) -> TokenAtHand {
        match &self.token {
            Some(token) if now < token.ends => TokenAtHand::Token {
                token: token.secret.clone(),
                due: now >= token.renew,
            },
            _ => match &self.person {
                Some(problem) => TokenAtHand::Person(problem.clone()),
                None => TokenAtHand::Nothing,
            },
        }
    }

    /// Takes a new token.
    pub(super) fn take(&mut self, token: TokenInUse) {
        self.turn += 1;
        self.last = Some(Ok(token.secret.clone()));
        self.token = Some(token);
        self.person = None;
        self.asked = false;
        self.more_proof = false;
    }

    /// The source had none.
    pub(super) fn fail(&mut self, problem: &Problem, now: Timestamp, for_good: bool) {
        self.turn += 1;
        if let Some(token) = self.token.as_mut().filter(|token| now < token.ends) {
            token.renew = later(now, PAUSE);
            self.last = Some(Ok(token.secret.clone()));
            return;
        }
        self.last = Some(Err(problem.clone()));
        if for_good {
            self.person = Some(problem.clone());
        }
    }

    /// Graph did not take it. Where it is not known which one it was, the one in use is put aside, but may come back.
    pub(super) fn refuse(&mut self, token: Option<&Secret>) {
        let held = self.token.as_ref().map(|token| &token.secret);
        match token {
            None => self.token = None,
            Some(_) if held == token => {
                self.refused = self.token.take().map(|token| token.secret);
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::ProblemKind;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn due(held: &TokenHeld, second: i64) -> Option<bool> {
        match held.now(at(second)) {
            TokenAtHand::Token { due, .. } => Some(due),
            _ => None,
        }
    }

    #[test]
    fn renewed_in_time_long_or_short() {
        for (life, from) in [(3600, 3300), (60, 40), (1200, 900), (600, 400)] {
            let mut held = TokenHeld::default();
            held.take(TokenInUse::new(Secret::new("a"), at(0), at(life)));
            assert_eq!(due(&held, from - 1), Some(false), "{life}");
            assert_eq!(due(&held, from), Some(true), "{life}");
            assert_eq!(due(&held, life - 1), Some(true));
            assert_eq!(due(&held, life), None);
        }
    }

    #[test]
    fn a_passing_failure_keeps_what_is_still_good() {
        let mut held = TokenHeld::default();
        held.take(TokenInUse::new(Secret::new("a"), at(0), at(60)));
        let problem = Problem::new(ProblemKind::Unreachable, "x", "");
        held.fail(&problem, at(45), false);
        assert_eq!((due(&held, 50), due(&held, 55)), (Some(false), Some(true)));
        held.fail(&problem, at(61), true);
        assert!(matches!(held.now(at(61)), TokenAtHand::Person(_)));
        held.take(TokenInUse::new(Secret::new("b"), at(61), at(90)));
        assert_eq!(due(&held, 62), Some(false), "a new one ends the need");
    }

    #[test]
    fn only_the_token_that_was_refused_goes() {
        let mut held = TokenHeld::default();
        held.take(TokenInUse::new(Secret::new("new"), at(0), at(60)));
        held.refuse(Some(&Secret::new("old")));
        assert_eq!(due(&held, 1), Some(false), "somebody renewed it meanwhile");
        held.refuse(Some(&Secret::new("new")));
        assert_eq!(due(&held, 1), None);
        assert_eq!(held.refused.as_ref().unwrap().reveal(), "new");
    }
}
