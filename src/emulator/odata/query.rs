//! The query options of one request: read, then checked against what the resource supports.
//!
//! Rules: `concepts/query-parameters.md`, `concepts/aad-advanced-queries.md`, `api-reference/v1.0/api/user-list.md`.

use super::EntityKind;
use super::filter::{Expr, Op};
use crate::emulator::fault::Fault;

/// `relation($select=…;$expand=…)`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::emulator) struct Shape {
    pub(in crate::emulator) select: Option<Vec<String>>,
    pub(in crate::emulator) expand: Vec<(String, Shape)>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::emulator) struct Query {
    pub(in crate::emulator) shape: Shape,
    pub(in crate::emulator) filter: Option<Expr>,
    pub(in crate::emulator) top: Option<usize>,
    pub(in crate::emulator) count: bool,
    /// Property, and whether descending.
    pub(in crate::emulator) order: Option<(String, bool)>,
    pub(in crate::emulator) skip_token: Option<String>,
}

impl Query {
    pub(in crate::emulator) fn parse(options: &[(String, String)]) -> Result<Self, Fault> {
        let mut query = Self::default();
        let mut seen = Vec::new();
        for (name, value) in options {
            let name = name.to_ascii_lowercase();
            if seen.contains(&name) {
                return Err(Fault::bad(format!(
                    "Query option '{name}' was specified more than once."
                )));
            }
            match name.as_str() {
                "$select" => query.shape.select = Some(names(value)?),
                "$expand" => query.shape.expand = expands(value, 0)?,
                "$filter" => query.filter = Some(Expr::parse(value)?),
                "$orderby" => query.order = Some(order(value)?),
                "$skiptoken" => query.skip_token = Some(value.clone()),
                "$top" => {
                    let top = value.parse().ok().filter(|top| *top > 0);
                    query.top = Some(top.ok_or_else(|| {
                        Fault::bad(format!("Invalid page size specified: '{value}'."))
                    })?);
                }
                "$count" => {
                    query.count = match value.as_str() {
                        "true" => true,
                        "false" => false,
                        _ => {
                            return Err(Fault::bad(
                                "Invalid value for $count: true or false is expected.",
                            ));
                        }
                    }
                }
                "$skip" => {
                    return Err(Fault::unsupported(
                        "'$skip' is not supported by the service.",
                    ));
                }
                "$search" => {
                    return Err(Fault::unsupported(
                        "'$search' is not supported for this resource.",
                    ));
                }
                _ => {
                    return Err(Fault::bad(format!(
                        "The query parameter '{name}' is not supported."
                    )));
                }
            }
            seen.push(name);
        }
        Ok(query)
    }

    /// Refuses what `kind` does not support and brings every name to its exact spelling.
    pub(in crate::emulator) fn check(
        mut self,
        kind: &'static EntityKind,
        eventual: bool,
    ) -> Result<Self, Fault> {
        check_shape(&mut self.shape, kind)?;
        if !kind.directory {
            for (given, option) in [
                (self.top.is_some(), "$top"),
                (self.count, "$count"),
                (self.order.is_some(), "$orderby"),
            ] {
                if given {
                    return Err(Fault::unsupported(format!(
                        "The query option '{option}' is not supported for '{}'.",
                        kind.name
                    )));
                }
            }
        }
        if self.top.is_some_and(|top| top > 999) {
            return Err(Fault::bad(format!(
                "Invalid page size specified: '{}'. Must be between 1 and 999 inclusive.",
                self.top.unwrap_or_default()
            )));
        }
        let mut advanced = None;
        if let Some(filter) = &mut self.filter {
            check_filter(filter, kind, "", &mut advanced)?;
            if uses(filter, "signInActivity") > 0
                && uses(filter, "signInActivity") < uses(filter, "")
            {
                return Err(Fault::unsupported(
                    "Filter on signInActivity is not supported together with other properties.",
                ));
            }
        }
        if let Some((property, _)) = &mut self.order {
            let known = kind
                .order
                .iter()
                .find(|name| name.eq_ignore_ascii_case(property));
            let Some(known) = known else {
                return Err(Fault::unsupported(format!(
                    "Sorting by '{property}' is not supported."
                )));
            };
            (*known).clone_into(property);
            if self.filter.is_some() {
                advanced = Some("$orderby with $filter".to_owned());
            }
        }
        if !eventual && self.count {
            return Err(Fault::unsupported("$count is not currently supported."));
        }
        if let Some(what) = advanced
            && !(eventual && self.count)
        {
            return Err(Fault::unsupported(format!(
                "{what} is not supported because the 'ConsistencyLevel:eventual' header or '$count=true' is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
            )));
        }
        Ok(self)
    }

    pub(in crate::emulator) fn selects(&self, property: &str) -> bool {
        self.shape
            .select
            .as_ref()
            .is_some_and(|names| names.iter().any(|name| name == property))
    }
}

/// A single resource takes `$select` and `$expand` and nothing else.
pub(in crate::emulator) fn single(
    options: &[(String, String)],
    kind: &'static EntityKind,
) -> Result<Shape, Fault> {
    let query = Query::parse(options)?;
    let plain = Query {
        shape: query.shape.clone(),
        ..Query::default()
    };
    if query != plain {
        return Err(Fault::bad(
            "Query options $filter, $orderby, $count, $top and $skiptoken can be applied only on collections.",
        ));
    }
    let mut shape = query.shape;
    check_shape(&mut shape, kind)?;
    Ok(shape)
}

fn names(value: &str) -> Result<Vec<String>, Fault> {
    let names: Vec<String> = value
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    if names.iter().any(String::is_empty) {
        return Err(Fault::bad(
            "Parsing OData Select and Expand failed: a name is empty.",
        ));
    }
    Ok(names)
}

fn order(value: &str) -> Result<(String, bool), Fault> {
    let mut words = value.split_whitespace();
    let (property, direction, rest) = (words.next(), words.next(), words.next());
    match (property, direction, rest) {
        (Some(property), None | Some("asc"), None) if !property.contains(',') => {
            Ok((property.to_owned(), false))
        }
        (Some(property), Some("desc"), None) => Ok((property.to_owned(), true)),
        _ => Err(Fault::unsupported(
            "Only one sort property, with asc or desc, is supported.",
        )),
    }
}

/// `a($select=x,y;$expand=b),c`: commas and semicolons count only outside of parentheses.
fn expands(value: &str, depth: usize) -> Result<Vec<(String, Shape)>, Fault> {
    let bad = || {
        Fault::bad(format!(
            "Parsing OData Select and Expand failed: '{value}' is not well formed."
        ))
    };
    if depth > 4 {
        return Err(bad());
    }
    let mut out = Vec::new();
    for item in split(value, ',').ok_or_else(bad)? {
        let item = item.trim();
        let (name, shape) = match item.split_once('(') {
            None => (item, Shape::default()),
            Some((name, rest)) => {
                let inner = rest.strip_suffix(')').ok_or_else(bad)?;
                let mut shape = Shape::default();
                for option in split(inner, ';').ok_or_else(bad)? {
                    match option.trim().split_once('=') {
                        Some(("$select", value)) => shape.select = Some(names(value)?),
                        Some(("$expand", value)) => shape.expand = expands(value, depth + 1)?,
                        _ => return Err(bad()),
                    }
                }
                (name, shape)
            }
        };
        if name.is_empty() || name.contains(['/', ' ', '=', '$']) {
            return Err(bad());
        }
        out.push((name.to_owned(), shape));
    }
    Ok(out)
}

fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut depth, mut start, mut out) = (0_usize, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            c if c == separator && depth == 0 => {
                out.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    (depth == 0).then_some(out)
}

fn check_shape(shape: &mut Shape, kind: &'static EntityKind) -> Result<(), Fault> {
    let unknown = |name: &str| {
        Fault::bad(format!(
            "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{}'.",
            kind.name
        ))
    };
    let is = |known: &&&str, name: &str| known.eq_ignore_ascii_case(name);
    for name in shape.select.iter_mut().flatten() {
        if let Some(known) = kind.properties.iter().find(|known| is(known, name)) {
            (*known).clone_into(name);
        } else if kind.unselectable.iter().any(|known| is(&known, name)) {
            return Err(Fault::not_implemented(
                "This operation target is not yet supported.",
            ));
        } else {
            return Err(unknown(name));
        }
    }
    for (name, inner) in &mut shape.expand {
        let known = kind
            .relations
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        let (known, target) = known.ok_or_else(|| unknown(name))?;
        (*known).clone_into(name);
        check_shape(inner, target)?;
    }
    Ok(())
}

fn check_filter(
    filter: &mut Expr,
    kind: &'static EntityKind,
    prefix: &str,
    advanced: &mut Option<String>,
) -> Result<(), Fault> {
    match filter {
        Expr::And(left, right) | Expr::Or(left, right) => {
            check_filter(left, kind, prefix, advanced)?;
            check_filter(right, kind, prefix, advanced)
        }
        Expr::Not(inner) => {
            if !kind.directory {
                return Err(Fault::unsupported(
                    "Operator 'not' is not supported for this resource.",
                ));
            }
            *advanced = Some("Operator 'Not'".to_owned());
            check_filter(inner, kind, prefix, advanced)
        }
        Expr::Any { path, inner } => {
            let stem = format!("{path}/any");
            let known = kind.filters.iter().find_map(|(known, _)| {
                known
                    .get(..stem.len())
                    .filter(|head| head.eq_ignore_ascii_case(&stem))
            });
            let known = known.ok_or_else(|| refused(path, kind))?;
            known[..path.len()].clone_into(path);
            check_filter(inner, kind, known, advanced)
        }
        Expr::Test { path, op, .. } => {
            let whole = match (prefix, path.as_str()) {
                ("", path) => path.to_owned(),
                (prefix, "") => prefix.to_owned(),
                (prefix, path) => format!("{prefix}/{path}"),
            };
            let (known, ops) = kind
                .filters
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(&whole))
                .ok_or_else(|| refused(&whole, kind))?;
            if !ops.contains(op) {
                return Err(refused(&whole, kind));
            }
            if op.is_advanced() {
                *advanced = Some(match op {
                    Op::Ne => "Operator 'NotEqualsMatch'".to_owned(),
                    _ => "Operator 'endsWith'".to_owned(),
                });
            }
            known[prefix.len()..]
                .trim_start_matches('/')
                .clone_into(path);
            Ok(())
        }
    }
}

fn refused(path: &str, kind: &EntityKind) -> Fault {
    Fault::unsupported(format!(
        "Unsupported or invalid query filter clause specified for property '{path}' of resource '{}'.",
        kind.name
    ))
}

/// How many tests touch a path that starts so.
fn uses(filter: &Expr, start: &str) -> usize {
    match filter {
        Expr::And(left, right) | Expr::Or(left, right) => uses(left, start) + uses(right, start),
        Expr::Not(inner) => uses(inner, start),
        Expr::Any { path, .. } | Expr::Test { path, .. } => usize::from(path.starts_with(start)),
    }
}
