//! Up to twenty calls in one (json-batching): answers come in any order, each with its own status; only
//! throttled ones are carried again, after the longest pause any of them asks for.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::area::Areas;
use super::call::{Call, Response};
use super::envelope;
use super::failure::Lost;
use super::patience::{self, Tries};
use super::read::{Say, Tokens, worth_another};
use super::transport::{Client, LOW};
use crate::domain::problem::{Problem, ProblemKind};
use crate::signin::Challenge;

/// Most calls one batch takes.
pub const MAX: usize = 20;

#[derive(Deserialize)]
struct BatchWire {
    responses: Vec<Value>,
}

#[derive(Deserialize)]
struct BatchItem {
    id: Value,
    status: u16,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
    #[serde(default)]
    body: Value,
}

impl Client {
    /// Carries at most [`MAX`] calls in one, once. The answers stand in the calls' order; one that is missing
    /// from what came back is lost, and so is each of them where the batch's own answer cannot be read.
    ///
    /// # Errors
    /// [`Lost`] where the batch as a whole brought nothing; the inner error where one call did not.
    pub async fn carry_batch(
        &self,
        calls: &[Call],
        say: Say<'_>,
    ) -> Result<Vec<Result<Response, Lost>>, Lost> {
        let requests: Vec<Value> = calls
            .iter()
            .enumerate()
            .map(|(i, call)| item(i, call, self.background))
            .collect();
        let batch = Call::post("/$batch", json!({ "requests": requests }));
        let outer = self.carry_to(Areas::of(calls), &batch, say).await?;
        let reads = calls.iter().all(Call::is_read);
        let accepted = outer.accepted().map_err(|problem| Lost {
            // Graph's own refusal of the whole batch means that nothing in it was tried.
            sent: !reads && problem.leaves_unknown(),
            passing: worth_another(&problem),
            problem,
        })?;
        let unread = |problem: Problem| Lost {
            problem,
            sent: true,
            passing: false,
        };
        let wire: BatchWire = accepted.decode().map_err(unread)?;

        let mut answers = HashMap::new();
        for value in wire.responses {
            let Ok(item) = serde_json::from_value::<BatchItem>(value) else {
                continue;
            };
            let Some(index) = index(&item.id) else {
                continue;
            };
            if item.status == 401 {
                let demands = item.header("www-authenticate");
                self.refused(Challenge::in_headers(demands.as_deref()));
            }
            let answer = item.answer(&accepted);
            if let Some(call) = calls.get(index) {
                self.heed(call.area().into(), &answer);
            }
            answers.insert(index, answer);
        }
        let missing = || {
            let what = "Graph left one answer out of a batch";
            unread(Problem::new(
                ProblemKind::NotGraph,
                what,
                "Refresh and look again",
            ))
        };
        Ok((0..calls.len())
            .map(|i| answers.remove(&i).ok_or_else(missing))
            .collect())
    }

    /// Reads many at once, with patience, in as few calls as that takes. The answers stand in the calls' order.
    pub async fn read_many(&self, calls: &[Call], say: Say<'_>) -> Vec<Result<Response, Problem>> {
        let mut answers = Vec::with_capacity(calls.len());
        for chunk in calls.chunks(MAX) {
            if let [one] = chunk {
                answers.push(self.read(one, say).await);
            } else {
                answers.extend(self.read_chunk(chunk, say).await);
            }
        }
        answers
    }

    async fn read_chunk(&self, calls: &[Call], say: Say<'_>) -> Vec<Result<Response, Problem>> {
        let mut answers: Vec<Option<Result<Response, Problem>>> = vec![None; calls.len()];
        let mut open: Vec<usize> = (0..calls.len()).collect();
        let mut tries = Tries::new(self.patience());
        let mut tokens = Tokens::default();
        let mut garbled = false;
        loop {
            let batch: Vec<Call> = open.iter().map(|&i| calls[i].clone()).collect();
            // What is worth another try, with the longest pause asked for.
            let mut worst: Option<Problem> = None;
            let mut later = Vec::new();
            match self.carry_batch(&batch, say).await {
                Ok(results) => {
                    for (&i, result) in open.iter().zip(results) {
                        let result = result
                            .map_err(|lost| lost.problem)
                            .and_then(Response::accepted);
                        if let Err(problem) = &result
                            && worth_another(problem)
                        {
                            later.push(i);
                            if worst
                                .as_ref()
                                .is_none_or(|w| w.retry_after <= problem.retry_after)
                            {
                                worst = Some(problem.clone());
                            }
                        }
                        answers[i] = Some(result);
                    }
                }
                // As for one read: one such answer is an accident on the way.
                Err(lost)
                    if lost.problem.kind == ProblemKind::NotGraph && lost.sent && !garbled =>
                {
                    garbled = true;
                    continue;
                }
                Err(lost) => {
                    if worth_another(&lost.problem) || self.may_pass(&lost) {
                        later.clone_from(&open);
                        worst = Some(lost.problem.clone());
                    }
                    for &i in &open {
                        answers[i] = Some(Err(lost.problem.clone()));
                    }
                }
            }
            let unsigned: Vec<usize> = open
                .iter()
                .copied()
                .filter(|&i| signed_out(answers[i].as_ref()).is_some())
                .collect();
            if let Some(problem) = unsigned
                .first()
                .and_then(|&i| signed_out(answers[i].as_ref()))
            {
                match tokens.another(self, problem.clone()).await {
                    Ok(()) => {
                        open = unsigned;
                        open.extend(later);
                        continue;
                    }
                    Err(problem) => {
                        for i in unsigned {
                            answers[i] = Some(Err(problem.clone()));
                        }
                    }
                }
            }
            open = later;
            let pause = worst.as_ref().and_then(|problem| tries.next(problem));
            let (Some(pause), Some(problem)) = (pause, worst) else {
                break;
            };
            self.hold(Areas::of(open.iter().map(|&i| &calls[i])), &problem, pause);
            self.wait(pause, &problem, say).await;
        }
        answers.into_iter().flatten().collect()
    }
}

/// The problem of an answer that was missing for want of a token.
fn signed_out(answer: Option<&Result<Response, Problem>>) -> Option<&Problem> {
    match answer {
        Some(Err(problem)) if problem.kind == ProblemKind::SignIn => Some(problem),
        _ => None,
    }
}

fn item(index: usize, call: &Call, low: bool) -> Value {
    let mut headers = Map::new();
    if low {
        headers.insert(LOW.0.into(), LOW.1.into());
    }
    if call.body.is_some() {
        headers.insert("Content-Type".into(), "application/json".into());
    }
    if call.eventual {
        headers.insert("ConsistencyLevel".into(), "eventual".into());
    }
    if let Some(id) = call.id {
        headers.insert("client-request-id".into(), id.to_string().into());
    }
    let mut item = json!({
        "id": index.to_string(),
        "method": call.method.as_str(),
        "url": call.relative(),
    });
    if let Value::Object(item) = &mut item {
        if !headers.is_empty() {
            item.insert("headers".into(), headers.into());
        }
        if let Some(body) = &call.body {
            item.insert("body".into(), body.clone());
        }
    }
    item
}

fn index(id: &Value) -> Option<usize> {
    match id {
        Value::String(id) => id.parse().ok(),
        Value::Number(id) => usize::try_from(id.as_u64()?).ok(),
        _ => None,
    }
}

impl BatchItem {
    fn header(&self, name: &str) -> Option<String> {
        let mut headers = self.headers.as_ref()?.iter();
        match headers.find(|(key, _)| key.eq_ignore_ascii_case(name))?.1 {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn answer(self, outer: &Response) -> Response {
        let header = |name| self.header(name);
        Response {
            status: self.status,
            request_id: header("request-id")
                .and_then(|id| envelope::correlation(&id))
                .or_else(|| outer.request_id.clone()),
            retry_after: header("retry-after")
                .and_then(|raw| patience::parse_retry_after(&raw, header("date").as_deref())),
            host: outer.host.clone(),
            body: if self.body.is_null() {
                Vec::new()
            } else {
                self.body.to_string().into_bytes()
            },
        }
    }
}
