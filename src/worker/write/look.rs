//! Looking at how things stand, for many acts in few calls.

use crate::acts::{Act, Look, Reads};
use crate::domain::problem::Problem;
use crate::graph::{Call, Client, Say};

/// Looks at what each act is about. The looks stand in the acts' order.
pub(super) async fn at(client: &Client, acts: &[&Act], say: Say<'_>) -> Vec<Result<Look, Problem>> {
    let calls: Vec<Vec<Call>> = acts.iter().map(|act| act.rules().looks()).collect();
    let counts: Vec<usize> = calls.iter().map(Vec::len).collect();
    let calls: Vec<Call> = calls.into_iter().flatten().collect();
    let mut answers = client.read_many(&calls, say).await.into_iter();
    let one = |(act, count): (&&Act, usize)| {
        // Each act is given its own answers, so that none takes another's.
        let mut own = answers.by_ref().take(count).collect::<Vec<_>>().into_iter();
        act.rules().see(&mut Reads(&mut own))
    };
    acts.iter().zip(counts).map(one).collect()
}
