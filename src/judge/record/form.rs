//! [`Record`]: how one thing becomes JSON and comes back, and the macro that does it for a struct by its fields.

use serde_json::{Map, Value as Json};

/// What can be written down and read again.
pub trait Record: Sized {
    /// The JSON for it; none for the default, which is left out.
    fn put(&self) -> Option<Json>;

    /// What the JSON says, or the default where there is none. None where it says nothing that could have been written.
    fn take(json: Option<Json>) -> Option<Self>;
}

/// Writes the fields that are not their defaults.
pub(super) fn fields<const N: usize>(fields: [(&str, Option<Json>); N]) -> Option<Json> {
    let there = fields.into_iter().filter_map(|(name, json)| Some((name.to_owned(), json?)));
    let map: Map<String, Json> = there.collect();
    (!map.is_empty()).then_some(Json::Object(map))
}

/// The fields that there are to read.
pub(super) fn opened(json: Option<Json>) -> Option<Map<String, Json>> {
    match json {
        None => Some(Map::new()),
        Some(Json::Object(map)) => Some(map),
        Some(_) => None,
    }
}

/// Writes and reads a struct by its fields: all of them, or it does not compile.
macro_rules! record {
    ($type:path { $($field:ident),* $(,)? }) => {
        impl crate::judge::record::form::Record for $type {
            fn put(&self) -> Option<serde_json::Value> {
                let Self { $($field),* } = self;
                crate::judge::record::form::fields([$((stringify!($field), $field.put())),*])
            }

            fn take(json: Option<serde_json::Value>) -> Option<Self> {
                let mut map = crate::judge::record::form::opened(json)?;
                let record = Self {
                    $($field: crate::judge::record::form::Record::take(map.remove(stringify!($field)))?),*
                };
                map.is_empty().then_some(record)
            }
        }
    };
}

pub(super) use record;
