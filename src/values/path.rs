//! Dotted paths into values. Helm: pkg/chart/common/values.go.

use crate::go::strconv;
use crate::value::{Map, Value};

/// The table at a dotted path; the error is Helm's `ErrNoTable`. Helm: `Values.Table`.
pub(super) fn table(values: &Map, path: &str) -> Result<Map, String> {
    path.split('.').try_fold(values.clone(), |map, key| match map.get(key) {
        Some(Value::Map(inner)) => Ok(inner),
        _ => Err(format!("{} is not a table", strconv::quote(key))),
    })
}

/// The value, which must be no table, at a dotted path. Helm: `Values.PathValue`.
pub(super) fn value(values: &Map, path: &str) -> Option<Value> {
    let (map, key) = match path.rsplit_once('.') {
        Some((tables, key)) => (table(values, tables).ok()?, key),
        None => (values.clone(), path),
    };
    map.get(key).filter(|value| !matches!(value, Value::Map(_)))
}
