//! [`Json`]: schemas and the values that are held against them, numbers exactly as they are written. Equality is that of
//! jsonschema's `equals`.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::number::Number;
use crate::value::{self, Str, Value};
use crate::yaml::json::{Build, read_prefix};

/// A JSON value, or something that is none.
#[derive(Clone, Debug)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Str),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
    /// What is no JSON: the name of its Go type.
    Other(String),
}

/// The entries of an object, in the order of their keys.
#[derive(Clone, Debug, Default)]
pub struct Object(Vec<(Str, Json)>);

impl Object {
    /// The object of these entries, of which the last of one key holds.
    fn new(mut entries: Vec<(Str, Json)>) -> Object {
        if !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            entries.reverse();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.dedup_by(|(later, _), (earlier, _)| later == earlier);
        }
        Object(entries)
    }

    /// The value of a key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&Json> {
        let key = key.as_ref();
        self.0.binary_search_by(|(own, _)| own.as_bytes().cmp(key)).ok().map(|at| &self.0[at].1)
    }

    /// Whether there is such a key.
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.get(key).is_some()
    }

    /// The string of a key, if it is one. Go: util.go `strVal`.
    pub fn string(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Json::String(text)) => text.as_str(),
            _ => None,
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The entries, in the order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Str, &Json)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

/// What is read into [`Json`].
struct Reading;

impl Build for Reading {
    type Value = Json;

    fn null(&mut self) -> Json {
        Json::Null
    }

    fn bool(&mut self, b: bool) -> Json {
        Json::Bool(b)
    }

    fn number(&mut self, text: &str) -> Json {
        Json::Number(Number::written(text))
    }

    fn string(&mut self, text: Str) -> Json {
        Json::String(text)
    }

    fn array(&mut self, items: Vec<Json>) -> Json {
        Json::Array(items)
    }

    fn object(&mut self, entries: Vec<(Str, Json)>) -> Json {
        Json::Object(Object::new(entries))
    }
}

impl Json {
    /// The value in a text; the error is Go's text. Go: `jsonschema.UnmarshalJSON`.
    pub fn read(text: &[u8]) -> Result<Json, String> {
        let blank = |text: &[u8]| text.iter().all(|c| matches!(c, b' ' | b'\t' | b'\r' | b'\n'));
        if blank(text) {
            return Err("EOF".to_owned());
        }
        let (json, end) = read_prefix(text, &mut Reading).map_err(|error| error.error.to_string())?;
        match blank(&text[end..]) {
            true => Ok(json),
            false => Err("invalid character after top-level value".to_owned()),
        }
    }

    /// The same value.
    pub fn of(value: &Value) -> Json {
        match value {
            Value::Nil => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Str(text) => Json::String(text.clone()),
            Value::List(list) => Json::Array(list.items().iter().map(Json::of).collect()),
            Value::Map(map) => map.with(|cells| {
                Json::Object(Object(
                    cells.iter().map(|(key, value)| (key.clone(), Json::of(value))).collect(),
                ))
            }),
            other => match other.number() {
                Some(value::Number::Signed(n)) => Json::Number(Number::Int(n)),
                Some(value::Number::Unsigned(n)) => Json::Number(Number::written(&n.to_string())),
                Some(value::Number::Float(x)) if x.is_finite() => Json::Number(Number::Float(x)),
                Some(value::Number::Float(_)) => Json::Other("float64".to_owned()),
                None => Json::Other(other.type_name().into_owned()),
            },
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether it is an array or an object.
    pub fn is_compound(&self) -> bool {
        matches!(self, Json::Array(_) | Json::Object(_))
    }

    /// Go: util.go `equals`. A number that is too long to be read equals nothing.
    pub fn equals(&self, other: &Json) -> bool {
        match (self, other) {
            (Json::Null, Json::Null) => true,
            (Json::Bool(a), Json::Bool(b)) => a == b,
            (Json::String(a), Json::String(b)) => a == b,
            (Json::Number(a), Json::Number(b)) => a.compare(b) == Some(std::cmp::Ordering::Equal),
            (Json::Array(a), Json::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
            }
            (Json::Object(a), Json::Object(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|((a, x), (b, y))| a == b && x.equals(y))
            }
            _ => false,
        }
    }

    /// The same for values that are equal.
    fn hash_into(&self, hasher: &mut FxHasher) {
        std::mem::discriminant(self).hash(hasher);
        match self {
            Json::Null | Json::Other(_) => {}
            Json::Bool(b) => b.hash(hasher),
            Json::Number(number) => number.to_f64().to_bits().hash(hasher),
            Json::String(text) => text.hash(hasher),
            Json::Array(items) => items.iter().for_each(|item| item.hash_into(hasher)),
            Json::Object(object) => object.iter().for_each(|(key, value)| {
                key.hash(hasher);
                value.hash_into(hasher);
            }),
        }
    }
}

/// The first two places that hold the same. Go: util.go `duplicates`.
pub fn duplicates(items: &[Json]) -> Option<(usize, usize)> {
    let mut places: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (at, item) in items.iter().enumerate() {
        let mut hasher = FxHasher::default();
        item.hash_into(&mut hasher);
        let alike = places.entry(hasher.finish()).or_default();
        if let Some(before) = alike.iter().find(|before| items[**before].equals(item)) {
            return Some((*before, at));
        }
        alike.push(at);
    }
    None
}
