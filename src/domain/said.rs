//! Words out of JSON, whatever form they come in: a string most of the time; a number, a list, or an object that holds
//! the words under one name or another.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize as _, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What an object's words stand under, the best first (accesspackagelocalizedcontent, accesspackageanswerchoice).
const NAMES: [&str; 6] = [
    "displayValue",
    "defaultText",
    "text",
    "displayName",
    "value",
    "actualValue",
];

/// The words of a field; none for null. Strings take no detour: they stand in every guest.
pub(super) fn words<'de, D: Deserializer<'de>>(d: D) -> Result<Cow<'de, str>, D::Error> {
    struct AnyWords;
    impl<'de> Visitor<'de> for AnyWords {
        type Value = Cow<'de, str>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("words or null")
        }
        fn visit_borrowed_str<E: Error>(self, raw: &'de str) -> Result<Self::Value, E> {
            Ok(Cow::Borrowed(raw))
        }
        fn visit_str<E: Error>(self, raw: &str) -> Result<Self::Value, E> {
            Ok(Cow::Owned(raw.to_owned()))
        }
        fn visit_string<E: Error>(self, raw: String) -> Result<Self::Value, E> {
            Ok(Cow::Owned(raw))
        }
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Cow::Borrowed(""))
        }
        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Cow::Borrowed(""))
        }
        fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
            d.deserialize_any(self)
        }
        fn visit_bool<E: Error>(self, raw: bool) -> Result<Self::Value, E> {
            Ok(Cow::Owned(raw.to_string()))
        }
        fn visit_i64<E: Error>(self, raw: i64) -> Result<Self::Value, E> {
            Ok(Cow::Owned(raw.to_string()))
        }
        fn visit_u64<E: Error>(self, raw: u64) -> Result<Self::Value, E> {
            Ok(Cow::Owned(raw.to_string()))
        }
        fn visit_f64<E: Error>(self, raw: f64) -> Result<Self::Value, E> {
            Ok(Cow::Owned(raw.to_string()))
        }
        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
            Ok(Cow::Owned(of(&value)))
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            let value = Value::deserialize(MapAccessDeserializer::new(map))?;
            Ok(Cow::Owned(of(&value)))
        }
    }
    d.deserialize_any(AnyWords)
}

/// The words of any JSON.
fn of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(words) => words.clone(),
        Value::Array(items) => {
            let words: Vec<String> = items.iter().map(of).collect();
            words.join(", ")
        }
        Value::Object(map) => {
            let named = NAMES.iter().filter_map(|name| Some(of(map.get(*name)?)));
            let mut named = named.filter(|words| !words.is_empty());
            // Under a name this does not know: better all of it than nothing.
            named.next().unwrap_or_else(|| value.to_string())
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
