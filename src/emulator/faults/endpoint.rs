//! `/faults`: the rules over HTTP, beside the emulated Graph. `GET` lists them, `POST` a JSON list puts it in their
//! place, `DELETE` ends them all. It takes the same token as the rest.

use serde_json::json;

use super::FaultRule;
use crate::emulator::call::ApiAnswer;
use crate::emulator::fault::Fault;
use crate::emulator::service::{Incoming, Outgoing, Service};

pub(in crate::emulator) fn is_endpoint(incoming: &Incoming) -> bool {
    incoming.path() == "/faults"
}

pub(in crate::emulator) fn answer(service: &Service, incoming: &Incoming) -> Outgoing {
    service.result(incoming, perform(service, incoming))
}

fn perform(service: &Service, incoming: &Incoming) -> Result<ApiAnswer, Fault> {
    incoming.caller.clone()?;
    match incoming.method.as_str() {
        "GET" => Ok(ApiAnswer::ok(json!({ "value": service.faults.list() }))),
        "POST" => {
            let body = incoming.body.clone()?.unwrap_or_default();
            let rules = FaultRule::list(&body)
                .map_err(|what| Fault::bad(format!("The faults cannot be used: {what}.")))?;
            service.faults.replace(rules);
            Ok(ApiAnswer::ok(json!({ "value": service.faults.list() })))
        }
        "DELETE" => {
            service.faults.replace(Vec::new());
            Ok(ApiAnswer::empty(204))
        }
        _ => Err(Fault::method()),
    }
}
