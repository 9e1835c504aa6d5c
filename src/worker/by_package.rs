//! Requests for those who may not list all of them: catalog owners and package managers "must supply a filter to
//! indicate a specific access package" (entitlement-management-access-package-requests). The packages they can list are
//! asked about one by one, as many a call as a batch takes, and it is said which those are.

use super::list::{list, list_on};
use super::protocol::{Answer, Coverage};
use super::words::grouped;
use super::work::Work;
use crate::domain::package::Package;
use crate::domain::problem::{Problem, ProblemKind};
use crate::graph::pages::Pages;
use crate::graph::requests::{self, Depth};
use crate::graph::{Call, FromWire, batch, packages};

/// So many rows of one package are read at most: without a filter by state a package's whole past comes along.
const MOST: usize = 5_000;

/// Whether a list is closed to this sign-in, rather than out of order.
pub(super) fn closed(problem: &Problem) -> bool {
    match problem.kind {
        ProblemKind::NotPermitted | ProblemKind::Refused | ProblemKind::NotFound => true,
        ProblemKind::SignIn
        | ProblemKind::Conflict
        | ProblemKind::Throttled
        | ProblemKind::Unreachable
        | ProblemKind::NotGraph
        | ProblemKind::Service
        | ProblemKind::Cancelled
        | ProblemKind::Local => false,
    }
}

/// Reads the requests of each package that can be listed, in whatever state they are, and gives what that covers.
/// `refused` is why the list of all cannot be had; it is the error where nothing of this can be had either.
pub(super) async fn read<T: FromWire>(
    work: &Work,
    refused: &Problem,
    mut each: impl FnMut(Vec<T>),
) -> Result<Coverage, Problem> {
    let mut theirs: Vec<Package> = Vec::new();
    let listed = list::<Package>(work, packages::all, |rows, _| theirs.extend(rows)).await;
    match listed {
        Err(problem) if !closed(&problem) => return Err(problem),
        Ok(()) if !theirs.is_empty() => {}
        Ok(()) | Err(_) => return Err(refused.clone()),
    }
    let say = |pause, why| work.waiting(pause, why);
    let mut coverage = Coverage::default();
    for chunk in theirs.chunks(batch::MAX) {
        let call = |package: &Package| requests::of_package(&package.id, Depth::Nested);
        let calls: Vec<Call> = chunk.iter().map(call).collect();
        let answers = work.client().read_many(&calls, &say).await;
        for (package, answer) in chunk.iter().zip(answers) {
            let first = |depth| requests::of_package(&package.id, depth);
            let (pages, mut read) = (Pages::begun(first(Depth::Nested), answer), 0);
            let rows = |rows: Vec<T>, _| {
                read += rows.len();
                each(rows);
                read < MOST
            };
            match list_on(work, pages, first, rows).await {
                Ok(lost) => {
                    work.lost(lost);
                    coverage.packages.push(package.name.clone());
                }
                Err(problem) if closed(&problem) => coverage.refused.push(package.name.clone()),
                Err(problem) => return Err(problem),
            }
            if read >= MOST {
                work.note(format!(
                    "Of {} the first {} requests were read, and not the rest",
                    package.name,
                    grouped(read)
                ));
            }
        }
    }
    if coverage.packages.is_empty() {
        return Err(refused.clone());
    }
    work.reply(Answer::Covered(coverage.clone()));
    Ok(coverage)
}
