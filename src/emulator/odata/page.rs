//! Listing: walk, filter, cut into pages, render, and say where the next page starts.
//!
//! Paging: `concepts/paging.md`. The token is opaque to a client; inside it is the place in the collection, so that a
//! page costs what is on it and not what came before it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::query::{Query, Shape, single};
use super::{Entity, EntityKind, Follow};
use crate::emulator::call::{ApiAnswer, ApiCall};
use crate::emulator::fault::Fault;
use crate::emulator::world::TenantWorld;

/// Before the place in a token: looks like the service's, and a foreign token is told apart.
const TOKEN: &str = "RFNwdAoAAQ.";

/// What is common to the answers of one list.
pub(in crate::emulator) struct Listing<'a> {
    pub(in crate::emulator) kind: &'static EntityKind,
    /// `users`, of `$metadata#users`.
    pub(in crate::emulator) context: &'a str,
    /// Collections of directory objects say what each one is: `@odata.type`.
    pub(in crate::emulator) typed: bool,
}

/// Answers a list of `len` places, some of which may be empty.
pub(in crate::emulator) fn list<'w>(
    call: &ApiCall<'_>,
    world: &'w TenantWorld,
    listing: &Listing<'_>,
    len: usize,
    get: &dyn Fn(usize) -> Option<&'w dyn Entity>,
) -> Result<ApiAnswer, Fault> {
    let query = Query::parse(&call.query)?.check(listing.kind, call.eventual)?;
    let matches = |at: usize| {
        get(at).filter(|entity| {
            query
                .filter
                .as_ref()
                .is_none_or(|filter| filter.holds(&|path| entity.field(path)))
        })
    };
    let start = match &query.skip_token {
        None => 0,
        Some(token) => {
            place(token).ok_or_else(|| Fault::bad("The skip token is not valid or has expired."))?
        }
    };
    // Asking for sign-in activity makes pages smaller, whatever was asked for.
    let most = if query.selects("signInActivity") {
        500
    } else {
        999
    };
    let size = query.top.unwrap_or(100).min(most);

    let mut sorted: Option<Vec<usize>> = None;
    if let Some((property, descending)) = &query.order {
        let mut keyed: Vec<(String, usize)> = (0..len)
            .filter_map(|at| matches(at).map(|entity| (sort_key(entity, property), at)))
            .collect();
        keyed.sort();
        if *descending {
            keyed.reverse();
        }
        sorted = Some(keyed.into_iter().map(|(_, at)| at).collect());
    }
    let end = sorted.as_ref().map_or(len, Vec::len);
    let at = |step: usize| match &sorted {
        Some(order) => order.get(step).and_then(|at| get(*at)),
        None => matches(step),
    };

    let mut value = Vec::with_capacity(size.min(end.saturating_sub(start)));
    let mut next = None;
    for step in start..end {
        let Some(entity) = at(step) else { continue };
        if value.len() == size {
            next = Some(step);
            break;
        }
        value.push(render(entity, world, &query.shape, listing.typed));
    }

    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        context(call, listing.context, &query.shape, ""),
    );
    if query.count && query.skip_token.is_none() {
        let total = sorted.as_ref().map_or_else(
            || (0..len).filter(|at| matches(*at).is_some()).count(),
            Vec::len,
        );
        body.insert("@odata.count".into(), json!(total));
    }
    if let Some(next) = next {
        body.insert("@odata.nextLink".into(), json!(next_link(call, next)));
    }
    body.insert("value".into(), Value::Array(value));
    Ok(ApiAnswer::ok(Value::Object(body)))
}

/// How many there are: `/$count`, which answers plain text.
pub(in crate::emulator) fn count<'w>(
    call: &ApiCall<'_>,
    kind: &'static EntityKind,
    len: usize,
    get: &dyn Fn(usize) -> Option<&'w dyn Entity>,
) -> Result<ApiAnswer, Fault> {
    if kind.directory && !call.eventual {
        return Err(Fault::unsupported("$count is not currently supported."));
    }
    let mut query = Query::parse(&call.query)?;
    query.count = kind.directory;
    let query = query.check(kind, call.eventual)?;
    let total = (0..len)
        .filter_map(get)
        .filter(|entity| {
            query
                .filter
                .as_ref()
                .is_none_or(|filter| filter.holds(&|path| entity.field(path)))
        })
        .count();
    Ok(ApiAnswer::text(total.to_string()))
}

/// Answers one thing.
pub(in crate::emulator) fn one(
    call: &ApiCall<'_>,
    world: &TenantWorld,
    listing: &Listing<'_>,
    entity: &dyn Entity,
) -> Result<ApiAnswer, Fault> {
    let shape = single(&call.query, listing.kind)?;
    let Value::Object(rendered) = render(entity, world, &shape, listing.typed) else {
        return Ok(ApiAnswer::ok(Value::Null));
    };
    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        context(call, listing.context, &shape, "/$entity"),
    );
    body.extend(rendered);
    Ok(ApiAnswer::ok(Value::Object(body)))
}

/// An entity in the shape that was asked for.
pub(in crate::emulator) fn render(
    entity: &dyn Entity,
    world: &TenantWorld,
    shape: &Shape,
    typed: bool,
) -> Value {
    let kind = entity.kind();
    let mut out = Map::new();
    if typed {
        let name = format!("#microsoft.graph.{}", kind.name);
        out.insert("@odata.type".into(), json!(name));
    }
    let mut put = |name: &str| {
        if let Some(value) = entity.property(name) {
            out.insert(name.into(), value);
        }
    };
    match &shape.select {
        Some(names) => names.iter().for_each(|name| put(name)),
        None if kind.default.is_empty() => kind.properties.iter().for_each(|name| put(name)),
        None => kind.default.iter().for_each(|name| put(name)),
    }
    for (name, inner) in &shape.expand {
        let value = match entity.follow(world, name) {
            Follow::One(None) => Value::Null,
            Follow::One(Some(entity)) => render(entity, world, inner, false),
            Follow::Many(entities) => entities
                .into_iter()
                .map(|entity| render(entity, world, inner, entity.kind().directory))
                .collect(),
        };
        out.insert(name.clone(), value);
    }
    Value::Object(out)
}

fn sort_key(entity: &dyn Entity, property: &str) -> String {
    match entity.property(property) {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn context(call: &ApiCall<'_>, name: &str, shape: &Shape, suffix: &str) -> Value {
    let mut parts: Vec<String> = shape.select.clone().unwrap_or_default();
    parts.extend(shape.expand.iter().map(|(name, _)| format!("{name}()")));
    let shape = if parts.is_empty() {
        String::new()
    } else {
        format!("({})", parts.join(","))
    };
    json!(format!(
        "{}/v1.0/$metadata#{name}{shape}{suffix}",
        call.base
    ))
}

fn next_link(call: &ApiCall<'_>, next: usize) -> String {
    let mut parts: Vec<&str> = call
        .raw_query
        .split('&')
        .filter(|part| {
            let name = part
                .split('=')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            !part.is_empty() && name != "$skiptoken" && name != "%24skiptoken"
        })
        .collect();
    let token = format!(
        "$skiptoken={}",
        URL_SAFE_NO_PAD.encode(format!("{TOKEN}{next}"))
    );
    parts.push(&token);
    format!("{}{}?{}", call.base, call.raw_path, parts.join("&"))
}

fn place(token: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    String::from_utf8(bytes)
        .ok()?
        .strip_prefix(TOKEN)?
        .parse()
        .ok()
}
