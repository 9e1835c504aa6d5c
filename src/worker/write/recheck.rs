//! How things stand with what is staged: looked at as before sending, and nothing sent.

use jiff::Timestamp;

use super::look;
use crate::acts::{Act, Before, Look};
use crate::domain::id::RequestId;
use crate::domain::problem::Problem;
use crate::domain::request::Request;
use crate::graph::{approvals, batch};
use crate::worker::protocol::{Answer, Looked};
use crate::worker::records;
use crate::worker::words::count;
use crate::worker::work::Work;

/// Looks at what each act is about, as many a call as a batch takes.
pub(crate) async fn recheck(work: &Work, acts: &[Act]) -> Result<(), Problem> {
    let say = |pause, why| work.waiting(pause, why);
    let (mut done, of) = (0, acts.len());
    for chunk in acts.chunks(batch::MAX) {
        let about: Vec<&Act> = chunk.iter().collect();
        let looks = look::at(work.client(), &about, &say).await;
        let rows = chunk.iter().zip(looks);
        let mut rows: Vec<Looked> = rows
            .map(|(act, look)| stands(act, look, work.now()))
            .collect();
        name(work, &mut rows).await;
        work.reply(Answer::Looked(rows));
        done += chunk.len();
        let words = format!("reading {} again", count(of, "staged row"));
        work.progress(done, Some(of), words);
    }
    Ok(())
}

/// Reads whom the requests that have ended are about: the queue does not say it any more. Without an answer they
/// stay nameless.
async fn name(work: &Work, rows: &mut [Looked]) {
    let ended = rows
        .iter_mut()
        .filter(|row| matches!(row.ends, Ok(Some(_))))
        .filter_map(|row| row.request.as_mut());
    let ended: Vec<&mut Box<Request>> = ended.collect();
    let ids: Vec<RequestId> = ended.iter().map(|request| request.id.clone()).collect();
    let answers = records::named(work, &ids.iter().collect::<Vec<_>>()).await;
    for (request, named) in ended.into_iter().zip(answers) {
        if let Ok(named) = named {
            (request.requestor, request.target) = (named.requestor, named.target);
            request.package_name = named.package_name;
        }
    }
}

fn stands(act: &Act, look: Result<Look, Problem>, now: Timestamp) -> Looked {
    let target = act.target();
    match look {
        Err(problem) => Looked {
            target,
            request: None,
            ends: Err(problem),
        },
        Ok(look) => Looked {
            target,
            ends: Ok(match act.rules().judge("", &look, now) {
                Before::Go(_) => None,
                Before::Not(outcome) => Some(outcome),
            }),
            request: match look {
                Look::Approval(Some(request), stages) => {
                    let stages = approvals::stages(stages);
                    Some(Box::new(Request {
                        stages: (!stages.is_empty()).then_some(stages),
                        ..*request
                    }))
                }
                Look::Approval(None, _)
                | Look::Account(_)
                | Look::Record(_)
                | Look::Assigning { .. } => None,
            },
        },
    }
}
