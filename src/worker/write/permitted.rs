//! What the token in use says of acts: those that no app may ever do are not sent by one, and a refusal names the
//! permission that is missing, as the console does. What the token says is a hint: Graph has the last word.

use crate::acts::{Act, Outcome};
use crate::domain::capability::Missing;
use crate::domain::permission::{self, Permission};
use crate::domain::problem::{Problem, ProblemKind};
use crate::signin::Claims;

/// What the token says; nothing where it cannot be read.
#[derive(Default)]
pub(in crate::worker) struct TokenHint(Option<Claims>);

impl TokenHint {
    /// By these claims.
    pub(super) fn by(claims: Option<Claims>) -> Self {
        Self(claims)
    }

    /// Why an act is not sent at all: no app may do it, and an app is signed in.
    pub(super) fn never(&self, act: &Act) -> Option<Outcome> {
        if self.lacking(act).is_some() {
            return None;
        }
        Some(Outcome::Failed(Problem::new(
            ProblemKind::NotPermitted,
            format!(
                "To {} is not sent: {}",
                act.about().need.does,
                Missing::Person
            ),
            "Sign in as a person: guestlist login",
        )))
    }

    /// An outcome, with the permission that is missing where Graph refused for want of one.
    pub(super) fn named(&self, act: &Act, outcome: Outcome) -> Outcome {
        let Outcome::Failed(problem) = outcome else {
            return outcome;
        };
        let refused = problem.kind == ProblemKind::NotPermitted;
        let lacking = self
            .lacking(act)
            .filter(|names| refused && !names.is_empty());
        let Some(names) = lacking else {
            return Outcome::Failed(problem);
        };
        let fixed = self.0.as_ref().is_some_and(Claims::is_of_a_fixed_app);
        let missing = if fixed {
            Missing::BeyondApp(names)
        } else {
            Missing::Permissions(names)
        };
        // A sentence of its own begins with a capital letter.
        let words = missing.to_string().replacen("the ", "The ", 1);
        Outcome::Failed(Problem {
            remedy: words,
            ..problem
        })
    }

    /// Which of the permissions of an act the token lacks; `None` where an app can never do it.
    fn lacking(&self, act: &Act) -> Option<Vec<Permission>> {
        let Some(claims) = &self.0 else {
            return Some(Vec::new());
        };
        let app = claims.is_app_only();
        let carried = if app { &claims.roles } else { &claims.scopes };
        permission::missing(act.about().need, carried, app)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::{ActKind, Target};
    use crate::domain::id::RequestId;

    fn claims(scopes: &[&str], roles: &[&str]) -> TokenHint {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        TokenHint::by(Some(Claims {
            scopes: own(scopes),
            roles: own(roles),
            ..Claims::default()
        }))
    }

    fn act(kind: ActKind) -> Act {
        let request = RequestId::new("r-1").unwrap();
        kind.on(&Target::Request(request)).unwrap()
    }

    fn refused() -> Outcome {
        Outcome::Failed(Problem::new(ProblemKind::NotPermitted, "No", ""))
    }

    #[test]
    fn what_no_app_may_do_is_sent_by_none_and_by_anybody_else() {
        let app = claims(&[], &["EntitlementManagement.ReadWrite.All"]);
        for (kind, never) in [
            (ActKind::Approve, true),
            (ActKind::Deny, true),
            (ActKind::Cancel, true),
            (ActKind::Reprocess, false),
            (ActKind::Remove, false),
        ] {
            let said = app.never(&act(kind)).map(|outcome| outcome.exit_code());
            assert_eq!(said, never.then_some(4), "{kind:?}");
            for person in [claims(&["User.Read"], &[]), TokenHint::by(None)] {
                assert!(
                    person.never(&act(kind)).is_none(),
                    "Graph has the last word"
                );
            }
        }
    }

    #[test]
    fn a_refusal_names_what_the_token_lacks_and_nothing_where_that_is_not_known() {
        let words = |hint: &TokenHint| {
            let Outcome::Failed(problem) = hint.named(&act(ActKind::Approve), refused()) else {
                panic!("it is still refused")
            };
            problem.remedy
        };
        let lacks = words(&claims(&["User.Read"], &[]));
        assert!(
            lacks.starts_with("The permission EntitlementManagement.ReadWrite.All is missing"),
            "{lacks}"
        );
        assert_eq!(
            words(&claims(&["EntitlementManagement.ReadWrite.All"], &[])),
            ""
        );
        assert_eq!(words(&TokenHint::by(None)), "");
    }
}
