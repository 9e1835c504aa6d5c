//! Decoding leniently: one odd row never loses a page, one odd field never loses a row that can do without it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::call::Response;
use crate::domain::problem::Problem;

/// A row of a collection: what its JSON looks like, and how that becomes the domain's.
pub trait FromWire: Sized {
    /// The JSON's shape.
    type Wire: DeserializeOwned;

    /// Turns it into the domain's; `None` where it cannot be used.
    fn read(wire: Self::Wire) -> Option<Self>;
}

/// A page as it came.
pub(super) struct Collection<T> {
    pub(super) rows: Vec<T>,
    pub(super) unread: usize,
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
struct CollectionWire<W> {
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    value: Vec<W>,
}

#[derive(Deserialize)]
#[serde(bound = "W: DeserializeOwned")]
struct SlowWire<W> {
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    value: RowsThatFit<W>,
}

/// Rows read one by one, none kept that does not fit.
struct RowsThatFit<W> {
    read: Vec<W>,
    unread: usize,
}

impl<'de, W: DeserializeOwned> Deserialize<'de> for RowsThatFit<W> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct OneByOne<W>(PhantomData<W>);
        impl<'de, W: DeserializeOwned> Visitor<'de> for OneByOne<W> {
            type Value = RowsThatFit<W>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("rows")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Self::Value, A::Error> {
                let (mut read, mut unread) = (Vec::new(), 0);
                while let Some(row) = rows.next_element::<Value>()? {
                    match serde_json::from_value(row) {
                        Ok(row) => read.push(row),
                        Err(_odd) => unread += 1,
                    }
                }
                Ok(RowsThatFit { read, unread })
            }
        }
        d.deserialize_seq(OneByOne(PhantomData))
    }
}

/// Reads a page: first straight into rows, which is quick; where that fails, row by row, to leave out only
/// what cannot be read.
pub(super) fn collection<T: FromWire>(answer: &Response) -> Result<Collection<T>, Problem> {
    let quick = serde_json::from_slice::<CollectionWire<T::Wire>>(&answer.body);
    let (wires, unread, next) = match quick {
        Ok(wire) => (wire.value, 0, wire.next),
        Err(_broken) => {
            let slow: SlowWire<T::Wire> = answer.decode()?;
            (slow.value.read, slow.value.unread, slow.next)
        }
    };
    let of = wires.len();
    let rows: Vec<T> = wires.into_iter().filter_map(T::read).collect();
    Ok(Collection {
        unread: unread + of - rows.len(),
        rows,
        next: next.filter(|next| !next.is_empty()),
    })
}

/// The ids of a page's rows.
pub(super) fn ids(answer: &Response) -> Vec<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct IdOnlyWire<'a> {
        #[serde(borrow, default)]
        id: Cow<'a, str>,
    }
    #[derive(Deserialize)]
    struct IdsWire<'a> {
        #[serde(borrow)]
        value: Vec<IdOnlyWire<'a>>,
    }
    let page = serde_json::from_slice::<IdsWire<'_>>(&answer.body);
    page.map_or_else(
        |_none| Vec::new(),
        |page| page.value.into_iter().map(|row| row.id).collect(),
    )
}

/// Takes rows out of a page, by their ids.
pub(super) fn leave_out(answer: &mut Response, known: impl Fn(&str) -> bool) {
    let Ok(mut page) = answer.decode::<Value>() else {
        return;
    };
    if let Some(rows) = page.get_mut("value").and_then(Value::as_array_mut) {
        rows.retain(|row| !row["id"].as_str().is_some_and(&known));
        answer.body = page.to_string().into_bytes();
    }
}

/// The first of several spellings of one field that says anything. Serde's `alias` takes two that come together for
/// a duplicate, and the whole record would be lost.
pub(super) fn first<T: Default + PartialEq>(spellings: impl IntoIterator<Item = T>) -> T {
    let says = |one: &T| *one != T::default();
    spellings.into_iter().find(says).unwrap_or_default()
}

/// Reads one object.
pub(super) fn one<T: FromWire>(answer: &Response) -> Result<Option<T>, Problem> {
    object(answer).map(T::read)
}

/// The body as one object, which some pages print inside of `value`, alone or as the only one of a list
/// (sharepointsettings-get, user-list-invitedby).
pub(super) fn object<T: DeserializeOwned>(answer: &Response) -> Result<T, Problem> {
    let mut body: Value = answer.decode()?;
    let wrapped = match body.get_mut("value") {
        Some(Value::Array(items)) if items.len() == 1 => items.pop(),
        Some(value @ Value::Object(_)) => Some(value.take()),
        _ => None,
    };
    let bare = body.get("id").is_some();
    let body = wrapped.filter(|_| !bare).unwrap_or(body);
    serde_json::from_value(body).map_err(|error| answer.unreadable(&error))
}

/// Says that an object lacks what every object of its kind has.
pub(super) fn odd(answer: &Response) -> Problem {
    answer.unreadable(&serde_json::Error::custom("no id"))
}

/// Anything that fits, else nothing: for fields a row can do without.
pub(super) fn maybe<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    d: D,
) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(d)?;
    Ok(serde_json::from_value(value).ok())
}

/// The items that fit.
pub(super) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    d: D,
) -> Result<Vec<T>, D::Error> {
    let Value::Array(items) = Value::deserialize(d)? else {
        return Ok(Vec::new());
    };
    Ok(items
        .into_iter()
        .filter_map(|item| serde_json::from_value(item).ok())
        .collect())
}

/// A yes; everything else is no.
pub(super) fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    Ok(maybe(d)?.unwrap_or_default())
}

/// A time; null, a year without meaning (0001, how .NET writes "never") and what is no time are `None`. No
/// detour over [`Value`]: it stands in every guest.
pub(super) fn when<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
    struct When;
    impl<'de> Visitor<'de> for When {
        type Value = Option<Timestamp>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a time or null")
        }
        fn visit_str<E: Error>(self, raw: &str) -> Result<Self::Value, E> {
            // Without a zone it is UTC's, as all of Graph's are.
            let bare = || raw.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
            Ok(raw
                .parse()
                .ok()
                .or_else(|| Some(bare()?.timestamp()))
                .filter(|at: &Timestamp| at.as_second() > -30_000_000_000))
        }
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(None)
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(None)
        }
    }
    d.deserialize_any(When)
}

/// The name of a type in `@odata.type`, which the reference prints with `#` and without
/// (accesspackageassignmentrequest-get).
pub(super) fn type_name(raw: &str) -> &str {
    let raw = raw.trim_start_matches('#');
    raw.strip_prefix("microsoft.graph.").unwrap_or(raw)
}

/// An ISO 8601 duration; what is none is `None`.
pub(super) fn period<'de, D: Deserializer<'de>>(
    d: D,
) -> Result<Option<jiff::SignedDuration>, D::Error> {
    let raw: Option<String> = maybe(d)?;
    Ok(raw.as_deref().and_then(crate::domain::time::parse_period))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct OnlyName(String);
    #[derive(Deserialize)]
    struct OnlyNameWire {
        name: String,
        #[serde(default, deserialize_with = "when")]
        at: Option<Timestamp>,
    }
    impl FromWire for OnlyName {
        type Wire = OnlyNameWire;
        fn read(wire: OnlyNameWire) -> Option<Self> {
            assert!(wire.at.is_none());
            (!wire.name.is_empty()).then_some(Self(wire.name))
        }
    }

    fn answer(body: &str) -> Response {
        Response {
            status: 200,
            request_id: None,
            retry_after: None,
            host: "graph.example".into(),
            body: body.into(),
        }
    }

    fn page(body: &str) -> Result<Collection<OnlyName>, Problem> {
        collection(&answer(body))
    }

    #[test]
    fn one_bad_row_loses_itself_only() {
        let got = page(
            r#"{"value":[{"name":"a","at":null},{"name":7},null,{},{"name":""},{"name":"b","at":{"x":[1]}}],
                "@odata.nextLink":"n","@odata.count":6}"#,
        )
        .unwrap();
        let names: Vec<&str> = got.rows.iter().map(|n| n.0.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!((got.unread, got.next.as_deref()), (4, Some("n")));
    }

    #[test]
    fn a_time_without_a_zone_is_utc() {
        #[derive(Deserialize)]
        struct AtWire {
            #[serde(deserialize_with = "when")]
            at: Option<Timestamp>,
        }
        let noon = "2026-11-24T12:00:00Z".parse::<Timestamp>().ok();
        for (raw, at) in [
            (r#""2026-11-24T12:00:00Z""#, noon),
            (r#""2026-11-24T12:00:00""#, noon),
            (r#""2026-11-24 12:00:00.0000000""#, noon),
            (r#""2026-11-24T14:00:00+02:00""#, noon),
            (r#""0001-01-01T00:00:00""#, None),
            (r#""soon""#, None),
        ] {
            let read: AtWire = serde_json::from_str(&format!(r#"{{"at":{raw}}}"#)).unwrap();
            assert_eq!(read.at, at, "{raw}");
        }
    }

    #[test]
    fn one_object_may_come_inside_of_value() {
        for body in [
            r#"{"name":"a"}"#,
            r#"{"value":{"name":"a"}}"#,
            r#"{"value":[{"name":"a"}]}"#,
            r#"{"name":"b","name":"a"}"#,
        ] {
            let read: OnlyNameWire = object(&answer(body)).unwrap();
            assert_eq!(read.name, "a", "{body}");
        }
    }

    #[test]
    fn what_is_no_page_is_said_to_be_none() {
        for (body, words) in [
            ("<!DOCTYPE html><p>Sign in</p>", "web page"),
            (r#"{"value":[{"name":"a"}"#, "breaks off"),
            (r#"{"value":"x"}"#, "other fields"),
            (r#"{"id":"1"}"#, "other fields"),
            ("hello", "no JSON"),
        ] {
            let problem = page(body).err().unwrap();
            assert!(problem.what.contains(words), "{body}: {problem}");
        }
    }
}
