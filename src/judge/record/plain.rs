//! Texts, numbers, lists, and values of any kind.

use serde_json::{Map, Value as Json};

use super::form::Record;

/// How many levels of a value stand in one JSON text. Readers of JSON refuse what is nested too deep; what is deeper stands
/// as a text in the text.
const LEVELS: usize = 40;

impl Record for String {
    fn put(&self) -> Option<Json> {
        (!self.is_empty()).then(|| Json::String(self.clone()))
    }

    fn take(json: Option<Json>) -> Option<String> {
        match json {
            None => Some(String::new()),
            Some(Json::String(text)) => Some(text),
            Some(_) => None,
        }
    }
}

impl Record for bool {
    fn put(&self) -> Option<Json> {
        self.then_some(Json::Bool(true))
    }

    fn take(json: Option<Json>) -> Option<bool> {
        match json {
            None => Some(false),
            Some(Json::Bool(is)) => Some(is),
            Some(_) => None,
        }
    }
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Record for $type {
            fn put(&self) -> Option<Json> {
                (*self != 0).then(|| Json::from(*self))
            }

            fn take(json: Option<Json>) -> Option<$type> {
                json.map_or(Some(0), |json| json.as_u64()?.try_into().ok())
            }
        }
    )*};
}

number!(usize, u16, u32, u64);

impl<T: Record> Record for Option<T> {
    fn put(&self) -> Option<Json> {
        self.as_ref().map(|it| it.put().unwrap_or(Json::Null))
    }

    fn take(json: Option<Json>) -> Option<Option<T>> {
        match json {
            None => Some(None),
            Some(Json::Null) => T::take(None).map(Some),
            some => T::take(some).map(Some),
        }
    }
}

impl<T: Record> Record for Vec<T> {
    fn put(&self) -> Option<Json> {
        let items = || self.iter().map(|item| item.put().unwrap_or(Json::Null)).collect();
        (!self.is_empty()).then(|| Json::Array(items()))
    }

    fn take(json: Option<Json>) -> Option<Vec<T>> {
        let Some(json) = json else { return Some(Vec::new()) };
        let Json::Array(items) = json else { return None };
        items.into_iter().map(|item| T::take(Some(item).filter(|item| !item.is_null()))).collect()
    }
}

impl<T: Record, U: Record> Record for (T, U) {
    fn put(&self) -> Option<Json> {
        Some(Json::Array(vec![self.0.put().unwrap_or_default(), self.1.put().unwrap_or_default()]))
    }

    fn take(json: Option<Json>) -> Option<(T, U)> {
        let Json::Array(items) = json? else { return None };
        let [first, second] = <[Json; 2]>::try_from(items).ok()?;
        let there = |json: Json| Some(json).filter(|json| !json.is_null());
        Some((T::take(there(first))?, U::take(there(second))?))
    }
}

/// A value of any kind: plain ones as they are, lists as `{"l": […]}`, maps as `{"m": {…}}`, what is deep as `{"t": "…"}`.
impl Record for Json {
    fn put(&self) -> Option<Json> {
        (!self.is_null()).then(|| wrap(self, LEVELS))
    }

    fn take(json: Option<Json>) -> Option<Json> {
        json.map_or(Some(Json::Null), unwrap)
    }
}

fn tagged(tag: &str, json: Json) -> Json {
    Json::Object(Map::from_iter([(tag.to_owned(), json)]))
}

fn wrap(value: &Json, levels: usize) -> Json {
    let nested = matches!(value, Json::Array(_) | Json::Object(_));
    if nested && levels == 0 {
        return tagged("t", Json::String(wrap(value, LEVELS).to_string()));
    }
    match value {
        Json::Array(items) => {
            tagged("l", Json::Array(items.iter().map(|item| wrap(item, levels - 1)).collect()))
        }
        Json::Object(map) => {
            let entries = map.iter().map(|(key, value)| (key.clone(), wrap(value, levels - 1)));
            tagged("m", Json::Object(entries.collect()))
        }
        plain => plain.clone(),
    }
}

fn unwrap(json: Json) -> Option<Json> {
    let map = match json {
        Json::Object(map) => map,
        Json::Array(_) => return None,
        plain => return Some(plain),
    };
    let mut entries = map.into_iter();
    let (Some((tag, inner)), None) = (entries.next(), entries.next()) else { return None };
    match (tag.as_str(), inner) {
        ("l", Json::Array(items)) => items.into_iter().map(unwrap).collect::<Option<_>>().map(Json::Array),
        ("m", Json::Object(map)) => {
            let entries = map.into_iter().map(|(key, value)| Some((key, unwrap(value)?)));
            entries.collect::<Option<_>>().map(Json::Object)
        }
        ("t", Json::String(text)) => unwrap(serde_json::from_str(&text).ok()?),
        _ => None,
    }
}
