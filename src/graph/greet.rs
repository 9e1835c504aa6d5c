//! One exchange without a token, to know whether anybody answers at an address, and what time it is there.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::Url;
use reqwest::header::DATE;
use uuid::Uuid;

use super::address::Address;
use super::failure;
use super::patience::Patience;
use super::transport::http;
use crate::domain::problem::{Problem, ProblemKind};

/// More of an answer is not read.
const LARGEST: usize = 256 * 1024;

/// How long anybody is given to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back.
#[derive(Clone, Debug)]
pub struct Greeting {
    /// The HTTP status. Without a token it is a refusal, which is an answer.
    pub status: u16,
    /// How far the clock there is ahead of this machine's, in seconds; `None` where it did not say.
    pub ahead: Option<i64>,
    /// How long it took.
    pub took: Duration,
    /// The answer, or its beginning.
    pub body: String,
}

/// Asks `path` below `base`, which is an address of Graph's or of Entra's.
///
/// # Errors
/// What is wrong with the address, or why no answer came.
pub async fn greet(base: &str, path: &str) -> Result<Greeting, Problem> {
    let address = Address::new(base)?;
    let patience = Patience {
        connect: PATIENCE,
        exchange: PATIENCE,
        ..Patience::default()
    };
    let url = format!("{}{path}", base.trim().trim_end_matches('/'));
    let url = Url::parse(&url)
        .map_err(|_| Problem::new(ProblemKind::Local, "The address could not be made", ""))?;
    let lost = |error: reqwest::Error| failure::lost(&error, &address, &patience).problem;
    let begun = Timestamp::now();
    let mut response = http(&address, patience)?
        .get(url)
        .header("client-request-id", Uuid::new_v4().to_string())
        .send()
        .await
        .map_err(lost)?;
    let took = Duration::try_from(Timestamp::now().duration_since(begun)).unwrap_or_default();
    let date = response
        .headers()
        .get(DATE)
        .and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    // It was said somewhere between the question and the answer.
    let middle = begun.checked_add(took / 2).unwrap_or(begun);
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            break;
        }
    }
    Ok(Greeting {
        status,
        ahead: date.map(|date| date.duration_since(middle).as_secs()),
        took,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
