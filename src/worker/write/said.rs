//! What Graph's answer to a write means, as far as that is the same for all acts.

use crate::acts::{ActRules, Outcome, Said};
use crate::domain::problem::ProblemKind;
use crate::graph::Response;
use crate::graph::failure::Lost;

/// Reads Graph's answer to an act, or the lack of one.
pub(super) fn said(rules: &dyn ActRules, result: Result<Response, Lost>) -> Said {
    let problem = match result {
        Err(lost) if lost.sent => return Said::Unknown(lost.problem),
        Err(lost) if lost.passing || lost.problem.kind == ProblemKind::SignIn => {
            return Said::Later(lost.problem);
        }
        Err(lost) => return Said::Settled(Outcome::Failed(lost.problem)),
        Ok(answer) => match answer.accepted() {
            Ok(answer) => return rules.accepted(&answer),
            Err(problem) => problem,
        },
    };
    match problem.kind {
        // Neither was done: the one came too early, the other with a token that is no good any more.
        ProblemKind::Throttled | ProblemKind::SignIn => Said::Later(problem),
        ProblemKind::Conflict | ProblemKind::NotPermitted | ProblemKind::NotFound => {
            Said::Contested(problem)
        }
        // Graph says 400 where the request is not any more what it was when it was looked at.
        ProblemKind::Refused if rules.refused_by_standing() => Said::Contested(problem),
        ProblemKind::Refused | ProblemKind::Local => Said::Settled(Outcome::Failed(problem)),
        ProblemKind::Unreachable
        | ProblemKind::NotGraph
        | ProblemKind::Service
        | ProblemKind::Cancelled => Said::Unknown(problem),
    }
}
