//! Checks recorded exchanges against the description of Graph (an `OpenAPI` document), where there is one.
//!
//! `GUESTLIST_GRAPH_DESCRIPTION` names the folder that holds it; without it the checks say that they were skipped.
//! Loose where a service may be (additional `@odata.*` members), strict where a typing mistake would hide: a path, a
//! method, a query option or a property that the description does not know is an error, in requests and answers alike.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value};

const FILE: &str = "openapi-v1.0-slice.json";
const BETA: &str = "openapi-beta-b2bManagementPolicies.json";

/// Properties that the reference pages send and the metadata does not describe.
const DOCUMENTED: [(&str, &[&str]); 1] = [(
    "microsoft.graph.accessPackageAssignment",
    &["targetId", "assignmentPolicyId", "accessPackageId"],
)];

pub(crate) struct Contract {
    doc: Value,
}

/// Read once for all tests of a run: it is large.
static CONTRACT: LazyLock<Option<Contract>> = LazyLock::new(Contract::read);

impl Contract {
    /// The description, or nothing (and a word about it) where it is not at hand.
    pub(crate) fn load() -> Option<&'static Self> {
        CONTRACT.as_ref()
    }

    fn read() -> Option<Self> {
        let Some(folder) = std::env::var_os("GUESTLIST_GRAPH_DESCRIPTION") else {
            println!("contract check skipped: GUESTLIST_GRAPH_DESCRIPTION is not set");
            return None;
        };
        let path = Path::new(&folder).join(FILE);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut doc: Value = serde_json::from_str(&text).unwrap();
        // What is only in beta is described apart, and called under its own version.
        let beta = std::fs::read_to_string(Path::new(&folder).join(BETA)).unwrap();
        let beta: Value = serde_json::from_str(&beta).unwrap();
        for (path, item) in beta["paths"].as_object().unwrap() {
            doc["paths"][format!("/beta{path}")] = item.clone();
        }
        for (name, schema) in beta["components"]["schemas"].as_object().unwrap() {
            doc["components"]["schemas"][name] = schema.clone();
        }
        Some(Self { doc })
    }

    /// Every fault of a record file (one exchange a line), each with the exchange it is in.
    pub(crate) fn check_record(&self, path: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .flat_map(|line| self.check(&serde_json::from_str(line).unwrap()))
            .collect()
    }

    /// The faults of one recorded exchange.
    pub(crate) fn check(&self, exchange: &Value) -> Vec<String> {
        let text = |name: &str| exchange[name].as_str().unwrap_or_default();
        let (method, path, query) = (text("method"), text("path"), text("query"));
        let mut faults = Faults {
            at: format!("{method} {path}"),
            found: Vec::new(),
        };
        let status = exchange["status"].as_u64().unwrap_or_default();
        // What went wrong on request is not what Graph describes; what was asked is.
        let on_request = !exchange["fault"].is_null();
        if status >= 400 && !on_request {
            // What was wrong on purpose need not be described; how it is answered is.
            self.value(&exchange["responseBody"], &self.doc["components"]["responses"]["error"]["content"]["application/json"]["schema"], "error", &mut faults);
            return faults.found;
        }
        let Some(operation) = self.operation(method, path) else {
            faults.say("", "the description has no such operation");
            return faults.found;
        };
        self.options(operation, query, &mut faults);
        match (&exchange["requestBody"], self.request_schema(operation)) {
            (Value::Null, _) => {}
            (_, None) => faults.say("request", "a body where none is described"),
            (body, Some(schema)) => self.value(body, schema, "request", &mut faults),
        }
        if on_request {
            return faults.found;
        }
        match (&exchange["responseBody"], response_schema(operation)) {
            (Value::Null, _) | (Value::String(_), Some(("text/plain", _))) => {}
            (_, None) => faults.say("response", "a body where none is described"),
            (body, Some((_, schema))) => self.value(body, schema, "response", &mut faults),
        }
        faults.found
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path
            .strip_prefix("/v1.0")
            .unwrap_or(path)
            .trim_end_matches('/');
        let path = path.replace("microsoft.graph.", "graph.");
        let paths = self.doc["paths"].as_object()?;
        // A literal segment is a better match than a parameter: `/users/$count` is not a user.
        let (_, item) = paths
            .iter()
            .filter_map(|(template, item)| Some((fits(template, &path)?, item)))
            .min_by_key(|(parameters, _)| *parameters)?;
        item.get(method.to_lowercase())
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self
                .doc
                .pointer(reference.trim_start_matches('#'))
                .unwrap_or(&Value::Null),
            None => value,
        }
    }

    fn request_schema<'a>(&'a self, operation: &'a Value) -> Option<&'a Value> {
        self.resolve(&operation["requestBody"])
            .pointer("/content/application~1json/schema")
    }

    fn options(&self, operation: &Value, query: &str, faults: &mut Faults) {
        let known: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| self.resolve(parameter))
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let item = response_schema(operation).map(|(_, schema)| self.item_of(schema));
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let decode = |text: &str| {
                percent_encoding::percent_decode_str(&text.replace('+', " "))
                    .decode_utf8()
                    .unwrap()
                    .into_owned()
            };
            let (name, value) = (decode(name), decode(value));
            if name != "$skiptoken" && !known.contains(&name.as_str()) {
                faults.say("query", &format!("the option '{name}' is not described"));
            }
            if let ("$select", Some(item)) = (name.as_str(), item) {
                let (properties, ..) = self.flatten(item, &Value::Null);
                for selected in value.split(',') {
                    if !properties.iter().any(|(known, _)| *known == selected) {
                        faults.say(
                            "query",
                            &format!("'{selected}' is not a property to select"),
                        );
                    }
                }
            }
        }
    }

    /// The schema of what a list holds, or the schema itself.
    fn item_of<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let (properties, ..) = self.flatten(schema, &Value::Null);
        let value = properties.iter().find(|(name, _)| *name == "value");
        value.map_or(schema, |(_, value)| &value["items"])
    }

    fn value(&self, value: &Value, schema: &Value, at: &str, faults: &mut Faults) {
        if value.is_null() {
            if !self.nullable(schema) {
                faults.say(at, "null, and not nullable");
            }
            return;
        }
        for either in ["anyOf", "oneOf"] {
            if let Some(options) = schema[either].as_array() {
                let fits = |option: &Value| {
                    let mut tried = Faults::default();
                    self.value(value, option, at, &mut tried);
                    tried.found.is_empty()
                };
                if !options.iter().any(fits) {
                    faults.say(at, "fits none of the described types");
                }
                return;
            }
        }
        match value {
            Value::Object(object) => self.object(object, value, schema, at, faults),
            Value::Array(items) => {
                let schema = self.scalar(schema);
                if schema["type"] != "array" {
                    faults.say(at, "an array where none is described");
                    return;
                }
                for (number, item) in items.iter().enumerate() {
                    self.value(item, &schema["items"], &format!("{at}[{number}]"), faults);
                }
                if schema["maxItems"]
                    .as_u64()
                    .is_some_and(|most| items.len() as u64 > most)
                {
                    faults.say(at, "more items than are allowed");
                }
            }
            _ => plain(value, self.scalar(schema), at, faults),
        }
    }

    fn object(
        &self,
        object: &Map<String, Value>,
        value: &Value,
        schema: &Value,
        at: &str,
        faults: &mut Faults,
    ) {
        let (properties, types, more, required) = self.flatten(schema, value);
        if let Some(kind) = self.scalar(schema)["type"].as_str()
            && kind != "object"
        {
            faults.say(at, &format!("an object where the type {kind} is described"));
            return;
        }
        if schema == &Value::Object(Map::new()) {
            return;
        }
        for name in required {
            if !object.contains_key(name) {
                faults.say(at, &format!("'{name}' is required"));
            }
        }
        for (name, member) in object {
            let here = format!("{at}.{name}");
            if let Some((_, schema)) = properties.iter().find(|(known, _)| known == name) {
                self.value(member, schema, &here, faults);
            } else if let Some(schema) = more {
                self.value(member, schema, &here, faults);
            } else if !name.contains("@odata.") && !self.known_elsewhere(&types, name) {
                faults.say(&here, "the description has no such property");
            }
        }
    }

    /// Relations that the description left out on purpose, and what only the reference pages know.
    fn known_elsewhere(&self, types: &[&str], name: &str) -> bool {
        types.iter().any(|kind| {
            let pruned = self.doc["x-pruned-navigation-properties"][*kind].as_array();
            let pruned = pruned.is_some_and(|names| names.iter().any(|known| known == name));
            pruned
                || DOCUMENTED
                    .iter()
                    .any(|(known, names)| known == kind && names.contains(&name))
        })
    }

    /// The properties of a type with those of its bases and of what `@odata.type` says it really is; the names of
    /// those types; the schema of other members; what is required.
    #[expect(
        clippy::type_complexity,
        reason = "four lists that are read at once and nowhere else"
    )]
    fn flatten<'a>(
        &'a self,
        schema: &'a Value,
        value: &Value,
    ) -> (
        Vec<(&'a str, &'a Value)>,
        Vec<&'a str>,
        Option<&'a Value>,
        Vec<&'a str>,
    ) {
        let (mut properties, mut types, mut more, mut required) =
            (Vec::new(), Vec::new(), None, Vec::new());
        let mut open = vec![schema];
        let mut seen = Vec::new();
        while let Some(schema) = open.pop() {
            if let Some(reference) = schema["$ref"].as_str() {
                if seen.contains(&reference) {
                    continue;
                }
                seen.push(reference);
                types.push(reference.rsplit('/').next().unwrap_or_default());
                open.push(self.resolve(schema));
                continue;
            }
            open.extend(schema["allOf"].as_array().into_iter().flatten());
            if let Some(own) = schema["properties"].as_object() {
                properties.extend(own.iter().map(|(name, schema)| (name.as_str(), schema)));
            }
            if schema["additionalProperties"].is_object() {
                more = Some(&schema["additionalProperties"]);
            }
            required.extend(
                schema["required"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str),
            );
            if let Some(kind) = value["@odata.type"].as_str() {
                let name = format!(
                    "microsoft.graph.{}",
                    kind.trim_start_matches("#microsoft.graph.")
                );
                if let Some((name, derived)) = self.doc["components"]["schemas"]
                    .as_object()
                    .and_then(|schemas| schemas.get_key_value(&name))
                    && !types.contains(&name.as_str())
                {
                    types.push(name);
                    open.push(derived);
                }
            }
        }
        (properties, types, more, required)
    }

    /// The schema with a type or an enum of its own, behind references and `allOf`.
    fn scalar<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let schema = self.resolve(schema);
        match schema["allOf"].as_array() {
            Some(all) if schema["type"].is_null() => {
                all.last().map_or(schema, |last| self.scalar(last))
            }
            _ => schema,
        }
    }

    fn nullable(&self, schema: &Value) -> bool {
        schema["nullable"] == true || self.resolve(schema)["nullable"] == true
    }
}

fn response_schema(operation: &Value) -> Option<(&str, &Value)> {
    let responses = operation["responses"].as_object()?;
    let (_, success) = responses
        .iter()
        .find(|(status, _)| status.starts_with('2') && *status != "204")?;
    let (kind, content) = success["content"].as_object()?.iter().next()?;
    Some((kind, &content["schema"]))
}

/// How many parameters it takes to make a template the path; nothing when it never is.
fn fits(template: &str, path: &str) -> Option<usize> {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    let mut parameters = 0;
    loop {
        match (template.next(), path.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) if wanted == given => {}
            (Some(wanted), Some(given)) => {
                let (before, rest) = wanted.split_once('{')?;
                let (_, after) = rest.rsplit_once('}')?;
                let inner = given.strip_prefix(before)?.strip_suffix(after)?;
                if inner.is_empty() {
                    return None;
                }
                parameters += 1;
            }
            _ => return None,
        }
    }
}

fn plain(value: &Value, schema: &Value, at: &str, faults: &mut Faults) {
    if let Some(members) = schema["enum"].as_array() {
        if !members.contains(value) {
            faults.say(at, &format!("{value} is not a member of the enumeration"));
        }
        return;
    }
    let fits = match (schema["type"].as_str(), value) {
        (None, _) | (Some("boolean"), Value::Bool(_)) | (Some("number"), Value::Number(_)) => true,
        (Some("integer"), Value::Number(number)) => number.is_i64() || number.is_u64(),
        (Some("string"), Value::String(text)) => match schema["format"].as_str() {
            Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
            Some("uuid") => uuid::Uuid::parse_str(text).is_ok(),
            Some("duration") => text.parse::<jiff::Span>().is_ok(),
            _ => true,
        },
        _ => false,
    };
    if !fits {
        let wanted = schema["format"]
            .as_str()
            .or(schema["type"].as_str())
            .unwrap_or("?");
        faults.say(at, &format!("{value} is not of the type {wanted}"));
    }
}

#[derive(Default)]
struct Faults {
    at: String,
    found: Vec<String>,
}

impl Faults {
    fn say(&mut self, place: &str, what: &str) {
        self.found.push(format!("{}: {place}: {what}", self.at));
    }
}

/// The checker finds what it is for.
#[test]
fn finds_what_does_not_fit() {
    use serde_json::json;
    let Some(contract) = Contract::load() else {
        return;
    };
    let check = |method: &str, path: &str, query: &str, request: Value, response: Value| {
        contract
            .check(&json!({
                "method": method, "path": path, "query": query, "status": 200,
                "requestBody": request, "responseBody": response,
            }))
            .join("\n")
    };
    let users = "/v1.0/users";
    assert_eq!(
        check(
            "GET",
            users,
            "%24top=1",
            Value::Null,
            json!({"value": [{"id": "x", "mail": null}]})
        ),
        ""
    );
    for (query, response, fault) in [
        (
            "$nonsense=1",
            json!({"value": []}),
            "'$nonsense' is not described",
        ),
        (
            "$select=id,favouriteColour",
            json!({"value": []}),
            "'favouriteColour' is not a property",
        ),
        (
            "",
            json!({"value": [{"favouriteColour": "red"}]}),
            "no such property",
        ),
        (
            "",
            json!({"value": [{"accountEnabled": "yes"}]}),
            "not of the type boolean",
        ),
        (
            "",
            json!({"value": [{"createdDateTime": "yesterday"}]}),
            "not of the type date-time",
        ),
        ("", json!({"value": {}}), "where the type array"),
    ] {
        let found = check("GET", users, query, Value::Null, response);
        assert!(found.contains(fault), "{found} should say {fault}");
    }
    assert!(
        check("GET", "/v1.0/nowhere", "", Value::Null, Value::Null).contains("no such operation")
    );
    let policies = "/v1.0/identityGovernance/entitlementManagement/assignmentPolicies";
    let wrong = json!({"value": [{"allowedTargetScope": "everybody"}]});
    assert!(
        check("GET", policies, "", Value::Null, wrong).contains("not a member of the enumeration")
    );
    let invitation = json!({"invitedUserEmail": "x@fabrikam.com"});
    assert!(
        check("POST", "/v1.0/invitations", "", invitation, Value::Null)
            .contains("no such property")
    );
}
