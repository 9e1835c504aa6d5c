//! Reading back: acts whose answer was lost are looked at until it is known whether they happened.

use std::time::Duration;

use tokio::time::Instant;

use super::look;
use super::step::StepInFlight;
use crate::acts::{Act, After, Again, Look, Outcome, Sent};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::tenant::Session;
use crate::graph::Patience;
use crate::worker::words::count;
use crate::worker::work::Work;

/// While Graph cannot be reached it is looked for at least this often: somebody is waiting to know.
const LONGEST: Duration = Duration::from_secs(5);

/// What reading back brought.
pub(super) enum ReadBack {
    /// It is known how the act ended.
    Settled(Outcome),
    /// It did not arrive; as things stand now.
    Absent(Look),
    /// It is still not known.
    Unknown(Problem),
}

struct LostStep {
    step: StepInFlight,
    problem: Problem,
    traceless: u32,
}

/// Looks until each of them is known, or patience or the program ends.
pub(super) async fn look_until_known(
    work: &Work,
    session: &Session,
    unknown: Vec<(StepInFlight, Problem)>,
) -> Vec<(StepInFlight, ReadBack)> {
    let mut found = Vec::new();
    let mut lost: Vec<LostStep> = unknown
        .into_iter()
        .map(|(step, problem)| LostStep {
            step,
            problem,
            traceless: 0,
        })
        .collect();
    let patience = work.client().patience();
    let once = work.client().hasty();
    let begun = Instant::now();
    let say = |pause, why| work.waiting(pause, why);
    let mut looks = 0;
    let mut asked_to_wait = Duration::ZERO;
    while !lost.is_empty() && begun.elapsed() < patience.read_back {
        looks += 1;
        let pause = patience
            .backoff(looks)
            .min(longest(&patience))
            .max(asked_to_wait);
        let words = format!("{} unknown, reading back", count(lost.len(), "outcome"));
        if !work.pause(pause, words.clone()).await {
            break;
        }
        work.progress(0, None, words);
        let acts: Vec<&Act> = lost.iter().map(|lost| lost.step.act()).collect();
        let looks = tokio::select! {
            looks = look::at(&once, &acts, &say) => looks,
            () = work.stop.pulled() => break,
        };
        asked_to_wait = Duration::ZERO;
        let mut still = Vec::new();
        for (mut one, look) in lost.into_iter().zip(looks) {
            match look {
                Err(problem) => {
                    asked_to_wait = asked_to_wait.max(problem.retry_after.unwrap_or_default());
                    still.push(one);
                }
                Ok(look) => {
                    let sent = Sent::Now(&one.step.ready);
                    let rules = one.step.act().rules();
                    match rules.after(&sent, &session.me, &look, work.now()) {
                        After::Settled(outcome) => {
                            found.push((one.step, ReadBack::Settled(outcome)));
                        }
                        After::Absent => {
                            one.traceless += 1;
                            if one.traceless < rules.again().looks_needed() {
                                still.push(one);
                                continue;
                            }
                            let found_of = match rules.again() {
                                Again::Harmless => ReadBack::Absent(look),
                                Again::Never { found, remedy } => {
                                    ReadBack::Unknown(no_trace(found, remedy, one.problem))
                                }
                            };
                            found.push((one.step, found_of));
                        }
                    }
                }
            }
        }
        lost = still;
    }
    found.extend(
        lost.into_iter()
            .map(|one| (one.step, ReadBack::Unknown(unknown_still(one.problem)))),
    );
    found
}

fn longest(patience: &Patience) -> Duration {
    LONGEST.min(patience.longest)
}

fn no_trace(found: &str, remedy: &str, problem: Problem) -> Problem {
    let what = format!(
        "{}; looking for it found {found}",
        problem.what.trim_end_matches('.')
    );
    Problem {
        kind: ProblemKind::Unreachable,
        what,
        remedy: remedy.into(),
        ..problem
    }
}

fn unknown_still(problem: Problem) -> Problem {
    Problem {
        remedy: "Whether it happened is not known. It is read back at the next start, before anything is sent again"
            .into(),
        ..problem
    }
}
