//! Values as they are written into a text: on a line, or as a block.

use serde_json::Value as Json;

use super::super::emit::to_yaml;
use crate::value::{List, Sized, Value};

/// The value as block YAML without the line break at its end.
pub fn block(value: &Json) -> String {
    let text = to_yaml(&plain(value)).unwrap_or_default();
    text.trim_end_matches('\n').to_owned()
}

/// The value on one line: a scalar as YAML writes it, a collection as JSON.
pub fn inline(value: &Json) -> String {
    let scalar = (!is_collection(value)).then(|| block(value)).filter(|text| !text.contains('\n'));
    scalar.unwrap_or_else(|| value.to_string())
}

/// Whether it is a map or list with something in it.
pub fn is_collection(value: &Json) -> bool {
    match value {
        Json::Object(entries) => !entries.is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => false,
    }
}

/// The scalar in the quotes of what it replaces; a number or boolean has none.
pub(super) fn in_style(value: &Json, old: &str) -> String {
    match value {
        Json::String(text) if old.starts_with('"') => Json::from(text.as_str()).to_string(),
        Json::String(text) if old.starts_with('\'') && !text.contains(char::is_control) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        value => inline(value),
    }
}

/// The value as the YAML writer takes it; whole numbers stay whole, however large.
fn plain(value: &Json) -> Value {
    match value {
        Json::Null => Value::Nil,
        Json::Bool(is) => Value::Bool(*is),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Value::Int64(number),
            (None, Some(number)) => Value::Sized(Sized::Uint64(number)),
            (None, None) => Value::Float64(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::List(List::any(items.iter().map(plain).collect())),
        Json::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.as_str(), plain(value))).collect())
        }
    }
}
