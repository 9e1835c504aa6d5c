//! What cancelling, reprocessing and removing a request share.

use serde_json::{Map, Value};

use super::Target;
use super::about::{Meant, Stored};
use super::look::Look;
use crate::domain::id::RequestId;
use crate::domain::request::Request;

pub(super) fn form(request: &RequestId) -> Map<String, Value> {
    let mut form = Map::new();
    form.insert("request".into(), request.as_str().into());
    form
}

pub(super) fn read(stored: &Stored<'_>) -> Option<RequestId> {
    RequestId::new(stored.text("request").unwrap_or(stored.target)).ok()
}

pub(super) fn on(target: &Target, _meant: &Meant) -> Option<RequestId> {
    match target {
        Target::Request(request) => Some(request.clone()),
        Target::Guest(_) | Target::Address(_) | Target::Assignment(_) => None,
    }
}

/// The request a look shows; the outer `None` where the look is of something else.
#[allow(clippy::option_option)] // Two questions, and both are asked: was a request looked at, and was it there.
pub(super) fn seen(look: &Look) -> Option<Option<&Request>> {
    match look {
        Look::Record(request) => Some(request.as_deref()),
        Look::Approval(..) | Look::Account(_) | Look::Assigning { .. } => None,
    }
}
