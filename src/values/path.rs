//! Dotted paths into values, the one place that walks them. Helm: pkg/chart/common/values.go.

use std::fmt;

use crate::go::strconv;
use crate::value::{Elem, Map, Value};

/// There is no table of that name. Helm: `ErrNoTable`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTable(String);

impl fmt::Display for NoTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a table", strconv::quote(&self.0))
    }
}

impl std::error::Error for NoTable {}

/// The table at a dotted path. A map of another type, such as `map[string]string`, is none. Helm: `Values.Table`.
///
/// # Errors
/// A name on the way leads to no table.
pub fn table(values: &Map, path: &str) -> Result<Map, NoTable> {
    path.split('.').try_fold(values.clone(), |table, name| match table.get(name) {
        Some(Value::Map(inner)) if inner.elem() == Elem::Any => Ok(inner),
        _ => Err(NoTable(name.to_owned())),
    })
}

/// The value at a dotted path that is no table. Helm: `Values.PathValue`, whose `istable` takes `common.Values` for none.
pub fn value(values: &Map, path: &str) -> Option<Value> {
    let (map, key) = match path.rsplit_once('.') {
        Some((tables, key)) => (table(values, tables).ok()?, key),
        None => (values.clone(), path),
    };
    let is_table = |map: &Map| !map.is_named() && map.elem() == Elem::Any;
    map.get(key).filter(|value| !value.as_map().is_some_and(is_table))
}
