//! What a request says of its own delivery (accesspackageassignmentrequest).

use serde::Deserialize;

use super::call::Response;
use super::json;
use crate::domain::delivery::ExtensionReply;
use crate::domain::text::Text;

/// What custom extensions said of it (customextensioncalloutinstance); nothing where that cannot be read.
pub fn extensions(answer: &Response) -> Vec<ExtensionReply> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct CalledOutWire {
        #[serde(default, deserialize_with = "json::list")]
        custom_extension_callout_instances: Vec<CalloutWire>,
    }
    #[derive(Deserialize)]
    struct CalloutWire {
        #[serde(default)]
        status: Text,
        #[serde(default)]
        detail: Text,
    }
    let wire: Option<CalledOutWire> = answer.decode().ok();
    let callouts = wire.map_or_else(Vec::new, |wire| wire.custom_extension_callout_instances);
    let callouts = callouts.into_iter().map(|one| ExtensionReply {
        status: one.status,
        detail: one.detail,
    });
    callouts.collect()
}
